"""Days with hours of their own are estimated by themselves, not as others of their weekday."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from queue_service.scenarios.faults import faults
from schemas.branch import OpenHours, SpecialDay
from simulation.calibration.arrivals import estimate_arrivals
from simulation.calibration.calibrated import calibrate
from simulation.calibration.kinds import by_kind
from simulation.calibration.observed import Observed
from tests.simulation.calibration.known import NOBODY_COMES_BACK, seen, weeks_of
from tests.simulation.test_model import CATALOGUE, HERE, WEEK

_FEW = replace(WEEK.days[0], visits=120)
_PATIENT = replace(WEEK.visitors, turned_away=NOBODY_COMES_BACK)
_WEEKS = weeks_of(replace(WEEK, days=WEEK.days[:2], visitors=_PATIENT, public_holidays=False), 2)
"""Two Mondays, the second one short, and two Tuesdays."""
SHORT_MONDAY = replace(
    _WEEKS,
    days=tuple(
        replace(_FEW, date=day.date) if number == 2 else day
        for number, day in enumerate(_WEEKS.days)
    ),
    special_days=(
        SpecialDay(
            date=_WEEKS.days[2].date, hours=OpenHours(opens="11:00", closes="15:00"), reason=HERE
        ),
    ),
)


@pytest.fixture(scope="module")
def observed() -> Observed:
    return seen(SHORT_MONDAY)


def test_a_short_day_has_visits_and_a_profile_of_its_own(observed: Observed) -> None:
    found = calibrate("uralsk-2", observed, WEEK, CATALOGUE).scenario
    assert list(faults(found, CATALOGUE)) == []
    monday, _, short, _ = found.days
    assert monday.visits == pytest.approx(SHORT_MONDAY.days[0].visits, rel=0.1)
    assert short.visits == pytest.approx(120, rel=0.2)
    assert [day.profile for day in found.days] == [
        "monday", "tuesday", "monday-1100-1500", "tuesday",
    ]  # fmt: skip
    hours = {one.code: [hour.at for hour in one.hours] for one in found.profiles}
    assert hours["monday"][0] < "09:00" < hours["monday"][-1]
    assert {"11:00", "14:00"} <= {*hours["monday-1100-1500"]} <= {
        "10:00", "11:00", "12:00", "13:00", "14:00",
    }  # fmt: skip


def test_days_of_one_weekday_with_the_same_hours_are_one_kind(observed: Observed) -> None:
    kinds = {name: [str(day.date) for day in days] for name, days in by_kind(observed).items()}
    assert kinds == {
        "monday": ["2026-03-02"],
        "monday-1100-1500": ["2026-03-09"],
        "tuesday": ["2026-03-03", "2026-03-10"],
    }
    nearly = [replace(day, closes=day.closes - 10 * (day.date.day == 10)) for day in observed.days]
    assert [*by_kind(Observed(days=nearly))] == [*kinds]


def test_a_short_day_is_no_scatter_of_its_weekday(observed: Observed) -> None:
    assert estimate_arrivals(observed).dispersion < 4
