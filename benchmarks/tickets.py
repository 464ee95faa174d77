"""`kezek bench tickets`: how fast tickets are issued and visitors called, through real HTTP.

A fresh PostgreSQL on a disk, a replica of the service for each core, a generator of load in a
process of its own; nothing is left.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import asyncpg
import click

from benchmarks.json_file import json_option
from benchmarks.machine import describe, disk_folder, versions
from benchmarks.plain import PlainError, PlainTransactions
from benchmarks.report import Report
from benchmarks.rounds import Benchmark, PreparationError, Round
from benchmarks.stage import StageError, measure_bare, set_up
from queue_service.machine.postgres import EmbeddedPostgres, PostgresError
from queue_service.machine.processes import ProcessError
from queue_service.machine.state_folder import temporary_state_folder

INTERRUPTED = 130
FAILURES = (PlainError, PostgresError, PreparationError, ProcessError, StageError)


class Extent(NamedTuple):
    """Seconds of a round, rounds of a measure, branches of either kind, replicas."""

    seconds: float
    rounds: int
    branches: int
    replicas: int


@click.command()
@click.option("--seconds", type=click.FloatRange(0.1, 60), default=2.0, help="Of each round.")
@click.option("--rounds", type=click.IntRange(1, 50), default=3, help="Of each measure.")
@click.option("--branches", type=click.IntRange(1, 400), default=400, help="Of either kind.")
@click.option(
    "--replicas",
    type=click.IntRange(1, 64),
    default=len(os.sched_getaffinity(0)),
    help="Of the service; by itself one for each core.",
)
@json_option
@click.option("--pg-bin", type=click.Path(path_type=Path), help="Programs of another PostgreSQL.")
def main(
    *,
    seconds: float,
    rounds: int,
    branches: int,
    replicas: int,
    json_file: Path | None,
    pg_bin: Path | None,
) -> None:
    """Measure issuing tickets and calling visitors, and plain transactions beside them.

    With the defaults it takes about two minutes.
    """
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        report = _measure_in_new_folder(Extent(seconds, rounds, branches, replicas), pg_bin)
    except FAILURES as problem:
        raise click.ClickException(str(problem)) from None
    except (KeyboardInterrupt, asyncio.CancelledError):
        click.echo("Interrupted; nothing is left behind.", err=True)
        sys.exit(INTERRUPTED)
    click.echo(report.as_text())
    if json_file:
        json_file.write_bytes(report.as_json() + b"\n")


def _measure_in_new_folder(extent: Extent, pg_bin: Path | None) -> Report:
    with (
        temporary_state_folder("kezek-bench-", disk_folder()) as folder,
        EmbeddedPostgres(folder, pg_bin) as server,
    ):
        return asyncio.run(_measure(server, folder, extent))


async def _measure(server: EmbeddedPostgres, folder: Path, extent: Extent) -> Report:
    seconds, branches = extent.seconds, extent.branches
    plain = PlainTransactions(server, branches)
    await plain.prepare()
    rounds: list[Round] = []
    async with set_up(server, folder, branches, extent.replicas) as stage:
        benchmark = Benchmark(stage, plain, branches, seconds)
        click.echo("Warming up ...", err=True)
        memory = await benchmark.warm_up()
        async for each in benchmark.rounds(extent.rounds):
            _tell(each)
            rounds.append(each)
    bare = await measure_bare(server, branches, seconds)
    return Report(
        date=datetime.now(UTC).isoformat(timespec="seconds"),
        machine=describe(folder),
        versions=versions(await _postgres_version(server)),
        branches=branches,
        replicas=extent.replicas,
        seconds=seconds,
        plain_driver=await plain.driver(),
        rounds=tuple(rounds),
        memory=memory,
        bare=bare,
    )


async def _postgres_version(server: EmbeddedPostgres) -> str:
    connection = await asyncpg.connect(server.url)
    try:
        return str(await connection.fetchval("SHOW server_version"))
    finally:
        await connection.close()


def _tell(each: Round) -> None:
    errors = f"  {each.errors}" if each.errors else ""
    click.echo(f"{each.measure:<16} {each.clients:>3} {each.rate:>9,.0f}/s{errors}", err=True)


if __name__ == "__main__":
    main(prog_name="kezek bench tickets")
