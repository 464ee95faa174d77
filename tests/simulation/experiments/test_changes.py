"""Changes of a scenario by name, and their refusals."""

from __future__ import annotations

import pytest

from queue_service.policy import events as happened
from schemas.scenario import Scenario
from simulation.experiments.changes import changed
from simulation.live.scenario import ScenarioError
from simulation.run import replicate
from simulation.world import worlds
from tests.simulation.experiments.small import MONDAY
from tests.simulation.test_model import CATALOGUE, URALSK, WEEK


def made(scenario: Scenario, *changes: str) -> Scenario:
    return changed(scenario, changes, CATALOGUE)


def test_any_field_is_changed_by_its_path() -> None:
    found = made(WEEK, "visitors.no_show=0.25", "days.1.visits=77", "staff.shifts.0.until=13:00")
    assert found.visitors.no_show == 0.25
    assert found.days[1].visits == 77
    assert found.staff.shifts[0].until == "13:00"
    assert found.mix == WEEK.mix


def test_a_value_is_taken_as_in_a_file() -> None:
    assert made(WEEK, "group_size=+20").rules.group_size == 20
    assert made(WEEK, "rules.group_size=~").rules.group_size is None


def test_a_rule_is_tried_in_place_of_what_regimes_say() -> None:
    as_told = worlds(URALSK, CATALOGUE)[3].changes[0].plan
    bounded = worlds(made(URALSK, "rules.group_size=25"), CATALOGUE)[3].changes[0].plan
    tried = worlds(made(URALSK, "group_size=25", "hall_limit=70"), CATALOGUE)[3].changes[0].plan
    assert (as_told.group_size, bounded.group_size, tried.group_size) == (10, 10, 25)
    assert (tried.hall_limit, tried.group_admission) == (70, True)
    assert tried.regimes == as_told.regimes


def test_rules_may_hold_in_place_of_what_regimes_say() -> None:
    looser = made(URALSK, "rules.group_size=25", "rules.hall_limit=70", "rules_over_regimes=true")
    plans = [world.changes[0].plan for world in worlds(looser, CATALOGUE)]
    tried = made(URALSK, "group_size=25", "hall_limit=70")
    assert plans == [world.changes[0].plan for world in worlds(tried, CATALOGUE)]
    assert (plans[3].group_size, plans[3].group_admission, plans[0].group_admission) == (
        25,
        True,
        False,
    )


def counters_open(scenario: Scenario) -> dict[str, int]:
    """Hour -> the most counters that were open in it."""
    (run,) = replicate(scenario, CATALOGUE, 0)
    most: dict[str, int] = {}
    here = 0
    for entry in run.day.journal:
        here += isinstance(entry.event, happened.CounterOpened)
        here -= isinstance(entry.event, happened.CounterClosed)
        hour = f"{(entry.at // 3_600_000 + 5) % 24:02d}"
        most[hour] = max(most.get(hour, 0), here)
    return most


def test_counters_are_staffed_by_the_hour() -> None:
    found = counters_open(made(MONDAY, "counters=09:00/16+11:00/9+14:00/12"))
    assert (found["09"], found["10"], found["13"]) == (16, 16, 9)
    assert (found["15"], found["16"]) == (12, 12)
    assert counters_open(made(MONDAY, "counters=14"))["10"] == 14


def test_who_goes_at_noon_has_no_break_after_it() -> None:
    noon = [f"staff.shifts.{at}.until=12:00" for at in (0, 1)]
    bare = [f"staff.shifts.{at}.breaks=[]" for at in (0, 1)]
    found = made(WEEK, *bare, *noon, "counters=09:00/16+13:00/1+14:00/16")
    assert {(one.until, one.breaks) for one in found.staff.shifts} == {("12:00", ())}


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ("group_size", "is no change, write one like group_size=20"),
        ("group_sise=3", "did you mean group_size?"),
        ("group_size=0", "group_size"),
        ("group_size=", "group_size: is empty, write a value"),
        ("group_size= ", "group_size: is empty, write a value"),
        ("visitors.no_sho=0.2", "visitors.no_sho: no such field, did you mean no_show?"),
        ("visitors.no_show=nan", "visitors.no_show"),
        ("visitors.no_show=2", "visitors.no_show"),
        ("days.9.visits=3", "days.9: no such field"),
        ("rules.closes=08:00", "closes"),
        ("counters=17", "16 are on a shift, write no more of them"),
        ("counters=9:00/3", "write a number, or steps"),
        ("counters=09:00/16+10:00/1+15:00/16", "a break lasts 240 min at most"),
        ("counters=0", "nobody is left on a shift"),
        ("parties=[1", "did you mean"),
        ("visitors.parties=[1", "is no JSON"),
        ("branch=uralsk-77", "no branch uralsk-77"),
    ],
)
def test_what_cannot_be_is_refused_with_field_and_reason(change: str, sentence: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        made(made(WEEK, "rules.opens=09:00"), change)
    assert sentence in str(caught.value)
