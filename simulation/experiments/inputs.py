"""The inputs of a scenario, less and more of each: shares up to 1, whole numbers by whole steps.

What is not varied, docs/experiments.md says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from statistics import fmean

from msgspec import Struct
from msgspec.structs import replace

from queue_service.scenarios.plans import branch_of, planned
from schemas.catalogue import Catalogue
from schemas.plan_values import PlanValues
from schemas.scenario import Scenario
from schemas.scenario_parts import Between, ServingTime, Visitors
from simulation.experiments.changes import changed, restated

_NO_LIMIT = 1000
"""People: a hall limit that stands for none."""
_THE_BRANCH = {"default", "branch"}
"""Layers of a plan that no scenario states."""


class Moved(Struct, frozen=True):
    """Scenarios with less and with more of an input, and by what share of it each differs."""

    less: Scenario
    more: Scenario
    below: float
    above: float
    """0 where there can be no more."""


Move = Callable[[Scenario, float], Moved | None]
"""The scenario with a share less and more of one input; None where it has nothing of it."""


class Input(Struct, frozen=True):
    """An input of the scenario and how to have more or less of it."""

    label: str
    move: Move


_SHARES = {
    "no_show": "share of no-shows",
    "answers_recall": "share that answers a recall",
    "misses_group": "share that misses a group",
    "comes_late": "share that comes late",
    "can_go_online": "share that can go online",
    "insists": "share that insists",
    "second_service": "share with a second service",
    "wrong_service": "share at the wrong service",
    "held": "share that is held up",
}
_BETWEEN = {
    "held_minutes": "time that one is held up",
    "patience_minutes": "patience in the street",
    "tolerates_people_ahead": "queue that is put up with",
    "walks_in_seconds": "way to the door",
    "walks_to_counter_seconds": "way to the counter",
}
_STAFF = {
    "waits_for_called_seconds": "wait for who was called",
    "tidies_seconds": "tidying between visits",
    "looks_every_seconds": "time between looks of the attendant",
}
_RULES = {
    "group_size": "group size",
    "group_interval_minutes": "time between groups",
    "hall_limit": "hall limit",
    "sanitation_every_minutes": "time between pauses",
    "sanitation_minutes": "length of a pause",
}


def inputs(catalogue: Catalogue) -> list[Input]:
    """What can be varied, the demand first."""
    return [
        Input("visits", _scaled(_visits)),
        Input("time at the counter", _scaled(partial(_serving, catalogue=catalogue))),
        Input("counters on a shift", partial(_counters, catalogue=catalogue)),
        *(Input(label, _share(name)) for name, label in _SHARES.items()),
        *(Input(label, _between(name)) for name, label in _BETWEEN.items()),
        *(Input(label, _staff(name)) for name, label in _STAFF.items()),
        *(Input(label, _rule(name, catalogue)) for name, label in _RULES.items()),
    ]


def _scaled(times: Callable[[Scenario, float], Scenario]) -> Move:
    def move(scenario: Scenario, by: float) -> Moved:
        return Moved(times(scenario, 1 - by), times(scenario, 1 + by), by, by)

    return move


def _visits(scenario: Scenario, factor: float) -> Scenario:
    days = (
        replace(
            day,
            visits=day.visits * factor,
            more=tuple(replace(one, visits=one.visits * factor) for one in day.more),
            surges=tuple(replace(one, visits=one.visits * factor) for one in day.surges),
        )
        for day in scenario.days
    )
    return replace(scenario, days=tuple(days))


def _serving(scenario: Scenario, factor: float, catalogue: Catalogue) -> Scenario:
    usual = {one.code: float(one.usual_minutes) for one in catalogue.services}
    services = (
        replace(one, time=_slower(one.time or scenario.serving, usual[one.service], factor))
        for one in scenario.mix.services
    )
    return replace(scenario, mix=replace(scenario.mix, services=tuple(services)))


def _slower(time: ServingTime, usual: float, factor: float) -> ServingTime:
    if time.minutes:
        return replace(time, minutes=tuple(one * factor for one in time.minutes))
    mean = usual if time.mean_minutes is None else time.mean_minutes
    return replace(time, mean_minutes=mean * factor)


def _counters(scenario: Scenario, by: float, catalogue: Catalogue) -> Moved | None:
    """Fewer of those on a shift: what one more could do and when he works is not known."""
    on = sum(len(shift.counters) for shift in scenario.staff.shifts)
    fewer = stepped(on, 1 - by)
    if fewer == on:
        return None
    less = changed(scenario, [f"counters={fewer}"], catalogue)
    return Moved(less, scenario, 1 - fewer / on, 0.0)


def _share(name: str) -> Move:
    def move(scenario: Scenario, by: float) -> Moved | None:
        share, most = getattr(scenario.visitors, name), _most(scenario.visitors, name)
        if not share:
            return None
        low, high = share * (1 - by), min(most, share * (1 + by))
        less, more = (_of_visitors(scenario, name, value) for value in (low, high))
        return Moved(less, more, by, high / share - 1)

    return move


def _most(visitors: Visitors, name: str) -> float:
    """Nobody has a second service who is at the wrong one."""
    others = {"second_service": visitors.wrong_service, "wrong_service": visitors.second_service}
    return 1.0 - others.get(name, 0.0)


def _of_visitors(scenario: Scenario, name: str, value: object) -> Scenario:
    return replace(scenario, visitors=replace(scenario.visitors, **{name: value}))


def _between(name: str) -> Move:
    def move(scenario: Scenario, by: float) -> Moved | None:
        bounds = getattr(scenario.visitors, name)
        if not bounds.most or (name == "held_minutes" and not scenario.visitors.held):
            return None
        whole = bounds.least + bounds.most
        ends = [_moved_bounds(bounds, factor) for factor in (1 - by, 1 + by)]
        less, more = (_of_visitors(scenario, name, one) for one in ends)
        low, high = (one.least + one.most for one in ends)
        return Moved(less, more, 1 - low / whole, high / whole - 1)

    return move


def _moved_bounds(bounds: Between, factor: float) -> Between:
    least = stepped(bounds.least, factor) if bounds.least else 0
    return replace(bounds, least=least, most=stepped(bounds.most, factor))


def _staff(name: str) -> Move:
    def move(scenario: Scenario, by: float) -> Moved | None:
        value = getattr(scenario.staff, name)
        if not value:
            return None
        low, high = stepped(value, 1 - by), stepped(value, 1 + by)
        less, more = (
            replace(scenario, staff=replace(scenario.staff, **{name: one})) for one in (low, high)
        )
        return Moved(less, more, 1 - low / value, high / value - 1)

    return move


def _rule(field: str, catalogue: Catalogue) -> Move:
    def move(scenario: Scenario, by: float) -> Moved | None:
        less, more = (_with_rule(scenario, field, 1 + one, catalogue) for one in (-by, by))
        held, low, high = (_held(one, field, catalogue) for one in (scenario, less, more))
        if not any(held):
            return None
        return Moved(less, more, _mean_change(low, held), _mean_change(high, held))

    return move


def _with_rule(scenario: Scenario, field: str, factor: float, catalogue: Catalogue) -> Scenario:
    """The scenario with a rule times a factor wherever it is stated, so that regimes keep turns.

    What the branch itself says no scenario can change: the days that go by it state it anew.
    """

    def restate(rules: PlanValues) -> PlanValues:
        value = getattr(rules, field)
        return replace(rules, **{field: stepped(value, factor)}) if value else rules

    there = restated(scenario, restate, catalogue)
    own = _own(scenario, field, catalogue)
    days = (
        replace(day, rules=replace(day.rules, **{field: stepped(value, factor)})) if value else day
        for day, value in zip(there.days, own, strict=True)
    )
    return replace(there, days=tuple(days))


def _mean_change(values: list[int], before: list[int]) -> float:
    """The mean share by which the values in force differ from those before."""
    return fmean(abs(one / old - 1) for one, old in zip(values, before, strict=True) if old)


def _own(scenario: Scenario, field: str, catalogue: Catalogue) -> list[int]:
    """Of each day the value that the branch itself states, 0 where none of it is in force."""
    return [
        max((value for value, sources in day if sources <= _THE_BRANCH), default=0)
        for day in _in_force(scenario, field, catalogue)
    ]


def _held(scenario: Scenario, field: str, catalogue: Catalogue) -> list[int]:
    """The values in force one after another, 0 where none is."""
    return [value for day in _in_force(scenario, field, catalogue) for value, _ in day]


def _in_force(
    scenario: Scenario, field: str, catalogue: Catalogue
) -> Iterator[list[tuple[int, set[str]]]]:
    """Of each day the values one after another, 0 where none is in force, and who states each."""
    branch = branch_of(scenario, catalogue.branch(scenario.branch))
    for day in scenario.days:
        turns = planned(scenario, catalogue, branch, day)
        yield [
            (
                0 if plan.closed_reason else _value(resolved.values, field),
                {source.layer.kind for source in resolved.sources.get(field, ())},
            )
            for _, plan, resolved in turns
        ]


def _value(values: PlanValues, field: str) -> int:
    matters = {
        "group_size": values.group_admission,
        "group_interval_minutes": values.group_admission,
        "hall_limit": (values.hall_limit or _NO_LIMIT) < _NO_LIMIT,
        "sanitation_every_minutes": values.sanitation_every_minutes,
        "sanitation_minutes": values.sanitation_every_minutes,
    }
    return getattr(values, field) or 0 if matters[field] else 0


def stepped(value: int, factor: float) -> int:
    """A whole number times a factor, by one step at least, never below 1."""
    step = max(1, round(round(abs(factor - 1), 9) * value))
    return value + step if factor > 1 else max(1, value - step)
