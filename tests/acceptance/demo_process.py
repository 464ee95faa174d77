"""The demo as a person starts it, for tests: its ready line, its children, its end."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import sys
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import aiohttp

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

ROOT = Path(__file__).resolve().parents[2]
READY_SECONDS = 300.0
END_SECONDS = 30.0


class Demo(NamedTuple):
    """A running demo and what it said when it was ready."""

    process: asyncio.subprocess.Process
    ready: dict[str, Any]

    def url(self, path: str) -> str:
        """An address of its branch."""
        return f"{self.ready['api']}/v1/branches/{self.ready['branch']}/{path}"

    def sign_in(self, role: str) -> dict[str, str]:
        """The headers of a role."""
        return {"Authorization": f"Bearer {self.ready['tokens'][role]}"}

    def children(self) -> dict[str, int]:
        """Process ids by the last word of each child's program or module."""
        pid = self.process.pid
        ids = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        return {_name(int(child)): int(child) for child in ids}

    async def end(self, request: signal.Signals = signal.SIGTERM) -> int:
        """Sends a signal and waits; gives the exit status."""
        self.process.send_signal(request)
        async with asyncio.timeout(END_SECONDS):
            return await self.process.wait()


def is_alive(pid: int) -> bool:
    """Whether a process is there and is no zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def _name(pid: int) -> str:
    """A process that just begins or ends has no words yet, or none any more."""
    with contextlib.suppress(FileNotFoundError):
        program, *words = Path(f"/proc/{pid}/cmdline").read_bytes().decode().split("\0")
        if program:
            return "database" if program.endswith("postgres") else words[-2]
    return ""


async def start(*arguments: str, **settings: str) -> asyncio.subprocess.Process:
    """Starts `kezek demo` with these settings alone, without waiting for anything."""
    environment = {name: value for name, value in os.environ.items() if "KEZEK" not in name}
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "queue_service", "demo", *arguments),
        cwd=ROOT,
        env=environment | settings,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


@asynccontextmanager
async def running(state_dir: Path, *arguments: str, **settings: str) -> AsyncIterator[Demo]:
    """A ready demo on any free port; it is stopped at the end if it still runs."""
    where = ("--json", "--port", "0", "--state-dir", str(state_dir))
    process = await start(*where, *arguments, **settings)
    assert process.stdout is not None
    assert process.stderr is not None
    try:
        async with asyncio.timeout(READY_SECONDS):
            line = await process.stdout.readline()
            assert line, (await process.stderr.read()).decode()
        yield Demo(process, json.loads(line))
    finally:
        if process.returncode is None:
            process.terminate()
            await process.wait()


async def ask(demo: Demo, path: str, role: str = "kiosk", **body: object) -> tuple[int, Any]:
    """The status and the body of an answer; with `body`, a POST."""
    async with (
        aiohttp.ClientSession(headers=demo.sign_in(role)) as session,
        session.request("POST" if body else "GET", demo.url(path), json=body or None) as answer,
    ):
        return answer.status, await answer.json(content_type=None)


async def only_sentence(*arguments: str) -> str:
    """What a demo says that does not start."""
    process = await start(*arguments)
    said, told = await process.communicate()
    assert (process.returncode, said) == (1, b"")
    assert told.count(b"\n") == 1
    return told.decode()
