"""Instants in a branch's own time zone. An instant is epoch milliseconds."""

from __future__ import annotations

import datetime as dt
from functools import cache
from zoneinfo import ZoneInfo

_MINUTE = 60_000
_KEPT = 4096


class LocalTime:
    """Formats instants of one zone; what is asked for again is at hand."""

    def __init__(self, zone: str) -> None:
        self.zone = ZoneInfo(zone)
        self._minutes: dict[int, tuple[str, str, dt.date]] = {}
        self._texts: dict[int, str] = {}

    def text(self, at: int) -> str:
        """RFC 3339 with the zone's offset, with milliseconds where there are any."""
        text = self._texts.get(at)
        if text is None:
            if len(self._texts) >= _KEPT:
                self._texts.clear()
            text = self._texts[at] = self._written(at)
        return text

    def _written(self, at: int) -> str:
        minute, rest = divmod(at, _MINUTE)
        before, offset, _ = self._minutes.get(minute) or self._look_up(minute)
        seconds, millis = divmod(rest, 1000)
        fraction = f".{millis:03d}" if millis else ""
        return f"{before}{seconds:02d}{fraction}{offset}"

    def clock(self, at: int) -> str:
        """Time of day as people read it, such as 10:10."""
        return self.moment(at).strftime("%H:%M")

    def date(self, at: int) -> dt.date:
        """Business date of an instant."""
        minute = at // _MINUTE
        return (self._minutes.get(minute) or self._look_up(minute))[2]

    def moment(self, at: int) -> dt.datetime:
        return dt.datetime.fromtimestamp(at / 1000, self.zone)

    def instant(self, day: dt.date, minute: int) -> int:
        """Epoch milliseconds of a minute of a day, by the wall clock."""
        local = dt.datetime(
            day.year, day.month, day.day, minute // 60, minute % 60, tzinfo=self.zone
        )
        return int(local.timestamp()) * 1000

    def _look_up(self, minute: int) -> tuple[str, str, dt.date]:
        if len(self._minutes) >= _KEPT:
            self._minutes.clear()
        moment = self.moment(minute * _MINUTE)
        text = moment.isoformat(timespec="seconds")
        found = self._minutes[minute] = (text[:17], text[19:], moment.date())
        return found


@cache
def in_zone(zone: str) -> LocalTime:
    """The formatter of a zone by its IANA name; raises `ZoneInfoNotFoundError`."""
    return LocalTime(zone)
