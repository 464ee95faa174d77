"""`kezek watch` as a person starts it, for tests: its ready line, the day that it plays."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from simulation.run import replicate
from simulation.scenario_file import scenario_of, shipped_catalogue

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from queue_service.policy.events import Entry

ROOT = Path(__file__).resolve().parents[2]
SCENARIO, DAY = "uralsk-2020-03", "2020-03-19"
PATIENCE_SECONDS = 120.0


class Watch(NamedTuple):
    """A running command and what it said when it was ready."""

    process: asyncio.subprocess.Process
    ready: dict[str, Any]

    async def line(self) -> dict[str, Any]:
        """What it says next."""
        return json.loads(await _line(self.process))  # type: ignore[no-any-return]

    async def end(self, request: signal.Signals) -> int:
        """Sends a signal and waits; gives the exit status."""
        self.process.send_signal(request)
        async with asyncio.timeout(PATIENCE_SECONDS):
            return await self.process.wait()


@asynccontextmanager
async def watching(*options: str) -> AsyncIterator[Watch]:
    """The command on the day, ready on any free port; it is stopped at the end if it still runs."""
    kept = {name: value for name, value in os.environ.items() if "KEZEK" not in name}
    where = ("watch", SCENARIO, "--day", DAY, "--json", "--port", "0")
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "queue_service", *where, *options),
        cwd=ROOT,
        env=kept,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        yield Watch(process, json.loads(await _line(process)))
    finally:
        if process.returncode is None:
            process.terminate()
            await process.wait()


async def _line(process: asyncio.subprocess.Process) -> bytes:
    assert process.stdout is not None
    assert process.stderr is not None
    async with asyncio.timeout(PATIENCE_SECONDS):
        line = await process.stdout.readline()
        assert line, (await process.stderr.read()).decode()
    return line


@cache
def simulated() -> list[Entry]:
    """The journal of the same day as the simulation has it."""
    catalogue = shipped_catalogue()
    days = replicate(scenario_of(SCENARIO, catalogue), catalogue, 0)
    return next(run.day.journal for run in days if str(run.date) == DAY)
