"""Means of independent replications with intervals, in memory that does not grow with them."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from math import sqrt

from msgspec import Struct

FEWEST_FOR_INTERVAL = 4
SURE = 0.95


class Estimate(Struct, frozen=True):
    """A mean over replications; `half_width` is of its 95 % interval, None for too few of them."""

    mean: float
    half_width: float | None
    count: int
    deviation: float = 0.0
    """Standard deviation from replication to replication."""
    least: float = 0.0
    most: float = 0.0

    @property
    def differs(self) -> bool:
        """Whether zero lies outside the interval."""
        return self.half_width is not None and abs(self.mean) > self.half_width


class Tally:
    """Takes one value a replication (Welford's recurrence, Technometrics 4, 1962)."""

    def __init__(self) -> None:
        self.count = 0
        self.mean = 0.0
        self.least = float("inf")
        self.most = float("-inf")
        self._squares = 0.0

    @classmethod
    def of(cls, count: float, mean: float, squares: float, least: float, most: float) -> Tally:
        """That of values which have been added elsewhere; `squares` is the sum about their mean."""
        tally = cls()
        tally.count, tally.mean, tally._squares = int(count), mean, squares
        tally.least, tally.most = least, most
        return tally

    def add(self, value: float) -> None:
        """Adds the value of one replication."""
        self.count += 1
        off = value - self.mean
        self.mean += off / self.count
        self._squares += off * (value - self.mean)
        self.least, self.most = min(self.least, value), max(self.most, value)

    @property
    def variance(self) -> float:
        """Of one value; 0 for fewer than two."""
        return self._squares / (self.count - 1) if self.count > 1 else 0.0

    @property
    def half_width(self) -> float | None:
        """Of the 95 % interval of the mean, None for too few values."""
        if self.count < FEWEST_FOR_INTERVAL:
            return None
        return student(0.5 + SURE / 2, self.count - 1) * sqrt(self.variance / self.count)

    @property
    def estimate(self) -> Estimate | None:
        """None without any value."""
        if not self.count:
            return None
        deviation = sqrt(self.variance)
        spread = (deviation, self.least, self.most)
        return Estimate(self.mean, self.half_width, self.count, *spread)


def estimate(values: Iterable[float]) -> Estimate | None:
    """The mean of independent values; None without any."""
    tally = Tally()
    for value in values:
        tally.add(value)
    return tally.estimate


@cache
def student(share: float, freedom: float) -> float:
    """Quantile of Student's t."""
    from scipy.special import stdtrit  # noqa: PLC0415 - takes as long to load as numpy does

    return float(stdtrit(freedom, share))
