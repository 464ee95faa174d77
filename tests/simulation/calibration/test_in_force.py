"""A scenario of past days has the rules, hours and skills under which they went."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from queue_service.policy.model import DayPlan
from queue_service.scenarios.plans import branch_of, changes_of
from schemas.branch import OpenHours, SpecialDay
from schemas.catalogue import Catalogue
from schemas.plan_values import PlanValues
from schemas.regime import Regime, Scope
from schemas.scenario import Scenario
from schemas.scenario_parts import Day
from simulation.calibration.calibrated import Calibrated, calibrate
from simulation.calibration.held import then_held
from simulation.calibration.observed import Observed, observe, together
from simulation.calibration.sources import from_table
from simulation.live.scenario import ScenarioError
from simulation.run import replicate
from simulation.scenario_file import scenario_of
from tests.simulation.calibration.known import NOBODY_COMES_BACK
from tests.simulation.test_model import CATALOGUE, HERE, TWO_DAYS, WEEK

FLU = scenario_of("winter-flu", CATALOGUE)
HALF = scenario_of("half-staff", CATALOGUE)
BRANCH = CATALOGUE.branch("uralsk-2")
BASE = replace(WEEK, visitors=replace(WEEK.visitors, turned_away=NOBODY_COMES_BACK))
GROUPS = PlanValues(group_admission=True, group_size=12, hall_limit=50)
NAURYZ = date(2026, 3, 23)
"""A Monday."""


def seen(scenario: Scenario) -> Observed:
    return together(observe(run.day.journal) for run in replicate(scenario, CATALOGUE, 0))


def found(scenario: Scenario, catalogue: Catalogue = CATALOGUE) -> Calibrated:
    return calibrate(scenario.branch, seen(scenario), BASE, catalogue)


def plans(scenario: Scenario) -> list[list[tuple[int, DayPlan]]]:
    """What holds from when on each day: names and texts left out, which change nothing."""
    branch = branch_of(scenario, BRANCH)
    return [
        [(one.at, _nameless(one.plan)) for one in changes_of(scenario, CATALOGUE, branch, day)]
        for day in scenario.days
    ]


def _nameless(plan: DayPlan) -> DayPlan:
    counters = tuple(replace(one, skills=tuple(sorted(one.skills))) for one in plan.counters)
    return replace(plan, regimes=(), regime_names=(), message={}, counters=counters)


def manned(scenario: Scenario) -> dict[str, set[str]]:
    """Counter on a shift -> services that it can give."""
    counters = {one for shift in scenario.staff.shifts for one in shift.counters}
    ((_, plan), *_), *_ = plans(scenario)
    return {one.code: {*one.skills} for one in plan.counters if one.code in counters}


def days(*numbers: int) -> tuple[Day, ...]:
    return tuple(WEEK.days[number] for number in numbers)


def on(day: date) -> tuple[Day, ...]:
    return (replace(WEEK.days[0], date=day),)


@pytest.mark.parametrize("scenario", [HALF, FLU], ids=["half-staff", "winter-flu"])
def test_counters_have_the_skills_that_they_had(scenario: Scenario) -> None:
    one = replace(scenario, days=scenario.days[:1])
    calibrated = found(one)
    assert manned(calibrated.scenario) == manned(one)
    assert calibrated.notes == ()


def test_skills_of_the_branch_itself_are_not_written() -> None:
    calibrated = found(replace(WEEK, days=days(0)))
    assert {shift.skills for shift in calibrated.scenario.staff.shifts} == {()}


def test_skills_that_changed_are_those_of_most_days_and_the_others_are_named() -> None:
    most, other = replace(WEEK, days=days(0, 1)), replace(HALF, days=days(2))
    observed = together((seen(most), seen(other)))
    calibrated = calibrate("uralsk-2", observed, WEEK, CATALOGUE)
    assert manned(calibrated.scenario)["1"] == manned(most)["1"]
    assert f"Counter 1 has the skills of most days, it had others on {WEEK.days[2].date}." in (
        calibrated.notes
    )


def regime(number: int, begins: str | None, until: str | None, rules: PlanValues) -> Regime:
    day = WEEK.days[number].date
    return Regime(
        id=f"trial-{number}",
        name=HERE,
        scope=Scope(branch="uralsk-2"),
        from_date=day,
        from_time=begins,
        until_date=day,
        until_time=until,
        rules=rules,
    )


RULED = {
    "a regime from one afternoon on": replace(FLU, days=FLU.days[2:4]),
    "the catalogue's regimes": replace(TWO_DAYS, days=TWO_DAYS.days[:1]),
    "a manager's change of all days": replace(WEEK, days=days(0, 1), rules=GROUPS),
    "a manager's change of one day": replace(
        WEEK, days=(WEEK.days[0], replace(WEEK.days[1], rules=GROUPS))
    ),
    "a regime for some hours": replace(
        WEEK, days=days(0, 1), regimes=(regime(0, "11:00", "14:00", GROUPS),)
    ),
    "regimes that follow each other": replace(
        WEEK,
        days=days(0, 1),
        regimes=(
            regime(0, None, "11:00", GROUPS),
            regime(0, "11:00", None, replace(GROUPS, hall_limit=30, closes="17:00")),
            regime(1, None, None, PlanValues(party_limit=2)),
        ),
    ),
    "longer hours": replace(WEEK, days=days(0), rules=PlanValues(opens="08:30", closes="19:00")),
    "longer hours under a regime": replace(
        WEEK,
        days=days(0),
        rules=PlanValues(closes="19:00"),
        regimes=(regime(0, "11:00", "14:00", GROUPS),),
    ),
    "shorter hours": replace(WEEK, days=days(0), rules=PlanValues(closes="16:00")),
    "counters out of use": replace(
        WEEK, days=days(0), rules=PlanValues(counters_in_use=(*"123456789", "16"))
    ),
    "cleaning": replace(
        WEEK, days=days(0, 5), rules=PlanValues(sanitation_every_minutes=90, drain_minutes=5)
    ),
    "a public holiday that is worked on": replace(WEEK, days=on(NAURYZ), public_holidays=False),
    "a Sunday with hours": replace(
        WEEK,
        days=on(date(2026, 3, 8)),
        special_days=(
            SpecialDay(
                date=date(2026, 3, 8), hours=OpenHours(opens="10:00", closes="13:00"), reason=HERE
            ),
        ),
    ),
}


@pytest.mark.parametrize("name", RULED)
def test_what_held_on_the_days_holds_in_their_scenario(name: str) -> None:
    calibrated = found(RULED[name])
    assert calibrated.notes == ()
    assert plans(calibrated.scenario) == plans(RULED[name])


def test_a_day_that_was_closed_under_way_closes_then() -> None:
    shut = regime(0, "13:00", None, PlanValues(closes="09:00"))
    calibrated = found(replace(WEEK, days=days(0, 1), regimes=(shut,)))
    monday, tuesday = plans(calibrated.scenario)
    closings = [(at, plan.closes_at) for at, plan in monday]
    assert closings[1] == (closings[1][0], closings[1][0])
    assert closings[1][0] - closings[0][0] == 13 * 3_600_000
    assert len(tuesday) == 1


def test_it_is_said_as_a_person_would_say_it() -> None:
    flu, catalogued, managed = (
        found(RULED[name]).scenario
        for name in (
            "a regime from one afternoon on",
            "the catalogue's regimes",
            "a manager's change of all days",
        )
    )
    (one,) = flu.regimes
    assert (one.from_date, one.from_time, one.until_date) == (
        FLU.days[2].date, "14:00", FLU.days[3].date,
    )  # fmt: skip
    assert one.name == FLU.regimes[0].name
    assert one.rules == replace(FLU.regimes[0].rules, release_by=None)
    assert (catalogued.catalogue_regimes, catalogued.regimes) == (True, ())
    assert managed.rules == GROUPS
    assert {day.rules for day in managed.days} == {PlanValues()}


def test_rules_of_the_base_do_not_hold_on_days_of_which_the_plans_are_known() -> None:
    base = replace(FLU, rules=PlanValues(group_size=3), public_holidays=False)
    one = replace(WEEK, days=days(0))
    calibrated = calibrate("uralsk-2", seen(one), base, CATALOGUE).scenario
    assert plans(calibrated) == plans(one)


def test_what_no_scenario_can_say_is_told() -> None:
    small = replace(BRANCH, rules=replace(BRANCH.rules, hall_limit=40))
    catalogue = replace(
        CATALOGUE,
        branches=tuple(small if one.code == small.code else one for one in CATALOGUE.branches),
        services=tuple(
            replace(one, usual_minutes=one.usual_minutes + (one.code == "passport"))
            for one in CATALOGUE.services
        ),
    )
    whole_day = regime(0, None, None, PlanValues(group_admission=True))
    calibrated = found(replace(WEEK, days=days(0), regimes=(whole_day,)), catalogue)
    assert calibrated.notes == (
        "Not said by the scenario: on 2026-03-02 from 00:00 hall_limit was 1000, not 40.",
        "Usual minutes or online channels were others than in the catalogue today: passport.",
    )


def test_rules_that_no_regime_may_have_are_refused_in_a_sentence() -> None:
    observed = seen(replace(WEEK, days=days(0)))
    (held,) = observed.days[0].plans
    endless = replace(held.values, sanitation_every_minutes=20, drain_minutes=20)
    plan = replace(held.plan, regimes=("endless",), regime_names=())
    observed.days[0].plans = [replace(held, plan=plan, values=endless)]
    with pytest.raises(ScenarioError, match=r"makes no scenario: rules.drain_minutes: a drain of"):
        calibrate("uralsk-2", observed, WEEK, CATALOGUE)


def test_only_what_could_matter_to_visitors_has_held() -> None:
    scenario = replace(WEEK, days=days(0))
    ((at, plan),), *_ = plans(scenario)
    closed = replace(plan, closed_reason="manager", opens_at=at, closes_at=at, tickets_from=at)
    groups = replace(plan, group_admission=True)
    minute = 60_000
    assert then_held((), closed, at) == []
    held = then_held((), plan, at - 24 * 60 * minute)
    assert [one.begins for one in held] == ["00:00"]
    assert [one.plan for one in then_held(held, groups, plan.tickets_from)] == [groups]
    assert then_held(held, closed, plan.opens_at - minute) == []
    assert then_held(held, closed, plan.opens_at + minute // 2) == []
    early = then_held(held, groups, plan.opens_at - 30 * minute)
    assert [(one.begins, one.plan) for one in early] == [("00:00", plan), ("08:30", groups)]
    assert then_held(held, groups, plan.ends_at) == held
    later = then_held(held, groups, plan.opens_at + 61 * minute)
    assert [(one.begins, one.plan) for one in later] == [("00:00", plan), ("10:01", groups)]
    at_once = then_held(later, plan, plan.opens_at + 61 * minute + 59_000)
    assert [(one.begins, one.plan) for one in at_once] == [("00:00", plan), ("10:01", plan)]
    shut = then_held(held, closed, plan.opens_at + 120 * minute)
    assert [(one.begins, one.values.closes) for one in shut] == [
        ("00:00", "18:00"), ("11:00", "11:00"),
    ]  # fmt: skip


def table(folder: Path, dates: Iterable[date]) -> Observed:
    path = folder / "visits.csv"
    visits = [f"{day}T{9 + number // 12:02d}:{number % 12 * 5:02d},passport"
              for day in dates for number in range(60)]  # fmt: skip
    path.write_text("\n".join(["arrived_at,service", *visits]))
    known = {one.code for one in CATALOGUE.services}
    return from_table(path, BRANCH, (date(2026, 3, 1), date(2026, 3, 31)), known)


def test_visits_of_a_table_show_that_a_public_holiday_was_open(tmp_path: Path) -> None:
    observed = table(tmp_path, (NAURYZ - timedelta(days=7), NAURYZ))
    calibrated = calibrate("uralsk-2", observed, WEEK, CATALOGUE)
    (special,) = calibrated.scenario.special_days
    assert (special.date, special.hours) == (NAURYZ, OpenHours(opens="09:00", closes="18:00"))
    unknown, opened = calibrated.notes
    assert "rules and regimes are those of the base, assumed" in unknown
    assert opened.startswith("2026-03-23 (")
    assert opened.endswith("those of an ordinary Monday, 09:00 to 18:00, assumed.")
    *_, holiday = replicate(calibrated.scenario, CATALOGUE, 0)
    assert sum(type(one.event).__name__ == "ServiceFinished" for one in holiday.day.journal) > 30
