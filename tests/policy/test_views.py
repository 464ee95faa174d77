"""What people see of a branch-day: tickets with their places, groups, counters, the board."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from queue_service.policy import events as happened
from queue_service.policy import overview, views
from queue_service.policy.model import State
from schemas import wire
from tests.policy.branch_day import MINUTE, SERVICES, Day, a_pause, a_plan, clock, with_groups

QUICK = tuple(replace(service, service_time=MINUTE) for service in SERVICES)
"""Where the door is the bottleneck, not the counters."""
EVERYTHING = frozenset(views.ACTIONS)


def local(at: int) -> str:
    """Time of day in Uralsk."""
    return datetime.fromtimestamp(at / 1000 + 5 * 3600, UTC).strftime("%H:%M")


def seen(day: Day, ticket: str, allowed: frozenset[str] = EVERYTHING) -> wire.Ticket:
    return views.ticket_view(day.state, day[ticket], day.now, local, allowed)


def taken(day: Day, tickets: int) -> str:
    """The last of so many tickets."""
    return [day.take() for _ in range(tickets)][-1]


def board(day: Day) -> wire.Board:
    return views.board(day.state, "uralsk-2", "2020-03-19", day.now, local)


# --- a ticket ------------------------------------------------------------------------------------


def test_people_ahead_outside_count_parties_not_tickets() -> None:
    day = Day(with_groups()).at("10:00")
    day.take(party=3)
    day.take()
    last = day.take(party=3)
    assert seen(day, last).people_ahead == 4


def test_a_higher_class_stands_ahead() -> None:
    day = Day(with_groups()).at("10:00")
    ordinary = day.take(party=2)
    first = day.take(priority="priority")
    assert (seen(day, first).people_ahead, seen(day, ordinary).people_ahead) == (0, 1)


def test_who_missed_a_group_stands_behind_those_outside() -> None:
    day = Day(with_groups()).at("10:00")
    late, too = day.take(), day.take()
    day.released()
    day.at("10:15")
    for _ in range(3):
        day.take()
    assert seen(day, late).people_ahead == 3
    assert seen(day, too).people_ahead == 4
    assert seen(day, late).times_missed == 1


def test_people_ahead_in_the_hall_count_parties_too() -> None:
    day = Day(a_plan()).at("10:00")
    day.take(party=4)
    called = day.take(party=2)
    behind = day.take("pension")
    assert (seen(day, behind).state, seen(day, behind).people_ahead) == ("entered", 6)
    day.cancel(called)
    assert seen(day, behind).people_ahead == 4


def test_a_ticket_that_waits_nowhere_has_nobody_ahead_and_no_estimate() -> None:
    day = Day(a_plan()).at("10:00")
    ticket = day.take()
    day.open("1")
    day.called("1")
    shown = seen(day, ticket)
    assert (shown.people_ahead, shown.estimate, shown.counter) == (0, None, "1")
    assert (shown.called_at, shown.started_at) == ("10:00", None)


def test_the_estimate_follows_the_groups_at_the_door() -> None:
    day = Day(with_groups(services=QUICK)).at("10:00")
    estimate = seen(day, taken(day, 9)).estimate
    assert estimate is not None
    # The third group of four, ten minutes apart.
    assert (estimate.likely_at, estimate.likely_minutes) == ("10:20", 20)
    assert estimate.low_at <= estimate.likely_at <= estimate.high_at


def test_the_estimate_and_the_board_wait_for_the_cleaning_under_way() -> None:
    day = Day(with_groups(services=QUICK, cleaning=15 * MINUTE)).at("10:00")
    day.start_sanitation()
    estimate = seen(day, taken(day, 1)).estimate
    assert estimate is not None
    assert estimate.likely_at == board(day).next_group_at == "10:15"


def test_no_estimate_of_what_will_not_happen() -> None:
    closes = {"closes_at": clock("10:10"), "last_admission_at": clock("10:10")}
    day = Day(with_groups(services=QUICK, **closes)).at("10:00")
    taken(day, 4)
    assert seen(day, day.take(despite_closing=True)).estimate is None


def test_who_is_not_to_be_let_in_today_is_told_so_and_nobody_else() -> None:
    closes = {"closes_at": clock("10:10"), "last_admission_at": clock("10:10")}
    day = Day(with_groups(services=QUICK, **closes)).at("10:00")
    in_time = taken(day, 4)
    late = day.take(despite_closing=True)
    assert [seen(day, ticket).not_today for ticket in (in_time, late)] == [False, True]
    day.released()
    assert [seen(day, ticket).not_today for ticket in (in_time, late)] == [False, True]


@pytest.mark.parametrize("changed", [{"group_size": 2}, {"group_size": 4, "hall_limit": 2}])
def test_who_came_with_more_than_are_let_in_together_now_is_told_so(
    changed: dict[str, int],
) -> None:
    day = Day(with_groups(services=QUICK)).at("10:00")
    three, single = day.take(party=3), day.take()
    assert seen(day, three).party_at_most is None
    day.change_plan(with_groups(services=QUICK, **changed))
    told = seen(day, three)
    assert (told.party_at_most, told.estimate, told.not_today) == (2, None, True)
    assert (seen(day, single).party_at_most, seen(day, single).not_today) == (None, False)
    (shown,) = board(day).next_in_street
    assert (shown.number, shown.around_at) == ("P-002", "10:00")
    day.cancel(single)
    assert (board(day).next_in_street, board(day).street_people) == ((), 3)


def test_parties_that_are_let_in_no_more_stand_before_nobody() -> None:
    day = Day(with_groups(services=QUICK)).at("09:50")
    stuck = [day.take(party=4) for _ in range(8)]
    fitting = day.take(party=2, despite_closing=True)
    day.change_plan(with_groups(services=QUICK, group_size=2))
    alone = Day(with_groups(services=QUICK, group_size=2)).at("09:50")
    before = alone.take(party=2)
    last, same = day.take(despite_closing=True), alone.take(despite_closing=True)
    assert (seen(day, last).people_ahead, seen(day, fitting).people_ahead) == (2, 0)
    assert seen(day, fitting).estimate == seen(alone, before).estimate
    assert seen(day, last).estimate == seen(alone, same).estimate
    assert [seen(day, ticket).party_at_most for ticket in stuck] == [2] * 8
    needed = overview.alarms(day.state, views.plan_of(day.state), day.now)
    assert [(one.kind, one.people) for one in needed] == [("party_too_large", 8)]


def test_whoever_a_change_sends_online_is_told_so() -> None:
    day = Day(with_groups()).at("10:00")
    online, given_up = day.take("certificate"), day.take("passport")
    assert not seen(day, online).redirected
    day.cancel(given_up)
    day.change_plan(with_groups(non_online_only=True), redirect_issued=True)
    assert (seen(day, online).state, seen(day, online).redirected) == ("cancelled", True)
    assert (seen(day, given_up).state, seen(day, given_up).redirected) == ("cancelled", False)


def test_a_party_inside_may_be_larger_than_is_let_in_now() -> None:
    day = Day(with_groups(services=QUICK)).at("10:00")
    three = day.take(party=3)
    day.released()
    day.enter(three)
    day.change_plan(with_groups(services=QUICK, group_size=2))
    assert seen(day, three).party_at_most is None
    assert seen(day, three).estimate is not None


def test_the_estimate_follows_the_counters_in_the_hall() -> None:
    day = Day(a_plan()).at("10:00")
    day.open("1")
    estimate = seen(day, taken(day, 4)).estimate
    assert estimate is not None
    assert (estimate.low_at, estimate.likely_at) < (estimate.high_at, "10:31")
    assert estimate.likely_at == "10:30"


def test_only_counters_that_can_serve_the_visit_shorten_its_wait() -> None:
    day = Day(a_plan()).at("10:00")
    last = [day.take("pension") for _ in range(4)][-1]
    day.open("2")
    before = seen(day, last).estimate
    day.open("1")  # no pensions
    assert seen(day, last).estimate == before
    day.open("3")
    after = seen(day, last).estimate
    assert before is not None
    assert after is not None
    assert after.likely_at < before.likely_at


def waits(day: Day, ticket: str) -> int:
    """Minutes until the likely call."""
    estimate = seen(day, ticket).estimate
    assert estimate is not None
    return estimate.likely_minutes


def outside() -> Day:
    """A morning on which nobody is let in before the attendant says so; counters 1, 2 and 3 work.

    Groups are as large as the street: the counters are the bottleneck.
    """
    day = Day(with_groups(hall_limit=100, group_size=100)).at("10:00")
    for counter in ("1", "2", "3"):
        day.open(counter)
    return day


def test_outside_only_counters_that_can_serve_the_visit_shorten_its_wait() -> None:
    day = outside()
    pensions = [day.take("pension") for _ in range(9)]
    assert (seen(day, pensions[-1]).people_ahead, waits(day, pensions[0])) == (8, 0)
    # Eight of 20 minutes each, at the two counters that give pensions.
    assert waits(day, pensions[-1]) == 80
    day.close("2")
    assert waits(day, pensions[-1]) == 160
    day.close("3")
    assert seen(day, pensions[-1]).estimate is None
    assert seen(day, pensions[-1]).people_ahead == 8


def test_outside_those_who_ask_for_something_else_count_by_their_share() -> None:
    day = outside()
    for _ in range(8):
        day.take("pension")
    identity = day.take("identity")
    # One of the two counters for pensions, of the two for identity cards: half of 160 minutes.
    assert waits(day, identity) == 40
    day.close("3")
    assert waits(day, identity) == 0


def test_outside_those_whom_no_open_counter_can_serve_take_nobodys_time() -> None:
    day = outside()
    for _ in range(8):
        day.take("certificate")
    identity = day.take("identity")
    assert waits(day, identity) > 0
    day.close("3")
    assert waits(day, identity) == 0


def test_a_party_is_one_visit_however_many_people_it_has() -> None:
    day = outside()
    for _ in range(8):
        day.take("pension", party=3)
    assert waits(day, day.take("pension")) == 80


def test_who_is_on_the_way_stands_behind_those_inside_and_those_released_before() -> None:
    day = outside()
    first, second, third = (day.take("certificate") for _ in range(3))
    day.released()
    assert [waits(day, ticket) for ticket in (first, second, third)] == [0, 5, 10]
    day.enter(first)
    assert [waits(day, ticket) for ticket in (second, third)] == [5, 10]
    assert waits(day, day.take("certificate")) == 15


def test_no_estimate_where_no_open_counter_can_serve_the_visit() -> None:
    day = Day(a_plan()).at("10:00")
    waiting = day.take("certificate")
    assert seen(day, waiting).estimate is not None
    day.open("1")
    assert seen(day, waiting).estimate is None
    assert not seen(day, waiting).not_today


def test_the_first_in_line_may_be_let_in_late_and_never_early() -> None:
    """The next group may go at 10:10; half an interval late is usual."""
    day = Day(with_groups(services=QUICK)).at("10:00")
    day.take()
    day.released()
    estimate = seen(day, day.take()).estimate
    assert estimate is not None
    assert (estimate.low_at, estimate.likely_at, estimate.high_at) == ("10:10", "10:10", "10:15")


SLOW = tuple(replace(service, service_time=25 * MINUTE) for service in SERVICES)


def test_the_end_of_a_range_is_not_in_a_pause() -> None:
    pauses = (a_pause("10:22", drain=10, cleaning=15),)
    day = Day(with_groups(services=QUICK, pauses=pauses)).at("10:00")
    day.take()
    day.released()
    estimate = seen(day, day.take()).estimate
    assert estimate is not None
    # Half an interval late is within the pause from 10:12 to 10:37.
    assert (estimate.likely_at, estimate.high_at) == ("10:10", "10:40")


def a_full_hall() -> tuple[Day, str]:
    """Four sit in a hall for four, before one counter that takes 25 minutes for each."""
    day = Day(with_groups(hall_limit=4, services=SLOW)).at("10:00")
    inside = [day.take() for _ in range(4)]
    day.released()
    for ticket in inside:
        day.enter(ticket)
    day.open("1")
    return day, day.take()


def test_who_waits_before_a_full_hall_waits_until_somebody_has_gone() -> None:
    day, first = a_full_hall()
    before = seen(day, first).estimate
    assert before is not None
    # The counter may let somebody go after 25 minutes, the next group goes ten minutes apart.
    assert board(day).next_in_street[0].around_at == "10:30"
    assert before.likely_at == "11:40"
    assert before.low_at >= "10:30"
    day.change_plan(with_groups(hall_limit=5, services=SLOW))
    assert board(day).next_in_street[0].around_at == "10:10"


def test_nobody_is_told_to_come_within_a_pause() -> None:
    """Somebody is gone by 10:25; the group after that, at 10:30, would be within the pause."""
    day, _ = a_full_hall()
    pauses = (a_pause("10:40", drain=12, cleaning=15), a_pause("13:00"))
    day.change_plan(with_groups(hall_limit=4, services=SLOW, pauses=pauses))
    assert board(day).next_in_street[0].around_at == "10:55"


def test_a_pause_empties_a_full_hall_and_then_it_has_room() -> None:
    day, first = a_full_hall()
    pauses = (a_pause("10:35", drain=15, cleaning=15),)
    day.change_plan(with_groups(hall_limit=4, services=SLOW, pauses=pauses))
    assert board(day).next_in_street[0].around_at == "10:50"
    day.change_plan(with_groups(hall_limit=4, services=SLOW))
    day.start_sanitation()
    # Ten minutes to leave the hall, fifteen to clean it.
    assert board(day).next_in_street[0].around_at == "10:25"
    assert seen(day, first).pause == wire.TicketPause(phase="draining", until="10:25")


def test_who_is_next_in_the_hall_waits_until_a_visit_ends() -> None:
    day = Day(a_plan()).at("10:00")
    day.open("1")
    last = taken(day, 2)
    free = seen(day, last).estimate
    day.called("1")
    busy = seen(day, last).estimate
    assert free is not None
    assert busy is not None
    assert free.likely_at == busy.likely_at == "10:10"
    assert (busy.low_at, busy.high_at) == ("10:00", "10:23")


def test_who_sits_in_the_hall_is_called_before_it_is_cleaned() -> None:
    day, _ = a_full_hall()
    inside = next(ticket for ticket in day.state.tickets.values() if ticket.state == "entered")
    before = waits(day, inside.id)
    day.start_sanitation()
    assert waits(day, inside.id) == before == 0


def test_a_pause_puts_the_estimate_off() -> None:
    day = Day(with_groups(services=QUICK, pauses=(a_pause("10:15"),))).at("10:00")
    estimate = seen(day, taken(day, 9)).estimate
    assert estimate is not None
    # Due at 10:20, that is after the drain from 10:05; the pause ends at 10:30.
    assert estimate.likely_at == "10:45"


def a_visitor_before_a_pause() -> tuple[Day, str]:
    """Nine wait at ten o'clock, four to a group; nobody is let in from 10:15 to 10:40."""
    pauses = (a_pause("10:25", drain=10, cleaning=15),)
    day = Day(with_groups(services=QUICK, pauses=pauses)).at("10:00")
    return day, taken(day, 9)


