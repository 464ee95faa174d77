"""What the gateway knows: branches, watched days, the time, and whether all of it is still true."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Final

import asyncpg

from displays.day import Days
from queue_service import store
from queue_service.catalogue.directory import Directory
from queue_service.journal import Journal, JournalUnavailable
from queue_service.planning.planner import Planner
from queue_service.policy.preview import imagined

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterable

    from displays.day import Day
    from displays.metrics import Metrics
    from displays.time import Time
    from queue_service.catalogue.directory import Branch
    from queue_service.policy.model import State

PULSE: Final = 0.5
"""Seconds between two looks at whether the database answers."""
PATIENCE: Final = 1.5
"""Seconds after which no answer means that it does not."""
AWAY: Final = (JournalUnavailable, asyncpg.PostgresError, *store.AWAY)

_log = logging.getLogger(__name__)


def _nothing() -> None: ...


class Country:
    """Reads the catalogue and the journals of one database.

    `on_turn` is called when they can no longer be read, and when they can again and every watched
    day is up to date.
    """

    def __init__(self, pool: store.Pool, journal: Journal, time: Time, metrics: Metrics) -> None:
        self.time = time
        self.metrics = metrics
        self.days = Days(journal, self._planned, self._heard)
        self.known = asyncio.Event()
        """Set once the branches have been read."""
        self.sure = asyncio.Event()
        """Set while all can be read."""
        self.certain = 0
        """Until when everything is known, epoch milliseconds of the queue's clock."""
        self.is_stale = False
        self.on_turn: Callable[[], None] = _nothing
        self._journal = journal
        self._directory = Directory(pool)
        self._planner = Planner(self._directory, pool, journal)

    @property
    def branches(self) -> dict[str, Branch]:
        return self._directory.branches

    def today(self, branch: Branch) -> dt.date:
        """The business date at a branch."""
        return branch.zone.date(self.time.now())

    async def may_have(self, branch: Branch, date: dt.date, ticket: str) -> bool:
        """Whether a ticket may be there once the day is loaded; raises JournalUnavailable.

        A day that nobody watches is not followed for an id that somebody made up; in one that is,
        the ticket may be so new that its hint is still on its way.
        """
        key = (branch.code, date)
        day = self.days.get(key)
        if day is None:
            return bool(await self._journal.entries(*key, limit=1))
        if ticket not in day.state.tickets:
            await self.days.read((day,))
        return True

    async def _planned(self, day: Day) -> State | None:
        """The state of a day whose journal has not begun, under the plan it will begin with."""
        try:
            planned = await self._planner.planned(day.branch, day.date)
        except AWAY:
            return None
        return imagined(planned.plan, self.time.now())

    def _heard(self, at: int) -> None:
        seconds = self.time.seconds_until(at)
        if seconds is not None:
            self.metrics.heard_after(-seconds)

    async def run(self) -> None:
        """Looks again and again whether the database answers; never returns."""
        while True:
            try:
                await self._pulse()
            except Exception:  # noqa: BLE001 - the next look may go well
                _log.exception("the database was not looked at")
            await asyncio.sleep(PULSE)

    async def _pulse(self) -> None:
        now = self.time.now()
        try:
            await self._look()
        except AWAY as problem:
            self._lose(problem)
        else:
            self._regain(now)

    async def catch_up_time(self) -> None:
        """A driven clock is where the journal is; any other one goes by itself."""
        if self.time.is_driven:
            self.time.heard(await self._journal.latest_instant())

    async def _look(self) -> None:
        loaded = [day for day in self.days if day.loaded.is_set()]
        async with asyncio.timeout(PATIENCE):
            has_changed = await self._directory.refresh()
            await self.catch_up_time()
            # All are read by the same query: one of them shows that it works.
            await self.days.read(loaded[:1])
        if self.is_stale:
            await self.days.read(loaded)
        anew = has_changed or self.is_stale
        await self._plan_unopened(day for day in loaded if anew or day.unopened is None)
        self.known.set()

    async def _plan_unopened(self, days: Iterable[Day]) -> None:
        for day in days:
            if day.state.plan is None:
                day.unopened = await self._planned(day)

    def _lose(self, problem: BaseException) -> None:
        if not self.is_stale:
            self.is_stale = True
            self.sure.clear()
            _log.warning("the journal cannot be read: %s", str(problem) or type(problem).__name__)
            self.on_turn()

    def _regain(self, now: int) -> None:
        self.certain = now
        self.sure.set()
        if self.is_stale:
            self.is_stale = False
            _log.info("the journal can be read again")
            self.on_turn()
