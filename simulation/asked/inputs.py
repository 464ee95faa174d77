"""Which input of a scenario matters most, as a job."""

from __future__ import annotations

from collections.abc import Sequence

from queue_service.simulations.jobs import Course, Job, Policy
from schemas.question import Sensitivity as Asked
from schemas.simulated import EffectFound, SensitivityFound
from simulation.experiments.choice import engine_for
from simulation.experiments.crews import Crew
from simulation.experiments.engine import Replication
from simulation.experiments.found import mean_of, units
from simulation.experiments.sensitivity import Sensitivity, explore, varied


class Inputs:
    """An exploration of the inputs and what it has come to."""

    def __init__(self, job: Job, asked: Asked) -> None:
        self._scenario = job.scenario
        self._asked = asked
        self._variations = varied(job.scenario, asked.by / 100, job.catalogue)
        self._sensitivity = Sensitivity(self._variations, asked.measure)
        self.done = 0

    @property
    def most(self) -> int:
        return self._asked.replications * (1 + 2 * len(self._variations))

    def run(self, people: Crew) -> None:
        scenario, count = self._scenario, self._asked.replications
        engine = engine_for(None, scenario, self.most)
        for _ in explore(scenario, self._variations, self._sensitivity, people, engine, count):
            self.done += 1

    def found(self) -> SensitivityFound:
        base = self._sensitivity.base.estimate
        return SensitivityFound(
            units=units([self._asked.measure]),
            base=mean_of(base) if base else None,
            effects=tuple(
                EffectFound(
                    one.label,
                    mean_of(one.less),
                    mean_of(one.more),
                    mean_of(one.elasticity),
                    one.below,
                    one.above,
                )
                for one in self._sensitivity.effects()
            ),
        )

    def courses(self, _: Sequence[Replication]) -> list[Course]:
        """None: nobody watches so many scenarios."""
        return []

    def policies(self) -> list[Policy]:
        """None: inputs are varied, not policies."""
        return []
