"""What stood still on one day alone is said of that day."""

from __future__ import annotations

import re

import pytest
from msgspec.structs import replace

from queue_service.scenarios.faults import faults
from schemas.fields import minute_of
from schemas.plan_values import PlanValues
from schemas.scenario_parts import Break, Day, Outage, Shift
from simulation.calibration.absences import outages_of
from simulation.calibration.calibrated import calibrate
from simulation.calibration.held import Held
from simulation.calibration.observed import ObservedDay, Span, observe, together
from simulation.run import replicate
from simulation.scenario_file import scenario_of
from tests.simulation.calibration.known import seen, weeks_of
from tests.simulation.test_model import CATALOGUE, WEEK

SELDOM = ("3", "14", "16")
"""Without them nobody gives a legal entity its certificate."""
OUTAGES = scenario_of("system-outage", CATALOGUE)


def test_outages_come_back_on_their_days() -> None:
    observed = together(observe(run.day.journal) for run in replicate(OUTAGES, CATALOGUE, 0))
    found = calibrate("uralsk-2", observed, WEEK, CATALOGUE).scenario
    assert list(faults(found, CATALOGUE)) == []
    for day, true in zip(found.days, OUTAGES.days, strict=True):
        assert [one.counters for one in day.outages] == [one.counters for one in true.outages]
        for outage, was in zip(day.outages, true.outages, strict=True):
            assert minute_of(outage.at) == pytest.approx(minute_of(was.at), abs=3)
            assert outage.minutes == pytest.approx(was.minutes, abs=5)


def test_ordinary_days_have_none() -> None:
    week = seen(weeks_of(WEEK, 1))
    assert all(
        not day.outages for day in calibrate("uralsk-2", week, WEEK, CATALOGUE).scenario.days
    )


def test_counters_that_were_left_apart_are_outages_of_their_own() -> None:
    ((day, *_), shifts) = seen(weeks_of(WEEK, 1)).days, (Shift(counters=("1", "2", "3")),)
    known: list[Held] = day.plans
    alone = ObservedDay(day.date, 540, 780, plans=known)
    alone.counters = {
        "1": [(540, 600), (645, 780)],
        "2": [(540, 610), (640, 780)],
        "3": [(570, 760)],
    }
    found = outages_of(alone, shifts)
    assert found == (
        Outage(at="09:00", minutes=30, counters=("3",)),
        Outage(at="10:00", minutes=42, counters=("1", "2")),
    )
    assert outages_of(replace(alone, plans=[]), shifts) == ()


def test_who_finished_a_visit_in_an_outage_and_called_nobody_belongs_to_it() -> None:
    (known, *_), shifts = seen(weeks_of(WEEK, 1)).days, (Shift(counters=("1", "2", "3")),)
    day = ObservedDay(known.date, 540, 780, plans=known.plans)
    late: list[Span] = [(540, 640), (660, 780)]
    day.counters = {"1": [(540, 600), (660, 780)], "2": late, "3": late}
    day.visits = {"2": [(560, 590), (591, 640)], "3": [(591, 610), (611, 640)]}
    assert outages_of(day, shifts) == (Outage(at="10:00", minutes=60, counters=("1", "2")),)
    day.visits["3"] = day.visits["2"]
    assert outages_of(day, shifts) == (Outage(at="10:00", minutes=60),)


def test_an_outage_of_all_takes_along_whoever_was_still_serving() -> None:
    outages = [away(number, Outage(at="10:30", minutes=45)) for number in (1, 3)]
    days = (WEEK.days[0], outages[0], WEEK.days[2], outages[1], WEEK.days[4])
    for replication in range(2):
        week = seen(replace(WEEK, days=days), replication)
        found = calibrate("uralsk-2", week, WEEK, CATALOGUE).scenario
        assert [len(day.outages) for day in found.days] == [0, 1, 0, 1, 0]
        assert {one.counters for day in found.days for one in day.outages} == {()}


