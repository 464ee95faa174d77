"""A morning with few visitors, so that a replication costs next to nothing."""

from __future__ import annotations

from msgspec.structs import replace

from schemas.scenario import Scenario
from simulation.experiments.engine import Replication, simpy_engine
from tests.simulation.test_model import CATALOGUE, TIGHT, WEEK, with_rules

MONDAY = replace(WEEK, days=(replace(WEEK.days[0], visits=60.0),))
TWO_DAYS = replace(WEEK, days=tuple(replace(day, visits=60.0) for day in WEEK.days[:2]))
GROUPS = replace(MONDAY, rules=with_rules(TIGHT).rules)


def run(scenario: Scenario, number: int = 0) -> Replication:
    return simpy_engine(scenario, CATALOGUE, number)
