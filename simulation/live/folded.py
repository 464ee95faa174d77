"""A branch-day as its journal tells it: for those who join when the day is under way."""

from __future__ import annotations

import msgspec

from queue_service.policy.events import AnyEvent, Entry
from queue_service.policy.evolve import evolve
from queue_service.policy.model import State
from schemas.wire_plan import JournalEntry, JournalPage
from simulation.live.service import Service


async def folded(service: Service, branch: str, date: str) -> State:
    """The state of a branch on a date ("2020-03-19"), read page by page."""
    state, complete, after = State(), False, 0
    while not complete:
        path = f"/v1/branches/{branch}/journal?date={date}&after={after}"
        page = await service.get("planner", path, JournalPage)
        for line in page.entries:
            evolve(state, entry(line))
        after, complete = page.next_after, page.complete
    return state


def entry(line: JournalEntry) -> Entry:
    """The line of a journal as the policy knows it."""
    return Entry(
        seq=line.seq,
        at=line.at_ms,
        command=bytes.fromhex(line.command),
        part=line.part,
        by=line.by,
        event=msgspec.convert(line.event, AnyEvent),
    )
