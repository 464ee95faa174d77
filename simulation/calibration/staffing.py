"""Who sat where and when, as most of the days have it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby, pairwise

import numpy as np
from numpy.typing import NDArray

from schemas.branch import Skill
from schemas.scenario_parts import Break, Shift
from simulation.calibration.observed import ObservedDay

_DAY = 24 * 60
_SHORTEST, _LONGEST = 5, 240
"""Minutes of a break."""
_SLACK = 15
"""Minutes from the opening, or to the closing, that count as none."""
Minutes = NDArray[np.float64]


def shifts_of(
    days: Sequence[ObservedDay], skills: Mapping[str, tuple[Skill, ...]]
) -> tuple[Shift, ...]:
    """A shift for each counter that is open on most days; those alike in one.

    `skills` are those of counters that have others than the branch says.
    """
    opens = float(np.median([day.opens for day in days]))
    closes = float(np.median([day.closes for day in days]))
    counters = sorted({one for day in days for one in day.counters}, key=_order)
    found = [(one, _shift(one, days, opens, closes)) for one in counters]
    known = [(one, (*shift, skills.get(one, ()))) for one, shift in found if shift]
    known.sort(key=lambda pair: str(pair[1]))
    return tuple(
        Shift(
            counters=tuple(one for one, _ in group),
            begins=begins,
            until=until,
            breaks=breaks,
            skills=able,
        )
        for (begins, until, breaks, able), group in groupby(known, key=lambda pair: pair[1])
    )


def _order(counter: str) -> tuple[int, str]:
    return (int(counter) if counter.isdecimal() else _DAY, counter)


_Times = tuple[str | None, str | None, tuple[Break, ...]]


def _shift(counter: str, days: Sequence[ObservedDay], opens: float, closes: float) -> _Times | None:
    runs = _until_long_gap(_runs(_usually_open(counter, days)))
    if not runs:
        return None
    first, last = runs[0][0], runs[-1][1]
    return (
        _time(first) if first > opens + _SLACK else None,
        _time(last) if last < closes - _SLACK else None,
        tuple(
            Break(at=_time(ends), minutes=begins - ends)
            for (_, ends), (begins, _) in pairwise(runs)
        ),
    )


def _until_long_gap(runs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Without what comes after a gap that is too long for a break."""
    gaps = (begins - ends for (_, ends), (begins, _) in pairwise(runs))
    kept = next((place for place, gap in enumerate(gaps, 1) if gap > _LONGEST), len(runs))
    return runs[:kept]


def _usually_open(counter: str, days: Sequence[ObservedDay]) -> NDArray[np.bool_]:
    """By minute: on half of the days at least that are open by then."""
    here, of = np.zeros(_DAY), np.zeros(_DAY)
    for day in days:
        of[int(day.opens) : int(day.closes)] += 1
        for begins, ends in day.counters.get(counter, ()):
            here[max(0, round(begins)) : round(ends)] += 1
    return np.asarray((of > 0) & (here >= np.maximum(of, 1) / 2))


def _runs(minutes: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Spans of open minutes; what is closed for a moment is no break."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], minutes.astype(int), [0]))))
    runs: list[tuple[int, int]] = []
    for begins, ends in edges.reshape(-1, 2).tolist():
        if runs and begins - runs[-1][1] < _SHORTEST:
            runs[-1] = (runs[-1][0], ends)
        else:
            runs.append((begins, ends))
    return runs


def _time(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"
