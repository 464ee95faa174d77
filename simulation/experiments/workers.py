"""Replications on all processors: the answers come in order, whoever was first."""

from __future__ import annotations

import os
import signal
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from itertools import islice
from multiprocessing import get_context, parent_process
from multiprocessing.synchronize import Event
from threading import Thread

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
    context = get_context("spawn")
    given_up = context.Event()
    pool = ProcessPoolExecutor(size, context, _begins, (catalogue, given_up))
    try:
        yield Crew(catalogue, pool, size)
    except BaseException:
        given_up.set()
        raise
    finally:
        pool.shutdown(cancel_futures=True)


class GivenUp(Exception):  # noqa: N818 - says what is the matter
    """Nobody waits for the task any more."""


_catalogue: Catalogue | None = None
"""Of this worker process: it comes once, not with every task."""
_given_up: Event | None = None
"""Set when no task that has not begun is wanted any more."""


def _begins(catalogue: Catalogue, given_up: Event) -> None:
    """A worker leaves Ctrl-C to the process that asked, and ends when that one ends."""
    global _catalogue, _given_up
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_ends_with_parent, daemon=True).start()
    _catalogue, _given_up = catalogue, given_up


def _ends_with_parent() -> None:
    if parent := parent_process():
        parent.join()
        os._exit(1)


def _run_here(task: Task) -> Replication:
    if _catalogue is None or _given_up is None:
        raise LookupError("the worker has not begun")
    if _given_up.is_set():
        raise GivenUp
    return _run(task, _catalogue)


def _run(task: Task, catalogue: Catalogue) -> Replication:
    return ENGINES[task.engine](task.scenario, catalogue, task.number, task.kept)
