"""The reference day by the compiled twin: the day alone, and with its people and measures."""

from __future__ import annotations

import time
from collections.abc import Callable

from benchmarks.simulation.outcome import Outcome, Round, outcome
from benchmarks.simulation.reference import catalogue, scenario, table
from schemas.scenario import Scenario
from simulation.experiments.choice import make_ready
from simulation.habits import habits_of
from simulation.ledger import CALLED_AT, ISSUED_AT
from simulation.measures import Sheet, measured
from simulation.twin.crowd import drawn
from simulation.twin.day import run
from simulation.twin.layout import Day
from simulation.twin.sheets import sheets
from simulation.twin.tables import day_of
from simulation.visitors import MINUTE
from simulation.world import worlds

OVER_AND_OVER = 50
"""Times that each of the days is run: one takes less than a clock can tell."""


def alone(group_size: int, days: int) -> Round:
    """Nothing is told of the days, and their visitors are in the tables beforehand."""
    make_ready()
    ready = [_ready(group_size, replication) for replication in range(days)]
    return _timed(group_size, days, lambda replication: run(ready[replication]))


def with_measures(group_size: int, days: int) -> Round:
    """The visitors are drawn, the day happens, and all measures are taken."""
    make_ready()
    asked, known = scenario(group_size), catalogue()

    def whole(replication: int) -> None:
        for sheet in sheets(asked, known, replication, named=False):
            measured(sheet, asked.site)

    return _timed(group_size, days, whole)


def _ready(group_size: int, replication: int) -> Day:
    asked = scenario(group_size)
    (world,) = worlds(asked, catalogue())
    crowd = drawn(table(group_size, replication), world.midnight)
    return day_of(world, habits_of(asked), crowd, told=False)


def _timed(group_size: int, days: int, day: Callable[[int], object]) -> Round:
    for replication in range(days):
        day(replication)
    began = time.process_time()
    for _ in range(OVER_AND_OVER):
        for replication in range(days):
            day(replication)
    took = time.process_time() - began
    asked = scenario(group_size)
    outcomes = [_outcome(asked, replication) for replication in range(days)]
    return Round(outcomes, took / (days * OVER_AND_OVER))


def _outcome(asked: Scenario, replication: int) -> Outcome:
    (sheet,) = sheets(asked, catalogue(), replication, named=False)
    return outcome(_waits(sheet))


def _waits(sheet: Sheet) -> list[float]:
    visits = sheet.ledger.visits
    called = visits[visits[:, CALLED_AT] > 0]
    return [float(one) for one in (called[:, CALLED_AT] - called[:, ISSUED_AT]) / MINUTE]
