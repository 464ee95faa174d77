"""What one decision costs by the number of tickets of the day."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from benchmarks import country
from queue_service.ids import new_command_id, new_ticket_id
from queue_service.policy import commands as asked
from queue_service.policy.decide import decide, record
from queue_service.policy.events import Entry, Refusal
from queue_service.policy.evolve import evolve
from queue_service.policy.model import State

if TYPE_CHECKING:
    from collections.abc import Callable

SIZES = (100, 1_000, 10_000)
REPETITIONS = 1_000
ROOMY = 100_000
BY = "bench"


class DecideCost(msgspec.Struct, frozen=True, kw_only=True):
    """Microseconds of deciding and of applying one command when `tickets` wait in the hall."""

    tickets: int
    issue: float
    call_next: float
    evolve: float


def decide_costs() -> tuple[DecideCost, ...]:
    """The costs at each of `SIZES`."""
    return tuple(_cost(tickets) for tickets in SIZES)


def take_ticket(by: str) -> asked.TakeTicket:
    """A command for one more ticket."""
    return asked.TakeTicket(
        id=new_command_id(),
        by=by,
        ticket=new_ticket_id(country.DAY),
        services=(country.SERVICE,),
        despite_closing=True,
    )


def _cost(tickets: int) -> DecideCost:
    state = _state_with(tickets)
    issue = take_ticket(BY)
    call = asked.CallNext(id=new_command_id(), by=BY, counter=country.counters()[0])
    ahead = iter(_more_entries(state))
    return DecideCost(
        tickets=tickets,
        issue=_microseconds(lambda: decide(state, issue, country.BEGIN)),
        call_next=_microseconds(lambda: decide(state, call, country.BEGIN)),
        evolve=_microseconds(lambda: evolve(state, next(ahead))),
    )


def _state_with(tickets: int) -> State:
    state = State()
    plan = replace(country.hall_plan(), hall_limit=ROOMY)
    _carry_out(state, asked.ChangePlan(id=new_command_id(), by=BY, plan=plan))
    counter = country.counters()[0]
    _carry_out(state, asked.OpenCounter(id=new_command_id(), by=BY, counter=counter))
    for _ in range(tickets):
        _carry_out(state, take_ticket(BY))
    return state


def _carry_out(state: State, command: asked.Command) -> tuple[Entry, ...]:
    events = decide(state, command, country.BEGIN)
    if isinstance(events, Refusal):
        raise TypeError(f"refused: {events}")
    entries = record(state, command, country.BEGIN, events)
    for entry in entries:
        evolve(state, entry)
    return entries


def _more_entries(state: State) -> list[Entry]:
    """Entries that follow the state's last one, enough to measure with."""
    ahead = state.copy()
    return [entry for _ in range(REPETITIONS) for entry in _carry_out(ahead, take_ticket(BY))]


def _microseconds(work: Callable[[], object]) -> float:
    began = time.perf_counter_ns()
    for _ in range(REPETITIONS):
        work()
    return (time.perf_counter_ns() - began) / REPETITIONS / 1000
