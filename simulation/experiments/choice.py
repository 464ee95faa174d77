"""Which engine lets the days happen where nobody says, and the compiled one made ready."""

from __future__ import annotations

import sys
from argparse import ArgumentParser

from schemas.scenario import Scenario
from simulation.experiments.engine import ENGINES
from simulation.twin import kept

MAKING_SECONDS = 20
"""About what compiling takes; measured on a core of 2020."""
WORTH_MAKING = 100_000
"""Visits that take the model as long."""


def add_engine_option(parser: ArgumentParser) -> None:
    """Adds `--engine` to a command's options."""
    parser.add_argument(
        "--engine",
        choices=sorted(ENGINES),
        help="who lets the days happen; the numbers are the same (compiled, once that has been "
        "made or where there is much to do)",
    )


def engine_for(asked: str | None, scenario: Scenario, replications: int) -> str:
    """The engine that was asked for, or the one that has done so many replications sooner.

    The compiled one is made where it is not there yet, which standard error tells.
    """
    visits = replications * sum(day.visits for day in scenario.days)
    if asked == "simpy" or (asked is None and not _is_worth_it(visits)):
        return "simpy"
    make_ready()
    return "compiled"


def _is_worth_it(visits: float) -> bool:
    if kept.is_interpreted():
        return False
    return visits >= WORTH_MAKING or kept.is_there()


def make_ready() -> None:
    """Compiles the twin unless that has been done."""
    if kept.is_there() or kept.is_interpreted():
        return
    sys.stderr.write(f"Compiling the model once, about {MAKING_SECONDS} s.\n")
    sys.stderr.flush()
    from simulation.twin.making import make  # noqa: PLC0415 - numba is slow to load

    make()
