"""Elasticities: one where they must be one, none where there can be none."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from schemas.scenario import Scenario
from simulation.experiments.sensitivity import Effect, Sensitivity, explore, stepped, varied
from simulation.experiments.workers import crew
from tests.simulation.experiments.small import GROUPS, MONDAY
from tests.simulation.test_model import CATALOGUE, URALSK

QUIET = replace(
    MONDAY,
    visitors=replace(MONDAY.visitors, no_show=0.3),
    days=(replace(MONDAY.days[0], visits=150.0),),
)


def effects_of(scenario: Scenario, measure: str, labels: set[str]) -> dict[str, Effect]:
    variations = [one for one in varied(scenario, 0.2, CATALOGUE) if one.label in labels]
    found = Sensitivity(variations, measure)
    with crew(CATALOGUE, 1) as people:
        for _ in explore(scenario, variations, found, people, "simpy", 12):
            pass
    return {one.label: one for one in found.effects()}


def test_no_shows_go_with_their_share_and_with_the_visits() -> None:
    labels = {"share of no-shows", "visits", "way to the door"}
    found = effects_of(QUIET, "no_shows", labels)
    for label in ("share of no-shows", "visits"):
        elasticity = found[label].elasticity
        assert elasticity.half_width is not None
        assert abs(elasticity.mean - 1) < 1.5 * elasticity.half_width
        assert elasticity.differs
    assert found["way to the door"].elasticity.mean == 0
    assert list(found)[-1] == "way to the door"


def test_larger_groups_shorten_the_street_and_later_ones_lengthen_it() -> None:
    crowded = replace(GROUPS, days=(replace(GROUPS.days[0], visits=400.0),))
    found = effects_of(crowded, "wait_street_mean", {"group size", "time between groups"})
    assert found["group size"].elasticity.mean < 0 < found["time between groups"].elasticity.mean


def test_a_rule_moves_by_whole_steps_and_only_on_days_that_go_by_it() -> None:
    assert [stepped(10, 1.1), stepped(10, 0.9), stepped(3, 1.1), stepped(1, 0.9)] == [11, 9, 4, 1]
    (size,) = [one for one in varied(URALSK, 0.1, CATALOGUE) if one.label == "group size"]
    assert [day.rules.group_size for day in size.more.days] == [None, None, None, 11, 11]
    assert size.span == pytest.approx(0.2)


def test_an_input_that_a_scenario_does_not_have_is_left_out() -> None:
    labels = {one.label for one in varied(MONDAY, 0.1, CATALOGUE)}
    assert "group size" not in labels
    assert "length of a pause" not in labels
    assert {"visits", "time at the counter"} <= labels
