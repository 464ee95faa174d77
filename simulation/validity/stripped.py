"""The model stripped to what a closed form is about: bare counters, drawn visitors, no walking.

Times are minutes from the opening, whatever unit a table means by one.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from queue_service.policy.model import CounterPlan, DayPlan, ServicePlan
from simulation.floor import Ids
from simulation.guests import Comes
from simulation.habits import Habits
from simulation.record import Record, Visit
from simulation.run import RunDay
from simulation.visitors import MINUTE, Visitor, empty, visitors
from simulation.world import Change, DayWorld, Spell

Numbers = NDArray[np.float64]
_DAY = date(2020, 3, 16)
_OPENS = 1_584_331_200_000
_ENDLESS = 2 * 10**11
"""ms, some six years: longer than any run, so that no hour of the day matters."""
LONGEST_RUN = _ENDLESS / 2 / MINUTE
"""Minutes that a run may be expected to take; what is drawn takes more or less."""
_SERVICE = "service"

ENDLESS_DAY = DayPlan(
    branch="stripped",
    date=str(_DAY),
    time_zone="UTC",
    opens_at=_OPENS,
    closes_at=_OPENS + _ENDLESS,
    last_admission_at=_OPENS + _ENDLESS,
    tickets_from=_OPENS,
    ends_at=_OPENS + _ENDLESS + 1,
    hall_limit=10**9,
    party_limit=1,
    ageing=_ENDLESS,
    services=(ServicePlan(code=_SERVICE, letter="S", online=False, service_time=1),),
    counters=(),
)


def closing_after(arrives: Numbers) -> DayPlan:
    """A day that closes behind the last arrival; whoever is inside is served."""
    closes_at = _OPENS + round(float(arrives[-1]) * MINUTE) + 1
    return replace(ENDLESS_DAY, closes_at=closes_at, last_admission_at=closes_at)


class Case(Struct, kw_only=True):
    """Who comes when, in minutes, and what the counters do; arrays have a number a visitor."""

    arrives: Numbers
    serving: Numbers
    counters: int
    plan: DayPlan = ENDLESS_DAY
    patience: Numbers | None = None
    priority: NDArray[np.bool_] | None = None
    no_show: NDArray[np.bool_] | None = None
    callout: float = 0.0
    """Minutes that an operator waits for somebody who does not come."""
    balks: bool = False
    """Whoever is not let in at once goes."""
    pause: tuple[float, float] | None = None
    """No operator is at work between these."""
    vacations: Numbers | None = None
    """What an operator does, over and over, where nobody waits in the hall."""
    attendant_looks_every: float | None = None
    """Minutes; None: nobody stands at the door."""
    walks_in: float = 0.0
    """Minutes from being let in to the hall."""


class Observed:
    """What became of the visitors, in order of their tickets; minutes, NaN: never."""

    def __init__(self, visits: Sequence[Visit], people: Sequence[tuple[int, int, int]]) -> None:
        self.issued = _minutes([visit.issued_at for visit in visits])
        self.entered = _minutes([visit.entered_at for visit in visits])
        self.called = _minutes([visit.called_at for visit in visits])
        self.ended = _minutes([visit.ended_at for visit in visits])
        self.first_class = np.array([visit.priority == "priority" for visit in visits])
        self.gone = np.array([visit.end == "cancelled" for visit in visits])
        self._at = _minutes([at for at, _, _ in people])
        counts = np.array([street + hall for _, street, hall in people], dtype=np.float64)
        self._street = np.array([street for _, street, _ in people])
        steps = np.diff(self._at, append=self._at[-1])
        self._counts = counts
        self._area = _until_each(counts * steps)
        self._somebody = _until_each(np.sign(counts) * steps)

    @property
    def waits(self) -> Numbers:
        """From the ticket to the call, NaN for those who were never called."""
        return self.called - self.issued

    @property
    def outside(self) -> Numbers:
        """From the ticket to the door, or until the visitor gave up."""
        return np.where(self.gone, self.ended, self.entered) - self.issued

    def present(self, at: float) -> int:
        """Visitors in the street and in the hall at an instant."""
        return int(np.sum((self.issued <= at) & (at < self.ended)))

    def busy(self, at: float) -> int:
        """Visitors at counters at an instant."""
        return int(np.sum((self.called <= at) & (at < self.ended)))

    def street_around(self, instants: Numbers) -> tuple[Numbers, Numbers]:
        """People in the street just before and just after each instant."""
        before = np.searchsorted(self._at, instants, side="left") - 1
        after = np.searchsorted(self._at, instants, side="right") - 1
        street = self._street.astype(np.float64)
        return street[before], street[after]

    def mean_present(self, begins: float, ends: float) -> float:
        """Time average of the people present."""
        return self._mean(self._area, self._counts, begins, ends)

    def share_of_time_in_use(self, begins: float, ends: float) -> float:
        """In which anybody is present."""
        return self._mean(self._somebody, np.sign(self._counts), begins, ends)

    def _mean(self, until: Numbers, height: Numbers, begins: float, ends: float) -> float:
        places = np.searchsorted(self._at, [begins, ends], side="right") - 1
        since = np.array([begins, ends]) - self._at[places]
        begun, ended = (until[places] + height[places] * since).tolist()
        return float(ended - begun) / (ends - begins)


def _until_each(areas: Numbers) -> Numbers:
    return np.concatenate([[0.0], np.cumsum(areas)])


def _minutes(instants: Sequence[int]) -> Numbers:
    found = (np.array(instants, dtype=np.float64) - _OPENS) / MINUTE
    return np.where(np.array(instants) == 0, np.nan, found)


def observe(case: Case, run_day: RunDay) -> Observed:
    """Lets a case take its course until the last visitor has gone."""
    people = [
        Comes(_OPENS + round(at * MINUTE), one)
        for at, one in zip(case.arrives.tolist(), _visitors(case), strict=True)
    ]
    counters = tuple(
        CounterPlan(code=str(number), skills=(_SERVICE,)) for number in range(case.counters)
    )
    plan = replace(case.plan, counters=counters)
    world = DayWorld(
        date=_DAY,
        midnight=_OPENS,
        changes=(Change(_OPENS, plan),),
        spells=tuple(_spells(case, counter.code) for counter in counters),
    )
    habits = Habits(
        services=(_SERVICE,),
        waits_for_called=round(case.callout * MINUTE),
        looks_every=_looks_every(case),
        other_work=() if case.vacations is None else _whole(case.vacations),
    )
    day = run_day(world, habits, Ids("stripped", _DAY), people)
    record = Record.of(day.journal)
    return Observed(list(record.visits.values()), record.people)


def _looks_every(case: Case) -> int:
    every = case.attendant_looks_every
    return _ENDLESS if every is None else _milliseconds(every)


def _milliseconds(minutes: float) -> int:
    return max(1, round(minutes * MINUTE))


def _whole(minutes: Numbers) -> tuple[int, ...]:
    return tuple(np.maximum(1, np.rint(minutes * MINUTE)).astype(int).tolist())


def _spells(case: Case, counter: str) -> tuple[Spell, ...]:
    if case.pause is None:
        return (Spell(counter, _OPENS, None),)
    begins, ends = (_OPENS + round(minutes * MINUTE) for minutes in case.pause)
    return (Spell(counter, _OPENS, begins), Spell(counter, ends, None))


def _visitors(case: Case) -> list[Visitor]:
    table = empty(len(case.arrives))
    table["serving"] = np.maximum(1, np.rint(case.serving * MINUTE))
    table["insists"] = True
    table["walks_in"] = round(case.walks_in * MINUTE)
    if case.patience is not None:
        table["patience"] = np.rint(case.patience * MINUTE)
    if case.priority is not None:
        table["priority"] = case.priority
    if case.no_show is not None:
        table["no_show"] = case.no_show
    if case.balks:
        table["tolerates"] = -1
    return visitors(table)
