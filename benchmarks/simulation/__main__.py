"""`kezek bench simulation`: branch-days a second and core of the reference day."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from statistics import fmean, median

import click

from benchmarks.json_file import json_option
from benchmarks.machine import describe, disk_folder
from benchmarks.simulation import with_kezek, with_twin
from benchmarks.simulation.experiment import experiment
from benchmarks.simulation.outcome import Model, Outcome, one_by_one
from benchmarks.simulation.reference import Crowd, crowd, table
from benchmarks.simulation.report import (
    GROUP_SIZES,
    KEZEK,
    MEASURED,
    TWIN,
    Line,
    Measured,
    Report,
    versions,
)

INTERRUPTED = 130


@click.command()
@click.option("--rounds", type=click.IntRange(1, 100), default=5, help="Of each model.")
@click.option("--days", type=click.IntRange(1, 1000), default=3, help="In each round.")
@click.option(
    "--reps", type=click.IntRange(1, 100_000), default=1000, help="Of the whole experiment."
)
@json_option
def main(*, rounds: int, days: int, reps: int, json_file: Path | None) -> None:
    """Let the reference day happen in our model, its twin, Ciw and salabim, one after another.

    Ciw and salabim are development packages: `kezek test` installs them. Without them our own
    engines are measured alone. With the defaults it takes about a minute; a twin that has not
    been compiled yet is compiled first.
    """
    try:
        report = _measure(rounds, days, reps)
    except KeyboardInterrupt:
        click.echo("Interrupted.", err=True)
        sys.exit(INTERRUPTED)
    click.echo(report.as_text())
    if json_file:
        json_file.write_bytes(report.as_json() + b"\n")


def _measure(rounds: int, days: int, reps: int) -> Report:
    models = dict(_models())
    gc.freeze()  # As in every worker: no model pays for looking through what others imported.
    measured = [
        _round(model, run, group_size, days)
        for group_size in GROUP_SIZES
        for _ in range(rounds)
        for model, run in models.items()
    ]
    return Report(
        date=datetime.now(UTC).isoformat(timespec="seconds"),
        machine=describe(disk_folder()),
        versions=versions(models),
        rounds=tuple(measured),
        lines=tuple(
            _line(model, group_size, measured) for group_size in GROUP_SIZES for model in models
        ),
        experiment=experiment(reps),
    )


def _models() -> Iterator[tuple[str, Model]]:
    yield KEZEK, one_by_one(with_kezek.day)
    yield TWIN, with_twin.alone
    yield MEASURED, with_twin.with_measures
    try:
        from benchmarks.simulation import with_ciw, with_salabim  # noqa: PLC0415 - may be missing
    except ImportError as missing:
        click.echo(f"{missing.name} is not installed: `kezek test` installs it.", err=True)
        return
    for name, day in (("Ciw", with_ciw.day), ("salabim", with_salabim.day)):
        yield name, one_by_one(_given_crowd(day))


def _given_crowd(day: Callable[[Crowd, int], Outcome]) -> Callable[[int, int], Outcome]:
    return lambda group_size, replication: day(crowd(table(group_size, replication)), group_size)


def _round(model: str, run: Model, group_size: int, days: int) -> Measured:
    done = run(group_size, days)
    return Measured(
        model=model,
        group_size=group_size,
        days_per_second=1 / done.seconds_a_day,
        called=fmean(one.called for one in done.outcomes),
        mean_wait=fmean(one.mean_wait for one in done.outcomes),
    )


def _line(model: str, group_size: int, measured: list[Measured]) -> Line:
    mine = [one for one in measured if (one.model, one.group_size) == (model, group_size)]
    rates = [one.days_per_second for one in mine]
    return Line(
        model=model,
        group_size=group_size,
        days_per_second=round(median(rates), 2),
        lowest=round(min(rates), 2),
        highest=round(max(rates), 2),
        called=round(mine[0].called, 1),
        mean_wait=round(mine[0].mean_wait, 1),
    )


if __name__ == "__main__":
    main()
