"""Who came, how long they waited and how it ended, by service, counter and hour. Pure.

One fold over a journal gives tallies; the tallies of several days add up. A visit for several
services counts under the first of them; what was given counts under the service that was given.
Arrivals, refusals and waits belong to the hour of arrival, ends to the hour in which they came.
"""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from math import ceil
from statistics import fmean, median
from typing import Any, Literal

from msgspec import Struct

from queue_service.policy import events as happened
from queue_service.policy.evolve import evolve
from queue_service.policy.model import State, Ticket
from queue_service.policy.rules import MINUTE

Axis = Literal["all", "service", "counter", "hour"]
Key = tuple[Axis, str]


class Spread(Struct, frozen=True):
    """Spans of time in minutes; None where there are none. `p90` is the nearest rank."""

    count: int
    mean: float | None
    median: float | None
    p90: float | None


class Tally:
    """Counts of visits by word, and spans in milliseconds by word."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.spans: defaultdict[str, array[int]] = defaultdict(_milliseconds)

    def add(self, other: Tally) -> None:
        """Takes in what another tally has counted."""
        self.counts.update(other.counts)
        for name, spans in other.spans.items():
            self.spans[name].extend(spans)

    def spread(self, name: str) -> Spread:
        """The spans of a word in figures."""
        spans = sorted(self.spans[name]) if name in self.spans else []
        if not spans:
            return Spread(0, None, None, None)
        nearest = spans[ceil(0.9 * len(spans)) - 1]
        return Spread(len(spans), *map(_minutes, (fmean(spans), median(spans), nearest)))


def _milliseconds() -> array[int]:
    return array("I")


def _minutes(span: float) -> float:
    return round(span / MINUTE, 1)


Tallies = dict[Key, Tally]


def together(days: list[Tallies]) -> Tallies:
    """The tallies of several days as one."""
    total: defaultdict[Key, Tally] = defaultdict(Tally)
    for day in days:
        for key, tally in day.items():
            total[key].add(tally)
    return dict(total)


class _Visit(Struct):
    """What of a ticket's life outlives its changes of state; instants in epoch ms, 0: never."""

    service: str
    party: int
    issued_at: int
    entered_at: int = 0
    called_at: int = 0
    called_to: str = ""
    ended_at: int = 0
    ended_by: str = ""
    redirected: bool = False


class _Given(Struct, frozen=True):
    service: str
    counter: str
    started_at: int
    finished_at: int


