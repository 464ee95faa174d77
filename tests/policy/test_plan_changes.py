"""What a new plan does to a day under way: it takes effect at once, tickets issued included."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from queue_service.policy import events as happened
from queue_service.policy.events import Refusal
from queue_service.policy.model import DayPlan, Pause
from tests.policy.branch_day import (
    MINUTE,
    Day,
    a_pause,
    a_plan,
    clock,
    kinds,
    only,
    refusal,
    with_groups,
)


def test_the_first_plan_opens_the_journal() -> None:
    day = Day()
    plan = with_groups()
    changed = only(happened.PlanChanged, day.change_plan(plan, reason="a regime"))
    assert (changed.plan, changed.version, changed.reason) == (plan, 1, "a regime")
    assert day.state.plan == plan
    assert day.journal[0].seq == 1


def test_versions_count_and_the_same_plan_is_no_change() -> None:
    day = Day(with_groups())
    assert day.change_plan(with_groups()) == ()
    assert only(happened.PlanChanged, day.change_plan(a_plan())).version == 2
    assert day.state.plan_version == 2


def test_a_larger_hall_and_group_let_more_in_at_once() -> None:
    day = Day(with_groups(group_size=1, hall_limit=1)).at("10:00")
    tickets = [day.take() for _ in range(3)]
    day.change_plan(with_groups(group_size=2, hall_limit=2))
    assert day.released() == tickets[:2]


def test_groups_begin_in_the_middle_of_the_day() -> None:
    day = Day(a_plan(hall_limit=2)).at("10:00")
    inside, waits = day.take(party=2), day.take()
    day.change_plan(with_groups(hall_limit=3))
    assert day.released() == [waits]
    assert day.states(inside) == ["entered"]


def test_groups_end_and_who_waits_walks_in() -> None:
    day = Day(with_groups()).at("10:00")
    tickets = [day.take() for _ in range(6)]
    day.released(2)
    day.change_plan(a_plan(group_interval=10 * MINUTE))
    assert day.next_at == clock("10:00")
    day.at("10:00")
    assert day.states(*tickets) == ["released"] * 2 + ["entered"] * 4
    assert kinds(day.enter(tickets[0])) == ["TicketEntered"]


def test_who_missed_a_group_takes_the_old_place_when_groups_end() -> None:
    day = Day(with_groups(group_size=1)).at("10:00")
    missed = day.take()
    day.released()
    others = [day.at("10:10").take() for _ in range(2)]
    day.change_plan(a_plan(hall_limit=1))
    day.at("10:10")
    assert day.states(missed, *others) == ["entered", "issued", "issued"]


def test_who_misses_a_group_after_they_ended_takes_the_old_place_at_once() -> None:
    day = Day(with_groups(group_size=1, hall_limit=1)).at("10:00")
    missed = day.take()
    other = day.take()
    day.released()
    day.change_plan(a_plan(hall_limit=1))
    day.at("10:10")
    assert day.states(missed, other) == ["entered", "issued"]
    assert day[missed].missed == 1


def test_who_missed_a_group_stays_behind_the_next_one_under_another_plan_with_groups() -> None:
    day = Day(with_groups(group_size=2)).at("10:00")
    missed = day.take()
    day.released()
    others = [day.at("10:10").take() for _ in range(2)]
    day.change_plan(with_groups(group_size=1))
    assert day.released() == [others[0]]
    assert day.states(missed) == ["issued"]


def test_when_exits_are_no_longer_counted_visits_that_are_over_leave_the_hall() -> None:
    day = Day(with_groups()).at("10:00")
    day.open("1")
    over, waits = day.take(party=2), day.take()
    day.cancel(day.take())
    for ticket in day.released():
        day.enter(ticket)
    day.called("1")
    day.start(over)
    day.finish(over)
    decision = day.change_plan(a_plan())
    assert kinds(decision) == ["PlanChanged", "TicketLeft"]
    assert only(happened.TicketLeft, decision).ticket == over
    assert (day.state.occupancy, day[waits].inside) == (1, True)
    assert kinds(day.change_plan(with_groups())) == ["PlanChanged"]


def test_as_long_as_exits_are_counted_nobody_leaves_by_a_plan() -> None:
    day = Day(with_groups()).at("10:00")
    ticket = day.take()
    day.released()
    day.enter(ticket)
    day.cancel(ticket)
    assert kinds(day.change_plan(with_groups(group_size=2))) == ["PlanChanged"]
    assert day.state.occupancy == 1


# --- online only ---------------------------------------------------------------------------------


def test_tickets_of_services_that_go_online_are_kept_unless_the_manager_says_so() -> None:
    day = Day(with_groups()).at("10:00")
    certificate = day.take("certificate")
    day.change_plan(with_groups(non_online_only=True))
    assert day.states(certificate) == ["issued"]


def test_the_manager_may_redirect_who_still_waits_outside() -> None:
    day = Day(with_groups(accepted_reasons=("no_device",))).at("10:00")
    certificate = day.take("certificate")
    mixed = day.take("passport", "certificate")
    passport = day.take("passport")
    assisted = day.take("certificate", assisted_reason="no_device")
    inside = day.take("certificate", priority="priority")
    assert day.released(1) == [inside]
    online = with_groups(non_online_only=True)
    decision = day.change_plan(online, redirect_issued=True)
    assert kinds(decision) == ["PlanChanged", "TicketsRedirected"]
    redirected = only(happened.TicketsRedirected, decision)
    assert redirected.tickets == (certificate,)
    # A visit of which a part is still given in person stays as it was issued.
    assert day.states(certificate, mixed, passport, assisted, inside) == [
        "cancelled",
        "issued",
        "issued",
        "issued",
        "released",
    ]
    assert day.state.street_people == 3


def test_tickets_are_redirected_under_the_plan_in_force_as_well() -> None:
    day = Day(with_groups()).at("10:00")
    certificate, passport = day.take("certificate"), day.take("passport")
    online = with_groups(non_online_only=True)
    day.change_plan(online)
    assert kinds(day.change_plan(online, redirect_issued=True)) == ["TicketsRedirected"]
    assert day.states(certificate, passport) == ["cancelled", "issued"]
    assert kinds(day.change_plan(online, redirect_issued=True)) == []


def test_nobody_is_redirected_where_nothing_is_online_only() -> None:
    day = Day(with_groups()).at("10:00")
    day.take("certificate")
    assert kinds(day.change_plan(with_groups(group_size=2), redirect_issued=True)) == [
        "PlanChanged"
    ]


def test_who_missed_a_group_is_redirected_too() -> None:
    day = Day(with_groups()).at("10:00")
    certificate = day.take("certificate")
    day.released()
    day.at("10:10").change_plan(with_groups(non_online_only=True), redirect_issued=True)
    assert day.states(certificate) == ["cancelled"]


def test_a_service_that_the_new_plan_does_not_know_is_not_online() -> None:
    day = Day(with_groups()).at("10:00")
    ticket = day.take("certificate")
    plan = with_groups(non_online_only=True)
    without = replace(plan, services=tuple(s for s in plan.services if s.code != "certificate"))
    day.change_plan(without, redirect_issued=True)
    assert day.states(ticket) == ["issued"]


# --- hours ---------------------------------------------------------------------------------------


def test_an_earlier_closing_closes_the_door_at_its_hour() -> None:
    day = Day(with_groups()).at("16:00")
    ticket = day.take()
    day.change_plan(with_groups(closes_at=clock("17:00"), ends_at=clock("17:30")))
    day.at("17:00")
    assert (day.state.phase, day.states(ticket)) == ("closed", ["expired"])
    assert day.next_at == clock("17:30")


def test_a_closing_that_is_past_already_closes_at_once() -> None:
    day = Day(with_groups()).at("17:10")
    day.change_plan(with_groups(closes_at=clock("17:00")))
    day.at("17:10")
    assert day.state.phase == "closed"


@pytest.mark.parametrize("gone", ["18:10", "19:10"])
def test_a_later_closing_opens_the_day_again(gone: str) -> None:
    day = Day(with_groups()).at("17:20")
    expired = day.take(despite_closing=True)
    day.at(gone)
    longer = with_groups(
        closes_at=clock("20:00"), last_admission_at=clock("19:30"), ends_at=clock("21:00")
    )
    day.change_plan(longer)
    ticket = day.take()
    assert day.released() == [ticket]
    assert day.next_at == day[ticket].arrive_by
    day.enter(ticket)
    assert day.next_at == clock("20:00")
    day.at("21:00")
    assert (day.state.phase, day.states(ticket, expired)) == ("ended", ["expired", "expired"])


def test_a_plan_that_ends_no_later_does_not_open_it_again() -> None:
    day = Day(with_groups()).at("18:00")
    day.change_plan(with_groups(group_size=2))
    assert day.state.phase == "closed"


MIDNIGHT = clock("00:00")
SHUT = with_groups(
    closed_reason="regime",
    opens_at=MIDNIGHT,
    closes_at=MIDNIGHT,
    last_admission_at=MIDNIGHT,
    ends_at=clock("01:00"),
)
"""A day without hours, with an hour of overtime."""


def test_a_day_closed_in_its_middle_lets_nobody_in_and_serves_those_inside() -> None:
    day = Day(with_groups()).at("10:00")
    first, second = day.take(), day.take()
    day.released()
    day.enter(first)
    day.enter(second)
    waits = day.at("10:10").take()
    day.change_plan(SHUT)
    assert refusal(day.release()) == "day_closed"
    assert refusal(day.ask("passport")) == "day_closed"
    day.at("10:10")
    assert (day.state.phase, day.states(waits)) == ("closed", ["expired"])
    day.open("1")
    assert day.called("1") == first
    day.start(first)
    day.at("11:09").finish(first)
    assert (day.states(first, second), day.state.phase) == (["served", "entered"], "closed")
    day.at("11:10")
    assert (day.states(second), day.state.phase) == (["expired"], "ended")


def test_hours_cut_short_into_the_past_leave_the_whole_overtime() -> None:
    day = Day(a_plan()).at("14:00")
    inside = day.take()
    day.change_plan(a_plan(closes_at=clock("12:00"), ends_at=clock("12:30")))
    assert day.at("14:29").states(inside) == ["entered"]
    assert day.at("14:30").states(inside) == ["expired"]


def test_a_change_during_overtime_does_not_begin_it_anew() -> None:
    day = Day(a_plan()).at("17:00")
    inside = day.take()
    day.at("18:20").change_plan(SHUT)
    assert day.at("18:59").states(inside) == ["entered"]
    assert day.at("19:00").states(inside) == ["expired"]


def test_nobody_is_let_in_on_a_day_that_was_closed_whatever_its_hours() -> None:
    day = Day(with_groups(release_by_clock=True)).at("10:00")
    ticket = day.take()
    day.change_plan(with_groups(release_by_clock=True, closed_reason="no water"))
    assert day.release() == Refusal("day_closed", {"reason": "no water"})
    day.at("12:00")
    assert day.states(ticket) == ["issued"]
    day.at("18:00")
    assert day.states(ticket) == ["expired"]


# --- pauses --------------------------------------------------------------------------------------


def pauses(*starts: str) -> tuple[Pause, ...]:
    return tuple(a_pause(start) for start in starts)


def test_pauses_of_a_new_plan_that_have_begun_already_are_past() -> None:
    day = Day(with_groups()).at("12:00")
    day.change_plan(with_groups(pauses=pauses("11:00", "12:10", "13:00")))
    assert day.next_at == clock("12:50")


def test_a_pause_that_begins_later_is_still_to_come() -> None:
    day = Day(with_groups()).at("12:00")
    day.change_plan(with_groups(pauses=(a_pause("12:11"),)))
    assert day.next_at == clock("12:01")


def test_a_change_at_the_instant_of_a_drain_does_not_lose_the_pause() -> None:
    plan = with_groups(pauses=pauses("11:00", "13:00"))
    day = Day(plan).at("10:00").late("10:50")
    day.change_plan(replace(plan, group_size=2))
    assert day.next_at == clock("10:50")
    day.at("11:00")
    assert day.state.sanitation.phase == "cleaning"


def test_a_change_during_a_cleaning_does_not_hold_the_pause_twice() -> None:
    plan = with_groups(pauses=pauses("11:00", "13:00"))
    day = Day(plan).at("11:05")
    day.change_plan(replace(plan, group_size=2))
    day.at("11:15").confirm()
    assert day.next_at == clock("12:50")


def test_a_new_time_to_confirm_holds_for_a_cleaning_under_way() -> None:
    day = Day(with_groups()).at("10:00")
    day.start_sanitation()
    day.change_plan(with_groups(confirm_within=30 * MINUTE))
    assert day.next_at == clock("10:45")


# --- counters taken out of use ------------------------------------------------------------------


def without_the_first() -> DayPlan:
    return a_plan(counters=a_plan().counters[1:])


def test_a_free_counter_taken_out_of_use_is_closed_and_who_was_sent_there_goes_elsewhere() -> None:
    day = Day(a_plan()).at("10:00")
    day.open("1")
    day.open("2")
    sent = day.take()
    day.transfer(sent, counter="1")
    closed = only(happened.CounterClosed, day.change_plan(without_the_first(), by="manager"))
    assert (closed.counter, day.journal[-1].by) == ("1", "manager")
    assert day.called("2") == sent


def test_a_busy_counter_taken_out_of_use_ends_its_visit_and_calls_nobody_more() -> None:
    day = Day(a_plan()).at("10:00")
    day.open("1")
    held, served = day.take(), day.take()
    day.called("1")
    day.hold(held)
    day.called("1")
    day.start(served)
    assert kinds(day.change_plan(without_the_first())) == ["PlanChanged"]
    assert kinds(day.finish(served)) == ["ServiceFinished", "TicketLeft"]
    out = Refusal("counter_out_of_use", {"counter": "1"})
    assert day.call("1") == day.resume(held, "1") == day.transfer(held, counter="1") == out
    assert kinds(day.close("1")) == ["CounterClosed"]
    assert refusal(day.open("1")) == "unknown_counter"
