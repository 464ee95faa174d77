"""Who is called where, and every way a visit goes on from a counter."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from queue_service.policy import events as happened
from queue_service.policy.decide import Decision
from queue_service.policy.events import Refusal
from queue_service.policy.model import CounterPlan
from tests.policy.branch_day import (
    MINUTE,
    Day,
    a_plan,
    clock,
    kinds,
    only,
    refusal,
    with_groups,
)


def at_ten(*counters: str, hall_limit: int = 10, exits_counted: bool = False) -> Day:
    """A hall that people walk into, these counters open."""
    day = Day(a_plan(hall_limit=hall_limit, exits_counted=exits_counted)).at("10:00")
    for counter in counters:
        day.open(counter)
    return day


def being_served(day: Day, counter: str = "1", service: str = "passport") -> str:
    ticket = day.take(service)
    assert day.called(counter) == ticket
    day.start(ticket)
    return ticket


# --- open and close ------------------------------------------------------------------------------


def test_an_operator_sits_down_with_the_skills_of_the_plan() -> None:
    day = at_ten()
    assert kinds(day.open("2", by="Aigul")) == ["CounterOpened"]
    counter = day.state.counters["2"]
    assert (counter.code, counter.operator, counter.ticket) == ("2", "Aigul", "")
    assert counter.skills == ("passport", "pension")


def test_a_counter_opens_once() -> None:
    assert at_ten("1").open("1") == Refusal("counter_open", {"counter": "1"})


def test_no_counter_opens_on_a_day_of_rest_or_after_the_day() -> None:
    rest = Day(a_plan(closed_reason="holiday")).at("10:00")
    assert rest.open("1") == Refusal("day_closed", {"reason": "holiday"})
    over = at_ten().at("23:00")
    assert refusal(over.open("1")) == "day_closed"


def test_nobody_is_called_while_the_hall_is_cleaned() -> None:
    day = at_ten("1", exits_counted=True)
    day.take()
    day.recount(0)
    day.start_sanitation()
    assert day.call("1") == Refusal("paused", {"phase": "cleaning"})


def test_a_counter_that_the_plan_does_not_know() -> None:
    day = at_ten()
    expected = Refusal("unknown_counter", {"counter": "9"})
    assert day.open("9") == day.close("9") == day.call("9") == expected


def test_a_closed_counter_calls_nobody() -> None:
    day = at_ten()
    expected = Refusal("counter_closed", {"counter": "1"})
    assert day.call("1") == day.close("1") == expected


def test_a_counter_closes_when_nobody_is_at_it() -> None:
    day = at_ten("1")
    ticket = being_served(day)
    assert day.close("1") == Refusal("counter_busy", {"counter": "1", "ticket": "P-001"})
    day.finish(ticket)
    assert kinds(day.close("1")) == ["CounterClosed"]
    assert day.state.counters == {}


# --- call ----------------------------------------------------------------------------------------


def test_the_first_in_the_hall_is_called() -> None:
    day = at_ten("1")
    first, _ = day.take(), day.take()
    assert day.late("10:05").called("1") == first
    assert (day[first].state, day[first].counter, day[first].called_at) == (
        "called",
        "1",
        clock("10:05"),
    )
    assert day.state.counters["1"].ticket == first


def test_one_visit_at_a_counter() -> None:
    day = at_ten("1")
    day.take()
    day.take()
    day.called("1")
    assert day.call("1") == Refusal("counter_busy", {"counter": "1", "ticket": "P-001"})


def test_nobody_waits() -> None:
    assert at_ten("1").call("1") == Refusal("nobody_waiting")


def test_who_waits_outside_is_not_called() -> None:
    day = Day(with_groups()).at("10:00")
    day.open("1")
    day.take()
    assert day.call("1") == Refusal("nobody_waiting")


def test_a_counter_calls_only_whom_it_can_serve() -> None:
    day = at_ten("1", "2")
    pension, identity = day.take("pension"), day.take("identity")
    assert day.called("1") == identity
    assert day.called("2") == pension


def test_a_counter_of_several_skills_calls_the_first_of_all() -> None:
    day = at_ten("3")
    tickets = [day.take(code) for code in ("certificate", "pension", "passport", "identity")]
    called = []
    for _ in tickets:
        called.append(day.called("3"))
        day.start(called[-1])
        day.finish(called[-1])
    assert called == tickets


def test_the_order_of_classes_holds_in_the_hall_too() -> None:
    day = at_ten("1")
    ordinary, priority = day.take(), day.take(priority="priority")
    assert day.called("1") == priority
    day.no_show(priority)
    assert day.called("1") == ordinary


# --- serve ---------------------------------------------------------------------------------------


def test_a_service_is_started_and_finished() -> None:
    day = at_ten("1")
    ticket = day.take()
    day.called("1")
    assert kinds(day.late("10:01").start(ticket)) == ["ServiceStarted"]
    assert (day[ticket].state, day[ticket].started_at) == ("serving", clock("10:01"))
    finished = only(happened.ServiceFinished, day.late("10:11").finish(ticket))
    assert (finished.ticket, finished.service) == (ticket, "passport")
    assert (day[ticket].state, day[ticket].changed_at) == ("served", clock("10:11"))
    assert day.state.counters["1"].ticket == ""


def test_only_who_is_called_is_started_and_only_who_is_served_is_finished() -> None:
    day = at_ten("1")
    ticket = day.take()
    assert refusal(day.start(ticket)) == refusal(day.finish(ticket)) == "wrong_state"
    day.called("1")
    assert refusal(day.finish(ticket)) == "wrong_state"


def test_the_next_service_of_a_visit_waits_in_the_hall_at_the_old_place() -> None:
    day = at_ten("1", "2", exits_counted=True)
    both = day.take("identity", "pension")
    day.take("pension")
    assert day.called("1") == both
    day.start(both)
    assert kinds(day.finish(both)) == ["ServiceFinished"]
    assert (day[both].state, day[both].service, day[both].counter) == ("entered", "pension", "")
    assert day.state.occupancy == 2
    assert day.called("2") == both
    day.start(both)
    assert only(happened.ServiceFinished, day.finish(both)).service == "pension"
    assert day.states(both) == ["served"]


def test_between_two_services_nobody_walks_out() -> None:
    day = at_ten("1")
    both = day.take("passport", "identity")
    day.called("1")
    day.start(both)
    assert kinds(day.finish(both)) == ["ServiceFinished"]
    assert day.state.occupancy == 1
    assert day.called("1") == both
    day.start(both)
    assert kinds(day.finish(both)) == ["ServiceFinished", "TicketLeft"]


# --- not there -----------------------------------------------------------------------------------


def test_who_is_called_and_does_not_come_frees_the_counter() -> None:
    day = at_ten("1", exits_counted=True)
    ticket = day.take()
    day.called("1")
    assert kinds(day.no_show(ticket)) == ["TicketNotShown"]
    assert day.states(ticket) == ["no_show"]
    assert day.state.counters["1"].ticket == ""
    assert day.state.occupancy == 1


def test_where_exits_are_not_counted_who_does_not_come_has_left() -> None:
    day = at_ten("1")
    ticket = day.take()
    day.called("1")
    assert kinds(day.no_show(ticket)) == ["TicketNotShown", "TicketLeft"]
    assert day.state.occupancy == 0


def test_only_who_is_called_is_a_no_show() -> None:
    day = at_ten("1")
    assert refusal(day.no_show(day.take("pension"))) == "wrong_state"
    assert refusal(day.no_show(being_served(day))) == "wrong_state"


def test_a_call_is_repeated() -> None:
    day = at_ten("1")
    ticket = day.take()
    day.called("1")
    recalled = only(happened.TicketRecalled, day.late("10:02").recall(ticket))
    assert (recalled.ticket, recalled.counter) == (ticket, "1")
    assert (day[ticket].state, day[ticket].called_at) == ("called", clock("10:02"))
    assert day.state.occupancy == 1


def test_who_turns_up_after_all_is_recalled_to_the_same_counter() -> None:
    day = at_ten("1")
    ticket = day.take(party=2)
    day.called("1")
    day.no_show(ticket)
    assert kinds(day.recall(ticket)) == ["TicketRecalled"]
    assert day[ticket].state == "called"
    assert day[ticket].inside
    assert day.state.counters["1"].ticket == ticket
    assert day.state.occupancy == 2


def test_a_recall_needs_the_counter_free_and_open() -> None:
    day = at_ten("1")
    ticket = day.take()
    day.called("1")
    day.no_show(ticket)
    other = day.take()
    day.called("1")
    assert refusal(day.recall(ticket)) == "counter_busy"
    day.no_show(other)
    day.close("1")
    assert refusal(day.recall(ticket)) == "counter_closed"


def test_who_turns_up_after_all_is_returned_once() -> None:
    day = at_ten("1")
    ticket, other = day.take(), day.take()
    day.called("1")
    day.no_show(ticket)
    assert kinds(day.give_back(ticket)) == ["TicketReturned"]
    assert (day[ticket].state, day[ticket].returned, day[ticket].counter) == ("entered", True, "")
    assert day.state.occupancy == 2
    assert day.called("1") == ticket
    day.no_show(ticket)
    assert day.give_back(ticket) == Refusal("already_returned", {"ticket": "P-001"})
    assert day.called("1") == other


def test_only_a_no_show_is_returned() -> None:
    day = at_ten("1")
    assert refusal(day.give_back(day.take())) == "wrong_state"


def not_shown(day: Day) -> str:
    """A party of two that was called and did not come."""
    ticket = day.take(party=2)
    assert day.called("1") == ticket
    day.no_show(ticket)
    return ticket


def test_who_comes_back_after_a_recount_counts_beside_those_whom_it_found() -> None:
    day = at_ten("1")
    ticket = not_shown(day)
    day.recount(0)
    day.give_back(ticket)
    assert day.state.occupancy == 2
    day.leave(ticket)
    assert day.state.occupancy == 0


Back = Callable[[Day, str], Decision]
ways_back = pytest.mark.parametrize("back", [Day.recall, Day.give_back])


@ways_back
def test_who_has_gone_out_comes_back_only_into_a_hall_with_room(back: Back) -> None:
    day = at_ten("1", hall_limit=3, exits_counted=True)
    ticket = not_shown(day)
    day.leave(ticket)
    others = [day.take("pension"), day.take("pension")]
    expected = Refusal("hall_full", {"hall_limit": 3, "occupancy": 2})
    assert back(day, ticket) == expected
    day.leave(others[0])
    assert isinstance(back(day, ticket), tuple)
    assert day.state.occupancy == 3


@ways_back
def test_where_nobody_counts_exits_who_stands_there_needs_no_room(back: Back) -> None:
    day = at_ten("1", hall_limit=3)
    ticket = not_shown(day)
    for _ in range(3):
        day.take("pension")
    assert isinstance(back(day, ticket), tuple)
    assert day.state.occupancy == 3 + day[ticket].party
    assert day.states(day.take("pension")) == ["issued"]


@ways_back
def test_room_promised_to_others_is_no_room(back: Back) -> None:
    day = Day(with_groups(hall_limit=3)).at("10:00")
    day.open("1")
    ticket = day.take(party=2)
    day.released()
    day.enter(ticket)
    day.called("1")
    day.no_show(ticket)
    day.leave(ticket)
    other = day.take(party=2)
    assert day.at("10:20").released() == [other]
    assert refusal(back(day, ticket)) == "hall_full"


@ways_back
def test_who_is_still_inside_needs_no_room(back: Back) -> None:
    day = at_ten("1", hall_limit=2, exits_counted=True)
    ticket = not_shown(day)
    assert isinstance(back(day, ticket), tuple)
    assert day.state.occupancy == 2


@ways_back
def test_nobody_comes_back_into_a_cleaning(back: Back) -> None:
    day = at_ten("1")
    ticket = not_shown(day)
    day.start_sanitation()
    assert back(day, ticket) == Refusal("paused", {"phase": "cleaning"})
    day.at("10:15").confirm()
    assert isinstance(back(day, ticket), tuple)


@ways_back
def test_nobody_comes_back_after_the_end_of_the_day(back: Back) -> None:
    day = at_ten("1", exits_counted=True)
    ticket = not_shown(day)
    assert back(day.at("19:00"), ticket) == Refusal("day_closed", {"closes_at": clock("18:00")})
    assert day.states(ticket) == ["no_show"]


@ways_back
def test_overtime_still_serves_who_turns_up(back: Back) -> None:
    day = at_ten("1")
    ticket = not_shown(day)
    assert isinstance(back(day.at("18:30"), ticket), tuple)


def test_a_repeated_call_brings_nobody_into_a_full_hall() -> None:
    day = at_ten("1", hall_limit=1)
    both = being_served(day)
    day.transfer(both, service="identity")
    day.called("1")
    day.start(both)
    day.leave(both)
    day.transfer(both, service="passport")
    day.take("pension")
    assert day.called("1") == both
    assert refusal(day.recall(both)) == "hall_full"


# --- hold ----------------------------------------------------------------------------------------


def test_on_hold_the_counter_is_free_for_others() -> None:
    day = at_ten("1")
    ticket = being_served(day)
    other = day.take()
    held = only(happened.TicketHeld, day.hold(ticket, "a document"))
    assert (held.ticket, held.reason) == (ticket, "a document")
    assert (day[ticket].state, day[ticket].counter) == ("on_hold", "")
    assert day.called("1") == other
    assert refusal(day.resume(ticket, "1")) == "counter_busy"
    day.no_show(other)
    assert kinds(day.late("10:20").resume(ticket, "1")) == ["TicketResumed"]
    assert (day[ticket].state, day[ticket].counter) == ("serving", "1")
    assert day[ticket].started_at == clock("10:20")
    assert day.state.counters["1"].ticket == ticket
    assert kinds(day.finish(ticket)) == ["ServiceFinished", "TicketLeft"]


def test_who_is_called_may_be_put_on_hold_too() -> None:
    day = at_ten("1")
    ticket = day.take()
    day.called("1")
    assert kinds(day.hold(ticket)) == ["TicketHeld"]


def test_only_who_is_at_a_counter_is_put_on_hold() -> None:
    day = at_ten("1")
    ticket = day.take()
    assert refusal(day.hold(ticket)) == "wrong_state"
    assert refusal(day.resume(ticket, "1")) == "wrong_state"


def test_another_counter_may_take_it_off_hold_when_it_has_the_skill() -> None:
    day = at_ten("1", "3")
    ticket = day.take("certificate")
    day.called("3")
    day.hold(ticket)
    expected = Refusal("lacks_skill", {"counter": "1", "service": "certificate"})
    assert day.resume(ticket, "1") == expected
    assert refusal(day.resume(ticket, "2")) == "counter_closed"
    assert refusal(day.resume(ticket, "9")) == "unknown_counter"
    assert kinds(day.resume(ticket, "3")) == ["TicketResumed"]


def test_who_went_out_on_hold_comes_back_only_into_a_hall_with_room() -> None:
    day = at_ten("1", hall_limit=1)
    ticket = being_served(day)
    day.leave(ticket)
    day.hold(ticket)
    other = day.take()
    assert refusal(day.resume(ticket, "1")) == "hall_full"
    day.cancel(other)
    day.resume(ticket, "1")
    assert (day.state.occupancy, day[ticket].inside) == (1, True)


def test_who_is_called_may_cancel_and_frees_the_counter() -> None:
    day = at_ten("1")
    ticket = day.take()
    day.called("1")
    assert kinds(day.cancel(ticket)) == ["TicketCancelled", "TicketLeft"]
    assert day.state.counters["1"].ticket == ""


def test_who_is_on_hold_may_cancel() -> None:
    day = at_ten("1")
    ticket = being_served(day)
    day.hold(ticket)
    assert kinds(day.cancel(ticket)) == ["TicketCancelled", "TicketLeft"]


# --- transfer ------------------------------------------------------------------------------------


def test_to_another_service_at_the_old_place() -> None:
    day = at_ten("1", "2")
    ticket = day.take("passport", "certificate")
    later = day.take("pension")
    day.called("1")
    day.start(ticket)
    moved = only(happened.TicketTransferred, day.transfer(ticket, service="pension"))
    assert (moved.service, moved.service_time, moved.counter) == ("pension", 20 * MINUTE, "")
    assert day.state.counters["1"].ticket == ""
    assert day[ticket].services == ("pension", "certificate")
    assert day[ticket].service_times == (20 * MINUTE, 5 * MINUTE)
    assert day.called("2") == ticket
    day.no_show(ticket)
    assert day.called("2") == later


def test_the_second_service_is_transferred_and_the_first_stays_done() -> None:
    day = at_ten("1", "2")
    ticket = day.take("passport", "identity", "certificate")
    day.called("1")
    day.start(ticket)
    day.finish(ticket)
    day.transfer(ticket, service="pension")
    assert day[ticket].services == ("passport", "pension", "certificate")
    assert day.called("2") == ticket


def test_to_one_counter_that_alone_calls_it() -> None:
    day = at_ten("1", "2", "3")
    ticket = day.take()
    day.called("1")
    day.transfer(ticket, counter="2")
    assert (day[ticket].state, day[ticket].counter) == ("entered", "2")
    assert day.call("1") == day.call("3") == Refusal("nobody_waiting")
    assert day.called("2") == ticket


def test_who_is_sent_to_a_counter_keeps_the_place_among_those_it_serves() -> None:
    day = at_ten("1", "2")
    first, second, third = day.take(), day.take(), day.take()
    day.transfer(second, counter="2")
    assert [day.called("2"), day.called("1")] == [first, third]
    day.no_show(first)
    assert day.called("2") == second


def test_who_was_sent_to_a_counter_that_closes_may_be_called_to_any() -> None:
    day = at_ten("1", "2")
    sent, other = day.take(), day.take()
    day.transfer(sent, counter="2")
    day.late("10:30").close("2")
    assert (day[sent].counter, day[sent].changed_at) == ("", clock("10:30"))
    assert day[other].changed_at == clock("10:00")
    assert day.called("1") == sent


def test_a_transfer_from_hold_waits_in_the_hall() -> None:
    day = at_ten("1")
    ticket = being_served(day)
    day.hold(ticket)
    assert kinds(day.transfer(ticket, service="identity")) == ["TicketTransferred"]
    assert day.called("1") == ticket


def test_transfers_that_lead_nowhere() -> None:
    day = at_ten("1")
    ticket = day.take()
    assert day.transfer(ticket, service="visa") == Refusal("unknown_service", {"service": "visa"})
    assert day.transfer(ticket, service="land") == Refusal("not_offered", {"service": "land"})
    assert day.transfer(ticket, counter="2") == Refusal("counter_closed", {"counter": "2"})
    assert day.transfer(ticket, counter="9") == Refusal("unknown_counter", {"counter": "9"})
    assert day.transfer(ticket, service="pension", counter="1") == Refusal(
        "lacks_skill", {"counter": "1", "service": "pension"}
    )
    day.called("1")
    day.start(ticket)
    day.finish(ticket)
    assert refusal(day.transfer(ticket, service="identity")) == "wrong_state"


# --- skills that change --------------------------------------------------------------------------


def test_new_skills_hold_at_once_and_an_operator_may_finish_where_the_counter_has_gone() -> None:
    day = at_ten("1", "2")
    ticket = being_served(day)
    day.change_plan(a_plan(counters=(CounterPlan(code="2", skills=("certificate",)),)))
    assert day.state.counters["2"].skills == ("certificate",)
    assert day.ask("passport") == Refusal("not_offered", {"service": "passport"})
    assert kinds(day.finish(ticket)) == ["ServiceFinished", "TicketLeft"]
    assert kinds(day.close("1")) == ["CounterClosed"]
    assert refusal(day.open("1")) == "unknown_counter"
    certificate = day.take("certificate")
    assert day.called("2") == certificate
