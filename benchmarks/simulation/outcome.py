"""What every library's model is asked for: how many were served, and how long they waited."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from statistics import fmean
from typing import NamedTuple, TypeAlias


class Outcome(NamedTuple):
    """Visits called to a counter, and their mean wait from the arrival to the call, minutes."""

    called: int
    mean_wait: float


class Round(NamedTuple):
    """Some days of one model, and the seconds of processor time that one of them took."""

    outcomes: Sequence[Outcome]
    seconds_a_day: float


Model: TypeAlias = Callable[[int, int], Round]
"""Group size, days -> a round."""


def outcome(waits: Sequence[float]) -> Outcome:
    """The outcome of a day with these waits, minutes."""
    return Outcome(len(waits), fmean(waits))


def one_by_one(day: Callable[[int, int], Outcome]) -> Model:
    """A model that is told the group size and the number of the replication.

    Processor time, so that other processes on the machine matter less.
    """

    def run(group_size: int, days: int) -> Round:
        began = time.process_time()
        outcomes = [day(group_size, replication) for replication in range(days)]
        return Round(outcomes, (time.process_time() - began) / days)

    return run
