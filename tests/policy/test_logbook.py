"""The logs that an inspector reads, from the journal alone."""

from __future__ import annotations

from queue_service.policy import commands as asked
from queue_service.policy.logbook import cleanings, deeds
from tests.policy.branch_day import Day, a_pause, a_plan, clock, with_groups


def test_deeds_are_what_people_and_the_clock_did_to_the_day() -> None:
    day = Day(with_groups(pauses=(a_pause("11:00"),))).at("10:00")
    day.take()
    day.recount(0)
    day.open("1", by="operator:aru")
    day.change_plan(with_groups(group_size=2), by="manager:asel", reason="narrow corridor")
    found = list(deeds(day.journal))
    assert [one.kind for one in found] == [
        "plan_changed",
        "hall_recounted",
        "counter_opened",
        "plan_changed",
    ]
    assert [one.by for one in found[2:]] == ["operator:aru", "manager:asel"]
    first, last = found[0], found[-1]
    assert (first.before, last.before) == (None, with_groups(pauses=(a_pause("11:00"),)))


def test_a_planned_sanitation_that_went_well() -> None:
    day = Day(with_groups(pauses=(a_pause("11:00", drain=10, cleaning=15),)))
    day.at("11:15")
    day.confirm()
    (found,) = cleanings(day.journal)
    assert (found.begun_at, found.cleaned_from) == (clock("10:50"), clock("11:00"))
    assert (found.due_at, found.confirmed_at) == (clock("11:15"), clock("11:15"))
    assert not found.hall_not_empty
    assert not found.confirmation_overdue


def test_alarms_belong_to_their_sanitation() -> None:
    day = Day(with_groups(pauses=(a_pause("11:00"),))).at("10:00")
    ticket = day.take()
    day.released()
    day.enter(ticket)
    day.at("11:05")
    day.leave(ticket)
    day.at("12:30")
    day.confirm()
    (found,) = cleanings(day.journal)
    assert (found.hall_not_empty, found.confirmation_overdue) == (True, True)
    assert found.confirmed_at == clock("12:30")


def test_one_begun_by_hand_in_an_empty_hall_has_no_drain_and_may_be_under_way() -> None:
    day = Day(a_plan()).at("10:00")
    day.start_sanitation()
    (found,) = cleanings(day.journal)
    assert (found.begun_at, found.cleaned_from, found.confirmed_at) == (
        clock("10:00"),
        clock("10:00"),
        0,
    )


def test_what_was_told_later_stands_at_its_own_time() -> None:
    day = Day(a_plan()).at("10:00")
    day.start_sanitation()
    day.at("10:20")
    day.send(asked.ConfirmSanitation, done_at=clock("10:16"))
    (found,) = cleanings(day.journal)
    assert found.confirmed_at == clock("10:16")
    assert [one.at for one in deeds(day.journal)][-1] == clock("10:16")
