"""Measures read from a simulated journal: exact where they can be, and as the service counts."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import msgspec
import pytest

from queue_service.policy.breakdown import Breakdown
from queue_service.policy.evolve import evolve
from queue_service.policy.model import State
from queue_service.timing.localtime import in_zone
from schemas.plan_values import PlanValues
from schemas.regime import Regime, Scope
from schemas.scenario import Scenario
from schemas.scenario_parts import PartyShare, Site
from simulation.demand import draw
from simulation.ledger import blank, moved
from simulation.measures import Sheet, measure, measured
from simulation.record import Names, Record
from simulation.run import Run
from simulation.scenario_file import shipped_catalogue
from simulation.sums import BINS
from simulation.visitors import MINUTE, QUARTER_HOUR, visitors
from tests.policy.branch_day import Day, with_groups
from tests.simulation.test_model import (
    HERE,
    TIGHT,
    URALSK,
    WEEK,
    days_of,
    with_rules,
    with_visitors,
)

CROWDED = with_rules(TIGHT)
INVOLVED = with_visitors(
    WEEK, no_show=0.2, answers_recall=0.3, comes_late=0.8, second_service=0.2, held=0.2
)
FIVE = PartyShare(people=5, weight=1)
SUNDAY = msgspec.structs.replace(WEEK.days[0], date=date(2026, 3, 1))
ONLINE_FIRST = msgspec.structs.replace(URALSK, days=URALSK.days[4:])


EARLY = PlanValues(closes="14:00", last_admission_minutes=30)
AT_NOON = Regime(
    id="noon",
    name=HERE,
    scope=Scope(branch="uralsk-2"),
    from_date=date(2026, 3, 2),
    from_time="12:00",
    rules=EARLY,
)


def run_of(scenario: Scenario) -> Run:
    return days_of(scenario)[0]


@pytest.mark.parametrize("scenario", [WEEK, CROWDED, INVOLVED], ids=["open", "groups", "involved"])
def test_littles_law_holds_exactly_from_empty_to_empty(scenario: Scenario) -> None:
    run = run_of(scenario)
    state, area = State(), 0
    for entry, following in pairwise(run.day.journal):
        evolve(state, entry)
        here = state.street_people + state.released_people + state.occupancy
        area += here * (following.at - entry.at)
    visits = Record.of(run.day.journal).visits.values()
    stays = ((visit.party, visit.left_at - visit.issued_at - visit.away) for visit in visits)
    assert area == sum(party * stay for party, stay in stays)
    assert area > 0


@pytest.mark.parametrize(
    "scenario", [WEEK, CROWDED, ONLINE_FIRST, INVOLVED], ids=["open", "groups", "20", "involved"]
)
def test_a_simulated_day_counts_as_the_service_counts_it(scenario: Scenario) -> None:
    run = run_of(scenario)
    breakdown = Breakdown(lambda at: in_zone(run.zone).clock(at)[:2])
    for entry in run.day.journal:
        breakdown.add(entry)
    whole, found = breakdown.tallies()["all", ""], measure(run)
    asked = found.tickets + found.refused_online + found.refused_too_late
    counts = (asked, found.served, found.no_shows, found.missed, found.unserved)
    names = ("arrivals", "served", "no_shows", "missed", "carried_over")
    assert counts == tuple(whole.counts[name] for name in names)
    assert found.refused_online == whole.counts["refused_online"]
    for name, waits in (("outside", found.waits.street), ("total", found.waits.total)):
        spread = whole.spread(name)
        assert spread.count == waits.count
        assert spread.mean == pytest.approx(waits.mean, abs=0.06)


@pytest.mark.parametrize(
    ("scenario", "admits"),
    [
        (with_visitors(with_rules(PlanValues(party_limit=1)), parties=(FIVE,)), False),
        (msgspec.structs.replace(WEEK, days=(SUNDAY,)), False),
        (ONLINE_FIRST, True),
    ],
    ids=["large parties", "closed", "two services, one of them online"],
)
def test_whoever_comes_has_come_once_admitted_or_not(scenario: Scenario, *, admits: bool) -> None:
    usual = {one.code: one.usual_minutes * MINUTE for one in shipped_catalogue().services}
    found = measure(run_of(scenario))
    assert found.came == len(visitors(draw(scenario, 0, 0, usual))) > 100
    assert bool(found.tickets) == admits


@pytest.mark.parametrize(
    ("scenario", "after_closing"),
    [
        (with_rules(EARLY), 100),
        (msgspec.structs.replace(WEEK, regimes=(AT_NOON,)), 100),
        (msgspec.structs.replace(URALSK, days=URALSK.days[3:4]), 0),
        (ONLINE_FIRST, 0),
    ],
    ids=["all day", "from noon on", "groups", "online"],
)
def test_whoever_closing_left_without_a_ticket_is_counted(
    scenario: Scenario, after_closing: int
) -> None:
    found = measure(run_of(with_visitors(scenario, second_service=0.0)))
    given = found.tickets + found.refused_online
    assert found.not_admitted_at_closing == found.came - given > 0
    assert found.not_admitted_at_closing - found.refused_too_late >= after_closing


def test_no_closing_turns_anybody_away_on_a_day_without_hours() -> None:
    found = measure(run_of(msgspec.structs.replace(WEEK, days=(SUNDAY,))))
    assert (found.came > 100, found.not_admitted_at_closing) == (True, 0)


def test_waits_are_told_by_service_and_by_priority() -> None:
    found = measure(run_of(CROWDED))
    for groups in (found.by_service, found.by_priority):
        assert sum(one.total.count for one in groups.values()) == found.waits.total.count
    first, rest = found.by_priority["priority"].street, found.by_priority["ordinary"].street
    assert first.mean is not None
    assert rest.mean is not None
    assert first.mean < rest.mean


def test_people_over_time_are_means_of_each_quarter_hour() -> None:
    ledger = blank(visits=0, counters=0, pauses=0, steps=3)
    for at, street, hall in ((0, 2, 0), (QUARTER_HOUR // 2, -2, 4), (2 * QUARTER_HOUR, 0, -4)):
        moved(ledger, at, street, hall)
    day = Sheet(date(1970, 1, 1), "UTC", 0, 0, ledger, Names((), (), (), (), ()), {})
    told = [(one.at, one.street, one.hall) for one in measured(day, Site()).people]
    assert told == [("00:00", 1.0, 2.0), ("00:15", 0.0, 4.0), ("00:30", 0.0, 0.0)]


def test_peaks_the_last_one_out_and_counters_are_measured() -> None:
    found = measure(run_of(CROWDED))
    assert found.peak_hall <= 25
    assert found.peak_street > 25
    assert found.groups > 50
    assert "16:00" < (found.last_out or "") <= "18:30"
    assert 0 < (found.counter_use or 0) < 1


def test_pauses_crowding_and_metres_are_measured_as_the_site_says() -> None:
    run = run_of(CROWDED)
    roomy, narrow = Site(), Site(hall_square_metres=40, queue_metres_a_person=2)
    found, tight = measure(run, roomy), measure(run, narrow)
    assert found.pauses.had == 5
    assert (found.pauses.mean_overrun or 0) >= 1  # the attendant confirms a minute later
    assert (found.crowded_minutes, found.queue_metres) == (0, found.peak_street * 1.5)
    assert tight.queue_metres == found.peak_street * 2
    inside = sum(quarter.hall for quarter in found.people) * 15
    assert inside / 2 < tight.crowded_minutes < inside


@pytest.mark.parametrize(
    ("square_metres", "each", "room"),
    [(55, 1.1, 50), (54, 1.1, 49), (55.1, 1.1, 50), (440, 2.2, 200)],
)
def test_a_hall_has_room_by_the_numbers_as_they_are_written(
    square_metres: float, each: float, room: int
) -> None:
    assert Site(hall_square_metres=square_metres, square_metres_a_person=each).room == room


def test_histograms_have_every_wait_and_staff_hours_every_open_counter() -> None:
    found = measure(run_of(WEEK))
    for part in ("street", "hall", "total"):
        assert sum(found.histograms[part]) == getattr(found.waits, part).count
        assert len(found.histograms[part]) == BINS
    # Sixteen counters from nine to six with 45 minutes of lunch, and the overtime.
    assert 16 * 8.25 < found.staff_hours < 16 * 9.25


def test_who_gave_a_turn_back_and_missed_the_next_has_lost_the_place() -> None:
    day = Day(with_groups()).at("10:00")
    ticket = day.take()
    day.released()
    day.postpone(ticket)
    day.at("10:10").released()
    day.at("10:20")
    visit = Record.of(day.journal).visits[ticket]
    assert (day.states(ticket), visit.end) == (["missed"], "missed")
