"""What stood still on one day alone is said of that day."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from queue_service.scenarios.faults import faults
from schemas.fields import minute_of
from schemas.scenario_parts import Outage, Shift
from simulation.calibration.absences import outages_of
from simulation.calibration.calibrated import calibrate
from simulation.calibration.held import Held
from simulation.calibration.observed import ObservedDay, observe, together
from simulation.run import replicate
from simulation.scenario_file import scenario_of
from tests.simulation.calibration.known import seen, weeks_of
from tests.simulation.test_model import CATALOGUE, WEEK

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
