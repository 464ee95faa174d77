"""Two scenarios before the same people: the differences of their measures, pair by pair."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from math import sqrt

from msgspec import Struct
from msgspec.structs import replace

from schemas.scenario import Scenario
from simulation.experiments.bundles import Task
from simulation.experiments.crews import Crew
from simulation.experiments.engine import Replication
from simulation.experiments.figures import ALL_DAYS, Figures, of_day
from simulation.experiments.intervals import Estimate, Tally
from simulation.experiments.replications import Plan
from simulation.experiments.summary import Summary
from simulation.live.scenario import ScenarioError


class Difference(Struct, frozen=True):
    """A measure of both, and the second less the first with the interval of the pairs."""

    first: Estimate
    second: Estimate
    difference: Estimate
    correlation: float | None
    """Of the two over the replications: what common random numbers bring."""


def same_people(first: Scenario, second: Scenario) -> Scenario:
    """The second scenario under the seed of the first.

    Raises ScenarioError where their dates differ, which have no pairs.
    """
    ours, theirs = ([str(day.date) for day in one.days] for one in (first, second))
    if ours != theirs:
        raise ScenarioError(
            f"days: {second.name} is of {_span(theirs)}, {first.name} of {_span(ours)}: "
            "compare scenarios of the same dates"
        )
    return replace(second, seed=first.seed)


def _span(dates: list[str]) -> str:
    return dates[0] if len(dates) == 1 else f"{dates[0]} to {dates[-1]}, {len(dates)} days"


class Pairs:
    """Both scenarios' replications and the differences, added up."""

    def __init__(self) -> None:
        self.first, self.second = Summary(), Summary()
        self._differences: dict[str, defaultdict[str, Tally]] = {}

    def add(self, first: Replication, second: Replication) -> None:
        """Takes in one replication of each, under the same random numbers."""
        self._note(ALL_DAYS, self.first.add(first), self.second.add(second))
        for one, other in zip(first.days, second.days, strict=True):
            self._note(one.date, of_day(one), of_day(other))

    def _note(self, date: str, first: Figures, second: Figures) -> None:
        tallies = self._differences.setdefault(date, defaultdict(Tally))
        for name in first.keys() & second.keys():
            tallies[name].add(second[name] - first[name])

    def differences(self) -> dict[str, dict[str, Difference]]:
        """Date, or `ALL_DAYS` -> measure -> both and their difference."""
        return {
            date: dict(self._of_date(date, tallies)) for date, tallies in self._differences.items()
        }

    def _of_date(self, date: str, tallies: dict[str, Tally]) -> Iterator[tuple[str, Difference]]:
        for name in sorted(tallies):
            both = self.first.tally(name, date), self.second.tally(name, date)
            first, second, between = both[0].estimate, both[1].estimate, tallies[name].estimate
            if first and second and between:
                correlation = _correlation(both[0], both[1], tallies[name])
                yield name, Difference(first, second, between, correlation)

    def half_width(self, name: str) -> float | None:
        """Of the difference over all days together."""
        tallies = self._differences.get(ALL_DAYS)
        return tallies[name].half_width if tallies and name in tallies else None

    def expected(self, plan: Plan) -> int:
        """About how many pairs there will be in the end."""
        return plan.expected_of(self.first.replications, self.half_width(plan.measure))


def _correlation(first: Tally, second: Tally, between: Tally) -> float | None:
    scale = 2 * sqrt(first.variance * second.variance)
    if not scale or not first.count == second.count == between.count:
        return None
    return (first.variance + second.variance - between.variance) / scale


def compare(
    first: Scenario, second: Scenario, plan: Plan, crew: Crew, pairs: Pairs
) -> Iterator[tuple[Replication, Replication]]:
    """Adds pairs until there are enough of them; yields each pair.

    `plan.half_width` is that of the difference.
    """
    answers = iter(crew.run(_in_turn(first, second, plan)))
    for one, other in zip(answers, answers, strict=True):
        pairs.add(one, other)
        yield one, other
        if _enough(plan, pairs):
            return


def _in_turn(first: Scenario, second: Scenario, plan: Plan) -> Iterable[Task]:
    for number in range(plan.most):
        for scenario in (first, second):
            yield Task(scenario, number, plan.engine, plan.kept)


def _enough(plan: Plan, pairs: Pairs) -> bool:
    return plan.enough_of(pairs.first.replications, pairs.half_width(plan.measure))
