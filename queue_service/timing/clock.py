"""Wakes every branch-day at its next deadline. It only sends commands: `Tick`, and the new plans.

Every replica runs one. There is no leader: the journal takes each tick once, whoever sends it.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
from typing import TYPE_CHECKING

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.date import DateTrigger
from apscheduler.triggers.interval import IntervalTrigger

from queue_service.ids import command_id
from queue_service.journal import JournalBroken, JournalUnavailable
from queue_service.policy.commands import Tick
from queue_service.policy.deadlines import next_deadline
from queue_service.policy.rules import NEVER

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine

    from queue_service.journal import Journal, StreamKey
    from queue_service.policy.model import State
    from queue_service.timing.wallclock import DrivenClock, RealClock

    RefreshPlans = Callable[[], Awaitable[int]]

BY = "clock"
LOOK_AGAIN = 0.05
"""Seconds for which the news of busy streams are gathered before their deadlines are looked at."""
RETRY = 1.0
RETRY_BROKEN = 60.0
FARTHEST = 86_400.0
"""Seconds that a job sleeps at most; then it looks again."""
LOOK_FOR_STREAMS = 30.0
"""Seconds between two looks for streams that another replica has begun."""
DAYS_BACK = 30
"""How old a day may be that a service which was away still brings to its end."""

_log = logging.getLogger(__name__)


class Ticker:
    """Sends the ticks of one journal's streams."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    async def tick(self, key: StreamKey, state: State, now: int | None = None) -> State | None:
        """Does one due thing; returns the state after it, None when nothing came of it."""
        before = state.seq
        # The same tick of another replica has the same id: one of the two is a repetition.
        tick = Tick(id=command_id(BY, key[0], key[1].isoformat(), str(before)), by=BY)
        outcome = await self._journal.submit(*key, tick, now)
        return outcome.state if outcome.entries or outcome.state.seq > before else None


class DrivenTime:
    """Time that only moves when it is told to: what is due on the way happens at its own instant.

    `refresh_plans` as for `Clock`.
    """

    def __init__(self, journal: Journal, wall: DrivenClock, refresh_plans: RefreshPlans) -> None:
        self._journal = journal
        self._ticker = Ticker(journal)
        self._wall = wall
        self._refresh_plans = refresh_plans
        self._plans_at = 0
        self._turn = asyncio.Lock()

    async def run_due(self, branch: str, date: dt.date, until: int) -> bool:
        """Moves the clock to `until`, having done all that is due in the stream before.

        Returns whether nothing will ever be due in it. Raises JournalUnavailable, JournalBroken.
        """
        key = (branch, date)
        async with self._turn:
            state: State | None = await self._journal.read(*key)
            while state is not None and (at := self._next(state)) <= until:
                self._wall.move(at)
                state = await self._do_next(key, state, at)
            self._wall.move(until)
            return state is not None and next_deadline(state, until) >= NEVER

    async def renew_plans(self) -> None:
        """Regimes have changed: puts the new plans in force now."""
        self._plans_at = await self._refresh_plans()

    def _next(self, state: State) -> int:
        return min(max(next_deadline(state, self._wall.now()), state.at), self._plans_at)

    async def _do_next(self, key: StreamKey, state: State, at: int) -> State | None:
        if at < self._plans_at:
            return await self._ticker.tick(key, state, at)
        await self.renew_plans()
        return await self._journal.read(*key)


