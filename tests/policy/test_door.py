"""Groups, the order in which people go in, the hall's limit, and the way out."""

from __future__ import annotations

from queue_service.policy import events as happened
from queue_service.policy.events import Refusal
from queue_service.policy.model import DayPlan
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


def at_ten(plan: DayPlan | None = None) -> Day:
    return Day(plan or with_groups()).at("10:00")


def three(day: Day, **fields: int) -> list[str]:
    return [day.take(**fields) for _ in range(3)]


def released_now(day: Day, *tickets: str) -> list[str]:
    """Lets a group go and everybody of it enter at once."""
    group = day.released()
    assert group == list(tickets)
    for ticket in group:
        day.enter(ticket)
    return group


# --- a group -------------------------------------------------------------------------------------


def test_a_group_is_the_first_who_wait_and_has_an_hour_to_arrive_by() -> None:
    day = at_ten()
    tickets = [day.take() for _ in range(5)]
    group = only(happened.GroupReleased, day.release())
    assert group.tickets == tuple(tickets[:4])
    assert (group.group, group.people, group.arrive_by) == (1, 4, clock("10:10"))
    assert day.states(*tickets) == ["released"] * 4 + ["issued"]
    assert (day.state.street_people, day.state.released_people) == (1, 4)
    assert (day[tickets[0]].group, day[tickets[0]].arrive_by) == (1, clock("10:10"))


def test_groups_are_counted() -> None:
    day = at_ten()
    day.take()
    day.released()
    day.at("10:10").take()
    assert only(happened.GroupReleased, day.release()).group == 2


def test_the_attendant_may_ask_for_a_smaller_group() -> None:
    day = at_ten()
    tickets = three(day)
    assert day.released(2) == tickets[:2]


def test_nobody_asks_for_a_larger_one() -> None:
    day = at_ten()
    three(day)
    assert day.release(5) == Refusal("group_too_large", {"group_size": 4})
    assert kinds(day.release(4)) == ["GroupReleased"]


def test_no_group_while_nobody_waits() -> None:
    assert at_ten().release() == Refusal("nobody_waiting")


def test_the_next_group_comes_no_sooner_than_the_interval() -> None:
    day = at_ten()
    three(day)
    day.released(1)
    assert day.late("10:09:59").release() == Refusal("too_soon", {"next_at": clock("10:10")})
    assert kinds(day.late("10:10").release(1)) == ["GroupReleased"]


def test_the_first_group_waits_for_nothing() -> None:
    day = Day(with_groups(group_interval=240 * MINUTE)).at("09:00")
    day.take()
    assert kinds(day.release()) == ["GroupReleased"]


def test_an_interval_that_ends_before_opening_waits_for_opening() -> None:
    day = at_ten()
    three(day)
    day.released(1)
    day.change_plan(with_groups(opens_at=clock("11:00")))
    assert day.late("10:30").release() == Refusal("not_yet_open", {"opens_at": clock("11:00")})
    assert kinds(day.at("11:00").release(1)) == ["GroupReleased"]


def test_no_groups_on_a_day_without_them() -> None:
    assert at_ten(a_plan()).release() == Refusal("groups_not_in_force")


def test_no_group_before_opening() -> None:
    day = Day(with_groups()).at("08:59:59")
    day.take()
    assert day.release() == Refusal("not_yet_open", {"opens_at": clock("09:00")})
    assert kinds(day.at("09:00").release()) == ["GroupReleased"]


def test_a_pause_at_the_very_opening_is_named_as_such() -> None:
    day = Day(with_groups(pauses=(a_pause("09:00", drain=0),))).late("09:00")
    assert day.release() == Refusal("paused", {"phase": "draining"})


def test_no_group_from_the_last_admission_on() -> None:
    day = at_ten()
    day.take()
    day.at("17:29:59")
    assert kinds(day.release()) == ["GroupReleased"]
    day.take(despite_closing=True)
    day.at("17:30")
    assert day.release() == Refusal("day_closed", {"last_admission_at": clock("17:30")})


def test_no_group_after_the_door_was_closed() -> None:
    day = at_ten(with_groups(last_admission_at=clock("19:00"))).at("18:00")
    assert day.release() == Refusal("day_closed", {"last_admission_at": clock("19:00")})


def test_nobody_arrives_into_a_pause_or_after_closing() -> None:
    day = at_ten(with_groups(pauses=(a_pause("10:15", drain=14),), arrive_within=30 * MINUTE))
    day.take()
    assert only(happened.GroupReleased, day.release()).arrive_by == clock("10:15")
    late = Day(with_groups(last_admission_at=clock("18:00"))).at("17:55")
    late.take(despite_closing=True)
    assert only(happened.GroupReleased, late.release()).arrive_by == clock("18:00")


