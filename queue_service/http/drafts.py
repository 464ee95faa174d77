"""Routes about drafts of regimes: a planner proposes, a manager puts in force."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from msgspec.structs import asdict

from queue_service.http.branch_regimes import rules_shown
from queue_service.http.call import Call, Reply
from queue_service.http.languages import LANGUAGES, spoken
from queue_service.http.plans import previewed
from queue_service.http.report_texts import actor_text
from queue_service.http.simulation_texts import dates_text, moment_text, simulation_texts
from queue_service.http.tickets import asker
from queue_service.simulations.drafts import may_withdraw
from schemas import wire_simulations as wire
from schemas.fields import Texts

if TYPE_CHECKING:
    from queue_service.simulations.drafts import Draft


async def make(call: Call) -> Reply:
    """POST regime of a simulation."""
    simulation, drafts = call.params["simulation"], call.parts.drafts
    draft = await drafts.make(call.who, simulation, call.body, _name, call.key)
    call.branch = call.service.directory.branch(draft.branch)
    return Reply(201, _shown(call, draft))


def _name(title: str) -> Texts:
    """After the simulation, in every language."""
    names = {
        language: simulation_texts(language).phrases["rules_of"].format(title=title)[:500]
        for language in LANGUAGES
    }
    return Texts(**names)


async def see(call: Call) -> Reply:
    """GET drafts."""
    found = await call.parts.drafts.of_branch(call.at)
    shown = tuple(_shown(call, one) for one in found)
    return Reply(200, wire.RegimeDrafts(branch=call.at.code, drafts=shown))


async def preview(call: Call) -> Reply:
    """POST preview of a draft: what it would do, nothing is changed."""
    found = await call.parts.drafts.preview(call.at, call.params["draft"])
    return Reply(200, previewed(call, found))


async def declare(call: Call) -> Reply:
    """POST declare."""
    draft = await call.parts.drafts.declare(asker(call), call.params["draft"], call.body)
    return Reply(200, _shown(call, draft))


async def withdraw(call: Call) -> Reply:
    """POST withdraw."""
    draft = await call.parts.drafts.withdraw(call.who, call.at, call.params["draft"])
    return Reply(200, _shown(call, draft))


def _shown(call: Call, draft: Draft) -> wire.RegimeDraft:
    language, texts = call.language, simulation_texts(call.language)
    last = draft.until_date
    return wire.RegimeDraft(
        id=draft.id,
        branch=draft.branch,
        branch_name=spoken(call.at.record.name, language),
        name=spoken(draft.name, language),
        first=draft.from_date.isoformat(),
        last=last.isoformat() if last else None,
        dates=_dates(draft, language),
        rules=rules_shown(call, asdict(draft.rules)),
        note=draft.note,
        simulation=draft.simulation or "",
        simulation_title=draft.simulation_title,
        state=draft.state,
        state_text=texts.drafts[draft.state],
        by=actor_text(draft.actor, language),
        at=call.at.zone.text(draft.at),
        at_text=moment_text(draft.at, call.at.zone, language),
        actions=_actions(call, draft),
    )


def _dates(draft: Draft, language: str) -> str:
    if draft.until_date is not None:
        return dates_text(draft.from_date, draft.until_date, language)
    begins = dates_text(draft.from_date, draft.from_date, language)
    return simulation_texts(language).phrases["from"].format(date=begins)


def _actions(call: Call, draft: Draft) -> tuple[Literal["preview", "declare", "withdraw"], ...]:
    if draft.state != "draft":
        return ()
    may_declare = call.parts.drafts.may_declare(call.who, call.at, draft)
    return (
        "preview",
        *(("declare",) if may_declare else ()),
        *(("withdraw",) if may_withdraw(call.who, draft) else ()),
    )
