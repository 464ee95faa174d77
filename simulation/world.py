"""The branch of a scenario as the policy knows it: its plan on each date, and when it changes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from queue_service.policy.model import DayPlan
from queue_service.policy.plan import Layer, plan_day, reach, regime_layers
from queue_service.timing.localtime import in_zone
from schemas.branch import Branch, Counter
from schemas.catalogue import Catalogue
from schemas.plan_values import PlanValues
from schemas.regime import Regime
from schemas.scenario import Day, Scenario, Shift
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


def branch_of(scenario: Scenario, branch: Branch) -> Branch:
    """The branch with the skills of those who sit at its counters."""
    narrowed = {
        counter: shift.skills
        for shift in scenario.staff.shifts
        if shift.skills
        for counter in shift.counters
    }
    counters = tuple(
        Counter(id=one.id, skills=narrowed.get(one.id, one.skills)) for one in branch.counters
    )
    return replace(branch, counters=counters)


def worlds(scenario: Scenario, catalogue: Catalogue) -> list[DayWorld]:
    """The dates of a scenario, one after another."""
    branch = next(one for one in catalogue.branches if one.code == scenario.branch)
    return [_world(scenario, catalogue, branch_of(scenario, branch), day) for day in scenario.days]


def _world(scenario: Scenario, catalogue: Catalogue, branch: Branch, day: Day) -> DayWorld:
    midnight = _instant(day.date, "00:00", branch.time_zone)
    regimes = (*(catalogue.regimes if scenario.catalogue_regimes else ()), *scenario.regimes)
    changes: list[Change] = []
    for time in _moments(regimes, branch, day.date):
        layers = (*regime_layers(regimes, branch, day.date, time), *_manager(scenario, day))
        plan, _ = plan_day(branch, day.date, catalogue.services, layers)
        at = _instant(day.date, time, branch.time_zone)
        if not changes or changes[-1].plan != plan:
            changes.append(Change(at, plan))
    spells = tuple(
        _spells(shift, counter, changes[0].plan, day.date)
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


def _spells(shift: Shift, counter: str, plan: DayPlan, day: date) -> tuple[Spell, ...]:
    begins = _instant(day, shift.begins, plan.time_zone) if shift.begins else plan.opens_at
    begins = max(begins, plan.opens_at)
    spells = []
    for pause in shift.breaks:
        at = _instant(day, pause.at, plan.time_zone)
        spells.append(Spell(counter, begins, at))
        begins = at + pause.minutes * MINUTE
    until = _instant(day, shift.until, plan.time_zone) if shift.until else None
    return tuple(
        spell
        for spell in (*spells, Spell(counter, begins, until))
        if spell.ends is None or spell.begins < spell.ends
    )


def _instant(day: date, time: str, zone: str) -> int:
    hour, minute = time.split(":")
    return in_zone(zone).instant(day, int(hour) * 60 + int(minute))
