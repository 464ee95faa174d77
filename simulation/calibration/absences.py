"""Counters that were left for long on one day alone: somebody ill, a system that did not answer.

Their shift is that of most days, so that the day itself has to say it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from msgspec import Struct

from schemas.fields import minute_of
from schemas.scenario_parts import Outage, Shift
from simulation.calibration.observed import ObservedDay
from simulation.calibration.staffing import DAY, Marks, place_of, runs, time_of

_SHORTEST, _LONGEST = 30, 720
"""Minutes."""
_ALIKE = 20
"""Minutes between which counters have been left, and taken again, together."""


class _Gap(Struct, frozen=True):
    begins: int
    ends: int
    counter: str


def outages_of(day: ObservedDay, shifts: Sequence[Shift]) -> tuple[Outage, ...]:
    """When counters stood still although their shift had them open.

    Those that were left together are one outage, from the first of them on: whoever is at a
    counter when it begins is served to the end. Nothing where only the times of visits are known.
    """
    if not day.plans:
        return ()
    staffed = sum(len(shift.counters) for shift in shifts)
    return tuple(_outage(gaps, staffed) for gaps in _together(_gaps(day, shifts)))


def _gaps(day: ObservedDay, shifts: Sequence[Shift]) -> Iterator[_Gap]:
    for shift in shifts:
        due = _due(day, shift)
        for counter in shift.counters:
            left = due.copy()
            for begins, ends in day.counters.get(counter, ()):
                left[max(0, round(begins)) : round(ends)] = False
            for begins, ends in runs(left):
                if ends - begins >= _SHORTEST:
                    yield _Gap(begins, min(ends, begins + _LONGEST), counter)


def _due(day: ObservedDay, shift: Shift) -> Marks:
    """By minute: whether somebody should be at the counters."""
    due = np.zeros(DAY, bool)
    begins = max(minute_of(shift.begins) if shift.begins else 0, int(day.opens))
    until = min(minute_of(shift.until) if shift.until else DAY, int(day.closes))
    due[begins:until] = True
    for one in shift.breaks:
        due[minute_of(one.at) : one.ends] = False
    return due


def _together(gaps: Iterator[_Gap]) -> list[list[_Gap]]:
    found: list[list[_Gap]] = []
    for gap in sorted(gaps, key=lambda one: (one.begins, one.ends)):
        alike = (group for group in found if _is_alike(group[0], gap))
        group = next(alike, None)
        if group is None:
            found.append([gap])
        else:
            group.append(gap)
    return found


def _is_alike(first: _Gap, gap: _Gap) -> bool:
    return gap.begins - first.begins <= _ALIKE and abs(gap.ends - first.ends) <= _ALIKE


def _outage(gaps: Sequence[_Gap], staffed: int) -> Outage:
    begins, ends = gaps[0].begins, int(np.median([gap.ends for gap in gaps]))
    counters = tuple(sorted((gap.counter for gap in gaps), key=place_of))
    return Outage(
        at=time_of(begins),
        minutes=ends - begins,
        counters=() if len(counters) == staffed else counters,
    )
