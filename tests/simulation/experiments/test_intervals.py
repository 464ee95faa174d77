"""Means and intervals: Student's, and they cover what they say."""

from __future__ import annotations

from statistics import fmean, stdev, variance

import numpy as np
import pytest

from simulation.experiments.intervals import Estimate, Tally, estimate, student


def test_an_estimate_has_students_interval() -> None:
    for freedom, quantile in ((9, 2.262157), (4, 2.776445), (29, 2.045230), (3, 3.182446)):
        assert student(0.975, freedom) == pytest.approx(quantile, rel=1e-6)
    values = [1.0, 2.0, 3.0, 4.0, 5.0]
    found = estimate(values)
    assert found
    assert found.mean == fmean(values)
    assert found.deviation == pytest.approx(stdev(values))
    assert found.half_width == pytest.approx(2.776445 * 2.5**0.5 / 5**0.5)
    assert estimate([1.0]) == Estimate(1.0, None, 1, 0.0, 1.0, 1.0)
    assert estimate([]) is None


def test_a_tally_is_exact_where_values_are_large_and_alike() -> None:
    values = [1e9 + number / 7 for number in range(50)]
    tally = Tally()
    for value in values:
        tally.add(value)
    assert tally.variance == pytest.approx(variance(values))


def test_nineteen_of_twenty_intervals_hold_the_mean() -> None:
    draws = np.random.default_rng(7).normal(3.0, 2.0, (4000, 6))
    found = [estimate(row) for row in draws.tolist()]
    held = [abs(one.mean - 3.0) <= (one.half_width or 0) for one in found if one]
    assert 0.94 < fmean(held) < 0.96
