"""What a journal says of every visit and of the counters: one pass over its entries.

Instants are epoch milliseconds, 0 where something has not happened.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any, Literal

from msgspec import Struct

from queue_service.policy import events as happened
from queue_service.policy.events import Entry

End = Literal["", "served", "no_show", "missed", "cancelled", "redirected", "expired"]


class Visit(Struct):
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


class Counted(Struct):
    """Times of a counter in ms: how long it was open, and how long a visitor was at it."""

    open: int = 0
    busy: int = 0


class Cleaning(Struct):
    """A sanitation pause: when the hall was to be empty, when cleaning began, and its ends."""

    due: int
    began: int = 0
    least_until: int = 0
    """Before then nobody may confirm that the hall is clean."""
    confirmed: int = 0


class Record:
    """The visits, refusals and counters of one day; `of` reads a whole journal."""

    def __init__(self) -> None:
        self.visits: dict[str, Visit] = {}
        self.refused: defaultdict[str, int] = defaultdict(int)
        self.counters: defaultdict[str, Counted] = defaultdict(Counted)
        self.groups = 0
        self.cleanings: list[Cleaning] = []
        self.people: list[tuple[int, int, int]] = []
        """(instant, people in the street, people in the hall) from each change on."""
        self._street = 0
        self._hall = 0
        self._opened: dict[str, int] = {}
        self._at_counter: dict[str, tuple[str, int]] = {}
        """Ticket -> counter, and since when."""
        self._services_left: dict[str, int] = {}

    @classmethod
    def of(cls, journal: Iterable[Entry]) -> Record:
        """What the entries of one stream, in order, tell."""
        record = cls()
        for entry in journal:
            if note := _NOTES.get(type(entry.event)):
                note(record, entry.event, entry.at)
        return record

    def issued(self, event: happened.TicketIssued, at: int) -> None:
        self.visits[event.ticket] = Visit(
            ticket=event.ticket,
            number=event.number,
            service=event.services[0],
            priority=event.priority,
            party=event.party,
            issued_at=at,
        )
        self._services_left[event.ticket] = len(event.services)
        self._moved(at, event.party, 0)

    def turned_away(self, event: happened.VisitRefused, _at: int) -> None:
        self.refused[event.reason] += 1

    def group_released(self, _event: happened.GroupReleased, _at: int) -> None:
        self.groups += 1

    def drained(self, event: happened.DrainStarted, _at: int) -> None:
        self.cleanings.append(Cleaning(event.empty_by))

    def cleaning(self, event: happened.CleaningStarted, at: int) -> None:
        if not self.cleanings or self.cleanings[-1].began:
            self.cleanings.append(Cleaning(at))
        self.cleanings[-1].began = at
        self.cleanings[-1].least_until = event.until

    def cleaned(self, _event: happened.CleaningConfirmed, at: int) -> None:
        self.cleanings[-1].confirmed = at

    def entered(self, event: happened.TicketEntered, at: int) -> None:
        visit = self.visits[event.ticket]
        visit.entered_at = at
        self._moved(at, -visit.party, visit.party)

    def called(self, event: happened.TicketCalled, at: int) -> None:
        visit = self.visits[event.ticket]
        visit.called_at = visit.called_at or at
        visit.counter = visit.counter or event.counter
        self._at_counter[event.ticket] = (event.counter, at)

    def finished(self, event: happened.ServiceFinished, at: int) -> None:
        self._services_left[event.ticket] -= 1
        if self._services_left[event.ticket]:
            self._frees_counter(event.ticket, at)
        else:
            self._ends(event.ticket, "served", at)

    def sent_on(self, event: happened.TicketTransferred, at: int) -> None:
        self._frees_counter(event.ticket, at)

    def held(self, event: happened.TicketHeld, at: int) -> None:
        self._frees_counter(event.ticket, at)

    def resumed(self, event: happened.TicketResumed, at: int) -> None:
        self._at_counter[event.ticket] = (event.counter, at)

    def returned(self, event: happened.TicketReturned, at: int) -> None:
        self._comes_back(event.ticket, at)

    def recalled(self, event: happened.TicketRecalled, at: int) -> None:
        if self.visits[event.ticket].end:
            self._comes_back(event.ticket, at)
            self._at_counter[event.ticket] = (event.counter, at)

    def not_shown(self, event: happened.TicketNotShown, at: int) -> None:
        self._ends(event.ticket, "no_show", at)

    def cancelled(self, event: happened.TicketCancelled, at: int) -> None:
        self._ends(event.ticket, "cancelled", at)

    def missed(self, event: happened.TicketsMissed, at: int) -> None:
        for ticket in event.tickets:
            visit = self.visits[ticket]
            if visit.missed:
                self._ends(ticket, "missed", at)
            visit.missed = True

    def postponed(self, event: happened.TicketPostponed, _at: int) -> None:
        self.visits[event.ticket].missed = True

    def redirected(self, event: happened.TicketsRedirected, at: int) -> None:
        for ticket in event.tickets:
            self._ends(ticket, "redirected", at)

    def left(self, event: happened.TicketLeft, at: int) -> None:
        visit = self.visits[event.ticket]
        visit.left_at = at
        self._moved(at, 0, -visit.party)

    def closed(self, event: happened.DayClosed, at: int) -> None:
        for ticket in event.expired:
            self._ends(ticket, "expired", at)

    def ended(self, event: happened.DayEnded, at: int) -> None:
        for ticket in event.expired:
            self._ends(ticket, "expired", at)
        for ticket in event.finished:
            self._ends(ticket, "served", at)
        for visit in self.visits.values():
            if visit.entered_at and not visit.left_at:
                visit.left_at = at
        self._moved(at, 0, -self._hall)

    def opened(self, event: happened.CounterOpened, at: int) -> None:
        self._opened[event.counter] = at

    def closed_counter(self, event: happened.CounterClosed, at: int) -> None:
        self.counters[event.counter].open += at - self._opened.pop(event.counter)

    def _ends(self, ticket: str, end: End, at: int) -> None:
        visit = self.visits[ticket]
        visit.end, visit.ended_at = end, at
        self._frees_counter(ticket, at)
        if not visit.entered_at:
            visit.left_at = at
            self._moved(at, -visit.party, 0)

    def _frees_counter(self, ticket: str, at: int) -> None:
        if ticket in self._at_counter:
            counter, since = self._at_counter.pop(ticket)
            self.counters[counter].busy += at - since

    def _comes_back(self, ticket: str, at: int) -> None:
        visit = self.visits[ticket]
        visit.end, visit.ended_at = "", 0
        if visit.left_at:
            visit.away += at - visit.left_at
            visit.left_at = 0
            self._moved(at, 0, visit.party)

    def _moved(self, at: int, street: int, hall: int) -> None:
        self._street += street
        self._hall += hall
        self.people.append((at, self._street, self._hall))


_NOTES: dict[type[happened.AnyEvent], Callable[[Record, Any, int], None]] = {
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
    happened.TicketTransferred: Record.sent_on,
    happened.TicketHeld: Record.held,
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