# --- the hall's limit ----------------------------------------------------------------------------


def test_the_hall_holds_those_inside_and_those_on_their_way() -> None:
    day = at_ten(with_groups(hall_limit=5))
    tickets = [day.take() for _ in range(8)]
    for ticket in day.released(2):
        day.enter(ticket)
    assert day.late("10:10").released(2) == tickets[2:4]
    assert day.late("10:20").released() == [tickets[4]]
    expected = Refusal("hall_full", {"hall_limit": 5, "occupancy": 2, "released": 3})
    assert day.late("10:30").release() == expected
    day.leave(tickets[0])
    assert day.released() == [tickets[5]]


def test_a_smaller_hall_lets_nobody_in_until_enough_have_left() -> None:
    day = at_ten(with_groups(hall_limit=4))
    tickets = [day.take() for _ in range(6)]
    released_now(day, *tickets[:4])
    day.change_plan(with_groups(hall_limit=3))
    day.late("10:10").leave(tickets[0])
    assert refusal(day.release()) == "hall_full"
    day.leave(tickets[1])
    assert day.released() == [tickets[4]]


# --- parties -------------------------------------------------------------------------------------


def test_a_party_enters_whole_and_is_not_overtaken_by_a_smaller_one() -> None:
    day = at_ten(with_groups(group_size=4))
    pair, four, single = day.take(party=2), day.take(party=4), day.take()
    assert day.released() == [pair]
    assert day.late("10:10").released() == [four]
    assert day.late("10:20").released() == [single]


def test_parties_fill_a_group_exactly() -> None:
    day = at_ten(with_groups(group_size=4))
    sizes = (1, 2, 1, 1)
    tickets = [day.take(party=size) for size in sizes]
    group = only(happened.GroupReleased, day.release())
    assert group.tickets == tuple(tickets[:3])
    assert group.people == 4


def nobody_fits(limit: int, most: int, party: int = 3, number: str = "P-001") -> Refusal:
    values = {"number": number, "party": party, "limit": limit, "most": most}
    return Refusal("nobody_fits", values)


def test_a_party_of_more_than_was_asked_for_is_named_as_the_reason() -> None:
    day = at_ten()
    day.take(party=3)
    assert day.release(2) == nobody_fits(2, most=4)


def test_the_party_that_a_larger_group_would_let_in_is_named() -> None:
    day = at_ten()
    day.take(party=3)
    day.take(party=2)
    day.change_plan(with_groups(group_size=2))
    assert day.release(1) == nobody_fits(1, most=2, party=2, number="P-002")


def test_a_party_that_a_new_plan_can_never_let_in_blocks_nobody() -> None:
    day = at_ten()
    three_people, single = day.take(party=3), day.take()
    day.change_plan(with_groups(group_size=2))
    assert day.released() == [single]
    assert day.late("10:10").release() == nobody_fits(2, most=2)
    assert day.states(three_people) == ["issued"]
    day.change_plan(with_groups(group_size=4, hall_limit=2))
    assert day.release() == nobody_fits(2, most=2)
    day.change_plan(with_groups(group_size=3))
    assert day.released() == [three_people]


# --- the order -----------------------------------------------------------------------------------


def test_a_class_goes_ahead_of_the_next_one() -> None:
    day = at_ten(with_groups(group_size=2))
    ordinary = day.take()
    first, second = (day.at("10:05").take(priority="priority") for _ in range(2))
    assert day.released() == [first, second]
    assert day.late("10:15").released() == [ordinary]


def test_waiting_lifts_a_ticket_over_a_class_so_that_nobody_starves() -> None:
    day = at_ten(with_groups(ageing=20 * MINUTE, group_size=1))
    ordinary = day.take()
    early, late = (
        day.at("10:19:59").take(priority="priority"),
        day.at("10:20:01").take(priority="priority"),
    )
    day.at("10:30")
    assert day.released() == [early]
    assert day.late("10:40").released() == [ordinary]
    assert day.late("10:50").released() == [late]


def test_of_two_with_the_same_place_the_first_issued_goes_first() -> None:
    day = at_ten(with_groups(ageing=20 * MINUTE, group_size=1))
    ordinary = day.take(ticket="z")
    priority = day.at("10:20").take(priority="priority", ticket="a")
    assert day.released() == [ordinary]
    assert day.late("10:30").released() == [priority]


