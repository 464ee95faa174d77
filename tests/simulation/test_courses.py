"""What may befall a visit beyond one call and one service: each by the policy's own commands."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import msgspec
import pytest

from queue_service.audit.verify import findings
from queue_service.policy import events as happened
from queue_service.policy.events import Entry
from schemas.branch import OpenHours, SpecialDay
from schemas.plan_values import PlanValues
from schemas.regime import Regime, Scope
from schemas.scenario import Scenario
from schemas.scenario_parts import Between, Outage
from simulation.record import Record
from simulation.scenario_file import scenario_of
from tests.simulation.test_model import (
    CATALOGUE,
    HERE,
    TIGHT,
    URALSK,
    WEEK,
    days_of,
    idle_while_somebody_waits,
    journal,
    kinds,
    of_kind,
    time,
    with_rules,
    with_visitors,
)

replace = msgspec.structs.replace
EVERYTHING = {
    "no_show": 0.2,
    "answers_recall": 0.3,
    "comes_late": 0.7,
    "second_service": 0.2,
    "wrong_service": 0.1,
    "held": 0.2,
}


def recalling(scenario: Scenario, recalls: int) -> Scenario:
    return replace(scenario, staff=replace(scenario.staff, recalls=recalls))


@pytest.mark.parametrize("rules", [PlanValues(), TIGHT], ids=["open", "groups"])
def test_whatever_befalls_a_visit_the_laws_hold_and_nobody_waits_in_vain(rules: PlanValues) -> None:
    run = days_of(recalling(with_visitors(with_rules(rules), **EVERYTHING), 1))[0]
    found = kinds(run.day.journal)
    wanted = ("Recalled", "Returned", "Held", "Resumed", "Transferred", "NotShown")
    assert all(found[f"Ticket{name}"] > 5 for name in wanted)
    assert findings(run.day.journal) == []
    assert not idle_while_somebody_waits(run.day.journal)
    assert {visit.end for visit in Record.of(run.day.journal).visits.values()} >= {"served"}
    assert {visit.end for visit in Record.of(run.day.journal).visits.values()} <= {
        "served", "no_show", "missed", "cancelled", "expired"
    }  # fmt: skip


def test_two_services_are_done_one_after_the_other_without_a_new_wait_at_the_door() -> None:
    entries = journal(with_visitors(WEEK, second_service=0.3))
    both = {one.ticket for one in of_kind(entries, happened.TicketIssued) if len(one.services) > 1}
    finished = [one.ticket for one in of_kind(entries, happened.ServiceFinished)]
    entered = [one.ticket for one in of_kind(entries, happened.TicketEntered)]
    assert len(both) > 80
    assert sum(finished.count(ticket) == 2 for ticket in both) > 70
    assert len(entered) == len(set(entered))


def test_of_two_services_the_one_that_is_given_online_is_left_out() -> None:
    story = with_visitors(replace(URALSK, days=URALSK.days[4:]), second_service=0.5)
    entries = journal(story)
    refused = {one.command for one in entries if isinstance(one.event, happened.VisitRefused)}
    following = [
        (one.event, after.event)
        for one, after in pairwise(entries)
        if one.command in refused and isinstance(after.event, happened.TicketIssued)
    ]
    rest = [
        (refusal.services, issued.services)
        for refusal, issued in following
        if isinstance(refusal, happened.VisitRefused) and isinstance(issued, happened.TicketIssued)
    ]
    assert any(len(online) == len(given) == 1 for online, given in rest)


def test_whoever_needs_another_service_is_sent_on_and_served_there() -> None:
    entries = journal(with_visitors(WEEK, wrong_service=0.3))
    sent_on = {one.ticket: one.service for one in of_kind(entries, happened.TicketTransferred)}
    finished = {one.ticket: one.service for one in of_kind(entries, happened.ServiceFinished)}
    assert len(sent_on) > 80
    served = [ticket for ticket in sent_on if ticket in finished]
    assert len(served) > 70
    assert all(finished[ticket] == sent_on[ticket] for ticket in served)


def test_a_counter_calls_others_while_a_ticket_is_on_hold() -> None:
    scenario = with_visitors(WEEK, held=0.3, held_minutes=Between(least=20, most=20))
    entries = journal(scenario)
    held = {one.event.ticket: one for one in entries if isinstance(one.event, happened.TicketHeld)}
    resumed = [one for one in entries if isinstance(one.event, happened.TicketResumed)]
    calls = [one for one in entries if isinstance(one.event, happened.TicketCalled)]
    assert len(resumed) > 80
    for entry in resumed:
        assert isinstance(entry.event, happened.TicketResumed)
        since = held[entry.event.ticket]
        assert entry.at - since.at >= 20 * 60_000
    assert any(
        call.by == one.by and one.at < call.at < one.at + 20 * 60_000
        for one in held.values()
        for call in calls
    )


def calls_to_no_shows(recalls: int, answers_recall: float) -> tuple[int, int, list[Entry]]:
    scenario = with_visitors(WEEK, no_show=0.3, answers_recall=answers_recall)
    entries = journal(recalling(scenario, recalls))
    found = kinds(entries)
    return found["TicketRecalled"], found["TicketNotShown"], entries


def test_who_does_not_come_is_recalled_as_often_as_is_usual_and_may_then_come() -> None:
    recalled, gone, _ = calls_to_no_shows(recalls=2, answers_recall=0.0)
    assert recalled == 2 * gone > 100
    recalled, gone, entries = calls_to_no_shows(recalls=2, answers_recall=1.0)
    assert recalled > 50
    assert gone == 0
    visits = Record.of(entries).visits.values()
    assert {visit.end for visit in visits if visit.called_at} == {"served"}


@pytest.mark.parametrize("rules", [PlanValues(), TIGHT], ids=["open", "groups"])
def test_who_was_given_up_may_turn_up_and_be_served_after_all(rules: PlanValues) -> None:
    late = with_visitors(with_rules(rules), no_show=0.3, comes_late=1.0, insists=0.0)
    entries = journal(late)
    returned = {one.ticket for one in of_kind(entries, happened.TicketReturned)}
    served = {one.ticket for one in of_kind(entries, happened.ServiceFinished)}
    assert len(returned) > 25
    assert len(returned & served) > 0.7 * len(returned)


def test_a_public_holiday_closes_the_branch_unless_the_scenario_says_otherwise() -> None:
    nauryz = replace(WEEK, days=(replace(WEEK.days[0], date=date(2027, 3, 23)),))
    assert kinds(journal(nauryz)) == {"PlanChanged": 1}
    assert kinds(journal(replace(nauryz, public_holidays=False)))["TicketCalled"] > 300
    short = SpecialDay(
        date=date(2027, 3, 23), hours=OpenHours(opens="10:00", closes="12:00"), reason=HERE
    )
    calls = [
        time(one)
        for one in journal(replace(nauryz, special_days=(short,)))
        if isinstance(one.event, happened.TicketCalled)
    ]
    assert min(calls) >= "10:00"
    assert max(calls) < "13:00"


def test_an_expired_ticket_waits_for_the_next_working_day() -> None:
    holiday = SpecialDay(date=WEEK.days[1].date, hours="closed", reason=HERE)
    scenario = replace(
        with_visitors(WEEK, insists=1.0, carried_over_come_back=1.0),
        special_days=(holiday,),
        rules=PlanValues(closes="12:00", hall_limit=20, overtime_minutes=5),
    )
    monday, tuesday, wednesday = days_of(scenario, 3)
    closing = of_kind(monday.day.journal, happened.DayClosed)
    expired = {one for event in closing for one in event.expired}
    issued = of_kind(wednesday.day.journal, happened.TicketIssued)
    assert kinds(tuesday.day.journal) == {"PlanChanged": 1}
    assert expired
    assert expired <= {one.carried_from for one in issued}


def test_in_an_outage_the_counters_named_stand_still_and_then_go_on() -> None:
    some = Outage(at="11:00", minutes=60, counters=("1", "2"))
    every = Outage(at="15:00", minutes=30)
    entries = journal(replace(WEEK, days=(replace(WEEK.days[0], outages=(some, every)),)))
    calls = [
        (time(one), one.event.counter)
        for one in entries
        if isinstance(one.event, happened.TicketCalled)
    ]
    morning = {counter for at, counter in calls if "11:00" <= at < "12:00"}
    assert morning
    assert not morning & {"1", "2"}
    assert not [at for at, _ in calls if "15:00" <= at < "15:30"]
    assert {counter for at, counter in calls if "15:30" <= at < "16:00"} >= {"1", "2"}


def test_a_regime_that_takes_counters_out_of_use_at_noon_empties_them_until_it_ends() -> None:
    regime = Regime(
        id="few-counters",
        name=HERE,
        scope=Scope(branch="uralsk-2"),
        from_date=WEEK.days[0].date,
        until_date=WEEK.days[0].date,
        from_time="14:00",
        until_time="16:00",
        rules=PlanValues(counters_in_use=("1", "2", "3")),
    )
    calls = [
        (time(one), one.event.counter)
        for one in journal(replace(WEEK, regimes=(regime,)))
        if isinstance(one.event, happened.TicketCalled)
    ]
    assert {counter for at, counter in calls if "14:00" <= at < "16:00"} == {"1", "2", "3"}
    assert len({counter for at, counter in calls if at >= "16:00"}) > 10


def test_the_shipped_outage_stops_every_counter_for_an_hour() -> None:
    outage = scenario_of("system-outage", CATALOGUE)
    tuesday = journal(replace(outage, days=outage.days[1:2]))
    calls = [time(one) for one in tuesday if isinstance(one.event, happened.TicketCalled)]
    assert not [at for at in calls if "11:00" <= at < "12:00"]
    assert [at for at in calls if "12:00" <= at < "12:05"]


def test_the_shipped_influenza_has_its_groups_from_wednesday_afternoon() -> None:
    influenza = scenario_of("winter-flu", CATALOGUE)
    tuesday, wednesday = days_of(replace(influenza, days=influenza.days[1:3]), 2)
    assert not kinds(tuesday.day.journal)["GroupReleased"]
    groups = [
        time(one) for one in wednesday.day.journal if isinstance(one.event, happened.GroupReleased)
    ]
    assert "14:00" <= min(groups) < "16:00", "the full hall empties first"


def test_half_of_the_staff_serves_fewer_of_the_same_visitors() -> None:
    half = scenario_of("half-staff", CATALOGUE)
    served = [kinds(journal(one))["ServiceFinished"] for one in (half, WEEK)]
    assert 300 < served[0] < 0.9 * served[1]


@pytest.mark.parametrize(
    ("name", "service"),
    [("passport-rush", "passport"), ("census-tail", "address-certificate")],
)
def test_a_shipped_rush_brings_more_people_for_its_service(name: str, service: str) -> None:
    rush = scenario_of(name, CATALOGUE)
    busiest = replace(rush, days=(rush.days[3],))
    tickets = [
        [one.services[0] for one in of_kind(journal(each), happened.TicketIssued)].count(service)
        for each in (busiest, WEEK)
    ]
    assert tickets[0] > 2 * tickets[1]


def test_the_attendant_lets_a_group_in_as_soon_as_the_interval_is_over() -> None:
    entries = journal(with_rules(TIGHT))
    groups = [one.at for one in entries if isinstance(one.event, happened.GroupReleased)]
    between = {later - before for before, later in pairwise(groups)}
    assert min(between) == 5 * 60_000


def test_a_branch_that_a_regime_closes_at_noon_works_again_when_the_regime_ends() -> None:
    regime = Regime(
        id="closed-at-noon",
        name=HERE,
        scope=Scope(branch="uralsk-2"),
        from_date=WEEK.days[0].date,
        until_date=WEEK.days[0].date,
        until_time="14:00",
        rules=replace(TIGHT, closes="12:00", overtime_minutes=0),
    )
    entries = journal(replace(WEEK, regimes=(regime,)))
    calls = [time(one) for one in entries if isinstance(one.event, happened.TicketCalled)]
    assert [at for at in calls if at < "12:00"]
    assert not [at for at in calls if "12:00" <= at < "14:00"]
    assert [at for at in calls if "14:00" <= at < "15:00"]
    assert findings(entries) == []
