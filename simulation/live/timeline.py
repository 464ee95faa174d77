"""One queue of what happens next, in virtual milliseconds, at one of two paces."""

from __future__ import annotations

import asyncio
import heapq
import time
from collections.abc import Awaitable, Callable
from itertools import count
from typing import Protocol

Action = Callable[[], Awaitable[None]]
_SECOND = 1000


class Pace(Protocol):
    """How virtual time passes."""

    async def reach(self, at: int) -> int:
        """Waits for the instant `at` (epoch ms) and gives the instant that it is then."""


class DrivenPace:
    """Time jumps to each event: as fast as it goes, or at most `speed` times real time."""

    def __init__(self, speed: float | None = None) -> None:
        self._speed = speed
        self._origin: tuple[int, float] | None = None

    async def reach(self, at: int) -> int:
        if self._speed is not None:
            await asyncio.sleep(self._due_in(at, self._speed))
        return at

    def _due_in(self, at: int, speed: float) -> float:
        virtual, real = self._origin = self._origin or (at, time.monotonic())
        return max(0.0, real + (at - virtual) / _SECOND / speed - time.monotonic())


class Timeline:
    """Runs actions one after another, by instant and then in the order of asking."""

    def __init__(self, pace: Pace, now: int) -> None:
        self.now = now
        self._pace = pace
        self._order = count()
        self._due: list[tuple[int, int, Action]] = []

    def at(self, instant: int, action: Action) -> None:
        """Lets `action` happen at `instant` (epoch ms), at once when that has passed."""
        heapq.heappush(self._due, (max(instant, self.now), next(self._order), action))

    def after(self, duration: int, action: Action) -> None:
        """Lets `action` happen in so many ms."""
        self.at(self.now + duration, action)

    async def run(self, until: int) -> None:
        """Runs all that is due by `until` (epoch ms), what the actions add included.

        When time jumps past `until`, what was due in between is left out.
        """
        while self._due and self._due[0][0] <= until:
            instant, _, action = heapq.heappop(self._due)
            await self._reach(instant)
            if self.now > until:
                return
            await action()
        await self._reach(until)

    async def _reach(self, instant: int) -> None:
        self.now = max(self.now, await self._pace.reach(instant))

    def clear(self) -> None:
        """Forgets what has not happened yet."""
        self._due.clear()
