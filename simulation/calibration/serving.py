"""Times at the counter: the law that fits best, or the times themselves where none does.

Lognormal and gamma by maximum likelihood, chosen by Akaike's criterion. How well a law fits is told
by the distance of Kolmogorov and Smirnov; since the law's parameters come from the same times, its
chance is found by drawing from the fitted law and fitting anew (Stute, Gonzalez Manteiga and
Presedo Quindimil, "Bootstrap based goodness-of-fit-tests", Metrika 40, 1993).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Literal

import numpy as np
from msgspec import Struct
from numpy.random import Generator, default_rng
from numpy.typing import NDArray
from scipy.special import gammainc, gammaln, ndtr, polygamma, psi

from schemas.scenario_parts import ServingTime
from simulation.experiments.intervals import student

Numbers = NDArray[np.float64]
FEW = 30
"""Fewer times than that of a service borrow from all the others."""
MANY = 200
"""From so many on, times that fit no law are taken as they are."""
_BORROWED = 10
"""Times that the usual minutes of the catalogue count as, where a service has few."""
_RESAMPLES = 200
_UNLIKELY = 0.01
LONGEST = 480.0
"""Minutes at a counter, as a scenario may state them."""
Law = Literal["lognormal", "gamma"]


class ServiceFit(Struct, frozen=True):
    """A service's times: how many, their mean with its 95 % interval, and the law."""

    service: str
    count: int
    mean: float
    half_width: float | None
    """Of the interval of the mean; None for fewer than four times."""
    time: ServingTime
    distance: float | None
    """Of Kolmogorov and Smirnov from the law, None where there were few times."""
    chance: float | None
    """That times of the law lie so far from it or farther."""
    borrowed: bool
    """Whether the few times were drawn towards the catalogue's usual minutes."""
    times: tuple[float, ...]
    """Those observed, in order."""


class _Fitted(Struct, frozen=True):
    """Parameters of as many fits as there were rows."""

    first: Numbers
    second: Numbers
    likelihood: Numbers


def _fit_lognormal(times: Numbers) -> _Fitted:
    logs = np.log(times)
    middle, spread = logs.mean(axis=1), np.maximum(logs.std(axis=1), 1e-6)
    count = times.shape[1]
    likelihood = -logs.sum(axis=1) - count * (np.log(spread * math.sqrt(2 * math.pi)) + 0.5)
    return _Fitted(middle, spread, likelihood)


def _fit_gamma(times: Numbers) -> _Fitted:
    """Newton's steps for the shape (Minka, "Estimating a Gamma distribution", 2002)."""
    mean, log_mean = times.mean(axis=1), np.log(times).mean(axis=1)
    gap = np.maximum(np.log(mean) - log_mean, 1e-9)
    shape = (3 - gap + np.sqrt((gap - 3) ** 2 + 24 * gap)) / (12 * gap)
    for _ in range(6):
        slope = 1 / shape - polygamma(1, shape)
        inverse = 1 / shape + (np.log(shape) - psi(shape) - gap) / (shape**2 * slope)
        shape = np.where(inverse > 0, 1 / inverse, shape)
    scale = mean / shape
    likelihood = (
        (shape - 1) * np.log(times).sum(axis=1)
        - times.sum(axis=1) / scale
        - times.shape[1] * (gammaln(shape) + shape * np.log(scale))
    )
    return _Fitted(shape, scale, likelihood)


def _below_lognormal(times: Numbers, fitted: _Fitted) -> Numbers:
    middle, spread = fitted.first[:, None], fitted.second[:, None]
    return np.asarray(ndtr((np.log(times) - middle) / spread))


def _below_gamma(times: Numbers, fitted: _Fitted) -> Numbers:
    return np.asarray(gammainc(fitted.first[:, None], times / fitted.second[:, None]))


def _draw_lognormal(draws: Generator, fitted: _Fitted, size: tuple[int, int]) -> Numbers:
    return draws.lognormal(fitted.first[0], fitted.second[0], size)


def _draw_gamma(draws: Generator, fitted: _Fitted, size: tuple[int, int]) -> Numbers:
    return np.maximum(draws.gamma(fitted.first[0], fitted.second[0], size), 1e-9)


class _Kind(Struct, frozen=True):
    fit: Callable[[Numbers], _Fitted]
    below: Callable[[Numbers, _Fitted], Numbers]
    draw: Callable[[Generator, _Fitted, tuple[int, int]], Numbers]
    moments: Callable[[float, float], tuple[float, float]]
    """Mean, and standard deviation over mean."""


_KINDS: Mapping[Law, _Kind] = {
    "lognormal": _Kind(
        _fit_lognormal,
        _below_lognormal,
        _draw_lognormal,
        lambda middle, spread: (
            math.exp(middle + spread**2 / 2),
            math.sqrt(math.expm1(min(spread**2, 3.0))),
        ),
    ),
    "gamma": _Kind(
        _fit_gamma,
        _below_gamma,
        _draw_gamma,
        lambda shape, scale: (shape * scale, shape**-0.5),
    ),
}


