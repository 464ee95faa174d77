"""The route of the journal, for integrators: events by pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from queue_service.http.call import Call, Parameter, Reply
from schemas import wire_plan

if TYPE_CHECKING:
    from queue_service.policy.events import Entry
    from queue_service.timing.localtime import LocalTime

LARGEST_PAGE = 5000
USUAL_PAGE = 1000
_HIGHEST_SEQ = 2**31 - 1
PAGING = (
    Parameter(
        "after",
        {"type": "integer", "minimum": 0, "maximum": _HIGHEST_SEQ, "default": 0},
        "seq of the last event that the asker knows",
    ),
    Parameter(
        "limit",
        {"type": "integer", "minimum": 1, "maximum": LARGEST_PAGE, "default": USUAL_PAGE},
        "events on a page at most",
    ),
)


async def page(call: Call) -> Reply:
    """GET journal."""
    day = call.date()
    after = call.whole_number("after", 0, most=_HIGHEST_SEQ)
    limit = call.whole_number("limit", USUAL_PAGE, least=1, most=LARGEST_PAGE)
    entries = await call.service.journal.entries(call.at.code, day, after, limit)
    shown = wire_plan.JournalPage(
        branch=call.at.code,
        date=day.isoformat(),
        entries=tuple(_entry(entry, call.at.zone) for entry in entries),
        next_after=entries[-1].seq if entries else after,
        complete=len(entries) < limit,
    )
    return Reply(200, shown)


def _entry(entry: Entry, zone: LocalTime) -> wire_plan.JournalEntry:
    return wire_plan.JournalEntry(
        seq=entry.seq,
        at=zone.text(entry.at),
        at_ms=entry.at,
        command=entry.command.hex(),
        part=entry.part,
        by=entry.by,
        event=msgspec.to_builtins(entry.event),
    )
