"""SimPy's clock in whole milliseconds, and the order of what falls on the same one.

Simultaneous events happen by rank, those of one rank by the number of whom they are about (place of
the visitor, of the counter): the order is a rule, never an accident of how the program runs.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from heapq import heappop, heappush
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import simpy
from simpy import Environment, Event

Process: TypeAlias = Generator[Event, Any, None]
Callbacks: TypeAlias = list[Callable[[Any], None]]
_NOBODY: Callbacks = []
_IS_DONE: Callbacks = [lambda deed: deed.action(*deed.of)]


class Rank:
    """What happens first when several things fall on one millisecond.

    Whole numbers, as a member of an `IntEnum` takes longer to find than what it is asked for.
    """

    BEGINS: Final = 0
    """Visitors and operators set out."""
    PLAN: Final = 1
    """A plan comes into force."""
    DEADLINE: Final = 2
    """What the policy's own clock brings about."""
    LEAVES: Final = 3
    FINISHES: Final = 4
    STARTS: Final = 5
    ENTERS: Final = 6
    RETURNS: Final = 7
    """Somebody given up turns up."""
    READY: Final = 8
    """What a ticket was held for has come."""
    GIVES_UP: Final = 9
    ARRIVES: Final = 10
    CLEANS: Final = 11
    DOOR: Final = 12
    COUNTER: Final = 13
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

    def begins(self, process: Process) -> None:
        """Lets a process take its course from this moment on."""
        _Course(self, process)

    def run_out(self) -> None:
        """Lets everything happen that has been arranged: `run`, without two calls an event.

        Every event has one callback here: a process waits for it, or it is a deed.
        """
        queue = self._queue
        while queue:
            self._now, _, _, event = heappop(queue)
            event.callbacks[0](event)


class _Course(simpy.Process):
    """A process that nobody interrupts or waits for, waiting for one event that nobody else does.

    What fails in it is raised where it fails.
    """

    def __init__(self, clock: Clock, process: Process) -> None:
        self._goes_on: Callbacks = [self._resume]
        self._send = process.send
        super().__init__(clock, process)

    def _resume(self, event: Event) -> None:
        try:
            awaited = self._send(event._value)  # noqa: SLF001 - `value` is a call
        except StopIteration:
            return
        awaited.callbacks = self._goes_on


class After(Event):
    """Happens after so many ms: a process waits for it."""

    _ok = True
    _value: Any = None
    callbacks = _NOBODY

    def __init__(self, clock: Clock, duration: int, rank: int, number: int) -> None:
        # SimPy's `schedule`, knowing the order.
        order: Any = rank * NUMBERS + number
        heappush(clock._queue, (clock._now + duration, order, next(clock._eid), self))  # noqa: SLF001


class _Deed(After):
    """Something that is done when its time has come."""

    callbacks = _IS_DONE
    action: Callable[..., object]
    of: tuple[object, ...]


class Rest(After):
    """Lasts until somebody ends it, and has the value that whoever ends it says."""

    def __init__(self, clock: Clock, rank: int, number: int) -> None:
        """Whoever rests goes on when it is the turn of this rank and number."""
        self._clock = clock
        self._rank = rank
        self._number = number

    def end(self, told: str) -> None:
        """Ends the rest at this millisecond; once only."""
        self._value = told
        super().__init__(self._clock, 0, self._rank, self._number)


def until(clock: Clock, instant: int, rank: int, number: int = 0) -> After:
    """A process waits for an instant (epoch ms); no longer at all where that has passed."""
    return After(clock, max(0, instant - clock.now), rank, number)


def later(
    clock: Clock,
    duration: int,
    rank: int,
    number: int,
    action: Callable[..., object],
    *of: object,
) -> None:
    """Lets `action(*of)` happen after so many ms."""
    deed = _Deed(clock, duration, rank, number)
    deed.action, deed.of = action, of


def at(
    clock: Clock,
    instant: int,
    rank: int,
    number: int,
    action: Callable[..., object],
    *of: object,
) -> None:
    """Lets `action(*of)` happen at an instant (epoch ms); at once where that has passed."""
    later(clock, max(0, instant - clock.now), rank, number, action, *of)
