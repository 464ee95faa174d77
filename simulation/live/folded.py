"""A branch-day as its journal tells it: for those who join when the day is under way."""

from __future__ import annotations

from queue_service.journal_lines import entry
from queue_service.policy.evolve import evolve
from queue_service.policy.model import State
from schemas.wire_plan import JournalPage
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