def test_a_visitor_is_told_of_the_pause_that_comes_before_the_call() -> None:
    day, last = a_visitor_before_a_pause()
    told = wire.TicketPause(phase="planned", starts_at="10:15", until="10:40")
    assert seen(day, last).pause == told
    first = day.released()[0]
    assert seen(day, last).pause == told
    assert seen(day, first).pause is None


def test_a_visitor_is_told_of_the_pause_under_way_and_until_when() -> None:
    day, last = a_visitor_before_a_pause()
    inside = day.released()[0]
    day.enter(inside)
    day.at("10:16:20")
    draining = wire.TicketPause(phase="draining", until="10:40")
    assert [seen(day, ticket).pause for ticket in (last, inside)] == [draining, draining]
    day.at("10:31:20")
    assert seen(day, last).pause == replace(draining, until="10:47")
    day.leave(inside)
    day.at("10:55")
    assert seen(day, last).pause == wire.TicketPause(phase="cleaning", until="10:47")
    day.confirm()
    assert seen(day, last).pause is None


def test_a_released_ticket_says_until_when_to_enter() -> None:
    day = Day(with_groups()).at("10:00")
    ticket = day.take(language="kk")
    day.released()
    shown = seen(day, ticket)
    assert (shown.state, shown.group, shown.arrive_by) == ("released", 1, "10:10")
    assert shown.language == "kk"
    day.enter(ticket)
    assert seen(day, ticket).arrive_by is None


