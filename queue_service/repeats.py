"""Whether a repeated command is the request that was carried out, or another one under its key."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from queue_service.policy import commands as asked
from queue_service.policy import events as happened
from queue_service.policy.model import CARRY_OVER


def same_request(command: asked.Command, first: happened.Entry) -> bool:
    """Whether `first`, the first entry that bears the command's id, is what the command asks for.

    Only what the journal keeps can be compared.
    """
    if first.by != command.by:
        return False
    kinds, fields = _CAUSES[type(command)]
    if type(first.event) not in kinds:
        return False
    return all(check(command, first.event) for check in fields)


def _same(name: str) -> Callable[[Any, Any], bool]:
    def check(command: object, event: object) -> bool:
        return bool(getattr(command, name) == getattr(event, name))

    return check


def _same_visit(command: asked.TakeTicket, event: happened.AnyEvent) -> bool:
    if isinstance(event, happened.VisitRefused):
        return event.party == command.party and set(event.services) <= set(command.services)
    if not isinstance(event, happened.TicketIssued):
        return False
    return all(
        getattr(command, wanted) == getattr(event, given) for wanted, given in _OF_VISIT
    ) and event.priority in (command.priority, CARRY_OVER)


def _same_transfer(command: asked.TransferTicket, event: happened.TicketTransferred) -> bool:
    service = command.service or event.service
    return (service, command.counter) == (event.service, event.counter)


_OF_VISIT = (
    ("services", "services"),
    ("party", "party"),
    ("language", "language"),
    ("assisted_reason", "assisted"),
    ("visitor", "visitor"),
    ("carried_from", "carried_from"),
)
Kinds = tuple[type[happened.AnyEvent], ...]
_TICKET = _same("ticket")
_REASON = _same("reason")
_COUNTER = _same("counter")
_CAUSES: dict[type[asked.Command], tuple[Kinds, tuple[Callable[[Any, Any], bool], ...]]] = {
    asked.ChangePlan: ((happened.PlanChanged,), (_REASON,)),
    asked.TakeTicket: ((happened.TicketIssued, happened.VisitRefused), (_same_visit,)),
    asked.CancelTicket: ((happened.TicketCancelled,), (_TICKET, _REASON)),
    asked.EnterTicket: ((happened.TicketEntered,), (_TICKET,)),
    asked.LeaveTicket: ((happened.TicketLeft, happened.TicketCancelled), (_TICKET,)),
    asked.PostponeTicket: ((happened.TicketPostponed,), (_TICKET,)),
    asked.RecallTicket: ((happened.TicketRecalled,), (_TICKET,)),
    asked.StartService: ((happened.ServiceStarted,), (_TICKET,)),
    asked.FinishService: ((happened.ServiceFinished,), (_TICKET,)),
    asked.MarkNoShow: ((happened.TicketNotShown,), (_TICKET,)),
    asked.ReturnTicket: ((happened.TicketReturned,), (_TICKET,)),
    asked.HoldTicket: ((happened.TicketHeld,), (_TICKET, _REASON)),
    asked.ResumeTicket: ((happened.TicketResumed,), (_TICKET, _COUNTER)),
    asked.TransferTicket: ((happened.TicketTransferred,), (_TICKET, _same_transfer)),
    asked.ReleaseGroup: ((happened.GroupReleased,), ()),
    asked.Recount: ((happened.HallRecounted,), (_same("occupancy"), _REASON)),
    asked.StartSanitation: ((happened.DrainStarted, happened.CleaningStarted), ()),
    asked.ConfirmSanitation: ((happened.CleaningConfirmed,), ()),
    asked.OpenCounter: ((happened.CounterOpened,), (_COUNTER,)),
    asked.CloseCounter: ((happened.CounterClosed,), (_COUNTER,)),
    asked.CallNext: ((happened.TicketCalled,), (_COUNTER,)),
}
