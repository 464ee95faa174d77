"""Replications on all processors, or on a cluster: the answers come in order, whoever was first."""

from __future__ import annotations

import gc
import os
import signal
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from importlib.util import find_spec
from multiprocessing import get_context, parent_process
from multiprocessing.synchronize import Event
from threading import Thread, current_thread, main_thread

from schemas.catalogue import Catalogue
from simulation.experiments.bundles import Bundle, Task, in_order, run_bundle, run_task
from simulation.experiments.crews import SETTING, Crew, CrewError
from simulation.experiments.engine import Replication


class _Here:
    """This process itself."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue

    def run(self, tasks: Iterable[Task]) -> Iterator[Replication]:
        yield from (run_task(task, self._catalogue) for task in tasks)


class _Processes:
    """Processes of its own."""

    seconds = 0.1

    def __init__(self, pool: ProcessPoolExecutor, size: int) -> None:
        self._pool = pool
        self.width = size

    def run(self, tasks: Iterable[Task]) -> Iterator[Replication]:
        yield from in_order(tasks, self)

    def take(self, tasks: tuple[Task, ...]) -> Future[bytes]:
        with _deaf():
            return self._pool.submit(_run_there, tasks)

    def give(self, handed: Future[bytes]) -> Bundle:
        return Bundle.unpacked(handed.result())

    def drop(self, handed: Sequence[Future[bytes]]) -> None:
        for future in handed:
            future.cancel()


@contextmanager
def crew(catalogue: Catalogue, workers: int | None = None) -> Iterator[Crew]:
    """So many processes, by default one a processor; one means this process itself.

    Where `SETTING` names the scheduler of a cluster, that one takes the place of the processes.
    Raises CrewError.
    """
    size = workers or len(os.sched_getaffinity(0))
    address = os.environ.get(SETTING)
    if address and workers != 1:
        with _cluster(address, catalogue) as people:
            yield people
    elif size == 1:
        yield _Here(catalogue)
    else:
        with _processes(size, catalogue) as people:
            yield people


def _cluster(address: str, catalogue: Catalogue) -> AbstractContextManager[Crew]:
    if find_spec("distributed") is None:
        raise CrewError(
            f"{SETTING} is set, and what it needs is not installed: "
            ".venv/bin/uv pip install 'distributed>=2026.3', or unset it."
        )
    from simulation.experiments.cluster import cluster  # noqa: PLC0415 - an extra, and slow to load

    return cluster(address, catalogue)


@contextmanager
def _deaf() -> Iterator[None]:
    """Processes begun inside leave Ctrl-C to the one that asks, from their first moment on.

    That one hears of it afterwards: a process half begun would die of it with a traceback.
    """
    heard: list[int] = []
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        with _hearing(lambda number, _: heard.append(number)):
            yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        for number in heard:
            signal.raise_signal(number)


@contextmanager
def _hearing(of_ctrl_c: Callable[[int, object], None]) -> Iterator[None]:
    """The main thread alone hears, though another one may have taken the signal."""
    if current_thread() is not main_thread():
        yield
        return
    handler = signal.signal(signal.SIGINT, of_ctrl_c)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, handler)


@contextmanager
def _processes(size: int, catalogue: Catalogue) -> Iterator[Crew]:
    context = get_context("spawn")
    given_up = context.Event()
    pool = ProcessPoolExecutor(size, context, _begins, (catalogue, given_up))
    try:
        yield _Processes(pool, size)
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
    """A worker ends when the process that asked ends."""
    global _catalogue, _given_up
    Thread(target=_ends_with_parent, daemon=True).start()
    _catalogue, _given_up = catalogue, given_up
    gc.freeze()  # Whatever is there by now stays: nobody need look through it every tenth day.


def _ends_with_parent() -> None:
    if parent := parent_process():
        parent.join()
        os._exit(1)


def _run_there(tasks: tuple[Task, ...]) -> bytes:
    if _catalogue is None:
        raise LookupError("the worker has not begun")
    return run_bundle(tasks, _catalogue, _goes_on).packed()


def _goes_on() -> None:
    if _given_up is not None and _given_up.is_set():
        raise GivenUp
