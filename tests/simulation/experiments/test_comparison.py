"""Two scenarios before the same people."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from schemas.scenario import Scenario
from simulation.experiments.changes import changed
from simulation.experiments.comparison import Difference, Pairs, compare, same_people
from simulation.experiments.figures import ALL_DAYS
from simulation.experiments.replications import FEWEST, Plan
from simulation.experiments.workers import crew
from simulation.live.scenario import ScenarioError
from tests.simulation.experiments.small import GROUPS, MONDAY, TWO_DAYS
from tests.simulation.test_model import CATALOGUE


def pairs_of(first: Scenario, second: Scenario, plan: Plan) -> Pairs:
    pairs = Pairs()
    with crew(CATALOGUE, 1) as people:
        for _ in compare(first, second, plan, people, pairs):
            pass
    return pairs


def differences(first: Scenario, second: Scenario, count: int) -> dict[str, Difference]:
    return pairs_of(first, second, Plan(count)).differences()[ALL_DAYS]


def test_a_scenario_differs_from_itself_in_nothing() -> None:
    found = differences(MONDAY, same_people(MONDAY, replace(MONDAY, seed=1)), 4)
    assert {(one.difference.mean, one.difference.half_width) for one in found.values()} == {(0, 0)}
    assert not any(one.difference.differs for one in found.values())


def test_the_same_people_make_a_difference_plain() -> None:
    slower = changed(GROUPS, ["rules.group_interval_minutes=15"], CATALOGUE)
    wait = differences(GROUPS, slower, 12)["wait_street_mean"]
    assert wait.difference.differs
    assert wait.difference.mean == pytest.approx(wait.second.mean - wait.first.mean)
    assert wait.correlation is not None
    assert wait.correlation > 0.3
    apart = (wait.first.deviation**2 + wait.second.deviation**2) ** 0.5
    assert wait.difference.deviation < apart


def test_pairs_end_when_the_interval_of_the_difference_is_narrow_enough() -> None:
    fewer = changed(GROUPS, ["hall_limit=20"], CATALOGUE)
    pairs = pairs_of(GROUPS, fewer, Plan(100, 1e6, "wait_street_mean"))
    assert pairs.first.replications == pairs.second.replications == FEWEST


def test_scenarios_of_other_dates_have_no_pairs() -> None:
    with pytest.raises(ScenarioError, match="compare scenarios of the same dates"):
        same_people(MONDAY, TWO_DAYS)
