"""Which input matters most: each a little less and a little more, before the same people.

The elasticity of a measure with regard to an input: by how many per cent it changes for one per
cent of the input, the two-sided difference quotient at the scenario. Every replication gives one
value of it, the random numbers being common, and so an interval. (Law, Simulation Modeling and
Analysis, 5th ed., 12.5 for gradients with common random numbers; Saltelli and others, Global
Sensitivity Analysis, 2008, for what such one-at-a-time elasticities leave out: interactions.)
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from statistics import fmean

from msgspec import Struct
from msgspec.structs import replace

from queue_service.policy.model import DayPlan
from schemas.catalogue import Catalogue
from schemas.scenario import Scenario
from schemas.scenario_parts import ServingTime
from simulation.experiments.bundles import Task
from simulation.experiments.changes import tried_by_day
from simulation.experiments.crews import Crew
from simulation.experiments.figures import Figures, of_day, together
from simulation.experiments.intervals import Estimate, Tally
from simulation.visitors import MINUTE
from simulation.world import worlds

_NO_LIMIT = 1000
"""People: a hall limit that stands for none."""
Scaled = Callable[[Scenario, float], Scenario | None]
"""The scenario with one input times a factor; None where the scenario has nothing of it."""


class Input(Struct, frozen=True):
    """An input of the scenario and how to have more or less of it."""

    label: str
    scaled: Scaled
    rule: str = ""
    """The value of the day plan, where it is one: it moves by whole steps."""


class Effect(Struct, frozen=True):
    """An input, the elasticity of the measure, and the measure itself below and above."""

    label: str
    less: Estimate
    more: Estimate
    elasticity: Estimate


def inputs(catalogue: Catalogue) -> list[Input]:
    """What can be varied, the demand first."""
    return [
        Input("visits", _visits),
        Input("time at the counter", lambda one, factor: _serving(one, factor, catalogue)),
        Input("share of no-shows", _behaviour("no_show")),
        Input("share that misses a group", _behaviour("misses_group")),
        Input("share that can go online", _behaviour("can_go_online")),
        Input("share that insists", _behaviour("insists")),
        Input("patience in the street", _between("patience_minutes")),
        Input("queue that is put up with", _between("tolerates_people_ahead")),
        Input("way to the door", _between("walks_in_seconds")),
        Input("way to the counter", _between("walks_to_counter_seconds")),
        Input("wait for who was called", _staff("waits_for_called_seconds")),
        Input("tidying between visits", _staff("tidies_seconds")),
        *(
            Input(label, _rule(field, catalogue), field)
            for field, label in (
                ("group_size", "group size"),
                ("group_interval_minutes", "time between groups"),
                ("hall_limit", "hall limit"),
                ("sanitation_every_minutes", "time between pauses"),
                ("sanitation_minutes", "length of a pause"),
            )
        ),
    ]


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


def _behaviour(name: str) -> Scaled:
    def scaled(scenario: Scenario, factor: float) -> Scenario | None:
        share = getattr(scenario.visitors, name)
        if not 0 < share * factor <= 1:
            return None
        return replace(scenario, visitors=replace(scenario.visitors, **{name: share * factor}))

    return scaled


def _between(name: str) -> Scaled:
    def scaled(scenario: Scenario, factor: float) -> Scenario | None:
        bounds = getattr(scenario.visitors, name)
        if not bounds.most:
            return None
        least, most = (round(bound * factor) for bound in (bounds.least, bounds.most))
        changed = {name: replace(bounds, least=least, most=most)}
        return replace(scenario, visitors=replace(scenario.visitors, **changed))

    return scaled


def _staff(name: str) -> Scaled:
    def scaled(scenario: Scenario, factor: float) -> Scenario | None:
        value = getattr(scenario.staff, name)
        changed = {name: round(value * factor)}
        return replace(scenario, staff=replace(scenario.staff, **changed)) if value else None

    return scaled


def _rule(field: str, catalogue: Catalogue) -> Scaled:
    def scaled(scenario: Scenario, factor: float) -> Scenario | None:
        planned = planned_by_day(scenario, field, catalogue)
        if not any(planned):
            return None
        values = [stepped(value, factor) if value else None for value in planned]
        return tried_by_day(scenario, field, values, catalogue)

    return scaled


def planned_by_day(scenario: Scenario, field: str, catalogue: Catalogue) -> list[int]:
    """The value in force at the end of each day, in the unit of the field; 0 where it is not."""
    return [
        _planned(world.changes[-1].plan, field) if world.changes else 0
        for world in worlds(scenario, catalogue)
    ]


def _planned(plan: DayPlan, field: str) -> int:
    pauses = plan.pauses
    match field:
        case "group_size" if plan.group_admission:
            return plan.group_size
        case "group_interval_minutes" if plan.group_admission:
            return plan.group_interval // MINUTE
        case "hall_limit" if plan.hall_limit < _NO_LIMIT:
            return plan.hall_limit
        case "sanitation_minutes" if pauses:
            return plan.cleaning // MINUTE
        case "sanitation_every_minutes" if len(pauses) > 1:
            between = pauses[1].starts_at - pauses[0].starts_at - pauses[0].cleaning
            return between // MINUTE
    return 0


def stepped(value: int, factor: float) -> int:
    """A whole number times a factor, by one step at least, never below 1."""
    step = max(1, round(abs(factor - 1) * value))
    return value + step if factor > 1 else max(1, value - step)


class Varied(Struct, frozen=True):
    """An input with the scenarios that have less and more of it, and by how much they differ."""

    label: str
    less: Scenario
    more: Scenario
    span: float
    """Factor of the input above, less the factor below."""


def varied(scenario: Scenario, by: float, catalogue: Catalogue) -> list[Varied]:
    """Every input that the scenario has, a share `by` less and more."""
    found = []
    for one in inputs(catalogue):
        less, more = one.scaled(scenario, 1 - by), one.scaled(scenario, 1 + by)
        if less and more:
            span = _span(scenario, one.rule, by, catalogue) if one.rule else 2 * by
            found.append(Varied(one.label, less, more, span))
    return found


def _span(scenario: Scenario, field: str, by: float, catalogue: Catalogue) -> float:
    """Whole numbers move by whole steps: the mean of what that comes to."""
    planned = [value for value in planned_by_day(scenario, field, catalogue) if value]
    return fmean((stepped(one, 1 + by) - stepped(one, 1 - by)) / one for one in planned)


class Sensitivity:
    """Takes the replications of the scenario and of its variations, for one measure."""

    def __init__(self, variations: Sequence[Varied], measure: str) -> None:
        self._measure = measure
        self._variations = variations
        self.base = Tally()
        self._less = [Tally() for _ in variations]
        self._more = [Tally() for _ in variations]
        self._between = [Tally() for _ in variations]

    def add(self, base: Figures, less: Sequence[Figures], more: Sequence[Figures]) -> None:
        """One replication of each, before the same people."""
        self.base.add(base.get(self._measure, 0.0))
        for place, (below, above) in enumerate(zip(less, more, strict=True)):
            low, high = below.get(self._measure, 0.0), above.get(self._measure, 0.0)
            self._less[place].add(low)
            self._more[place].add(high)
            self._between[place].add(high - low)

    def effects(self) -> list[Effect]:
        """The inputs, those first that matter most."""
        found = [*self._effects()]
        return sorted(found, key=lambda one: -abs(one.elasticity.mean))

    def _effects(self) -> Iterator[Effect]:
        tallies = zip(self._variations, self._less, self._more, self._between, strict=True)
        for one, less, more, between in tallies:
            change, low, high = between.estimate, less.estimate, more.estimate
            if change and low and high and self.base.mean:
                scale = 1 / (one.span * self.base.mean)
                yield Effect(one.label, low, high, _times(change, scale))


def _times(one: Estimate, factor: float) -> Estimate:
    width = None if one.half_width is None else one.half_width * abs(factor)
    return Estimate(one.mean * factor, width, one.count, one.deviation * abs(factor))


def explore(
    scenario: Scenario,
    variations: Sequence[Varied],
    sensitivity: Sensitivity,
    crew: Crew,
    engine: str,
    count: int,
) -> Iterator[None]:
    """So many replications of the scenario and of every variation; yields after each run."""
    scenarios = [scenario, *(one.less for one in variations), *(one.more for one in variations)]
    tasks = (Task(one, number, engine) for number in range(count) for one in scenarios)
    answers = crew.run(tasks)
    for _ in range(count):
        figures: list[Figures] = []
        for answer in islice(answers, len(scenarios)):
            figures.append(together([of_day(day) for day in answer.days]))
            yield
        middle = 1 + len(variations)
        sensitivity.add(figures[0], figures[1:middle], figures[middle:])
