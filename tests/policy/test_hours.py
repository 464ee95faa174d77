"""Closing, overtime, the end of the day, and what is due first."""

from __future__ import annotations

import pytest

from queue_service.policy import deadlines, rules
from queue_service.policy import events as happened
from queue_service.policy.model import State
from tests.policy.branch_day import (
    MINUTE,
    Day,
    a_pause,
    a_plan,
    clock,
    kinds,
    only,
    with_groups,
)


def test_who_waits_outside_at_closing_is_carried_over() -> None:
    day = Day(with_groups(hall_limit=4)).at("17:25")
    inside = day.take(despite_closing=True)
    day.released()
    day.enter(inside)
    on_the_way = day.at("17:29").take(despite_closing=True)
    day.change_plan(with_groups(hall_limit=4, group_interval=0, arrive_within=60 * MINUTE))
    day.released()
    waits = day.take(despite_closing=True, party=2)
    day.late("18:00")
    assert kinds(day.tick()) == ["DayClosed"]
    assert day.states(inside, on_the_way, waits) == ["entered", "expired", "expired"]
    closed = only(happened.DayClosed, (day.journal[-1].event,))
    assert closed.expired == (on_the_way, waits)
    assert (day.state.street_people, day.state.released_people) == (0, 0)


def test_who_missed_a_group_is_carried_over_too() -> None:
    day = Day(with_groups(last_admission_at=clock("18:00"))).at("17:45")
    ticket = day.take(despite_closing=True)
    day.released()
    day.at("17:55")
    assert day.state.rejoining != {}
    day.at("18:00")
    assert day.states(ticket) == ["expired"]


def test_overtime_serves_those_inside() -> None:
    day = Day(a_plan()).at("17:20")
    day.open("1")
    first, second = day.take(despite_closing=True), day.take(despite_closing=True)
    day.at("18:30")
    assert day.state.phase == "closed"
    assert day.called("1") == first
    day.start(first)
    day.finish(first)
    assert day.called("1") == second


def test_at_the_end_of_overtime_a_service_is_over_and_who_waits_is_carried_over() -> None:
    day = Day(a_plan(exits_counted=True)).at("17:00")
    for counter in "123":
        day.open(counter)
    served = day.take("passport")
    called = day.take("pension")
    held = day.take("certificate")
    several = day.take("identity", "passport")
    waits = day.take("pension")
    for counter, ticket in (("1", served), ("2", called), ("3", held)):
        assert day.called(counter) == ticket
    day.start(served)
    day.hold(held)
    assert day.called("3") == several
    day.start(several)
    day.late("18:00").tick()
    day.late("19:00")
    ended = only(happened.DayEnded, day.tick())
    assert ended.finished == (served,)
    assert ended.expired == (called, held, several, waits)
    assert day.states(served, called, held, several, waits) == ["served"] + ["expired"] * 4
    assert day[served].changed_at == day[waits].changed_at == clock("19:00")
    assert (day.state.phase, day.state.occupancy, day.next_at) == ("ended", 0, None)
    assert not any(day[ticket].inside for ticket in day.state.tickets)
    assert not any(counter.ticket for counter in day.state.counters.values())


def test_the_last_of_several_services_under_way_is_over() -> None:
    day = Day(a_plan()).at("17:00")
    day.open("1")
    both = day.take("passport", "identity")
    day.called("1")
    day.start(both)
    day.finish(both)
    assert day.called("1") == both
    day.start(both)
    day.at("19:00")
    assert day.states(both) == ["served"]


def test_without_overtime_closing_and_the_end_come_together() -> None:
    day = Day(a_plan(ends_at=clock("18:00"))).at("18:00")
    assert [kinds((entry.event,)) for entry in day.journal[1:]] == [["DayClosed"], ["DayEnded"]]


def test_who_has_ended_stays_as_it_is() -> None:
    day = Day(a_plan()).at("10:00")
    cancelled = day.take()
    day.cancel(cancelled)
    day.at("19:00")
    assert day.states(cancelled) == ["cancelled"]
    assert day[cancelled].changed_at == clock("10:00")


# --- what is due ---------------------------------------------------------------------------------


def test_nothing_is_due_without_a_plan() -> None:
    day = Day()
    assert deadlines.next_deadline(State(), day.now) == rules.NEVER
    assert deadlines.tick(State(), day.now) == ()


def test_a_tick_does_nothing_before_its_time() -> None:
    day = Day(a_plan()).late("17:59:59")
    assert (day.tick(), day.next_at) == ((), clock("18:00"))


def test_nothing_is_due_on_a_day_of_rest() -> None:
    assert Day(a_plan(closed_reason="holiday")).next_at is None


@pytest.mark.parametrize(("empty", "last"), [(True, "CleaningStarted"), (False, "AlarmRaised")])
def test_deadlines_of_one_instant_happen_by_rank(*, empty: bool, last: str) -> None:
    plan = with_groups(release_by_clock=True, pauses=(a_pause("10:10", drain=0),))
    day = Day(plan).at("10:00")
    first, second = day.take(), day.take()
    day.at("10:00").enter(first)
    if empty:
        day.leave(first)
    day.at("10:10")
    now = [type(entry.event).__name__ for entry in day.journal if entry.at == clock("10:10")]
    assert now == ["TicketsMissed", "DrainStarted", last]
    assert day.states(second) == ["issued"]


def test_closing_comes_before_a_missed_group_of_the_same_instant() -> None:
    day = Day(with_groups(last_admission_at=clock("18:00"))).at("17:50")
    ticket = day.take(despite_closing=True)
    day.released()
    day.at("18:00")
    assert (day.states(ticket), day[ticket].missed) == (["expired"], 0)


def test_a_missed_group_makes_room_for_the_release_of_the_same_instant() -> None:
    day = Day(with_groups(release_by_clock=True, hall_limit=1)).at("10:00")
    first, second = day.take(), day.take()
    day.at("10:00")
    assert day.states(first, second) == ["released", "issued"]
    day.at("10:10")
    assert day.states(first, second) == ["issued", "released"]


def test_only_who_is_late_has_missed_the_group() -> None:
    day = Day(with_groups(group_interval=5 * MINUTE)).at("10:00")
    first, second = day.take(), day.take()
    day.released(1)
    day.at("10:05").released(1)
    day.at("10:10")
    assert day.states(first, second) == ["issued", "released"]


def test_what_was_due_first_happens_first_however_late() -> None:
    day = Day(with_groups()).at("17:00")
    ticket = day.take()
    day.released()
    day.late("20:00")
    order = [kinds(day.tick()) for _ in range(4)]
    assert order == [["TicketsMissed"], ["DayClosed"], ["DayEnded"], []]
    assert day.states(ticket) == ["expired"]


def test_a_late_clock_releases_nobody_after_the_last_admission() -> None:
    day = Day(with_groups(release_by_clock=True)).at("17:20")
    day.take(despite_closing=True)
    day.late("17:30")
    assert (day.next_at, day.tick()) == (clock("18:00"), ())


def test_time_never_runs_backwards_in_the_journal() -> None:
    day = Day(a_plan()).at("10:00")
    day.take()
    day.now = clock("09:00")
    day.take()
    assert [entry.at for entry in day.journal[-2:]] == [clock("10:00")] * 2
    assert [entry.seq for entry in day.journal] == list(range(1, len(day.journal) + 1))


def test_a_clock_that_runs_behind_the_journal_decides_at_its_time() -> None:
    day = Day(a_plan()).at("17:59")
    day.take(despite_closing=True)
    day.now = clock("08:00")
    assert kinds(day.ask("passport", despite_closing=True)) == ["TicketIssued"]
