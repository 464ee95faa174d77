"""What the replications of a scenario come to together, in memory that they do not fill."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import count
from operator import add

import numpy as np
from msgspec import Struct

from simulation.experiments.engine import Replication
from simulation.experiments.figures import ALL_DAYS, Figures, of_day, of_groups, together
from simulation.experiments.intervals import Estimate, Tally
from simulation.experiments.tallies import Places, Tallies
from simulation.measures import PARTS, QuarterHour
from simulation.sums import BINS

BAND = (0.05, 0.25, 0.5, 0.75, 0.95)
"""Shares of the replications below the lines of a band."""
_PLACES, _EACH_PLACE = 2, np.arange(2)[:, None]
"""Street and hall."""
_WHOLE = 32
"""Bits of a number of people."""


class Moment(Struct, frozen=True):
    """People in a quarter hour that begins at `at` ("HH:MM"): over replications, by `BAND`."""

    at: str
    street: tuple[float, ...]
    hall: tuple[float, ...]
    mean_street: float
    mean_hall: float


class _Crowds:
    """People by quarter hour over the replications, as counts of whole numbers."""

    def __init__(self) -> None:
        self._quarters = Places()
        self._sums = np.zeros((_PLACES, 0))
        self._seen: Counter[int] = Counter()
        """Quarter hour, place and people as one number -> how often."""

    def add(self, people: Sequence[QuarterHour]) -> None:
        """The quarter hours of one replication."""
        rows = self._quarters.of(tuple([quarter.at for quarter in people]))
        if more := len(self._quarters) - self._sums.shape[1]:
            self._sums = np.pad(self._sums, ((0, 0), (0, more)))
        street = [quarter.street for quarter in people]
        found = np.array([street, [quarter.hall for quarter in people]])
        self._sums[:, rows] += found
        codes = (rows * _PLACES + _EACH_PLACE) << _WHOLE | np.rint(found).astype(np.int64)
        self._seen.update(codes.ravel().tolist())

    def moments(self, replications: int) -> Iterator[Moment]:
        """In the order of the day; in a replication without such a quarter hour nobody is there."""
        seen: defaultdict[int, Counter[int]] = defaultdict(Counter)
        for code, often in self._seen.items():
            seen[code >> _WHOLE][code & (1 << _WHOLE) - 1] += often
        for at, row in sorted(zip(self._quarters, count(), strict=False)):
            street, hall = (seen[row * _PLACES + place] for place in range(_PLACES))
            means = [round(one / replications, 3) for one in self._sums[:, row].tolist()]
            yield Moment(at, _band(street, replications), _band(hall, replications), *means)


def _band(seen: Counter[int], replications: int) -> tuple[float, ...]:
    seen[0] += replications - seen.total()
    return tuple(_quantile(seen, share) for share in BAND)


def _quantile(seen: Counter[int], share: float) -> float:
    wanted, below = share * seen.total(), 0
    for people in sorted(seen):
        below += seen[people]
        if below >= wanted:
            return float(people)
    return 0.0


class Summary:
    """Adds replications up; the order of `add` is the order of the replications."""

    def __init__(self) -> None:
        self.replications = 0
        self._tallies: defaultdict[str, Tallies] = defaultdict(Tallies)
        self._crowds: defaultdict[str, _Crowds] = defaultdict(_Crowds)
        self._histograms: dict[str, dict[str, list[int]]] = {}

    def add(self, replication: Replication) -> Figures:
        """Takes a replication in; gives the figures of its days together."""
        self.replications += 1
        days = [of_day(day) for day in replication.days]
        for day, figures in zip(replication.days, days, strict=True):
            self._tallies[day.date].add({**figures, **of_groups(day)})
            self._crowds[day.date].add(day.people)
            self._pile_up(day.date, day.histograms)
        whole = together(days)
        self._tallies[ALL_DAYS].add(whole)
        return whole

    def _pile_up(self, date: str, found: dict[str, tuple[int, ...]]) -> None:
        piles = self._histograms.setdefault(date, {part: [0] * BINS for part in PARTS})
        for part, counts in found.items():
            piles[part] = [*map(add, piles[part], counts)]

    @property
    def dates(self) -> list[str]:
        """The days there were, without `ALL_DAYS`."""
        return [date for date in self._tallies if date != ALL_DAYS]

    def tally(self, name: str, date: str = ALL_DAYS) -> Tally:
        """The values of a figure so far; an empty one where it did not exist."""
        return self._tallies[date].tally(name) if date in self._tallies else Tally()

    def estimates(self) -> dict[str, dict[str, Estimate]]:
        """Date, or `ALL_DAYS` -> name -> mean over the replications."""
        return {
            date: {name: one for name in tallies if (one := tallies.tally(name).estimate)}
            for date, tallies in self._tallies.items()
        }

    def bands(self, date: str) -> list[Moment]:
        """People over the day."""
        return [*self._crowds[date].moments(self.replications)] if date in self._crowds else []

    def histogram(self, part: str, date: str) -> list[int]:
        """Visits of all replications by `BIN_MINUTES` of their wait."""
        return list(self._histograms[date][part])
