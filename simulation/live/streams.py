"""Random streams, one for each purpose: a change of one draw leaves all others as they were."""

from __future__ import annotations

import math
from collections.abc import Mapping
from random import Random
from typing import TypeVar

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
