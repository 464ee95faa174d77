"""Measures of a simulated day, read from its journal, and their means over replications.

Waits are minutes: in the street from the ticket to the door, in the hall from the door to the call,
in total from the ticket to the call.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from math import ceil, sqrt
from statistics import NormalDist, fmean, median, stdev

from msgspec import Struct

from queue_service.timing.localtime import in_zone
from simulation.record import Record, Visit
from simulation.run import Run
from simulation.visitors import MINUTE, QUARTER_HOUR

FEWEST_FOR_INTERVAL = 4


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
    pauses: int
    waits: WaitsOf
    by_service: dict[str, WaitsOf]
    by_priority: dict[str, WaitsOf]
    peak_street: int
    """People."""
    peak_hall: int
    people: tuple[QuarterHour, ...]
    last_out: str | None
    """Time of day at which the last visitor left the hall."""
    last_out_minute: float | None
    """The same in minutes from midnight."""
    counter_use: float | None
    """Share of the open counters' time with a visitor at them."""
    use_by_counter: dict[str, float]


def measure(run: Run) -> Measures:
    """What the journal of a day comes to."""
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
        pauses=record.pauses,
        waits=waits_of(visits),
        by_service=_grouped(visits, by="service"),
        by_priority=_grouped(visits, by="priority"),
        peak_street=max((street for _, street, _ in record.people), default=0),
        peak_hall=max((hall for _, _, hall in record.people), default=0),
        people=people_over_time(record.people, local.instant(run.date, 0), run.zone),
        last_out=local.clock(last) if last else None,
        last_out_minute=(last - local.instant(run.date, 0)) / MINUTE if last else None,
        counter_use=_use(record),
        use_by_counter={
            code: round(one.busy / one.open, 4) for code, one in record.counters.items() if one.open
        },
    )


def waits_of(visits: Iterable[Visit]) -> WaitsOf:
    """Waits of those who got so far."""
    visits = list(visits)
    called = [one for one in visits if one.called_at]
    return WaitsOf(
        street=_waits([one.entered_at - one.issued_at for one in visits if one.entered_at]),
        hall=_waits([one.called_at - one.entered_at for one in called]),
        total=_waits([one.called_at - one.issued_at for one in called]),
    )


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


# --- over replications ---------------------------------------------------------------------------


class Estimate(Struct, frozen=True):
    """A mean over replications; `half_width` is of its 95 % interval, None for too few of them."""

    mean: float
    half_width: float | None
    count: int


def estimate(values: Sequence[float]) -> Estimate | None:
    """The mean of independent values; None without any."""
    if not values:
        return None
    count = len(values)
    if count < FEWEST_FOR_INTERVAL:
        return Estimate(fmean(values), None, count)
    return Estimate(fmean(values), student(0.975, count - 1) * stdev(values) / sqrt(count), count)


def student(share: float, freedom: int) -> float:
    """Quantile of Student's t with 3 degrees of freedom at least, to about 0.5 %.

    The expansion of Abramowitz and Stegun 26.7.5.
    """
    z = NormalDist().inv_cdf(share)
    terms = (
        z,
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160,
    )
    return float(sum(term / freedom**power for power, term in enumerate(terms)))


def figures(day: Measures) -> Mapping[str, float]:
    """The numbers of a day of which means are taken, by name; those that do not exist left out."""
    found: dict[str, float | None] = {name: getattr(day, name) for name in COUNTS}
    for part in ("street", "hall", "total"):
        waits: Waits = getattr(day.waits, part)
        for name in ("mean", "median", "p90", "p95"):
            found[f"wait_{part}_{name}"] = getattr(waits, name)
    return {name: value for name, value in found.items() if value is not None}


COUNTS = (
    "came",
    "refused_online",
    "refused_too_late",
    "tickets",
    "served",
    "no_shows",
    "missed",
    "gone",
    "unserved",
    "groups",
    "pauses",
    "peak_street",
    "peak_hall",
    "last_out_minute",
    "counter_use",
)


def estimates(days: Iterable[Measures]) -> dict[str, dict[str, Estimate]]:
    """Date -> name -> mean over the replications of that date."""
    values: dict[str, dict[str, list[float]]] = {}
    for day in days:
        of_date = values.setdefault(day.date, {})
        for name, value in figures(day).items():
            of_date.setdefault(name, []).append(value)
    return {
        date: {name: one for name, found in names.items() if (one := estimate(found))}
        for date, names in values.items()
    }
