"""What a journal says of every visit and of the counters: one pass over its entries.

Instants are epoch milliseconds, 0 where something has not happened.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Literal, TypeAlias

from msgspec import Struct

from queue_service.policy import events as happened
from queue_service.policy.events import Entry
from simulation import ledger as noted
from simulation.ledger import Ledger, blank

End = Literal["", "served", "no_show", "missed", "cancelled", "redirected", "expired"]
ENDS: tuple[End, ...] = (
    "",
    "served",
    "no_show",
    "missed",
    "cancelled",
    "redirected",
    "expired",
)
"""In the order in which a ledger numbers them."""
_REFUSED = {
    "online_only": noted.ONLINE_ONLY,
    "cannot_be_served_today": noted.TOO_LATE,
}


class Visit(Struct, frozen=True):
    """A ticket's life; it counts under the first of its services."""

    ticket: str
    number: str
    service: str
    priority: str
    party: int
    issued_at: int
    entered_at: int = 0
    called_at: int = 0
    ended_at: int = 0
    left_at: int = 0
    """Out of the hall, or out of the street."""
    away: int = 0
    """ms outside between having been given up and coming back."""
    counter: str = ""
    """The one that called first."""
    missed: bool = False
    """A group once: the second time ends the visit."""
    end: End = ""


class Names(Struct, frozen=True):
    """What the numbers in a ledger stand for: codes, and of visits the ids and what is printed."""

    services: Sequence[str]
    priorities: Sequence[str]
    counters: Sequence[str]
    tickets: Sequence[str]
    numbers: Sequence[str]


def visits(ledger: Ledger, names: Names) -> Iterator[Visit]:
    """The visits of a trimmed ledger, in the order of their tickets."""
    rows = zip(ledger.visits.tolist(), names.tickets, names.numbers, strict=True)
    counters = (*names.counters, "")  # the last one stands for nobody
    for row, ticket, number in rows:
        yield Visit(
            ticket=ticket,
            number=number,
            service=names.services[row[noted.SERVICE]],
            priority=names.priorities[row[noted.PRIORITY]],
            party=row[noted.PARTY],
            issued_at=row[noted.ISSUED_AT],
            entered_at=row[noted.ENTERED_AT],
            called_at=row[noted.CALLED_AT],
            ended_at=row[noted.ENDED_AT],
            left_at=row[noted.LEFT_AT],
            away=row[noted.AWAY],
            counter=counters[row[noted.COUNTER]],
            missed=bool(row[noted.MISSED_ONE]),
            end=ENDS[row[noted.END]],
        )


class _Codes(dict[str, int]):
    """Numbers codes in the order in which they turn up."""

    def __missing__(self, code: str) -> int:
        return self.setdefault(code, len(self))


