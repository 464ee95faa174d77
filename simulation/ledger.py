"""What becomes of visits, counters, pauses and people, noted step by step in tables of numbers.

Whatever is measured of a day is measured from these tables. A journal is read into them
(`simulation.record`), and the compiled twin notes its days with the same functions as machine code:
scalars and arrays alone, so that Python and numba take them alike. Instants are epoch ms, 0 where
something has not happened; durations are ms.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int64]
NOBODY = -1
"""In place of a counter."""

(
    SERVICE,
    PRIORITY,
    PARTY,
    ISSUED_AT,
    ENTERED_AT,
    CALLED_AT,
    ENDED_AT,
    LEFT_AT,
    AWAY,
    COUNTER,
    MISSED_ONE,
    END,
    TO_DO,
    AT_COUNTER,
    SINCE,
) = range(15)
"""Of a visit. `LEFT_AT`: out of the hall or the street; `AWAY`: outside between having been given
up and coming back; `COUNTER`: that called first; `TO_DO`: services not yet given; `AT_COUNTER`
since `SINCE`."""
NOT_YET, SERVED, NO_SHOW, MISSED, CANCELLED, REDIRECTED, EXPIRED = range(7)
"""How a visit ended."""
OPENED_AT, OPEN, BUSY = range(3)
"""Of a counter: how long it was open, and how long a visitor was at it."""
DUE, BEGAN, LEAST_UNTIL, CONFIRMED = range(4)
"""Of a sanitation pause: when the hall was to be empty, when cleaning began, and its ends; before
the first one nobody may confirm that the hall is clean."""
AT, STREET, HALL = range(3)
"""Of a step: the people in the street and in the hall from an instant on."""
VISITS, STEPS, PAUSES, GROUPS, ONLINE_ONLY, TOO_LATE, STREET_NOW, HALL_NOW = range(8)
"""Totals: rows in use, groups let in, refusals by reason, people now."""


class Ledger(NamedTuple):
    """The tables of one day, a row each, the columns as numbered above."""

    visits: Numbers
    counters: Numbers
    pauses: Numbers
    steps: Numbers
    totals: Numbers

    def trimmed(self) -> Ledger:
        """Without the rows that are not in use."""
        return Ledger(
            self.visits[: self.totals[VISITS]],
            self.counters,
            self.pauses[: self.totals[PAUSES]],
            self.steps[: self.totals[STEPS]],
            self.totals,
        )


def blank(*, visits: int, counters: int, pauses: int, steps: int) -> Ledger:
    """Before anything has happened, with room for so many."""
    return Ledger(
        visits=np.zeros((visits, SINCE + 1), np.int64),
        counters=np.zeros((counters, BUSY + 1), np.int64),
        pauses=np.zeros((pauses, CONFIRMED + 1), np.int64),
        steps=np.zeros((steps, HALL + 1), np.int64),
        totals=np.zeros(HALL_NOW + 1, np.int64),
    )


# --- visits --------------------------------------------------------------------------------------


def issued(ledger: Ledger, at: int, service: int, priority: int, party: int, services: int) -> int:
    """Somebody has a ticket; gives the visit's number."""
    visit = int(ledger.totals[VISITS])
    ledger.totals[VISITS] += 1
    row = ledger.visits[visit]
    row[SERVICE], row[PRIORITY], row[PARTY] = service, priority, party
    row[ISSUED_AT], row[TO_DO] = at, services
    row[COUNTER] = row[AT_COUNTER] = NOBODY
    moved(ledger, at, party, 0)
    return visit


def entered(ledger: Ledger, at: int, visit: int) -> None:
    """Into the hall."""
    row = ledger.visits[visit]
    row[ENTERED_AT] = at
    moved(ledger, at, -row[PARTY], row[PARTY])


def called(ledger: Ledger, at: int, visit: int, counter: int) -> None:
    """To a counter; the first time counts."""
    row = ledger.visits[visit]
    if not row[CALLED_AT]:
        row[CALLED_AT], row[COUNTER] = at, counter
    takes_counter(ledger, at, visit, counter)


def recalled(ledger: Ledger, at: int, visit: int, counter: int) -> None:
    """Once more; who had been given up is back."""
    if ledger.visits[visit, END]:
        comes_back(ledger, at, visit)
        takes_counter(ledger, at, visit, counter)


