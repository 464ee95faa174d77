"""What is to come, the first thing first, in the order of `simulation.moments`.

An operator waits for one thing at a time: these stand in a tournament, where of two the earlier one
goes a round further. All others lie in a heap, where each comes before the two at its double place.
"""

from __future__ import annotations

from simulation.moments import Rank
from simulation.twin.compiled import inlined, part
from simulation.twin.layout import Day

_ACTION, _NUMBER, _RANK = 5, 16, 4
"""Bits that have room for every action, visitor and rank. A moment is one number: instant, rank and
number are its place in the order, and the action is what happens."""
_AT = _ACTION + _NUMBER + _RANK
_LONGEST = (1 << (63 - _AT)) - 1
"""ms since the first plan, some years: what a moment has room for."""
LATEST = (1 << 63) - 1
"""After every moment."""


def _kind(rank: int, action: int) -> int:
    """All but the instant and whom it is about.

    Who looks up at the end of a spell arranged that before anything else of the same instant, rank
    and number, and so has the lowest action of the rank.
    """
    return (rank << (_ACTION + _NUMBER)) + action


PLAN = _kind(Rank.PLAN, 0)
BEGINS = _kind(Rank.BEGINS, 1)
RINGS = _kind(Rank.DEADLINE, 2)
LEAVES = _kind(Rank.LEAVES, 3)
ENTERS = _kind(Rank.ENTERS, 4)
RETURNS = _kind(Rank.RETURNS, 5)
READY = _kind(Rank.READY, 6)
GIVES_UP = _kind(Rank.GIVES_UP, 7)
COMES = _kind(Rank.ARRIVES, 8)
COMES_AGAIN = _kind(Rank.ARRIVES, 9)
CLEANS = _kind(Rank.CLEANS, 10)
DOOR = _kind(Rank.DOOR, 11)
LOOKS_UP = _kind(Rank.COUNTER, 12)
# An operator goes on.
SITS_DOWN = _kind(Rank.COUNTER, 13)
OPENS = _kind(Rank.COUNTER, 14)
CALLS = _kind(Rank.COUNTER, 15)
CALLS_AGAIN = _kind(Rank.STARTS, 16)
STARTS = _kind(Rank.STARTS, 17)
SENDS_ON = _kind(Rank.FINISHES, 18)
HOLDS = _kind(Rank.FINISHES, 19)
FINISHES = _kind(Rank.FINISHES, 20)


@inlined
def _action(moment: int) -> int:
    return moment & ((1 << _ACTION) - 1)


@inlined
def means(moment: int, kind: int) -> bool:
    """Whether that happens."""
    return _action(moment) == _action(kind)


@inlined
def is_of_operator(moment: int) -> bool:
    """Whether an operator goes on."""
    return _action(moment) >= _action(SITS_DOWN)


@inlined
def number_of(moment: int) -> int:
    """The visitor, operator or plan that it is about."""
    return (moment >> _ACTION) & ((1 << _NUMBER) - 1)


@inlined
def move_clock(day: Day, moment: int) -> None:
    """To the instant of a moment."""
    day.state.now = day.state.origin + (moment >> _AT)


@inlined
def moment_of(day: Day, at: int, kind: int, number: int) -> int:
    """At an instant, now if that has passed."""
    state = day.state
    since = max(at, state.now) - state.origin
    if since > _LONGEST:
        state.full = 1
        since = _LONGEST
    return int((since << _AT) + kind + (number << _ACTION))


@inlined
def first(day: Day) -> int:
    """What happens next, or `LATEST`."""
    return int(min(day.rounds[1], day.moments[1], day.state.comes))


# --- operators -----------------------------------------------------------------------------------


@part
def wait(day: Day, at: int, kind: int, number: int, operator: int) -> None:
    """Lets an operator go on at an instant, and not when it had been to before."""
    _play(day, operator, moment_of(day, at, kind, number))


@part
def rest(day: Day, operator: int) -> None:
    """Lets an operator wait for no instant."""
    _play(day, operator, LATEST)


@inlined
def _play(day: Day, operator: int, moment: int) -> None:
    place, rounds = day.state.width + operator, day.rounds
    rounds[place] = moment
    while place > 1:
        moment = min(moment, rounds[place ^ 1])
        place >>= 1
        rounds[place] = moment


# --- all others ----------------------------------------------------------------------------------


@part
def arrange(day: Day, at: int, kind: int, number: int) -> None:
    """Lets something else happen at an instant."""
    state, moments = day.state, day.moments
    moment = moment_of(day, at, kind, number)
    if state.pending + 2 == len(moments):
        state.full = 1
        return
    state.pending += 1
    moments[state.pending + 1] = LATEST
    _rise(day, state.pending, moment)


@part
def take(day: Day) -> None:
    """Removes the first of them: what is at the end of the heap takes its place.

    It sinks to the end, where most moments belong, and rises from there.
    """
    state, moments = day.state, day.moments
    end, place = state.pending, 1
    moment = moments[end]
    moments[end] = LATEST
    state.pending -= 1
    while 2 * place < end:
        below = 2 * place
        below += moments[below + 1] < moments[below]
        moments[place] = moments[below]
        place = below
    if end > 1:
        _rise(day, place, moment)


@inlined
def _rise(day: Day, place: int, moment: int) -> None:
    moments = day.moments
    while place > 1 and moments[place >> 1] > moment:
        moments[place] = moments[place >> 1]
        place >>= 1
    moments[place] = moment
