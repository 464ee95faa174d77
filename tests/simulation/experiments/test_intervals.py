"""Means and intervals: Student's, and they cover what they say."""

from __future__ import annotations

from statistics import fmean, stdev, variance

import numpy as np
import pytest

from simulation.experiments.intervals import Estimate, Tally, estimate, student
from simulation.experiments.tallies import Tallies


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


def test_many_tallies_at_once_are_each_what_one_alone_is() -> None:
    draws = np.random.default_rng(5).normal(3.0, 2.0, (30, 4))
    alone, together = {name: Tally() for name in "abcd"}, Tallies()
    for number, row in enumerate(draws.tolist()):
        # Now one figure does not exist, now another; the last one turns up late.
        some = {name: value for name, value in zip("abcd", row, strict=True) if number % 5 > 1}
        some = {"c": row[2]} | dict.fromkeys("ba", row[0]) | (some if number > 9 else {})
        together.add(some)
        for name, value in some.items():
            alone[name].add(value)
    assert sorted(together) == ["a", "b", "c", "d"]
    assert {name: together.tally(name).estimate for name in "abcd"} == {
        name: tally.estimate for name, tally in alone.items()
    }
    assert together.tally("e").estimate is None


def test_nineteen_of_twenty_intervals_hold_the_mean() -> None:
    draws = np.random.default_rng(7).normal(3.0, 2.0, (4000, 6))
    found = [estimate(row) for row in draws.tolist()]
    held = [abs(one.mean - 3.0) <= (one.half_width or 0) for one in found if one]
    assert 0.94 < fmean(held) < 0.96
