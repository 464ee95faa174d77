"""What a worker knows of a job, whatever it asks for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from queue_service.simulations.jobs import Course, Job, Policy
from schemas.question import Search as AskedSearch
from schemas.simulated import AnyFound
from simulation.asked.inputs import Inputs
from simulation.asked.policies import Policies
from simulation.asked.search import Searched
from simulation.experiments.crews import Crew
from simulation.experiments.engine import Replication


class Work(Protocol):
    """A job and what it has come to so far."""

    @property
    def done(self) -> int:
        """Replications, or pairs of them, that count."""
        ...

    @property
    def most(self) -> int:
        """As many as there will be at most."""
        ...

    def run(self, people: Crew) -> None:
        """All of it; raises ScenarioError where it cannot be."""
        ...

    def found(self) -> AnyFound:
        """What it has come to so far."""
        ...

    def courses(self, answers: Sequence[Replication], /) -> list[Course]:
        """Days to watch among the answers that have come."""
        ...

    def policies(self) -> list[Policy]:
        """Policies that were found since this was last asked."""
        ...


def work_of(job: Job) -> Work:
    """What there is to do."""
    if job.question is None:
        return Policies(job)
    if isinstance(job.question, AskedSearch):
        return Searched(job, job.question)
    return Inputs(job, job.question)