@pytest.mark.parametrize(
    ("allowed", "expected"),
    [
        (EVERYTHING, ("cancel", "entered", "late")),
        (frozenset({"cancel"}), ("cancel",)),
        (frozenset({"start"}), ()),
    ],
)
def test_actions_are_those_of_the_state_and_of_the_role(
    allowed: frozenset[str], expected: tuple[str, ...]
) -> None:
    day = Day(with_groups()).at("10:00")
    ticket = day.take()
    day.released()
    assert seen(day, ticket, allowed).actions == expected


def test_only_who_is_inside_can_be_counted_out_and_return_is_offered_once() -> None:
    day = Day(with_groups()).at("10:00")
    ticket = day.take()
    day.released()
    day.enter(ticket)
    day.open("1")
    for _ in range(2):
        day.called("1")
        day.no_show(ticket)
        if not day[ticket].returned:
            assert seen(day, ticket).actions == ("left", "recall", "return")
            day.give_back(ticket)
    assert seen(day, ticket).actions == ("left", "recall")


def test_a_turn_may_be_given_back_once() -> None:
    day = Day(with_groups()).at("10:00")
    ticket = day.take()
    assert "late" not in seen(day, ticket).actions
    day.released()
    assert seen(day, ticket, views.HOLDER_ACTIONS).actions == ("cancel", "late")
    day.postpone(ticket)
    day.at("10:10").released()
    assert seen(day, ticket, views.HOLDER_ACTIONS).actions == ("cancel",)


