"""Which family of queues an entry is of: told by the names of its inputs."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from simulation.validity import stationary, transient
from simulation.validity.budget import Budget
from simulation.validity.stationary import Inputs, Samples

Family = Callable[[Inputs, Budget], Samples]
Timed = Callable[[Inputs, Budget, Mapping[str, float]], Samples]
STATIONARY: dict[frozenset[str], Family] = {
    frozenset({"c", "a"}): stationary.erlang_b,
    frozenset({"c", "lam", "mu", "t"}): stationary.many_servers,
    frozenset({"c", "lam", "mu"}): stationary.many_servers,
    frozenset({"c", "lam", "mu", "K"}): stationary.full_hall,
    frozenset({"lam", "mean", "cv"}): stationary.one_server,
    frozenset({"lam", "mean", "k"}): stationary.one_server,
    frozenset({"lam", "D"}): stationary.one_server,
    frozenset({"lam", "mean", "cv", "p_noshow", "callout"}): stationary.with_no_shows,
    frozenset({"lam", "mean", "cv", "V"}): stationary.vacations,
    frozenset({"lam", "mu", "vacation", "EV"}): stationary.vacations,
    frozenset({"c", "lam", "mean", "cv"}): stationary.many_servers_general,
    frozenset({"lam", "X", "mu"}): stationary.batch_arrivals,
    frozenset({"c", "lam", "mu", "theta"}): stationary.reneging,
    frozenset({"c", "lam_high", "lam_low", "mu"}): stationary.priorities,
    frozenset({"lam", "mu", "K"}): stationary.bulk_service,
    frozenset({"m", "K", "T"}): stationary.groups_by_the_clock,
}
"""One long run, or several of them."""
TIMED: dict[frozenset[str], Timed] = {
    frozenset({"c", "lam", "mu", "n0"}): transient.warm_start,
    frozenset({"c", "lam", "mean_service", "pause", "start"}): transient.clock_pause,
    frozenset({"c", "mu", "N", "T"}): transient.varying_arrivals,
    frozenset({"lam_bar", "A", "omega", "mean", "t"}): transient.nobody_waits,
    frozenset({"c", "mu", "n0"}): transient.drain,
}
"""Many short runs, which the family counts itself."""


APPROXIMATE = frozenset({frozenset({"c", "lam", "mean", "cv"})})
"""Families whose expected values are themselves approximations: told, never judged."""


def samples_of(inputs: Inputs, expected: Mapping[str, float], budget: Budget) -> Samples | None:
    """Samples of what an entry expects; None for a family that the rules cannot be stripped to."""
    names = frozenset(inputs)
    if family := STATIONARY.get(names):
        found = [family(inputs, part) for part in budget.long_runs()]
        return {name: np.concatenate([one[name] for one in found]) for name in found[0]}
    if timed := TIMED.get(names):
        return timed(inputs, budget, expected)
    return None
