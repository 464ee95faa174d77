"""SimPy's clock in whole milliseconds, and the order of what falls on the same one.

Simultaneous events happen by rank, those of one rank by the number of whom they are about (place of
the visitor, of the counter): the order is a rule, never an accident of how the program runs.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from enum import IntEnum
from typing import TYPE_CHECKING, Any, TypeAlias

from simpy import Environment, Event
from simpy.events import EventPriority

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


class Clock(Environment):
    """SimPy's clock, which counts whole epoch ms here."""

    if TYPE_CHECKING:

        @property
        def now(self) -> int: ...


class After(Event):
    """Happens after so many ms: a process waits for it."""

    _ok = True
    _value = None

    def __init__(self, clock: Clock, duration: int, rank: Rank, number: int) -> None:
        self.env = clock
        self.callbacks = []
        order: Any = rank * NUMBERS + number  # `EventPriority(...)` would be a call for nothing.
        clock.schedule(self, order, duration)


class _Deed(Event):
    """Something that is done when its time has come."""

    _ok = True
    _value = None

    def __init__(self, action: Callable[..., object], of: tuple[object, ...]) -> None:
        self.callbacks = [self._is_done]
        self._action = action
        self._of = of

    def _is_done(self, _deed: Event) -> None:
        self._action(*self._of)


class Rest(Event):
    """Lasts until somebody ends it, and has the value that whoever ends it says."""

    def __init__(self, clock: Clock, rank: Rank, number: int) -> None:
        """Whoever rests goes on when it is the turn of this rank and number."""
        super().__init__(clock)
        self._order = EventPriority(rank * NUMBERS + number)

    def end(self, told: str) -> None:
        """Ends the rest at this millisecond; once only."""
        self._ok = True
        self._value = told
        self.env.schedule(self, self._order)


def until(clock: Clock, instant: int, rank: Rank, number: int = 0) -> After:
    """A process waits for an instant (epoch ms); no longer at all where that has passed."""
    return After(clock, max(0, instant - clock.now), rank, number)


def later(
    clock: Clock,
    duration: int,
    rank: Rank,
    number: int,
    action: Callable[..., object],
    *of: object,
) -> None:
    """Lets `action(*of)` happen after so many ms."""
    order: Any = rank * NUMBERS + number
    clock.schedule(_Deed(action, of), order, duration)


def at(
    clock: Clock,
    instant: int,
    rank: Rank,
    number: int,
    action: Callable[..., object],
    *of: object,
) -> None:
    """Lets `action(*of)` happen at an instant (epoch ms); at once where that has passed."""
    later(clock, max(0, instant - clock.now), rank, number, action, *of)
