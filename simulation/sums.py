"""What the tables of a day add up to, row by row: what its measures are read from.

Scalars and arrays alone, as in the ledger: Python and numba take it alike. Times are ms.
"""

from __future__ import annotations

import math
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
SPANS, PEAK_STREET, PEAK_HALL, LAST_OUT, CROWDED = range(5)
"""Whole numbers: spans there are, most people, instant, and person-ms in a hall too full."""
SERVICES, BEGINS, ROOM = range(3)
"""What is asked."""
LASTED, MIDDLE, P90, P95 = range(4)
"""Of the waits of a group: all of them together, the two in the middle together, nearest ranks."""
_LASTED, _GROUP = 37, 12
"""Bits of a wait, which are years, and of a group."""


class Asked(NamedTuple):
    """What there is to be known about a day."""

    services: int
    priorities: int
    begins: int
    """Instant of the first one of its quarter hours."""
    quarters: int
    room: int
    """More people than these crowd the hall."""

    @property
    def groups(self) -> int:
        """Of visits: all of them, then those for each service, then of each priority."""
        return 1 + self.services + self.priorities


class Sums(NamedTuple):
    """Groups of visits are those of `Asked`."""

    asked: Numbers
    spans: Numbers
    """Waits: part, length, and the groups of the visit in the last bits."""
    ranked: Numbers
    """Waits, by group, part and length."""
    begins: Numbers
    """Where the ranked ones begin: a row a group and part."""
    ends_at: Numbers
    """Where the ranked ones end so far: a row a group, a column a part."""
    counts: Numbers
    """Waits: a row a group, a column a part."""
    found: Numbers
    """ms: a row a group and part."""
    visits: Numbers
    """By group."""
    ends: Numbers
    """Visits, by how they ended."""
    bins: Numbers
    """Waits: a row a part."""
    people: Numbers
    """Person-ms: a row a quarter hour, those in the street and those in the hall."""
    whole: Numbers

    def begin(self, asked: Asked) -> None:
        """Before anything has been added up, whatever has been before."""
        self.asked[:] = asked.services, asked.begins, asked.room
        for table in (self.counts, self.found, self.visits, self.ends, self.bins, self.people):
            table.fill(0)
        self.whole.fill(0)

    def sort(self) -> None:
        """The spans that there are."""
        self.spans[: self.whole[SPANS]].sort()


def blank(*, visits: int, groups: int, quarters: int) -> Sums:
    """Nothing, with room for so many."""
    return Sums(
        asked=np.zeros(ROOM + 1, np.int64),
        spans=np.empty(PARTS * visits, np.int64),
        # In all, in a service and in a priority.
        ranked=np.empty(3 * PARTS * visits, np.int64),
        begins=np.zeros(groups * PARTS, np.int64),
        ends_at=np.zeros((groups, PARTS), np.int64),
        counts=np.zeros((groups, PARTS), np.int64),
        found=np.zeros((groups * PARTS, P95 + 1), np.int64),
        visits=np.zeros(groups, np.int64),
        ends=np.zeros(noted.EXPIRED + 1, np.int64),
        bins=np.zeros((PARTS, BINS), np.int64),
        people=np.zeros((quarters, 2), np.int64),
        whole=np.zeros(CROWDED + 1, np.int64),
    )


def added_up(ledger: Ledger, asked: Asked) -> Sums:
    """All that there is to be known about a day, by Python."""
    visits = int(ledger.totals[noted.VISITS])
    sums = blank(visits=visits, groups=asked.groups, quarters=asked.quarters)
    sums.begin(asked)
    # From views Python reads its own numbers, several times as fast.
    seen = Sums(*map(_seen, sums))
    add_up(Ledger(*map(_seen, ledger)), seen)
    sums.sort()
    rank(seen)
    return sums


def _seen(numbers: Numbers) -> Numbers:
    return cast("Numbers", numbers.data)


