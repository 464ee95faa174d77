"""Weeks of a scenario whose every parameter is known, observed as a journal tells them."""

from __future__ import annotations

from datetime import timedelta
from functools import cache

from msgspec.structs import replace

from schemas.scenario import Scenario
from schemas.scenario_parts import TurnedAway
from simulation.calibration.observed import Observed, observe, together
from simulation.run import replicate
from tests.simulation.test_model import CATALOGUE, WEEK

NOBODY_COMES_BACK = TurnedAway(online=0, phone=0, tomorrow=0, gives_up=1)


def weeks_of(scenario: Scenario, count: int) -> Scenario:
    days = tuple(
        replace(day, date=day.date + timedelta(weeks=week))
        for week in range(count)
        for day in scenario.days
    )
    return replace(scenario, days=days)


TRUE = weeks_of(
    replace(
        WEEK,
        public_holidays=False,
        visitors=replace(
            WEEK.visitors, no_show=0.1, insists=1.0, turned_away=NOBODY_COMES_BACK
        ),
    ),
    4,
)  # fmt: skip


@cache
def seen(scenario: Scenario = TRUE, replication: int = 0) -> Observed:
    runs = replicate(scenario, CATALOGUE, replication)
    return together(observe(run.day.journal) for run in runs)
