"""A table kept by somebody else tells what its columns say, and no more."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from schemas.scenario_parts import PartyShare, ServingTime
from simulation.calibration.calibrated import calibrate
from simulation.calibration.observed import Observed
from simulation.calibration.sources import from_table
from simulation.live.scenario import ScenarioError
from tests.simulation.test_model import CATALOGUE, WEEK

BRANCH = CATALOGUE.branch("uralsk-2")
MONDAY = date(2026, 3, 2)
MARCH = (date(2026, 3, 1), date(2026, 3, 31))
Row = Mapping[str, object]


def table(folder: Path, rows: Iterable[Row]) -> Observed:
    path, lines = folder / "visits.csv", [*rows]
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, [*lines[0]])
        writer.writeheader()
        writer.writerows(lines)
    return from_table(path, BRANCH, MARCH, {one.code for one in CATALOGUE.services})


def at(minute: float, on: date = MONDAY) -> datetime:
    """So many minutes after nine."""
    return datetime.combine(on, time(9)) + timedelta(minutes=minute)


def visit(minute: float, on: date = MONDAY, /, **more: object) -> Row:
    return {"arrived_at": at(minute, on), "service": "passport", **more}


@pytest.mark.parametrize("unsaid", [{}, {"party": "", "no_show": "", "started_at": ""}])
def test_what_a_table_does_not_tell_is_that_of_the_base(tmp_path: Path, unsaid: Row) -> None:
    observed = table(tmp_path, [visit(4 * one, **unsaid) for one in range(100)])
    slow = ServingTime(law="constant", mean_minutes=44)
    services = [replace(one, time=slow) for one in WEEK.mix.services]
    base = replace(WEEK, mix=replace(WEEK.mix, services=tuple(services)))
    found = calibrate("uralsk-2", observed, base, CATALOGUE)
    assert found.scenario.visitors.no_show == WEEK.visitors.no_show > 0
    assert found.scenario.visitors.parties == WEEK.visitors.parties
    assert [one.time for one in found.scenario.mix.services] == [slow]
    assumed = {"visitors.no_show", "visitors.parties", "mix.services.time", "staff.shifts"}
    assert assumed <= {*found.kept}


def test_what_a_table_tells_is_counted(tmp_path: Path) -> None:
    absent = ({"no_show": "1"}, *({"no_show": ""},) * 3)
    rows = [visit(4 * one, party=1 + one % 2, **absent[one % 4]) for one in range(100)]
    found = calibrate("uralsk-2", table(tmp_path, rows), WEEK, CATALOGUE)
    assert found.scenario.visitors.no_show == pytest.approx(0.25)
    halves = (PartyShare(people=1, weight=50), PartyShare(people=2, weight=50))
    assert found.scenario.visitors.parties == halves
    assert not {"visitors.no_show", "visitors.parties"} & {*found.kept}


def test_services_without_times_have_those_of_the_base(tmp_path: Path) -> None:
    begun = {"started_at": at(5), "finished_at": at(15)}
    untold = {**visit(3, started_at="", finished_at=""), "service": "digital-signature"}
    observed = table(tmp_path, [visit(1, **begun), untold])
    found = calibrate("uralsk-2", observed, WEEK, CATALOGUE)
    assert "mix.services.time of digital-signature" in found.kept
    assert {one.service: bool(one.time) for one in found.scenario.mix.services} == {
        "digital-signature": False, "passport": True,
    }  # fmt: skip


def served(counter: str, hours: Iterable[float], days: int = 3) -> list[Row]:
    """A visit of a quarter of an hour at each of the times of each day."""
    return [
        visit(
            minute, on, counter=counter, started_at=at(minute, on), finished_at=at(minute + 15, on)
        )
        for on in (MONDAY + timedelta(days=day) for day in range(days))
        for minute in (60 * hour - 540 for hour in hours)
    ]


def test_a_counter_that_rests_between_visits_is_taken_to_be_there(tmp_path: Path) -> None:
    rows = [
        *served("5", (9.5, 11, 14, 16.5)),
        *served("4", (9.5, 11, 14, 16.5)),
        *served("6", (9.5, 12, 13.25, 16.5)),
        *served("7", (9, 10, 11.5)),
        *served("8", (12,), days=1),
        *served("16", (9, 12, 17), days=1),
    ]
    shifts = [
        replace(one, counters=tuple(counter for counter in one.counters if counter != "16"))
        for one in WEEK.staff.shifts
    ]
    base = replace(WEEK, staff=replace(WEEK.staff, shifts=tuple(shifts)))
    found = calibrate("uralsk-2", table(tmp_path, rows), base, CATALOGUE)
    times = {
        counter: (shift.begins, shift.until, [(one.at, one.minutes) for one in shift.breaks])
        for shift in found.scenario.staff.shifts
        for counter in shift.counters
    }
    assert times == {
        "5": (None, None, [("12:00", 45)]),  # of the base
        "4": (None, None, [("13:00", 45)]),
        "8": (None, None, [("13:00", 45)]),  # too few visits to tell
        "6": ("09:30", "16:45", []),  # busy in the base's break
        "7": (None, "11:45", []),  # away for most of the base's shift
    }
    told = " ".join(found.notes)
    assert (
        "Counters 4, 5, 8 have the base's shift, assumed. Of these, 8 had visits on fewer" in told
    )
    assert "Counters 6, 7 are there from their first visit of a day to the last" in told
    assert "Open on 0 of" not in told
    assert "Counters 16 had visits on fewer than half of the days, and no shift in the base" in told


def test_a_public_holiday_is_not_pooled_with_ordinary_days(tmp_path: Path) -> None:
    ordinary, holiday = date(2026, 3, 16), date(2026, 3, 23)
    rows = [visit(one, ordinary) for one in range(400)] + [visit(one, holiday) for one in range(40)]
    found = calibrate("uralsk-2", table(tmp_path, rows), WEEK, CATALOGUE).scenario
    assert [day.profile for day in found.days] == ["monday", "monday-holiday"]
    assert found.days[0].visits == pytest.approx(400, rel=0.1)
    assert found.days[1].visits == pytest.approx(40, rel=0.25)  # drawn a little to all days' mean


NEXT_DAY = MONDAY + timedelta(days=1)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"arrived_at": MONDAY}, "arrived_at: '2026-03-02' has no time, write one like"),
        ({"no_show": "1", "started_at": at(5)}, "no_show: is 1 though started_at or finished_at"),
        ({"no_show": "1", "finished_at": at(5)}, "no_show: is 1 though started_at or finished_at"),
        ({"finished_at": at(5, NEXT_DAY)},
         "finished_at: 2026-03-03 is on another day than arrived_at, 2026-03-02, correct it"),
        ({"started_at": at(1), "finished_at": at(501)},
         "finished_at: 500 minutes after started_at, 480 at most, correct it"),
        ({"counter": "99"}, "counter: the branch has no counter 99, did you mean '9'?"),
        ({"called_at": at(-1)}, "arrived_at, called_at, started_at, finished_at are not in order"),
    ],
)  # fmt: skip
def test_what_no_visit_can_be_is_refused_with_its_line(
    tmp_path: Path, wrong: Row, told: str
) -> None:
    empty = dict.fromkeys(("counter", "called_at", "started_at", "finished_at", "no_show"), "")
    rows = [visit(0, **empty), {**visit(0, **empty), **wrong}]
    with pytest.raises(ScenarioError) as refused:
        table(tmp_path, rows)
    assert f"visits.csv:3: {told}" in str(refused.value)


def test_visits_while_the_branch_is_closed_are_told(tmp_path: Path) -> None:
    usual = [visit(one) for one in range(-55, 500, 5)]
    night = [visit(-330), visit(810), visit(815)]
    quiet = [visit(one, NEXT_DAY) for one in range(100)]
    told = calibrate("uralsk-2", table(tmp_path, usual + night + quiet), WEEK, CATALOGUE).notes
    (closed,) = (one for one in told if "after the closing" in one)
    assert closed.startswith("Visits more than 60 minutes before the opening or after the closing")
    assert "nevertheless: 2026-03-02 3. Correct" in closed
    told = calibrate("uralsk-2", table(tmp_path, usual + quiet), WEEK, CATALOGUE).notes
    assert not any("after the closing" in one for one in told)


def test_a_counter_that_gave_other_services_has_these_skills_too(tmp_path: Path) -> None:
    own = {one.id: one.skills for one in BRANCH.counters}
    assert not {"*", "S", "passport"} & {*own["5"], *own["7"]}
    rows = [*served("5", (9.5, 11, 14, 16.5)), *served("7", (9, 10, 11.5)), *served("16", (10, 16))]
    found = calibrate("uralsk-2", table(tmp_path, rows), WEEK, CATALOGUE)
    skills = {
        one: {*shift.skills} for shift in found.scenario.staff.shifts for one in shift.counters
    }
    for counter in ("5", "7"):  # with the base's shift, and with one of its own
        assert skills[counter] >= {"passport", *own[counter]}
    assert skills["16"] == set()
    assert any(one.startswith("Counters 5, 7 gave other services") for one in found.notes)