def test_a_ticket_issued_later_in_the_same_millisecond_goes_later() -> None:
    day = at_ten(with_groups(group_size=1))
    names = ["z", "y", "a", "b"]
    for name in names:
        day.take(ticket=name)
    went = [day.late(f"10:{10 * n:02d}").released()[0] for n in range(4)]
    assert went == names


# --- entering and missing ------------------------------------------------------------------------


def test_who_is_released_enters() -> None:
    day = at_ten()
    ticket = day.take(party=3)
    day.released()
    assert kinds(day.late("10:09:59").enter(ticket)) == ["TicketEntered"]
    assert day.states(ticket) == ["entered"]
    assert (day.state.occupancy, day.state.released_people) == (3, 0)
    assert day[ticket].entered_at == clock("10:09:59")
    assert day[ticket].inside


def test_who_comes_at_the_end_of_the_time_is_too_late() -> None:
    day = at_ten()
    ticket = day.take()
    day.released()
    expected = Refusal("too_late_to_enter", {"arrive_by": clock("10:10")})
    assert day.late("10:10").enter(ticket) == expected


def test_only_the_released_enter() -> None:
    day = at_ten()
    ticket = day.take()
    assert day.enter(ticket) == Refusal("wrong_state", {"ticket": "P-001", "state": "issued"})


def test_who_misses_a_group_stands_behind_the_next_one() -> None:
    day = at_ten(with_groups(group_size=2))
    late, other, *rest = (day.take() for _ in range(5))
    assert day.released() == [late, other]
    day.enter(other)
    day.at("10:10")
    assert day.states(late) == ["issued"]
    assert (day[late].missed, day.state.street_people) == (1, 4)
    assert day.released() == rest[:2]
    # After that group the old place counts again.
    assert day.late("10:20").released() == [late, rest[2]]


def test_who_missed_goes_with_the_next_group_when_it_has_room() -> None:
    day = at_ten(with_groups(group_size=3))
    late = day.take()
    day.released()
    others = [day.at("10:10").take() for _ in range(2)]
    assert day.released() == [*others, late]
    assert day.state.rejoining == {}


def test_several_who_missed_keep_their_order_among_themselves() -> None:
    day = at_ten(with_groups(group_size=4))
    parties = [day.take(party=size) for size in (1, 2, 1)]
    day.released()
    day.at("10:10")
    assert day.released() == parties


def test_who_misses_twice_has_lost_the_place() -> None:
    day = at_ten()
    ticket = day.take()
    day.released()
    day.at("10:10").released()
    assert day.states(ticket) == ["released"]
    day.at("10:20")
    assert day.states(ticket) == ["missed"]
    assert (day.state.released_people, day.state.street_people) == (0, 0)


def test_who_gives_the_turn_back_stands_behind_the_next_group() -> None:
    day = at_ten(with_groups(group_size=2))
    late, other, *rest = (day.take() for _ in range(5))
    day.released()
    assert only(happened.TicketPostponed, day.postpone(late)).ticket == late
    assert day.states(late, other) == ["issued", "released"]
    assert (day[late].missed, day.state.released_people, day.state.street_people) == (1, 1, 4)
    day.enter(other)
    assert day.at("10:10").released() == rest[:2]
    assert day.late("10:20").released() == [late, rest[2]]


def test_a_turn_is_given_back_once() -> None:
    day = at_ten()
    ticket = day.take()
    day.released()
    day.postpone(ticket)
    assert refusal(day.postpone(ticket)) == "wrong_state"
    day.at("10:10").released()
    assert day.postpone(ticket) == Refusal("already_missed", {"ticket": "P-001"})
    assert day.states(ticket) == ["released"]


def test_a_turn_given_back_when_groups_have_ended_waits_like_everybody() -> None:
    day = at_ten()
    ticket = day.take()
    day.released()
    day.change_plan(a_plan())
    day.postpone(ticket)
    assert (day.states(ticket), day.state.rejoining) == (["issued"], {})


def test_all_who_are_late_at_once_miss_together() -> None:
    day = at_ten()
    tickets = three(day)
    day.released()
    day.late("10:10")
    assert only(happened.TicketsMissed, day.tick()).tickets == tuple(tickets)


def test_who_missed_may_still_cancel() -> None:
    day = at_ten(with_groups(group_size=2))
    first, second = day.take(), day.take()
    day.released()
    day.at("10:10").cancel(first)
    assert day.states(first, second) == ["cancelled", "issued"]
    assert day.state.street_people == 1
    assert day.released() == [second]


