"""What the replications of a scenario come to together, in memory that they do not fill."""

from __future__ import annotations

from collections import Counter, defaultdict
from operator import add

from msgspec import Struct

from simulation.experiments.engine import Replication
from simulation.experiments.figures import ALL_DAYS, Figures, of_day, of_groups, together
from simulation.experiments.intervals import Estimate, Tally
from simulation.measures import PARTS
from simulation.sums import BINS

BAND = (0.05, 0.25, 0.5, 0.75, 0.95)
"""Shares of the replications below the lines of a band."""


class Moment(Struct, frozen=True):
    """People in a quarter hour that begins at `at` ("HH:MM"): over replications, by `BAND`."""

    at: str
    street: tuple[float, ...]
    hall: tuple[float, ...]
    mean_street: float
    mean_hall: float


class _People:
    """In one place and quarter hour over the replications, as counts of whole numbers."""

    def __init__(self) -> None:
        self._seen: dict[int, int] = {}
        self._sum = 0.0

    def add(self, people: float) -> None:
        whole = round(people)
        self._seen[whole] = self._seen.get(whole, 0) + 1
        self._sum += people

    def band(self, replications: int) -> tuple[float, ...]:
        """Quantiles; in a replication that has no such quarter hour nobody is there."""
        seen = Counter(self._seen)
        seen[0] += replications - sum(seen.values())
        return tuple(_quantile(seen, share) for share in BAND)

    def mean(self, replications: int) -> float:
        return round(self._sum / replications, 3)


class _Crowd:
    """In one quarter hour."""

    def __init__(self) -> None:
        self.street, self.hall = _People(), _People()


def _quantile(seen: Counter[int], share: float) -> float:
    wanted, below = share * sum(seen.values()), 0
    for people in sorted(seen):
        below += seen[people]
        if below >= wanted:
            return float(people)
    return 0.0


class Summary:
    """Adds replications up; the order of `add` is the order of the replications."""

    def __init__(self) -> None:
        self.replications = 0
        self._tallies: dict[str, defaultdict[str, Tally]] = {}
        self._crowds: dict[str, defaultdict[str, _Crowd]] = {}
        self._histograms: dict[str, dict[str, list[int]]] = {}

    def add(self, replication: Replication) -> Figures:
        """Takes a replication in; gives the figures of its days together."""
        self.replications += 1
        by_date = {day.date: of_day(day) for day in replication.days}
        for day in replication.days:
            self._note(day.date, {**by_date[day.date], **of_groups(day)})
            crowds = self._crowds.setdefault(day.date, defaultdict(_Crowd))
            for quarter in day.people:
                crowd = crowds[quarter.at]
                crowd.street.add(quarter.street)
                crowd.hall.add(quarter.hall)
            self._pile_up(day.date, day.histograms)
        whole = together(list(by_date.values()))
        self._note(ALL_DAYS, whole)
        return whole

    def _note(self, date: str, figures: Figures) -> None:
        tallies = self._tallies.setdefault(date, defaultdict(Tally))
        for name, value in figures.items():
            tallies[name].add(value)

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
        tallies = self._tallies.get(date)
        return tallies[name] if tallies and name in tallies else Tally()

    def estimates(self) -> dict[str, dict[str, Estimate]]:
        """Date, or `ALL_DAYS` -> name -> mean over the replications."""
        return {
            date: {name: one for name, tally in names.items() if (one := tally.estimate)}
            for date, names in self._tallies.items()
        }

    def bands(self, date: str) -> list[Moment]:
        """People over the day."""
        crowds = self._crowds.get(date, defaultdict(_Crowd))
        count = self.replications
        return [
            Moment(
                at=at,
                street=crowd.street.band(count),
                hall=crowd.hall.band(count),
                mean_street=crowd.street.mean(count),
                mean_hall=crowd.hall.mean(count),
            )
            for at, crowd in sorted(crowds.items())
        ]

    def histogram(self, part: str, date: str) -> list[int]:
        """Visits of all replications by `BIN_MINUTES` of their wait."""
        return list(self._histograms[date][part])