def test_a_view_needs_a_plan() -> None:
    day = Day(a_plan()).at("10:00")
    ticket = day[day.take()]
    with pytest.raises(LookupError, match="no plan"):
        views.ticket_view(State(), ticket, day.now, local, EVERYTHING)


# --- groups, counters, hall ----------------------------------------------------------------------


def test_a_group_is_shown_with_its_tickets() -> None:
    day = Day(with_groups()).at("10:00")
    first, second = day.take(party=2), day.take()
    day.release()
    entry = day.journal[-1]
    assert isinstance(entry.event, happened.GroupReleased)
    group = views.group_view(day.state, entry.event, entry, local)
    assert [(one.id, one.number, one.party_size) for one in group.tickets] == [
        (first, "P-001", 2),
        (second, "P-002", 1),
    ]
    assert (group.group, group.people, group.released_at, group.arrive_by) == (
        1,
        3,
        "10:00",
        "10:10",
    )


def test_a_counter_is_shown_closed_free_and_busy() -> None:
    day = Day(a_plan()).at("10:00")
    closed = views.counter_view(day.state, "2")
    assert (closed.open, closed.skills) == (False, ("passport", "pension"))
    day.open("2")
    assert views.counter_view(day.state, "2").number is None
    ticket = day.take()
    day.called("2")
    busy = views.counter_view(day.state, "2")
    assert (busy.open, busy.number, busy.ticket) == (True, "P-001", ticket)