class Breakdown:
    """Give it every entry of one journal in order (`add`), then ask (`tallies`).

    `hour_of` turns epoch ms into the branch's hour of the day, "00" to "23".
    """

    def __init__(self, hour_of: Callable[[int], str]) -> None:
        self._hour_of = hour_of
        self.state = State()
        self._visits: dict[str, _Visit] = {}
        self._given: list[_Given] = []
        self._refused: list[tuple[happened.VisitRefused, int]] = []

    def add(self, entry: happened.Entry) -> None:
        """Takes the next entry of the journal."""
        note = _NOTES.get(type(entry.event))
        before = self.state.tickets.get(getattr(entry.event, "ticket", ""))
        evolve(self.state, entry)
        if note:
            note(self, entry.event, entry.event.done_at or entry.at, before)
        for ticket in _ended_by(entry.event):
            self._end(self.state.tickets[ticket], entry.at)

    def _end(self, ticket: Ticket, at: int) -> None:
        visit = self._visits[ticket.id]
        visit.ended_at, visit.ended_by = at, ticket.counter

    def note_issued(self, event: happened.TicketIssued, at: int, _before: Ticket | None) -> None:
        self._visits[event.ticket] = _Visit(event.services[0], event.party, at)

    def note_refused(self, event: happened.VisitRefused, at: int, _before: Ticket | None) -> None:
        self._refused.append((event, at))

    def note_entered(self, event: happened.TicketEntered, at: int, _before: Ticket | None) -> None:
        visit = self._visits[event.ticket]
        # A tablet's clock may be behind: nobody enters before the ticket is issued.
        visit.entered_at = visit.entered_at or max(at, visit.issued_at)

    def note_called(self, event: happened.TicketCalled, at: int, _before: Ticket | None) -> None:
        visit = self._visits[event.ticket]
        if not visit.called_at:
            visit.called_at, visit.called_to = at, event.counter

    def note_finished(self, event: happened.ServiceFinished, at: int, before: Ticket) -> None:
        self._given.append(_Given(event.service, before.counter, before.started_at, at))

    def note_redirected(
        self, event: happened.TicketsRedirected, _at: int, _before: Ticket | None
    ) -> None:
        for ticket in event.tickets:
            self._visits[ticket].redirected = True

    def note_day_ended(self, event: happened.DayEnded, at: int, _before: Ticket | None) -> None:
        for one in event.finished:
            ticket = self.state.tickets[one]
            self._given.append(_Given(ticket.service, ticket.counter, ticket.started_at, at))

    # --- what it comes to

    def tallies(self) -> Tallies:
        """What has been counted so far."""
        found: defaultdict[Key, Tally] = defaultdict(Tally)
        for event, at in self._refused:
            self._count_refused(found, event, at)
        for ticket, visit in self._visits.items():
            self._count_arrival(found, visit)
            self._count_waits(found, visit)
            self._count_end(found, visit, _end_of(self.state.tickets[ticket], visit))
        for given in self._given:
            self._count_given(found, given)
        return dict(found)

    def _count_refused(
        self, found: defaultdict[Key, Tally], event: happened.VisitRefused, at: int
    ) -> None:
        for key in self._keys(service=event.services[0], at=at):
            counts = found[key].counts
            counts["arrivals"] += 1
            counts["people"] += event.party
            counts[_REFUSALS[event.reason]] += 1

    def _count_arrival(self, found: defaultdict[Key, Tally], visit: _Visit) -> None:
        for key in self._keys(service=visit.service, at=visit.issued_at):
            counts = found[key].counts
            counts["arrivals"] += 1
            counts["people"] += visit.party

    def _count_waits(self, found: defaultdict[Key, Tally], visit: _Visit) -> None:
        spans = dict(_waits(visit))
        keys = self._keys(service=visit.service, counter=visit.called_to, at=visit.issued_at)
        for key in keys:
            for name, span in spans.items():
                found[key].spans[name].append(span)

    def _count_end(self, found: defaultdict[Key, Tally], visit: _Visit, end: str) -> None:
        if not end:
            return
        counter = visit.ended_by if end in ("served", "no_shows") else ""
        for key in self._keys(service=visit.service, counter=counter, at=visit.ended_at):
            found[key].counts[end] += 1

    def _count_given(self, found: defaultdict[Key, Tally], given: _Given) -> None:
        keys = self._keys(service=given.service, counter=given.counter, at=given.finished_at)
        for key in keys:
            found[key].counts["given"] += 1
            found[key].spans["service"].append(given.finished_at - given.started_at)

    def _keys(self, *, service: str, at: int, counter: str = "") -> Iterator[Key]:
        yield ("all", "")
        yield ("service", service)
        yield ("hour", self._hour_of(at))
        if counter:
            yield ("counter", counter)


def _waits(visit: _Visit) -> Iterator[tuple[str, int]]:
    if visit.entered_at:
        yield "outside", visit.entered_at - visit.issued_at
    if visit.called_at:
        yield "inside", visit.called_at - visit.entered_at
        yield "total", visit.called_at - visit.issued_at


def _end_of(ticket: Ticket, visit: _Visit) -> str:
    return "redirected" if visit.redirected else _ENDS.get(ticket.state, "")


def _ended_by(event: happened.AnyEvent) -> tuple[str, ...]:
    """Tickets whose life an event ends or may end."""
    match event:
        case happened.DayClosed():
            return event.expired
        case happened.DayEnded():
            return (*event.expired, *event.finished)
        case happened.TicketsMissed() | happened.TicketsRedirected():
            return event.tickets
        case happened.ServiceFinished() | happened.TicketNotShown() | happened.TicketCancelled():
            return (event.ticket,)
    return ()


_ENDS = {
    "served": "served",
    "missed": "missed",
    "no_show": "no_shows",
    "cancelled": "cancelled",
    "expired": "carried_over",
}
_REFUSALS = {"online_only": "refused_online", "cannot_be_served_today": "refused_hours"}
_NOTES: dict[type[happened.AnyEvent], Callable[[Breakdown, Any, int, Any], None]] = {
    happened.TicketIssued: Breakdown.note_issued,
    happened.VisitRefused: Breakdown.note_refused,
    happened.TicketEntered: Breakdown.note_entered,
    happened.TicketCalled: Breakdown.note_called,
    happened.ServiceFinished: Breakdown.note_finished,
    happened.TicketsRedirected: Breakdown.note_redirected,
    happened.DayEnded: Breakdown.note_day_ended,
}
