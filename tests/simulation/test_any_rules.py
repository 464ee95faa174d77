"""Whatever the rules, the regimes in the middle of a day and the shifts: the laws hold."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from queue_service.audit.verify import findings
from schemas.plan_values import PlanValues
from schemas.regime import Regime, Scope
from schemas.scenario import Scenario
from schemas.scenario_parts import Between, Break, Outage, Shift
from simulation.measures import measure
from tests.simulation.test_model import HERE, WEEK, days_of, idle_while_somebody_waits

if TYPE_CHECKING:
    from collections.abc import Callable

BUSY, QUIET = 120.0, 40.0
"""Visits on a day."""
COUNTERS = tuple(str(number) for number in range(1, 17))

rules = st.builds(
    PlanValues,
    group_admission=st.booleans(),
    release_by=st.sampled_from(["attendant", "clock"]),
    group_size=st.integers(1, 12),
    group_interval_minutes=st.sampled_from([0, 1, 5, 15]),
    arrive_within_minutes=st.sampled_from([1, 3, 10]),
    hall_limit=st.sampled_from([3, 8, 30, 200]),
    party_limit=st.integers(1, 5),
    non_online_only=st.booleans(),
    accepted_reasons=st.sampled_from([(), ("no_digital_signature",)]),
    closes=st.sampled_from(["11:00", "14:30", "18:00"]),
    last_admission_minutes=st.sampled_from([0, 30]),
    overtime_minutes=st.sampled_from([0, 10, 60]),
    counters_in_use=st.sampled_from([None, COUNTERS, ("4", "9", "16")]),
    sanitation_every_minutes=st.sampled_from([0, 30, 120]),
    sanitation_minutes=st.sampled_from([1, 15]),
    drain_minutes=st.sampled_from([0, 15]),
    ageing_minutes=st.sampled_from([0, 60]),
)
regimes = st.builds(
    Regime,
    id=st.just("trial"),
    name=st.just(HERE),
    scope=st.just(Scope(branch="uralsk-2")),
    from_date=st.just(date(2026, 3, 2)),
    until_date=st.sampled_from([date(2026, 3, 2), date(2026, 3, 3)]),
    from_time=st.sampled_from(["08:30", "10:17", "14:00"]),
    until_time=st.sampled_from(["15:17", "17:00"]),
    rules=rules,
)
shifts = st.builds(
    Shift,
    counters=st.just(COUNTERS),
    begins=st.sampled_from([None, "10:00"]),
    until=st.sampled_from([None, "12:30", "17:00"]),
    breaks=st.sampled_from([(), (Break(at="11:00", minutes=5), Break(at="13:00", minutes=45))]),
)
seldom_or_often = st.sampled_from([0.0, 0.3])
outages = st.builds(
    Outage,
    at=st.sampled_from(["09:30", "11:02", "12:59"]),
    minutes=st.sampled_from([1, 90]),
    counters=st.sampled_from([(), ("1", "2", "16")]),
)


@st.composite
def scenarios(draw: st.DrawFn, visits: float) -> Scenario:
    replace = msgspec.structs.replace
    return replace(
        WEEK,
        seed=draw(st.integers(0, 1000)),
        days=tuple(
            replace(day, visits=visits, outages=tuple(draw(st.lists(outages, max_size=2))))
            for day in WEEK.days[:2]
        ),
        rules=draw(rules | st.just(PlanValues())),
        regimes=tuple(draw(st.lists(regimes, max_size=2))),
        staff=replace(WEEK.staff, shifts=(draw(shifts),), recalls=draw(st.integers(0, 2))),
        visitors=replace(
            WEEK.visitors,
            no_show=draw(seldom_or_often),
            misses_group=draw(seldom_or_often),
            answers_recall=draw(seldom_or_often),
            comes_late=draw(seldom_or_often),
            second_service=draw(seldom_or_often),
            wrong_service=draw(seldom_or_often),
            held=draw(seldom_or_often),
            patience_minutes=Between(least=draw(st.sampled_from([0, 60])), most=300),
        ),
    )


def on_any_scenario(law: Callable[[Scenario, int], None], examples: int) -> None:
    """Holds a law against so many scenarios of two quiet days, each with a replication's number."""

    @settings(
        max_examples=examples,
        deadline=None,
        derandomize=True,
        suppress_health_check=[HealthCheck.too_slow],
    )
    @given(scenarios(QUIET), st.integers(0, 9))
    def holds(scenario: Scenario, replication: int) -> None:
        law(scenario, replication)

    holds()


@settings(
    max_examples=20, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
@given(scenarios(BUSY))
def test_the_laws_hold_and_nobody_waits_in_vain(scenario: Scenario) -> None:
    for run in days_of(scenario, 2):
        assert findings(run.day.journal) == []
        assert not idle_while_somebody_waits(run.day.journal)
        assert measure(run).tickets >= measure(run).served
