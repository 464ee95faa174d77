"""Arrival rates by weekday and quarter hour, where the days are few.

Counts are Poisson with rates that are gamma distributed about what all weekdays together say; how
strongly they are drawn there is estimated from the counts themselves. (Clayton and Kaldor,
"Empirical Bayes estimates of age-standardized relative risks", Biometrics 43, 1987; Efron and
Morris, "Data analysis using Stein's estimator", JASA 70, 1975, for why.)

First a weekday's whole number of visits is drawn towards the mean of all days, then each of its
quarter hours towards the share that the quarter hour has on all days.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray
from scipy.special import chdtrc, gammaincinv, gammaln

from simulation.calibration.kinds import by_kind
from simulation.calibration.observed import Observed, ObservedDay

QUARTERS = 96
_MINUTES = 15
_WEIGHTS = np.geomspace(0.05, 5000, 200)
"""Days' worth of data that the common rate may count as."""
_FEWEST_EXPECTED = 5.0
Numbers = NDArray[np.float64]


class Rate(Struct, frozen=True):
    """A mean number of visits with the bounds that hold it with a chance of 95 %."""

    mean: float
    low: float
    high: float


class Weekday(Struct, frozen=True):
    """One day of the week; or its days with hours of their own, by `name`."""

    name: str
    weekday: int
    days: int
    total: Rate
    """Visits a day."""
    quarters: tuple[Rate, ...]
    """Visits in each quarter hour from midnight on."""
    observed: tuple[float, ...]
    """What these days alone say: mean counts."""


class Fit(Struct, frozen=True):
    """A test of chi squared: a small `chance` speaks against the model."""

    squared: float
    freedom: int
    chance: float


class Arrivals(Struct, frozen=True):
    """The rates, and how well they fit."""

    weekdays: tuple[Weekday, ...]
    weight_of_total: float
    """Days' worth of data that the mean of all days counts as for each weekday."""
    weight_of_shape: float
    """The same of the common share, for each quarter hour."""
    dispersion: float
    """Variance of the daily visits over what Poisson draws would have: 1 when they are such."""
    days_fit: Fit | None
    """Daily visits about the mean of their weekday."""
    shape_fit: Fit | None
    """Counts by weekday and quarter hour against the rates."""


def estimate_arrivals(observed: Observed) -> Arrivals:
    """Raises ValueError where nobody came."""
    groups = [*by_kind(observed).items()]
    days = np.array([len(group) for _, group in groups], float)
    counts = np.array([_counts(group) for _, group in groups])
    if not counts.sum():
        raise ValueError("nobody came on these days")
    totals = counts.sum(axis=1)
    overall = np.full(len(days), totals.sum() / days.sum())
    weight_of_total = best_weight(totals, days, overall)
    level = (totals + weight_of_total * overall) / (days + weight_of_total)
    prior = level[:, None] * _common_shape(groups, counts.sum(axis=0))
    exposure = days[:, None] * np.ones(QUARTERS)
    weight_of_shape = best_weight(counts, exposure, prior)
    shaped = (counts + weight_of_shape * prior) / (exposure + weight_of_shape)
    doubts = 1 / np.maximum(counts.sum(axis=0), 1) + 1 / np.maximum(totals[:, None], 1)
    # The level is the weekday's own estimate: the quarter hours share it out.
    scale = level / shaped.sum(axis=1)
    weekdays = tuple(
        Weekday(
            name=name,
            weekday=group[0].date.weekday(),
            days=len(group),
            total=_rate(totals[at], days[at], overall[at], 1 / totals.sum(), weight_of_total),
            quarters=tuple(
                _scaled(_rate(*cell, weight_of_shape), float(scale[at]))
                for cell in zip(counts[at], exposure[at], prior[at], doubts[at], strict=True)
            ),
            observed=tuple((counts[at] / days[at]).tolist()),
        )
        for at, (name, group) in enumerate(groups)
    )
    rates = shaped * scale[:, None]
    dispersion, days_fit = _daily_fit([group for _, group in groups])
    shape_fit = _shape_fit(counts, exposure * rates)
    return Arrivals(weekdays, weight_of_total, weight_of_shape, dispersion, days_fit, shape_fit)


