"""Where the service takes the time from: the machine's clock, a faster one, or one moved by hand.

Instants are whole milliseconds since 1970.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from queue_service.settings import ClockSetting

NANOSECONDS = 1_000_000


class RealClock:
    """The machine's clock."""

    @property
    def speed(self) -> float:
        """Seconds of this clock in a real one, as it runs now."""
        return 1.0

    def now(self) -> int:
        """The present instant."""
        return time.time_ns() // NANOSECONDS

    def seconds_until(self, at: int) -> float:
        """Real seconds until the instant `at`; below 0 when it has passed."""
        return (at - self.now()) / 1000

    def after(self, seconds: float) -> int:
        """The instant that many real seconds from now."""
        return self.now() + round(seconds * 1000)


class ScaledClock(RealClock):
    """Runs `speed` times as fast: `virtual_ms` when the machine's clock shows `real_ms`."""

    def __init__(self, virtual_ms: int, real_ms: int, speed: float) -> None:
        self._virtual_ms = virtual_ms
        self._real_ms = real_ms
        self._speed = speed

    @property
    def speed(self) -> float:
        """Seconds of this clock in a real one, as it runs now."""
        return self._speed

    def now(self) -> int:
        """The present instant."""
        real = time.time_ns() // NANOSECONDS
        return self._virtual_ms + round((real - self._real_ms) * self._speed)

    def seconds_until(self, at: int) -> float:
        """Real seconds until the instant `at`; below 0 when it has passed."""
        return super().seconds_until(at) / self._speed

    def after(self, seconds: float) -> int:
        """The instant that many real seconds from now."""
        return self.now() + round(seconds * 1000 * self._speed)


class WatchedClock(ScaledClock):
    """A scaled clock that stands until the machine's clock shows `real_ms`, and at its end."""

    def __init__(self, virtual_ms: int, real_ms: int, speed: float, until_ms: int) -> None:
        super().__init__(virtual_ms, real_ms, speed)
        self._until_ms = until_ms

    @property
    def speed(self) -> float:
        """Seconds of this clock in a real one; 0 while it stands."""
        return self._speed if self._virtual_ms < self.now() < self._until_ms else 0.0

    def now(self) -> int:
        """The present instant."""
        return min(max(super().now(), self._virtual_ms), self._until_ms)

    def seconds_until(self, at: int) -> float:
        """Real seconds until the clock, if it did not stand in the end, showed `at`."""
        real = time.time_ns() // NANOSECONDS
        return (self._real_ms - real + (at - self._virtual_ms) / self._speed) / 1000


class DrivenClock:
    """Stands still until it is moved, and never goes back."""

    @property
    def speed(self) -> float:
        """It does not run by itself."""
        return 0.0

    def __init__(self, at: int = 0) -> None:
        self._at = at

    def now(self) -> int:
        """The instant that it was moved to last."""
        return self._at

    def move(self, to: int) -> None:
        """Moves it to `to`; an earlier instant leaves it where it is."""
        self._at = max(self._at, to)


WallClock = RealClock | DrivenClock


def from_setting(setting: ClockSetting) -> WallClock:
    """The clock that `KEZEK_CLOCK` names."""
    if setting.kind == "driven":
        return DrivenClock()
    if setting.kind == "scaled":
        return ScaledClock(setting.virtual_ms, setting.real_ms, setting.speed)
    if setting.kind == "watched":
        origins = setting.virtual_ms, setting.real_ms, setting.speed
        return WatchedClock(*origins, setting.until_ms)
    return RealClock()
