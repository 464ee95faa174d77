"""What the tables of a day add up to, row by row: what its measures are read from.

Scalars and arrays alone, as in the ledger: Python and numba take it alike. Times are ms.
"""

from __future__ import annotations

from typing import NamedTuple, cast

import numpy as np

from simulation import ledger as noted
from simulation.ledger import Ledger, Numbers
from simulation.visitors import MINUTE, QUARTER_HOUR

BIN_MINUTES = 5
BINS = 73
"""Of the histograms of waits; the last one holds six hours and more."""
IN_STREET, IN_HALL, IN_TOTAL, PARTS = range(4)
"""Parts of a wait, and how many they are."""
LONGEST = 40
"""Bits of a wait: decades."""
SPANS, PEAK_STREET, PEAK_HALL, LAST_OUT, CROWDED = range(5)
"""Whole numbers: spans there are, most people, instant, and person-ms in a hall too full."""


class Sums(NamedTuple):
    """Groups of visits are all of them, then those for each service, then of each priority."""

    spans: Numbers
    """Waits, behind their group and their part in the first bits."""
    counts: Numbers
    """Waits: a row a group, a column a part."""
    lasted: Numbers
    """ms: a row a group, a column a part."""
    visits: Numbers
    """By group."""
    ends: Numbers
    """Visits, by how they ended."""
    bins: Numbers
    """Waits: a row a part."""
    people: Numbers
    """Person-ms: a row a quarter hour, those in the street and those in the hall."""
    whole: Numbers


def blank(*, visits: int, groups: int, quarters: int) -> Sums:
    """Nothing, with room for so many."""
    return Sums(
        # In all, in a service and in a priority.
        spans=np.zeros(3 * PARTS * visits, np.int64),
        counts=np.zeros((groups, PARTS), np.int64),
        lasted=np.zeros((groups, PARTS), np.int64),
        visits=np.zeros(groups, np.int64),
        ends=np.zeros(noted.EXPIRED + 1, np.int64),
        bins=np.zeros((PARTS, BINS), np.int64),
        people=np.zeros((quarters, 2), np.int64),
        whole=np.zeros(CROWDED + 1, np.int64),
    )


def added_up(ledger: Ledger, services: int, begins: int, room: int, sums: Sums) -> None:
    """What `add_up` does, for Python: from views it reads plain numbers, several times as fast."""
    add_up(Ledger(*map(_seen, ledger)), services, begins, room, Sums(*map(_seen, sums)))


def _seen(numbers: Numbers) -> Numbers:
    return cast("Numbers", numbers.data)


def add_up(ledger: Ledger, services: int, begins: int, room: int, sums: Sums) -> None:
    """All rows of a day with so many services.

    Its quarter hours begin at an instant; more people than there is `room` for crowd the hall.
    """
    for visit in range(ledger.totals[noted.VISITS]):
        add_visit(ledger, visit, services, sums)
    for step in range(ledger.totals[noted.STEPS]):
        add_step(ledger, step, begins, room, sums)


def add_visit(ledger: Ledger, visit: int, services: int, sums: Sums) -> None:
    """What became of it, and how long it waited where it got so far."""
    visits, whole = ledger.visits, sums.whole
    service = 1 + visits[visit, noted.SERVICE]
    priority = 1 + services + visits[visit, noted.PRIORITY]
    sums.ends[visits[visit, noted.END]] += 1
    sums.visits[0] += 1
    sums.visits[service] += 1
    sums.visits[priority] += 1
    issued, entered = visits[visit, noted.ISSUED_AT], visits[visit, noted.ENTERED_AT]
    called = visits[visit, noted.CALLED_AT]
    if entered:
        whole[LAST_OUT] = max(whole[LAST_OUT], visits[visit, noted.LEFT_AT])
        add_wait(IN_STREET, entered - issued, service, priority, sums)
    if called:
        add_wait(IN_HALL, called - entered, service, priority, sums)
        add_wait(IN_TOTAL, called - issued, service, priority, sums)


def add_wait(part: int, lasted: int, service: int, priority: int, sums: Sums) -> None:
    """Of a visit that is in these groups."""
    sums.bins[part, min(lasted // (BIN_MINUTES * MINUTE), BINS - 1)] += 1
    for group in (0, service, priority):
        sums.counts[group, part] += 1
        sums.lasted[group, part] += lasted
        sums.spans[sums.whole[SPANS]] = (group * PARTS + part) << LONGEST | lasted
        sums.whole[SPANS] += 1


def add_step(ledger: Ledger, step: int, begins: int, room: int, sums: Sums) -> None:
    """The people from one step to the next; the last one lasts no time."""
    steps, whole = ledger.steps, sums.whole
    street, hall = steps[step, noted.STREET], steps[step, noted.HALL]
    next_one = min(step + 1, ledger.totals[noted.STEPS] - 1)
    since, until = steps[step, noted.AT] - begins, steps[next_one, noted.AT] - begins
    whole[PEAK_STREET] = max(whole[PEAK_STREET], street)
    whole[PEAK_HALL] = max(whole[PEAK_HALL], hall)
    if hall > room:
        whole[CROWDED] += hall * (until - since)
    while since < until:
        quarter = since // QUARTER_HOUR
        ends = min(until, (quarter + 1) * QUARTER_HOUR)
        sums.people[quarter, 0] += street * (ends - since)
        sums.people[quarter, 1] += hall * (ends - since)
        since = ends
