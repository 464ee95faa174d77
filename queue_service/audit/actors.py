"""Whether an entry is the work of somebody who may do such a thing.

It knows the roles a second time, as the laws know the rules. What the clock may do follows from the
decisions. An actor is `role:name`, or a word alone: the service, the clock, the holder of a ticket.
"""

from __future__ import annotations

from queue_service.policy import events as happened
from queue_service.policy.events import Entry

_DOOR = frozenset({"attendant", "admin"})
_COUNTER = frozenset({"operator", "admin"})
_PLAN = frozenset({"manager", "admin", "service"})
_TAKERS = _DOOR | {"kiosk", "visitor"}
_HOLDERS = frozenset({"kiosk", "visitor", "holder", "admin"})

_MAY: dict[type[happened.Event], frozenset[str]] = {
    happened.PlanChanged: _PLAN,
    happened.TicketsRedirected: _PLAN,
    happened.TicketIssued: _TAKERS,
    happened.VisitRefused: _TAKERS,
    happened.TicketPostponed: _HOLDERS,
    happened.TicketCancelled: _HOLDERS | _DOOR | _COUNTER,
    happened.GroupReleased: _DOOR,
    happened.TicketEntered: _DOOR,
    happened.TicketLeft: _DOOR,
    happened.HallRecounted: _DOOR,
    happened.DrainStarted: _DOOR,
    happened.CleaningStarted: _DOOR,
    happened.CleaningConfirmed: _DOOR,
    happened.CounterOpened: _COUNTER,
    happened.CounterClosed: _COUNTER,
    happened.TicketCalled: _COUNTER,
    happened.TicketRecalled: _COUNTER,
    happened.ServiceStarted: _COUNTER,
    happened.ServiceFinished: _COUNTER,
    happened.TicketNotShown: _COUNTER,
    # In a simulated day the attendant, whom the visitor meets first, lets one come back.
    happened.TicketReturned: _COUNTER | _DOOR,
    happened.TicketHeld: _COUNTER,
    happened.TicketResumed: _COUNTER,
    happened.TicketTransferred: _COUNTER,
}
"""First event of a command -> roles that may ask for it, beside the clock."""


def out_of_role(entry: Entry) -> str:
    """Why the entry cannot be that of its actor; empty where it can, or where nobody is named."""
    kind, role = type(entry.event), entry.by.partition(":")[0]
    follows = entry.part > 0
    if follows or role in ("", "clock") or kind not in _MAY or role in _MAY[kind]:
        return ""
    return f"{kind.__name__} is not for {entry.by} to bring about"
