"""SimPy's clock in whole milliseconds, and the order of what falls on the same one.

Simultaneous events happen by rank, those of one rank by the number of whom they are about (place of
the visitor, of the counter): the order is a rule, never an accident of how the program runs.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import IntEnum
from functools import partial
from typing import TypeAlias

from simpy import Environment, Event
from simpy.events import EventPriority

Action: TypeAlias = Callable[[], object]


class Rank(IntEnum):
    """What happens first when several things fall on one millisecond."""

    PLAN = 1
    """A plan comes into force."""
    DEADLINE = 2
    """What the policy's own clock brings about."""
    LEAVES = 3
    FINISHES = 4
    STARTS = 5
    ENTERS = 6
    GIVES_UP = 7
    ARRIVES = 8
    CLEANS = 9
    DOOR = 10
    COUNTER = 11
    """An operator sits down, leaves or calls."""


_NUMBERS = 1 << 40


class Moment(Event):
    """Happens at an instant (epoch ms; at once where that has passed), in the order of the rule."""

    def __init__(self, env: Environment, at: int, rank: Rank, number: int = 0) -> None:
        super().__init__(env)
        self._ok = True
        self._value = None
        env.schedule(self, order(rank, number), max(0, at - int(env.now)))


class Rest(Event):
    """Lasts until somebody ends it; ending it again changes nothing."""

    def end(self, rank: Rank, number: int) -> None:
        """Whoever rests goes on at this millisecond, when it is the turn of `rank`."""
        if not self.triggered:
            self._ok = True
            self._value = None
            self.env.schedule(self, order(rank, number))


def order(rank: Rank, number: int) -> EventPriority:
    """SimPy's priority of what has this rank and number."""
    return EventPriority(rank * _NUMBERS + number)


def at(env: Environment, instant: int, rank: Rank, number: int, action: Action) -> None:
    """Lets `action` happen at an instant."""
    moment = Moment(env, instant, rank, number)
    assert moment.callbacks is not None  # noqa: S101 - it has not happened yet
    moment.callbacks.append(partial(_do, action))


def _do(action: Action, _moment: Event) -> None:
    action()
