"""Applies what happened: `evolve` changes the state that the caller owns by one journal entry.

It asks nothing and refuses nothing: what may happen was decided before the entry was written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from msgspec.structs import replace

from queue_service.policy import counters, deadlines, queues, rules
from queue_service.policy import events as happened
from queue_service.policy.model import DayPlan, Sanitation, State, Ticket, pauses_begun


def evolve(state: State, entry: happened.Entry) -> None:
    """Applies `entry`, which must be the next one of the state's journal (seq = state.seq + 1)."""
    event, anybody = entry.event, state.occupancy or state.released_people
    state.seq = entry.seq
    state.at = entry.at
    if not entry.part:
        state.seen[entry.command] = entry.seq
    _APPLY[type(event)](state, event, entry)
    if anybody and not (state.occupancy or state.released_people):
        state.emptied_at = entry.at


def fold(entries: Iterable[happened.Entry]) -> State:
    """The state after `entries`, the whole journal of one day in order of seq."""
    state = State()
    for entry in entries:
        evolve(state, entry)
    return state


# --- the day and its plan ------------------------------------------------------------------------


def _plan_changed(state: State, event: happened.PlanChanged, entry: happened.Entry) -> None:
    plan = event.plan
    state.closes_at = _closes_at(state, plan, entry.at)
    state.next_pause = _next_pause(state, plan, entry.at)
    state.plan = plan
    state.plan_version = event.version
    state.services = {service.code: service for service in plan.services}
    state.skills = {counter.code: counter.skills for counter in plan.counters}
    state.offered = frozenset(skill for counter in plan.counters for skill in counter.skills)
    if not plan.group_admission:
        queues.end_rejoining(state)
    if entry.at < plan.closes_at:
        state.phase = "planned"
    for code in state.counters.keys() & state.skills.keys():
        state.counters[code] = replace(state.counters[code], skills=state.skills[code])
    state.able = counters.able(state)


def _closes_at(state: State, plan: DayPlan, at: int) -> int:
    """Nobody closes in the past: overtime for those inside begins with the change."""
    if state.plan is None:
        return plan.closes_at
    return max(plan.closes_at, at if state.phase == "planned" else state.closes_at)


def _next_pause(state: State, plan: DayPlan, at: int) -> int:
    """Pauses of `plan` begun by `at`; one that no tick has begun yet is still to come."""
    pending = deadlines.drain_at(state, state.plan) if state.plan else rules.NEVER
    return pauses_begun(plan, min(at, pending - 1))


def _day_closed(state: State, event: happened.DayClosed, entry: happened.Entry) -> None:
    state.phase = "closed"
    for ticket in event.expired:
        counters.end(state, state.tickets[ticket], "expired", entry.at)


def _day_ended(state: State, event: happened.DayEnded, entry: happened.Entry) -> None:
    state.phase = "ended"
    for ticket in event.expired:
        counters.end(state, state.tickets[ticket], "expired", entry.at)
    for ticket in event.finished:
        counters.end(state, state.tickets[ticket], "served", entry.at)
    inside = [ticket for ticket in state.tickets.values() if ticket.inside]
    state.tickets |= {ticket.id: replace(ticket, inside=False) for ticket in inside}
    state.occupancy = 0


# --- the street and the door ---------------------------------------------------------------------


def _ticket_issued(state: State, event: happened.TicketIssued, entry: happened.Entry) -> None:
    letter = event.number.partition("-")[0]
    state.numbers[letter] = state.numbers.get(letter, 0) + 1
    if event.carried_from:
        state.carried[event.carried_from] = event.ticket
    ticket = Ticket(
        id=event.ticket,
        number=event.number,
        key=(event.order, len(state.tickets) + 1, event.ticket),
        services=event.services,
        service_times=event.service_times,
        party=event.party,
        priority=event.priority,
        issued_at=entry.at,
        by=entry.by,
        language=event.language,
        assisted=event.assisted,
        changed_at=entry.at,
    )
    queues.wait_in_street(state, ticket)


def _visit_refused(state: State, event: happened.VisitRefused, _entry: happened.Entry) -> None:
    state.refused[event.reason] = state.refused.get(event.reason, 0) + 1


def _group_released(state: State, event: happened.GroupReleased, entry: happened.Entry) -> None:
    for ticket_id in event.tickets:
        ticket = state.tickets[ticket_id]
        released = replace(
            ticket,
            state="released",
            group=event.group,
            arrive_by=event.arrive_by,
            changed_at=entry.at,
        )
        queues.wait_at_door(state, ticket, released)
    queues.end_rejoining(state)
    state.group = event.group
    state.group_at = entry.at


def _tickets_missed(state: State, event: happened.TicketsMissed, entry: happened.Entry) -> None:
    _miss(state, event.tickets, entry.at)


