"""Counters that were left for long on some days: somebody ill, a system that did not answer.

Shifts are those of all days, so that the day itself has to say it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from msgspec import Struct

from schemas.fields import minute_of
from schemas.scenario_parts import Outage, Shift
from simulation.calibration.observed import ObservedDay, Span
from simulation.calibration.staffing import (
    DAY,
    Marks,
    called_before,
    days_with,
    place_of,
    runs,
    time_of,
)

_SHORTEST, _LONGEST = 30, 720
"""Minutes."""
_LEAST_BEYOND = 60
"""Minutes of work outside a shift: a break that was not taken is less."""
_ALIKE = 20
"""Minutes between which counters have been left, and taken again, together."""


class _Gap(Struct, frozen=True):
    begins: int
    ends: int
    counter: str
    is_short: bool
    """Whether it alone is none to speak of."""
    since: float
    """When the visit was called that was under way until then; `begins` where none was."""


def outages_of(day: ObservedDay, shifts: Sequence[Shift]) -> tuple[Outage, ...]:
    """When counters stood still although their shift had them open.

    Those that were left together are one outage, from the first of them on: whoever is at a
    counter when it begins is served to the end. Of a day of which only the times of visits are
    known, the counters without any.
    """
    return tuple(_outage(gaps, day, shifts) for gaps in _together(_gaps(day, shifts)))


def seldom_there(days: Sequence[ObservedDay], shifts: Sequence[Shift]) -> Iterator[str]:
    """A sentence on the counters that were open on fewer than half of the days that had them.

    None on those that nothing is known of, whose shifts are the base's.
    """
    counters = sorted((one for shift in shifts for one in shift.counters), key=place_of)
    alike: dict[tuple[int, int], list[str]] = {}
    for one in counters:
        of = sum(bool(_in_use(one, day).any()) for day in days)
        alike.setdefault((len(days_with(one, days)), of), []).append(one)
    for (count, of), codes in sorted(alike.items()):
        if 0 < 2 * count < of:
            yield (
                f"Open on {count} of {of} days only, with a shift and outages on the others: "
                f"counter{'s' if len(codes) > 1 else ''} {', '.join(codes)}."
            )


def beyond_shifts(days: Sequence[ObservedDay], shifts: Sequence[Shift]) -> Iterator[str]:
    """A sentence on every counter that was open for long outside its shift on some days."""
    for shift in shifts:
        for counter in shift.counters:
            beyond = [minutes for day in days if (minutes := _beyond(counter, day, shift))]
            if beyond:
                yield (
                    f"Counter {counter} was open outside its shift on {len(beyond)} of {len(days)} "
                    f"days, {sum(beyond) / 60:.1f} hours together: left out."
                )


def _beyond(counter: str, day: ObservedDay, shift: Shift) -> int:
    """Minutes within the branch's hours; none where they are few, or guessed from a table."""
    here = ~(_away(counter, day) | _due(day, shift))
    minutes = int(here[int(day.opens) : int(day.closes)].sum())
    return minutes if day.plans and minutes >= _LEAST_BEYOND else 0


def _in_use(counter: str, day: ObservedDay) -> Marks:
    """By minute: whether the plan has the counter; any has it where none is known."""
    found = np.ones(DAY, bool)
    for held in day.plans:
        found[minute_of(held.begins) :] = any(one.code == counter for one in held.plan.counters)
    return found


def _gaps(day: ObservedDay, shifts: Sequence[Shift]) -> Iterator[_Gap]:
    for shift in shifts:
        due = _due(day, shift)
        for counter in shift.counters:
            if day.plans or (day.counters and counter not in day.counters):
                yield from _gaps_of(counter, day, due & _in_use(counter, day))


def _gaps_of(counter: str, day: ObservedDay, due: Marks) -> Iterator[_Gap]:
    """Breaks within are part of them, those before and after are not.

    Who does not come back before closing does not come for those who are still there then either.
    """
    for begins, ends in runs(_away(counter, day)):
        missed = begins + np.flatnonzero(due[begins:ends])
        if len(missed):
            first, last = int(missed[0]), int(missed[-1]) + 1
            last = ends if last == int(day.closes) else last
            since = called_before(first, day.visits.get(counter, ()))
            is_short = len(missed) < _SHORTEST
            yield _Gap(first, min(last, first + _LONGEST), counter, is_short, since)


def _away(counter: str, day: ObservedDay) -> Marks:
    away = np.ones(DAY, bool)
    for begins, ends in day.counters.get(counter, ()):
        away[max(0, round(begins)) : round(ends)] = False
    return away


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
    """Those that were left for long, and the shorter ones of who had a visit under way then."""
    found: list[list[_Gap]] = []
    for gap in sorted(gaps, key=lambda one: (one.is_short, one.begins, one.ends)):
        group = next((group for group in found if _is_alike(group[0], gap)), None)
        if group is not None:
            group.append(gap)
        elif not gap.is_short:
            found.append([gap])
    return found


def _is_alike(first: _Gap, gap: _Gap) -> bool:
    under_way = gap.since <= first.begins <= gap.begins
    left = under_way or (not gap.is_short and gap.begins - first.begins <= _ALIKE)
    return left and abs(gap.ends - first.ends) <= _ALIKE


def _outage(gaps: Sequence[_Gap], day: ObservedDay, shifts: Sequence[Shift]) -> Outage:
    begins, ends = gaps[0].begins, int(np.median([gap.ends for gap in gaps]))
    counters = {gap.counter for gap in gaps}
    left = {
        one
        for shift in shifts
        for one in shift.counters
        if _in_use(one, day)[begins]
        and not _served_throughout(day.visits.get(one, ()), begins, ends)
    }
    return Outage(
        at=time_of(begins),
        minutes=ends - begins,
        counters=() if counters >= left else tuple(sorted(counters, key=place_of)),
    )


def _served_throughout(visits: Sequence[Span], begins: int, ends: int) -> bool:
    """Whether one visit outlasted it all: of that counter nothing is known."""
    return any(called <= begins and ends <= done for called, done in visits)
