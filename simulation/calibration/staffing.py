"""Who sat where and when, as most of the days have it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby, pairwise

import numpy as np
from numpy.typing import NDArray

from schemas.branch import Skill
from schemas.scenario_parts import Break, Shift
from simulation.calibration.observed import ObservedDay, Span

DAY = 24 * 60
_SHORTEST, _LONGEST = 5, 240
"""Minutes of a break; who is away for longer is so by an outage of that day."""
_LEAST = 30
"""Minutes in which a counter was open on a day: fewer are somebody passing by."""
_SLACK = 15
"""Minutes from the opening, or to the closing, that count as none."""
Marks = NDArray[np.bool_]
"""A mark for each minute of a day."""


def shifts_of(
    days: Sequence[ObservedDay], skills: Mapping[str, tuple[Skill, ...]]
) -> tuple[Shift, ...]:
    """A shift for each counter, as on most of the days on which it was open; those alike in one.

    `skills` are those of counters that have others than the branch says.
    """
    counters = sorted({one for day in days for one in day.counters}, key=place_of)
    found = [(one, _shift(one, days_with(one, days))) for one in counters]
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


def place_of(counter: str) -> tuple[int, str]:
    return (int(counter) if counter.isdecimal() else DAY, counter)


def days_with(counter: str, days: Sequence[ObservedDay]) -> list[ObservedDay]:
    """Those on which the counter was open, and not for a moment only."""
    return [
        day
        for day in days
        if sum(ends - begins for begins, ends in day.counters.get(counter, ())) >= _LEAST
    ]


_Times = tuple[str | None, str | None, tuple[Break, ...]]


def _shift(counter: str, days: Sequence[ObservedDay]) -> _Times | None:
    spans = runs(_usually_open(counter, days))
    if not spans:
        return None
    opens = float(np.median([day.opens for day in days]))
    closes = float(np.median([day.closes for day in days]))
    first, last = spans[0][0], spans[-1][1]
    return (
        time_of(first) if first > opens + _SLACK else None,
        time_of(_leaves(counter, days, last, DAY)) if last < closes - _SLACK else None,
        tuple(_breaks(counter, days, spans)),
    )


def _breaks(
    counter: str, days: Sequence[ObservedDay], spans: Sequence[tuple[int, int]]
) -> Iterator[Break]:
    for (_, ends), (begins, _) in pairwise(spans):
        if begins - ends <= _LONGEST:
            at = max(_leaves(counter, days, ends, begins), begins - _LONGEST)
            yield Break(at=time_of(at), minutes=begins - at)


def _leaves(counter: str, days: Sequence[ObservedDay], usual: int, back: int) -> int:
    """When the counter is to be left that usually was so at one minute, until another.

    Who serves somebody then leaves later, so that each day bounds it: by the call of that visit and
    by its end. The median of all bounds is amid those that are nearest, and bears a day unlike the
    others.
    """
    bounds: list[float] = []
    for day in days:
        ends = [one for _, one in day.counters[counter] if usual - _SLACK < one < back]
        if ends:
            left = max(ends)
            bounds += [called_before(left, day.visits.get(counter, ())), left]
    return min(usual, round(float(np.median(bounds)))) if bounds else usual


def called_before(left: float, visits: Sequence[Span]) -> float:
    """When whoever was served last was called, if that visit was under way until `left`."""
    under_way = (begins for begins, ends in visits if begins < left < ends + _SHORTEST)
    return max(under_way, default=left)


def _usually_open(counter: str, days: Sequence[ObservedDay]) -> Marks:
    """By minute: on half of the days at least that are open by then."""
    here, of = np.zeros(DAY), np.zeros(DAY)
    for day in days:
        of[int(day.opens) : int(day.closes)] += 1
        for begins, ends in day.counters.get(counter, ()):
            here[max(0, round(begins)) : round(ends)] += 1
    return np.asarray((of > 0) & (here >= np.maximum(of, 1) / 2))


def runs(minutes: Marks) -> list[tuple[int, int]]:
    """Spans of marked minutes; a gap of a moment is none."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], minutes.astype(int), [0]))))
    found: list[tuple[int, int]] = []
    for begins, ends in edges.reshape(-1, 2).tolist():
        if found and begins - found[-1][1] < _SHORTEST:
            found[-1] = (found[-1][0], ends)
        else:
            found.append((begins, ends))
    return found


def time_of(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"
