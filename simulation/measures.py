"""Measures of one simulated day, read from its ledger; a journal is read into one first.

Waits are minutes: in the street from the ticket to the door, in the hall from the door to the call,
in total from the ticket to the call.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from statistics import fmean
from typing import TypeAlias

import numpy as np
from msgspec import Struct

from queue_service.timing.localtime import in_zone
from schemas.scenario import Site
from simulation import ledger as noted
from simulation.ledger import Ledger, Numbers
from simulation.record import ENDS, Names, Record
from simulation.run import Run
from simulation.visitors import HOUR, MINUTE, QUARTER_HOUR

PARTS = ("street", "hall", "total")
_STATIONS = (noted.ISSUED_AT, noted.ENTERED_AT, noted.CALLED_AT)
_PLACES = (noted.STREET, noted.HALL)
Spans: TypeAlias = Mapping[str, tuple[Numbers, Numbers]]
"""Part of the wait -> visits, by their rows in the ledger, and ms."""
_LONGEST = 40
"""Bits of a wait in ms: decades."""
BIN_MINUTES = 5
BINS = 73
"""Of the histograms of waits; the last one holds six hours and more."""


class Waits(Struct, frozen=True):
    """Spans in minutes, None where there are none; `p90` and `p95` are nearest ranks."""

    count: int
    mean: float | None = None
    median: float | None = None
    p90: float | None = None
    p95: float | None = None


class WaitsOf(Struct, frozen=True):
    """The waits of a group of visits: all of them, those for a service, those of a priority."""

    street: Waits
    hall: Waits
    total: Waits


class QuarterHour(Struct, frozen=True):
    """Mean numbers of people in a quarter hour that begins at `at` ("HH:MM")."""

    at: str
    street: float
    hall: float


class Pauses(Struct, frozen=True):
    """Sanitation pauses of a day, and how well they kept to their time."""

    had: int
    late: int
    """The hall was not empty in time."""
    mean_delay: float | None = None
    """Minutes from when the hall was to be empty to the cleaning; one begun early counts 0."""
    mean_overrun: float | None = None
    """Minutes from the least time of cleaning to its confirmation."""


class Measures(Struct, frozen=True):
    """One day of one replication; counts are visits unless people are said."""

    date: str
    came: int
    """Tickets and refusals."""
    refused_online: int
    refused_too_late: int
    tickets: int
    served: int
    no_shows: int
    missed: int
    gone: int
    """Left the street, or were sent online from it."""
    unserved: int
    """Tickets that expired at closing or at the end of overtime."""
    next_steps: dict[str, int]
    groups: int
    pauses: Pauses
    waits: WaitsOf
    by_service: dict[str, WaitsOf]
    by_priority: dict[str, WaitsOf]
    peak_street: int
    """People."""
    peak_hall: int
    queue_metres: float
    """Length of the street's queue at its peak."""
    crowded_minutes: float
    """Person-minutes in a hall with less room for each than the site asks for."""
    people: tuple[QuarterHour, ...]
    last_out: str | None
    """Time of day at which the last visitor left the hall."""
    last_out_minute: float | None
    """The same in minutes from midnight."""
    counter_use: float | None
    """Share of the open counters' time with a visitor at them."""
    use_by_counter: dict[str, float]
    staff_hours: float
    """Hours of open counters."""
    histograms: dict[str, tuple[int, ...]]
    """Part of the wait -> visits in each `BIN_MINUTES`, the last bin open above."""


class Sheet(Struct, frozen=True):
    """A day as any engine tells it: numbers, what they stand for, and what was done next."""

    date: date
    zone: str
    ledger: Ledger
    names: Names
    next_steps: dict[str, int]


def measure(run: Run, site: Site = Site()) -> Measures:  # noqa: B008 - frozen
    """What the journal of a day comes to at a site."""
    return measured(sheet(run), site)


def sheet(run: Run) -> Sheet:
    """A day as its journal tells it."""
    record = Record.of(run.day.journal)
    return Sheet(run.date, run.zone, record.ledger, record.names, run.day.next_steps)