def finished(ledger: Ledger, at: int, visit: int) -> None:
    """A service, of several perhaps."""
    row = ledger.visits[visit]
    row[TO_DO] -= 1
    if row[TO_DO]:
        frees_counter(ledger, at, visit)
    else:
        ends(ledger, at, visit, SERVED)


def missed(ledger: Ledger, at: int, visit: int) -> None:
    """A group: the second time ends the visit."""
    if ledger.visits[visit, MISSED_ONE]:
        ends(ledger, at, visit, MISSED)
    ledger.visits[visit, MISSED_ONE] = 1


def ends(ledger: Ledger, at: int, visit: int, end: int) -> None:
    """A visit, for the time being; who never came in leaves the street."""
    row = ledger.visits[visit]
    row[END], row[ENDED_AT] = end, at
    frees_counter(ledger, at, visit)
    if not row[ENTERED_AT]:
        row[LEFT_AT] = at
        moved(ledger, at, -row[PARTY], 0)


def comes_back(ledger: Ledger, at: int, visit: int) -> None:
    """After having been given up."""
    row = ledger.visits[visit]
    row[END], row[ENDED_AT] = NOT_YET, 0
    if row[LEFT_AT]:
        row[AWAY] += at - row[LEFT_AT]
        row[LEFT_AT] = 0
        moved(ledger, at, 0, row[PARTY])


def left(ledger: Ledger, at: int, visit: int) -> None:
    """Out of the hall."""
    row = ledger.visits[visit]
    row[LEFT_AT] = at
    moved(ledger, at, 0, -row[PARTY])


def all_leave(ledger: Ledger, at: int) -> None:
    """The day is over: nobody stays in the hall."""
    for visit in range(ledger.totals[VISITS]):
        row = ledger.visits[visit]
        if row[ENTERED_AT] and not row[LEFT_AT]:
            row[LEFT_AT] = at
    moved(ledger, at, 0, -ledger.totals[HALL_NOW])


def moved(ledger: Ledger, at: int, street: int, hall: int) -> None:
    """So many people more in the street and in the hall."""
    totals = ledger.totals
    totals[STREET_NOW] += street
    totals[HALL_NOW] += hall
    step = ledger.steps[totals[STEPS]]
    step[AT], step[STREET], step[HALL] = at, totals[STREET_NOW], totals[HALL_NOW]
    totals[STEPS] += 1


# --- counters and pauses -------------------------------------------------------------------------


def takes_counter(ledger: Ledger, at: int, visit: int, counter: int) -> None:
    """A visitor keeps a counter busy from now on."""
    row = ledger.visits[visit]
    row[AT_COUNTER], row[SINCE] = counter, at


def frees_counter(ledger: Ledger, at: int, visit: int) -> None:
    """The counter where the visitor is, if at any."""
    row = ledger.visits[visit]
    if row[AT_COUNTER] != NOBODY:
        ledger.counters[row[AT_COUNTER], BUSY] += at - row[SINCE]
        row[AT_COUNTER] = NOBODY


def opened(ledger: Ledger, at: int, counter: int) -> None:
    """A counter."""
    ledger.counters[counter, OPENED_AT] = at


def closed(ledger: Ledger, at: int, counter: int) -> None:
    """A counter."""
    row = ledger.counters[counter]
    row[OPEN] += at - row[OPENED_AT]


def drains(ledger: Ledger, empty_by: int) -> None:
    """The hall, for a pause."""
    ledger.pauses[ledger.totals[PAUSES], DUE] = empty_by
    ledger.totals[PAUSES] += 1


def cleaning(ledger: Ledger, at: int, least_until: int) -> None:
    """Begins; one that no draining announced is due at once."""
    if not ledger.totals[PAUSES] or ledger.pauses[ledger.totals[PAUSES] - 1, BEGAN]:
        drains(ledger, at)
    row = ledger.pauses[ledger.totals[PAUSES] - 1]
    row[BEGAN], row[LEAST_UNTIL] = at, least_until


def cleaned(ledger: Ledger, at: int) -> None:
    """Somebody has confirmed it."""
    ledger.pauses[ledger.totals[PAUSES] - 1, CONFIRMED] = at
