"""Measures of one simulated day, read from its ledger; a journal is read into one first.

Waits are minutes: in the street from the ticket to the door, in the hall from the door to the call,
in total from the ticket to the call.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import lru_cache
from operator import itemgetter
from statistics import fmean

import numpy as np
from msgspec import Struct

from queue_service.timing.localtime import in_zone
from schemas.scenario_parts import Site
from simulation import ledger as noted
from simulation.ledger import Ledger
from simulation.record import Names, Record
from simulation.run import Run
from simulation.sums import LASTED, MIDDLE, Asked, Sums, added_up
from simulation.visitors import HOUR, MINUTE, QUARTER_HOUR

PARTS = ("street", "hall", "total")
_FIRST = itemgetter(0)


class Waits(Struct, frozen=True, gc=False):
    """Spans in minutes, None where there are none; `p90` and `p95` are nearest ranks."""

    count: int
    mean: float | None = None
    median: float | None = None
    p90: float | None = None
    p95: float | None = None


class WaitsOf(Struct, frozen=True, gc=False):
    """The waits of a group of visits: all of them, those for a service, those of a priority."""

    street: Waits
    hall: Waits
    total: Waits


_NOBODY = Waits(0)
_NOBODY_WAITED = WaitsOf(_NOBODY, _NOBODY, _NOBODY)


class QuarterHour(Struct, frozen=True, gc=False):
    """Mean numbers of people in a quarter hour that begins at `at` ("HH:MM")."""

    at: str
    street: float
    hall: float


class Pauses(Struct, frozen=True, gc=False):
    """Sanitation pauses of a day, and how well they kept to their time."""

    had: int
    late: int
    """The hall was not empty in time."""
    mean_delay: float | None = None
    """Minutes from when the hall was to be empty to the cleaning; one begun early counts 0."""
    mean_overrun: float | None = None
    """Minutes from the least time of cleaning to its confirmation."""


class Measures(Struct, frozen=True, gc=False):
    """One day of one replication; counts are visits unless people are said."""

    date: str
    came: int
    """Everybody: also who found the branch closed, had too large a party, or wanted what nobody at
    a counter gives."""
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
    not_admitted_at_closing: int
    """Without a ticket, since they could no longer be served before closing or came after it; on a
    day on which the branch does not open, nobody."""
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
    came: int
    after_closing: int
    """Of them those who came when no tickets were given any more."""
    ledger: Ledger
    names: Names
    next_steps: dict[str, int]
    adds_up: Callable[[Ledger, Asked], Sums] = added_up
    """That one or the same as machine code."""


def measure(run: Run, site: Site = Site()) -> Measures:  # noqa: B008 - frozen
    """What the journal of a day comes to at a site."""
    return measured(sheet(run), site)


def sheet(run: Run) -> Sheet:
    """A day as its journal tells it."""
    record = Record.of(run.day.journal)
    return Sheet(
        date=run.date,
        zone=run.zone,
        came=run.came,
        after_closing=run.after_closing,
        ledger=record.ledger,
        names=record.names,
        next_steps=run.day.next_steps,
    )


def measured(sheet: Sheet, site: Site) -> Measures:
    """What a day comes to at a site."""
    ledger, zone = sheet.ledger, in_zone(sheet.zone)
    midnight = zone.instant(sheet.date, 0)
    clocks, sums = _added_up(sheet, midnight, site)
    refused = [int(ledger.totals[reason]) for reason in (noted.ONLINE_ONLY, noted.TOO_LATE)]
    tickets, ends = len(ledger.visits), sums.ends.tolist()
    _, peak_street, peak_hall, last, crowded = sums.whole.tolist()
    waits, by_service, by_priority = _waits(sums, sheet.names)
    _, opened, busy = ledger.counters.sum(axis=0).tolist()
    return Measures(
        date=str(sheet.date),
        came=sheet.came,
        refused_online=refused[0],
        refused_too_late=refused[1],
        tickets=tickets,
        served=ends[noted.SERVED],
        no_shows=ends[noted.NO_SHOW],
        missed=ends[noted.MISSED],
        gone=ends[noted.CANCELLED] + ends[noted.REDIRECTED],
        unserved=ends[noted.EXPIRED],
        not_admitted_at_closing=refused[1] + sheet.after_closing,
        next_steps=sheet.next_steps,
        groups=int(ledger.totals[noted.GROUPS]),
        pauses=_pauses(ledger),
        waits=waits,
        by_service=by_service,
        by_priority=by_priority,
        peak_street=peak_street,
        peak_hall=peak_hall,
        queue_metres=peak_street * site.queue_metres_a_person,
        crowded_minutes=crowded / MINUTE,
        people=_people(sums, clocks),
        last_out=zone.clock(last) if last else None,
        last_out_minute=(last - midnight) / MINUTE if last else None,
        counter_use=busy / opened if opened else None,
        use_by_counter=_use_by_counter(ledger, sheet.names.counters),
        staff_hours=opened / HOUR,
        histograms=dict(zip(PARTS, map(tuple, sums.bins.tolist()), strict=True)),
    )


def _added_up(sheet: Sheet, midnight: int, site: Site) -> tuple[Sequence[str], Sums]:
    """The quarter hours from the first step to the last one, and what the day comes to."""
    first, quarters = _quarters(sheet.ledger, midnight)
    asked = Asked(
        services=len(sheet.names.services),
        priorities=len(sheet.names.priorities),
        begins=midnight + first * QUARTER_HOUR,
        quarters=quarters,
        room=site.room,
    )
    return _clocks(sheet.zone, midnight, first, quarters), sheet.adds_up(sheet.ledger, asked)


def _quarters(ledger: Ledger, midnight: int) -> tuple[int, int]:
    """Number of the first one of the day, and how many they are."""
    if not len(ledger.steps):
        return 0, 0
    ends = (int(ledger.steps[place, noted.AT]) for place in (0, -1))
    first, last = ((at - midnight) // QUARTER_HOUR for at in ends)
    return first, last - first + 1


def _waits(sums: Sums, names: Names) -> tuple[WaitsOf, dict[str, WaitsOf], dict[str, WaitsOf]]:
    """Of all, by service and by priority."""
    whole, *groups = _by_group(sums)
    of_services = len(names.services)
    return (
        whole or _NOBODY_WAITED,
        _named(names.services, groups[:of_services]),
        _named(names.priorities, groups[of_services:]),
    )


def _named(names: Sequence[str], waits: Sequence[WaitsOf | None]) -> dict[str, WaitsOf]:
    """Of the groups that anybody belongs to."""
    found = sorted(zip(names, waits, strict=True), key=_FIRST)
    return {name: one for name, one in found if one}


def _by_group(sums: Sums) -> Iterator[WaitsOf | None]:
    """A group after the other; None for one that nobody is in."""
    counts, shares = sums.counts.ravel(), np.ones_like(sums.found)
    shares[:, LASTED], shares[:, MIDDLE] = np.maximum(counts, 1), 2
    figures = np.round(sums.found / shares / MINUTE, 3).tolist()
    rows = zip(counts.tolist(), figures, strict=True)
    waits = iter([Waits(number, *row) if number else _NOBODY for number, row in rows])
    for visits, *parts in zip(sums.visits.tolist(), waits, waits, waits, strict=True):
        yield WaitsOf(*parts) if visits else None


def _people(sums: Sums, clocks: Sequence[str]) -> tuple[QuarterHour, ...]:
    people = sums.people[: len(clocks)].T / QUARTER_HOUR
    return tuple(map(QuarterHour, clocks, *np.round(people, 3).tolist()))


def _pauses(ledger: Ledger) -> Pauses:
    had = [row for row in ledger.pauses.tolist() if row[noted.CONFIRMED]]
    if not had:
        return Pauses(0, 0)
    delays = [max(0, row[noted.BEGAN] - row[noted.DUE]) / MINUTE for row in had]
    overruns = [(row[noted.CONFIRMED] - row[noted.LEAST_UNTIL]) / MINUTE for row in had]
    late = sum(delay > 0 for delay in delays)
    return Pauses(len(had), late, round(fmean(delays), 3), round(fmean(overruns), 3))


def _use_by_counter(ledger: Ledger, codes: Sequence[str]) -> dict[str, float]:
    times = ledger.counters.tolist()
    found = ((code, times[place]) for code, place in _in_order(tuple(codes)))
    return {
        code: round(row[noted.BUSY] / row[noted.OPEN], 4) for code, row in found if row[noted.OPEN]
    }


@lru_cache(maxsize=64)
def _in_order(codes: Sequence[str]) -> tuple[tuple[str, int], ...]:
    """Codes of counters and their places."""
    order = sorted(codes, key=lambda code: (len(code), code))
    return tuple((code, codes.index(code)) for code in order)


@lru_cache(maxsize=64)
def _clocks(zone: str, midnight: int, first: int, quarters: int) -> tuple[str, ...]:
    clock = in_zone(zone).clock
    return tuple(clock(midnight + place * QUARTER_HOUR) for place in range(first, first + quarters))
