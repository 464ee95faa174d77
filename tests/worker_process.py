"""`kezek worker` as a process of its own, as production runs it."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path


class WorkerProcess:
    """A running worker and what it has logged."""

    def __init__(self, process: asyncio.subprocess.Process, log: Path) -> None:
        self._process = process
        self._log = log

    async def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        """Ends it with a signal; its exit status."""
        self._process.send_signal(how)
        return await self._process.wait()

    def says(self, event: str) -> int:
        """How often it has logged an event."""
        return sum(one["event"] == event for one in self._events())

    def cause(self, event: str) -> str:
        """Why, by the first line of an event."""
        return next(str(one["cause"]) for one in self._events() if one["event"] == event)

    def taken(self) -> list[str]:
        """Ids of the simulations that it has taken, in order."""
        return [str(one["simulation"]) for one in self._events() if one["event"] == "took"]

    def _events(self) -> list[dict[str, object]]:
        lines = self._log.read_bytes().splitlines()
        return [msgspec.json.decode(line) for line in lines if line.startswith(b"{")]


@asynccontextmanager
async def working(
    database_url: str, log: Path, *, processes: int = 1, **settings: str
) -> AsyncIterator[WorkerProcess]:
    """A worker; it is killed at the end where it has not ended."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("KEZEK_")}
    ours = {"KEZEK_DATABASE_URL": database_url, "KEZEK_WORKER_PROCESSES": str(processes)}
    with log.open("wb") as output:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "simulation.worker"),
            env=kept | ours | settings,
            stdout=output,
            stderr=output,
        )
    try:
        yield WorkerProcess(process, log)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
