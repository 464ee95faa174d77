"""What a compiled day told, noted in the ledger and added up, by the functions for journals."""

from __future__ import annotations

from typing import NamedTuple

from simulation import ledger as noted
from simulation import sums as summed
from simulation.ledger import Ledger, Numbers
from simulation.sums import Sums
from simulation.twin import telling
from simulation.twin.compiled import compiled, inlined
from simulation.twin.layout import TOLD

_NAMES = TOLD.names or ()
_AT, _KIND, _A, _B, _C = (_NAMES.index(name) for name in ("at", "kind", "a", "b", "c"))


class Known(NamedTuple):
    """What the rows leave out, and what is found on the way."""

    told: Numbers
    """How many rows there are, alone."""
    parties: Numbers
    """People, by visitor."""
    visits: Numbers
    """Visitor -> row in the ledger."""
    issued: Numbers
    """Row in the ledger -> visitor, and number of the ticket."""


@compiled
def note(rows: Numbers, known: Known, ledger: Ledger) -> None:
    """Notes what was told: `rows` is the table of that name as plain numbers."""
    head, count = 0, int(known.told[0])
    for place in range(count):
        kind = rows[place, _KIND]
        if kind == telling.AMONG_THEM:
            _among(head, rows, place, known, ledger)
        else:
            head = kind
            if kind == telling.TICKET_ISSUED:
                _issued(rows, place, count, known, ledger)
            else:
                _happened(kind, rows, place, known, ledger)
        if head == telling.DAY_ENDED and _is_last(rows, place, count):
            noted.all_leave(ledger, rows[place, _AT])


@compiled
def add_up(ledger: Ledger, sums: Sums) -> None:
    """What all that has been noted comes to."""
    summed.add_up(ledger, sums)


@compiled
def rank(sums: Sums) -> None:
    """The waits of each group by length."""
    summed.rank(sums)


@inlined
def _is_last(rows: Numbers, place: int, count: int) -> bool:
    """Of an event with those among it."""
    return place + 1 == count or rows[place + 1, _KIND] != telling.AMONG_THEM


@inlined
def _issued(rows: Numbers, place: int, count: int, known: Known, ledger: Ledger) -> None:
    services = 1
    while not _is_last(rows, place + services, count):
        services += 1
    visitor, party = rows[place, _A], known.parties[rows[place, _A]]
    service, priority = rows[place + 1, _A], rows[place, _C]
    visit = noted.issued(ledger, rows[place, _AT], service, priority, party, services)
    known.visits[visitor] = visit
    known.issued[visit, 0], known.issued[visit, 1] = visitor, rows[place, _B]


@inlined
def _among(head: int, rows: Numbers, place: int, known: Known, ledger: Ledger) -> None:
    """One of those of the event before."""
    at = rows[place, _AT]
    if head == telling.TICKETS_MISSED:
        noted.missed(ledger, at, known.visits[rows[place, _A]])
    elif head == telling.DAY_CLOSED:
        noted.ends(ledger, at, known.visits[rows[place, _A]], noted.EXPIRED)
    elif head == telling.DAY_ENDED:
        end = noted.SERVED if rows[place, _B] else noted.EXPIRED
        noted.ends(ledger, at, known.visits[rows[place, _A]], end)


@inlined
def _happened(kind: int, rows: Numbers, place: int, known: Known, ledger: Ledger) -> None:
    at, totals = rows[place, _AT], ledger.totals
    if telling.TICKET_ENTERED <= kind <= telling.TICKET_TRANSFERRED:
        _befalls(kind, at, known.visits[rows[place, _A]], rows[place, _B], ledger)
    elif kind == telling.COUNTER_OPENED:
        noted.opened(ledger, at, rows[place, _A])
    elif kind == telling.COUNTER_CLOSED:
        noted.closed(ledger, at, rows[place, _A])
    elif kind == telling.GROUP_RELEASED:
        totals[noted.GROUPS] += 1
    elif kind == telling.VISIT_REFUSED:
        online = rows[place, _A] == telling.ONLINE_ONLY
        totals[noted.ONLINE_ONLY if online else noted.TOO_LATE] += 1
    elif kind == telling.DRAIN_STARTED:
        noted.drains(ledger, rows[place, _B])
    elif kind == telling.CLEANING_STARTED:
        noted.cleaning(ledger, at, rows[place, _A])
    elif kind == telling.CLEANING_CONFIRMED:
        noted.cleaned(ledger, at)


@inlined
def _befalls(kind: int, at: int, visit: int, counter: int, ledger: Ledger) -> None:
    """What befalls one ticket, on an ordinary visit."""
    if kind == telling.TICKET_ENTERED:
        noted.entered(ledger, at, visit)
    elif kind == telling.TICKET_CALLED:
        noted.called(ledger, at, visit, counter)
    elif kind == telling.SERVICE_FINISHED:
        noted.finished(ledger, at, visit)
    elif kind == telling.TICKET_LEFT:
        noted.left(ledger, at, visit)
    else:
        _seldom_befalls(kind, at, visit, counter, ledger)


@inlined
def _seldom_befalls(kind: int, at: int, visit: int, counter: int, ledger: Ledger) -> None:
    if kind == telling.TICKET_NOT_SHOWN:
        noted.ends(ledger, at, visit, noted.NO_SHOW)
    elif kind == telling.TICKET_CANCELLED:
        noted.ends(ledger, at, visit, noted.CANCELLED)
    elif kind == telling.TICKET_RECALLED:
        noted.recalled(ledger, at, visit, counter)
    elif kind == telling.TICKET_RESUMED:
        noted.takes_counter(ledger, at, visit, counter)
    elif kind == telling.TICKET_RETURNED:
        noted.comes_back(ledger, at, visit)
    elif kind in (telling.TICKET_HELD, telling.TICKET_TRANSFERRED):
        noted.frees_counter(ledger, at, visit)
