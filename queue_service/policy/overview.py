"""The branch now, for whoever runs it: what needs a person, the counters, the pauses. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal

from msgspec import Struct

from queue_service.policy import queues, views
from queue_service.policy.logbook import Cleaning
from queue_service.policy.model import DayPlan, Pause, State, Ticket
from queue_service.policy.preview import consequences

AlarmKind = Literal[
    "hall_not_empty",
    "confirmation_overdue",
    "hall_above_limit",
    "no_counter_open",
    "party_too_large",
    "not_served_by_closing",
]
PauseState = Literal["past", "now", "next", "later"]
CounterState = Literal["closed", "free", "called", "serving"]


class Alarm(Struct, frozen=True):
    """Something that needs a person now; `people` are people, or tickets where they wait."""

    kind: AlarmKind
    people: int


class AtCounter(Struct, frozen=True):
    """Who is at a counter; `since` is epoch ms, 0 where nobody is."""

    state: CounterState
    operator: str = ""
    number: str = ""
    since: int = 0


def alarms(state: State, plan: DayPlan, now: int) -> tuple[Alarm, ...]:
    """What is wrong now, the most urgent first."""
    return tuple(alarm for alarm in _alarms(state, plan, now) if alarm is not None)


def _alarms(state: State, plan: DayPlan, now: int) -> Iterator[Alarm | None]:
    yield _of_sanitation(state)
    above = state.occupancy + state.released_people - plan.hall_limit
    yield Alarm("hall_above_limit", above) if above > 0 else None
    waiting = len(waiting_inside(state))
    idle = waiting and not state.counters and state.sanitation.phase == "none"
    yield Alarm("no_counter_open", waiting) if idle else None
    if state.phase == "planned" and not plan.closed_reason:
        ahead = consequences(state, plan, now)
        yield Alarm("party_too_large", ahead.too_large) if ahead.too_large else None
        late = ahead.not_served_by_closing - ahead.too_large
        yield Alarm("not_served_by_closing", late) if late else None


def _of_sanitation(state: State) -> Alarm | None:
    if not views.alarmed(state):
        return None
    if state.sanitation.phase == "draining":
        return Alarm("hall_not_empty", state.occupancy)
    return Alarm("confirmation_overdue", 0)


def waiting_outside(state: State) -> list[Ticket]:
    """Tickets outside in the order in which they are let in."""
    return [state.tickets[ticket] for ticket in queues.street_in_order(state)]


def waiting_inside(state: State) -> list[Ticket]:
    """Tickets in the hall that wait for a counter."""
    places = {key[2] for queue in state.hall.values() for key in queue}
    return [state.tickets[ticket] for ticket in places]


def longest(waits: list[int], now: int) -> int | None:
    """Milliseconds since the earliest of some instants; None without any."""
    return now - min(waits) if waits else None


def at_counter(state: State, counter: str) -> AtCounter:
    """What goes on at a counter."""
    found = state.counters.get(counter)
    if found is None:
        return AtCounter("closed")
    ticket = state.tickets.get(found.ticket)
    if ticket is None:
        return AtCounter("free", found.operator)
    if ticket.state == "serving":
        return AtCounter("serving", found.operator, ticket.number, ticket.started_at)
    return AtCounter("called", found.operator, ticket.number, ticket.called_at)


def pauses(
    state: State, plan: DayPlan, had: Iterable[Cleaning]
) -> Iterator[tuple[Pause, PauseState]]:
    """Every sanitation of the journal, `had`, then every planned one that is still to come.

    What a plan reckons before it came into force was never held and is not told.
    """
    for one in had:
        yield _as_held(state, one), "past" if one.confirmed_at else "now"
    for place, pause in enumerate(plan.pauses[state.next_pause :]):
        yield pause, "later" if place else "next"


def _as_held(state: State, one: Cleaning) -> Pause:
    if not one.cleaned_from:
        return Pause(one.begun_at, one.empty_by, state.sanitation.cleaning)
    return Pause(one.begun_at, one.cleaned_from, one.due_at - one.cleaned_from)
