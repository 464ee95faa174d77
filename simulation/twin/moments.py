"""What is arranged for later, the first thing first, in the order of `simulation.moments`."""

from __future__ import annotations

from simulation.moments import NUMBERS
from simulation.twin.compiled import compiled
from simulation.twin.layout import Day, Rows

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


@compiled
def arrange(day: Day, at: int, rank: int, number: int, action: int, whom: int) -> None:
    """Lets something happen at an instant, now if that has passed."""
    state = day.state
    place = state.pending
    state.pending += 1
    state.scheduled += 1
    row = day.moments[place]
    row.at, row.order, row.turn = max(at, state.now), rank * NUMBERS + number, state.scheduled
    row.action, row.whom = action, whom
    while place and _sooner(day.moments, place, (place - 1) // 2):
        _swap(day.moments, place, (place - 1) // 2)
        place = (place - 1) // 2


@compiled
def take(day: Day) -> tuple[int, int]:
    """Moves the clock to what happens next; gives the action and whom it is about."""
    state, moments = day.state, day.moments
    state.now = moments[0].at
    action, whom = moments[0].action, moments[0].whom
    state.pending -= 1
    moments[0] = moments[state.pending]
    _sink(moments, state.pending)
    return action, whom


@compiled
def _sink(moments: Rows, length: int) -> None:
    place = 0
    while True:
        least = place
        for child in (2 * place + 1, 2 * place + 2):
            if child < length and _sooner(moments, child, least):
                least = child
        if least == place:
            return
        _swap(moments, place, least)
        place = least


@compiled
def _sooner(moments: Rows, one: int, other: int) -> bool:
    first, second = moments[one], moments[other]
    if first.at != second.at:
        return bool(first.at < second.at)
    if first.order != second.order:
        return bool(first.order < second.order)
    return bool(first.turn < second.turn)


@compiled
def _swap(moments: Rows, one: int, other: int) -> None:
    """By way of the last row, which is kept free for it."""
    moments[len(moments) - 1] = moments[one]
    moments[one] = moments[other]
    moments[other] = moments[len(moments) - 1]
