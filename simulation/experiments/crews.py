"""Who runs the tasks of an experiment: what all crews have in common."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol

from simulation.experiments.bundles import Task
from simulation.experiments.engine import Replication

SETTING = "KEZEK_DASK_SCHEDULER"
"""Names the scheduler of a cluster that takes the place of this machine's processes."""


class CrewError(Exception):
    """Those who should run the tasks cannot; the message says why and what to do."""


class Crew(Protocol):
    """Runs tasks; the results are those of the tasks alone."""

    def run(self, tasks: Iterable[Task]) -> Iterator[Replication]:
        """The results in the order of the tasks, each as soon as those before it are there.

        Who stops asking has asked for a few tasks too many, which are given up.
        """
        ...