def add_up(ledger: Ledger, sums: Sums) -> None:
    """All rows of a day; the spans are sorted and ranked after that."""
    for visit in range(ledger.totals[noted.VISITS]):
        add_visit(ledger, visit, sums)
    for group in range(1, 1 + sums.asked[SERVICES]):
        add_to_all(group, sums)
    add_steps(ledger, sums)


def add_visit(ledger: Ledger, visit: int, sums: Sums) -> None:
    """What became of it, and how long it waited where it got so far."""
    visits, whole = ledger.visits, sums.whole
    service = 1 + visits[visit, noted.SERVICE]
    priority = 1 + sums.asked[SERVICES] + visits[visit, noted.PRIORITY]
    sums.ends[visits[visit, noted.END]] += 1
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
    for group in (service, priority):
        sums.counts[group, part] += 1
        sums.found[group * PARTS + part, LASTED] += lasted
    span = (part << _LASTED | lasted) << _GROUP | service
    sums.spans[sums.whole[SPANS]] = span << _GROUP | priority
    sums.whole[SPANS] += 1


def add_to_all(service: int, sums: Sums) -> None:
    """A service's visits, each of which has but one."""
    sums.visits[0] += sums.visits[service]
    for part in range(PARTS):
        sums.counts[0, part] += sums.counts[service, part]
        sums.found[part, LASTED] += sums.found[service * PARTS + part, LASTED]


def rank(sums: Sums) -> None:
    """The waits of each group by length, from all sorted spans, and what stands at which rank."""
    begins = 0
    for row in range(len(sums.found)):
        group, part = row // PARTS, row % PARTS
        sums.begins[row] = sums.ends_at[group, part] = begins
        begins += sums.counts[group, part]
    for number in range(sums.whole[SPANS]):
        put_in_groups(number, sums)
    for row in range(len(sums.found)):
        find_ranks(row, sums)


def put_in_groups(number: int, sums: Sums) -> None:
    """A span, behind the shorter ones; those of all visits stand in the order of all spans."""
    span, groups = sums.spans[number], (1 << _GROUP) - 1
    part = span >> _LASTED + 2 * _GROUP
    lasted = span >> 2 * _GROUP & (1 << _LASTED) - 1
    sums.ranked[number] = lasted
    for group in (span >> _GROUP & groups, span & groups):
        sums.ranked[sums.ends_at[group, part]] = lasted
        sums.ends_at[group, part] += 1


def find_ranks(row: int, sums: Sums) -> None:
    """Of one group and part."""
    count = sums.counts[row // PARTS, row % PARTS]
    if count:
        first, ranked = sums.begins[row], sums.ranked
        sums.found[row, MIDDLE] = ranked[first + (count - 1) // 2] + ranked[first + count // 2]
        sums.found[row, P90] = ranked[first + math.ceil(0.9 * count) - 1]
        sums.found[row, P95] = ranked[first + math.ceil(0.95 * count) - 1]


def add_steps(ledger: Ledger, sums: Sums) -> None:
    """The people from one step to the next; the last one lasts no time."""
    steps, count = ledger.steps, ledger.totals[noted.STEPS]
    quarter, since = 0, sums.asked[BEGINS]
    for step in range(count):
        street, hall = steps[step, noted.STREET], steps[step, noted.HALL]
        sums.whole[PEAK_STREET] = max(sums.whole[PEAK_STREET], street)
        sums.whole[PEAK_HALL] = max(sums.whole[PEAK_HALL], hall)
        until = steps[min(step + 1, count - 1), noted.AT]
        at = steps[step, noted.AT]
        if hall > sums.asked[ROOM]:
            sums.whole[CROWDED] += hall * (until - at)
        while until - since >= QUARTER_HOUR:
            sums.people[quarter, 0] += street * (since + QUARTER_HOUR - at)
            sums.people[quarter, 1] += hall * (since + QUARTER_HOUR - at)
            quarter, since = quarter + 1, since + QUARTER_HOUR
            at = since
        sums.people[quarter, 0] += street * (until - at)
        sums.people[quarter, 1] += hall * (until - at)
