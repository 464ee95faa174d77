"""The hall drains, is cleaned, and somebody confirms it: by the plan or on the attendant's word."""

from __future__ import annotations

from typing import Any

import pytest

from queue_service.policy import events as happened
from queue_service.policy.events import Refusal
from queue_service.policy.model import DayPlan, Sanitation
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


def with_pauses(**changes: Any) -> DayPlan:  # noqa: ANN401 - a test sets any field
    """Groups by the attendant; cleaning at 11 and at 13 o'clock, a drain of ten minutes each."""
    return with_groups(**{"pauses": (a_pause("11:00"), a_pause("13:00"))} | changes)


def somebody_inside(day: Day) -> str:
    ticket = day.take()
    day.released()
    day.enter(ticket)
    return ticket


def alarms(day: Day) -> list[tuple[str, int]]:
    raised = [entry for entry in day.journal if isinstance(entry.event, happened.AlarmRaised)]
    return [(entry.event.alarm, entry.at) for entry in raised]  # type: ignore[union-attr]


# --- a scheduled pause ---------------------------------------------------------------------------


def test_from_the_drain_on_no_group_is_released() -> None:
    day = Day(with_pauses()).at("10:49:59")
    day.take()
    day.take()
    assert kinds(day.release(1)) == ["GroupReleased"]
    day.change_plan(with_pauses(group_interval=0))
    day.at("10:50")
    assert day.release() == Refusal("paused", {"phase": "draining"})


def test_nor_when_nobody_has_looked_at_the_clock() -> None:
    day = Day(with_pauses()).at("10:00")
    day.take()
    assert day.late("10:50").release() == Refusal("paused", {"phase": "draining"})


def test_a_drain_announces_when_the_hall_must_be_empty() -> None:
    day = Day(with_pauses()).at("10:50")
    started = only(happened.DrainStarted, (day.journal[-1].event,))
    assert (started.clean_from, started.empty_by) == (clock("11:00"), clock("11:00"))
    assert (started.cleaning, started.next_pause) == (15 * MINUTE, 1)
    assert day.state.sanitation.phase == "draining"


def test_an_empty_hall_is_cleaned_from_the_planned_instant() -> None:
    day = Day(with_pauses()).at("10:59:59")
    assert day.state.sanitation.phase == "draining"
    assert day.next_at == clock("11:00")
    day.at("11:00")
    assert day.state.sanitation == Sanitation(phase="cleaning", clean_until=clock("11:15"))
    assert alarms(day) == []


def test_a_hall_that_is_not_empty_in_time_raises_one_alarm() -> None:
    day = Day(with_pauses()).at("10:40")
    ticket = somebody_inside(day)
    day.at("11:00")
    raised = only(happened.AlarmRaised, (day.journal[-1].event,))
    assert (raised.alarm, raised.people) == ("hall_not_empty", 1)
    assert day.next_at == clock("13:00") + 300 * MINUTE
    day.at("11:04").leave(ticket)
    assert day.next_at == clock("11:04")
    day.at("11:04")
    assert day.state.sanitation.clean_until == clock("11:19")
    assert alarms(day) == [("hall_not_empty", clock("11:00"))]


def test_the_last_to_leave_at_the_very_instant_raises_no_alarm() -> None:
    day = Day(with_pauses()).at("10:40")
    ticket = somebody_inside(day)
    day.at("10:59:59").leave(ticket)
    day.at("11:00")
    assert (alarms(day), day.state.sanitation.phase) == ([], "cleaning")


def test_who_was_released_before_the_drain_may_still_enter_until_the_cleaning() -> None:
    day = Day(with_pauses(arrive_within=30 * MINUTE)).at("10:45")
    first, second = day.take(), day.take()
    day.released()
    assert day[first].arrive_by == clock("11:00")
    assert kinds(day.at("10:59").enter(first)) == ["TicketEntered"]
    assert refusal(day.late("11:00").enter(second)) == "too_late_to_enter"
    day.at("11:00")
    assert day.states(second) == ["issued"]


def test_who_is_on_the_way_keeps_the_hall_from_being_cleaned() -> None:
    day = Day(with_pauses(arrive_within=30 * MINUTE)).at("10:40")
    ticket = day.take()
    day.released()
    day.change_plan(with_pauses(pauses=(a_pause("10:50", drain=5),)))
    day.at("10:50")
    assert only(happened.AlarmRaised, (day.journal[-1].event,)).people == 1
    day.cancel(ticket)
    day.at("10:50")
    assert day.state.sanitation.phase == "cleaning"


