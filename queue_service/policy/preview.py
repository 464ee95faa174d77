"""A plan not in force: the day under it, and what it would mean for issued tickets. Pure."""

from __future__ import annotations

from msgspec import Struct

from queue_service.policy import door, estimate, queues
from queue_service.policy.commands import ChangePlan
from queue_service.policy.decide import decide, record
from queue_service.policy.events import PlanChanged, Refusal, TicketsRedirected
from queue_service.policy.evolve import evolve
from queue_service.policy.model import DayPlan, State, Ticket


class Consequences(Struct, frozen=True):
    """Counts of tickets."""

    waiting: int
    redirected: int
    """Outside, each of their services one that the plan gives only online."""
    not_served_by_closing: int
    """Outside, and as far as is known not let in or not finished in time."""
    too_large: int
    """Of these, a party that can never be let in whole."""
    hall_above_limit: int
    """People by whom the hall is already fuller than the plan allows."""


def imagined(plan: DayPlan, now: int) -> State:
    """A state under a plan that no journal has: for showing only, at seq 0 and version 0."""
    state = State()
    command = ChangePlan(id=b"", by="", plan=plan)
    for entry in record(state, command, now, (PlanChanged(plan=plan, version=0),)):
        evolve(state, entry)
    state.seq = 0
    return state


def consequences(state: State, plan: DayPlan, now: int) -> Consequences:
    """The effect of putting `plan` in force at `now`."""
    after = _after(state, plan, now)
    outside = [after.tickets[ticket] for ticket in queues.street_in_order(after)]
    inside, most = sum(map(len, after.hall.values())), door.most_together(plan)
    return Consequences(
        waiting=len(outside) + inside + len(after.released),
        redirected=_redirected(state, plan, now),
        not_served_by_closing=sum(1 for one in outside if _too_late(after, plan, one, now)),
        too_large=sum(1 for one in outside if one.party > most),
        hall_above_limit=max(0, after.occupancy + after.released_people - plan.hall_limit),
    )


def _after(state: State, plan: DayPlan, now: int) -> State:
    command = ChangePlan(id=b"", by="", plan=plan)
    events = decide(state, command, now)
    after = state.copy()
    for entry in () if isinstance(events, Refusal) else record(state, command, now, events):
        evolve(after, entry)
    return after


def _redirected(state: State, plan: DayPlan, now: int) -> int:
    command = ChangePlan(id=b"", by="", plan=plan, redirect_issued=True)
    events = decide(state, command, now)
    happened = () if isinstance(events, Refusal) else events
    return sum(len(one.tickets) for one in happened if isinstance(one, TicketsRedirected))


def _too_late(state: State, plan: DayPlan, ticket: Ticket, now: int) -> bool:
    call = estimate.outlook(state, plan, ticket, now).call
    return call is None or call.likely + ticket.work > plan.closes_at