def measured(sheet: Sheet, site: Site) -> Measures:
    """What a day comes to at a site."""
    ledger, midnight = sheet.ledger, in_zone(sheet.zone).instant(sheet.date, 0)
    refused = [int(ledger.totals[reason]) for reason in (noted.ONLINE_ONLY, noted.TOO_LATE)]
    tickets = len(ledger.visits)
    ends = np.bincount(ledger.visits[:, noted.END], minlength=len(ENDS)).tolist()
    peak_street, peak_hall = (int(ledger.steps[:, one].max(initial=0)) for one in _PLACES)
    inside = ledger.visits[:, noted.ENTERED_AT] > 0
    last = int((ledger.visits[:, noted.LEFT_AT] * inside).max(initial=0))
    spans = _spans(ledger)
    waits, by_service, by_priority = _waits(ledger, spans, sheet.names)
    return Measures(
        date=str(sheet.date),
        came=tickets + sum(refused),
        refused_online=refused[0],
        refused_too_late=refused[1],
        tickets=tickets,
        served=ends[noted.SERVED],
        no_shows=ends[noted.NO_SHOW],
        missed=ends[noted.MISSED],
        gone=ends[noted.CANCELLED] + ends[noted.REDIRECTED],
        unserved=ends[noted.EXPIRED],
        next_steps=sheet.next_steps,
        groups=int(ledger.totals[noted.GROUPS]),
        pauses=_pauses(ledger),
        waits=waits,
        by_service=by_service,
        by_priority=by_priority,
        peak_street=peak_street,
        peak_hall=peak_hall,
        queue_metres=peak_street * site.queue_metres_a_person,
        crowded_minutes=_crowded(ledger, site),
        people=people_over_time(ledger.steps, midnight, sheet.zone),
        last_out=in_zone(sheet.zone).clock(last) if last else None,
        last_out_minute=(last - midnight) / MINUTE if last else None,
        counter_use=_use(ledger),
        use_by_counter=_use_by_counter(ledger, sheet.names.counters),
        staff_hours=int(ledger.counters[:, noted.OPEN].sum()) / HOUR,
        histograms={part: _histogram(found) for part, (_, found) in spans.items()},
    )


def _spans(ledger: Ledger) -> Spans:
    """Part of the wait -> who got so far, and the ms that it took."""
    issued, entered, called = (ledger.visits[:, one] for one in _STATIONS)
    inside, had = np.flatnonzero(entered), np.flatnonzero(called)
    return {
        "street": (inside, (entered - issued)[inside]),
        "hall": (had, (called - entered)[had]),
        "total": (had, (called - issued)[had]),
    }


def _waits(
    ledger: Ledger, spans: Spans, names: Names
) -> tuple[WaitsOf, dict[str, WaitsOf], dict[str, WaitsOf]]:
    """Of all, by service and by priority: everybody is in one group of each, counted through."""
    first = 1 + len(names.services)
    service, priority = (ledger.visits[:, one] for one in (noted.SERVICE, noted.PRIORITY))
    groups = np.stack([np.zeros_like(service), 1 + service, first + priority])
    count = first + len(names.priorities)
    parts = [_part(found, groups[:, who], count) for who, found in (spans[one] for one in PARTS)]
    found = [WaitsOf(*of_group) for of_group in zip(*parts, strict=True)]
    visits = np.bincount(groups.ravel(), minlength=count).tolist()
    there = [waits if number else None for waits, number in zip(found, visits, strict=True)]
    by_service, by_priority = there[1:first], there[first:]
    return found[0], _named(names.services, by_service), _named(names.priorities, by_priority)


def _named(names: Sequence[str], waits: Sequence[WaitsOf | None]) -> dict[str, WaitsOf]:
    """Of the groups that anybody belongs to."""
    found = dict(zip(names, waits, strict=True))
    return {name: one for name in sorted(found) if (one := found[name])}


