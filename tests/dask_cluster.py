"""A real Dask scheduler and workers for tests, as processes on the loopback."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from distributed import Client, Worker

from tests.ports import free_port

ROOT = Path(__file__).resolve().parents[1]
PATIENCE_SECONDS = 120.0
QUIET = ("--host", "127.0.0.1", "--no-dashboard")


class Dask:
    """A scheduler and workers of one thread each, on the loopback alone."""

    def __init__(self, ends: ExitStack) -> None:
        port = free_port()
        self.address = f"tcp://127.0.0.1:{port}"
        self._ends = ends
        self._working: dict[str, subprocess.Popen[bytes]] = {}
        self.scheduler = self._run("scheduler", "--port", str(port))
        until(lambda: _listens(port), "the scheduler listens")
        self.client = Client(  # type: ignore[no-untyped-call]
            self.address, timeout=PATIENCE_SECONDS, set_as_default=False
        )
        ends.callback(self.client.close)

    def work(self, name: str) -> subprocess.Popen[bytes]:
        """A worker of that name, ready."""
        worker = self._run("worker", self.address, "--nthreads", "1", "--no-nanny", "--name", name)
        self._working[name] = worker
        until(lambda: name in self.workers(), "the worker is ready")
        return worker

    @contextmanager
    def stopped(self, name: str) -> Iterator[None]:
        """A worker that does nothing meanwhile, and does not know it."""
        self._working[name].send_signal(signal.SIGSTOP)
        yield
        self._working[name].send_signal(signal.SIGCONT)

    def workers(self) -> dict[str, str]:
        """Name -> address."""
        found = self.client.scheduler_info(n_workers=-1)["workers"]
        return {str(one["name"]): address for address, one in found.items()}

    def tasks_of(self, name: str) -> int:
        """How many a worker has been given and has not done."""
        under_way = self.client.processing()  # type: ignore[no-untyped-call]
        return len(under_way.get(self.workers().get(name), ()))

    def done_by(self, name: str) -> int:
        """How many tasks a worker has completed."""
        count: int = self.client.run(_completed, workers=[self.workers()[name]]).popitem()[1]
        return count

    def _run(self, *arguments: str) -> subprocess.Popen[bytes]:
        program = [sys.executable, "-m", "dask", *arguments, *QUIET]
        running = subprocess.Popen(program, cwd=ROOT, stderr=subprocess.DEVNULL)
        self._ends.callback(running.wait)
        self._ends.callback(running.kill)
        return running


def until(holds: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        assert time.monotonic() < deadline, what
        time.sleep(0.02)


def _completed(dask_worker: Worker) -> int:
    return int(dask_worker.state.executed_count)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