def _ticket_postponed(state: State, event: happened.TicketPostponed, entry: happened.Entry) -> None:
    _miss(state, (event.ticket,), entry.at)


def _miss(state: State, tickets: Iterable[str], at: int) -> None:
    for ticket_id in tickets:
        ticket = state.tickets[ticket_id]
        if rules.may_rejoin(ticket.missed):
            queues.stop_waiting(state, ticket)
            missed = ticket.missed + 1
            again = replace(ticket, state="issued", missed=missed, changed_at=at)
            queues.wait_in_street(state, again)
        else:
            counters.end(state, ticket, "missed", at)
    if state.plan and not state.plan.group_admission:
        queues.end_rejoining(state)


def _tickets_redirected(
    state: State, event: happened.TicketsRedirected, entry: happened.Entry
) -> None:
    for ticket_id in event.tickets:
        ticket = replace(state.tickets[ticket_id], redirected=True)
        counters.end(state, ticket, "cancelled", entry.at)


def _ticket_entered(state: State, event: happened.TicketEntered, entry: happened.Entry) -> None:
    ticket = state.tickets[event.ticket]
    entered = replace(
        ticket,
        state="entered",
        inside=True,
        entered_at=entry.at,
        recounts=state.recounts,
        changed_at=entry.at,
    )
    state.occupancy += ticket.party
    if ticket.state in queues.OUTSIDE:
        queues.wait_inside(state, ticket, entered)
    else:
        queues.wait_in_hall(state, entered)


def _ticket_left(state: State, event: happened.TicketLeft, entry: happened.Entry) -> None:
    ticket = state.tickets[event.ticket]
    people = ticket.party
    if ticket.recounts < state.recounts:
        # The recount may have taken this party off already: not more than it found can go.
        people = min(people, state.recounted)
        state.recounted -= people
    state.occupancy -= people
    state.tickets[ticket.id] = replace(ticket, inside=False, changed_at=entry.at)


def _ticket_cancelled(state: State, event: happened.TicketCancelled, entry: happened.Entry) -> None:
    counters.end(state, state.tickets[event.ticket], "cancelled", entry.at)


def _hall_recounted(state: State, event: happened.HallRecounted, _entry: happened.Entry) -> None:
    state.occupancy = state.recounted = event.occupancy
    state.recounts += 1


# --- sanitation ----------------------------------------------------------------------------------


def _drain_started(state: State, event: happened.DrainStarted, _entry: happened.Entry) -> None:
    state.next_pause = event.next_pause
    state.sanitation = Sanitation(
        phase="draining",
        clean_from=event.clean_from,
        empty_by=event.empty_by,
        cleaning=event.cleaning,
    )


def _cleaning_started(
    state: State, event: happened.CleaningStarted, _entry: happened.Entry
) -> None:
    state.sanitation = Sanitation(phase="cleaning", clean_until=event.until)


def _cleaning_confirmed(
    state: State, event: happened.CleaningConfirmed, _entry: happened.Entry
) -> None:
    state.sanitation = Sanitation()
    state.next_pause = event.next_pause


def _alarm_raised(state: State, _event: happened.AlarmRaised, _entry: happened.Entry) -> None:
    state.sanitation = replace(state.sanitation, alarmed=True)


_APPLY: dict[type[happened.AnyEvent], Callable[[State, Any, happened.Entry], None]] = {
    happened.PlanChanged: _plan_changed,
    happened.TicketIssued: _ticket_issued,
    happened.VisitRefused: _visit_refused,
    happened.GroupReleased: _group_released,
    happened.TicketsMissed: _tickets_missed,
    happened.TicketPostponed: _ticket_postponed,
    happened.TicketsRedirected: _tickets_redirected,
    happened.TicketEntered: _ticket_entered,
    happened.TicketLeft: _ticket_left,
    happened.TicketCancelled: _ticket_cancelled,
    happened.TicketCalled: counters.ticket_called,
    happened.TicketRecalled: counters.ticket_recalled,
    happened.ServiceStarted: counters.service_started,
    happened.ServiceFinished: counters.service_finished,
    happened.TicketNotShown: counters.ticket_not_shown,
    happened.TicketReturned: counters.ticket_returned,
    happened.TicketHeld: counters.ticket_held,
    happened.TicketResumed: counters.ticket_resumed,
    happened.TicketTransferred: counters.ticket_transferred,
    happened.HallRecounted: _hall_recounted,
    happened.DrainStarted: _drain_started,
    happened.CleaningStarted: _cleaning_started,
    happened.CleaningConfirmed: _cleaning_confirmed,
    happened.AlarmRaised: _alarm_raised,
    happened.CounterOpened: counters.counter_opened,
    happened.CounterClosed: counters.counter_closed,
    happened.DayClosed: _day_closed,
    happened.DayEnded: _day_ended,
}