def test_the_hall_and_its_limit() -> None:
    day = Day(with_groups(hall_limit=9)).at("10:00")
    inside, outside = day.take(party=2), day.take()
    day.released()
    day.enter(inside)
    hall = views.hall_view(day.state)
    assert (hall.occupancy, hall.released, hall.limit) == (2, day[outside].party, 9)
    assert views.hall_view(State()).limit == 0


def test_sanitation_as_it_goes_on() -> None:
    day = Day(with_groups(pauses=(a_pause("11:00"),))).at("10:00")
    before = views.sanitation_view(day.state, local)
    assert (before.phase, before.next_drain_at) == ("none", "10:50")
    day.at("10:55")
    draining = views.sanitation_view(day.state, local)
    assert (draining.phase, draining.clean_from, draining.next_drain_at) == (
        "draining",
        "11:00",
        None,
    )
    day.at("11:00")
    cleaning = views.sanitation_view(day.state, local)
    assert (cleaning.phase, cleaning.clean_until, cleaning.alarm) == ("cleaning", "11:15", False)
    day.at("11:30")
    assert views.sanitation_view(day.state, local).alarm


# --- the board -----------------------------------------------------------------------------------


def test_a_board_without_a_plan_says_so() -> None:
    drawn = views.board(State(), "uralsk-2", "2020-03-19", clock("10:00"), local)
    assert (drawn.day, drawn.counters, drawn.sanitation.next_drain_at) == ("no_plan", (), None)


@pytest.mark.parametrize(
    ("at", "day"),
    [("08:30", "before_opening"), ("09:00", "open"), ("18:00", "closed"), ("19:00", "ended")],
)
def test_a_board_says_where_the_day_stands(at: str, day: str) -> None:
    assert board(Day(with_groups()).at(at)).day == day


