"""An independent reading of the rules: plain lists, sorted anew for every question.

It folds a journal by itself and judges each event by what the rules of a branch say, in O(n).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from queue_service.policy import events as happened
from queue_service.policy import queues
from queue_service.policy.model import DayPlan, State

WAITS_OUTSIDE = "waits outside"
AT_THE_DOOR = "at the door"
WAITS_INSIDE = "waits inside"
CALLED = "called"
SERVED_NOW = "served now"
HELD = "held"
OVER = "over"


@dataclass
class Visit:
    """A ticket as a note on paper."""

    id: str
    number: str
    services: list[str]
    party: int
    place: tuple[int, int]
    """Instant of issue, put back for a lower class; then the order of issue."""
    where: str = WAITS_OUTSIDE
    how_over: str = ""
    missed: int = 0
    returned: int = 0
    behind_next_group: bool = False
    inside: bool = False
    counter: str = ""
    arrive_by: int = 0


@dataclass
class NaiveBranch:
    """What an onlooker with a notebook knows; every event that breaks a rule fails an assertion."""

    plan: DayPlan | None = None
    visits: dict[str, Visit] = field(default_factory=dict)
    occupancy: int = 0
    recounted: bool = False
    found: int = 0
    """People of the last recount who may still be there."""
    since: set[str] = field(default_factory=set)
    """Visits that came in after the last recount."""
    cleaning: bool = False
    draining: bool = False
    cleaned_until: int = 0
    pauses_had: int = 0
    """Instant up to which every scheduled pause has been begun or had."""
    closed: bool = False
    ended: bool = False
    last_group: int = 0
    counters: dict[str, tuple[str, ...]] = field(default_factory=dict)
    at: int = 0
    seq: int = 0
    asked_size: int = 0
    """People that the attendant asks for; 0 for a whole group."""

    def see(self, entry: happened.Entry) -> None:
        """Judges an entry and writes it down."""
        assert entry.seq == self.seq + 1
        assert entry.at >= self.at
        self.seq, self.at = entry.seq, entry.at
        _SEEN[type(entry.event)](self, entry.event)

    # --- questions, each answered from all the notes

    @property
    def now_plan(self) -> DayPlan:
        assert self.plan is not None
        return self.plan

    def those(self, where: str) -> list[Visit]:
        found = [visit for visit in self.visits.values() if visit.where == where]
        return sorted(found, key=lambda visit: visit.place)

    @property
    def people_at_door(self) -> int:
        return sum(visit.party for visit in self.those(AT_THE_DOOR))

    @property
    def free(self) -> int:
        return max(0, self.now_plan.hall_limit - self.occupancy - self.people_at_door)

    @property
    def outside_in_order(self) -> list[Visit]:
        outside = self.those(WAITS_OUTSIDE)
        return sorted(outside, key=lambda visit: visit.behind_next_group)

    def next_in(self, most: int) -> list[Visit]:
        """Who goes in next if `most` people may: the first that is too many ends it."""
        plan = self.now_plan
        largest = min(plan.group_size, plan.hall_limit) if plan.group_admission else plan.hall_limit
        chosen: list[Visit] = []
        for visit in self.outside_in_order:
            if visit.party > largest:
                continue
            if sum(other.party for other in chosen) + visit.party > most:
                break
            chosen.append(visit)
        return chosen

    def next_at(self, counter: str) -> Visit | None:
        skills = self.counters[counter]
        for visit in self.those(WAITS_INSIDE):
            if visit.counter == counter or (not visit.counter and visit.services[0] in skills):
                return visit
        return None

    def at_counter(self, counter: str) -> list[Visit]:
        here = self.those(CALLED) + self.those(SERVED_NOW)
        return [visit for visit in here if visit.counter == counter]

    def assert_door_open(self) -> None:
        plan = self.now_plan
        assert not self.draining, "let in during a drain"
        assert not self.cleaning, "let in during cleaning"
        assert not self.closed, "let in after closing"
        assert not self.pauses_overdue, "let in though a drain has come"
        assert not plan.closed_reason, "let in on a day of rest"
        assert plan.opens_at <= self.at < plan.last_admission_at, "let in out of hours"

    @property
    def pauses_overdue(self) -> list[int]:
        """Drains that have come and that nothing has begun yet."""
        drains = [pause.drain_at for pause in self.plan.pauses] if self.plan else []
        return [drain for drain in drains if self.pauses_had < drain <= self.at]

    # --- what several events share

    def moved(self, ticket: str, *come_from: str) -> Visit:
        visit = self.visits[ticket]
        assert visit.where in come_from, f"{visit.number} is {visit.where}"
        return visit

    def comes_in(self, visit: Visit) -> None:
        visit.inside = True
        self.since.add(visit.id)
        self.occupancy += visit.party

    def over(self, visit: Visit, how: str) -> None:
        visit.where, visit.how_over = OVER, how

    # --- events

    def plan_changed(self, event: happened.PlanChanged) -> None:
        self.pauses_had = min([self.at, *(drain - 1 for drain in self.pauses_overdue)])
        self.plan = event.plan
        if self.at < event.plan.closes_at:
            self.closed = self.ended = False
        for visit in self.visits.values():
            visit.behind_next_group &= event.plan.group_admission
        for counter in event.plan.counters:
            if counter.code in self.counters:
                self.counters[counter.code] = counter.skills

    def ticket_issued(self, event: happened.TicketIssued) -> None:
        plan = self.now_plan
        letter = next(one.letter for one in plan.services if one.code == event.services[0])
        issued_before = [v for v in self.visits.values() if v.number.split("-")[0] == letter]
        assert event.number == f"{letter}-{len(issued_before) + 1:03d}"
        assert event.ticket not in self.visits
        assert not self.closed
        put_back = plan.ageing * list(plan.priorities).index(event.priority)
        self.visits[event.ticket] = Visit(
            id=event.ticket,
            number=event.number,
            services=list(event.services),
            party=event.party,
            place=(self.at + put_back, len(self.visits)),
        )

    def visit_refused(self, event: happened.VisitRefused) -> None:
        if event.reason == "online_only":
            assert self.now_plan.non_online_only

    def group_released(self, event: happened.GroupReleased) -> None:
        plan = self.now_plan
        self.assert_door_open()
        assert plan.group_admission
        assert event.tickets, "an empty group"
        assert not self.last_group or self.at >= self.last_group + plan.group_interval
        most = min(self.asked_size or plan.group_size, self.free)
        assert event.people <= most <= plan.group_size
        chosen = self.next_in(most)
        assert [visit.id for visit in chosen] == list(event.tickets)
        assert sum(visit.party for visit in chosen) == event.people
        for visit in chosen:
            visit.where, visit.arrive_by = AT_THE_DOOR, event.arrive_by
        for visit in self.visits.values():
            visit.behind_next_group = False
        self.last_group = self.at

    def tickets_missed(self, event: happened.TicketsMissed) -> None:
        assert event.tickets
        for ticket in event.tickets:
            visit = self.moved(ticket, AT_THE_DOOR)
            assert self.at >= visit.arrive_by
            visit.missed += 1
            if visit.missed > 1:
                self.over(visit, "missed")
            else:
                visit.where = WAITS_OUTSIDE
                visit.behind_next_group = self.now_plan.group_admission

    def ticket_postponed(self, event: happened.TicketPostponed) -> None:
        visit = self.moved(event.ticket, AT_THE_DOOR)
        assert not visit.missed
        visit.missed = 1
        visit.where = WAITS_OUTSIDE
        visit.behind_next_group = self.now_plan.group_admission

    def tickets_redirected(self, event: happened.TicketsRedirected) -> None:
        online = {one.code for one in self.now_plan.services if one.online}
        assert self.now_plan.non_online_only
        for ticket in event.tickets:
            visit = self.moved(ticket, WAITS_OUTSIDE)
            assert online >= set(visit.services)
            self.over(visit, "cancelled")

    def ticket_entered(self, event: happened.TicketEntered) -> None:
        visit = self.moved(event.ticket, AT_THE_DOOR, WAITS_OUTSIDE)
        assert not self.cleaning, "somebody comes in during cleaning"
        if visit.where == AT_THE_DOOR:
            assert self.at < visit.arrive_by
        else:
            self.assert_door_open()
            assert not self.now_plan.group_admission
            assert self.next_in(self.free)[0] is visit
            assert visit.party <= self.free, "more people than the hall may hold"
        self.comes_in(visit)
        visit.where = WAITS_INSIDE

    def ticket_left(self, event: happened.TicketLeft) -> None:
        visit = self.visits[event.ticket]
        assert visit.inside
        assert visit.where in (OVER, SERVED_NOW)
        visit.inside = False
        if not self.recounted or visit.id in self.since:
            self.occupancy -= visit.party
        else:
            gone = min(visit.party, self.found)
            self.found, self.occupancy = self.found - gone, self.occupancy - gone

    def ticket_cancelled(self, event: happened.TicketCancelled) -> None:
        visit = self.moved(event.ticket, WAITS_OUTSIDE, AT_THE_DOOR, WAITS_INSIDE, CALLED, HELD)
        self.over(visit, "cancelled")

    def ticket_called(self, event: happened.TicketCalled) -> None:
        assert not self.at_counter(event.counter), "two visits at one counter"
        visit = self.moved(event.ticket, WAITS_INSIDE)
        assert self.next_at(event.counter) is visit
        visit.where, visit.counter = CALLED, event.counter

    def ticket_recalled(self, event: happened.TicketRecalled) -> None:
        visit = self.moved(event.ticket, CALLED, OVER)
        if visit.where == OVER:
            assert visit.how_over == "no_show"
            assert not self.at_counter(event.counter), "two visits at one counter"
        self.readmit(visit, seen_out=visit.where != OVER or self.now_plan.exits_counted)
        visit.where, visit.how_over, visit.counter = CALLED, "", event.counter

    def readmit(self, visit: Visit, *, seen_out: bool) -> None:
        assert not self.ended, "somebody comes back after the end of the day"
        if not visit.inside:
            assert not self.cleaning, "somebody comes back during cleaning"
            assert not seen_out or visit.party <= self.free, "more people than the hall may hold"
            self.comes_in(visit)

    def service_started(self, event: happened.ServiceStarted) -> None:
        self.moved(event.ticket, CALLED).where = SERVED_NOW

    def service_finished(self, event: happened.ServiceFinished) -> None:
        visit = self.moved(event.ticket, SERVED_NOW)
        assert visit.services[0] == event.service
        visit.counter = ""
        if len(visit.services) == 1:
            self.over(visit, "served")
        else:
            visit.services.pop(0)
            visit.where = WAITS_INSIDE

    def ticket_not_shown(self, event: happened.TicketNotShown) -> None:
        self.over(self.moved(event.ticket, CALLED), "no_show")

    def ticket_returned(self, event: happened.TicketReturned) -> None:
        visit = self.moved(event.ticket, OVER)
        assert visit.how_over == "no_show"
        assert not visit.returned, "returned twice"
        visit.returned += 1
        self.readmit(visit, seen_out=self.now_plan.exits_counted)
        visit.where, visit.how_over, visit.counter = WAITS_INSIDE, "", ""

    def ticket_held(self, event: happened.TicketHeld) -> None:
        visit = self.moved(event.ticket, CALLED, SERVED_NOW)
        visit.where, visit.counter = HELD, ""

    def ticket_resumed(self, event: happened.TicketResumed) -> None:
        assert not self.at_counter(event.counter), "two visits at one counter"
        visit = self.moved(event.ticket, HELD)
        assert visit.services[0] in self.counters[event.counter]
        self.readmit(visit, seen_out=True)
        visit.where, visit.counter = SERVED_NOW, event.counter

    def ticket_transferred(self, event: happened.TicketTransferred) -> None:
        visit = self.moved(event.ticket, WAITS_INSIDE, CALLED, SERVED_NOW, HELD)
        assert not event.counter or event.service in self.counters[event.counter]
        visit.services[0] = event.service
        visit.where, visit.counter = WAITS_INSIDE, event.counter

    def hall_recounted(self, event: happened.HallRecounted) -> None:
        assert event.before == self.occupancy
        self.occupancy, self.found, self.recounted = event.occupancy, event.occupancy, True
        self.since.clear()

    def drain_started(self, _event: happened.DrainStarted) -> None:
        assert not self.draining
        assert not self.cleaning
        self.draining = True
        if self.pauses_overdue:
            self.pauses_had = self.at

    def cleaning_started(self, event: happened.CleaningStarted) -> None:
        assert not self.cleaning
        assert self.occupancy + self.people_at_door == 0, "people in the hall that is cleaned"
        self.draining, self.cleaning, self.cleaned_until = False, True, event.until

    def cleaning_confirmed(self, _event: happened.CleaningConfirmed) -> None:
        assert self.cleaning
        assert self.at >= self.cleaned_until, "cleaned for too short a time"
        self.cleaning = False
        self.pauses_had = self.at

    def alarm_raised(self, event: happened.AlarmRaised) -> None:
        if event.alarm == "hall_not_empty":
            assert self.draining
            assert event.people == self.occupancy + self.people_at_door > 0
        else:
            assert self.cleaning

    def counter_opened(self, event: happened.CounterOpened) -> None:
        assert event.counter not in self.counters
        skills = {one.code: one.skills for one in self.now_plan.counters}
        self.counters[event.counter] = skills[event.counter]

    def counter_closed(self, event: happened.CounterClosed) -> None:
        assert not self.at_counter(event.counter)
        del self.counters[event.counter]
        for visit in self.those(WAITS_INSIDE):
            if visit.counter == event.counter:
                visit.counter = ""

    def day_closed(self, event: happened.DayClosed) -> None:
        outside = self.those(AT_THE_DOOR) + self.those(WAITS_OUTSIDE)
        assert {visit.id for visit in outside} == set(event.expired)
        for visit in outside:
            self.over(visit, "expired")
        self.closed = True

    def day_ended(self, event: happened.DayEnded) -> None:
        assert self.closed
        left = [visit for visit in self.visits.values() if visit.where != OVER]
        done = [visit for visit in left if visit.where == SERVED_NOW and len(visit.services) == 1]
        assert [visit.id for visit in done] == list(event.finished)
        assert {visit.id for visit in left} == {*event.finished, *event.expired}
        for visit in left:
            self.over(visit, "served" if visit in done else "expired")
        for visit in self.visits.values():
            visit.inside = False
        self.occupancy, self.ended = 0, True

    # --- the state under test says the same

    def assert_like(self, state: State) -> None:
        """The fold of the policy agrees with the notes."""
        assert state.occupancy == self.occupancy
        assert state.released_people == self.people_at_door
        assert queues.street_in_order(state) == tuple(v.id for v in self.outside_in_order)
        in_hall = sorted(key for queue in state.hall.values() for key in queue)
        assert [key[2] for key in in_hall] == [v.id for v in self.those(WAITS_INSIDE)]
        assert [ticket for _, ticket in state.released] == self._by_arrival()
        assert state.street_people == sum(v.party for v in self.those(WAITS_OUTSIDE))
        assert state.counters.keys() == self.counters.keys()
        for visit in self.visits.values():
            assert tuple(self._words(visit)) == (
                state.tickets[visit.id].state,
                state.tickets[visit.id].inside,
            )
        if not self.recounted:
            assert self.occupancy == sum(v.party for v in self.visits.values() if v.inside)

    def _by_arrival(self) -> list[str]:
        return [v.id for v in sorted(self.those(AT_THE_DOOR), key=lambda v: (v.arrive_by, v.id))]

    def _words(self, visit: Visit) -> Iterator[Any]:
        yield visit.how_over or _WORDS[visit.where]
        yield visit.inside


_WORDS = {
    WAITS_OUTSIDE: "issued",
    AT_THE_DOOR: "released",
    WAITS_INSIDE: "entered",
    CALLED: "called",
    SERVED_NOW: "serving",
    HELD: "on_hold",
}

_SEEN: dict[type[happened.AnyEvent], Callable[[NaiveBranch, Any], None]] = {
    happened.PlanChanged: NaiveBranch.plan_changed,
    happened.TicketIssued: NaiveBranch.ticket_issued,
    happened.VisitRefused: NaiveBranch.visit_refused,
    happened.GroupReleased: NaiveBranch.group_released,
    happened.TicketsMissed: NaiveBranch.tickets_missed,
    happened.TicketPostponed: NaiveBranch.ticket_postponed,
    happened.TicketsRedirected: NaiveBranch.tickets_redirected,
    happened.TicketEntered: NaiveBranch.ticket_entered,
    happened.TicketLeft: NaiveBranch.ticket_left,
    happened.TicketCancelled: NaiveBranch.ticket_cancelled,
    happened.TicketCalled: NaiveBranch.ticket_called,
    happened.TicketRecalled: NaiveBranch.ticket_recalled,
    happened.ServiceStarted: NaiveBranch.service_started,
    happened.ServiceFinished: NaiveBranch.service_finished,
    happened.TicketNotShown: NaiveBranch.ticket_not_shown,
    happened.TicketReturned: NaiveBranch.ticket_returned,
    happened.TicketHeld: NaiveBranch.ticket_held,
    happened.TicketResumed: NaiveBranch.ticket_resumed,
    happened.TicketTransferred: NaiveBranch.ticket_transferred,
    happened.HallRecounted: NaiveBranch.hall_recounted,
    happened.DrainStarted: NaiveBranch.drain_started,
    happened.CleaningStarted: NaiveBranch.cleaning_started,
    happened.CleaningConfirmed: NaiveBranch.cleaning_confirmed,
    happened.AlarmRaised: NaiveBranch.alarm_raised,
    happened.CounterOpened: NaiveBranch.counter_opened,
    happened.CounterClosed: NaiveBranch.counter_closed,
    happened.DayClosed: NaiveBranch.day_closed,
    happened.DayEnded: NaiveBranch.day_ended,
}
