"""The queue's time as the gateway tells it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from queue_service.timing.wallclock import DrivenClock, from_setting

if TYPE_CHECKING:
    from queue_service.settings import ClockSetting


class Time:
    """Takes the time from where the service does. A driven clock stands on the journal's last
    instant, which is all that the gateway hears of it."""

    def __init__(self, setting: ClockSetting) -> None:
        self.wall = from_setting(setting)
        self.is_driven = isinstance(self.wall, DrivenClock)

    @property
    def speed(self) -> float:
        """Seconds of the queue's clock in a real one, 0 while it stands."""
        return self.wall.speed

    def now(self) -> int:
        """Epoch milliseconds."""
        return self.wall.now()

    def seconds_until(self, at: int) -> float | None:
        """Real seconds until an instant; None where nobody knows when it comes."""
        return None if isinstance(self.wall, DrivenClock) else self.wall.seconds_until(at)

    def heard(self, at: int) -> None:
        """The journal has an entry of this instant."""
        if isinstance(self.wall, DrivenClock):
            self.wall.move(at)
