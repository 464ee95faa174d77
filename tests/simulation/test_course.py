"""The course of a day is what its journal tells, minute by minute."""

from __future__ import annotations

from datetime import date

import pytest

from simulation.course import course_of
from simulation.experiments.engine import Kept, simpy_engine
from simulation.measures import measure
from simulation.run import replicate
from tests.simulation.experiments.small import GROUPS
from tests.simulation.test_model import CATALOGUE

DAY = date(2026, 3, 2)


def journal() -> bytes:
    (lines,) = simpy_engine(GROUPS, CATALOGUE, 0, Kept(journals=1)).journals.values()
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
