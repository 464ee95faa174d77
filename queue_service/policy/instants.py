"""The instants of a date (epoch ms) that the times of day and the minutes of a plan mean."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from queue_service.policy.model import Pause
from queue_service.policy.rules import MINUTE
from schemas.fields import minute_of


def hours_in(values: dict[str, Any], day: date, zone: ZoneInfo) -> dict[str, Any]:
    """The fields of a `DayPlan` that are instants, from merged `PlanValues` by name."""
    opens_at, closes_at = (_instant(day, values[name], zone) for name in ("opens", "closes"))
    before = values["tickets_before_opening_minutes"] if values["opens"] else 0
    # The doors and the counters are those of the next date from then on.
    midnight = _instant(day, "23:59", zone) + MINUTE
    return {
        "opens_at": opens_at,
        "closes_at": closes_at,
        "last_admission_at": max(opens_at, closes_at - values["last_admission_minutes"] * MINUTE),
        "tickets_from": opens_at - before * MINUTE,
        "ends_at": min(closes_at + values["overtime_minutes"] * MINUTE, midnight),
        "pauses": tuple(_pauses(values, opens_at, closes_at)),
    }


def _pauses(values: dict[str, Any], opens_at: int, closes_at: int) -> Iterator[Pause]:
    """A pause after every period of work that leaves time for cleaning before closing."""
    every = values["sanitation_every_minutes"] * MINUTE
    cleaning = values["sanitation_minutes"] * MINUTE
    drain = values["drain_minutes"] * MINUTE
    starts_at = opens_at + every
    while every and starts_at + cleaning < closes_at:
        yield Pause(drain_at=starts_at - drain, starts_at=starts_at, cleaning=cleaning)
        starts_at += cleaning + every


def _instant(day: date, time: str | None, zone: ZoneInfo) -> int:
    """Epoch ms of a local time of day; of the midnight before when there is none."""
    hour, minute = divmod(minute_of(time or "00:00"), 60)
    local = datetime(day.year, day.month, day.day, hour, minute, tzinfo=zone)
    return int(local.timestamp()) * 1000
