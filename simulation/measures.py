"""Measures of one simulated day, read from its journal.

Waits are minutes: in the street from the ticket to the door, in the hall from the door to the call,
in total from the ticket to the call.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise
from math import ceil
from statistics import fmean, median

from msgspec import Struct

from queue_service.timing.localtime import in_zone
from schemas.scenario import Site
from simulation.record import Record, Visit
from simulation.run import Run
from simulation.visitors import HOUR, MINUTE, QUARTER_HOUR

PARTS = ("street", "hall", "total")
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


def measure(run: Run, site: Site = Site()) -> Measures:  # noqa: B008 - frozen
    """What the journal of a day comes to at a site."""
    record = Record.of(run.day.journal)
    visits = list(record.visits.values())
    ends = {end: sum(one.end == end for one in visits) for end in {one.end for one in visits}}
    last = max((one.left_at for one in visits if one.entered_at), default=0)
    local = in_zone(run.zone)
    return Measures(
        date=str(run.date),
        came=len(visits) + sum(record.refused.values()),
        refused_online=record.refused["online_only"],
        refused_too_late=record.refused["cannot_be_served_today"],
        tickets=len(visits),
        served=ends.get("served", 0),
        no_shows=ends.get("no_show", 0),
        missed=ends.get("missed", 0),
        gone=ends.get("cancelled", 0) + ends.get("redirected", 0),
        unserved=ends.get("expired", 0),
        next_steps=run.day.next_steps,
        groups=record.groups,
        pauses=_pauses(record),
        waits=waits_of(visits),
        by_service=_grouped(visits, by="service"),
        by_priority=_grouped(visits, by="priority"),
        peak_street=(peak := max((street for _, street, _ in record.people), default=0)),
        peak_hall=max((hall for _, _, hall in record.people), default=0),
        queue_metres=peak * site.queue_metres_a_person,
        crowded_minutes=_crowded(record.people, site),
        people=people_over_time(record.people, local.instant(run.date, 0), run.zone),
        last_out=local.clock(last) if last else None,
        last_out_minute=(last - local.instant(run.date, 0)) / MINUTE if last else None,
        counter_use=_use(record),
        use_by_counter={
            code: round(one.busy / one.open, 4) for code, one in record.counters.items() if one.open
        },
        staff_hours=sum(one.open for one in record.counters.values()) / HOUR,
        histograms=_histograms(visits),
    )


def waits_of(visits: Iterable[Visit]) -> WaitsOf:
    """Waits of those who got so far."""
    return WaitsOf(**{part: _waits(spans) for part, spans in _spans(visits).items()})


def _waits(spans: list[int]) -> Waits:
    if not spans:
        return Waits(0)
    spans.sort()
    nearest = (spans[ceil(share * len(spans)) - 1] for share in (0.9, 0.95))
    figures = (fmean(spans), median(spans), *nearest)
    return Waits(len(spans), *(round(figure / MINUTE, 3) for figure in figures))


def _grouped(visits: Iterable[Visit], *, by: str) -> dict[str, WaitsOf]:
    groups: dict[str, list[Visit]] = {}
    for visit in visits:
        groups.setdefault(getattr(visit, by), []).append(visit)
    return {name: waits_of(groups[name]) for name in sorted(groups)}


def _spans(visits: Iterable[Visit]) -> dict[str, list[int]]:
    """Part of the wait -> ms of everybody who got so far."""
    visits = list(visits)
    called = [one for one in visits if one.called_at]
    return {
        "street": [one.entered_at - one.issued_at for one in visits if one.entered_at],
        "hall": [one.called_at - one.entered_at for one in called],
        "total": [one.called_at - one.issued_at for one in called],
    }


def _histograms(visits: Iterable[Visit]) -> dict[str, tuple[int, ...]]:
    return {part: _histogram(spans) for part, spans in _spans(visits).items()}


def _histogram(spans: Iterable[int]) -> tuple[int, ...]:
    width = BIN_MINUTES * MINUTE
    counts = Counter(min(span // width, BINS - 1) for span in spans)
    return tuple(counts[place] for place in range(BINS))


def _pauses(record: Record) -> Pauses:
    had = [one for one in record.cleanings if one.confirmed]
    if not had:
        return Pauses(0, 0)
    delays = [max(0, one.began - one.due) / MINUTE for one in had]
    overruns = [(one.confirmed - one.least_until) / MINUTE for one in had]
    late = sum(delay > 0 for delay in delays)
    return Pauses(len(had), late, round(fmean(delays), 3), round(fmean(overruns), 3))


def _crowded(steps: Sequence[tuple[int, int, int]], site: Site) -> float:
    room = site.hall_square_metres / site.square_metres_a_person
    spans = (
        inside * (until - since)
        for (since, _, inside), (until, _, _) in pairwise(steps)
        if inside > room
    )
    return sum(spans) / MINUTE


def _use(record: Record) -> float | None:
    whole = sum(one.open for one in record.counters.values())
    return sum(one.busy for one in record.counters.values()) / whole if whole else None


def people_over_time(
    steps: Sequence[tuple[int, int, int]], midnight: int, zone: str
) -> tuple[QuarterHour, ...]:
    """Means over each quarter hour from the first step to the last one.

    A step is (instant in epoch ms, people in the street, people in the hall) until the next one.
    """
    if not steps:
        return ()
    first = (steps[0][0] - midnight) // QUARTER_HOUR
    count = (steps[-1][0] - midnight) // QUARTER_HOUR - first + 1
    sums = [[0, 0] for _ in range(count)]
    for (begins, street, hall), (ends, _, _) in pairwise(steps):
        _spread(sums, begins - midnight, ends - midnight, (street, hall), first)
    clock = in_zone(zone).clock
    return tuple(
        QuarterHour(
            at=clock(midnight + (first + place) * QUARTER_HOUR),
            street=round(street / QUARTER_HOUR, 3),
            hall=round(hall / QUARTER_HOUR, 3),
        )
        for place, (street, hall) in enumerate(sums)
    )


def _spread(
    sums: list[list[int]], begins: int, ends: int, people: tuple[int, int], first: int
) -> None:
    while begins < ends:
        quarter = begins // QUARTER_HOUR
        until = min(ends, (quarter + 1) * QUARTER_HOUR)
        for place, count in enumerate(people):
            sums[quarter - first][place] += count * (until - begins)
        begins = until