class Record:
    """The visits, refusals and counters of one day; `of` reads a whole journal."""

    def __init__(self, entries: int) -> None:
        """With room for the steps of so many entries.

        An entry brings a visit, a counter or a pause at most. It moves one party, or it ends visits
        in the street, which happens to each but once.
        """
        self._room = blank(visits=entries, counters=entries, pauses=entries, steps=2 * entries)
        # The same memory: views count with Python's own numbers, several times as fast.
        self._ledger = Ledger._make([table.data for table in self._room])
        self._services, self._priorities, self._counters = _Codes(), _Codes(), _Codes()
        self._tickets: dict[str, int] = {}
        self._numbers: list[str] = []

    @classmethod
    def of(cls, journal: Sequence[Entry]) -> Record:
        """What the entries of one stream, in order, tell."""
        record = cls(len(journal))
        for entry in journal:
            event = entry.event
            if note := _NOTES.get(type(event)):
                note(record, event, entry.at)
        return record

    @property
    def ledger(self) -> Ledger:
        """What has been noted so far."""
        return self._room.trimmed()

    @property
    def names(self) -> Names:
        """What the numbers in the ledger stand for."""
        return Names(
            services=tuple(self._services),
            priorities=tuple(self._priorities),
            counters=tuple(self._counters),
            tickets=tuple(self._tickets),
            numbers=self._numbers,
        )

    @property
    def visits(self) -> dict[str, Visit]:
        """By ticket, in the order of their issue."""
        return {visit.ticket: visit for visit in visits(self.ledger, self.names)}

    @property
    def people(self) -> list[tuple[int, int, int]]:
        """(instant, people in the street, people in the hall) from each change on."""
        return [(at, street, hall) for at, street, hall in self.ledger.steps.tolist()]

    def issued(self, event: happened.TicketIssued, at: int) -> None:
        service, priority = self._services[event.services[0]], self._priorities[event.priority]
        about = (service, priority, event.party, len(event.services))
        self._tickets[event.ticket] = noted.issued(self._ledger, at, *about)
        self._numbers.append(event.number)

    def turned_away(self, event: happened.VisitRefused, _at: int) -> None:
        self._ledger.totals[_REFUSED[event.reason]] += 1

    def group_released(self, _event: happened.GroupReleased, _at: int) -> None:
        self._ledger.totals[noted.GROUPS] += 1

    def drained(self, event: happened.DrainStarted, _at: int) -> None:
        noted.drains(self._ledger, event.empty_by)

    def cleaning(self, event: happened.CleaningStarted, at: int) -> None:
        noted.cleaning(self._ledger, at, event.until)

    def cleaned(self, _event: happened.CleaningConfirmed, at: int) -> None:
        noted.cleaned(self._ledger, at)

    def entered(self, event: happened.TicketEntered, at: int) -> None:
        noted.entered(self._ledger, at, self._tickets[event.ticket])

    def called(self, event: happened.TicketCalled, at: int) -> None:
        visit, counter = self._tickets[event.ticket], self._counters[event.counter]
        noted.called(self._ledger, at, visit, counter)

    def recalled(self, event: happened.TicketRecalled, at: int) -> None:
        visit, counter = self._tickets[event.ticket], self._counters[event.counter]
        noted.recalled(self._ledger, at, visit, counter)

    def resumed(self, event: happened.TicketResumed, at: int) -> None:
        visit, counter = self._tickets[event.ticket], self._counters[event.counter]
        noted.takes_counter(self._ledger, at, visit, counter)

    def finished(self, event: happened.ServiceFinished, at: int) -> None:
        noted.finished(self._ledger, at, self._tickets[event.ticket])

    def sent_away(self, event: happened.TicketTransferred | happened.TicketHeld, at: int) -> None:
        noted.frees_counter(self._ledger, at, self._tickets[event.ticket])

    def returned(self, event: happened.TicketReturned, at: int) -> None:
        noted.comes_back(self._ledger, at, self._tickets[event.ticket])

    def not_shown(self, event: happened.TicketNotShown, at: int) -> None:
        self._end((event.ticket,), noted.NO_SHOW, at)

    def cancelled(self, event: happened.TicketCancelled, at: int) -> None:
        self._end((event.ticket,), noted.CANCELLED, at)

    def missed(self, event: happened.TicketsMissed, at: int) -> None:
        for ticket in event.tickets:
            noted.missed(self._ledger, at, self._tickets[ticket])

    def postponed(self, event: happened.TicketPostponed, _at: int) -> None:
        self._ledger.visits[self._tickets[event.ticket], noted.MISSED_ONE] = 1

    def redirected(self, event: happened.TicketsRedirected, at: int) -> None:
        self._end(event.tickets, noted.REDIRECTED, at)

    def left(self, event: happened.TicketLeft, at: int) -> None:
        noted.left(self._ledger, at, self._tickets[event.ticket])

    def closed(self, event: happened.DayClosed, at: int) -> None:
        self._end(event.expired, noted.EXPIRED, at)

    def ended(self, event: happened.DayEnded, at: int) -> None:
        self._end(event.expired, noted.EXPIRED, at)
        self._end(event.finished, noted.SERVED, at)
        noted.all_leave(self._ledger, at)

    def opened(self, event: happened.CounterOpened, at: int) -> None:
        noted.opened(self._ledger, at, self._counters[event.counter])

    def closed_counter(self, event: happened.CounterClosed, at: int) -> None:
        noted.closed(self._ledger, at, self._counters[event.counter])

    def _end(self, tickets: Sequence[str], end: int, at: int) -> None:
        for ticket in tickets:
            noted.ends(self._ledger, at, self._tickets[ticket], end)


_Note: TypeAlias = Callable[[Record, Any, int], None]
_NOTES: dict[type[happened.AnyEvent], _Note] = {
    happened.TicketIssued: Record.issued,
    happened.VisitRefused: Record.turned_away,
    happened.GroupReleased: Record.group_released,
    happened.DrainStarted: Record.drained,
    happened.CleaningStarted: Record.cleaning,
    happened.CleaningConfirmed: Record.cleaned,
    happened.TicketEntered: Record.entered,
    happened.TicketCalled: Record.called,
    happened.ServiceFinished: Record.finished,
    happened.TicketNotShown: Record.not_shown,
    happened.TicketTransferred: Record.sent_away,
    happened.TicketHeld: Record.sent_away,
    happened.TicketResumed: Record.resumed,
    happened.TicketReturned: Record.returned,
    happened.TicketRecalled: Record.recalled,
    happened.TicketCancelled: Record.cancelled,
    happened.TicketsMissed: Record.missed,
    happened.TicketPostponed: Record.postponed,
    happened.TicketsRedirected: Record.redirected,
    happened.TicketLeft: Record.left,
    happened.DayClosed: Record.closed,
    happened.DayEnded: Record.ended,
    happened.CounterOpened: Record.opened,
    happened.CounterClosed: Record.closed_counter,
}
