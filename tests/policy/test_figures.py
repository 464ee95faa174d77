"""A day in figures, folded from its journal."""

from __future__ import annotations

from queue_service.policy.figures import Figures
from schemas.wire_figures import DayFigures
from tests.policy.branch_day import Day, a_pause, a_plan, with_groups
from tests.policy.test_views import local


def figures(day: Day) -> DayFigures:
    fold = Figures()
    for entry in day.journal:
        fold.add(entry)
    return fold.shown("uralsk-2", "2020-03-19", local)


def test_an_empty_day_is_all_zeros() -> None:
    shown = figures(Day(a_plan()))
    assert (shown.arrivals, shown.served, shown.peak_hall, shown.last_served_at) == (0, 0, 0, None)


def test_arrivals_are_people_on_tickets_and_on_refused_visits() -> None:
    day = Day(with_groups(non_online_only=True, accepted_reasons=("no_device",))).at("10:00")
    day.take(party=2)
    day.take("certificate", assisted_reason="no_device")
    day.ask("certificate", party=3)
    shown = figures(day)
    assert (shown.arrivals, shown.visits, shown.issued, shown.issued_people) == (6, 3, 2, 3)
    assert (shown.refused, shown.refused_people) == ({"online_only": 1}, {"online_only": 3})
    assert shown.assisted == 1


def test_who_walks_straight_in_has_not_stood_in_the_street() -> None:
    day = Day(a_plan(hall_limit=2)).at("10:00")
    day.take(party=2)
    day.late("10:05")
    day.take()
    shown = figures(day)
    assert (shown.peak_hall, shown.peak_hall_at) == (2, "10:00")
    assert (shown.peak_street, shown.peak_street_at) == (1, "10:05")


def test_groups_pauses_and_ends_are_counted() -> None:
    day = Day(with_groups(pauses=(a_pause("11:00"),))).at("10:00")
    served, missing, gone = day.take(), day.take(), day.take()
    day.released()
    for ticket in (served, missing):
        day.enter(ticket)
    day.cancel(gone)
    day.open("1")
    day.called("1")
    day.start(served)
    day.at("10:12")
    day.finish(served)
    day.called("1")
    day.no_show(missing)
    day.leave(served)
    day.leave(missing)
    day.at("11:15")
    day.confirm()
    shown = figures(day)
    assert (shown.groups, shown.entered, shown.pauses, shown.alarms) == (1, 2, 1, 0)
    assert (shown.served, shown.no_shows, shown.cancelled) == (1, 1, 1)
    assert shown.last_served_at == "10:12"


def test_the_first_of_two_services_is_not_yet_served() -> None:
    day = Day(a_plan()).at("10:00")
    ticket = day.take("passport", "pension")
    day.open("2")
    day.called("2")
    day.start(ticket)
    day.finish(ticket)
    shown = figures(day)
    assert (shown.served, shown.last_served_at, shown.waiting_now) == (0, None, 1)


def test_redirected_and_missed_tickets_are_told_from_cancelled_ones() -> None:
    day = Day(with_groups()).at("10:00")
    day.take("certificate")
    missed = day.take()
    day.change_plan(with_groups(non_online_only=True), redirect_issued=True)
    for at in ("10:00", "10:20"):
        day.at(at).released()
    day.at("10:30")
    shown = figures(day)
    assert (shown.redirected, shown.cancelled, shown.missed) == (1, 0, 1)
    assert day[missed].state == "missed"


def test_who_waits_at_closing_is_carried_over_and_who_is_being_served_is_served() -> None:
    day = Day(a_plan(hall_limit=1)).at("17:00")
    inside = day.take()
    day.take(despite_closing=True)
    day.open("1")
    day.called("1")
    day.start(inside)
    day.at("19:00")
    shown = figures(day)
    assert (shown.carried_over, shown.served, shown.last_served_at) == (1, 1, "19:00")
    assert (shown.hall_now, shown.waiting_now) == (0, 0)


def test_a_day_that_ends_with_nobody_at_a_counter_has_served_nobody() -> None:
    day = Day(a_plan()).at("17:00")
    day.take()
    day.at("19:00")
    shown = figures(day)
    assert (shown.carried_over, shown.last_served_at) == (1, None)
