"""Decisions at the counters: who is called, served, sent elsewhere, or was not there."""

from __future__ import annotations

from queue_service.policy import commands as asked
from queue_service.policy import door, queues, rules
from queue_service.policy import events as happened
from queue_service.policy.events import Refusal
from queue_service.policy.model import Counter, DayPlan, State, Ticket

Decision = happened.Events | Refusal


def open_counter(state: State, plan: DayPlan, command: asked.OpenCounter, _now: int) -> Decision:
    """The operator sits down; on a day that does not open, only where somebody is still inside."""
    if plan.closed_reason and not state.occupancy:
        return Refusal("day_closed", {"reason": plan.closed_reason})
    if state.phase == "ended":
        return Refusal("day_closed", {"closes_at": plan.closes_at})
    if command.counter not in state.skills:
        return _not_to_be_had(state, command.counter)
    if command.counter in state.counters:
        return Refusal("counter_open", {"counter": command.counter})
    return (happened.CounterOpened(counter=command.counter),)


def close_counter(state: State, _plan: DayPlan, command: asked.CloseCounter, _now: int) -> Decision:
    """The operator leaves; those sent to this counter may be called to any."""
    refusal = _not_open(state, command.counter) or _busy(state, command.counter)
    return refusal or (happened.CounterClosed(counter=command.counter),)


def call_next(state: State, _plan: DayPlan, command: asked.CallNext, _now: int) -> Decision:
    """The first by order among those whom the counter can serve, nobody during cleaning."""
    if state.sanitation.phase == "cleaning":
        return Refusal("paused", {"phase": "cleaning"})
    refusal = _not_free(state, command.counter)
    if refusal:
        return refusal
    counter = state.counters[command.counter]
    key = queues.first_in_hall(state, counter.code, counter.skills)
    if key is None:
        return Refusal("nobody_waiting")
    return (happened.TicketCalled(ticket=key[2], counter=counter.code),)


def recall(
    state: State, plan: DayPlan, ticket: Ticket, _command: asked.RecallTicket, _now: int
) -> Decision:
    """Calls again, also one who was given up and turns up."""
    busy = _not_free(state, ticket.counter) if ticket.state == "no_show" else None
    refusal = busy or _may_not_come_back(state, plan, ticket)
    return refusal or (happened.TicketRecalled(ticket=ticket.id, counter=ticket.counter),)


def start(
    _state: State, _plan: DayPlan, ticket: Ticket, _command: asked.StartService, _now: int
) -> Decision:
    """The visitor is at the counter."""
    return (happened.ServiceStarted(ticket=ticket.id),)


def finish(
    _state: State, plan: DayPlan, ticket: Ticket, _command: asked.FinishService, _now: int
) -> Decision:
    """The service is over; the next one of the same visit waits without a new wait at the door."""
    finished = happened.ServiceFinished(ticket=ticket.id, service=ticket.service)
    if ticket.step + 1 < len(ticket.services):
        return (finished,)
    return (finished, *door.walks_out(plan, ticket))


def no_show(
    _state: State, plan: DayPlan, ticket: Ticket, _command: asked.MarkNoShow, _now: int
) -> Decision:
    """Called and did not come."""
    return (happened.TicketNotShown(ticket=ticket.id), *door.walks_out(plan, ticket))


def return_ticket(
    state: State, plan: DayPlan, ticket: Ticket, _command: asked.ReturnTicket, _now: int
) -> Decision:
    """Back into the hall's queue at the old place, once."""
    if ticket.returned:
        return Refusal("already_returned", {"ticket": ticket.number})
    refusal = _may_not_come_back(state, plan, ticket)
    return refusal or (happened.TicketReturned(ticket=ticket.id),)


def hold(
    _state: State, _plan: DayPlan, ticket: Ticket, command: asked.HoldTicket, _now: int
) -> Decision:
    """Something is awaited; the counter is free for others."""
    return (happened.TicketHeld(ticket=ticket.id, reason=command.reason),)


def resume(
    state: State, plan: DayPlan, ticket: Ticket, command: asked.ResumeTicket, _now: int
) -> Decision:
    """The service goes on at a free counter."""
    refusal = (
        _not_free(state, command.counter)
        or _lacks_skill(state.counters[command.counter], ticket.service)
        or _may_not_come_back(state, plan, ticket)
    )
    return refusal or (happened.TicketResumed(ticket=ticket.id, counter=command.counter),)


def transfer(
    state: State, _plan: DayPlan, ticket: Ticket, command: asked.TransferTicket, _now: int
) -> Decision:
    """To another service or to one counter; the place by time of issue is kept."""
    service = command.service or ticket.service
    refusal = _cannot_take(state, command.counter, service)
    if refusal:
        return refusal
    transferred = happened.TicketTransferred(
        ticket=ticket.id,
        service=service,
        service_time=state.services[service].service_time,
        counter=command.counter,
    )
    return (transferred,)


def _cannot_take(state: State, counter: str, service: str) -> Refusal | None:
    if service not in state.services:
        return Refusal("unknown_service", {"service": service})
    if service not in state.offered:
        return Refusal("not_offered", {"service": service})
    if not counter:
        return None
    return (
        _not_open(state, counter)
        or _out_of_use(state, counter)
        or _lacks_skill(state.counters[counter], service)
    )


def _lacks_skill(counter: Counter, service: str) -> Refusal | None:
    if service in counter.skills:
        return None
    return Refusal("lacks_skill", {"counter": counter.code, "service": service})


def _not_open(state: State, counter: str) -> Refusal | None:
    if counter in state.counters:
        return None
    if counter in state.skills:
        return Refusal("counter_closed", {"counter": counter})
    return _not_to_be_had(state, counter)


def _not_to_be_had(state: State, counter: str) -> Refusal:
    """Of a counter that is neither open nor in use."""
    exists = state.plan is not None and counter in state.plan.out_of_use
    return Refusal("counter_out_of_use" if exists else "unknown_counter", {"counter": counter})


def _not_free(state: State, code: str) -> Refusal | None:
    counter = state.counters.get(code)
    if counter and not counter.ticket and code in state.skills:
        return None
    return _not_open(state, code) or _out_of_use(state, code) or _busy(state, code)


def _out_of_use(state: State, counter: str) -> Refusal | None:
    if counter in state.skills:
        return None
    return Refusal("counter_out_of_use", {"counter": counter})


def _busy(state: State, counter: str) -> Refusal | None:
    ticket = state.counters[counter].ticket
    if ticket:
        number = state.tickets[ticket].number
        return Refusal("counter_busy", {"counter": counter, "ticket": number})
    return None


def _may_not_come_back(state: State, plan: DayPlan, ticket: Ticket) -> Refusal | None:
    """Nobody comes back after the day; who has gone out needs an open hall with room.

    Where nobody counts exits, a visitor who was given up has only been taken to have gone out: who
    stands at the counter needs no room.
    """
    if state.phase == "ended":
        return Refusal("day_closed", {"closes_at": plan.closes_at})
    if ticket.inside:
        return None
    if state.sanitation.phase == "cleaning":
        return Refusal("paused", {"phase": "cleaning"})
    if ticket.state == "no_show" and not plan.exits_counted:
        return None
    if ticket.party <= rules.room(plan.hall_limit, state.occupancy, state.released_people):
        return None
    return Refusal("hall_full", {"hall_limit": plan.hall_limit, "occupancy": state.occupancy})
