"""Replications on all processors: the answers come in order, whoever was first."""

from __future__ import annotations

import os
import signal
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from itertools import islice
from multiprocessing import get_context

from msgspec import Struct

from schemas.catalogue import Catalogue
from schemas.scenario import Scenario
from simulation.experiments.engine import ENGINES, Kept, Replication

_AHEAD = 3
"""Tasks that each worker may be ahead of the oldest one, so that memory stays bounded."""


class Task(Struct, frozen=True):
    """A replication to be run."""

    scenario: Scenario
    number: int
    engine: str = "simpy"
    kept: Kept = Kept()


class Crew:
    """Runs tasks here or in processes of its own; the results are those of the tasks alone."""

    def __init__(self, catalogue: Catalogue, pool: ProcessPoolExecutor | None, size: int) -> None:
        self._catalogue = catalogue
        self._pool = pool
        self._size = size

    def run(self, tasks: Iterable[Task]) -> Iterator[Replication]:
        """The results in the order of the tasks, each as soon as those before it are there.

        Who stops asking has asked for a few tasks too many, which are given up.
        """
        if self._pool is None:
            yield from (_run(task, self._catalogue) for task in tasks)
        else:
            yield from _in_order(self._pool, iter(tasks), _AHEAD * self._size)


def _in_order(
    pool: ProcessPoolExecutor, tasks: Iterator[Task], ahead: int
) -> Iterator[Replication]:
    under_way: deque[Future[Replication]] = deque()
    try:
        under_way.extend(pool.submit(_run_here, task) for task in islice(tasks, ahead))
        while under_way:
            yield under_way.popleft().result()
            under_way.extend(pool.submit(_run_here, task) for task in islice(tasks, 1))
    finally:
        for future in under_way:
            future.cancel()


@contextmanager
def crew(catalogue: Catalogue, workers: int | None = None) -> Iterator[Crew]:
    """So many processes, by default one a processor; one means this process itself."""
    size = workers or len(os.sched_getaffinity(0))
    if size == 1:
        yield Crew(catalogue, None, 1)
        return
    pool = ProcessPoolExecutor(size, get_context("spawn"), _begins, (catalogue,))
    try:
        yield Crew(catalogue, pool, size)
    finally:
        pool.shutdown(cancel_futures=True)


_catalogue: Catalogue | None = None
"""Of this worker process: it comes once, not with every task."""


def _begins(catalogue: Catalogue) -> None:
    """A worker leaves Ctrl-C to the process that asked, which then gives the tasks up."""
    global _catalogue  # noqa: PLW0603 - a pool's worker has no other place
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _catalogue = catalogue


def _run_here(task: Task) -> Replication:
    if _catalogue is None:
        raise LookupError("the worker has not begun")
    return _run(task, _catalogue)


def _run(task: Task, catalogue: Catalogue) -> Replication:
    return ENGINES[task.engine](task.scenario, catalogue, task.number, task.kept)
