"""What the pages of the door and of a counter are sent, and what they may do."""

from __future__ import annotations

import pytest

from queue_service.policy import floor, views
from queue_service.policy.events import Refusal
from queue_service.policy.model import State
from schemas import wire_floor
from schemas.wire_floor import Permission
from tests.policy.branch_day import Day, a_pause, a_plan, with_groups
from tests.policy.test_views import local


def said(refusal: Refusal | None) -> Permission:
    return Permission(allowed=refusal is None, kind=refusal.kind if refusal else None)


AIGUL = floor.Asker(
    subject="operator:aigul",
    allowed=frozenset(views.ACTIONS),
    local=local,
    permission=said,
)


def door(day: Day) -> wire_floor.Door:
    before = day.state.copy()
    drawn = floor.door(day.state, day.now, AIGUL)
    assert day.state == before, "a view has changed the state"
    return drawn


def page(day: Day, counter: str) -> wire_floor.CounterPage:
    return floor.counter_page(day.state, counter, day.now, AIGUL)


# --- the door ------------------------------------------------------------------------------------


def test_the_door_sees_the_next_group_and_whether_it_may_come() -> None:
    day = Day(with_groups()).at("10:00")
    assert door(day).next_group.may == Permission(allowed=False, kind="nobody_waiting")
    tickets = [day.take(party=party) for party in (2, 2, 1)]
    group = door(day).next_group
    assert [ticket.id for ticket in group.tickets] == tickets[:2]
    assert (group.may.allowed, group.people, group.least, group.most) == (True, 4, 1, 4)
    day.released()
    assert door(day).next_group.may.kind == "too_soon"
    assert [(one.id, one.arrive_by) for one in door(day).released] == [
        (ticket, "10:10") for ticket in tickets[:2]
    ]


def test_without_groups_the_door_has_no_next_one() -> None:
    day = Day(a_plan(hall_limit=1)).at("10:00")
    day.take()
    day.take()
    group = door(day).next_group
    assert (group.tickets, group.may.kind) == ((), "groups_not_in_force")


def test_whose_visit_is_over_goes_first_then_who_came_first() -> None:
    day = Day(with_groups()).at("10:00")
    first, second, third = (day.take() for _ in range(3))
    day.released()
    for ticket in (second, first, third):
        day.enter(ticket)
    day.cancel(third)
    inside = door(day).inside
    assert [one.id for one in inside] == [third, first, second]
    assert [one.entered_at for one in inside] == ["10:00"] * 3
    assert inside[0].actions == ("left",)


@pytest.mark.parametrize(("at", "alarm"), [("10:55", None), ("11:10", "hall_not_empty")])
def test_the_alarm_of_a_hall_that_is_not_empty(at: str, alarm: str | None) -> None:
    day = Day(with_groups(pauses=(a_pause("11:00"),))).at("10:00")
    ticket = day.take()
    day.released()
    day.enter(ticket)
    drawn = door(day.at(at))
    assert (drawn.alarm, drawn.confirm_sanitation.kind) == (alarm, "not_cleaning")


def test_nobody_is_alarmed_once_the_day_is_over() -> None:
    day = Day(with_groups(pauses=(a_pause("11:00"),))).at("10:00")
    ticket = day.take()
    day.released()
    day.enter(ticket)
    assert door(day.at("11:01")).alarm == "hall_not_empty"
    assert door(day.at("23:00")).alarm is None
    assert not views.sanitation_view(day.state, local).alarm


def test_the_alarm_of_a_cleaning_that_nobody_confirms() -> None:
    day = Day(with_groups(pauses=(a_pause("11:00"),))).at("11:14")
    assert door(day).confirm_sanitation.kind == "cleaning_too_short"
    drawn = door(day.at("11:20"))
    assert (drawn.alarm, drawn.confirm_sanitation.allowed) == ("confirmation_overdue", True)
    assert drawn.start_sanitation.kind == "sanitation_under_way"


# --- counters ------------------------------------------------------------------------------------


def test_the_desks_say_who_sits_where() -> None:
    day = Day(a_plan()).at("10:00")
    day.open("1", by=AIGUL.subject)
    day.open("2", by="operator:other")
    number = day[day.take()].number
    day.called("2")
    desks = floor.desks(day.state, AIGUL).counters
    assert [(desk.counter, desk.open, desk.yours, desk.number) for desk in desks] == [
        ("1", True, True, None),
        ("2", True, False, number),
        ("3", False, False, None),
    ]
    assert desks[1].operator == "operator:other"


def test_a_closed_counter_may_only_open() -> None:
    drawn = page(Day(a_plan()).at("10:00"), "1")
    assert (drawn.open.allowed, drawn.close.kind, drawn.call_next.kind) == (
        True,
        "counter_closed",
        "counter_closed",
    )
    assert (drawn.desk.open, drawn.ticket, drawn.targets) == (False, None, None)


def test_a_counter_sees_its_visit_and_where_it_may_be_sent() -> None:
    day = Day(a_plan()).at("10:00")
    for counter in ("1", "3"):
        day.open(counter)
    ticket = day.take("identity")
    assert page(day, "1").call_next.allowed
    day.called("1")
    drawn = page(day, "1")
    assert drawn.ticket is not None
    assert (drawn.ticket.id, drawn.call_next.kind) == (ticket, "counter_busy")
    assert drawn.targets is not None
    # No counter gives land; counter 2 is closed.
    assert drawn.targets.services == ("passport", "pension", "certificate")
    assert drawn.targets.counters == ("3",)


def test_a_counter_sees_its_own_queues_and_those_in_which_somebody_waits() -> None:
    day = Day(a_plan()).at("10:00")
    day.open("1")
    day.open("3")
    sent = day.take("certificate")
    day.called("3")
    day.transfer(sent, counter="3")
    day.take("pension")
    drawn = page(day, "1")
    assert [(queue.service, queue.tickets, queue.here) for queue in drawn.waiting] == [
        ("passport", 0, True),
        ("identity", 0, True),
        ("pension", 1, False),
    ]
    assert (drawn.sent_here, page(day, "3").sent_here) == (0, 1)


def test_a_counter_sees_who_is_on_hold_and_who_was_given_up() -> None:
    day = Day(a_plan()).at("10:00")
    for counter in ("1", "2", "3"):
        day.open(counter)
    held, gone, other = day.take(), day.take(), day.take("certificate")
    day.called("1")
    day.hold(held)
    day.called("1")
    day.no_show(gone)
    day.late("10:05").called("3")
    day.no_show(other)
    drawn = page(day, "1")
    assert [(one.ticket.id, set(one.may)) for one in drawn.held] == [(held, {"resume"})]
    assert drawn.held[0].may["resume"].allowed
    assert [(one.ticket.id, set(one.may)) for one in drawn.given_up] == [
        (gone, {"return", "recall"})
    ]
    # Counter 2 may only return the visitor whom counter 1 called; counter 3 sees both.
    assert [(one.ticket.id, set(one.may)) for one in page(day, "2").given_up] == [
        (gone, {"return"})
    ]
    assert [one.ticket.id for one in page(day, "3").given_up] == [other, gone]


def test_pages_need_a_plan() -> None:
    for draw in (
        lambda: floor.door(State(), 0, AIGUL),
        lambda: floor.desks(State(), AIGUL),
        lambda: floor.counter_page(State(), "1", 0, AIGUL),
    ):
        with pytest.raises(LookupError, match="no plan"):
            draw()
