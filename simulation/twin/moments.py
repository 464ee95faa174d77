"""What is arranged for later, the first thing first, in the order of `simulation.moments`."""

from __future__ import annotations

from queue_service.policy.rules import NEVER
from simulation.twin.compiled import part
from simulation.twin.layout import BOXES, NO_ROOM, NOBODY, Day

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
    BEGINS,
) = range(14)
"""What happens then."""
_ACTION, _RANK, _NUMBER = 4, 4, 20
"""Bits that have room for every action, rank and visitor. What is arranged is two numbers: `key`
has the instant, the rank and the number, `what` has whom and the action."""
_AT = _RANK + _NUMBER
_LATEST = (NEVER >> _AT) - 1
"""ms since the first plan, some years: what a key has room for."""
_BOX = _AT + 14
"""A box has what falls on 2 to the power of 14 ms, and the same so many boxes later: nearly always
one thing or two. A heap takes twice as long."""


@part
def arrange(day: Day, at: int, rank: int, number: int, action: int, whom: int) -> None:
    """Lets something happen at an instant, now if that has passed.

    Of things with the same instant, rank and number the one arranged first happens first. Raises
    ValueError where too much is arranged already.
    """
    place, key = _free_place(day), key_of(day, at, rank, number)
    moment = day.moments[place]
    moment.key, moment.what = key, (whom << _ACTION) + action
    _put_in(day, place, key)
    day.state.pending += 1


@part
def key_of(day: Day, at: int, rank: int, number: int) -> int:
    """Place in the order of all that happens on the day; raises ValueError for years later."""
    state = day.state
    since = max(at, state.now) - state.origin
    if since > _LATEST:
        raise ValueError(NO_ROOM)
    return int((since << _AT) + (rank << _NUMBER) + number)


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
def _put_in(day: Day, place: int, key: int) -> None:
    """What happens first stands first, also before what comes into the same box much later."""
    state, moments, number = day.state, day.moments, key >> _BOX
    state.box = min(state.box, number)
    box = day.boxes[number & (BOXES - 1)]
    first = int(box.first)
    if first == NOBODY or key < moments[first].key:
        moments[place].behind = first
        box.first = place
        if first == NOBODY:
            box.last = place
        return
    ahead = _ahead(day, first, int(box.last), key)
    moments[place].behind = moments[ahead].behind
    moments[ahead].behind = place
    if ahead == box.last:
        box.last = place


@part
def _ahead(day: Day, first: int, last: int, key: int) -> int:
    """Behind what it stands that does not come first; mostly it comes last."""
    moments = day.moments
    if moments[last].key <= key:
        return last
    ahead, behind = first, int(moments[first].behind)
    while moments[behind].key <= key:
        ahead, behind = behind, int(moments[behind].behind)
    return ahead


@part
def take(day: Day) -> tuple[int, int]:
    """Moves the clock to what happens next; gives the action and whom it is about."""
    state = day.state
    place = _next(day) if state.pending else NOBODY
    if place == NOBODY or state.comes < day.moments[place].key:
        state.now = state.origin + (state.comes >> _AT)
        return COMES, int(state.comer)
    moment = day.moments[place]
    state.now = state.origin + (moment.key >> _AT)
    day.boxes[state.box & (BOXES - 1)].first = moment.behind
    moment.behind = state.free
    state.free = place
    state.pending -= 1
    return int(moment.what & ((1 << _ACTION) - 1)), int(moment.what >> _ACTION)


@part
def _next(day: Day) -> int:
    """The first of all that is arranged."""
    state = day.state
    for number in range(state.box, state.box + BOXES):
        first = int(day.boxes[number & (BOXES - 1)].first)
        if first != NOBODY and day.moments[first].key >> _BOX == number:
            state.box = number
            return first
    return _next_after_long(day)


@part
def _next_after_long(day: Day) -> int:
    """Where nothing happens for long."""
    state, found, key = day.state, NOBODY, NEVER
    for number in range(BOXES):
        first = int(day.boxes[number].first)
        if first != NOBODY and day.moments[first].key < key:
            found, key = first, int(day.moments[first].key)
    state.box = key >> _BOX
    return found
