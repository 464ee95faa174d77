"""Random streams, one for each purpose: a change of one draw leaves all others as they were."""

from __future__ import annotations

import math
from collections.abc import Mapping
from random import Random
from typing import TypeVar

from numpy.random import Generator, SeedSequence, default_rng

Choice = TypeVar("Choice")


class Streams:
    """Independent generators by purpose; the same name gives the same numbers on every machine."""

    def __init__(self, *name: object) -> None:
        self._name = "/".join(map(str, name))
        self._streams: dict[str, Random] = {}

    def __getitem__(self, purpose: str) -> Random:
        if purpose not in self._streams:
            self._streams[purpose] = Random(f"{self._name}/{purpose}")  # noqa: S311
        return self._streams[purpose]

    def choice(self, purpose: str, weights: Mapping[Choice, float]) -> Choice:
        """One of the keys, each with the probability of its weight among all."""
        (chosen,) = self[purpose].choices([*weights], [*weights.values()])
        return chosen

    def happens(self, purpose: str, share: float) -> bool:
        """True with probability `share`."""
        return self[purpose].random() < share

    def between(self, purpose: str, bounds: tuple[int, int], unit: int = 1) -> int:
        """A whole number of `unit` parts, uniform between the bounds, both included."""
        low, high = bounds
        return self[purpose].randint(low * unit, high * unit)

    def factor(self, purpose: str, mean: float, spread: float) -> float:
        """A log-normal factor of this mean; `spread` is its standard deviation over the mean."""
        variance = math.log1p(spread * spread)
        normal = self[purpose].gauss(-variance / 2, math.sqrt(variance))
        return mean * math.exp(normal)


PURPOSES = (
    "arrivals",
    "instants",
    "serving",
    "party",
    "priority",
    "can go online",
    "sent online",
    "turned away",
    "insists",
    "tolerates",
    "patience",
    "misses group",
    "no show",
    "walks in",
    "walks to counter",
    "walks out",
    "back after opening",
    "comes back",
    "surges",
)
"""Purposes of the simulation's draws; a new one is added at the end, lest others change."""


def stream(seed: int, replication: int, *place: int, purpose: str) -> Generator:
    """The random stream of one purpose in one replication; `place` tells days and services apart.

    The scenario's rules have no part in it: two policies under one seed meet the same visitors.
    """
    key = (replication, *place, PURPOSES.index(purpose))
    return default_rng(SeedSequence(seed, spawn_key=key))
