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
        # Whoever begins a row of these writes all of it: there is room for many more than happen.
        pauses=np.empty((pauses, CONFIRMED + 1), np.int64),
        steps=np.empty((steps, HALL + 1), np.int64),
        totals=np.zeros(HALL_NOW + 1, np.int64),
    )


# --- visits --------------------------------------------------------------------------------------


def issued(ledger: Ledger, at: int, service: int, priority: int, party: int, services: int) -> int:
    """Somebody has a ticket; gives the visit's number."""
    visits, visit = ledger.visits, int(ledger.totals[VISITS])
    ledger.totals[VISITS] = visit + 1
    visits[visit, SERVICE], visits[visit, PRIORITY] = service, priority
    visits[visit, PARTY], visits[visit, TO_DO] = party, services
    visits[visit, ISSUED_AT] = at
    visits[visit, COUNTER], visits[visit, AT_COUNTER] = NOBODY, NOBODY
    moved(ledger, at, party, 0)
    return visit


def entered(ledger: Ledger, at: int, visit: int) -> None:
    """Into the hall."""
    party = ledger.visits[visit, PARTY]
    ledger.visits[visit, ENTERED_AT] = at
    moved(ledger, at, -party, party)


def called(ledger: Ledger, at: int, visit: int, counter: int) -> None:
    """To a counter; the first time counts."""
    visits = ledger.visits
    if not visits[visit, CALLED_AT]:
        visits[visit, CALLED_AT], visits[visit, COUNTER] = at, counter
    takes_counter(ledger, at, visit, counter)


def recalled(ledger: Ledger, at: int, visit: int, counter: int) -> None:
    """Once more; who had been given up is back."""
    if ledger.visits[visit, END]:
        comes_back(ledger, at, visit)
        takes_counter(ledger, at, visit, counter)


def finished(ledger: Ledger, at: int, visit: int) -> None:
    """A service, of several perhaps."""
    ledger.visits[visit, TO_DO] -= 1
    if ledger.visits[visit, TO_DO]:
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
    visits = ledger.visits
    visits[visit, END], visits[visit, ENDED_AT] = end, at
    frees_counter(ledger, at, visit)
    if not visits[visit, ENTERED_AT]:
        visits[visit, LEFT_AT] = at
        moved(ledger, at, -visits[visit, PARTY], 0)


def comes_back(ledger: Ledger, at: int, visit: int) -> None:
    """After having been given up."""
    visits = ledger.visits
    visits[visit, END], visits[visit, ENDED_AT] = NOT_YET, 0
    if visits[visit, LEFT_AT]:
        visits[visit, AWAY] += at - visits[visit, LEFT_AT]
        visits[visit, LEFT_AT] = 0
        moved(ledger, at, 0, visits[visit, PARTY])


def left(ledger: Ledger, at: int, visit: int) -> None:
    """Out of the hall."""
    ledger.visits[visit, LEFT_AT] = at
    moved(ledger, at, 0, -ledger.visits[visit, PARTY])


def all_leave(ledger: Ledger, at: int) -> None:
    """The day is over: nobody stays in the hall."""
    visits = ledger.visits
    for visit in range(ledger.totals[VISITS]):
        if visits[visit, ENTERED_AT] and not visits[visit, LEFT_AT]:
            visits[visit, LEFT_AT] = at
    moved(ledger, at, 0, -ledger.totals[HALL_NOW])


def moved(ledger: Ledger, at: int, street: int, hall: int) -> None:
    """So many people more in the street and in the hall."""
    totals, steps = ledger.totals, ledger.steps
    step = totals[STEPS]
    totals[STEPS] = step + 1
    totals[STREET_NOW] += street
    totals[HALL_NOW] += hall
    steps[step, AT] = at
    steps[step, STREET], steps[step, HALL] = totals[STREET_NOW], totals[HALL_NOW]


# --- counters and pauses -------------------------------------------------------------------------


def takes_counter(ledger: Ledger, at: int, visit: int, counter: int) -> None:
    """A visitor keeps a counter busy from now on."""
    ledger.visits[visit, AT_COUNTER], ledger.visits[visit, SINCE] = counter, at


def frees_counter(ledger: Ledger, at: int, visit: int) -> None:
    """The counter where the visitor is, if at any."""
    counter = ledger.visits[visit, AT_COUNTER]
    if counter != NOBODY:
        ledger.counters[counter, BUSY] += at - ledger.visits[visit, SINCE]
        ledger.visits[visit, AT_COUNTER] = NOBODY


def opened(ledger: Ledger, at: int, counter: int) -> None:
    """A counter."""
    ledger.counters[counter, OPENED_AT] = at


def closed(ledger: Ledger, at: int, counter: int) -> None:
    """A counter."""
    ledger.counters[counter, OPEN] += at - ledger.counters[counter, OPENED_AT]


def drains(ledger: Ledger, empty_by: int) -> None:
    """The hall, for a pause."""
    pauses, pause = ledger.pauses, ledger.totals[PAUSES]
    ledger.totals[PAUSES] = pause + 1
    pauses[pause, DUE], pauses[pause, BEGAN] = empty_by, 0
    pauses[pause, LEAST_UNTIL], pauses[pause, CONFIRMED] = 0, 0


def cleaning(ledger: Ledger, at: int, least_until: int) -> None:
    """Begins; one that no draining announced is due at once."""
    pauses, totals = ledger.pauses, ledger.totals
    if not totals[PAUSES] or pauses[totals[PAUSES] - 1, BEGAN]:
        drains(ledger, at)
    pauses[totals[PAUSES] - 1, BEGAN] = at
    pauses[totals[PAUSES] - 1, LEAST_UNTIL] = least_until


def cleaned(ledger: Ledger, at: int) -> None:
    """Somebody has confirmed it."""
    ledger.pauses[ledger.totals[PAUSES] - 1, CONFIRMED] = at
