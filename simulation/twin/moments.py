"""What is arranged for later, the first thing first, in the order of `simulation.moments`."""

from __future__ import annotations

from typing import Any, TypeAlias

from queue_service.policy.rules import NEVER
from simulation.twin.compiled import part
from simulation.twin.layout import BOXES, NO_ROOM, NOBODY, Day, Line

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
_NUMBERS, _TURNS = 1 << 20, 1 << 38
"""More than there are visitors, and things arranged on a day: with the rank they fill a number."""
_LONG = 14
"""A box has what falls on 2 to this power of ms, and the same so many boxes later: nearly always
one thing or two. A heap takes twice as long."""
Moment: TypeAlias = Any
"""A row of `Day.moments`."""


@part
def arrange(day: Day, at: int, rank: int, number: int, action: int, whom: int) -> None:
    """Lets something happen at an instant, now if that has passed.

    Raises ValueError where too much is arranged already.
    """
    state, place = day.state, _free_place(day)
    moment = day.moments[place]
    state.scheduled += 1
    moment.at = max(at, state.now)
    moment.order = (rank * _NUMBERS + number) * _TURNS + state.scheduled
    moment.action, moment.whom = action, whom
    _put_in(day, day.boxes[(moment.at >> _LONG) & (BOXES - 1)], place)
    state.pending += 1


@part
def _free_place(day: Day) -> int:
    """One that was in use before, or the next one."""
    state, place = day.state, day.state.free
    if place != NOBODY:
        state.free = day.moments[place].behind
        return int(place)
    if state.pending == len(day.moments):
        raise ValueError(NO_ROOM)
    return int(state.pending)


@part
def _put_in(day: Day, box: Line, place: int) -> None:
    """What happens first stands first, also before what comes into the same box much later."""
    moments, moment = day.moments, day.moments[place]
    ahead, behind = box.last, NOBODY
    while ahead != NOBODY and _goes_first(moment, moments[ahead]):
        ahead, behind = moments[ahead].ahead, ahead
    moment.ahead, moment.behind = ahead, behind
    if ahead == NOBODY:
        box.first = place
    else:
        moments[ahead].behind = place
    if behind == NOBODY:
        box.last = place
    else:
        moments[behind].ahead = place


@part
def _goes_first(one: Moment, other: Moment) -> bool:
    if one.at != other.at:
        return bool(one.at < other.at)
    return bool(one.order < other.order)


@part
def take(day: Day) -> tuple[int, int]:
    """Moves the clock to what happens next; gives the action and whom it is about."""
    state, box = day.state, _next_box(day)
    place = box.first
    moment = day.moments[place]
    state.now = moment.at
    box.first = moment.behind
    if box.first == NOBODY:
        box.last = NOBODY
    else:
        day.moments[box.first].ahead = NOBODY
    moment.behind = state.free
    state.free = place
    state.pending -= 1
    return moment.action, moment.whom


@part
def next_at(day: Day) -> int:
    """When that is, where anything is to come."""
    return int(day.moments[_next_box(day).first].at)


@part
def _next_box(day: Day) -> Line:
    number = day.state.now >> _LONG
    for ahead in range(BOXES):
        box = day.boxes[(number + ahead) & (BOXES - 1)]
        if box.first != NOBODY and day.moments[box.first].at >> _LONG == number + ahead:
            return box
    return _earliest_box(day)


@part
def _earliest_box(day: Day) -> Line:
    """Where nothing happens for long."""
    earliest, at = 0, NEVER
    for number in range(BOXES):
        first = day.boxes[number].first
        if first != NOBODY and day.moments[first].at < at:
            earliest, at = number, day.moments[first].at
    return day.boxes[earliest]
