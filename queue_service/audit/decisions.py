"""Whether the rules lead to what was written: each command is decided a second time.

An entry does not keep the command that caused it, but nearly every event tells what was asked. The
rules are those of this version of the policy, in the state that the entries before lead to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import msgspec

from queue_service.audit.laws import CLOCK
from queue_service.policy import commands as asked
from queue_service.policy import events as happened
from queue_service.policy.decide import Decision, decide
from queue_service.policy.events import Entry, Events, Refusal
from queue_service.policy.model import CARRY_OVER, ORDINARY, State

_Asked = tuple[type[asked.Command], dict[str, Any]]
"""A command, and what it asks beside its id, its actor and its instant."""


def decisions(state: State, first: Entry) -> tuple[Decision, ...] | None:
    """What the rules make of the command whose first event is `first`, in the state before it.

    There is one for each command that it may have been; none where nobody may cause such an event
    but the clock. None instead where the entry does not tell enough to decide anew.
    """
    if isinstance(first.event, happened.VisitRefused) or first.command in state.seen:
        return None  # Whether a visit can be served is an estimate, and its ticket was never made.
    return tuple(decide(state, command, first.at) for command in _commands(state, first))


def disagreement(could: tuple[Decision, ...], written: Events, state: State) -> str:
    """How the events of one command differ from all that the rules may lead to; empty if not."""
    told = tuple(msgspec.structs.replace(event, done_at=0) for event in written)
    if told in could:
        return ""
    if not could:
        return f"{_kinds(told)}: only the clock brings it about"
    ruled = could[0]
    if isinstance(ruled, Refusal):
        return f"{_kinds(told)}: the rules refuse it, {ruled.kind}"
    if _kinds(ruled) != _kinds(told):
        return f"{_kinds(told)}: by the rules {_kinds(ruled) or 'nothing happens'}"
    return "; ".join(_differences(ruled, told, state))


def _kinds(events: Events) -> str:
    return ", ".join(type(event).__name__ for event in events)


def _differences(ruled: Events, told: Events, state: State) -> Iterator[str]:
    for rule, event in zip(ruled, told, strict=True):
        for name in event.__struct_fields__:
            is_, by_rule = getattr(event, name), getattr(rule, name)
            if is_ != by_rule:
                said = f"{_said(is_, state)}, by the rules {_said(by_rule, state)}"
                yield f"{type(event).__name__}: {name} {said}"


def _said(value: object, state: State) -> str:
    """A value for people: tickets by their numbers."""
    if isinstance(value, tuple):
        return " ".join(_said(one, state) for one in value) or "nobody"
    ticket = state.tickets.get(value) if isinstance(value, str) else None
    return ticket.number if ticket else str(value)


# --- what was asked -----------------------------------------------------------------------------


def _commands(state: State, entry: Entry) -> Iterator[asked.Command]:
    """The commands that may have caused the entry and those that follow it."""
    for kind, fields in _asked(state, entry):
        yield kind(id=entry.command, by=entry.by, done_at=entry.event.done_at, **fields)


def _asked(state: State, entry: Entry) -> tuple[_Asked, ...]:
    if entry.by == CLOCK:
        return ((asked.Tick, {}),)
    event = entry.event
    if isinstance(event, happened.TicketsRedirected):  # By the plan that is in force already.
        return ((asked.ChangePlan, {"plan": state.plan, "redirect_issued": True}),)
    if type(event) in _ASKED:
        kind, names = _ASKED[type(event)]
        return ((kind, {name: getattr(event, name) for name in names}),)
    ways = _IN_SEVERAL_WAYS.get(type(event))
    return ways(event) if ways else ()


def _plan_changed(event: happened.PlanChanged) -> tuple[_Asked, ...]:
    fields = {"plan": event.plan, "reason": event.reason}
    return tuple(
        (asked.ChangePlan, fields | {"redirect_issued": redirects}) for redirects in (False, True)
    )


def _ticket_issued(event: happened.TicketIssued) -> tuple[_Asked, ...]:
    names = ("ticket", "services", "party", "language", "visitor", "carried_from")
    carried = event.carried_from and event.priority == CARRY_OVER
    fields = {name: getattr(event, name) for name in names} | {
        "priority": ORDINARY if carried else event.priority,
        "assisted_reason": event.assisted,
        "despite_closing": True,
    }
    return ((asked.TakeTicket, fields),)


def _group_released(event: happened.GroupReleased) -> tuple[_Asked, ...]:
    """The size that was asked for is not kept; as many people as came make the same group."""
    return ((asked.ReleaseGroup, {"size": event.people}),)


def _ticket_cancelled(event: happened.TicketCancelled) -> tuple[_Asked, ...]:
    """Who goes before being served has cancelled."""
    fields = {"ticket": event.ticket}
    cancelled = (asked.CancelTicket, fields | {"reason": event.reason})
    return (cancelled, (asked.LeaveTicket, fields)) if event.reason == "left" else (cancelled,)


_ASKED: dict[type[happened.Event], tuple[type[asked.Command], tuple[str, ...]]] = {
    happened.TicketEntered: (asked.EnterTicket, ("ticket",)),
    happened.TicketLeft: (asked.LeaveTicket, ("ticket",)),
    happened.TicketPostponed: (asked.PostponeTicket, ("ticket",)),
    happened.TicketCalled: (asked.CallNext, ("counter",)),
    happened.TicketRecalled: (asked.RecallTicket, ("ticket",)),
    happened.ServiceStarted: (asked.StartService, ("ticket",)),
    happened.ServiceFinished: (asked.FinishService, ("ticket",)),
    happened.TicketNotShown: (asked.MarkNoShow, ("ticket",)),
    happened.TicketReturned: (asked.ReturnTicket, ("ticket",)),
    happened.TicketHeld: (asked.HoldTicket, ("ticket", "reason")),
    happened.TicketResumed: (asked.ResumeTicket, ("ticket", "counter")),
    happened.TicketTransferred: (asked.TransferTicket, ("ticket", "service", "counter")),
    happened.HallRecounted: (asked.Recount, ("occupancy", "reason")),
    happened.DrainStarted: (asked.StartSanitation, ()),
    happened.CleaningStarted: (asked.StartSanitation, ()),
    happened.CleaningConfirmed: (asked.ConfirmSanitation, ()),
    happened.CounterOpened: (asked.OpenCounter, ("counter",)),
    happened.CounterClosed: (asked.CloseCounter, ("counter",)),
}
"""Event -> the command that it answers, and what both have in common."""

_IN_SEVERAL_WAYS: dict[type[happened.Event], Callable[[Any], tuple[_Asked, ...]]] = {
    happened.PlanChanged: _plan_changed,
    happened.TicketIssued: _ticket_issued,
    happened.GroupReleased: _group_released,
    happened.TicketCancelled: _ticket_cancelled,
}
