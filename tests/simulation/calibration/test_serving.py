"""Laws are told apart, and what follows no law is taken as it is."""

from __future__ import annotations

import numpy as np
import pytest

from simulation.calibration.serving import FEW, ServiceFit, density, fit_services

DRAWS = np.random.default_rng(11)


def fit(times: object) -> ServiceFit:
    (found,) = fit_services({"passport": list(np.asarray(times, float))}, {"passport": 10.0})
    return found


def test_a_gamma_is_not_taken_for_a_lognormal_nor_the_other_way_round() -> None:
    gamma = fit(DRAWS.gamma(2.0, 5.0, 2000))
    assert gamma.time.law == "gamma"
    assert gamma.time.mean_minutes == pytest.approx(10, rel=0.05)
    assert gamma.time.spread == pytest.approx(2**-0.5, rel=0.05)
    lognormal = fit(DRAWS.lognormal(2.0, 0.5, 2000))
    assert lognormal.time.law == "lognormal"
    assert lognormal.time.mean_minutes == pytest.approx(np.exp(2.125), rel=0.05)
    for one in (gamma, lognormal):
        assert one.chance is not None
        assert one.chance > 0.01


def test_times_of_two_kinds_follow_no_law() -> None:
    found = fit(np.concatenate([DRAWS.normal(5, 0.3, 300), DRAWS.normal(25, 1, 300)]))
    assert found.time.law == "empirical"
    assert np.mean(found.time.minutes) == pytest.approx(15, rel=0.05)
    assert found.chance is not None
    assert found.chance < 0.01
    assert density(found.time, [1.0]) == []


def test_the_chance_of_a_true_law_is_spread_evenly() -> None:
    chances = [fit(DRAWS.gamma(3.0, 2.0, 60)).chance or 0 for _ in range(60)]
    assert 0.3 < float(np.mean(chances)) < 0.7


def test_few_times_are_drawn_towards_the_usual_minutes() -> None:
    many = list(DRAWS.lognormal(np.log(10), 0.3, 500))
    found = fit_services({"passport": many, "land-rights": [30.0, 34.0]},
                         {"passport": 10.0, "land-rights": 20.0})  # fmt: skip
    few = next(one for one in found if one.service == "land-rights")
    assert few.count < FEW
    assert few.borrowed
    assert 20 < (few.time.mean_minutes or 0) < 25
    assert few.time.spread == pytest.approx(0.3, abs=0.05)


def test_a_density_is_that_of_its_law() -> None:
    at = np.linspace(0.01, 120, 6000)
    for found in (fit(DRAWS.gamma(2.0, 5.0, 300)), fit(DRAWS.lognormal(2, 0.5, 300))):
        heights = np.array(density(found.time, at.tolist()))
        step = at[1] - at[0]
        assert heights.sum() * step == pytest.approx(1, abs=0.01)
        assert (heights * at).sum() * step == pytest.approx(found.time.mean_minutes, rel=0.02)
