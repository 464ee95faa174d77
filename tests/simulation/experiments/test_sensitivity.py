"""Elasticities: one where they must be one, none where there can be none."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from queue_service.policy.model import DayPlan
from schemas.catalogue import Catalogue
from schemas.fields import Texts
from schemas.plan_values import PlanValues
from schemas.regime import Regime, Scope
from schemas.scenario import Scenario
from schemas.scenario_parts import Between
from simulation.experiments.inputs import Moved, stepped
from simulation.experiments.sensitivity import Effect, Sensitivity, Varied, explore, varied
from simulation.experiments.workers import crew
from simulation.world import worlds
from tests.simulation.experiments.small import GROUPS, MONDAY
from tests.simulation.test_model import CATALOGUE, URALSK

QUIET = replace(
    MONDAY,
    visitors=replace(MONDAY.visitors, no_show=0.3),
    days=(replace(MONDAY.days[0], visits=150.0),),
)


def regime(name: str, since: str | None, until: str | None, rules: PlanValues) -> Regime:
    day, text = MONDAY.days[0].date, Texts(kk=name, ru=name, en=name)
    return Regime(
        id=name, name=text, scope=Scope(branch="uralsk-2"), from_date=day, from_time=since,
        until_date=day, until_time=until, rules=rules,
    )  # fmt: skip


TURNING = replace(
    MONDAY,
    regimes=(
        regime("morning", None, "13:00", PlanValues(group_admission=True, group_size=30)),
        regime(
            "afternoon",
            "13:00",
            None,
            PlanValues(group_admission=True, group_size=5, sanitation_every_minutes=300),
        ),
    ),
)


def effects_of(scenario: Scenario, measure: str, labels: set[str]) -> dict[str, Effect]:
    variations = [one for one in varied(scenario, 0.2, CATALOGUE) if one.label in labels]
    found = Sensitivity(variations, measure)
    with crew(CATALOGUE, 1) as people:
        for _ in explore(scenario, variations, found, people, "simpy", 12):
            pass
    return {one.label: one for one in found.effects()}


def variation(scenario: Scenario, label: str, catalogue: Catalogue = CATALOGUE) -> Varied:
    (found,) = (one for one in varied(scenario, 0.1, catalogue) if one.label == label)
    return found


def plans(scenario: Scenario, catalogue: Catalogue = CATALOGUE) -> list[DayPlan]:
    """In force one after another, day by day."""
    return [change.plan for world in worlds(scenario, catalogue) for change in world.changes]


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
    size = variation(URALSK, "group size")
    assert size.span == pytest.approx(0.2)
    for before, after in zip(plans(URALSK), plans(size.moved.more), strict=True):
        assert after.group_admission == before.group_admission
        if before.group_admission:
            assert after.group_size == before.group_size + 1


def test_a_rule_of_a_regime_moves_from_the_turn_of_the_regime_on() -> None:
    turns = [plan.group_size for plan in plans(TURNING)]
    assert turns == [30, 5]
    size = variation(TURNING, "group size")
    assert [plan.group_size for plan in plans(size.moved.less)] == [27, 4]
    assert [plan.group_size for plan in plans(size.moved.more)] == [33, 6]
    assert size.moved.above == pytest.approx((0.1 + 0.2) / 2)
    period = variation(TURNING, "time between pauses")
    assert [len(plan.pauses) for plan in plans(period.moved.more)] == [0, 1]


def test_what_the_branch_itself_says_moves_on_the_days_that_go_by_it() -> None:
    branch = replace(CATALOGUE.branch("uralsk-2"), rules=PlanValues(hall_limit=40))
    here = replace(CATALOGUE, branches=(branch,))
    limit = variation(MONDAY, "hall limit", here)
    assert [plan.hall_limit for plan in plans(limit.moved.less, here)] == [36]
    assert [plan.hall_limit for plan in plans(limit.moved.more, here)] == [44]


def test_an_input_that_a_scenario_does_not_have_is_left_out() -> None:
    labels = {one.label for one in varied(MONDAY, 0.1, CATALOGUE)}
    assert "group size" not in labels
    assert "length of a pause" not in labels
    assert {"visits", "time at the counter"} <= labels


def moved(scenario: Scenario, label: str) -> Moved:
    return next(one.moved for one in varied(scenario, 0.1, CATALOGUE) if one.label == label)


def test_a_share_goes_up_to_1_and_the_elasticity_by_what_it_came_to() -> None:
    able = replace(MONDAY, visitors=replace(MONDAY.visitors, can_go_online=0.96))
    found = moved(able, "share that can go online")
    assert found.more.visitors.can_go_online == 1
    assert [found.below, found.above] == pytest.approx([0.1, 0.04 / 0.96])
    all_of_them = replace(MONDAY, visitors=replace(MONDAY.visitors, can_go_online=1.0))
    found = moved(all_of_them, "share that can go online")
    assert (found.less.visitors.can_go_online, found.above) == (0.9, 0)


def test_two_shares_are_not_more_than_all_together() -> None:
    both = replace(MONDAY.visitors, second_service=0.6, wrong_service=0.4)
    found = moved(replace(MONDAY, visitors=both), "share with a second service")
    assert (found.more.visitors.second_service, found.above) == (0.6, 0)


def test_seconds_move_by_whole_steps_and_the_elasticity_by_what_it_came_to() -> None:
    quick = replace(MONDAY, staff=replace(MONDAY.staff, tidies_seconds=4))
    found = moved(quick, "tidying between visits")
    assert (found.less.staff.tidies_seconds, found.more.staff.tidies_seconds) == (3, 5)
    assert (found.below, found.above) == (0.25, 0.25)
    way = replace(
        MONDAY, visitors=replace(MONDAY.visitors, walks_in_seconds=Between(least=2, most=4))
    )
    found = moved(way, "way to the door")
    bounds = found.less.visitors.walks_in_seconds, found.more.visitors.walks_in_seconds
    assert bounds == (Between(least=1, most=3), Between(least=3, most=5))
    assert [found.below, found.above] == pytest.approx([1 / 3, 1 / 3])
    assert [stepped(15, 0.9), stepped(15, 1.1)] == [13, 17]


def test_counters_are_taken_off_a_shift() -> None:
    on = sum(len(shift.counters) for shift in URALSK.staff.shifts)
    found = moved(URALSK, "counters on a shift")
    left = sum(len(shift.counters) for shift in found.less.staff.shifts)
    assert left == on - 2
    assert found.more == URALSK
    assert [found.below, found.above] == pytest.approx([2 / on, 0])
    busy = replace(MONDAY, days=(replace(MONDAY.days[0], visits=400.0),))
    (effect,) = effects_of(busy, "wait_hall_mean", {"counters on a shift"}).values()
    assert effect.elasticity.mean < 0
    assert effect.less.mean > effect.more.mean
