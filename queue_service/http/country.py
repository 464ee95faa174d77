"""Routes about what all branches share: services, branches, regimes."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import msgspec

from queue_service.catalogue.directory import DeclaredRegime, offer
from queue_service.http.call import Call, Reply
from schemas import wire_plan
from schemas.branch import Branch
from schemas.kazakh import sort_key
from schemas.service import Service

if TYPE_CHECKING:
    from collections.abc import Iterable

Named = TypeVar("Named", Branch, Service)


async def services(call: Call) -> Reply:
    """GET services."""
    known = _by_name(call, call.service.directory.services.values())
    return Reply(200, wire_plan.Services(services=tuple(offer(service) for service in known)))


async def branches(call: Call) -> Reply:
    """GET branches: all, or the only one that the asker's token is for."""
    known = call.service.directory.branches.values()
    mine = _by_name(call, (one.record for one in known if call.who.branch in ("", one.code)))
    return Reply(200, wire_plan.Branches(branches=tuple(_summary(call, branch) for branch in mine)))


def _by_name(call: Call, known: Iterable[Named]) -> list[Named]:
    """In the alphabetical order of the asked language, which browsers do not know for Kazakh."""
    return sorted(known, key=lambda one: (sort_key(getattr(one.name, call.language)), one.code))


def _summary(call: Call, branch: Branch) -> wire_plan.BranchSummary:
    return wire_plan.BranchSummary(
        code=branch.code,
        name=branch.name,
        country=branch.country,
        region=branch.region,
        city=branch.city,
        time_zone=branch.time_zone,
        today=call.service.today(call.service.directory.branches[branch.code]).isoformat(),
        address=branch.address,
    )


async def branch(call: Call) -> Reply:
    """GET a branch."""
    return Reply(200, call.at.record)


async def regimes(call: Call) -> Reply:
    """GET regimes."""
    known = call.service.directory.regimes
    records = tuple(_record(call, declared) for declared in known)
    return Reply(200, wire_plan.Regimes(regimes=records))


async def declare_regime(call: Call) -> Reply:
    """POST regimes."""
    return Reply(201, _record(call, await call.parts.regimes.declare(call.who, call.body)))


async def end_regime(call: Call) -> Reply:
    """POST end of a regime."""
    ended = await call.parts.regimes.end(call.who, call.params["regime"], call.body)
    return Reply(200, _record(call, ended))


def _record(call: Call, declared: DeclaredRegime) -> wire_plan.RegimeRecord:
    return wire_plan.RegimeRecord(
        **msgspec.structs.asdict(declared.regime),
        by=declared.by,
        at=call.parts.regimes.zone(declared.regime).text(declared.at),
    )