def _part(spans: Numbers, groups: Numbers, count: int) -> list[Waits]:
    """One part of the waits of each group: all sorted at once, group by group.

    A row of `groups` has one for each of the spans.
    """
    groups, spans = groups.ravel(), np.tile(spans, len(groups))
    counts = np.bincount(groups, minlength=count)
    begins = np.cumsum(counts) - counts
    # Whoever is in no group stands behind the last one.
    ranked = np.append(np.sort(groups << _LONGEST | spans) & (1 << _LONGEST) - 1, 0)
    middle = (ranked[begins + np.maximum(counts - 1, 0) // 2] + ranked[begins + counts // 2]) / 2
    nearest = (np.ceil(share * counts).astype(np.int64) - 1 for share in (0.9, 0.95))
    p90, p95 = (ranked[begins + np.maximum(rank, 0)] for rank in nearest)
    mean = np.bincount(groups, spans, count) / np.maximum(counts, 1)
    figures = np.round(np.array([mean, middle, p90, p95]) / MINUTE, 3).T.tolist()
    both = zip(counts.tolist(), figures, strict=True)
    return [Waits(number, *row) if number else Waits(0) for number, row in both]


def _histogram(spans: Numbers) -> tuple[int, ...]:
    places = np.minimum(spans // (BIN_MINUTES * MINUTE), BINS - 1)
    return tuple(np.bincount(places, minlength=BINS).tolist())


def _pauses(ledger: Ledger) -> Pauses:
    had = [row for row in ledger.pauses.tolist() if row[noted.CONFIRMED]]
    if not had:
        return Pauses(0, 0)
    delays = [max(0, row[noted.BEGAN] - row[noted.DUE]) / MINUTE for row in had]
    overruns = [(row[noted.CONFIRMED] - row[noted.LEAST_UNTIL]) / MINUTE for row in had]
    late = sum(delay > 0 for delay in delays)
    return Pauses(len(had), late, round(fmean(delays), 3), round(fmean(overruns), 3))


def _crowded(ledger: Ledger, site: Site) -> float:
    room = site.hall_square_metres / site.square_metres_a_person
    inside, lasts = ledger.steps[:-1, noted.HALL], np.diff(ledger.steps[:, noted.AT])
    return int((inside * lasts)[inside > room].sum()) / MINUTE


def _use(ledger: Ledger) -> float | None:
    _, whole, busy = ledger.counters.sum(axis=0).tolist()
    return busy / whole if whole else None


def _use_by_counter(ledger: Ledger, codes: Sequence[str]) -> dict[str, float]:
    times = dict(zip(codes, ledger.counters.tolist(), strict=False))
    order = sorted(codes, key=lambda code: (len(code), code))
    return {
        code: round(times[code][noted.BUSY] / times[code][noted.OPEN], 4)
        for code in order
        if times[code][noted.OPEN]
    }


def people_over_time(
    steps: Numbers | Sequence[tuple[int, int, int]], midnight: int, zone: str
) -> tuple[QuarterHour, ...]:
    """Means over each quarter hour from the first step to the last one.

    A step is (instant in epoch ms, people in the street, people in the hall) until the next one.
    """
    at, *people = np.asarray(steps, np.int64).reshape(-1, 3).T
    if not len(at):
        return ()
    at = at - midnight
    first, last = (int(one) // QUARTER_HOUR for one in (at[0], at[-1]))
    borders = np.arange(first, last + 2) * QUARTER_HOUR
    means = [_between(borders, at, count) / QUARTER_HOUR for count in people]
    rounded = (np.round(mean, 3).tolist() for mean in means)
    return tuple(map(QuarterHour, _clocks(zone, midnight, first, last), *rounded))


def _between(borders: Numbers, at: Numbers, people: Numbers) -> Numbers:
    """Time spent by all of them between each two borders; before and after the steps none."""
    spent = np.concatenate([[0], np.cumsum(people[:-1] * np.diff(at))])
    instants = np.clip(borders, at[0], at[-1])
    step = np.searchsorted(at, instants, side="right") - 1
    return np.diff(spent[step] + people[step] * (instants - at[step]))


@lru_cache(maxsize=64)
def _clocks(zone: str, midnight: int, first: int, last: int) -> tuple[str, ...]:
    clock = in_zone(zone).clock
    return tuple(clock(midnight + place * QUARTER_HOUR) for place in range(first, last + 1))
