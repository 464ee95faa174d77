"""Time moved by whoever asks (`KEZEK_CLOCK=driven`): what is due on the way is done first."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt

    from queue_service.catalogue.directory import Branch
    from queue_service.timing.clock import DrivenTime
    from queue_service.timing.wallclock import DrivenClock


class Driver:
    """Moves the time of the service and finishes the days of the branches it is asked for."""

    def __init__(self, time: DrivenTime, wall: DrivenClock) -> None:
        self._time = time
        self._wall = wall
        self._days: dict[str, set[dt.date]] = {}
        """Dates of a branch that something may still be due on."""

    async def move(self, branch: Branch | None, until: int) -> None:
        """Moves the time to `until` (epoch ms), never back; `branch` is the one asked about."""
        if branch is None:
            self._wall.move(until)
            return
        day = branch.zone.date(until)
        days = self._days.setdefault(branch.code, set())
        days.add(day)
        for one in sorted(days):
            over = await self._time.run_due(branch.code, one, until)
            if over and one < day:
                days.discard(one)