def fit_services(
    serving: Mapping[str, Sequence[float]], usual: Mapping[str, float]
) -> list[ServiceFit]:
    """A law for every service with times; `usual` are the catalogue's minutes."""
    whole = [(one, usual[service]) for service, times in serving.items() for one in times]
    if not whole:
        return []
    ratio = sum(one for one, _ in whole) / sum(minutes for _, minutes in whole)
    spread = _pooled_spread(serving)
    return [
        _fit_service(service, np.sort(times), ratio * usual[service], spread)
        for service, times in sorted(serving.items())
        if len(times)
    ]


def _pooled_spread(serving: Mapping[str, Sequence[float]]) -> float:
    """Standard deviation over mean, of all services alike."""
    parts = [np.log(np.maximum(times, 1e-3)) for times in serving.values() if len(times) > 1]
    freedom = sum(len(part) - 1 for part in parts)
    squares = sum(float(((part - part.mean()) ** 2).sum()) for part in parts)
    variance = squares / freedom if freedom else 0.2
    return min(5.0, max(0.01, math.sqrt(math.expm1(min(variance, 3.0)))))


def _fit_service(service: str, times: Numbers, usual: float, spread: float) -> ServiceFit:
    times = np.clip(times, 1e-3, LONGEST)
    count, mean = len(times), float(times.mean())
    width = None
    if count > 3:  # noqa: PLR2004 - as for every interval
        width = student(0.975, count - 1) * float(times.std(ddof=1)) / math.sqrt(count)
    told = tuple(np.round(times, 4).tolist())
    if count < FEW or float(times.std()) < 1e-6:  # noqa: PLR2004 - all alike
        drawn = (count * mean + _BORROWED * usual) / (count + _BORROWED)
        law = ServingTime(law="lognormal", mean_minutes=round(drawn, 4), spread=round(spread, 4))
        return ServiceFit(service, count, mean, width, law, None, None, True, told)
    law, distance, chance = _best_law(times)
    return ServiceFit(service, count, mean, width, law, distance, chance, False, told)


def _best_law(times: Numbers) -> tuple[ServingTime, float, float]:
    row = times[None, :]
    fits = {name: kind.fit(row) for name, kind in _KINDS.items()}
    name = max(fits, key=lambda one: float(fits[one].likelihood[0]))
    kind, fitted = _KINDS[name], fits[name]
    distance = float(_distances(kind.below(row, fitted))[0])
    chance = _chance(kind, fitted, len(times), distance)
    if chance < _UNLIKELY and len(times) >= MANY:
        return _as_they_are(times), distance, chance
    mean, spread = kind.moments(float(fitted.first[0]), float(fitted.second[0]))
    law = ServingTime(
        law=name, mean_minutes=round(min(mean, LONGEST), 4), spread=round(min(spread, 5.0), 4)
    )
    return law, distance, chance


def _distances(below: Numbers) -> Numbers:
    """Of Kolmogorov and Smirnov, row by row of sorted times."""
    count = below.shape[1]
    steps = np.arange(1, count + 1) / count
    return np.asarray(np.maximum(steps - below, below - steps + 1 / count).max(axis=1))


def _chance(kind: _Kind, fitted: _Fitted, count: int, distance: float) -> float:
    draws = default_rng(count)
    rows = np.sort(kind.draw(draws, fitted, (_RESAMPLES, count)), axis=1)
    found = _distances(kind.below(rows, kind.fit(rows)))
    return (1 + int((found >= distance).sum())) / (_RESAMPLES + 1)


def _as_they_are(times: Numbers) -> ServingTime:
    """Two hundred of their quantiles."""
    shares = (np.arange(MANY) + 0.5) / MANY
    minutes = tuple(np.round(np.quantile(times, shares), 3).tolist())
    return ServingTime(law="empirical", minutes=minutes)


def density(time: ServingTime, at: Sequence[float]) -> list[float]:
    """Of a law at some minutes; empty for one that has none."""
    x = np.maximum(np.asarray(at), 1e-6)
    mean = time.mean_minutes or 1.0
    if time.law == "lognormal":
        variance = math.log1p(time.spread**2)
        middle = math.log(mean) - variance / 2
        z = (np.log(x) - middle) ** 2 / (2 * variance)
        return list((np.exp(-z) / (x * math.sqrt(2 * math.pi * variance))).tolist())
    if time.law == "gamma":
        shape = time.spread**-2
        scale = mean / shape
        logs = (shape - 1) * np.log(x) - x / scale - gammaln(shape) - shape * math.log(scale)
        return list(np.exp(logs).tolist())
    return []
