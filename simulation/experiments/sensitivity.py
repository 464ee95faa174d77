"""Which input matters most: each a little less and a little more, before the same people.

The elasticity of a measure with regard to an input: by how many per cent it changes for one per
cent of the input, the two-sided difference quotient at the scenario. Every replication gives one
value of it, the random numbers being common, and so an interval. (Law, Simulation Modeling and
Analysis, 5th ed., 12.5 for gradients with common random numbers; Saltelli and others, Global
Sensitivity Analysis, 2008, for what such one-at-a-time elasticities leave out: interactions.)
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from msgspec import Struct

from schemas.catalogue import Catalogue
from schemas.scenario import Scenario
from simulation.experiments.bundles import Task
from simulation.experiments.crews import Crew
from simulation.experiments.figures import Figures, of_day, together
from simulation.experiments.inputs import Moved, inputs
from simulation.experiments.intervals import Estimate, Tally


class Effect(Struct, frozen=True):
    """An input, the elasticity of the measure, and the measure itself below and above."""

    label: str
    below: float
    above: float
    less: Estimate
    more: Estimate
    elasticity: Estimate

    @property
    def change(self) -> str:
        """By how much less and more of the input there was, such as "-10%, +4%"."""
        parts = ((-self.below, self.below), (self.above, self.above))
        return ", ".join(f"{signed:+.0%}" for signed, one in parts if one)


class Varied(Struct, frozen=True):
    """An input that a scenario has, and less and more of it."""

    label: str
    moved: Moved

    @property
    def span(self) -> float:
        """The share by which the input differs between below and above."""
        return self.moved.below + self.moved.above


def varied(scenario: Scenario, by: float, catalogue: Catalogue) -> list[Varied]:
    """Every input that the scenario has, about a share `by` less and more."""
    found = ((one.label, one.move(scenario, by)) for one in inputs(catalogue))
    return [Varied(label, moved) for label, moved in found if moved and moved.below + moved.above]


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
                below, above = one.moved.below, one.moved.above
                yield Effect(one.label, below, above, low, high, _times(change, scale))


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
    moved = [one.moved for one in variations]
    scenarios = [scenario, *(one.less for one in moved), *(one.more for one in moved)]
    tasks = (Task(one, number, engine) for number in range(count) for one in scenarios)
    answers = crew.run(tasks)
    for _ in range(count):
        figures: list[Figures] = []
        for answer in islice(answers, len(scenarios)):
            figures.append(together([of_day(day) for day in answer.days]))
            yield
        middle = 1 + len(variations)
        sensitivity.add(figures[0], figures[1:middle], figures[middle:])
