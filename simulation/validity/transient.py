"""Queues that change in time and have known answers: many runs of the stripped model.

Every family gives samples: a value a run, whose mean estimates what a table expects.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from math import ceil, pi
from typing import TypeAlias

import numpy as np

from simulation.validity.budget import Budget
from simulation.validity.stationary import Inputs, Samples
from simulation.validity.stripped import Case, Numbers, Observed
from simulation.visitors import MINUTE

_AT_AN_INSTANT = re.compile(r"(EN|Pdelay|P_N_gt|EW|EB|m)_(?:([0-9]+)_)?([0-9]+)(_before_restart)?")
_INSTANT_BEFORE = 1 / MINUTE
_BASE, _SWING = 2.0, 0.6
"""Of the arrivals that vary in a table's own way: their mean rate and how far it goes from that."""
Look: TypeAlias = tuple[str, float, float]
"""What, more than how many, at which minute."""


def instants(inputs: Inputs, expected: Mapping[str, float]) -> dict[str, Look]:
    """What names such as P_N_gt_60_10 ask for."""
    found = {}
    for name in expected:
        if told := _AT_AN_INSTANT.fullmatch(name):
            what, bound, at, before = told.groups()
            instant = float(at) - (_INSTANT_BEFORE if before else 0.0)
            found[name] = (what, float(bound or inputs.get("c", 0)), instant)
    return found


def ends(inputs: Inputs, expected: Mapping[str, float]) -> dict[str, float]:
    """When a run that is looked at for each of the names ends, in minutes."""
    begins = _warm_up(inputs) if "omega" in inputs else 0.0
    looks = instants(inputs, expected)
    return {name: begins + at + 1 for name, (_, _, at) in looks.items()}


def greatest_rate(inputs: Inputs) -> float:
    """Visitors a minute when most come; none to a queue that ends."""
    if "lam_bar" in inputs:
        return float(inputs["lam_bar"] * (1 + inputs["A"]))
    return float(inputs.get("lam", _BASE * (1 + _SWING) if "N" in inputs else 0.0))


def _warm_up(inputs: Inputs) -> float:
    """Whole periods, by whose end nobody of the beginning is left."""
    period = 2 * pi / inputs["omega"]
    return float(period * ceil(12 * inputs["mean"] / period))


def _look(seen: Observed, what: str, bound: float, at: float) -> float:
    match what:
        case "EW":
            return seen.present(at) - seen.busy(at)
        case "EB":
            return seen.busy(at)
        case "P_N_gt":
            return float(seen.present(at) > bound)
        case "Pdelay":
            return float(seen.present(at) >= bound)
    return seen.present(at)


def transient(wanted: Mapping[str, Look], budget: Budget, case: Callable[[float], Case]) -> Samples:
    """Looks at what is wanted in every run; `case` draws one until a minute."""
    if not wanted:
        return {}
    until = max(at for _, _, at in wanted.values()) + 1
    samples: dict[str, list[float]] = {name: [] for name in wanted}
    cost = len(case(until).arrives)
    for _ in budget.runs(cost):
        seen = budget.observe(case(until))
        for name, look in wanted.items():
            samples[name].append(_look(seen, *look))
    return {name: np.array(values) for name, values in samples.items()}


def _thinned(
    budget: Budget, most: float, until: float, share: Callable[[Numbers], Numbers]
) -> Numbers:
    arrives = budget.arrivals_until(most, until)
    kept: Numbers = arrives[budget.numbers("sent online").random(len(arrives)) < share(arrives)]
    return kept


def warm_start(inputs: Inputs, budget: Budget, expected: Mapping[str, float]) -> Samples:
    """M/M/c from n0 visitors present."""

    def case(until: float) -> Case:
        here = np.zeros(inputs["n0"])
        arrives = np.concatenate([here, budget.arrivals_until(inputs["lam"], until)])
        serving = budget.exponential(len(arrives), inputs["mu"])
        return Case(arrives=arrives, serving=serving, counters=inputs["c"])

    return transient(instants(inputs, expected), budget, case)


def clock_pause(inputs: Inputs, budget: Budget, expected: Mapping[str, float]) -> Samples:
    """M/M/c with a pause by the clock in which services under way are finished."""
    begins, ends = inputs["pause"]

    def case(until: float) -> Case:
        arrives = budget.arrivals_until(inputs["lam"], until)
        serving = budget.exponential(len(arrives), 1 / inputs["mean_service"])
        return Case(arrives=arrives, serving=serving, counters=inputs["c"], pause=(begins, ends))

    return transient(instants(inputs, expected), budget, case)


def varying_arrivals(inputs: Inputs, budget: Budget, expected: Mapping[str, float]) -> Samples:
    """M(t)/M/c from empty; the rate of arrival is 2 (1 + 0.6 sin(4 pi t / T - pi / 2))."""

    def share(at: Numbers) -> Numbers:
        wave = np.sin(4 * pi * at / inputs["T"] - pi / 2)
        return np.asarray((1 + _SWING * wave) / (1 + _SWING))

    def case(until: float) -> Case:
        arrives = _thinned(budget, greatest_rate(inputs), until, share)
        serving = budget.exponential(len(arrives), inputs["mu"])
        return Case(arrives=arrives, serving=serving, counters=inputs["c"])

    return transient(instants(inputs, expected), budget, case)


def nobody_waits(inputs: Inputs, budget: Budget, expected: Mapping[str, float]) -> Samples:
    """M(t)/M/inf in its periodic state: a counter for everybody who comes."""
    mean, swing, most = inputs["mean"], inputs["A"], greatest_rate(inputs)
    warm_up = _warm_up(inputs)
    in_time = instants(inputs, expected)
    shifted = {name: (what, bound, warm_up + at) for name, (what, bound, at) in in_time.items()}

    def share(at: Numbers) -> Numbers:
        wave = np.sin(inputs["omega"] * at - pi / 2)
        return np.asarray((1 + swing * wave) / (1 + swing))

    def case(until: float) -> Case:
        arrives = _thinned(budget, most, until, share)
        serving = budget.exponential(len(arrives), 1 / mean)
        counters = ceil(4 * most * mean)
        return Case(arrives=arrives, serving=serving, counters=counters)

    return transient(shifted, budget, case)


def drain(inputs: Inputs, budget: Budget, _expected: Mapping[str, float]) -> Samples:
    """The time until the last one of n0 visitors has gone when nobody comes any more."""
    times = []
    for _ in budget.runs(inputs["n0"]):
        serving = budget.exponential(inputs["n0"], inputs["mu"])
        case = Case(arrives=np.zeros(inputs["n0"]), serving=serving, counters=inputs["c"])
        times.append(float(np.max(budget.observe(case).ended)))
    found = np.array(times)
    return {"ET": found, "VarT": (found - found.mean()) ** 2 * len(found) / (len(found) - 1)}
