"""Regimes that are sound by themselves and cannot be kept together."""

from __future__ import annotations

from datetime import date
from typing import Any

from queue_service.policy.together import contradictions
from schemas.plan_values import PlanValues
from schemas.regime import Regime, Scope
from tests.policy.test_plan import a_branch, a_regime

COUNTRY, BRANCH = Scope(country="kz"), Scope(branch="uralsk-2")
MONDAY = (date(2020, 3, 16), "00:00")


def pauses(name: str, scope: Scope = COUNTRY, drain: int | None = None, **more: Any) -> Regime:  # noqa: ANN401
    """One that says how long the hall drains, or else that it is cleaned every half hour."""
    often = PlanValues(sanitation_every_minutes=30)
    rules = often if drain is None else PlanValues(drain_minutes=drain)
    return a_regime(name, scope, rules=rules, **more)


def told(regime: Regime, *others: Regime) -> list[tuple[str, str]]:
    found = contradictions(regime, others, a_branch(), MONDAY)
    return [(field, str(sentence)) for field, sentence in found]


def test_what_cannot_be_kept_beside_the_others_names_the_value_and_the_branch() -> None:
    ((field, sentence),) = told(pauses("drain", drain=30), pauses("often", BRANCH))
    assert field == "rules.drain_minutes"
    assert "Uralsk No 2" in sentence
    ((field, _),) = told(pauses("often", BRANCH), pauses("drain", drain=30))
    assert field == "rules.sanitation_every_minutes"


def test_what_can_be_kept_or_does_not_reach_the_branch_contradicts_nothing() -> None:
    often = pauses("often", BRANCH)
    assert told(pauses("drain", drain=29), often) == []
    assert told(pauses("drain", Scope(city="almaty"), drain=30), often) == []
    assert told(a_regime("small", COUNTRY), often, pauses("drain", drain=30)) == []


def test_it_is_looked_at_whenever_another_one_begins_or_ends() -> None:
    drain = pauses("drain", drain=30)
    later = pauses("often", BRANCH, from_date=date(2020, 4, 1), until_date=date(2020, 4, 2))
    assert [field for field, _ in told(drain, later)] == ["rules.drain_minutes"]
    before = pauses("often", BRANCH, from_date=date(2020, 3, 1), until_date=date(2020, 3, 15))
    assert told(drain, before) == []
    over = pauses("drain", drain=30, until_date=date(2020, 3, 31))
    assert told(over, later) == []


def test_regimes_that_together_leave_no_hours_are_told_and_one_that_closes_a_branch_is_not() -> (
    None
):
    early = a_regime("early", COUNTRY, rules=PlanValues(closes="12:00"))
    late = a_regime("late", BRANCH, rules=PlanValues(opens="12:00"))
    ((field, sentence),) = told(late, early)
    assert field == "rules.opens"
    assert "leave time between opening and closing" in sentence
    assert [field for field, _ in told(early, late)] == ["rules.closes"]
    assert told(a_regime("evening", COUNTRY, rules=PlanValues(opens="23:00"))) == []


def test_a_regime_over_one_branch_names_counters_that_it_has() -> None:
    there = PlanValues(counters_in_use=("1", "77"))
    ((field, sentence),) = told(a_regime("few", BRANCH, rules=there))
    assert field == "rules.counters_in_use"
    assert "77 is no counter of the branch" in sentence
    assert told(a_regime("few", COUNTRY, rules=there)) == []
