"""`kezek bench gateway`: how soon boards hear of a call, and what a quiet connection costs.

A fresh PostgreSQL on a disk, one service, one gateway, the boards in a process of their own. The
delay of a call is the time from the service's answer (200) to the frame at each board's socket.
"""

from __future__ import annotations

import asyncio
import resource
import signal
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import asyncpg
import click
import msgspec

from benchmarks import country
from benchmarks.crowd import Report as CrowdReport
from benchmarks.crowd_process import CrowdError, crowd_at
from benchmarks.gateway_report import Delays, GatewayReport, Idle, delays
from benchmarks.gateway_stage import servers
from benchmarks.json_file import json_option
from benchmarks.machine import (
    describe,
    disk_folder,
    processor_seconds,
    resident_bytes,
    versions,
)
from benchmarks.painted import on_screen
from benchmarks.recovery import recoveries
from queue_service.machine.postgres import EmbeddedPostgres, PostgresError
from queue_service.machine.processes import ProcessError
from queue_service.machine.state_folder import temporary_state_folder

if TYPE_CHECKING:
    from benchmarks.gateway_stage import Servers

INTERRUPTED: Final = 130
SETTLE_SECONDS: Final = 2.0
QUIET_SECONDS: Final = 10.0
TICK: Final = 0.01
DESCRIPTORS_TO_SPARE: Final = 500


class Extent(NamedTuple):
    """How many boards and branches, how many calls a second, for how long, how many idle, how many
    calls before a browser."""

    boards: int
    branches: int
    rate: float
    seconds: float
    idle: int
    painted: int


@click.command()
@click.option("--boards", type=click.IntRange(1, 19_000), default=2000, help="Connected boards.")
@click.option("--branches", type=click.IntRange(1, 400), default=400, help="At work.")
@click.option("--rate", type=click.FloatRange(0.1, 1000), default=50.0, help="Calls a second.")
@click.option("--seconds", type=click.FloatRange(1, 600), default=30.0, help="Of calling.")
@click.option("--idle", type=click.IntRange(1, 19_000), default=10_000, help="Idle connections.")
@click.option("--painted", type=click.IntRange(1, 10_000), default=200, help="Calls in a browser.")
@json_option
@click.option("--pg-bin", type=click.Path(path_type=Path), help="Programs of another PostgreSQL.")
def main(*, json_file: Path | None, pg_bin: Path | None, **extent_of: Any) -> None:  # noqa: ANN401
    """Measure the delay from an acknowledged call to the boards, idle connections, and how soon all
    boards are right again after the gateway or the database was killed.

    With the defaults it takes about two minutes.
    """
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    extent = Extent(**extent_of)
    try:
        _require_descriptors(max(extent.boards, extent.idle))
        report = _measure_in_new_folder(extent, pg_bin)
    except (PostgresError, ProcessError, CrowdError) as problem:
        raise click.ClickException(str(problem)) from None
    except (KeyboardInterrupt, asyncio.CancelledError):
        click.echo("Interrupted; nothing is left behind.", err=True)
        sys.exit(INTERRUPTED)
    click.echo(report.as_text())
    if json_file:
        json_file.write_bytes(report.as_json() + b"\n")


def _require_descriptors(connections: int) -> None:
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    needed = connections + DESCRIPTORS_TO_SPARE
    if most != resource.RLIM_INFINITY and most < needed:
        raise CrowdError(
            f"This machine allows {most} open files to a process and {needed} are needed: "
            f"raise the hard limit (ulimit -Hn {needed}), or ask for fewer connections."
        )


def _measure_in_new_folder(extent: Extent, pg_bin: Path | None) -> GatewayReport:
    with (
        temporary_state_folder("kezek-bench-", disk_folder()) as folder,
        EmbeddedPostgres(folder, pg_bin) as server,
    ):
        return asyncio.run(_measure(server, folder, extent))


async def _measure(server: EmbeddedPostgres, folder: Path, extent: Extent) -> GatewayReport:
    codes = country.hall_branches(extent.branches)
    async with servers(server, folder, extent.branches) as running:
        click.echo("Opening the branches ...", err=True)
        await running.callers.open(codes)
        click.echo(f"Calling at {extent.rate:g} a second ...", err=True)
        called = await _call(running, codes, extent)
        click.echo(f"Connecting {extent.idle:,} ...", err=True)
        idle = await _idle(running, codes, extent.idle)
        click.echo("Calling before a board in Chromium ...", err=True)
        seen = await on_screen(running, codes[0], extent.painted)
        click.echo("Killing the gateway, then the database ...", err=True)
        recovered = await recoveries(server, running, codes, extent.boards)
    return GatewayReport(
        date=datetime.now(UTC).isoformat(timespec="seconds"),
        machine=describe(folder),
        versions=versions(await _postgres_version(server)),
        boards=extent.boards,
        branches=extent.branches,
        seconds=extent.seconds,
        called=called,
        idle=idle,
        recovered=recovered,
        painted=seen,
    )


async def _call(running: Servers, codes: tuple[str, ...], extent: Extent) -> Delays:
    callers, pid = running.callers, running.gateway.pid or 0
    async with crowd_at("benchmarks.crowd", running.address, extent.boards, codes) as crowd:
        before = processor_seconds(pid)
        began = time.monotonic()
        waits = asyncio.create_task(_longest_wait(extent.seconds))
        await callers.call(codes, extent.rate, extent.seconds)
        await asyncio.sleep(SETTLE_SECONDS)
        used = (processor_seconds(pid) - before) / (time.monotonic() - began)
        heard = await crowd.end(CrowdReport)
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


async def _idle(running: Servers, codes: tuple[str, ...], count: int) -> Idle:
    pid = running.gateway.pid or 0
    await asyncio.sleep(SETTLE_SECONDS)
    before, began = resident_bytes(pid), time.monotonic()
    async with crowd_at("benchmarks.crowd", running.address, count, codes) as crowd:
        connecting = time.monotonic() - began
        used = processor_seconds(pid)
        await asyncio.sleep(QUIET_SECONDS)
        after = resident_bytes(pid)
        used = (processor_seconds(pid) - used) / QUIET_SECONDS
        lost = (await crowd.end(CrowdReport)).lost
    return Idle(
        connections=count,
        lost=lost,
        connecting=connecting,
        before=before,
        after=after,
        processor=used,
    )


async def _postgres_version(server: EmbeddedPostgres) -> str:
    connection = await asyncpg.connect(server.url)
    try:
        return str(await connection.fetchval("SHOW server_version"))
    finally:
        await connection.close()


if __name__ == "__main__":
    main(prog_name="kezek bench gateway")
