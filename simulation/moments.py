"""SimPy's clock in whole milliseconds, and the order of what falls on the same one.

Simultaneous events happen by rank, those of one rank by the number of whom they are about (place of
the visitor, of the counter): the order is a rule, never an accident of how the program runs.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from enum import IntEnum
from functools import partial
from typing import Any, TypeAlias

from simpy import Environment, Event
from simpy.events import EventPriority

Action: TypeAlias = Callable[[], object]
Process: TypeAlias = Generator[Event, Any, None]


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
    RETURNS = 7
    """Somebody given up turns up."""
    READY = 8
    """What a ticket was held for has come."""
    GIVES_UP = 9
    ARRIVES = 10
    CLEANS = 11
    DOOR = 12
    COUNTER = 13
    """An operator sits down, leaves or calls."""


NUMBERS = 1 << 40
"""More than there are visitors: SimPy's priority is the rank, then the number."""


class Moment(Event):
    """Happens after a time (ms), in the order of the rule."""

    _ok = True
    _value = None

    def __init__(self, env: Environment, delay: int, rank: Rank, number: int) -> None:
        self.env = env
        self.callbacks = []
        env.schedule(self, EventPriority(rank * NUMBERS + number), delay)


class Rest(Event):
    """Lasts until somebody ends it, and has the value that whoever ends it says."""

    def __init__(self, env: Environment, rank: Rank, number: int) -> None:
        """Whoever rests goes on when it is the turn of this rank and number."""
        super().__init__(env)
        self._order = EventPriority(rank * NUMBERS + number)

    def end(self, told: str) -> None:
        """Ends the rest at this millisecond; once only."""
        self._ok = True
        self._value = told
        self.env.schedule(self, self._order)


def after(env: Environment, duration: int, rank: Rank, number: int) -> Moment:
    """A process waits for so many ms."""
    return Moment(env, duration, rank, number)


def until(env: Environment, instant: int, rank: Rank, number: int = 0) -> Moment:
    """A process waits for an instant (epoch ms); no longer at all where that has passed."""
    return Moment(env, max(0, instant - int(env.now)), rank, number)


def later(env: Environment, duration: int, rank: Rank, number: int, action: Action) -> None:
    """Lets `action` happen after so many ms."""
    Moment(env, duration, rank, number).callbacks.append(partial(_do, action))


def at(env: Environment, instant: int, rank: Rank, number: int, action: Action) -> None:
    """Lets `action` happen at an instant (epoch ms); at once where that has passed."""
    later(env, max(0, instant - int(env.now)), rank, number, action)


def _do(action: Action, _moment: Event) -> None:
    action()
