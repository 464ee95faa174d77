"""What is arranged for later, the first thing first, in the order of `simulation.moments`."""

from __future__ import annotations

from queue_service.policy.rules import NEVER
from simulation.twin.compiled import part
from simulation.twin.layout import BOXES, NOBODY, Day

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
    LOOKS_UP,
    BEGINS,
    SITS_DOWN,
    OPENS,
    CALLS,
    CALLS_AGAIN,
    STARTS,
    SENDS_ON,
    HOLDS,
    FINISHES,
) = range(21)
"""What happens then; from `SITS_DOWN` on it is an operator who goes on."""
_ACTION, _RANK, _NUMBER = 5, 4, 20
"""Bits that have room for every action, rank and visitor. What is arranged is two numbers: `key`
has the instant, the rank and the number, `what` has whom and the action."""
_AT = _RANK + _NUMBER
_LATEST = (NEVER >> _AT) - 1
"""ms since the first plan, some years: what a key has room for."""
_BOX = _AT + 13
"""A box has what falls on 2 to the power of 13 ms, the last one also all that comes later: mostly
one thing or two, put on top of each other and sorted when their time has come. A heap took twice
as long as boxes that are always sorted."""


@part
def arrange(day: Day, at: int, rank: int, number: int, action: int, whom: int) -> None:
    """Lets something happen at an instant, now if that has passed.

    Of things with the same instant, rank and number the one arranged first happens first.
    """
    state, place = day.state, _free_place(day)
    if place == NOBODY:
        state.full = 1
        return
    moment = day.moments[place]
    moment.key, moment.what = key_of(day, at, rank, number), (whom << _ACTION) + action
    box = _box_of(moment.key)
    if box == state.box:
        _put_in(day, place, moment.key + 1)
    else:
        moment.behind = day.boxes[box]
        day.boxes[box] = place
    state.pending += 1


@part
def key_of(day: Day, at: int, rank: int, number: int) -> int:
    """Place in the order of all that happens on the day."""
    state = day.state
    since = max(at, state.now) - state.origin
    if since > _LATEST:
        state.full = 1
        since = _LATEST
    return int((since << _AT) + (rank << _NUMBER) + number)


@part
def _free_place(day: Day) -> int:
    """One that was in use before, or the next one; `NOBODY` where there is none."""
    state, place = day.state, int(day.state.free)
    if place != NOBODY:
        state.free = day.moments[place].behind
        return place
    return int(state.pending) if state.pending < len(day.moments) else NOBODY


@part
def _box_of(key: int) -> int:
    return int(min(key >> _BOX, BOXES - 1))


@part
def _put_in(day: Day, place: int, key: int) -> None:
    """Puts it into the box that is open, which is sorted, before all that is not below `key`."""
    box, moments = day.state.box, day.moments
    ahead, behind = NOBODY, int(day.boxes[box])
    while behind != NOBODY and moments[behind].key < key:
        ahead, behind = behind, int(moments[behind].behind)
    moments[place].behind = behind
    if ahead == NOBODY:
        day.boxes[box] = place
    else:
        moments[ahead].behind = place


@part
def take(day: Day) -> tuple[int, int]:
    """Moves the clock to what happens next; gives the action and whom it is about."""
    state = day.state
    place = _next(day)
    if place == NOBODY:
        state.now = state.origin + (state.comes >> _AT)
        return COMES, int(state.comer)
    moment = day.moments[place]
    state.now = state.origin + (moment.key >> _AT)
    day.boxes[state.box] = moment.behind
    moment.behind = state.free
    state.free = place
    state.pending -= 1
    return int(moment.what & ((1 << _ACTION) - 1)), int(moment.what >> _ACTION)


@part
def _next(day: Day) -> int:
    """The first of all that is arranged; `NOBODY` where somebody comes before."""
    state, last = day.state, _box_of(day.state.comes)
    box = int(state.box)
    while day.boxes[box] == NOBODY and box < last:
        box += 1
    place = int(day.boxes[box])
    if box != state.box:
        state.box = box
        if place != NOBODY and day.moments[place].behind != NOBODY:
            place = _sorted(day, place)
    return place if place != NOBODY and day.moments[place].key < state.comes else NOBODY


@part
def _sorted(day: Day, top: int) -> int:
    """Sorts the box that is open now, what was put in last is on top; gives what comes first."""
    place, day.boxes[day.state.box] = top, NOBODY
    while place != NOBODY:
        below = int(day.moments[place].behind)
        # What is as early already was arranged later.
        _put_in(day, place, day.moments[place].key)
        place = below
    return int(day.boxes[day.state.box])
