"""`kezek bench gateway`: how soon boards hear of a call, and what a quiet connection costs.

A fresh PostgreSQL on a disk, one service, one gateway, the boards in a process of their own. The
delay of a call is the time from the service's answer (200) to the frame at each board's socket.
"""

from __future__ import annotations

import asyncio
import contextlib
import resource
import secrets
import signal
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import asyncpg
import click
import msgspec

from benchmarks import country
from benchmarks.callers import Callers
from benchmarks.crowd import Report as CrowdReport
from benchmarks.gateway_report import Delays, GatewayReport, Idle, delays
from benchmarks.machine import (
    describe,
    disk_folder,
    processor_seconds,
    resident_bytes,
    versions,
)
from queue_service.access import tokens
from queue_service.catalogue import content
from queue_service.machine.parent_death import die_with_parent
from queue_service.machine.postgres import EmbeddedPostgres, PostgresError
from queue_service.machine.processes import (
    Child,
    ProcessError,
    choose_port,
    gateway_child,
    service_child,
    wait_until_ready,
)
from queue_service.migrations import migrate
from queue_service.settings import ClockSetting
from queue_service.store import open_pool

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

INTERRUPTED: Final = 130
HOST: Final = "127.0.0.1"
FIRST_PORT: Final = 18180
SETTLE_SECONDS: Final = 2.0
QUIET_SECONDS: Final = 10.0
TICK: Final = 0.01
DESCRIPTORS_TO_SPARE: Final = 500


class CrowdError(Exception):
    """The boards could not be connected; what their process said stands above."""


class Extent(NamedTuple):
    """How many boards and branches, how many calls a second, for how long, how many idle."""

    boards: int
    branches: int
    rate: float
    seconds: float
    idle: int


@click.command()
@click.option("--boards", type=click.IntRange(1, 19_000), default=2000, help="Connected boards.")
@click.option("--branches", type=click.IntRange(1, 400), default=400, help="At work.")
@click.option("--rate", type=click.FloatRange(0.1, 1000), default=50.0, help="Calls a second.")
@click.option("--seconds", type=click.FloatRange(1, 600), default=30.0, help="Of calling.")
@click.option("--idle", type=click.IntRange(1, 19_000), default=10_000, help="Idle connections.")
@click.option("--json", "json_file", type=click.Path(path_type=Path), help="File for all figures.")
@click.option("--pg-bin", type=click.Path(path_type=Path), help="Programs of another PostgreSQL.")
def main(
    *,
    boards: int,
    branches: int,
    rate: float,
    seconds: float,
    idle: int,
    json_file: Path | None,
    pg_bin: Path | None,
) -> None:
    """Measure the delay from an acknowledged call to the boards, and idle connections.

    With the defaults it takes about a minute and a half.
    """
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    extent = Extent(boards, branches, rate, seconds, idle)
    try:
        _require_descriptors(max(boards, idle))
        report = _measure_in_new_folder(extent, pg_bin)
    except (PostgresError, ProcessError, CrowdError) as problem:
        raise click.ClickException(str(problem)) from None
    except (KeyboardInterrupt, asyncio.CancelledError):
        click.echo("Interrupted; nothing is left behind.", err=True)
        sys.exit(INTERRUPTED)
    if json_file:
        json_file.write_bytes(report.as_json() + b"\n")
    click.echo(report.as_text())


def _require_descriptors(connections: int) -> None:
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    needed = connections + DESCRIPTORS_TO_SPARE
    if most != resource.RLIM_INFINITY and most < needed:
        raise CrowdError(
            f"This machine allows {most} open files to a process and {needed} are needed: "
            f"raise the hard limit (ulimit -Hn {needed}), or ask for fewer connections."
        )


def _measure_in_new_folder(extent: Extent, pg_bin: Path | None) -> GatewayReport:
    with tempfile.TemporaryDirectory(prefix="kezek-bench-", dir=disk_folder()) as name:
        folder = Path(name)
        with EmbeddedPostgres(folder, pg_bin) as server:
            return asyncio.run(_measure(server, folder, extent))


async def _measure(server: EmbeddedPostgres, folder: Path, extent: Extent) -> GatewayReport:
    codes = country.hall_branches(extent.branches)
    async with _servers(server, folder, extent.branches) as (callers, gateway, address):
        click.echo("Opening the branches ...", err=True)
        await callers.open(codes)
        click.echo(f"Calling at {extent.rate:g} a second ...", err=True)
        called = await _call(callers, gateway, address, codes, extent)
        click.echo(f"Connecting {extent.idle:,} ...", err=True)
        idle = await _idle(gateway, address, codes, extent.idle)
    return GatewayReport(
        date=datetime.now(UTC).isoformat(timespec="seconds"),
        machine=describe(folder),
        versions=versions(await _postgres_version(server)),
        boards=extent.boards,
        branches=extent.branches,
        seconds=extent.seconds,
        called=called,
        idle=idle,
    )