def test_who_cancels_outside_leaves_those_who_missed_a_group_alone() -> None:
    day = at_ten(with_groups(ageing=20 * MINUTE))
    late = day.take()
    day.released()
    first = day.at("10:10").take(priority="priority")
    day.cancel(first)
    assert day.states(first, late) == ["cancelled", "issued"]
    assert day.released() == [late]


def test_a_cancelled_release_gives_its_room_to_others() -> None:
    day = at_ten(with_groups(hall_limit=1))
    first, second = day.take(), day.take()
    day.released()
    day.cancel(first)
    assert day.late("10:10").released() == [second]


def test_the_clock_releases_groups_where_the_plan_says_so() -> None:
    day = Day(with_groups(release_by_clock=True), opened="08:40").late("08:45")
    tickets = [day.take() for _ in range(6)]
    assert day.next_at == clock("09:00")
    day.at("09:00")
    assert day.states(*tickets) == ["released"] * 4 + ["issued"] * 2
    assert day.next_at == clock("09:10")
    day.enter(tickets[0])
    day.at("09:10")
    assert day.states(*tickets[4:]) == ["released"] * 2


def test_the_clock_waits_for_the_attendant_where_it_does_not() -> None:
    day = at_ten(with_groups(release_by_clock=False))
    day.take()
    assert day.next_at == clock("18:00")


def test_the_attendant_may_release_besides_the_clock() -> None:
    day = Day(with_groups(release_by_clock=True)).late("10:00")
    ticket = day.take()
    assert day.released() == [ticket]


# --- without groups ------------------------------------------------------------------------------


def test_who_finds_room_walks_in_with_the_ticket() -> None:
    day = at_ten(a_plan())
    assert kinds(day.ask("passport", ticket="a")) == ["TicketIssued", "TicketEntered"]
    assert day.states("a") == ["entered"]
    assert day.state.street_people == 0


def test_a_full_hall_keeps_people_outside_until_somebody_leaves() -> None:
    day = at_ten(a_plan(hall_limit=3))
    inside = day.take(party=3)
    waits = day.take()
    assert day.states(inside, waits) == ["entered", "issued"]
    day.late("10:30").cancel(inside)
    assert day.next_at == clock("10:30")
    day.at("10:30")
    assert day.states(waits) == ["entered"]


def test_a_party_walks_in_only_whole() -> None:
    day = at_ten(a_plan(hall_limit=3))
    day.take(party=2)
    assert kinds(day.ask("passport", party=2)) == ["TicketIssued"]


def test_a_party_that_just_fits_walks_in() -> None:
    day = at_ten(a_plan(hall_limit=3))
    day.take()
    assert kinds(day.ask("passport", party=2)) == ["TicketIssued", "TicketEntered"]


def test_nobody_walks_past_those_who_wait() -> None:
    day = at_ten(a_plan(hall_limit=3))
    day.take(party=2)
    pair, single = day.take(party=2), day.take()
    assert day.states(pair, single) == ["issued", "issued"]


def test_nobody_walks_past_a_single_one_whom_no_tick_has_let_in_yet() -> None:
    day = Day(a_plan(), opened="08:40")
    first = day.take()
    second = day.late("09:00").take()
    assert day.states(first, second) == ["issued", "issued"]


def test_who_came_before_opening_walks_in_at_opening() -> None:
    day = Day(a_plan(hall_limit=100), opened="08:40")
    tickets = [day.take() for _ in range(60)]
    assert day.states(tickets[0]) == ["issued"]
    day.late("09:00")
    # Fifty at a time, so that no single step grows without bound.
    assert kinds(day.tick()) == ["TicketEntered"] * 50
    assert kinds(day.tick()) == ["TicketEntered"] * 10
    assert day.tick() == ()


def test_walking_in_ends_with_the_last_admission() -> None:
    day = at_ten(a_plan()).at("17:30")
    assert day.states(day.take(despite_closing=True)) == ["issued"]


# --- the way out ---------------------------------------------------------------------------------


def test_where_exits_are_counted_people_are_inside_until_they_have_left() -> None:
    day = at_ten()
    ticket = day.take(party=2)
    released_now(day, ticket)
    day.open("1")
    day.called("1")
    day.start(ticket)
    assert kinds(day.finish(ticket)) == ["ServiceFinished"]
    assert (day.states(ticket), day.state.occupancy) == (["served"], 2)
    assert kinds(day.late("10:30").leave(ticket)) == ["TicketLeft"]
    assert (day.state.occupancy, day[ticket].inside) == (0, False)
    assert day[ticket].changed_at == clock("10:30")


