"""Shifts come back as they were, also where visitors keep operators at the counter for longer."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from schemas.fields import minute_of
from schemas.scenario_parts import Break, Shift
from simulation.calibration.observed import ObservedDay
from simulation.calibration.staffing import shifts_of
from tests.simulation.calibration.known import seen
from tests.simulation.test_model import WEEK

EARLY = Shift(
    counters=tuple("12345678"), until="15:30", breaks=(Break(at="11:40", minutes=30),)
)  # fmt: skip
LATE = Shift(
    counters=tuple(map(str, range(9, 17))), begins="10:00", breaks=(Break(at="13:10", minutes=50),)
)
SHIFTS = replace(WEEK, days=WEEK.days[:5], staff=replace(WEEK.staff, shifts=(EARLY, LATE)))


def test_breaks_and_ends_of_shifts_are_those_of_the_shift_and_not_of_the_last_visit() -> None:
    found = {one: shift for shift in shifts_of(seen(SHIFTS).days, {}) for one in shift.counters}
    assert len(found) == 16
    for true in (EARLY, LATE):
        ((was,),) = (true.breaks,)
        for shift in (found[counter] for counter in true.counters):
            (pause,) = shift.breaks
            assert shift.begins == true.begins
            assert minute_of(pause.at) == pytest.approx(minute_of(was.at), abs=3)
            assert pause.ends == pytest.approx(was.ends, abs=1)
            assert (shift.until is None) == (true.until is None)
            if shift.until and true.until:
                assert minute_of(shift.until) == pytest.approx(minute_of(true.until), abs=3)


def test_a_break_begins_within_the_last_visit_or_as_it_was_seen() -> None:
    known = seen(SHIFTS).days[0]
    day = ObservedDay(known.date, 540, 1080, counters={"1": [(540, 740), (770, 1080)]})
    (shift,) = shifts_of([day], {})
    assert shift.breaks == (Break(at="12:20", minutes=30),)
    day.visits = {"1": [(600, 660), (710, 740)]}
    (shift,) = shifts_of([day], {})
    assert shift.breaks == (Break(at="12:05", minutes=45),)
    idle = ObservedDay(known.date, 540, 1080, counters={"1": [(540, 727), (770, 1080)]})
    (shift,) = shifts_of([day, idle], {})
    assert shift.breaks == (Break(at="12:07", minutes=43),)
    day.visits = {"1": [(700, 737), (738, 740)]}
    (shift,) = shifts_of([day], {})
    assert shift.breaks == (Break(at="12:19", minutes=31),)