@contextlib.asynccontextmanager
async def _servers(
    server: EmbeddedPostgres, folder: Path, branches: int
) -> AsyncIterator[tuple[Callers, Child, str]]:
    """A service and a gateway with that many branches, ready, and who calls there."""
    kiosk, operator = await _fill(server.url, branches)
    clock = str(ClockSetting("scaled", country.BEGIN, time.time_ns() // 1_000_000, 1.0))
    port = choose_port(HOST, None, FIRST_PORT)
    gateway_port = choose_port(HOST, None, port + 1)
    secret = secrets.token_urlsafe(32)
    service = service_child(server.url, (HOST, port), clock, secret, folder / "service.log")
    gateway = gateway_child(server.url, (HOST, gateway_port), clock, folder / "gateway.log")
    async with contextlib.AsyncExitStack() as stack:
        for child, its_port in ((service, port), (gateway, gateway_port)):
            await child.start()
            stack.push_async_callback(child.stop)
            await wait_until_ready(f"http://{HOST}:{its_port}/readyz", child)
        callers = await stack.enter_async_context(
            Callers(f"http://{HOST}:{port}", kiosk=kiosk, operator=operator)
        )
        yield callers, gateway, f"ws://{HOST}:{gateway_port}"


async def _fill(url: str, branches: int) -> tuple[str, str]:
    """Puts the country into the database; returns tokens of a kiosk and of an operator."""
    async with await open_pool(url, most=1, name="kezek bench") as pool:
        async with pool.acquire() as connection:
            await migrate(connection)
        await content.store(pool, country.catalogue(branches))
        return await tokens.mint(pool, "kiosk"), await tokens.mint(pool, "operator")


async def _call(
    callers: Callers, gateway: Child, address: str, codes: tuple[str, ...], extent: Extent
) -> Delays:
    async with _crowd(address, extent.boards, codes) as crowd:
        before = processor_seconds(gateway.pid or 0)
        began = time.monotonic()
        waits = asyncio.create_task(_longest_wait(extent.seconds))
        await callers.call(codes, extent.rate, extent.seconds)
        await asyncio.sleep(SETTLE_SECONDS)
        used = (processor_seconds(gateway.pid or 0) - before) / (time.monotonic() - began)
        heard = await crowd.end()
    found = delays(callers.acknowledged, heard, extent.boards, codes)
    return msgspec.structs.replace(found, processor=used, held_up=await waits)


async def _longest_wait(seconds: float) -> float:
    """Milliseconds for which the machine let this process wait at most: others may be at work."""
    longest, clock = 0.0, asyncio.get_running_loop().time
    end = clock() + seconds
    while (before := clock()) < end:
        await asyncio.sleep(TICK)
        longest = max(longest, clock() - before - TICK)
    return 1000 * longest


async def _idle(gateway: Child, address: str, codes: tuple[str, ...], count: int) -> Idle:
    pid = gateway.pid or 0
    await asyncio.sleep(SETTLE_SECONDS)
    before, began = resident_bytes(pid), time.monotonic()
    async with _crowd(address, count, codes) as crowd:
        connecting = time.monotonic() - began
        used = processor_seconds(pid)
        await asyncio.sleep(QUIET_SECONDS)
        after = resident_bytes(pid)
        used = (processor_seconds(pid) - used) / QUIET_SECONDS
        lost = (await crowd.end()).lost
    return Idle(
        connections=count,
        lost=lost,
        connecting=connecting,
        before=before,
        after=after,
        processor=used,
    )


class _Crowd:
    def __init__(self, input_: asyncio.StreamWriter, output: asyncio.StreamReader) -> None:
        self._input, self._output = input_, output

    async def hear(self) -> bytes:
        line = await self._output.readline()
        if not line:
            raise CrowdError("The boards could not be connected: see what is said above.")
        return line

    async def end(self) -> CrowdReport:
        self._input.close()
        return msgspec.json.decode(await self.hear(), type=CrowdReport)


@contextlib.asynccontextmanager
async def _crowd(address: str, count: int, codes: tuple[str, ...]) -> AsyncIterator[_Crowd]:
    """A process with that many boards, all connected."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-m", "benchmarks.crowd", address, str(count), ",".join(codes)),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        limit=2**30,
        process_group=0,
        preexec_fn=die_with_parent(signal.SIGKILL),
    )
    try:
        if process.stdin is None or process.stdout is None:
            raise CrowdError("The process of the boards has no pipes to talk through.")
        crowd = _Crowd(process.stdin, process.stdout)
        await crowd.hear()
        yield crowd
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()


async def _postgres_version(server: EmbeddedPostgres) -> str:
    connection = await asyncpg.connect(server.url)
    try:
        return str(await connection.fetchval("SHOW server_version"))
    finally:
        await connection.close()


if __name__ == "__main__":
    main(prog_name="kezek bench gateway")
