"""The clock of a running service, followed from outside."""

from __future__ import annotations

import asyncio
import time

from simulation.live.service import Service

_SAMPLE_SECONDS = 0.5
_FOLLOWED_SECONDS = 5.0
_LONGEST_SLEEP_SECONDS = 1.0
_SECOND = 1000


class LivePace:
    """Waits in step with the service's clock, whatever its speed, and notices when it jumps."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._speed = 1.0
        self._virtual = 0
        self._real = 0.0

    async def start(self) -> None:
        """Measures how fast the clock runs."""
        await self._look()
        began, at = self._virtual, self._real
        await asyncio.sleep(_SAMPLE_SECONDS)
        await self._look()
        self._speed = max(0.01, (self._virtual - began) / (self._real - at) / _SECOND)

    async def reach(self, at: int) -> int:
        """Waits for the instant `at` (epoch ms) and gives the instant that it is then."""
        while (now := await self.now()) < at:
            due_in = (at - now) / _SECOND / self._speed
            await asyncio.sleep(min(due_in, _LONGEST_SLEEP_SECONDS))
        return now

    async def now(self) -> int:
        """The instant that it is by the service's clock, epoch ms."""
        if time.monotonic() - self._real > _FOLLOWED_SECONDS:
            await self._look()
        return self._virtual + round((time.monotonic() - self._real) * _SECOND * self._speed)

    async def _look(self) -> None:
        self._virtual, self._real = await self._service.clock(), time.monotonic()
