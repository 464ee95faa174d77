"""Kinds of days: those of a weekday, and apart from them the ones with hours of their own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from simulation.calibration.observed import Observed, ObservedDay, Span

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_ALIKE = 30
"""Minutes: an opening or a closing that is less earlier or later makes no other day."""


def by_kind(observed: Observed) -> dict[str, list[ObservedDay]]:
    """Name of a kind -> its days, Mondays first; kinds without any are left out.

    "monday" is a Monday with the hours of most of them, or with the longest of several such,
    "monday-1000-1500" one with hours of its own, "monday-holiday" one whose hours nobody knows.
    """
    kinds: dict[str, list[ObservedDay]] = {}
    for number, weekday in enumerate(WEEKDAYS):
        days = [day for day in observed.days if day.date.weekday() == number]
        ordinary = _ordinary_hours(days)
        for day in days:
            kinds.setdefault(_kind(weekday, day, ordinary), []).append(day)
    return kinds


def _ordinary_hours(days: Sequence[ObservedDay]) -> Span:
    hours = Counter((day.opens, day.closes) for day in days if not day.holiday)
    return max(hours, key=lambda one: (hours[one], one[1] - one[0]), default=(0.0, 0.0))


def _kind(weekday: str, day: ObservedDay, ordinary: Span) -> str:
    if day.holiday:
        return f"{weekday}-holiday"
    if max(abs(day.opens - ordinary[0]), abs(day.closes - ordinary[1])) < _ALIKE:
        return weekday
    return f"{weekday}-{_digits(day.opens)}-{_digits(day.closes)}"


def _digits(minute: float) -> str:
    return f"{int(minute) // 60:02d}{int(minute) % 60:02d}"
