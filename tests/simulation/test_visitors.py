"""Who comes is drawn before the run: two policies under one seed meet the same people."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest

from schemas.plan_values import PlanValues
from schemas.scenario import Scenario
from schemas.scenario_parts import Between, ServingTime, Surge
from simulation.demand import arrival_rates, draw, serving_times
from simulation.scenario_file import scenario_of, shipped_catalogue
from simulation.streams import PURPOSES, stream
from simulation.visitors import MINUTE, NEXT_STEPS, QUARTER_HOUR, Table

CATALOGUE = shipped_catalogue()
USUAL = {one.code: one.usual_minutes * MINUTE for one in CATALOGUE.services}
WEEK = scenario_of("ordinary-week", CATALOGUE)


def drawn(scenario: Scenario, replication: int = 0) -> Table:
    return draw(scenario, 0, replication, USUAL)


def changed(scenario: Scenario, **values: object) -> Scenario:
    visitors = msgspec.structs.replace(scenario.visitors, **values)
    return msgspec.structs.replace(scenario, visitors=visitors)


def test_two_policies_meet_the_same_visitors() -> None:
    groups = PlanValues(group_admission=True, group_size=5, closes="17:00")
    other = msgspec.structs.replace(WEEK, name="groups", rules=groups, catalogue_regimes=False)
    assert np.array_equal(drawn(WEEK), drawn(other))


def test_another_seed_or_replication_brings_other_people() -> None:
    tables = [
        drawn(WEEK),
        drawn(WEEK, 1),
        drawn(msgspec.structs.replace(WEEK, seed=WEEK.seed + 1)),
    ]
    assert len({table.tobytes() for table in tables}) == len(tables)


def test_a_change_of_one_habit_leaves_all_others_as_they_were() -> None:
    patient = drawn(changed(WEEK, patience_minutes=Between(least=500, most=600)))
    before = drawn(WEEK)
    names = [name for name in before.dtype.names or () if name != "patience"]
    assert all(np.array_equal(before[name], patient[name]) for name in names)
    assert not np.array_equal(before["patience"], patient["patience"])


def test_more_demand_for_one_service_leaves_the_visitors_for_others_alone() -> None:
    first = WEEK.mix.services[0].service
    surge = Surge(service=first, at="11:00", minutes=30, visits=40)
    monday = msgspec.structs.replace(WEEK.days[0], surges=(surge,))
    more, before = drawn(msgspec.structs.replace(WEEK, days=(monday,))), drawn(WEEK)
    assert np.array_equal(more[more["service"] > 0], before[before["service"] > 0])
    same = np.isin(more, before)
    assert same.sum() == len(before)
    added = more[more["service"] == 0]["arrives_at"]
    at_eleven = (added >= 11 * 60 * MINUTE) & (added < 11 * 60 * MINUTE + 30 * MINUTE)
    assert len(more) - len(before) > 20
    assert at_eleven.sum() >= len(more) - len(before)


def test_a_service_with_times_of_its_own_leaves_all_other_times_alone() -> None:
    first, *others = WEEK.mix.services
    long = msgspec.structs.replace(first, time=ServingTime(law="gamma", mean_minutes=60))
    mix = msgspec.structs.replace(WEEK.mix, services=(long, *others))
    changed, before = drawn(msgspec.structs.replace(WEEK, mix=mix)), drawn(WEEK)
    same = changed["serving"] == before["serving"]
    assert np.array_equal(same, before["service"] > 0)


def test_arrivals_follow_the_rate_of_each_service_and_quarter_hour() -> None:
    replications = 25
    tables = [drawn(WEEK, number) for number in range(replications)]
    for place in (0, 5, 12):
        rates = arrival_rates(WEEK, WEEK.days[0], place) * replications
        mine = [table["arrives_at"][table["service"] == place] for table in tables]
        found = np.bincount(np.concatenate(mine) // QUARTER_HOUR, minlength=96)
        assert np.all(found[rates == 0] == 0)
        deviations = (found - rates)[rates > 0] / np.sqrt(rates[rates > 0])
        assert abs(deviations.sum()) / np.sqrt(len(deviations)) < 3
        assert np.max(np.abs(deviations)) < 4.5


def test_only_those_who_can_go_online() -> None:
    table = drawn(WEEK)
    goes = [table[name] == NEXT_STEPS.index("online") for name in ("sent_online", "turned_away")]
    assert goes[0].any()
    assert not any((column & (table["online"] == 0)).any() for column in goes)


@pytest.mark.parametrize("law", ["lognormal", "gamma", "exponential"])
def test_serving_times_have_the_mean_and_the_spread_of_their_law(law: str) -> None:
    spread = 1.0 if law == "exponential" else 0.6
    time = ServingTime(law=law, mean_minutes=6.2, spread=spread)  # type: ignore[arg-type]
    times = serving_times(time, 0, stream(1, 0, purpose="serving"), 40_000)
    assert times.mean() == pytest.approx(6.2 * MINUTE, rel=0.015)
    assert times.std() / times.mean() == pytest.approx(spread, rel=0.03)


def test_serving_times_are_measured_ones_the_same_one_or_the_usual_one() -> None:
    numbers = stream(1, 0, purpose="serving")
    measured = ServingTime(law="empirical", minutes=(2.5, 4.0))
    assert set(serving_times(measured, 0, numbers, 50)) == {2.5 * MINUTE, 4 * MINUTE}
    constant = ServingTime(law="constant")
    assert set(serving_times(constant, 7 * MINUTE, numbers, 5)) == {7 * MINUTE}


def test_every_purpose_has_a_stream_of_its_own() -> None:
    numbers = [stream(1, 0, purpose=purpose).integers(2**60) for purpose in PURPOSES]
    assert len(set(numbers)) == len(PURPOSES)
