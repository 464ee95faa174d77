"""What every library's model is asked for: how many were served, and how long they waited."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import fmean
from typing import NamedTuple


class Outcome(NamedTuple):
    """Visits called to a counter, and their mean wait from the arrival to the call, minutes."""

    called: int
    mean_wait: float


def outcome(waits: Sequence[float]) -> Outcome:
    """The outcome of a day with these waits, minutes."""
    return Outcome(len(waits), fmean(waits))
