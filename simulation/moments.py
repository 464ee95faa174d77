"""SimPy's clock in whole milliseconds, and the order of what falls on the same one.

Simultaneous events happen by rank, those of one rank by the number of whom they are about (place of
the visitor, of the counter): the order is a rule, never an accident of how the program runs.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from enum import IntEnum
from heapq import heappop, heappush
from operator import attrgetter
from typing import TYPE_CHECKING, Any, TypeAlias

from simpy import Environment, Event

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
    else:
        now = property(attrgetter("_now"))  # Asked all the time: SimPy's own is a call of Python.

    def arrange(self, event: Event, duration: int, rank: Rank, number: int) -> None:
        """Lets `event` happen after so many ms: `schedule`, knowing the order."""
        order: Any = rank * NUMBERS + number
        heappush(self._queue, (self._now + duration, order, next(self._eid), event))

    def run_out(self) -> None:
        """Lets everything happen that has been arranged: `run`, without two calls an event."""
        queue = self._queue
        while queue:
            self._now, _, _, event = heappop(queue)
            callbacks, event.callbacks = event.callbacks, None  # type: ignore[assignment]
            for callback in callbacks:
                callback(event)
            if not event._ok:  # noqa: SLF001 - `ok` is a call
                raise event.value  # type: ignore[misc]


class After(Event):
    """Happens after so many ms: a process waits for it."""

    _ok = True
    _value = None

    def __init__(self, clock: Clock, duration: int, rank: Rank, number: int) -> None:
        self.env = clock
        self.callbacks = []
        clock.arrange(self, duration, rank, number)


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
        self._clock = clock
        self._rank = rank
        self._number = number

    def end(self, told: str) -> None:
        """Ends the rest at this millisecond; once only."""
        self._ok = True
        self._value = told
        self._clock.arrange(self, 0, self._rank, self._number)


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
    clock.arrange(_Deed(action, of), duration, rank, number)


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
