"""Everything that is measured, fresh: a PostgreSQL, a service, a generator of load."""

from __future__ import annotations

import asyncio
import contextlib
import os
import secrets
import signal
import sys
import time
from typing import TYPE_CHECKING, TypeVar

import asyncpg
import msgspec

from benchmarks import country
from benchmarks.bare import Bare
from benchmarks.jobs import Job, Login, Result
from benchmarks.machine import processor_seconds, resident_bytes
from queue_service.access import tokens
from queue_service.catalogue import content
from queue_service.machine.parent_death import die_with_parent
from queue_service.machine.processes import Child, choose_port, wait_until_ready
from queue_service.migrations import migrate
from queue_service.settings import ClockSetting
from queue_service.store import open_pool

if TYPE_CHECKING:
    from asyncio.subprocess import Process
    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path

    from queue_service.machine.postgres import EmbeddedPostgres

HOST = "127.0.0.1"
BARE = "bare"
_Said = TypeVar("_Said", Result, Bare)


class StageError(Exception):
    """A process of the benchmark ended too early; what it said stands above."""


class Stage:
    """The replicas of a service over one database, and the generator that loads them."""

    def __init__(self, replicas: list[Child], generator: Peer) -> None:
        self._replicas = replicas
        self._generator = generator

    async def run(self, job: Job) -> Result:
        """Lets the generator do one job."""
        before = self.service_seconds()
        self._generator.tell(job)
        result = await self._generator.hear(Result)
        return msgspec.structs.replace(result, service_cpu=self.service_seconds() - before)

    def service_seconds(self) -> float:
        """Processor time that the replicas have used so far."""
        return sum(map(processor_seconds, self._pids()))

    def service_bytes(self) -> int:
        """Memory that the replicas hold."""
        return sum(map(resident_bytes, self._pids()))

    def _pids(self) -> Iterator[int]:
        for replica in self._replicas:
            if replica.pid is None:
                raise StageError("A replica of the service has ended.")
            yield replica.pid


@contextlib.asynccontextmanager
async def set_up(
    server: EmbeddedPostgres, folder: Path, branches: int, replicas: int
) -> AsyncIterator[Stage]:
    """A service with that many branches of either kind, ready, with its generator."""
    secret = secrets.token_urlsafe(32)
    async with contextlib.AsyncExitStack() as stack:
        ports: list[int] = []
        running: list[Child] = []
        login = await _fill(server.url, branches)
        for number in range(1, replicas + 1):
            ports.append(choose_port(HOST, 0, 0))
            log = folder / f"service-{number}.log"
            environment = _environment(server, ports[-1], secret)
            running.append(Child("service", ["-m", "queue_service", "serve"], environment, log))
            await running[-1].start()
            stack.push_async_callback(running[-1].stop)
            await wait_until_ready(f"http://{HOST}:{ports[-1]}/readyz", running[-1])
        generator = await stack.enter_async_context(_python("benchmarks.generator"))
        generator.tell(msgspec.structs.replace(login, ports=tuple(ports)))
        yield Stage(running, generator)


async def measure_bare(server: EmbeddedPostgres, branches: int, seconds: float) -> Bare:
    """What the journal and the policy do without HTTP, in a database and a process of their own."""
    connection = await asyncpg.connect(server.url)
    await connection.execute(f"CREATE DATABASE {BARE}")
    await connection.close()
    arguments = (server.url_of(BARE), str(branches), str(seconds))
    async with _python("benchmarks.bare", *arguments) as bare:
        return await bare.hear(Bare)


async def _fill(url: str, branches: int) -> Login:
    pool = await open_pool(url, most=1, name="kezek bench")
    try:
        async with pool.acquire() as connection:
            await migrate(connection)
        await content.store(pool, country.catalogue(branches))
        kiosk = await tokens.mint(pool, "kiosk")
        operator = await tokens.mint(pool, "operator")
        return Login(host=HOST, ports=(), kiosk=kiosk, operator=operator)
    finally:
        await pool.close()


def _environment(server: EmbeddedPostgres, port: int, secret: str) -> dict[str, str]:
    """The settings of `kezek serve`; the clock begins while the branches are open."""
    others = {name: value for name, value in os.environ.items() if not name.startswith("KEZEK_")}
    clock = ClockSetting("scaled", country.BEGIN, time.time_ns() // 1_000_000, 1.0)
    return others | {
        "KEZEK_DATABASE_URL": server.url,
        "KEZEK_HOST": HOST,
        "KEZEK_PORT": str(port),
        "KEZEK_CLOCK": str(clock),
        "KEZEK_SECRET": secret,
    }


class Peer:
    """Another process of the benchmark: a JSON line goes in, a JSON line comes back."""

    def __init__(self, process: Process) -> None:
        if process.stdin is None or process.stdout is None:
            raise StageError("A process of the benchmark has no pipes to talk through.")
        self._input, self._output = process.stdin, process.stdout

    def tell(self, message: Job | Login) -> None:
        """Writes one line."""
        self._input.write(msgspec.json.encode(message) + b"\n")

    async def hear(self, kind: type[_Said]) -> _Said:
        """Reads one line."""
        line = await self._output.readline()
        if not line:
            raise StageError("A process of the benchmark ended too early: see what it said above.")
        return msgspec.json.decode(line, type=kind)


@contextlib.asynccontextmanager
async def _python(module: str, *arguments: str) -> AsyncIterator[Peer]:
    """Runs a module of ours in a process of its own, which ends with the block."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-m", module, *arguments),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        process_group=0,
        preexec_fn=die_with_parent(signal.SIGKILL),
    )
    try:
        yield Peer(process)
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()