def test_where_they_are_not_one_leaves_when_the_visit_is_over() -> None:
    day = at_ten(a_plan())
    ticket = day.take()
    day.open("1")
    day.called("1")
    day.start(ticket)
    assert kinds(day.finish(ticket)) == ["ServiceFinished", "TicketLeft"]
    assert day.state.occupancy == 0


def test_nobody_leaves_twice() -> None:
    day = at_ten()
    ticket = day.take()
    released_now(day, ticket)
    day.leave(ticket)
    assert day.leave(ticket) == Refusal("not_inside", {"ticket": "P-001"})


def test_who_goes_before_being_served_gives_the_place_up() -> None:
    day = at_ten()
    ticket = day.take()
    released_now(day, ticket)
    assert day.leave(ticket) == (
        happened.TicketCancelled(ticket=ticket, reason="left"),
        happened.TicketLeft(ticket=ticket),
    )
    assert day.states(ticket) == ["cancelled"]


def test_who_goes_when_called_frees_the_counter() -> None:
    day = at_ten()
    ticket = day.take()
    released_now(day, ticket)
    day.open("1")
    day.called("1")
    day.leave(ticket)
    assert day.state.counters["1"].ticket == ""


def test_who_goes_during_the_service_is_served_when_it_is_finished() -> None:
    day = at_ten(a_plan())
    ticket = day.take()
    day.open("1")
    day.called("1")
    day.start(ticket)
    assert kinds(day.leave(ticket)) == ["TicketLeft"]
    assert kinds(day.finish(ticket)) == ["ServiceFinished"]
    assert day.state.occupancy == 0


def test_who_cancels_outside_was_never_inside() -> None:
    day = at_ten()
    ticket = day.take()
    expected = happened.TicketCancelled(ticket=ticket, reason="no time")
    assert day.cancel(ticket, "no time") == (expected,)


def test_who_cancels_inside_is_counted_out_where_exits_are_counted() -> None:
    day = at_ten()
    ticket = day.take()
    released_now(day, ticket)
    assert kinds(day.cancel(ticket)) == ["TicketCancelled"]
    assert day.state.occupancy == 1


def test_nobody_cancels_what_is_over_or_under_way() -> None:
    day = at_ten(a_plan())
    ticket = day.take()
    day.open("1")
    day.called("1")
    day.start(ticket)
    assert refusal(day.cancel(ticket)) == "wrong_state"
    day.finish(ticket)
    assert refusal(day.cancel(ticket)) == "wrong_state"


# --- recount -------------------------------------------------------------------------------------


def test_what_the_attendant_counts_is_what_counts() -> None:
    day = at_ten(with_groups(hall_limit=4))
    tickets = [day.take() for _ in range(6)]
    released_now(day, *tickets[:4])
    counted = only(happened.HallRecounted, day.recount(2))
    assert counted == happened.HallRecounted(occupancy=2, before=4, reason="counted by eye")
    assert day.late("10:10").released() == tickets[4:]


def test_a_recount_above_the_limit_lets_nobody_in() -> None:
    day = at_ten(with_groups(hall_limit=4))
    day.take()
    day.recount(7)
    assert refusal(day.release()) == "hall_full"


def test_more_leave_than_were_counted() -> None:
    day = at_ten()
    ticket = day.take(party=3)
    released_now(day, ticket)
    day.recount(1)
    day.leave(ticket)
    assert day.state.occupancy == 0


def test_who_was_counted_out_by_a_recount_is_not_counted_out_again() -> None:
    day = at_ten(with_groups(group_size=2, hall_limit=4))
    tickets = [day.take() for _ in range(4)]
    released_now(day, *tickets[:2])
    day.recount(0)
    day.late("10:10").released()
    for ticket in tickets[2:]:
        day.enter(ticket)
    for ticket in tickets[:2]:
        day.leave(ticket)
    assert day.state.occupancy == 2
    day.leave(tickets[2])
    assert day.state.occupancy == 1


def test_no_more_go_out_of_a_recount_than_it_found() -> None:
    day = at_ten()
    first, second, new = (day.take() for _ in range(3))
    for ticket in day.released(2):
        day.enter(ticket)
    day.recount(1)
    day.late("10:10").enter(day.released()[0])
    day.leave(first)
    day.leave(second)
    assert (day.state.occupancy, day[new].inside) == (1, True)


def test_an_unknown_ticket() -> None:
    assert at_ten().enter("x") == Refusal("unknown_ticket", {"ticket": "x"})
