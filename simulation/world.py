"""The branch of a scenario as the policy knows it: its plan on each date, and when it changes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from queue_service.planning.public_holidays import holiday
from queue_service.policy.model import DayPlan
from queue_service.policy.plan import Layer, plan_day, reach, regime_layers
from queue_service.policy.rules import NEVER
from queue_service.timing.localtime import in_zone
from schemas.branch import Branch, Counter
from schemas.catalogue import Catalogue
from schemas.fields import minute_of
from schemas.plan_values import PlanValues
from schemas.regime import Regime
from schemas.scenario import Break, Day, Outage, Scenario, Shift
from simulation.visitors import MINUTE

_MANAGER = "manager:scenario"


class Change(Struct, frozen=True):
    """A plan and the instant (epoch ms) at which it comes into force."""

    at: int
    plan: DayPlan


class Spell(Struct, frozen=True):
    """A time at a counter, epoch ms; `ends` is None where it lasts until the hall is empty."""

    counter: str
    begins: int
    ends: int | None


class DayWorld(Struct, frozen=True):
    """One date: the plans in force one after another, and who works when."""

    date: date
    midnight: int
    """The local midnight before, epoch ms."""
    changes: tuple[Change, ...]
    spells: tuple[tuple[Spell, ...], ...]
    """Of each counter that is staffed, in order of time."""

    @property
    def plan(self) -> DayPlan:
        """The first plan under which the branch opens, or the first of all."""
        return _working(self.changes)

    @property
    def closed_from(self) -> int:
        """The latest closing that any of the plans can bring about, epoch ms."""
        return max(max(change.at, change.plan.closes_at) for change in self.changes)

    @property
    def opens(self) -> bool:
        """Whether the branch opens at all."""
        return not self.plan.closed_reason


def _working(changes: Sequence[Change]) -> DayPlan:
    plans = [change.plan for change in changes]
    return next((plan for plan in plans if not plan.closed_reason), plans[0])


def branch_of(scenario: Scenario, branch: Branch) -> Branch:
    """The branch with the skills of those at its counters, and the scenario's special days."""
    narrowed = {
        counter: shift.skills
        for shift in scenario.staff.shifts
        if shift.skills
        for counter in shift.counters
    }
    counters = tuple(
        Counter(id=one.id, skills=narrowed.get(one.id, one.skills)) for one in branch.counters
    )
    special = {one.date: one for one in (*branch.special_days, *scenario.special_days)}
    return replace(branch, counters=counters, special_days=tuple(special.values()))


def worlds(scenario: Scenario, catalogue: Catalogue) -> list[DayWorld]:
    """The dates of a scenario, one after another."""
    branch = next(one for one in catalogue.branches if one.code == scenario.branch)
    return [_world(scenario, catalogue, branch_of(scenario, branch), day) for day in scenario.days]


def _world(scenario: Scenario, catalogue: Catalogue, branch: Branch, day: Day) -> DayWorld:
    midnight = _instant(day.date, "00:00", branch.time_zone)
    regimes = (*(catalogue.regimes if scenario.catalogue_regimes else ()), *scenario.regimes)
    closed = holiday(branch.country, day.date) if scenario.public_holidays else ""
    changes: list[Change] = []
    for time in _moments(regimes, branch, day.date):
        layers = (*regime_layers(regimes, branch, day.date, time), *_manager(scenario, day))
        plan, _ = plan_day(branch, day.date, catalogue.services, layers, closed)
        at = _instant(day.date, time, branch.time_zone)
        if not changes or changes[-1].plan != plan:
            changes.append(Change(at, plan))
    spells = tuple(
        tuple(_spells(shift, counter, _working(changes), day))
        for shift in scenario.staff.shifts
        for counter in shift.counters
    )
    return DayWorld(day.date, midnight, tuple(changes), spells)


def _manager(scenario: Scenario, day: Day) -> Iterable[Layer]:
    for values in (scenario.rules, day.rules):
        if values != PlanValues():
            yield Layer(kind="manager", values=values, by=_MANAGER)


def _moments(regimes: Iterable[Regime], branch: Branch, day: date) -> list[str]:
    """Local times of a date at which a regime begins or ends, midnight first."""
    here = [regime for regime in regimes if reach(regime, branch)]
    borders = [border for regime in here for border in (regime.begins, regime.ends)]
    return sorted({"00:00", *(time for on, time in borders if on == day and time < "24:00")})


def _spells(shift: Shift, counter: str, plan: DayPlan, day: Day) -> Iterator[Spell]:
    """What the breaks and the outages leave of a shift."""
    begins = max(_time(shift.begins, plan, day) or 0, plan.opens_at)
    until = _time(shift.until, plan, day)
    for pause in _pauses(shift, counter, day):
        at = _instant(day.date, pause.at, plan.time_zone)
        if begins < at < (until or NEVER):
            yield Spell(counter, begins, at)
        begins = max(begins, at + pause.minutes * MINUTE)
    if begins < (until or NEVER):
        yield Spell(counter, begins, until)


def _pauses(shift: Shift, counter: str, day: Day) -> Sequence[Break | Outage]:
    here = [one for one in day.outages if not one.counters or counter in one.counters]
    return sorted([*shift.breaks, *here], key=lambda pause: pause.at)


def _time(time: str | None, plan: DayPlan, day: Day) -> int | None:
    return _instant(day.date, time, plan.time_zone) if time else None


def _instant(day: date, time: str, zone: str) -> int:
    return in_zone(zone).instant(day, minute_of(time))
