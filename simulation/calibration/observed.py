"""What past days tell of visitors and staff: the material of every estimate.

Instants are minutes from the local midnight, spans minutes, unless seconds are said.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from msgspec import Struct, field

from queue_service.policy import events as happened
from queue_service.policy.events import Entry
from queue_service.timing.localtime import in_zone
from simulation.calibration.held import Held, then_held
from simulation.visitors import MINUTE, SECOND

Span = tuple[float, float]


class Arrival(Struct, frozen=True):
    """Somebody came, with or without getting a ticket; a visit carried over is none."""

    at: float
    service: str


class ObservedDay(Struct):
    """One date on which the branch was open."""

    date: date
    opens: float
    closes: float
    holiday: bool = False
    """A public holiday that was worked on, its hours not known: they are an ordinary day's."""
    arrivals: list[Arrival] = field(default_factory=list)
    counters: dict[str, list[Span]] = field(default_factory=dict)
    """Counter -> when it was open."""
    visits: dict[str, list[Span]] = field(default_factory=dict)
    """Counter -> from each call to the end of what followed; nothing in a table."""
    visits_at: dict[str, list[Span]] = field(default_factory=dict)
    """Counter -> the visits there, where only these are known."""
    given_at: dict[str, set[str]] = field(default_factory=dict)
    """Counter -> the services of these visits."""
    plans: list[Held] = field(default_factory=list)
    """One after another; none where nobody has kept them."""
    turned_away: int = 0
    """Visits without a ticket for want of time, or gone from the queue."""
    sent_online: int = 0


class Tried(Struct):
    """How many could have done something, and how many did."""

    did: int = 0
    of: int = 0

    def add(self, did: bool) -> None:
        """One more who could have."""
        self.did += did
        self.of += 1


class Observed(Struct):
    """Everything together."""

    days: list[ObservedDay] = field(default_factory=list)
    serving: defaultdict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    """Service -> minutes at the counter, without the time on hold."""
    parties: Counter[int] = field(default_factory=Counter)
    priority: Tried = field(default_factory=Tried)
    no_show: Tried = field(default_factory=Tried)
    """Tickets that were called, and those not there at the first call."""
    answers_recall: Tried = field(default_factory=Tried)
    misses_group: Tried = field(default_factory=Tried)
    assisted: Tried = field(default_factory=Tried)
    """Visits for what was given only online: those that could not go there."""
    comes_late: Tried = field(default_factory=Tried)
    """Tickets that were given up, and those taken back later."""
    second_service: Tried = field(default_factory=Tried)
    wrong_service: Tried = field(default_factory=Tried)
    """Visits that began at a counter, and those sent on for a service not on the ticket."""
    held: Tried = field(default_factory=Tried)
    recalls: list[int] = field(default_factory=list)
    """Of each ticket that was given up."""
    waits_for_called: list[float] = field(default_factory=list)
    """Seconds after each of these calls."""
    sent_on_after: list[float] = field(default_factory=list)
    walks_in: list[float] = field(default_factory=list)
    """Seconds from the group's release to the door."""
    walks_to_counter: list[float] = field(default_factory=list)
    walks_out: list[float] = field(default_factory=list)
    tidies: list[float] = field(default_factory=list)
    """Seconds from the end of a visit to the counter's next call, of who waited all the while."""

    def add(self, other: Observed) -> None:
        """Takes in what was observed elsewhere."""
        for service, minutes in other.serving.items():
            self.serving[service] += minutes
        self.parties += other.parties
        for name in self.__struct_fields__:
            ours, theirs = getattr(self, name), getattr(other, name)
            if isinstance(ours, Tried):
                ours.did += theirs.did
                ours.of += theirs.of
            elif isinstance(ours, list):
                ours += theirs


class _Ticket(Struct):
    """What is known of a ticket so far; instants are epoch ms, 0 where nothing happened."""

    services: tuple[str, ...]
    released_at: int = 0
    missed: bool = False
    waits_since: int = 0
    called_at: int = 0
    counter: str = ""
    recalls: int = 0
    not_shown: bool = False
    returned: bool = False
    sent_on: bool = False
    held: bool = False
    began_at: int = 0
    worked: int = 0
    finished_at: int = 0


def observe(entries: Iterable[Entry]) -> Observed:
    """What the journal of one date tells; nothing where the branch was closed."""
    reading = _Reading()
    for entry in entries:
        reading.see(entry)
    return reading.result()


