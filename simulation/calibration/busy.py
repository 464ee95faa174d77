"""Shifts of days of which only the visits at the counters are known, not who was there.

A counter that rests cannot be told from one that nobody is at. So it keeps the base's shift where
its visits fit that: nearly all begin within it, and on half of the days at least neither its begin
nor its end is hours away from them. Any other counter is taken to be there from the first visit of
a day to the last, without a break. Of one with visits on fewer than half of the days too little is
known: it keeps the base's shift.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from schemas.branch import Skill
from schemas.fields import minute_of
from schemas.scenario_parts import Shift
from simulation.calibration.observed import ObservedDay, Span
from simulation.calibration.skills import Skills
from simulation.calibration.staffing import DAY, place_of, shifts_of

_STRAY = 0.05
"""Of a counter's visits may begin outside its shift: clocks and habits are not exact."""
_REST = 180
"""Minutes without a visit as a shift begins or ends: few come early and late."""


def shifts_of_visits(
    days: Sequence[ObservedDay], base: Sequence[Shift], skills: Skills
) -> tuple[tuple[Shift, ...], tuple[str, ...]]:
    """The shifts of the counters that had visits, and sentences on what is assumed.

    Nothing where no visits at counters are known. `skills` are as in `shifts_of`.
    """
    seen = {one: sum(one in day.visits_at for day in days) for day in days for one in day.visits_at}
    seldom = {one for one, count in seen.items() if 2 * count < len(days)}
    known = {one: shift for shift in base for one in shift.counters}
    both = seen.keys() & known.keys()
    kept = {one for one in both if one in seldom or _fits(one, days, known[one])}
    others = seen.keys() - seldom - kept
    shifts = (
        *(one for shift in base for one in _kept(shift, kept, skills)),
        *shifts_of([_present(day, others) for day in days], skills),
    )
    return shifts, tuple(_told(kept, others, seldom))


def _kept(shift: Shift, kept: set[str], skills: Skills) -> Iterator[Shift]:
    """The shift of the counters that keep it, one for each set of skills."""
    by_skills: dict[tuple[Skill, ...], list[str]] = {}
    for one in shift.counters:
        if one in kept:
            by_skills.setdefault(skills.get(one, ()), []).append(one)
    for able, counters in by_skills.items():
        yield replace(shift, counters=tuple(counters), skills=able)


def _fits(counter: str, days: Sequence[ObservedDay], shift: Shift) -> bool:
    here = [(day, sorted(day.visits_at[counter])) for day in days if counter in day.visits_at]
    begun = [begins for _, visits in here for begins, _ in visits]
    stray = sum(not _is_on(shift, minute) for minute in begun)
    filled = sum(_fills(visits, _bounds(shift, day.opens, day.closes)) for day, visits in here)
    return stray <= _STRAY * len(begun) and 2 * filled >= len(here)


def _is_on(shift: Shift, minute: float) -> bool:
    begins, until = _bounds(shift, 0, DAY)
    free = any(minute_of(one.at) <= minute < one.ends for one in shift.breaks)
    return begins <= minute < until and not free


def _bounds(shift: Shift, opens: float, closes: float) -> Span:
    begins = minute_of(shift.begins) if shift.begins else opens
    return begins, minute_of(shift.until) if shift.until else closes


def _fills(visits: Sequence[Span], shift: Span) -> bool:
    return max(visits[0][0] - shift[0], shift[1] - visits[-1][1]) <= _REST


def _present(day: ObservedDay, counters: set[str]) -> ObservedDay:
    spans = {
        one: [(min(visits)[0], max(ends for _, ends in visits))]
        for one, visits in day.visits_at.items()
        if one in counters
    }
    return replace(day, counters=spans)


def _told(kept: set[str], others: set[str], seldom: set[str]) -> Iterator[str]:
    if kept:
        yield f"Counters {_listed(kept)} have the base's shift, assumed."
    if seldom & kept:
        yield (
            f"Of these, {_listed(seldom & kept)} had visits on fewer than half of the days: take "
            "them off the shifts if nobody was there."
        )
    if others:
        yield (
            f"Counters {_listed(others)} are there from their first visit of a day to the last, "
            "without a break, assumed."
        )
    if seldom - kept:
        yield (
            f"Counters {_listed(seldom - kept)} had visits on fewer than half of the days, and no "
            "shift in the base: they are left out."
        )


def _listed(counters: set[str]) -> str:
    return ", ".join(sorted(counters, key=place_of))