def _counts(days: Sequence[ObservedDay]) -> Numbers:
    """Visits in each quarter hour of all the days."""
    quarters = [int(one.at // _MINUTES) for day in days for one in day.arrivals]
    inside = [min(max(quarter, 0), QUARTERS - 1) for quarter in quarters]
    return np.bincount(inside, minlength=QUARTERS).astype(float)


def _common_shape(groups: Sequence[tuple[str, Sequence[ObservedDay]]], counts: Numbers) -> Numbers:
    """The shares of the quarter hours on all days, for each weekday until it closes.

    Before it opens nobody comes earlier than on any other day.
    """
    early = max(day.opens - one.at for _, group in groups for day in group for one in day.arrivals)
    comes = np.array([min(day.opens for day in group) - max(early, 0) for _, group in groups])
    closes = np.array([max(day.closes for day in group) for _, group in groups])
    begins = np.arange(QUARTERS) * _MINUTES
    open_ = (begins + _MINUTES > comes[:, None]) & (begins < closes[:, None])
    shape = np.where(open_, counts + 1e-9, 0.0)
    return np.asarray(shape / shape.sum(axis=1, keepdims=True))


def best_weight(counts: Numbers, exposure: Numbers, prior: Numbers) -> float:
    """The weight under which the counts are likeliest: they are then negative binomial."""
    known = prior > 0
    n, d, mean = (np.asarray(one)[known] for one in (counts, exposure, prior))
    shape = _WEIGHTS[:, None] * mean
    odds = np.log(_WEIGHTS)[:, None] - np.log(_WEIGHTS[:, None] + d)
    rest = np.log(d) - np.log(_WEIGHTS[:, None] + d)
    likelihood = gammaln(shape + n) - gammaln(shape) + shape * odds + n * rest
    return float(_WEIGHTS[int(np.argmax(likelihood.sum(axis=1)))])


def _rate(count: float, days: float, prior: float, doubt: float, weight: float) -> Rate:
    """The gamma with the posterior's mean, and its variance with that of the prior's mean.

    `doubt` is the relative variance of `prior`, itself an estimate (Morris, "Parametric empirical
    Bayes inference", JASA 78, 1983).
    """
    exposure = days + weight
    mean = float((count + weight * prior) / exposure)
    if mean <= 0:
        return Rate(0.0, 0.0, 0.0)
    variance = float(mean / exposure + (weight / exposure * prior) ** 2 * doubt)
    shape = mean**2 / variance
    low, high = (float(gammaincinv(shape, share)) * mean / shape for share in (0.025, 0.975))
    return Rate(mean, low, high)


def _scaled(rate: Rate, factor: float) -> Rate:
    return Rate(rate.mean * factor, rate.low * factor, rate.high * factor)


def _daily_fit(groups: Sequence[Sequence[ObservedDay]]) -> tuple[float, Fit | None]:
    """Fisher's index of dispersion, over the weekdays that have two days or more."""
    squared, freedom = 0.0, 0
    for group in groups:
        counts = np.array([len(day.arrivals) for day in group], float)
        if len(counts) > 1 and counts.mean() > 0:
            squared += float(((counts - counts.mean()) ** 2).sum() / counts.mean())
            freedom += len(counts) - 1
    if not freedom:
        return 1.0, None
    return squared / freedom, Fit(squared, freedom, float(chdtrc(freedom, squared)))


def _shape_fit(counts: Numbers, expected: Numbers) -> Fit | None:
    """Pearson's, over runs of quarter hours of which each is expected to have five visits."""
    squared, cells = 0.0, 0
    for row, wanted in zip(counts, expected, strict=True):
        for count, mean in _runs(row, wanted):
            squared += (count - mean) ** 2 / mean
            cells += 1
    freedom = cells - len(counts)
    if freedom < 1:
        return None
    return Fit(squared, freedom, float(chdtrc(freedom, squared)))


def _runs(counts: Numbers, expected: Numbers) -> list[tuple[float, float]]:
    found: list[tuple[float, float]] = []
    count = mean = 0.0
    for one, wanted in zip(counts.tolist(), expected.tolist(), strict=True):
        count, mean = count + one, mean + wanted
        if mean >= _FEWEST_EXPECTED:
            found.append((count, mean))
            count = mean = 0.0
    return found
