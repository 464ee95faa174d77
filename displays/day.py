"""A branch-day as the journal has it, kept while somebody watches it."""

from __future__ import annotations

import asyncio
import logging
from bisect import bisect_right
from contextlib import aclosing
from operator import attrgetter
from typing import TYPE_CHECKING, Final

from queue_service.journal import JournalBroken, JournalUnavailable
from queue_service.policy import events as happened
from queue_service.policy.model import State
from schemas.wire_live import Call

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence

    from queue_service.catalogue.directory import Branch
    from queue_service.journal import Journal, StreamKey

    Plan = Callable[["Day"], Awaitable[State | None]]
    Hear = Callable[[int], None]

LAST_CALLS: Final = 12
"""Calls of the day that a client is told of which has seen none."""
RETRY_BROKEN: Final = 5.0
LINGER: Final = 20.0
"""Seconds for which a day is kept after the last one who watched it: pages are reloaded."""

_seq = attrgetter("seq")
_log = logging.getLogger(__name__)


class Day:
    """The state of one branch-day and every call made in it. `on_moved` are told of each change."""

    def __init__(self, branch: Branch, date: dt.date) -> None:
        self.branch = branch
        self.date = date
        self.state = State()
        """The journal's own: it moves on, and is only read here."""
        self.unopened: State | None = None
        """What is planned for a day whose journal has not begun."""
        self.loaded = asyncio.Event()
        self.broken = False
        """Whether the journal cannot be followed now."""
        self.on_moved: list[Callable[[], None]] = []
        self._calls: list[Call] = []
        self._noted = 0

    @property
    def key(self) -> StreamKey:
        return (self.branch.code, self.date)

    @property
    def shown(self) -> State:
        """The state that a board shows."""
        if self.state.plan is None and self.unopened is not None:
            return self.unopened
        return self.state

    def calls(self, after: int | None) -> tuple[Call, ...]:
        """Calls after a place in the journal; the last ones of the day for None."""
        if after is None:
            return tuple(self._calls[-LAST_CALLS:])
        return tuple(self._calls[bisect_right(self._calls, after, key=_seq) :])

    @property
    def is_whole(self) -> bool:
        """Whether all calls are known that led to the state; else they are in a moment."""
        return self.loaded.is_set() and self._noted >= self.state.seq

    async def follow(self, journal: Journal, plan: Plan, hear: Hear) -> None:
        """Keeps up with the journal for ever.

        `plan` says what is planned for an unopened day, `hear` is told when news had happened.
        """
        while True:
            try:
                await self._follow(journal, plan, hear)
            except JournalBroken as problem:
                _log.warning("a day is read anew: %s", problem)
            except Exception:  # noqa: BLE001 - the other days go on
                _log.exception("a day is read anew after a fault of our own")
            self.broken = True
            await asyncio.sleep(RETRY_BROKEN)

    async def _follow(self, journal: Journal, plan: Plan, hear: Hear) -> None:
        self._calls, self._noted = [], 0
        is_news = False
        async with aclosing(journal.follow(*self.key)) as news:
            async for state, entries in news:
                if not state.seq:
                    self.unopened = await plan(self)
                self._note(state, entries)
                if is_news and entries:
                    hear(entries[0].at)
                is_news = True

    def _note(self, state: State, entries: Sequence[happened.Entry]) -> None:
        self.state = state
        self.broken = False
        self._noted = entries[-1].seq if entries else self._noted
        self._calls += (call for entry in entries if (call := self._call(entry)))
        self.loaded.set()
        for hear in self.on_moved:
            hear()

    def _call(self, entry: happened.Entry) -> Call | None:
        event = entry.event
        if not isinstance(event, happened.TicketCalled | happened.TicketRecalled):
            return None
        return Call(
            seq=entry.seq,
            number=self.state.tickets[event.ticket].number,
            counter=event.counter,
            at=self.branch.zone.text(entry.at),
            again=isinstance(event, happened.TicketRecalled),
        )


class Days:
    """The days that somebody watches: each is followed once, however many watch it."""

    def __init__(self, journal: Journal, plan: Plan, hear: Hear) -> None:
        self._journal = journal
        self._plan = plan
        self._hear = hear
        self._held: dict[StreamKey, _Held] = {}

    def __iter__(self) -> Iterator[Day]:
        return iter([held.day for held in self._held.values()])

    def get(self, key: StreamKey) -> Day | None:
        """The day, if it is kept."""
        held = self._held.get(key)
        return held.day if held else None

    def hold(self, branch: Branch, date: dt.date) -> Day:
        """The day, followed until it is let go as often as it was held; perhaps not loaded yet."""
        key = (branch.code, date)
        held = self._held.get(key)
        if held is None:
            day = Day(branch, date)
            following = day.follow(self._journal, self._plan, self._hear)
            task = asyncio.get_running_loop().create_task(following)
            held = self._held[key] = _Held(day, task)
        if held.leaving is not None:
            held.leaving.cancel()
            held.leaving = None
        held.watchers += 1
        return held.day

    def let_go(self, day: Day) -> None:
        """One watcher less."""
        held = self._held[day.key]
        held.watchers -= 1
        if not held.watchers:
            loop = asyncio.get_running_loop()
            held.leaving = loop.call_later(LINGER, self._drop, day.key)

    async def read(self, days: Iterable[Day]) -> None:
        """Brings days up to date with the database; raises JournalUnavailable."""
        reads = [self._journal.read(*day.key) for day in days]
        for problem in await asyncio.gather(*reads, return_exceptions=True):
            if isinstance(problem, JournalUnavailable):
                raise problem

    async def close(self) -> None:
        """Follows no day any more."""
        tasks = [held.task for held in self._held.values()]
        for held in self._held.values():
            held.task.cancel()
            if held.leaving is not None:
                held.leaving.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _drop(self, key: StreamKey) -> None:
        self._held.pop(key).task.cancel()


class _Held:
    def __init__(self, day: Day, task: asyncio.Task[None]) -> None:
        self.day = day
        self.task = task
        self.watchers = 0
        self.leaving: asyncio.TimerHandle | None = None
        """Drops the day when the time is up."""
