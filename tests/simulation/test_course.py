"""The course of a day is what its journal tells, minute by minute."""

from __future__ import annotations

from datetime import date

import pytest
from msgspec.structs import replace

from schemas.fields import Texts
from schemas.plan_values import PlanValues
from schemas.regime import Regime, Scope
from schemas.scenario import Scenario
from simulation.course import course_of
from simulation.experiments.engine import Kept, simpy_engine
from simulation.measures import measure
from simulation.run import replicate
from tests.simulation.experiments.small import GROUPS, MONDAY
from tests.simulation.test_model import CATALOGUE, TIGHT

DAY = date(2026, 3, 2)


def journal(scenario: Scenario = GROUPS) -> bytes:
    (lines,) = simpy_engine(scenario, CATALOGUE, 0, Kept(journals=1)).journals.values()
    return lines


def test_the_course_agrees_with_the_measures_of_the_day() -> None:
    course = course_of(journal(), "Asia/Oral", DAY)
    assert course is not None
    (run,) = replicate(GROUPS, CATALOGUE, 0)
    day = measure(run, GROUPS.site)
    assert course.served[-1] == day.served
    assert max(course.hall) <= day.peak_hall
    assert max(course.street) <= day.peak_street
    assert len(course.groups) == day.groups
    assert sum(one.kind == "cleaning" for one in course.pauses) == day.pauses.had
    open_minutes = sum(sum(state != "." for state in one.states) for one in course.counters)
    assert open_minutes / 60 == pytest.approx(day.staff_hours, abs=0.02 * len(course.counters))


def test_nobody_is_counted_twice_or_lost() -> None:
    course = course_of(journal(), "Asia/Oral", DAY)
    assert course is not None
    for hall, waiting, at_counters in zip(
        course.hall, course.waiting, course.at_counters, strict=True
    ):
        assert hall == waiting + at_counters
    assert (course.hall[-1], course.street[-1]) == (0, 0)


def test_a_day_on_which_nothing_happens_has_no_course() -> None:
    assert course_of(b"", "Asia/Oral", DAY) is None


def test_rules_that_change_in_the_middle_of_the_day_are_told_with_their_minute() -> None:
    noon = Regime(
        id="noon",
        name=Texts(kk="n", ru="n", en="n"),
        scope=Scope(branch=MONDAY.branch),
        from_date=DAY,
        from_time="12:00",
        rules=TIGHT,
    )
    course = course_of(journal(replace(MONDAY, regimes=(noon,))), "Asia/Oral", DAY)
    assert course is not None
    before, after = course.rules
    assert (before.minute, before.hall_limit, before.group_size) == (0, None, None)
    assert after.minute == 12 * 60 - course.first_minute
    assert (after.hall_limit, after.group_size, after.group_interval) == (25, 6, 5)
    assert {end - begin for begin, end in after.pauses} == {TIGHT.sanitation_minutes}
    first = min(begin for begin, _ in after.pauses)
    had = [one.begins for one in course.pauses if one.kind == "cleaning"]
    assert had[0] - first in range(5), "the pause that was had is the one that was told"


def test_only_what_is_not_online_is_told_of_the_rules() -> None:
    rules = PlanValues(non_online_only=True)
    course = course_of(journal(replace(MONDAY, rules=rules)), "Asia/Oral", DAY)
    assert course is not None
    assert [one.online_only for one in course.rules] == [True]
