"""Figures and logs of a branch over a period, folded from its journals; past days are kept.

Nothing here is stored: the journals are the truth, and a fold of a day takes a few hundredths of a
second. One fold runs at a time, a page of the journal after another, so that tickets go before.
"""

from __future__ import annotations

import asyncio
import datetime as dt
from collections import OrderedDict
from typing import TYPE_CHECKING, Final, TypeVar

from msgspec import Struct

from queue_service.policy.breakdown import Breakdown, Tallies
from queue_service.policy.logbook import Cleaning, Deed, SanitationLog, cleanings, deeds

if TYPE_CHECKING:
    from queue_service.catalogue.directory import Branch
    from queue_service.planning.planner import Planner
    from queue_service.policy.events import Entry
    from queue_service.policy.model import State
    from queue_service.usecases import Service

WEEKS: Final = 8
"""[A] Weeks in which the days that a usual day stands on are looked for."""
KEPT_DAYS: Final = 400
"""Days that are over, as tallies."""
KEPT_FOLDS: Final = 50
"""Days under way, with their states."""
Kept = TypeVar("Kept")
_ONE_DAY: Final = dt.timedelta(days=1)
_WEEK: Final = dt.timedelta(days=7)


class Period(Struct, frozen=True):
    """Business dates from the first to the last, both included."""

    first: dt.date
    last: dt.date

    def days(self) -> list[dt.date]:
        """The dates in order."""
        count = (self.last - self.first).days + 1
        return [self.first + ahead * _ONE_DAY for ahead in range(count)]


class DayTallies(Struct, frozen=True):
    """What one business date comes to."""

    day: dt.date
    tallies: Tallies


class DayNow(Struct, frozen=True):
    """A date up to the last line of its journal; `state` has no plan where there is no line."""

    state: State
    tallies: Tallies
    cleanings: tuple[Cleaning, ...]


class _Fold:
    """One journal, folded as far as it has been read."""

    def __init__(self, branch: Branch) -> None:
        self.breakdown = Breakdown(lambda at: branch.zone.clock(at)[:2])
        self.sanitation = SanitationLog()

    @property
    def state(self) -> State:
        return self.breakdown.state

    def add(self, entry: Entry) -> None:
        self.breakdown.add(entry)
        self.sanitation.add(entry)


class Reports:
    """The use cases of reports. Each raises JournalUnavailable without a database."""

    def __init__(self, service: Service, planner: Planner) -> None:
        self._service = service
        self._planner = planner
        self._one_at_a_time = asyncio.Semaphore(1)
        self._over: OrderedDict[tuple[str, dt.date], Tallies] = OrderedDict()
        self._going_on: OrderedDict[tuple[str, dt.date], _Fold] = OrderedDict()

    async def figures(self, branch: Branch, period: Period) -> list[DayTallies]:
        """The days of a period that have a journal, each with its tallies."""
        found = [DayTallies(day, await self.day(branch, day)) for day in period.days()]
        return [one for one in found if one.tallies]

    async def usual(self, branch: Branch, day: dt.date) -> list[Tallies]:
        """The same weekday in the last weeks, as far as the branch gave tickets on it."""
        days = (day - weeks * _WEEK for weeks in range(1, WEEKS + 1))
        found = [await self.day(branch, one) for one in days]
        return [tallies for tallies in found if tallies]

    async def day(self, branch: Branch, day: dt.date) -> Tallies:
        """The tallies of one date; empty where nobody came."""
        kept = self._over.get((branch.code, day))
        if kept is not None:
            self._over.move_to_end((branch.code, day))
            return kept
        async with self._one_at_a_time:
            return (await self._folded(branch, day)).tallies

    async def now(self, branch: Branch, day: dt.date) -> DayNow:
        """Where a day under way stands; everything in the answer is of the same moment."""
        async with self._one_at_a_time:
            return await self._folded(branch, day)

    async def _folded(self, branch: Branch, day: dt.date) -> DayNow:
        """Folds what is new since the last time; a day that is over is folded once."""
        key = (branch.code, day)
        fold = self._going_on.pop(key, None) or _Fold(branch)
        async for entry in self._service.entries(branch, day, fold.state.seq):
            fold.add(entry)
        tallies = fold.breakdown.tallies()
        if day >= self._service.today(branch):
            _keep(self._going_on, key, fold, KEPT_FOLDS)
        elif fold.state.phase == "ended":
            _keep(self._over, key, tallies, KEPT_DAYS)
        return DayNow(fold.state, tallies, tuple(fold.sanitation.lines))

    async def deeds(self, branch: Branch, period: Period) -> list[tuple[dt.date, Deed]]:
        """Who did what when, in order."""
        found: list[tuple[dt.date, Deed]] = []
        for day in period.days():
            found += [(day, deed) for deed in deeds(await self._entries(branch, day))]
        return found

    async def reverts(self, branch: Branch, period: Period) -> frozenset[bytes]:
        """Ids of the commands with which managers put plans of a period back."""
        days = [await self._planner.changes(branch, day) for day in period.days()]
        return frozenset(
            change.command for day in days for change in day if change.reverts_to is not None
        )

    async def cleanings(self, branch: Branch, period: Period) -> list[tuple[dt.date, Cleaning]]:
        """Every sanitation of the hall, in order."""
        found: list[tuple[dt.date, Cleaning]] = []
        for day in period.days():
            found += [(day, one) for one in cleanings(await self._entries(branch, day))]
        return found

    async def _entries(self, branch: Branch, day: dt.date) -> list[Entry]:
        async with self._one_at_a_time:
            return [entry async for entry in self._service.entries(branch, day)]


def _keep(
    kept: OrderedDict[tuple[str, dt.date], Kept], key: tuple[str, dt.date], what: Kept, most: int
) -> None:
    """Keeps the latest `most`."""
    kept[key] = what
    while len(kept) > most:
        kept.popitem(last=False)
