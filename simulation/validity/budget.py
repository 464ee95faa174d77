"""What a validation may cost, its draws, and the engine. One unit of time is a minute."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import ceil

import numpy as np

from schemas.scenario_parts import Law, ServingTime
from simulation.demand import serving_times
from simulation.run import RunDay
from simulation.streams import stream
from simulation.validity.stripped import Case, Numbers, Observed, observe
from simulation.visitors import MINUTE

FEWEST_RUNS = 8
MOST_IN_A_RUN = 60_000
"""Visits of a long run; the compiled engine has room for few more."""


def visits_of_a_long_run(visits: int) -> int:
    """Of a budget in parts as large as may be."""
    return visits // ceil(visits / MOST_IN_A_RUN)


@dataclass
class Budget:
    """Visits that one entry may cost, the seed of its draws, and who lets a case happen."""

    visits: int
    seed: int
    run_day: RunDay
    run: int = 0

    def observe(self, case: Case) -> Observed:
        """What becomes of a case."""
        return observe(case, self.run_day)

    def long_runs(self) -> Iterator[Budget]:
        """The budget in parts for a run each, with draws of their own."""
        each = visits_of_a_long_run(self.visits)
        for run in range(self.visits // each):
            yield replace(self, visits=each, run=run)

    def numbers(self, purpose: str) -> np.random.Generator:
        """The stream of a purpose in the present run."""
        return stream(self.seed, self.run, purpose=purpose)

    def runs(self, visits_each: float) -> Iterator[int]:
        """Numbers of the runs that the budget allows when each costs so many visits."""
        for run in range(max(FEWEST_RUNS, int(self.visits / max(1, visits_each)))):
            self.run = run
            yield run

    def poisson(self, rate: float, count: int) -> Numbers:
        """Arrivals of a Poisson process."""
        return np.cumsum(self.numbers("arrivals").exponential(1 / rate, count))

    def arrivals_until(self, rate: float, until: float) -> Numbers:
        """Arrivals of a Poisson process before a minute."""
        count = self.numbers("arrivals").poisson(rate * until)
        return np.sort(self.numbers("instants").random(count) * until)

    def serving(self, count: int, mean: float, spread: float, law: Law = "lognormal") -> Numbers:
        """Times at the counter; a spread of 0 makes them constant."""
        law = law if spread else "constant"
        time = ServingTime(law=law, mean_minutes=mean, spread=spread)
        return serving_times(time, 0, self.numbers("serving"), count) / MINUTE

    def exponential(self, count: int, rate: float) -> Numbers:
        """Exponential times at the counter."""
        return self.numbers("serving").exponential(1 / rate, count)
