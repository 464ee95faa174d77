"""The numbers of a day of which means are taken, compared and searched for: one list of them."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from operator import attrgetter
from statistics import fmean
from typing import Literal

from msgspec import Struct

from simulation.live.scenario import ScenarioError
from simulation.measures import PARTS, Measures, WaitsOf

ALL_DAYS = "all"
"""Stands for a date where the days of a replication are taken together."""
_OF_WAITS = ("mean", "median", "p90", "p95")
Figures = Mapping[str, float]


class Figure(Struct, frozen=True):
    """What a number is called, its unit, and how the days of a replication are taken together."""

    label: str
    unit: str
    days: Literal["sum", "mean", "worst"]
    """`worst` is the greatest."""
    of: Callable[[Measures], float | None]
    weight: str = ""
    """Of a mean: the figure that each day counts by, instead of once; 0 where that is 0."""


def _attribute(name: str) -> Callable[[Measures], float | None]:
    return attrgetter(name)


def _wait(part: str, name: str) -> Callable[[Measures], float | None]:
    return attrgetter(f"waits.{part}.{name}")


def _share(name: str) -> Callable[[Measures], float | None]:
    return lambda day: getattr(day, name) / day.came if day.came else None


def _visits(name: str, label: str) -> tuple[str, Figure]:
    return name, Figure(label, "visits", "sum", _attribute(name))


_LABELS = {"street": "wait in the street", "hall": "wait in the hall", "total": "wait in all"}
_LABELS_OF_WAITS = {"mean": "mean", "median": "median", "p90": "P90", "p95": "P95"}

FIGURES: Mapping[str, Figure] = dict(
    (
        _visits("came", "came"),
        _visits("tickets", "took a ticket"),
        _visits("served", "served"),
        _visits("refused_online", "sent online at the door"),
        _visits("refused_too_late", "told that today is too late"),
        _visits("no_shows", "did not come when called"),
        _visits("missed", "missed two groups"),
        _visits("gone", "left the street"),
        _visits("unserved", "unserved at closing"),
        _visits("not_admitted_at_closing", "not admitted at closing"),
        ("groups", Figure("groups let in", "groups", "sum", _attribute("groups"))),
        (
            "online_share",
            Figure("turned to online", "share of those who came", "mean", _share("refused_online")),
        ),
        (
            "went_online",
            Figure("went online", "visits", "sum", lambda day: day.next_steps.get("online")),
        ),
        ("peak_street", Figure("most in the street", "people", "worst", _attribute("peak_street"))),
        ("peak_hall", Figure("most in the hall", "people", "worst", _attribute("peak_hall"))),
        ("queue_metres", Figure("longest queue", "m", "worst", _attribute("queue_metres"))),
        (
            "crowded_minutes",
            Figure("in a crowded hall", "person-minutes", "sum", _attribute("crowded_minutes")),
        ),
        (
            "last_out_minute",
            Figure("last one out", "minutes from midnight", "worst", _attribute("last_out_minute")),
        ),
        ("counter_use", Figure("counters in use", "share", "mean", _attribute("counter_use"))),
        ("staff_hours", Figure("staff hours", "hours", "sum", _attribute("staff_hours"))),
        ("pauses", Figure("pauses had", "pauses", "sum", lambda day: day.pauses.had)),
        ("pauses_late", Figure("pauses late", "pauses", "sum", lambda day: day.pauses.late)),
        (
            "pause_delay",
            Figure(
                "pauses begun late by", "min", "mean", lambda day: day.pauses.mean_delay, "pauses"
            ),
        ),
        *(
            (
                f"wait_{part}_{name}",
                Figure(
                    f"{_LABELS[part]}, {_LABELS_OF_WAITS[name]}",
                    "min",
                    "mean" if name in ("mean", "median") else "worst",
                    _wait(part, name),
                ),
            )
            for part in PARTS
            for name in _OF_WAITS
        ),
    )
)


def require(name: str) -> Figure:
    """The figure of that name; raises ScenarioError with the nearest known one."""
    if name in FIGURES:
        return FIGURES[name]
    nearest = difflib.get_close_matches(name, FIGURES, 1)
    hint = f" Did you mean {nearest[0]}?" if nearest else ""
    raise ScenarioError(f"no measure {name!r}.{hint} Known are: {', '.join(FIGURES)}.")


_READ = tuple((name, figure.of) for name, figure in FIGURES.items())
_WEIGHTED = tuple(name for name, figure in FIGURES.items() if figure.weight)


def of_day(day: Measures) -> Figures:
    """The numbers of a day by name; those that do not exist are left out."""
    return {name: value for name, read in _READ if (value := read(day)) is not None}


def of_groups(day: Measures) -> dict[str, float]:
    """Waits by service and by priority, such as `wait_hall_p90[passport]`, and use by counter."""
    groups: dict[str, WaitsOf] = day.by_service | day.by_priority
    found = {
        name: value
        for group, waits in groups.items()
        for name, value in zip(_names_of(group), _values_of(waits), strict=True)
        if value is not None
    }
    found |= {f"counter_use[{counter}]": use for counter, use in day.use_by_counter.items()}
    return found | {f"next_step[{step}]": float(count) for step, count in day.next_steps.items()}


@cache
def _names_of(group: str) -> tuple[str, ...]:
    """In the order of `_values_of`."""
    return tuple(f"wait_{part}_{name}[{group}]" for part in PARTS for name in _OF_WAITS)


def _values_of(waits: WaitsOf) -> Iterator[float | None]:
    for part in (waits.street, waits.hall, waits.total):
        yield part.mean
        yield part.median
        yield part.p90
        yield part.p95


def together(days: Sequence[Figures]) -> Figures:
    """The days of one replication as one: sums, means and the worst of them."""
    if len(days) == 1:
        # A day alone is what it is, to the last digit.
        return {**days[0], **{name: 0.0 for name in _WEIGHTED if name not in days[0]}}
    names = [name for name in FIGURES if any(name in day for day in days) or FIGURES[name].weight]
    return {name: _together(name, [day for day in days if name in day]) for name in names}


def _together(name: str, days: Sequence[Figures]) -> float:
    figure, values = FIGURES[name], [day[name] for day in days]
    match figure.days:
        case "sum":
            return float(sum(values))
        case "mean" if figure.weight:
            weights = [day[figure.weight] for day in days]
            return fmean(values, weights) if any(weights) else 0.0
        case "mean":
            return fmean(values)
        case "worst":
            return max(values)
