"""Routes about tickets: take, see, cancel, and what door and counter staff do with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from queue_service.access.identity import HOLDER_ROLE
from queue_service.faults import wrong
from queue_service.http.call import Call, Reply
from queue_service.policy import commands as asked
from queue_service.policy.views import HOLDER_ACTIONS, ticket_view
from queue_service.usecases import Asked
from schemas.fields import Sentence

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from queue_service.policy.model import State, Ticket
    from schemas import wire

_AT_DOOR = frozenset({"cancel", "entered", "left"})
_AT_COUNTER = frozenset(
    {"cancel", "recall", "start", "finish", "no-show", "return", "hold", "resume", "transfer"}
)
ACTIONS_OF_ROLE: dict[str, frozenset[str]] = {
    "kiosk": HOLDER_ACTIONS,
    "visitor": HOLDER_ACTIONS,
    HOLDER_ROLE: HOLDER_ACTIONS,
    "attendant": _AT_DOOR,
    "operator": _AT_COUNTER,
    "manager": frozenset(),
    "planner": frozenset(),
    "admin": HOLDER_ACTIONS | _AT_DOOR | _AT_COUNTER,
}
"""What each role may do with a ticket; the routes' roles follow from it."""


def may(action: str) -> frozenset[str]:
    """Roles that may carry out an action on a ticket."""
    return frozenset(role for role, actions in ACTIONS_OF_ROLE.items() if action in actions)


async def take(call: Call) -> Reply:
    """POST tickets."""
    return Reply(201, shown(call, *await call.service.take_ticket(asker(call), call.body)))


async def see(call: Call) -> Reply:
    """GET a ticket."""
    state, ticket = await call.service.see_ticket(asker(call), call.params["ticket"])
    return Reply(200, shown(call, state, ticket))


async def cancel(call: Call) -> Reply:
    """DELETE a ticket: its place is given up."""
    reason = (call.query("reason") or "").strip()
    if len(reason) > LONGEST_REASON or not reason.isprintable():
        sentence = Sentence("write one line of {most} characters at most", most=LONGEST_REASON)
        raise wrong("invalid_parameter", "reason", sentence)
    return await _carry_out(
        call,
        lambda command_id, by, ticket: asked.CancelTicket(
            id=command_id, by=by, ticket=ticket, reason=reason
        ),
    )


LONGEST_REASON = 300


async def hold(call: Call) -> Reply:
    """POST hold: the operator waits for something."""
    return await _carry_out(
        call,
        lambda command_id, by, ticket: asked.HoldTicket(
            id=command_id, by=by, ticket=ticket, reason=call.body.reason or ""
        ),
    )


async def resume(call: Call) -> Reply:
    """POST resume: the service goes on at a free counter."""
    return await _carry_out(
        call,
        lambda command_id, by, ticket: asked.ResumeTicket(
            id=command_id, by=by, ticket=ticket, counter=call.body.counter
        ),
    )


async def transfer(call: Call) -> Reply:
    """POST transfer: to another service or to one counter."""
    return await _carry_out(
        call,
        lambda command_id, by, ticket: asked.TransferTicket(
            id=command_id,
            by=by,
            ticket=ticket,
            service=call.body.service or "",
            counter=call.body.counter or "",
        ),
    )


def action(command: type[asked.OfTicket]) -> Callable[[Call], Awaitable[Reply]]:
    """The handler of an action that needs nothing but the ticket."""

    async def handle(call: Call) -> Reply:
        return await _carry_out(
            call, lambda command_id, by, ticket: command(id=command_id, by=by, ticket=ticket)
        )

    return handle


async def _carry_out(call: Call, make: Callable[[bytes, str, str], asked.OfTicket]) -> Reply:
    by = asker(call)
    command = make(by.command_id(), by.who.subject, call.params["ticket"])
    command = replace(command, done_at=by.done_at)
    return Reply(200, shown(call, *await call.service.of_ticket(by, command)))


def asker(call: Call) -> Asked:
    """Who asks for something that the journal keeps."""
    return Asked(call.who, call.at, call.key, call.done_at if call.route.told_later else 0)


def shown(call: Call, state: State, ticket: Ticket) -> wire.Ticket:
    """The ticket with the actions that the asker may take."""
    now = call.service.now()
    return ticket_view(state, ticket, now, call.at.zone.text, ACTIONS_OF_ROLE[call.who.role])
