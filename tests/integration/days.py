"""Commands and journals for the tests of the journal."""

from __future__ import annotations

import asyncio
import datetime as dt
import itertools
import os
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from queue_service import sql
from queue_service.journal import Journal
from queue_service.journal.rows import Sheet, entry_of
from queue_service.policy import commands as asked
from queue_service.policy.decide import decide, record
from queue_service.policy.events import Refusal
from queue_service.policy.evolve import fold
from queue_service.timing.wallclock import DrivenClock
from tests.policy.branch_day import a_plan, clock

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from queue_service.journal import Outcome
    from queue_service.journal.session import Row
    from queue_service.policy.events import Entry
    from queue_service.store import Connection, Pool

DATE = dt.date(2020, 3, 19)
NEXT_DATE = dt.date(2020, 3, 20)
BRANCH = "uralsk-2"
PLAN = a_plan(group_admission=True, group_size=4, arrive_within=600_000)
_tickets = itertools.count(1)


def noon() -> int:
    """An instant of the day at which the branch is open."""
    return clock("12:00")


def take(command: bytes | None = None, **changes: Any) -> asked.TakeTicket:  # noqa: ANN401
    """Asks for a ticket; a new command unless `command` is its id."""
    wanted: dict[str, Any] = {
        "id": command or os.urandom(16),
        "by": "kiosk",
        "ticket": f"ticket-{next(_tickets)}",
        "services": ("passport",),
        "despite_closing": True,
    }
    return asked.TakeTicket(**wanted | changes)


def opening(**changes: Any) -> asked.ChangePlan:  # noqa: ANN401
    """Opens a day."""
    wanted: dict[str, Any] = {"id": os.urandom(16), "by": "service", "plan": PLAN}
    return asked.ChangePlan(**wanted | changes)


@asynccontextmanager
async def journal_on(url: str, **options: Any) -> AsyncIterator[Journal]:  # noqa: ANN401
    """A journal that runs; its clock stands at noon unless `now` is given."""
    journal = Journal(url, options.pop("now", noon), **options)
    await journal.start()
    try:
        yield journal
    finally:
        await journal.stop()


async def open_days(journal: Journal, *branches: str, date: dt.date = DATE) -> None:
    """Opens the day of each branch."""
    plans = (replace(PLAN, branch=branch, date=date.isoformat()) for branch in branches)
    await asyncio.gather(*(journal.submit(plan.branch, date, opening(plan=plan)) for plan in plans))


async def take_many(journal: Journal, count: int, branch: str = BRANCH) -> list[Outcome]:
    """Takes tickets at the same time."""
    return await asyncio.gather(*(journal.submit(branch, DATE, take()) for _ in range(count)))


async def all_entries(journal: Journal, branch: str = BRANCH, date: dt.date = DATE) -> list[Entry]:
    """Every entry of a stream."""
    return await journal.entries(branch, date, limit=100_000)


async def write_silently(pool: Pool, command: asked.Command, branch: str = BRANCH) -> None:
    """What another replica writes whose hint gets lost."""
    async with pool.acquire() as connection:
        await write_over(connection, command, branch)


async def write_over(
    connection: Connection, command: asked.Command, branch: str = BRANCH
) -> list[Row]:
    """Decides a command on what the database holds, and appends over this connection."""
    rows = await connection.fetch(
        "SELECT * FROM event WHERE branch = $1 AND date = $2 ORDER BY seq", branch, DATE
    )
    state = fold(map(entry_of, rows))
    events = decide(state, command, noon())
    assert not isinstance(events, Refusal)
    sheet = Sheet()
    sheet.add((branch, DATE), record(state, command, noon(), events))
    return await connection.fetch(sql.blocks("journal")["append"], *sheet.values())


async def until(holds: Callable[[], bool], seconds: float = 10) -> None:
    """Lets the event loop run until something holds; fails after `seconds`."""
    async with asyncio.timeout(seconds):
        while not holds():  # noqa: ASYNC110 - the thing tells nobody when it happens
            await asyncio.sleep(0.01)


def driven(text: str = "12:00") -> DrivenClock:
    """A clock that stands at a time of 19 March 2020."""
    return DrivenClock(clock(text))