class Clock:
    """Ticks the streams of one journal as real or scaled time goes by.

    `refresh_plans` puts the plans in force that the date and the regimes ask for now, and returns
    the later instant (epoch ms) at which it must be called next, `rules.NEVER` for never.
    """

    def __init__(
        self,
        journal: Journal,
        wall: RealClock,
        refresh_plans: RefreshPlans,
        look_every: float = LOOK_FOR_STREAMS,
    ) -> None:
        self._journal = journal
        self._ticker = Ticker(journal)
        self._wall = wall
        self._refresh_plans = refresh_plans
        self._look_every = look_every
        self._scheduler = AsyncIOScheduler(timezone=dt.UTC)
        self._due: dict[StreamKey, int] = {}
        """Instants for which jobs stand; a job may come early, it then looks anew."""
        self._news: dict[StreamKey, State] = {}
        self._ticking: set[StreamKey] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Begins to wake the streams of these days; the database may still be away."""
        self._journal.on_moved.append(self._moved)
        self._scheduler.start()
        self._spawn(self._wake_known_streams())
        self._scheduler.add_job(self._wake_new_streams, IntervalTrigger(seconds=self._look_every))
        self._spawn(self._renew_until_done())

    async def stop(self) -> None:
        """Sends no more commands."""
        self._journal.on_moved.remove(self._moved)
        self._scheduler.shutdown(wait=False)
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def renew_plans(self) -> None:
        """Regimes have changed: puts the new plans in force now."""
        at = await self._refresh_plans()
        if at < NEVER:
            self._add_job("plans", self._wall.seconds_until(at), self._renew_until_done)

    # --- deadlines ------------------------------------------------------------------------------

    def _moved(self, branch: str, date: dt.date, state: State) -> None:
        if not self._news:
            asyncio.get_running_loop().call_later(LOOK_AGAIN, self._look)
        self._news[branch, date] = state

    def _look(self) -> None:
        news, self._news = self._news, {}
        now = self._wall.now()
        for key, state in news.items():
            self._wake_at(key, next_deadline(state, now))

    def _wake_at(self, key: StreamKey, at: int) -> None:
        """Looks at the stream by `at` at the latest: only an earlier instant moves its job."""
        if at >= self._due.get(key, NEVER) or key in self._ticking:
            return
        self._due[key] = at
        seconds = self._wall.seconds_until(at)
        if seconds <= 0:
            self._spawn(self._run_stream(key))
        else:
            self._add_job(f"{key[0]} {key[1]}", seconds, self._run_stream, key)

    async def _run_stream(self, key: StreamKey) -> None:
        if key in self._ticking:
            return
        self._ticking.add(key)
        try:
            at = await self._run_until_nothing_is_due(key)
        except JournalUnavailable:
            at = self._wall.after(RETRY)
        except JournalBroken:
            at = self._wall.after(RETRY_BROKEN)
        finally:
            self._ticking.discard(key)
            self._due.pop(key, None)
        self._wake_at(key, at)

    async def _run_until_nothing_is_due(self, key: StreamKey) -> int:
        """Does all that is due; returns the instant at which the stream must be looked at again."""
        state = await self._journal.read(*key)
        while (at := next_deadline(state, now := self._wall.now())) <= now:
            after = await self._ticker.tick(key, state)
            if after is None:
                return self._wall.after(RETRY)
            state = after
        return at

    # --- start and plans ------------------------------------------------------------------------

    async def _wake_known_streams(self) -> None:
        if not await self._wake_new_streams():
            self._add_job("streams", RETRY, self._wake_known_streams)

    async def _wake_new_streams(self) -> bool:
        """Wakes the streams that nobody has asked this process for: their replica may be gone.

        Returns whether the database could be asked.
        """
        today = dt.datetime.fromtimestamp(self._wall.now() / 1000, dt.UTC).date()
        try:
            unended = await self._journal.unended(today - dt.timedelta(days=DAYS_BACK))
        except JournalUnavailable:
            return False
        for key in unended:
            if key not in self._due:
                await self._run_stream(key)
        return True

    async def _renew_until_done(self) -> None:
        try:
            await self.renew_plans()
        except Exception as problem:  # noqa: BLE001 - whatever it is, the plans must follow
            _log.warning("the plans could not be renewed, trying again: %r", problem)
            self._add_job("plans", RETRY, self._renew_until_done)

    def _add_job(
        self, name: str, seconds: float, work: Callable[..., Awaitable[None]], *arguments: object
    ) -> None:
        at = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=min(seconds, FARTHEST))
        self._scheduler.add_job(
            work,
            DateTrigger(at),
            args=arguments,
            id=name,
            replace_existing=True,
            misfire_grace_time=None,
        )

    def _spawn(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
