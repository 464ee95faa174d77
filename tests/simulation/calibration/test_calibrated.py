"""A known scenario, simulated and observed, gives its parameters back within their intervals."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from msgspec.structs import replace

from queue_service.policy import events as happened
from queue_service.scenarios.faults import faults
from schemas.fields import minute_of
from schemas.plan_values import PlanValues
from schemas.scenario_parts import Between, MoreOf
from simulation.calibration.arrivals import Weekday, estimate_arrivals
from simulation.calibration.calibrated import Calibrated, calibrate, share_of
from simulation.calibration.kinds import WEEKDAYS
from simulation.calibration.observed import observe, together
from simulation.demand import arrival_rates
from simulation.live.scenario import ScenarioError
from simulation.run import replicate
from tests.simulation.calibration.known import NOBODY_COMES_BACK, TRUE, seen, weeks_of
from tests.simulation.test_model import CATALOGUE, TIGHT, WEEK

RUSH = MoreOf(service="passport", visits=100)


@pytest.fixture(scope="module")
def found() -> Calibrated:
    return calibrate("uralsk-2", seen(), WEEK, CATALOGUE)


def true_quarters(one: Weekday) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    day = next(day for day in TRUE.days if day.date.weekday() == one.weekday)
    services = range(len(TRUE.mix.services))
    return np.sum([arrival_rates(TRUE, day, place) for place in services], axis=0)  # type: ignore[no-any-return]


def test_daily_visits_and_quarter_hours_lie_in_their_intervals(found: Calibrated) -> None:
    totals, cells = Counter[bool](), Counter[bool]()
    for one in found.arrivals.weekdays:
        rates = true_quarters(one)
        totals[bool(one.total.low <= rates.sum() <= one.total.high)] += 1
        for rate, true in zip(one.quarters, rates, strict=True):
            if true:
                cells[bool(rate.low <= true <= rate.high)] += 1
    assert totals[True] >= 5
    assert cells[True] > 0.9 * cells.total() > 100


def test_the_law_of_each_service_has_its_true_mean_and_spread(found: Calibrated) -> None:
    minutes = {one.code: one.usual_minutes for one in CATALOGUE.services}
    within = Counter[bool]()
    for one in found.serving:
        if one.half_width is not None and not one.borrowed:
            true = 12 if one.service == "passport" else minutes[one.service]
            within[abs(one.mean - true) <= one.half_width] += 1
    assert within[True] > 0.85 * within.total() > 20
    largest = max(found.serving, key=lambda one: one.count)
    assert largest.time.law == "lognormal"
    assert largest.time.spread == pytest.approx(0.45, rel=0.15)
    assert largest.chance is not None
    assert largest.chance > 0.01


def test_shares_lie_in_their_intervals(found: Calibrated) -> None:
    for name, true in (("no_show", 0.1), ("priority", 0.08)):
        share = found.shares[name]
        assert share.low <= true <= share.high
        assert share.of > 5000
    assert found.scenario.visitors.no_show == pytest.approx(found.shares["no_show"].mean, abs=1e-4)
    parties = {one.people: one.weight for one in found.scenario.visitors.parties}
    assert parties[1] / sum(parties.values()) == pytest.approx(0.8, abs=0.02)


def test_counters_have_their_shifts_and_lunch_breaks(found: Calibrated) -> None:
    lunch = {
        counter: [(minute_of(one.at), one.minutes) for one in shift.breaks]
        for shift in found.scenario.staff.shifts
        for counter in shift.counters
    }
    assert len(lunch) == 16
    for counter, ((at, minutes),) in lunch.items():
        assert at == pytest.approx(12 * 60 if int(counter) % 2 else 13 * 60, abs=2)
        assert minutes == pytest.approx(45, abs=2)


def test_ways_are_those_of_the_visitors(found: Calibrated) -> None:
    ways = found.scenario.visitors.walks_to_counter_seconds
    assert ways.least == pytest.approx(15, abs=1)
    assert ways.most == pytest.approx(60, abs=1)


def test_the_scenario_is_sound_and_says_what_it_does_not_know(found: Calibrated) -> None:
    assert list(faults(found.scenario, CATALOGUE)) == []
    assert [day.date for day in found.scenario.days] == [day.date for day in TRUE.days]
    assert "visitors.patience_minutes" in found.kept
    assert "visitors.no_show" not in found.kept


def test_few_days_are_drawn_towards_all_and_so_come_nearer_to_the_truth() -> None:
    week = estimate_arrivals(seen(weeks_of(replace(TRUE, days=TRUE.days[:6]), 1)))
    raw = drawn = 0.0
    for one in week.weekdays:
        true = true_quarters(one)
        raw += float(((np.array(one.observed) - true) ** 2).sum())
        drawn += float(((np.array([rate.mean for rate in one.quarters]) - true) ** 2).sum())
    assert drawn < raw / 2
    assert week.weight_of_shape > 1


def test_days_that_differ_more_than_chance_are_told() -> None:
    alike = estimate_arrivals(seen())
    assert alike.days_fit is not None
    assert alike.days_fit.chance > 0.01
    days = [replace(day, visits=day.visits * (1.5 if at % 12 < 6 else 0.5))
            for at, day in enumerate(TRUE.days)]  # fmt: skip
    wild = estimate_arrivals(seen(replace(TRUE, days=tuple(days))))
    assert wild.days_fit is not None
    assert wild.days_fit.chance < 1e-6
    assert alike.dispersion < 2
    assert wild.dispersion > 5


def test_what_happens_at_the_counter_is_read_from_the_journal() -> None:
    visitors = replace(
        WEEK.visitors,
        no_show=0.3,
        answers_recall=0.25,
        comes_late=0.6,
        wrong_service=0.15,
        sent_on_after_seconds=Between(least=40, most=90),
        held=0.2,
    )
    staff = replace(WEEK.staff, recalls=2, waits_for_called_seconds=45, tidies_seconds=75)
    scenario = replace(WEEK, days=WEEK.days[:3], visitors=visitors, staff=staff)
    observed = together(observe(run.day.journal) for run in replicate(scenario, CATALOGUE, 0))
    found = calibrate("uralsk-2", observed, WEEK, CATALOGUE)
    for name in ("no_show", "answers_recall", "comes_late", "held"):
        true, share = getattr(visitors, name), found.shares[name]
        assert share.low <= true <= share.high
        assert getattr(found.scenario.visitors, name) == pytest.approx(share.mean, abs=1e-4)
    # Who needs a second service that is the first one again is not sent on.
    assert 0.8 * 0.15 < found.shares["wrong_service"].mean < 0.15
    after = found.scenario.visitors.sent_on_after_seconds
    assert after.least == pytest.approx(40, abs=2)
    assert after.most == pytest.approx(90, abs=2)
    assert found.scenario.staff.recalls == 2
    assert found.scenario.staff.waits_for_called_seconds == 45
    assert found.scenario.staff.tidies_seconds == 75
    assert {"staff.looks_every_seconds", "visitors.held_minutes"} <= {*found.kept}
    told = {"staff.recalls", "staff.tidies_seconds", "staff.shifts", "visitors.held"}
    assert not told & {*found.kept}


def test_only_who_waits_all_the_while_tells_how_long_an_operator_tidies() -> None:
    slow = replace(WEEK, days=WEEK.days[:3], staff=replace(WEEK.staff, tidies_seconds=120))
    tidies = seen(slow).tidies
    assert len(tidies) > 300
    assert {*tidies} == {120.0}
    hardly = replace(WEEK, days=(replace(WEEK.days[0], visits=20),))
    found = calibrate("uralsk-2", seen(hardly), slow, CATALOGUE)
    assert found.scenario.staff.tidies_seconds == 120
    assert "staff.tidies_seconds" in found.kept


def test_groups_missed_holds_and_second_services_are_read_from_the_journal() -> None:
    visitors = replace(
        WEEK.visitors,
        misses_group=0.15,
        second_service=0.2,
        held=0.3,
        turned_away=NOBODY_COMES_BACK,
    )
    roomy = replace(TIGHT, group_size=12, hall_limit=60)
    days = replace(WEEK, days=WEEK.days[:3], visitors=visitors, rules=roomy)
    entries = [run.day.journal for run in replicate(days, CATALOGUE, 1)]
    observed = together(map(observe, entries))
    assert sum(isinstance(one.event, happened.TicketHeld) for day in entries for one in day) > 100
    weights = np.array([one.weight for one in WEEK.mix.services])
    another = 1 - float(((weights / weights.sum()) ** 2).sum())
    for tried, true in ((observed.misses_group, 0.15), (observed.second_service, 0.2 * another)):
        share = share_of(tried)
        assert share is not None
        assert share.of > 700
        assert share.low <= true <= share.high
    # A hold lasts 5 to 30 minutes: none of it counts as work.
    assert np.mean(observed.serving["address-certificate"]) == pytest.approx(
        next(one.usual_minutes for one in CATALOGUE.services if one.code == "address-certificate"),
        rel=0.25,
    )
    assert min(observed.walks_in) >= 20


def test_a_service_in_a_rush_has_visits_of_its_own_on_each_day() -> None:
    assert calibrate("uralsk-2", seen(), WEEK, CATALOGUE).apart == ()
    rush = weeks_of(
        replace(TRUE, days=(WEEK.days[0], replace(WEEK.days[1], more=(RUSH,)), WEEK.days[2])), 2
    )
    found = calibrate("uralsk-2", seen(rush), WEEK, CATALOGUE)
    (apart,) = found.apart
    share = 60 / sum(one.weight for one in TRUE.mix.services)
    assert apart.service == "passport"
    for weekday, extra in enumerate((0, 100, 0)):
        mean = extra + share * WEEK.days[weekday].visits
        assert apart.visits[WEEKDAYS[weekday]] == pytest.approx(mean, abs=3 * (mean / 2) ** 0.5)
    weights = {one.service: one.weight for one in found.scenario.mix.services}
    assert weights["passport"] == 0
    for day, total in zip(found.scenario.days, (520, 570, 450) * 2, strict=True):
        (more,) = day.more
        assert more.visits == pytest.approx(apart.visits[day.profile], abs=1e-3)
        assert day.visits + more.visits == pytest.approx(total, abs=3 * (total / 2) ** 0.5)
    assert list(faults(found.scenario, CATALOGUE)) == []


def test_a_rush_is_seen_although_hardly_anybody_comes_on_another_day() -> None:
    rush = MoreOf(service="digital-signature", visits=50)
    days = [replace(day, more=(rush,)) if at == 3 else day for at, day in enumerate(WEEK.days)]
    days[5] = replace(days[5], visits=40)
    week = weeks_of(replace(TRUE, days=tuple(days)), 1)
    (apart,) = calibrate("uralsk-2", seen(week), WEEK, CATALOGUE).apart
    assert apart.service == "digital-signature"
    assert apart.visits["thursday"] > 40
    assert apart.visits["saturday"] < 10


def test_who_was_given_up_and_came_back_did_not_walk_all_the_while() -> None:
    visitors = replace(WEEK.visitors, no_show=0.3, comes_late=1.0)
    late = replace(WEEK, days=WEEK.days[:2], visitors=visitors)
    entries = [run.day.journal for run in replicate(late, CATALOGUE, 0)]
    returned = [
        one for day in entries for one in day if isinstance(one.event, happened.TicketReturned)
    ]
    assert len(returned) > 100
    assert max(together(map(observe, entries)).walks_to_counter) <= 60


def test_a_day_on_which_the_branch_was_closed_is_no_day() -> None:
    closed = replace(WEEK, days=(replace(WEEK.days[0], rules=PlanValues()),))
    sunday = replace(closed, days=(replace(closed.days[0], date=TRUE.days[5].date.replace(day=8)),))
    (run,) = replicate(sunday, CATALOGUE, 0)
    assert observe(run.day.journal).days == []
    with pytest.raises(ScenarioError, match="nobody came on these days"):
        calibrate("uralsk-2", observe(run.day.journal), WEEK, CATALOGUE)
