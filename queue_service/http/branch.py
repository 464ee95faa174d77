"""Routes about a branch today: groups, counters, the hall, sanitation, the board, the figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from queue_service.faults import Fault
from queue_service.http.call import Call, Reply
from queue_service.http.tickets import asker, shown
from queue_service.policy import commands as asked
from queue_service.policy import events as happened
from queue_service.policy import views

if TYPE_CHECKING:
    from queue_service.journal import Outcome


async def release_group(call: Call) -> Reply:
    """POST groups."""
    by = asker(call)
    command = asked.ReleaseGroup(
        id=by.command_id(), by=by.who.subject, done_at=by.done_at, size=call.body.size or 0
    )
    try:
        outcome = await call.service.carry_out(call.at, command)
    except Fault as fault:
        fault.kind = SAID_AT_THE_DOOR.get(fault.kind, fault.kind)
        raise
    entry = outcome.entries[0]
    if not isinstance(entry.event, happened.GroupReleased):
        raise TypeError(f"a group was asked for and {entry.event} happened")
    return Reply(201, views.group_view(outcome.state, entry.event, entry, call.at.zone.text))


SAID_AT_THE_DOOR = {"day_closed": "door_closed", "not_yet_open": "door_not_open"}
"""Problems of the hours as the attendant has them: about the door and not about tickets."""


async def call_next(call: Call) -> Reply:
    """POST call-next: the next visitor, or 204 when nobody waits for this counter."""
    by = asker(call)
    command = asked.CallNext(id=by.command_id(), by=by.who.subject, counter=call.params["counter"])
    outcome = await call.service.call_next(call.at, command)
    if outcome is None:
        return NOBODY
    event = outcome.entries[0].event
    if not isinstance(event, happened.TicketCalled):
        raise TypeError(f"a call was asked for and {event} happened")
    return Reply(200, shown(call, outcome.state, outcome.state.tickets[event.ticket]))


NOBODY = Reply(204)


async def open_counter(call: Call) -> Reply:
    """POST open: the operator sits down."""
    by, counter = asker(call), call.params["counter"]
    command = asked.OpenCounter(id=by.command_id(), by=by.who.subject, counter=counter)
    return _counter(call, await call.service.carry_out(call.at, command))


async def close_counter(call: Call) -> Reply:
    """POST close: the operator leaves."""
    by, counter = asker(call), call.params["counter"]
    command = asked.CloseCounter(id=by.command_id(), by=by.who.subject, counter=counter)
    return _counter(call, await call.service.carry_out(call.at, command))


def _counter(call: Call, outcome: Outcome) -> Reply:
    return Reply(200, views.counter_view(outcome.state, call.params["counter"]))


async def recount(call: Call) -> Reply:
    """POST recount: what the attendant counts is what counts."""
    by = asker(call)
    command = asked.Recount(
        id=by.command_id(),
        by=by.who.subject,
        done_at=by.done_at,
        occupancy=call.body.occupancy,
        change=call.body.change or 0,
        reason=call.body.reason,
    )
    return Reply(200, views.hall_view((await call.service.carry_out(call.at, command)).state))


async def start_sanitation(call: Call) -> Reply:
    """POST start: the hall drains, or is cleaned when it is empty."""
    by = asker(call)
    command = asked.StartSanitation(id=by.command_id(), by=by.who.subject, done_at=by.done_at)
    return _sanitation(call, await call.service.carry_out(call.at, command))


async def confirm_sanitation(call: Call) -> Reply:
    """POST confirm: the hall is clean."""
    by = asker(call)
    command = asked.ConfirmSanitation(id=by.command_id(), by=by.who.subject, done_at=by.done_at)
    return _sanitation(call, await call.service.carry_out(call.at, command))


def _sanitation(call: Call, outcome: Outcome) -> Reply:
    return Reply(200, views.sanitation_view(outcome.state, call.at.zone.text))


async def see_board(call: Call) -> Reply:
    """GET board: the view that the gateway pushes too."""
    day = call.date()
    state = await call.service.state(call.at, day)
    now = call.service.now()
    return Reply(200, views.board(state, call.at.code, day.isoformat(), now, call.at.zone.text))


async def see_figures(call: Call) -> Reply:
    """GET day: what happened, in figures."""
    day = call.date()
    figures = await call.service.figures(call.at, day)
    return Reply(200, figures.shown(call.at.code, day.isoformat(), call.at.zone.text))
