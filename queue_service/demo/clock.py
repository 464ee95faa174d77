"""The demo's time: it begins in the morning, never goes backwards, and leaves the nights out."""

from __future__ import annotations

from queue_service.settings import ClockSetting
from queue_service.timing.localtime import in_zone

ZONE = in_zone("Asia/Oral")
FIRST_MINUTE = 9 * 60 + 30
MORNING_MINUTE = 8 * 60 + 30
NIGHT_MINUTE = 18 * 60 + 15
DAY_MS = 24 * 60 * 60 * 1000


def start_clock(last_ms: int | None, real_ms: int, speed: float) -> ClockSetting:
    """A clock from 09:30 of today's date, or from just after the last instant of the journal.

    Instants are epoch milliseconds; `last_ms` is None for an empty journal.
    """
    start = ZONE.instant(ZONE.date(real_ms), FIRST_MINUTE)
    if last_ms is not None and last_ms >= start:
        start = _out_of_night(last_ms + 1)
    return ClockSetting("scaled", start, real_ms, speed)


def following_morning(clock: ClockSetting, real_ms: int) -> ClockSetting | None:
    """The clock that goes on from the next morning when it is night by the given one, else None."""
    now = clock.virtual_ms + int((real_ms - clock.real_ms) * clock.speed)
    morning = _out_of_night(now)
    if morning == now:
        return None
    return ClockSetting("scaled", morning, real_ms, clock.speed)


def _out_of_night(at: int) -> int:
    if at < ZONE.instant(ZONE.date(at), NIGHT_MINUTE):
        return at
    return ZONE.instant(ZONE.date(at + DAY_MS), MORNING_MINUTE)
