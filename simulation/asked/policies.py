"""The days of a scenario, replicated; or of two policies before the same people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import islice

from queue_service.simulations.jobs import Course, Job, Policy
from schemas.simulated import Found, Which
from simulation.course import course_of
from simulation.experiments.bundles import Task
from simulation.experiments.choice import engine_for
from simulation.experiments.comparison import Pairs
from simulation.experiments.crews import Crew
from simulation.experiments.engine import Kept, Replication
from simulation.experiments.found import found_of, found_of_pairs
from simulation.experiments.summary import Summary


class Policies:
    """A run and what it has come to."""

    def __init__(self, job: Job) -> None:
        self._which: tuple[Which, ...] = ("scenario", "versus") if job.versus else ("scenario",)
        self._scenarios = [job.scenario, *([job.versus] if job.versus else [])]
        self._summary = Summary()
        self._pairs = Pairs()
        self._job = job

    @property
    def done(self) -> int:
        """Replications, or pairs of them."""
        both = len(self._which) > 1
        return self._pairs.first.replications if both else self._summary.replications

    @property
    def most(self) -> int:
        return self._job.replications

    def run(self, people: Crew) -> None:
        answers = people.run(self._tasks())
        while found := list(islice(answers, len(self._which))):
            self._add(found)

    def _add(self, found: Sequence[Replication]) -> None:
        if len(self._which) == 1:
            self._summary.add(found[0])
        else:
            self._pairs.add(found[0], found[1])

    def _tasks(self) -> Iterator[Task]:
        """Each policy in turn; of the first replication the journals are kept."""
        most = self._job.replications
        engine = engine_for(None, self._job.scenario, most * len(self._which))
        for number in range(most):
            for scenario in self._scenarios:
                yield Task(scenario, number, engine, Kept(journals=1))

    def found(self) -> Found:
        return found_of(self._summary) if len(self._which) == 1 else found_of_pairs(self._pairs)

    def courses(self, answers: Sequence[Replication]) -> list[Course]:
        """Of the first replication."""
        first = [one for one in answers if one.journals]
        which = self._which[-len(first) :] if first else ()
        zone = self._job.catalogue.branch(self._job.scenario.branch).time_zone
        return [
            Course(policy, on, course)
            for policy, one in zip(which, first, strict=True)
            for name, journal in one.journals.items()
            if (course := course_of(journal, zone, on := _date_of(name)))
        ]

    def policies(self) -> list[Policy]:
        """None: those of a run are known already."""
        return []


def _date_of(journal: str) -> date:
    return date.fromisoformat(journal.removesuffix(".jsonl")[-10:])
