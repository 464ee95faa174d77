"""The branch now: what needs a person, who is at the counters, where the pauses stand."""

from __future__ import annotations

from queue_service.policy import overview
from queue_service.policy.logbook import cleanings
from queue_service.policy.model import Pause
from queue_service.policy.overview import Alarm, AtCounter
from tests.policy.branch_day import Day, a_pause, a_plan, clock, with_groups


def alarms(day: Day) -> tuple[Alarm, ...]:
    assert day.state.plan is not None
    return overview.alarms(day.state, day.state.plan, day.now)


def pauses(day: Day) -> list[tuple[Pause, str]]:
    assert day.state.plan is not None
    return [*overview.pauses(day.state, day.state.plan, cleanings(day.journal))]


def pause_states(day: Day) -> list[str]:
    assert day.state.plan is not None
    return [state for _, state in pauses(day)]


def test_a_calm_day_has_no_alarm() -> None:
    day = Day(a_plan()).at("10:00")
    day.open("1")
    day.take()
    assert alarms(day) == ()


def test_a_lowered_limit_makes_the_hall_too_full() -> None:
    day = Day(a_plan()).at("10:00")
    day.open("1")
    for _ in range(3):
        day.take()
    day.change_plan(a_plan(hall_limit=1))
    assert Alarm("hall_above_limit", 2) in alarms(day)


def test_people_in_a_hall_without_an_open_counter() -> None:
    day = Day(a_plan()).at("10:00")
    day.take()
    assert alarms(day) == (Alarm("no_counter_open", 1),)
    day.open("1")
    assert alarms(day) == ()


def test_a_hall_that_is_not_empty_in_time_and_a_cleaning_that_nobody_confirms() -> None:
    day = Day(with_groups(pauses=(a_pause("11:00"),))).at("10:00")
    ticket = day.take(party=2)
    day.released()
    day.enter(ticket)
    day.open("1")
    day.at("11:01")
    assert alarms(day) == (Alarm("hall_not_empty", 2),)
    day.leave(ticket)
    day.at("11:45")
    assert Alarm("confirmation_overdue", 0) in alarms(day)


def test_those_who_may_not_be_served_before_closing() -> None:
    day = Day(with_groups(group_size=1, group_interval=240 * 60_000)).at("16:00")
    day.open("1")
    for _ in range(3):
        day.take(despite_closing=True)
    (found,) = alarms(day)
    assert (found.kind, found.people) == ("not_served_by_closing", 2)


def test_those_who_came_with_more_than_are_let_in_together_now() -> None:
    day = Day(with_groups()).at("10:00")
    day.open("1")
    day.take(party=3)
    day.take()
    assert alarms(day) == ()
    day.change_plan(with_groups(group_size=2))
    assert alarms(day) == (Alarm("party_too_large", 1),)


def test_a_counter_is_closed_free_calling_or_serving() -> None:
    day = Day(a_plan()).at("10:00")
    ticket = day.take()
    assert overview.at_counter(day.state, "1") == AtCounter("closed")
    day.open("1", by="operator:aru")
    assert overview.at_counter(day.state, "1") == AtCounter("free", "operator:aru")
    day.at("10:05").called("1")
    called = AtCounter("called", "operator:aru", "P-001", clock("10:05"))
    assert overview.at_counter(day.state, "1") == called
    day.at("10:06").start(ticket)
    serving = AtCounter("serving", "operator:aru", "P-001", clock("10:06"))
    assert overview.at_counter(day.state, "1") == serving


def test_pauses_are_past_under_way_next_or_later() -> None:
    planned = tuple(a_pause(at) for at in ("10:00", "12:00", "14:00", "16:00"))
    day = Day(with_groups(pauses=planned)).at("10:20")
    day.confirm()
    assert pause_states(day) == ["past", "next", "later", "later"]
    day.at("11:55")
    assert pause_states(day) == ["past", "now", "next", "later"]


def test_a_pause_before_its_plan_came_into_force_was_never_held() -> None:
    day = Day(with_groups()).at("10:22")
    day.change_plan(with_groups(pauses=tuple(a_pause(at) for at in ("10:00", "11:15", "12:30"))))
    found = [(one.starts_at, state) for one, state in pauses(day)]
    assert found == [(clock("11:15"), "next"), (clock("12:30"), "later")]


def test_what_another_plan_held_stays_and_is_told_as_it_went() -> None:
    day = Day(with_groups(pauses=(a_pause("10:00", drain=10, cleaning=15),))).at("10:20")
    day.confirm()
    day.change_plan(with_groups(pauses=(a_pause("09:30"), a_pause("12:30"))))
    day.start_sanitation()
    first, second, third = pauses(day)
    assert first == (a_pause("10:00", drain=10, cleaning=15), "past")
    assert (second[0].starts_at, second[1]) == (clock("10:20"), "now")
    assert third == (a_pause("12:30"), "next")


def test_who_waits_and_for_how_long() -> None:
    day = Day(a_plan(hall_limit=1)).at("10:00")
    inside, outside = day.take(), day.take()
    assert [one.id for one in overview.waiting_inside(day.state)] == [inside]
    assert [one.id for one in overview.waiting_outside(day.state)] == [outside]
    assert overview.longest([clock("10:00"), clock("10:05")], clock("10:07")) == 7 * 60_000
    assert overview.longest([], 0) is None


def test_nobody_may_be_late_for_a_closing_that_has_come() -> None:
    day = Day(with_groups(group_size=1, group_interval=240 * 60_000)).at("17:00")
    day.take(despite_closing=True)
    day.at("18:00")
    assert alarms(day) == ()


def test_a_day_that_is_over_has_no_alarm() -> None:
    day = Day(with_groups(pauses=(a_pause("11:00"),))).at("10:00")
    ticket = day.take()
    day.released()
    day.enter(ticket)
    day.open("1")
    assert alarms(day.at("11:01"))
    assert alarms(day.at("23:00")) == ()
