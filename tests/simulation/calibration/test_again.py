"""Who came in vain and comes again is not counted as new demand."""

from __future__ import annotations

from datetime import date

import pytest
from msgspec.structs import replace

from queue_service.policy import events as happened
from schemas.scenario_parts import TurnedAway
from simulation.calibration.again import visits_again
from simulation.calibration.calibrated import calibrate
from simulation.calibration.observed import Observed, ObservedDay, observe, together
from simulation.run import replicate
from tests.simulation.test_model import CATALOGUE, TWO_DAYS, WEEK

BACK = TurnedAway(online=1, phone=0, tomorrow=2, gives_up=1)
VISITORS = replace(
    WEEK.visitors, turned_away=BACK, sent_online=replace(BACK, tomorrow=6), comes_late=0.0
)


def day(on: int, turned_away: int = 0, sent_online: int = 0) -> ObservedDay:
    return ObservedDay(
        date(2026, 3, on), 540, 1080, turned_away=turned_away, sent_online=sent_online
    )


def test_they_come_on_the_next_day_by_their_shares() -> None:
    days = [day(2, 20, 8), day(3, 10), day(9, 7), day(10)]
    again = visits_again(Observed(days=days), VISITORS)
    assert again == {
        "monday": pytest.approx(10 / 2 / 2),
        "tuesday": pytest.approx((20 / 2 + 8 * 0.75 + 7 / 2) / 2),
    }


def test_whom_the_journal_shows_to_have_come_in_vain_are_those_who_did() -> None:
    scenario = replace(TWO_DAYS, visitors=replace(TWO_DAYS.visitors, comes_late=0.0))
    runs = [*replicate(scenario, CATALOGUE, 0)]
    groups, online = together(observe(run.day.journal) for run in runs).days
    assert groups.sent_online == 0
    assert groups.turned_away == sum(runs[0].day.next_steps.values()) - runs[0].after_closing > 100
    assert online.sent_online > 100


def test_whoever_is_sent_home_from_the_street_to_do_it_online_came_in_vain() -> None:
    (run,) = replicate(replace(WEEK, days=WEEK.days[:1]), CATALOGUE, 0)
    planned, *_, last = run.day.journal
    redirected = happened.TicketsRedirected(tickets=("one", "other"))
    (found,) = observe([planned, replace(last, event=redirected)]).days
    assert (found.sent_online, found.turned_away) == (2, 0)


def test_their_visits_are_left_out_of_the_days_and_that_is_told() -> None:
    observed = together(observe(run.day.journal) for run in replicate(TWO_DAYS, CATALOGUE, 0))
    base = replace(TWO_DAYS, visitors=VISITORS)
    never = replace(base, visitors=replace(VISITORS, turned_away=replace(BACK, tomorrow=0)))
    found, without = (calibrate("uralsk-2", observed, one, CATALOGUE) for one in (base, never))
    totals = [
        [one.visits + sum(more.visits for more in one.more) for one in those.scenario.days]
        for those in (found, without)
    ]
    again = visits_again(observed, VISITORS)["friday"]
    assert totals[0][0] == totals[1][0]
    assert totals[0][1] == pytest.approx(totals[1][1] - again, abs=0.01)
    assert again > 50
    assert any("friday" in one and "come again" in one for one in found.notes)
    assert not any("come again" in one for one in without.notes)
