"""Routes of the regimes of one branch: see them, try one, put one in force, end it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, get_args

from msgspec.structs import asdict

from queue_service.http.askers import MANAGERS
from queue_service.http.call import Call, Reply
from queue_service.http.languages import spoken
from queue_service.http.plans import previewed, words
from queue_service.http.tickets import asker
from queue_service.planning.branch_regimes import is_own
from schemas import wire_reports

if TYPE_CHECKING:
    from queue_service.catalogue.directory import DeclaredRegime
    from schemas.regime import Scope

Place = Literal["country", "region", "city", "branch"]
_PLACES: tuple[Place, ...] = get_args(Place)


async def see(call: Call) -> Reply:
    """GET regimes of a branch."""
    use = call.parts.branch_regimes
    held = use.in_force(call.at)
    shown = wire_reports.BranchRegimes(
        branch=call.at.code,
        date=call.service.today(call.at).isoformat(),
        last_until=use.last_until(call.at).isoformat(),
        in_force=tuple(_here(call, one) for one in held),
        templates=tuple(_here(call, one) for one in use.templates()),
    )
    return Reply(200, shown)


async def preview(call: Call) -> Reply:
    """POST preview: what it would do, nothing is changed."""
    found = await call.parts.branch_regimes.preview(call.at, call.body)
    return Reply(200, previewed(call, found))


async def declare(call: Call) -> Reply:
    """POST regimes of a branch."""
    declared = await call.parts.branch_regimes.declare(asker(call), call.body)
    return Reply(201, _here(call, declared))


async def end(call: Call) -> Reply:
    """POST end."""
    regime, reason = call.params["regime"], call.body.reason
    return Reply(200, _here(call, await call.parts.branch_regimes.end(asker(call), regime, reason)))


def _here(call: Call, declared: DeclaredRegime) -> wire_reports.RegimeHere:
    regime = declared.regime
    held = {one.regime.id for one in call.parts.branch_regimes.in_force(call.at)}
    return wire_reports.RegimeHere(
        id=regime.id,
        name=spoken(regime.name, call.language),
        scope=_place(regime.scope),
        first=regime.from_date.isoformat(),
        last=regime.until_date.isoformat() if regime.until_date else None,
        from_time=regime.from_time or "",
        until_time=regime.until_time or "",
        in_force=regime.id in held,
        applies=not call.parts.branch_regimes.may_use(call.at, regime),
        own=is_own(call.at, regime),
        actions=_actions(call, declared),
        by=declared.by,
        rules=rules_shown(call, asdict(regime.rules)),
    )


def _place(scope: Scope) -> Place:
    return next(place for place in _PLACES if getattr(scope, place))


def _actions(call: Call, declared: DeclaredRegime) -> tuple[Literal["use", "end"], ...]:
    use = call.parts.branch_regimes
    if call.who.role not in MANAGERS:
        return ()
    if is_own(call.at, declared.regime):
        return ("end",) if use.may_end(call.at, declared.regime) else ()
    return ("use",) if use.may_use(call.at, declared.regime) else ()


def rules_shown(call: Call, values: dict[str, Any]) -> tuple[wire_reports.RegimeRule, ...]:
    """The values of a regime that it sets, in words."""
    said = words(call)
    return tuple(
        wire_reports.RegimeRule(name=name, label=said.label(name), text=said.value(name, value))
        for name, value in values.items()
        if value is not None
    )
