"""`decide`: what a command brings about in a state, without changing it.

    decide(state, command, now) -> events | refusal

No event means that nothing changes: the command was carried out before, or there is nothing to do.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, get_args

from msgspec.structs import replace

from queue_service.policy import commands as asked
from queue_service.policy import deadlines, desk, door, queues, rules, sanitation
from queue_service.policy import events as happened
from queue_service.policy.events import Entry, Refusal
from queue_service.policy.model import DayPlan, State, Ticket
from schemas.wire import TicketState

Decision = happened.Events | Refusal


def decide(state: State, command: asked.Command, now: int) -> Decision:
    """The events that `command` causes at `now` (epoch ms), or why it is refused."""
    if command.id in state.seen:
        return ()
    plan = state.plan
    if plan is None:
        return _first_of_all(state, command)
    if now < state.at:  # noqa: PLR1730 - every command comes here: `max` takes far longer
        now = state.at
    if command.done_at and not rules.told_in_time(command.done_at, now):
        return Refusal("done_too_long_ago", {"minutes": rules.TOLD_WITHIN // rules.MINUTE})
    from_states, act = _ACTS[type(command)]
    if from_states is None:
        return act(state, plan, command, now)
    of_ticket: Any = command
    ticket = state.tickets.get(of_ticket.ticket)
    if ticket is None or (
        ticket.state not in from_states and not door.was_in_time(ticket, of_ticket)
    ):
        return _not_now(ticket, of_ticket)
    return act(state, plan, ticket, command, now)


def record(
    state: State, command: asked.Command, now: int, events: happened.Events
) -> tuple[Entry, ...]:
    """The journal's entries for `events`: next places in the stream, never back in time."""
    at = state.at
    if now > at:  # noqa: PLR1730 - as in `decide`
        at = now
    if command.done_at:
        events = tuple(replace(event, done_at=command.done_at) for event in events)
    if len(events) == 1:  # As nearly always; the general way takes four times as long.
        return (Entry(state.seq + 1, at, command.id, 0, command.by, events[0]),)
    first = state.seq + 1
    return tuple([
        Entry(first + part, at, command.id, part, command.by, event)
        for part, event in enumerate(events)
    ])  # fmt: skip


def _first_of_all(state: State, command: asked.Command) -> Decision:
    """A plan comes before anything else."""
    if isinstance(command, asked.ChangePlan):
        return _change_plan(state, None, command, 0)
    return Refusal("no_plan")


def _change_plan(
    state: State, _plan: DayPlan | None, command: asked.ChangePlan, _now: int
) -> Decision:
    redirected = _now_online(state, command.plan) if command.redirect_issued else ()
    changes = () if state.plan == command.plan else _new_plan(state, command)
    if not redirected:
        return changes
    return (*changes, happened.TicketsRedirected(tickets=redirected))


def _new_plan(state: State, command: asked.ChangePlan) -> happened.Events:
    changed = happened.PlanChanged(
        plan=command.plan, version=state.plan_version + 1, reason=command.reason
    )
    return (changed, *_no_longer_counted(state, command.plan), *_out_of_use(state, command.plan))


def _no_longer_counted(state: State, plan: DayPlan) -> tuple[happened.TicketLeft, ...]:
    """Visits over, their visitors still inside: nobody counts them out under the new plan."""
    if plan.exits_counted:
        return ()
    inside = (ticket for ticket in state.tickets.values() if ticket.ended and ticket.inside)
    return tuple(happened.TicketLeft(ticket=ticket.id) for ticket in inside)


def _out_of_use(state: State, plan: DayPlan) -> tuple[happened.CounterClosed, ...]:
    """Free counters that the new plan does not use; a visit under way is brought to its end."""
    used = {counter.code for counter in plan.counters}
    free = (one.code for one in state.counters.values() if not one.ticket)
    return tuple(happened.CounterClosed(counter=code) for code in free if code not in used)


def _now_online(state: State, plan: DayPlan) -> tuple[str, ...]:
    """Tickets still outside of whose services the plan gives none in person."""
    services = {service.code: service for service in plan.services}
    outside = (state.tickets[ticket] for ticket in queues.street_in_order(state))
    return tuple(
        ticket.id
        for ticket in outside
        if not ticket.assisted
        and door.only_online(plan, services, ticket.services) == ticket.services
    )


def _not_now(ticket: Ticket | None, command: asked.OfTicket) -> Refusal:
    if ticket is None:
        return Refusal("unknown_ticket", {"ticket": command.ticket})
    return Refusal("wrong_state", {"ticket": ticket.number, "state": ticket.state})


def _tick(state: State, _plan: DayPlan, _command: asked.Tick, now: int) -> Decision:
    return deadlines.tick(state, now)


_OF_BRANCH: dict[type[asked.Command], Callable[[State, DayPlan, Any, int], Decision]] = {
    asked.TakeTicket: door.take_ticket,
    asked.ReleaseGroup: door.release_group,
    asked.Recount: door.recount,
    asked.StartSanitation: sanitation.start,
    asked.ConfirmSanitation: sanitation.confirm,
    asked.OpenCounter: desk.open_counter,
    asked.CloseCounter: desk.close_counter,
    asked.CallNext: desk.call_next,
    asked.Tick: _tick,
    asked.ChangePlan: _change_plan,
}

_ANY: frozenset[TicketState] = frozenset(get_args(TicketState))
_Act = Callable[[State, DayPlan, Ticket, Any, int], Decision]


def _from(*states: TicketState) -> frozenset[TicketState]:
    return frozenset(states)


_TRANSITIONS: dict[type[asked.OfTicket], tuple[frozenset[TicketState], _Act]] = {
    asked.CancelTicket: (
        _from("issued", "released", "entered", "called", "on_hold"),
        door.cancel_ticket,
    ),
    asked.EnterTicket: (_from("released"), door.enter),
    asked.LeaveTicket: (_ANY, door.leave),
    asked.PostponeTicket: (_from("released"), door.postpone),
    asked.RecallTicket: (_from("called", "no_show"), desk.recall),
    asked.StartService: (_from("called"), desk.start),
    asked.FinishService: (_from("serving"), desk.finish),
    asked.MarkNoShow: (_from("called"), desk.no_show),
    asked.ReturnTicket: (_from("no_show"), desk.return_ticket),
    asked.HoldTicket: (_from("called", "serving"), desk.hold),
    asked.ResumeTicket: (_from("on_hold"), desk.resume),
    asked.TransferTicket: (_from("entered", "called", "serving", "on_hold"), desk.transfer),
}


_ACTS: dict[type[Any], tuple[frozenset[TicketState] | None, Callable[..., Decision]]] = {
    **{command: (None, act) for command, act in _OF_BRANCH.items()},
    **_TRANSITIONS,
}
"""What comes of each command, and the states from which, where it is about one ticket."""


def from_states(command: type[asked.OfTicket]) -> frozenset[TicketState]:
    """States in which a ticket admits `command`, its other conditions aside."""
    return _TRANSITIONS[command][0]
