"""How many replications: a number, or until the interval of a measure is narrow enough."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from msgspec import Struct

from schemas.scenario import Scenario
from simulation.experiments.bundles import Task
from simulation.experiments.crews import Crew
from simulation.experiments.engine import Kept, Replication
from simulation.experiments.summary import Summary

FEWEST = 10
"""Before the width of an interval is believed: a rule that stops when it looks narrow covers less
than it says where it may stop after very few (Law, Simulation Modeling and Analysis, 9.4)."""


class Plan(Struct, frozen=True):
    """At most `most` replications; fewer once the interval of `measure` is narrow enough.

    `half_width` is in the unit of the measure, of its 95 % interval over all days together.
    """

    most: int
    half_width: float | None = None
    measure: str = "wait_total_mean"
    engine: str = "simpy"
    kept: Kept = Kept()

    def enough_of(self, done: int, reached: float | None) -> bool:
        """Whether no more are needed after so many with such a half-width.

        It depends on the replications so far and on nothing else.
        """
        if self.half_width is None or done < FEWEST:
            return done >= self.most
        return done >= self.most or (reached is not None and reached <= self.half_width)

    def expected_of(self, done: int, reached: float | None) -> int:
        """About how many there will be in the end."""
        if self.half_width is None or reached is None:
            return self.most
        needed = max(FEWEST, round(done * (reached / self.half_width) ** 2))
        return max(done, min(self.most, needed))

    def enough(self, summary: Summary) -> bool:
        """`enough_of` for the measure over all days of a scenario."""
        return self.enough_of(summary.replications, self._reached(summary))

    def expected(self, summary: Summary) -> int:
        """`expected_of` for the measure over all days of a scenario."""
        return self.expected_of(summary.replications, self._reached(summary))

    def _reached(self, summary: Summary) -> float | None:
        """Asked after every replication, and known for a price."""
        return None if self.half_width is None else summary.tally(self.measure).half_width


def replications(
    scenario: Scenario,
    plan: Plan,
    crew: Crew,
    summary: Summary,
    told: Callable[[Replication], None] = lambda _: None,
) -> Iterator[None]:
    """Adds replications to `summary` until there are enough; yields after each one.

    `told` hears of each one in its order. The numbers do not depend on the crew.
    """
    tasks = (Task(scenario, number, plan.engine, plan.kept) for number in range(plan.most))
    for replication in crew.run(tasks):
        summary.add(replication)
        told(replication)
        yield
        if plan.enough(summary):
            return
