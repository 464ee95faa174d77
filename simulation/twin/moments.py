"""What is arranged for later, the first thing first, in the order of `simulation.moments`."""

from __future__ import annotations

from typing import Any, TypeAlias

from simulation.twin.compiled import part
from simulation.twin.layout import NO_ROOM, Day, Rows

(
    PLAN,
    RINGS,
    LEAVES,
    ENTERS,
    RETURNS,
    READY,
    GIVES_UP,
    COMES,
    COMES_AGAIN,
    CLEANS,
    DOOR,
    OPERATOR,
    LOOKS_UP,
) = range(13)
"""What happens then."""
_ACTIONS = 16
_NUMBERS, _TURNS = 1 << 20, 1 << 38
"""More than there are visitors, and things arranged on a day: with the rank they fill a number."""
Moment: TypeAlias = Any
"""A row of `Day.moments`."""


@part
def arrange(day: Day, at: int, rank: int, number: int, action: int, whom: int) -> None:
    """Lets something happen at an instant, now if that has passed.

    Raises ValueError where too much is arranged already.
    """
    state, moments = day.state, day.moments
    place = state.pending
    if place == len(moments):
        raise ValueError(NO_ROOM)
    state.pending += 1
    state.scheduled += 1
    at = max(at, state.now)
    order = (rank * _NUMBERS + number) * _TURNS + state.scheduled
    above = (place - 1) >> 1
    while place and not _goes_first(moments[above], at, order):
        _put(moments[place], moments[above].at, moments[above].order, moments[above].what)
        place, above = above, (above - 1) >> 1
    _put(moments[place], at, order, whom * _ACTIONS + action)


@part
def take(day: Day) -> tuple[int, int]:
    """Moves the clock to what happens next; gives the action and whom it is about."""
    state, first = day.state, day.moments[0]
    state.now = first.at
    what = first.what
    state.pending -= 1
    _sink(day.moments, state.pending)
    return what % _ACTIONS, what // _ACTIONS


@part
def _sink(moments: Rows, length: int) -> None:
    """The first place is free: the last one, behind the `length` left, gets a place."""
    last = moments[length]
    at, order, what = last.at, last.order, last.what
    place, child = 0, 1
    while child < length:
        other = moments[child + 1]
        if child + 1 < length and not _goes_first(moments[child], other.at, other.order):
            child += 1
        below = moments[child]
        if not _goes_first(below, at, order):
            break
        _put(moments[place], below.at, below.order, below.what)
        place, child = child, 2 * child + 1
    _put(moments[place], at, order, what)


@part
def _put(row: Moment, at: int, order: int, what: int) -> None:
    """Number by number: rows as such are copied byte by byte."""
    row.at, row.order, row.what = at, order, what


@part
def _goes_first(moment: Moment, at: int, order: int) -> bool:
    if moment.at != at:
        return bool(moment.at < at)
    return bool(moment.order < order)