def away(number: int, *outages: Outage) -> Day:
    return replace(WEEK.days[number], outages=outages)


def test_counters_that_work_on_few_days_have_a_shift_and_are_out_on_the_others() -> None:
    out = Outage(at="08:30", minutes=720, counters=SELDOM)
    week = seen(replace(WEEK, days=(*WEEK.days[:2], *(away(number, out) for number in (2, 3, 4)))))
    found = calibrate("uralsk-2", week, WEEK, CATALOGUE)
    shifts = {one for shift in found.scenario.staff.shifts for one in shift.counters}
    assert {*SELDOM} < shifts
    assert list(faults(found.scenario, CATALOGUE)) == []
    assert found.notes == (
        "Open on 2 of 5 days only, with a shift and outages on the others: counters 3, 14, 16.",
    )
    # The whole day, with those who are still there at closing, is twelve hours at most.
    whole = Outage(at="09:00", minutes=720, counters=SELDOM)
    assert [day.outages for day in found.scenario.days] == [(), (), (whole,), (whole,), (whole,)]


def test_a_counter_that_the_plan_has_not_is_in_no_outage() -> None:
    few = PlanValues(counters_in_use=(*"123456789", "16"))
    fewer = tuple(replace(WEEK.days[number], rules=few) for number in (2, 3, 4))
    broken = replace(fewer[0], outages=(Outage(at="14:30", minutes=60),))
    week = seen(replace(WEEK, days=(*WEEK.days[:2], broken, *fewer[1:])))
    found = calibrate("uralsk-2", week, WEEK, CATALOGUE)
    assert not any(note.startswith("Open on") for note in found.notes)
    counters = [[one.counters for one in day.outages] for day in found.scenario.days]
    assert counters == [[], [], [()], [], []]


def test_work_outside_the_shift_of_most_days_is_told() -> None:
    home = Outage(at="14:00", minutes=600, counters=("5",))
    days = (WEEK.days[0], WEEK.days[1], *(away(number, home) for number in (2, 3, 4)))
    found = calibrate("uralsk-2", seen(replace(WEEK, days=days)), WEEK, CATALOGUE)
    (note,) = found.notes
    told, hours, rest = re.split(r"(?<=, )([0-9.]+)", note)
    assert told == "Counter 5 was open outside its shift on 2 of 5 days, "
    assert float(hours) == pytest.approx(8, abs=0.3)
    assert rest == " hours together: left out."


def test_who_works_again_after_long_hours_has_them_as_an_outage() -> None:
    day = seen(replace(WEEK, days=(away(1, Outage(at="10:00", minutes=300)),)))
    found = calibrate("uralsk-2", day, WEEK, CATALOGUE).scenario
    assert {(shift.until, shift.breaks) for shift in found.staff.shifts} == {(None, ())}
    ((long, *_),) = (day.outages for day in found.days)
    assert long.at == "10:00"
    assert long.minutes == pytest.approx(300, abs=3)


def test_a_break_within_an_outage_is_part_of_it() -> None:
    (day,) = seen(replace(WEEK, days=(away(1, Outage(at="11:00", minutes=180)),))).days
    shifts = tuple(
        Shift(counters=(str(one),), breaks=(Break(at=f"{13 - one % 2}:00", minutes=45),))
        for one in range(1, 17)
    )
    (outage,) = outages_of(day, shifts)
    assert outage.at == "11:00"
    assert outage.minutes == pytest.approx(180, abs=3)


def test_a_table_shows_only_who_was_not_there_all_day() -> None:
    shifts = (Shift(counters=("1", "2")), Shift(counters=("3",)))
    rested = {"1": [(540.0, 600.0), (700.0, 1080.0)], "2": [(540.0, 1080.0)]}
    day = ObservedDay(WEEK.days[0].date, 540, 1080, counters=rested)
    assert outages_of(day, shifts) == (Outage(at="09:00", minutes=720, counters=("3",)),)
    assert outages_of(replace(day, counters={}), shifts) == ()
