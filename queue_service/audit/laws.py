"""The laws that every journal obeys, checked on its entries alone.

It knows the rules a second time and in the plainest way, so that a fault in the policy or in the
journal does not hide itself: no function of the policy is called.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from msgspec import Struct

from queue_service.policy import events as happened
from queue_service.policy.events import Entry
from queue_service.policy.model import END_STATES, DayPlan
from queue_service.timing.localtime import in_zone

HOUR = 3_600_000
"""Milliseconds by which an entry may be late: a service that was begun anew, a command under way
at midnight."""
CLOCK = "clock"
"""Who ends a day, if need be days later: the service was away."""

Finding = tuple[str, str]
"""The law that is broken, and how."""

WAITING_OUTSIDE = frozenset({"issued", "released"})
STILL_HERE = WAITING_OUTSIDE | {"entered", "called", "on_hold"}
COMES_BACK = (happened.TicketReturned, happened.TicketRecalled, happened.TicketResumed)

_MOVES: dict[type[happened.Event], tuple[frozenset[str], str]] = {
    happened.TicketEntered: (WAITING_OUTSIDE | {"missed"}, "entered"),
    happened.TicketPostponed: (frozenset({"released"}), "issued"),
    happened.TicketCancelled: (STILL_HERE, "cancelled"),
    happened.TicketCalled: (frozenset({"entered"}), "called"),
    happened.TicketRecalled: (frozenset({"called", "no_show"}), "called"),
    happened.ServiceStarted: (frozenset({"called"}), "serving"),
    happened.ServiceFinished: (frozenset({"serving"}), "served"),
    happened.TicketNotShown: (frozenset({"called"}), "no_show"),
    happened.TicketReturned: (frozenset({"no_show"}), "entered"),
    happened.TicketHeld: (frozenset({"called", "serving"}), "on_hold"),
    happened.TicketResumed: (frozenset({"on_hold"}), "serving"),
    happened.TicketTransferred: (frozenset({"entered", "called", "serving", "on_hold"}), "entered"),
}
"""Event of one ticket -> states that it may come from, the state that it leads to."""


class Visit(Struct):
    """What the laws need to know of a ticket."""

    number: str
    party: int
    services_left: int
    state: str = "issued"
    inside: bool = False
    recounts: int = 0
    """Recounts of the hall before the visit went inside."""
    missed: bool = False
    counter: str = ""
    arrive_by: int = 0


class Witness:
    """Sees the entries of one stream in order and notes what they break."""

    def __init__(self, stream: tuple[str, str] | None = None) -> None:
        """`stream`: its branch and date as they are filed; else those of the first plan."""
        self.findings: list[Finding] = []
        self._stream = stream
        self._plan: DayPlan | None = None
        self._ends_at = 0
        self._group_at = 0
        self._phase = "planned"
        self._sanitation = "none"
        self._clean_until = 0
        self._cleaning = 0
        self._occupancy = 0
        self._recounts = 0
        self._recounted = 0
        self._released = 0
        self._visits: dict[str, Visit] = {}
        self._numbers: dict[str, int] = {}
        self._counters: dict[str, str] = {}
        """Open counter -> number of the ticket at it."""
        self._sees: dict[type[happened.Event], Callable[[Any, int], None]] = {
            happened.PlanChanged: self._plan_changed,
            happened.DayClosed: self._day_closed,
            happened.DayEnded: self._day_ended,
            happened.TicketIssued: self._ticket_issued,
            happened.GroupReleased: self._group_released,
            happened.TicketsMissed: self._tickets_missed,
            happened.TicketsRedirected: self._tickets_redirected,
            happened.HallRecounted: self._hall_recounted,
            happened.DrainStarted: self._drain_started,
            happened.CleaningStarted: self._cleaning_started,
            happened.CleaningConfirmed: self._cleaning_confirmed,
            happened.CounterOpened: self._counter_opened,
            happened.CounterClosed: self._counter_closed,
        }

    def see(self, entry: Entry) -> None:
        """Checks one entry, and takes it for true from then on."""
        if self._plan is None and not isinstance(entry.event, happened.PlanChanged):
            self._note("plan", "the first event of a day is its plan")
            return
        if not entry.by:
            self._note("actor", "nobody is named whose entry it is")
        self._see_event(entry)
        self._in_its_time(entry)

    def _see_event(self, entry: Entry) -> None:
        if isinstance(entry.event, happened.OfTicketEvent):
            self._of_ticket(entry.event, entry.at)
        else:
            sees = self._sees.get(type(entry.event))
            if sees is not None:
                sees(entry.event, entry.at)

    def _in_its_time(self, entry: Entry) -> None:
        plan, at = self._plan, entry.at - HOUR
        if plan is None or entry.by == CLOCK or at <= self._ends_at:
            return
        if in_zone(plan.time_zone).date(at).isoformat() > plan.date:
            self._note("time", f"it was written after {plan.date} was over")

    def end(self, now: int) -> None:
        """The stream has no more entries, and a service was at work as late as `now` (epoch ms)."""
        plan = self._plan
        if plan is None or self._phase == "ended" or now <= self._ends_at + HOUR:
            return
        left = sum(visit.state not in END_STATES for visit in self._visits.values())
        if left:  # Nobody ends a day that was jumped over, where there is nothing to end.
            tickets = "1 ticket is" if left == 1 else f"{left} tickets are"
            how = f"the day is over, not ended: {tickets} still open"
            self._note("nobody forgotten", how)

    # --- the day ------------------------------------------------------------------------------

    def _plan_changed(self, event: happened.PlanChanged, at: int) -> None:
        plan = self._plan = event.plan
        named = (plan.branch, plan.date)
        self._stream = self._stream or named
        if named != self._stream:
            self._note("stream", f"the plan is that of {plan.branch} on {plan.date}")
        # Nobody closes in the past: overtime begins with the change.
        self._ends_at = max(plan.ends_at, at + plan.ends_at - plan.closes_at)
        if at < event.plan.closes_at:
            self._phase = "planned"

    def _day_closed(self, event: happened.DayClosed, _at: int) -> None:
        self._phase = "closed"
        self._end(event.expired, WAITING_OUTSIDE, "expired")
        self._nobody_in(WAITING_OUTSIDE, "closing")

    def _day_ended(self, event: happened.DayEnded, _at: int) -> None:
        self._phase = "ended"
        self._end(event.finished, frozenset({"serving"}), "served")
        self._end(event.expired, STILL_HERE | {"serving"}, "expired")
        states = {visit.state for visit in self._visits.values()}
        self._nobody_in(frozenset(states - END_STATES), "the end of the day")
        self._occupancy = 0
        for visit in self._visits.values():
            visit.inside = False

    def _nobody_in(self, states: frozenset[str], instant: str) -> None:
        for visit in self._visits.values():
            if visit.state in states:
                self._note("nobody forgotten", f"{visit.number} is {visit.state} after {instant}")

    # --- the street and the door --------------------------------------------------------------

    def _ticket_issued(self, event: happened.TicketIssued, at: int) -> None:
        if self._plan:
            self._as_planned(event, at, self._plan)
        letter, _, digits = event.number.partition("-")
        count = self._numbers[letter] = self._numbers.get(letter, 0) + 1
        if digits != f"{count:03d}":
            self._note("numbers", f"{event.number} is number {count} of its letter")
        if event.ticket in self._visits:
            self._note("numbers", f"ticket {event.ticket} is issued a second time")
        self._visits[event.ticket] = Visit(
            number=event.number, party=event.party, services_left=len(event.services)
        )

    def _as_planned(self, event: happened.TicketIssued, at: int, plan: DayPlan) -> None:
        if not 1 <= event.party <= plan.party_limit:
            self._note("party", f"{event.number} is a ticket for {event.party} people")
        if not plan.tickets_from <= at < plan.closes_at:
            self._note("hours", f"{event.number} is issued out of hours")
        if event.priority not in plan.priorities:
            self._note("order", f"{event.number} has the priority {event.priority}, which is none")
        elif event.order != at + plan.priorities.index(event.priority) * plan.ageing:
            self._note("order", f"{event.number} has not the place of its time and priority")

    def _group_released(self, event: happened.GroupReleased, at: int) -> None:
        people = sum(visit.party for visit in self._known(event.tickets))
        if event.people != people:
            self._note("group size", f"{event.people} people are told and {people} released")
        if self._plan:
            self._group_as_planned(event, at, people, self._plan)
        self._group_at = at
        self._end(event.tickets, frozenset({"issued"}), "released")
        for visit in self._known(event.tickets):
            visit.arrive_by = event.arrive_by
        self._let_in(at, f"group {event.group}")

    def _group_as_planned(
        self, event: happened.GroupReleased, at: int, people: int, plan: DayPlan
    ) -> None:
        if people > plan.group_size:
            self._note("group size", f"{people} people, {plan.group_size} are a group")
        if at < self._group_at + plan.group_interval:
            self._note("groups", f"group {event.group} follows sooner than the interval")
        if not at <= event.arrive_by <= min(at + plan.arrive_within, plan.closes_at):
            self._note("groups", f"group {event.group} has not the time to arrive that is planned")

    def _tickets_missed(self, event: happened.TicketsMissed, _at: int) -> None:
        for ticket, visit in zip(event.tickets, self._known(event.tickets), strict=False):
            self._end((ticket,), frozenset({"released"}), "missed" if visit.missed else "issued")
            visit.missed = True

    def _tickets_redirected(self, event: happened.TicketsRedirected, _at: int) -> None:
        self._end(event.tickets, frozenset({"issued"}), "cancelled")

    def _hall_recounted(self, event: happened.HallRecounted, _at: int) -> None:
        self._occupancy = self._recounted = event.occupancy
        self._recounts += 1

    def _let_in(self, at: int, who: str) -> None:
        """Somebody was released or walked in: the hall must hold all, and the door be open."""
        self._hall_holds_all(who)
        plan = self._plan
        if plan and not plan.opens_at <= at < plan.last_admission_at:
            self._note("hours", f"{who} is let in out of hours")
        if self._phase != "planned":
            self._note("hours", f"{who} is let in after closing")
        if self._sanitation != "none":
            self._note("sanitation", f"{who} is let in while the hall is {self._sanitation}")

    def _hall_holds_all(self, who: str) -> None:
        people = self._occupancy + self._released
        if self._plan and people > self._plan.hall_limit:
            self._note("hall limit", f"{people} with {who}, {self._plan.hall_limit} is the limit")

    # --- sanitation ---------------------------------------------------------------------------

    def _drain_started(self, event: happened.DrainStarted, _at: int) -> None:
        if self._sanitation != "none":
            self._note("sanitation", f"a drain begins while the hall is {self._sanitation}")
        self._sanitation = "draining"
        self._cleaning = event.cleaning

    def _cleaning_started(self, event: happened.CleaningStarted, at: int) -> None:
        if self._occupancy + self._released:
            self._note("sanitation", "cleaning begins while people are inside or on their way")
        drained = self._sanitation == "draining"
        least = self._cleaning if drained or self._plan is None else self._plan.cleaning
        if event.until != at + least:
            self._note("sanitation", f"cleaning is not to last the {least // 60_000} min planned")
        self._sanitation = "cleaning"
        self._clean_until = event.until

    def _cleaning_confirmed(self, _event: happened.CleaningConfirmed, at: int) -> None:
        if self._sanitation != "cleaning" or at < self._clean_until:
            self._note("sanitation", "cleaning is confirmed before its time")
        self._sanitation = "none"

    # --- one ticket ---------------------------------------------------------------------------

    def _of_ticket(self, event: happened.OfTicketEvent, at: int) -> None:
        visit = self._visits.get(event.ticket)
        if visit is None:
            self._note("states", f"{type(event).__name__} of a ticket that was never issued")
        elif isinstance(event, happened.TicketLeft):
            self._left(visit)
        else:
            self._moved(event, visit, at)

    def _left(self, visit: Visit) -> None:
        if not visit.inside:
            self._note("states", f"{visit.number} leaves and is not inside")
        visit.inside = False
        people = visit.party
        if visit.recounts < self._recounts:
            people = min(people, self._recounted)
            self._recounted -= people
        self._occupancy -= people

    def _moved(self, event: happened.OfTicketEvent, visit: Visit, at: int) -> None:
        origin = visit.state
        allowed, state = _MOVES[type(event)]
        if isinstance(event, happened.ServiceFinished) and visit.services_left > 1:
            visit.services_left -= 1
            state = "entered"
        self._change(visit, allowed, state)
        self._at_counter(event, visit, state)
        if isinstance(event, happened.TicketEntered):
            self._entered(visit, origin, event, at)
        elif isinstance(event, happened.TicketPostponed):
            self._postponed(visit)
        elif isinstance(event, COMES_BACK) and not visit.inside:
            self._go_inside(visit)
            if origin != "no_show" or (self._plan and self._plan.exits_counted):
                self._hall_holds_all(visit.number)

    def _postponed(self, visit: Visit) -> None:
        if visit.missed:
            self._note("states", f"{visit.number} gives a second turn back")
        visit.missed = True

    def _entered(self, visit: Visit, origin: str, event: happened.TicketEntered, at: int) -> None:
        self._go_inside(visit)
        told_later = visit.missed and event.done_at > 0
        if origin == "issued" and not told_later:
            self._let_in(at, visit.number)
            self._walked_in(visit)
        elif (event.done_at or at) >= visit.arrive_by:
            self._note("states", f"{visit.number} enters too late")
        elif origin != "released":
            self._hall_holds_all(visit.number)
        if self._sanitation == "cleaning":
            self._note("sanitation", f"{visit.number} enters while the hall is cleaned")

    def _walked_in(self, visit: Visit) -> None:
        if self._plan and self._plan.group_admission:
            self._note("groups", f"{visit.number} walks in, and groups are in force")

    def _go_inside(self, visit: Visit) -> None:
        visit.inside = True
        visit.recounts = self._recounts
        self._occupancy += visit.party

    def _at_counter(self, event: happened.OfTicketEvent, visit: Visit, state: str) -> None:
        if state not in ("called", "serving"):
            self._free(visit)
            return
        counter = getattr(event, "counter", visit.counter)
        if counter not in self._counters:
            self._note("counters", f"{visit.number} is at counter {counter}, which is not open")
        elif self._counters[counter] not in ("", visit.number):
            other = self._counters[counter]
            self._note("counters", f"{visit.number} and {other} are both at counter {counter}")
        self._free(visit)
        visit.counter = counter
        self._counters[counter] = visit.number

    def _free(self, visit: Visit) -> None:
        if self._counters.get(visit.counter) == visit.number:
            self._counters[visit.counter] = ""

    # --- counters -----------------------------------------------------------------------------

    def _counter_opened(self, event: happened.CounterOpened, _at: int) -> None:
        if event.counter in self._counters:
            self._note("counters", f"counter {event.counter} opens and is open")
        self._counters.setdefault(event.counter, "")

    def _counter_closed(self, event: happened.CounterClosed, _at: int) -> None:
        if self._counters.pop(event.counter, "nobody"):
            self._note("counters", f"counter {event.counter} closes and is not open and free")

    # --- what several laws share --------------------------------------------------------------

    def _known(self, tickets: Iterable[str]) -> list[Visit]:
        return [self._visits[ticket] for ticket in tickets if ticket in self._visits]

    def _end(self, tickets: Iterable[str], allowed: frozenset[str], state: str) -> None:
        for ticket in tickets:
            visit = self._visits.get(ticket)
            if visit is None:
                self._note("states", f"ticket {ticket} was never issued and is {state}")
            else:
                self._change(visit, allowed, state)
                self._free(visit)

    def _change(self, visit: Visit, allowed: frozenset[str], state: str) -> None:
        if visit.state not in allowed:
            self._note("states", f"{visit.number} was {visit.state} and became {state}")
        if visit.state == "released":
            self._released -= visit.party
        if state == "released":
            self._released += visit.party
        visit.state = state

    def _note(self, law: str, how: str) -> None:
        self.findings.append((law, how))
