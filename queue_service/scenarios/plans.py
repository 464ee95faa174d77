"""The plans of a scenario's branch: what its rules come to on each of its dates."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from msgspec import Struct
from msgspec.structs import asdict, replace

from queue_service.planning.public_holidays import holiday
from queue_service.policy.model import DayPlan
from queue_service.policy.plan import Layer, Resolved, plan_day, reach, regime_layers
from queue_service.timing.localtime import in_zone
from schemas.branch import Branch, Counter
from schemas.catalogue import Catalogue
from schemas.fields import minute_of
from schemas.plan_values import PlanValues
from schemas.regime import Regime
from schemas.scenario import Scenario
from schemas.scenario_parts import Day

_MANAGER = "manager:scenario"


class Change(Struct, frozen=True):
    """A plan and the instant (epoch ms) at which it comes into force."""

    at: int
    plan: DayPlan


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


def regimes_of(scenario: Scenario, catalogue: Catalogue) -> tuple[Regime, ...]:
    """The catalogue's regimes and the scenario's own.

    Where its rules go over regimes, these say nothing of what the rules say.
    """
    known = (*(catalogue.regimes if scenario.catalogue_regimes else ()), *scenario.regimes)
    if not scenario.rules_over_regimes:
        return known
    said = {name: None for name, value in asdict(scenario.rules).items() if value is not None}
    return tuple(replace(one, rules=replace(one.rules, **said)) for one in known)


def changes_of(
    scenario: Scenario, catalogue: Catalogue, branch: Branch, day: Day
) -> tuple[Change, ...]:
    """The plans in force on a date, one after another; the first one holds from midnight on."""
    changes: list[Change] = []
    for time, plan, _ in planned(scenario, catalogue, branch, day):
        if not changes or changes[-1].plan != plan:
            changes.append(Change(instant(day.date, time, branch.time_zone), plan))
    return tuple(changes)


def planned(
    scenario: Scenario, catalogue: Catalogue, branch: Branch, day: Day
) -> Iterator[tuple[str, DayPlan, Resolved]]:
    """What holds on a date from each time of day ("HH:MM") at which a regime begins or ends on."""
    regimes = regimes_of(scenario, catalogue)
    closed = holiday(branch.country, day.date) if scenario.public_holidays else ""
    for time in _moments(regimes, branch, day.date):
        layers = (*regime_layers(regimes, branch, day.date, time), *_manager(scenario, day))
        plan, resolved = plan_day(branch, day.date, catalogue.services, layers, closed)
        yield time, plan, resolved


def working(changes: Sequence[Change]) -> DayPlan:
    """The first plan under which the branch opens, or the first of all."""
    plans = [change.plan for change in changes]
    return next((plan for plan in plans if not plan.closed_reason), plans[0])


def instant(day: date, time: str, zone: str) -> int:
    """Epoch ms of a local time of day, "HH:MM"."""
    return in_zone(zone).instant(day, minute_of(time))


def _manager(scenario: Scenario, day: Day) -> Iterable[Layer]:
    for values in (scenario.rules, day.rules):
        if values != PlanValues():
            yield Layer(kind="manager", values=values, by=_MANAGER)


def _moments(regimes: Iterable[Regime], branch: Branch, day: date) -> list[str]:
    """Local times of a date at which a regime begins or ends, midnight first."""
    here = [regime for regime in regimes if reach(regime, branch)]
    borders = [border for regime in here for border in (regime.begins, regime.ends)]
    return sorted({"00:00", *(time for on, time in borders if on == day and time < "24:00")})