class _Reading:
    """Goes through the journal of one date once."""

    def __init__(self) -> None:
        self._found = Observed()
        self._tickets: dict[str, _Ticket] = {}
        self._opened: dict[str, float] = {}
        self._finished: dict[str, int] = {}
        """Counter -> end of its last visit (epoch ms), as long as it has done nothing since."""
        self._day: ObservedDay | None = None
        self._midnight = 0
        self._online_only = False
        self._last = 0.0

    def see(self, entry: Entry) -> None:
        self._last = (entry.at - self._midnight) / MINUTE
        event, at = entry.event, entry.at
        if isinstance(event, happened.PlanChanged):
            self._planned(event, at)
        elif isinstance(event, happened.TicketIssued | happened.VisitRefused):
            self._came(event)
        elif isinstance(event, happened.CounterOpened):
            self._opened[event.counter] = self._last
        elif isinstance(event, happened.CounterClosed):
            self._closed(event.counter)
        elif isinstance(event, happened.TicketsRedirected) and self._day:
            self._day.sent_online += len(event.tickets)
        elif isinstance(event, happened.GroupReleased | happened.TicketsMissed):
            self._of_group(event, at)
        elif isinstance(event, happened.OfTicketEvent) and event.ticket in self._tickets:
            self._of_ticket(self._tickets[event.ticket], event, at)

    def result(self) -> Observed:
        for counter in [*self._opened]:
            self._closed(counter)
        for one in self._tickets.values():
            self._count(one)
        if self._day:
            self._found.days.append(self._day)
        return self._found if self._day else Observed()

    def _planned(self, event: happened.PlanChanged, at: int) -> None:
        plan = event.plan
        on = date.fromisoformat(plan.date)
        self._midnight = in_zone(plan.time_zone).instant(on, 0)
        self._online_only = plan.non_online_only
        held = then_held(self._day.plans if self._day else (), plan, at)
        if not held:
            self._day = None
            return
        opens, closes = held[-1].hours
        if self._day is None:
            self._day = ObservedDay(on, opens, closes)
        self._day.opens, self._day.closes, self._day.plans = opens, closes, held

    def _came(self, event: happened.TicketIssued | happened.VisitRefused) -> None:
        carried = isinstance(event, happened.TicketIssued) and bool(event.carried_from)
        if self._day and not carried:
            self._day.arrivals.append(Arrival(self._last, event.services[0]))
        if isinstance(event, happened.VisitRefused):
            self._refused(event)
            return
        self._tickets[event.ticket] = _Ticket(event.services)
        if not carried:
            self._found.parties[event.party] += 1
            self._found.priority.add(event.priority == "priority")
            self._found.second_service.add(len(event.services) > 1)
        if event.assisted and self._online_only:
            self._found.assisted.add(did=True)

    def _refused(self, event: happened.VisitRefused) -> None:
        online = event.reason == "online_only"
        self._found.assisted.of += online
        if self._day:
            self._day.sent_online += online
            self._day.turned_away += not online

    def _closed(self, counter: str) -> None:
        self._finished.pop(counter, None)
        if counter in self._opened and self._day:
            span = (self._opened.pop(counter), self._last)
            self._day.counters.setdefault(counter, []).append(span)

    def _of_group(self, event: happened.GroupReleased | happened.TicketsMissed, at: int) -> None:
        for ticket in event.tickets:
            one = self._tickets[ticket]
            if isinstance(event, happened.GroupReleased):
                one.released_at = one.released_at or at
            else:
                one.missed = True

    def _of_ticket(self, one: _Ticket, event: happened.OfTicketEvent, at: int) -> None:
        if note := _NOTES.get(type(event)):
            note(self, one, event, at)

    def entered(self, one: _Ticket, _event: happened.TicketEntered, at: int) -> None:
        one.waits_since = at
        if one.released_at and not one.missed:
            self._found.walks_in.append((at - one.released_at) / SECOND)

    def called(self, one: _Ticket, event: happened.TicketCalled, at: int) -> None:
        finished = self._finished.get(event.counter, 0)
        if one.waits_since < finished:
            self._found.tidies.append((at - finished) / SECOND)
        one.called_at = one.called_at or at
        self._attends(one, event.counter)

    def _attends(self, one: _Ticket, counter: str) -> None:
        one.counter = counter
        self._finished.pop(counter, None)
        if self._day:
            self._day.visits.setdefault(counter, []).append((self._last, self._last))

    def _is_done(self, one: _Ticket) -> None:
        visits = self._day.visits.get(one.counter) if self._day else None
        if visits:
            visits[-1] = (visits[-1][0], self._last)

    def recalled(self, one: _Ticket, _event: happened.TicketRecalled, _at: int) -> None:
        one.recalls += 1

    def not_shown(self, one: _Ticket, _event: happened.TicketNotShown, at: int) -> None:
        self._is_done(one)
        if not one.not_shown:
            waited = (at - one.called_at) / SECOND / (one.recalls + 1)
            self._found.recalls.append(one.recalls)
            self._found.waits_for_called.append(waited)
        one.not_shown = True

    def returned(self, one: _Ticket, _event: happened.TicketReturned, at: int) -> None:
        one.returned = True
        one.waits_since = at

    def begins(self, one: _Ticket, _event: happened.ServiceStarted, at: int) -> None:
        at_once = not (one.began_at or one.recalls or one.not_shown)
        if at_once and one.called_at:
            self._found.walks_to_counter.append((at - one.called_at) / SECOND)
        one.began_at = at

    def resumes(self, one: _Ticket, event: happened.TicketResumed, at: int) -> None:
        self._attends(one, event.counter)
        one.began_at = at

    def held(self, one: _Ticket, _event: happened.TicketHeld, at: int) -> None:
        self._is_done(one)
        one.worked += at - one.began_at
        one.held = True

    def sent_on(self, one: _Ticket, event: happened.TicketTransferred, at: int) -> None:
        self._is_done(one)
        if event.service not in one.services and not one.sent_on:
            self._found.sent_on_after.append((at - one.began_at) / SECOND)
            one.sent_on = True
        one.worked, one.waits_since = 0, at

    def finishes(self, one: _Ticket, event: happened.ServiceFinished, at: int) -> None:
        self._is_done(one)
        if one.began_at:
            self._found.serving[event.service].append((one.worked + at - one.began_at) / MINUTE)
        one.worked, one.finished_at, one.waits_since = 0, at, at
        self._finished[one.counter] = at
        one.began_at = at  # of the next service of the same visit, if any

    def gone(self, _one: _Ticket, _event: happened.TicketCancelled, _at: int) -> None:
        if self._day:
            self._day.turned_away += 1

    def left(self, one: _Ticket, _event: happened.TicketLeft, at: int) -> None:
        if 0 < one.finished_at < at:
            self._found.walks_out.append((at - one.finished_at) / SECOND)

    def _count(self, one: _Ticket) -> None:
        found = self._found
        if one.called_at:
            found.no_show.add(bool(one.recalls or one.not_shown))
        if one.recalls:
            found.answers_recall.add(bool(one.began_at) and not one.not_shown)
        if one.not_shown:
            found.comes_late.add(one.returned)
        if one.began_at:
            found.held.add(one.held)
            found.wrong_service.add(one.sent_on)
        if one.released_at:
            found.misses_group.add(one.missed)


_NOTES: Mapping[type[happened.OfTicketEvent], Callable[[_Reading, _Ticket, Any, int], None]] = {
    happened.TicketEntered: _Reading.entered,
    happened.TicketCalled: _Reading.called,
    happened.TicketRecalled: _Reading.recalled,
    happened.TicketNotShown: _Reading.not_shown,
    happened.ServiceStarted: _Reading.begins,
    happened.TicketResumed: _Reading.resumes,
    happened.TicketHeld: _Reading.held,
    happened.TicketTransferred: _Reading.sent_on,
    happened.ServiceFinished: _Reading.finishes,
    happened.TicketReturned: _Reading.returned,
    happened.TicketCancelled: _Reading.gone,
    happened.TicketLeft: _Reading.left,
}


def together(parts: Iterable[Observed]) -> Observed:
    """Everything that was observed, in order of date."""
    whole = Observed()
    for part in parts:
        whole.add(part)
    whole.days.sort(key=lambda day: day.date)
    return whole


def services_of(observed: Observed) -> Counter[str]:
    """Visits by service, refused ones included."""
    return Counter(one.service for day in observed.days for one in day.arrivals)
