"""`evolve` at the counters: they open and close, call, serve, put on hold, pass on.

How any visit ends is here too, for one that was at a counter leaves it free.
"""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from queue_service.policy import events as happened
from queue_service.policy import queues
from queue_service.policy.model import Counter, State, Ticket
from schemas.wire import TicketState

Row = tuple[Any, ...]


def counter_opened(state: State, event: happened.CounterOpened, entry: happened.Entry) -> None:
    code = event.counter
    state.counters[code] = Counter(code=code, skills=state.skills[code], operator=entry.by)
    state.able = able(state)


def counter_closed(state: State, event: happened.CounterClosed, entry: happened.Entry) -> None:
    del state.counters[event.counter]
    state.able = able(state)
    for ticket in queues.sent_to(state, event.counter):
        queues.wait_in_hall(state, _change(state, ticket, entry.at, counter=""))


def able(state: State) -> dict[str, frozenset[str]]:
    """Service -> the counters that can give it: of the open ones, or of all while none is."""
    skills = {code: counter.skills for code, counter in state.counters.items()} or state.skills
    found: dict[str, list[str]] = {}
    for code, services in skills.items():
        for service in services:
            found.setdefault(service, []).append(code)
    return {service: frozenset(codes) for service, codes in found.items()}


def ticket_called(state: State, event: happened.TicketCalled, entry: happened.Entry) -> None:
    ticket = state.tickets[event.ticket]
    queues.stop_waiting(state, ticket)
    _call(state, ticket, event.counter, entry.at)


def ticket_recalled(state: State, event: happened.TicketRecalled, entry: happened.Entry) -> None:
    _readmit(state, state.tickets[event.ticket])
    _call(state, state.tickets[event.ticket], event.counter, entry.at)


def _call(state: State, ticket: Ticket, code: str, at: int) -> None:
    _take_counter(state, ticket, code)
    called = replace(ticket, state="called", counter=code, called_at=at, changed_at=at)
    state.tickets[ticket.id] = called


def service_started(state: State, event: happened.ServiceStarted, entry: happened.Entry) -> None:
    ticket = state.tickets[event.ticket]
    at = entry.at
    state.tickets[ticket.id] = replace(ticket, state="serving", started_at=at, changed_at=at)


def service_finished(state: State, event: happened.ServiceFinished, entry: happened.Entry) -> None:
    ticket = state.tickets[event.ticket]
    if ticket.step + 1 == len(ticket.services):
        end(state, ticket, "served", entry.at)
        return
    _free_counter(state, ticket)
    step = ticket.step + 1
    ticket = _change(state, ticket, entry.at, state="entered", step=step, counter="")
    queues.wait_in_hall(state, ticket)


def ticket_not_shown(state: State, event: happened.TicketNotShown, entry: happened.Entry) -> None:
    end(state, state.tickets[event.ticket], "no_show", entry.at)


def ticket_returned(state: State, event: happened.TicketReturned, entry: happened.Entry) -> None:
    _readmit(state, state.tickets[event.ticket])
    ticket = state.tickets[event.ticket]
    ticket = _change(state, ticket, entry.at, state="entered", returned=True, counter="")
    queues.wait_in_hall(state, ticket)


def ticket_held(state: State, event: happened.TicketHeld, entry: happened.Entry) -> None:
    ticket = state.tickets[event.ticket]
    _free_counter(state, ticket)
    _change(state, ticket, entry.at, state="on_hold", counter="")


def ticket_resumed(state: State, event: happened.TicketResumed, entry: happened.Entry) -> None:
    _readmit(state, state.tickets[event.ticket])
    ticket, code, at = state.tickets[event.ticket], event.counter, entry.at
    _take_counter(state, ticket, code)
    serving = replace(ticket, state="serving", counter=code, started_at=at, changed_at=at)
    state.tickets[ticket.id] = serving


def ticket_transferred(
    state: State, event: happened.TicketTransferred, entry: happened.Entry
) -> None:
    ticket = state.tickets[event.ticket]
    _free_counter(state, ticket)
    ticket = _change(
        state,
        ticket,
        entry.at,
        state="entered",
        services=_with(ticket.services, ticket.step, event.service),
        service_times=_with(ticket.service_times, ticket.step, event.service_time),
        counter=event.counter,
    )
    queues.wait_in_hall(state, ticket)


# --- what several events share -------------------------------------------------------------------


def _change(state: State, ticket: Ticket, at: int, /, **changes: object) -> Ticket:
    """Takes the ticket out of its queue and stores it changed; the caller lets it wait anew."""
    queues.stop_waiting(state, ticket)
    changed = replace(ticket, changed_at=at, **changes)
    state.tickets[ticket.id] = changed
    return changed


def end(state: State, ticket: Ticket, how: TicketState, at: int) -> None:
    """A visit is over, wherever it was."""
    if not _free_counter(state, ticket):
        queues.stop_waiting(state, ticket)
    state.tickets[ticket.id] = replace(ticket, state=how, changed_at=at)


def _take_counter(state: State, ticket: Ticket, code: str) -> None:
    state.counters[code] = replace(state.counters[code], ticket=ticket.id)


def _free_counter(state: State, ticket: Ticket) -> bool:
    """Whether the ticket was at a counter, which then has nobody."""
    if ticket.state not in ("called", "serving"):
        return False
    counter = state.counters[ticket.counter]
    state.counters[ticket.counter] = replace(counter, ticket="")
    return True


def _readmit(state: State, ticket: Ticket) -> None:
    if not ticket.inside:
        state.occupancy += ticket.party
        state.tickets[ticket.id] = replace(ticket, inside=True, recounts=state.recounts)


def _with(row: Row, at: int, value: object) -> Row:
    return (*row[:at], value, *row[at + 1 :])