def test_a_board_of_a_closed_day_says_why() -> None:
    drawn = board(Day(a_plan(closed_reason="holiday")).at("10:00"))
    assert (drawn.day, drawn.closed_reason) == ("closed_today", "holiday")


def test_a_board_shows_who_is_called_released_and_next() -> None:
    day = Day(with_groups()).at("10:00")
    tickets = [day.take() for _ in range(6)]
    for ticket in day.released()[:3]:
        day.enter(ticket)
    day.open("1")
    day.open("3")
    day.called("1")
    day.late("10:01")
    day.start(day.called("3"))
    drawn = board(day)
    assert [(call.number, call.counter, call.state) for call in drawn.calls] == [
        ("P-002", "3", "serving"),
        ("P-001", "1", "called"),
    ]
    assert [(one.number, one.group) for one in drawn.released] == [("P-004", 1)]
    assert [one.number for one in drawn.next_in_street] == ["P-005", "P-006"]
    assert [(one.number, one.waits_for) for one in drawn.next_in_hall] == [("P-003", "passport")]
    assert (drawn.street_people, drawn.waiting_in_hall, drawn.next_group_at) == (2, 1, "10:10")
    assert [counter.open for counter in drawn.counters] == [True, False, True]
    assert day.states(*tickets[4:]) == ["issued", "issued"]


def test_after_the_last_admission_a_board_announces_no_group() -> None:
    day = Day(with_groups(last_admission_at=clock("10:05"))).at("10:00")
    day.take()
    assert board(day).next_group_at == "10:00"
    day.released()
    assert board(day).next_group_at is None


def test_those_at_the_door_stand_on_the_board_in_their_order() -> None:
    day = Day(with_groups()).at("10:00")
    for _ in range(3):
        day.take()
    first = day.take(priority="priority")
    day.released()
    drawn = board(day)
    assert [one.number for one in drawn.released] == ["P-004", "P-001", "P-002", "P-003"]
    assert day[first].state == "released"


def test_a_board_shows_a_bounded_number_of_those_who_wait() -> None:
    day = Day(with_groups()).at("10:00")
    for _ in range(views.SHOWN_OUTSIDE + 5):
        day.take(despite_closing=True)
    drawn = board(day)
    assert (len(drawn.next_in_street), drawn.street_people) == (
        views.SHOWN_OUTSIDE,
        views.SHOWN_OUTSIDE + 5,
    )


def test_without_groups_a_board_announces_none() -> None:
    drawn = board(Day(a_plan()).at("10:00"))
    assert (drawn.group_admission, drawn.next_group_at) == (False, None)


def test_the_board_of_an_empty_branch_before_a_pause_has_nobody_on_it() -> None:
    day = Day(with_groups(pauses=(a_pause("10:25", drain=10, cleaning=15),))).at("10:00")
    assert board(day).next_in_street == ()


def around(day: Day) -> list[str | None]:
    return [one.around_at for one in board(day).next_in_street]


def test_who_waits_outside_is_told_roughly_when_the_group_is_let_in() -> None:
    day = Day(with_groups()).at("10:02")
    for party in (3, 1, 4, 2):
        day.take(party=party)
    assert around(day) == ["10:05", "10:05", "10:15", "10:25"]
    day.take(priority="priority", party=4)
    assert around(day) == ["10:05", "10:15", "10:15", "10:25", "10:35"]


def test_who_is_not_to_be_let_in_today_is_told_no_time() -> None:
    day = Day(with_groups(last_admission_at=clock("10:10"))).at("10:00")
    for _ in range(5):
        day.take(despite_closing=True)
    assert around(day) == ["10:00"] * 4 + [None]


def test_without_groups_nobody_outside_is_told_a_time() -> None:
    day = Day(a_plan(hall_limit=1)).at("10:00")
    taken(day, 2)
    assert around(day) == [None]


def test_a_board_names_its_branch_and_the_regimes_in_force() -> None:
    quarantine, uralsk = {"kk": "карантин"}, {"ru": "Отдел № 2"}
    plan = a_plan(regimes=("q",), regime_names=(quarantine,), branch_name=uralsk)
    drawn = board(Day(plan).at("10:00"))
    assert (drawn.regime_names, drawn.branch_name) == ((quarantine,), uralsk)