def test_the_recount_of_an_empty_hall_lets_the_cleaning_begin() -> None:
    day = Day(with_pauses()).at("10:40")
    somebody_inside(day)
    day.at("11:03").recount(0)
    assert day.next_at == clock("11:03")
    day.at("11:03")
    assert day.state.sanitation.clean_until == clock("11:18")


def test_nobody_enters_a_hall_that_is_being_cleaned() -> None:
    day = Day(with_groups(arrive_within=60 * MINUTE)).at("10:00")
    somebody = day.take()
    day.released()
    day.state.released_people = 0  # as if a recount had lost sight of them
    day.start_sanitation()
    assert day.enter(somebody) == Refusal("paused", {"phase": "cleaning"})


# --- the end of a pause --------------------------------------------------------------------------


def test_cleaning_ends_only_when_somebody_confirms_it() -> None:
    day = Day(with_pauses()).at("11:15")
    day.take()
    assert day.state.sanitation.phase == "cleaning"
    assert day.release() == Refusal("paused", {"phase": "cleaning"})
    assert kinds(day.confirm()) == ["CleaningConfirmed"]
    assert day.state.sanitation == Sanitation()
    assert kinds(day.release()) == ["GroupReleased"]


def test_it_lasts_at_least_its_minutes() -> None:
    day = Day(with_pauses()).at("11:14:59")
    assert day.confirm() == Refusal("cleaning_too_short", {"next_at": clock("11:15")})
    assert kinds(day.at("11:15").confirm()) == ["CleaningConfirmed"]


def test_there_is_nothing_to_confirm_before_the_cleaning() -> None:
    day = Day(with_pauses()).at("10:30")
    assert day.confirm() == Refusal("not_cleaning", {"phase": "none"})
    somebody_inside(day)
    detail = {"phase": "draining", "next_at": clock("11:15")}
    assert day.at("10:55").confirm() == Refusal("not_cleaning", detail)


def test_a_confirmation_that_is_overdue_raises_one_alarm() -> None:
    day = Day(with_pauses()).at("11:19:59")
    assert alarms(day) == []
    day.at("12:00")
    assert alarms(day) == [("confirmation_overdue", clock("11:20"))]
    day.confirm()
    assert day.state.sanitation == Sanitation()


def test_both_alarms_of_one_pause() -> None:
    day = Day(with_pauses()).at("10:40")
    ticket = somebody_inside(day)
    day.at("11:10").leave(ticket)
    day.at("12:00")
    expected = [("hall_not_empty", clock("11:00")), ("confirmation_overdue", clock("11:30"))]
    assert alarms(day) == expected


def test_the_next_pause_comes_after_it() -> None:
    day = Day(with_pauses()).at("11:15")
    day.confirm()
    assert day.next_at == clock("12:50")
    day.at("13:00")
    assert day.state.sanitation == Sanitation(phase="cleaning", clean_until=clock("13:15"))
    day.at("13:15").confirm()
    assert day.next_at == clock("18:00")


def test_a_pause_whose_drain_began_during_a_cleaning_has_been_had() -> None:
    day = Day(with_pauses()).at("12:50")
    assert day.state.sanitation.phase == "cleaning"
    day.confirm()
    assert day.next_at == clock("18:00")


def test_a_pause_whose_drain_is_still_to_come_is_not_lost_by_a_late_confirmation() -> None:
    day = Day(with_pauses()).at("12:49:59")
    day.confirm()
    assert day.next_at == clock("12:50")


def test_a_late_clock_holds_the_last_pause_that_has_begun() -> None:
    day = Day(with_pauses()).at("10:00").late("12:55")
    day.tick()
    assert day.state.sanitation.clean_from == clock("13:00")
    assert day.state.next_pause == 2


def test_walking_in_stops_for_the_pause() -> None:
    day = Day(a_plan(pauses=(a_pause("11:00"),))).at("10:50")
    ticket = day.take()
    assert day.states(ticket) == ["issued"]
    day.at("11:15").confirm()
    assert day.next_at == clock("11:15")
    day.at("11:15")
    assert day.states(ticket) == ["entered"]


def test_the_clock_releases_no_group_in_a_pause() -> None:
    day = Day(with_pauses(release_by_clock=True)).at("10:50")
    ticket = day.take()
    assert day.next_at == clock("11:00")
    day.at("11:10")
    assert day.states(ticket) == ["issued"]
    day.at("11:16").confirm()
    day.at("11:16")
    assert day.states(ticket) == ["released"]


