"""Measures read from a simulated journal: exact where they can be, and as the service counts."""

from __future__ import annotations

from itertools import pairwise
from statistics import fmean

import msgspec
import pytest

from queue_service.policy.breakdown import Breakdown
from queue_service.policy.evolve import evolve
from queue_service.policy.model import State
from queue_service.timing.localtime import in_zone
from schemas.scenario import Scenario
from simulation.measures import estimate, measure, people_over_time, student
from simulation.record import Record
from simulation.run import Run
from simulation.visitors import QUARTER_HOUR
from tests.policy.branch_day import Day, with_groups
from tests.simulation.test_model import TIGHT, URALSK, WEEK, days_of, with_rules

CROWDED = with_rules(TIGHT)
ONLINE_FIRST = msgspec.structs.replace(URALSK, days=URALSK.days[4:])


def run_of(scenario: Scenario) -> Run:
    return days_of(scenario)[0]


@pytest.mark.parametrize("scenario", [WEEK, CROWDED], ids=["open", "groups"])
def test_littles_law_holds_exactly_from_empty_to_empty(scenario: Scenario) -> None:
    run = run_of(scenario)
    state, area = State(), 0
    for entry, following in pairwise(run.day.journal):
        evolve(state, entry)
        here = state.street_people + state.released_people + state.occupancy
        area += here * (following.at - entry.at)
    visits = Record.of(run.day.journal).visits.values()
    assert area == sum(visit.party * (visit.left_at - visit.issued_at) for visit in visits)
    assert area > 0


@pytest.mark.parametrize("scenario", [WEEK, CROWDED, ONLINE_FIRST], ids=["open", "groups", "20"])
def test_a_simulated_day_counts_as_the_service_counts_it(scenario: Scenario) -> None:
    run = run_of(scenario)
    breakdown = Breakdown(lambda at: in_zone(run.zone).clock(at)[:2])
    for entry in run.day.journal:
        breakdown.add(entry)
    whole, found = breakdown.tallies()["all", ""], measure(run)
    counts = (found.came, found.served, found.no_shows, found.missed, found.unserved)
    names = ("arrivals", "served", "no_shows", "missed", "carried_over")
    assert counts == tuple(whole.counts[name] for name in names)
    assert found.refused_online == whole.counts["refused_online"]
    for name, waits in (("outside", found.waits.street), ("total", found.waits.total)):
        spread = whole.spread(name)
        assert spread.count == waits.count
        assert spread.mean == pytest.approx(waits.mean, abs=0.06)


def test_waits_are_told_by_service_and_by_priority() -> None:
    found = measure(run_of(CROWDED))
    for groups in (found.by_service, found.by_priority):
        assert sum(one.total.count for one in groups.values()) == found.waits.total.count
    first, rest = found.by_priority["priority"].street, found.by_priority["ordinary"].street
    assert first.mean is not None
    assert rest.mean is not None
    assert first.mean < rest.mean


def test_people_over_time_are_means_of_each_quarter_hour() -> None:
    quarter = QUARTER_HOUR
    steps = [(0, 2, 0), (quarter // 2, 0, 4), (2 * quarter, 0, 0)]
    told = [(one.at, one.street, one.hall) for one in people_over_time(steps, 0, "UTC")]
    assert told == [("00:00", 1.0, 2.0), ("00:15", 0.0, 4.0), ("00:30", 0.0, 0.0)]


def test_peaks_the_last_one_out_and_counters_are_measured() -> None:
    found = measure(run_of(CROWDED))
    assert found.peak_hall <= 25
    assert found.peak_street > 25
    assert found.groups > 50
    assert found.pauses == 5
    assert "16:00" < (found.last_out or "") <= "18:30"
    assert 0 < (found.counter_use or 0) < 1


def test_an_estimate_has_students_interval() -> None:
    for freedom, quantile in ((9, 2.2622), (4, 2.7764), (29, 2.0452), (3, 3.1824)):
        assert student(0.975, freedom) == pytest.approx(quantile, rel=0.006)
    values = [1.0, 2.0, 3.0, 4.0, 5.0]
    found = estimate(values)
    assert found
    assert found.mean == fmean(values)
    assert found.half_width == pytest.approx(2.7764 * 2.5**0.5 / 5**0.5, rel=0.003)
    assert estimate([1.0]) == type(found)(1.0, None, 1)
    assert estimate([]) is None


def test_who_gave_a_turn_back_and_missed_the_next_has_lost_the_place() -> None:
    day = Day(with_groups()).at("10:00")
    ticket = day.take()
    day.released()
    day.postpone(ticket)
    day.at("10:10").released()
    day.at("10:20")
    visit = Record.of(day.journal).visits[ticket]
    assert (day.states(ticket), visit.end) == (["missed"], "missed")