# --- on the attendant's word ---------------------------------------------------------------------


def test_an_empty_hall_is_cleaned_at_once() -> None:
    day = Day(with_groups()).at("10:00")
    assert kinds(day.start_sanitation()) == ["CleaningStarted"]
    assert day.state.sanitation.clean_until == clock("10:15")


def test_a_hall_with_people_drains_first_and_is_cleaned_when_empty() -> None:
    day = Day(with_groups()).at("10:00")
    ticket = somebody_inside(day)
    started = only(happened.DrainStarted, day.start_sanitation())
    assert (started.clean_from, started.empty_by) == (clock("10:00"), clock("10:10"))
    assert (started.cleaning, started.next_pause) == (15 * MINUTE, 0)
    day.at("10:07").leave(ticket)
    day.at("10:07")
    assert day.state.sanitation.clean_until == clock("10:22")


def test_people_on_their_way_count_as_people() -> None:
    day = Day(with_groups()).at("10:00")
    inside, _ = day.take(), day.take()
    day.released()
    assert kinds(day.start_sanitation()) == ["DrainStarted"]
    day.enter(inside)
    assert day.start_sanitation() == Refusal("hall_not_empty", {"people": 2})


def test_as_many_on_their_way_as_inside_are_not_nobody() -> None:
    day = Day(with_groups(group_interval=0)).at("10:00")
    somebody_inside(day)
    day.take()
    day.released()
    assert kinds(day.start_sanitation()) == ["DrainStarted"]


def test_a_hall_is_empty_when_the_last_one_on_the_way_gives_up() -> None:
    day = Day(with_groups()).at("10:00")
    ticket = day.take()
    day.released()
    day.start_sanitation()
    day.at("10:03").cancel(ticket)
    assert day.next_at == clock("10:03")


def test_such_a_drain_too_has_its_alarm() -> None:
    day = Day(with_groups()).at("10:00")
    somebody_inside(day)
    day.start_sanitation()
    day.at("10:30")
    assert alarms(day) == [("hall_not_empty", clock("10:10"))]


def test_a_draining_hall_may_be_cleaned_early_but_not_with_people_in_it() -> None:
    day = Day(with_pauses()).at("10:40")
    ticket = somebody_inside(day)
    day.at("10:52")
    assert day.start_sanitation() == Refusal("hall_not_empty", {"people": 1})
    day.leave(ticket)
    assert only(happened.CleaningStarted, day.start_sanitation()).until == clock("11:07")


def test_the_minutes_of_the_pause_count_not_those_of_the_plan() -> None:
    day = Day(with_pauses(pauses=(a_pause("11:00", cleaning=40),))).at("10:52")
    assert only(happened.CleaningStarted, day.start_sanitation()).until == clock("11:32")


def test_a_cleaning_is_not_started_twice() -> None:
    day = Day(with_groups()).at("10:00")
    day.start_sanitation()
    assert day.start_sanitation() == Refusal("sanitation_under_way", {"until": clock("10:15")})


def test_a_scheduled_pause_does_not_disturb_a_cleaning_under_way() -> None:
    day = Day(with_pauses()).at("10:45")
    day.start_sanitation()
    day.at("11:00").confirm()
    assert day.next_at == clock("12:50")


def test_the_hall_goes_on_being_cleaned_after_closing() -> None:
    day = Day(with_groups()).at("18:05")
    assert kinds(day.start_sanitation()) == ["CleaningStarted"]
    day.at("18:25")
    assert alarms(day) == [("confirmation_overdue", clock("18:25"))]
    assert kinds(day.confirm()) == ["CleaningConfirmed"]


def test_after_the_end_of_the_day_nobody_is_alarmed() -> None:
    day = Day(with_groups()).at("18:55")
    day.start_sanitation()
    day.at("19:00")
    assert day.next_at is None


def test_no_pause_begins_after_closing() -> None:
    day = Day(with_groups(pauses=(a_pause("18:30"),))).at("18:40")
    assert day.state.sanitation.phase == "none"


@pytest.mark.parametrize("occupied", [True, False])
def test_emptiness_counts_from_when_the_last_one_left(*, occupied: bool) -> None:
    day = Day(with_pauses()).at("10:40")
    if occupied:
        ticket = somebody_inside(day)
        day.at("10:45").leave(ticket)
        assert day.state.emptied_at == clock("10:45")
    else:
        assert day.state.emptied_at == 0
    day.at("11:00")
    assert day.state.sanitation.clean_until == clock("11:15")
