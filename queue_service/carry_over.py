"""Which expired ticket a visitor goes on with, and whether it still gives its priority.

Whoever knows the id of a ticket may go on with it: nobody guesses one. A number stands on boards
and is no secret: it counts only where somebody stands in the branch with the ticket in hand.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final

from queue_service.faults import Fault
from queue_service.ids import ticket_date

if TYPE_CHECKING:
    from queue_service.access.identity import Identity
    from queue_service.catalogue.directory import Branch
    from queue_service.journal import Journal
    from queue_service.planning.planner import Planner
    from queue_service.policy.model import Ticket
    from schemas.wire import TakeTicket

IN_THE_BRANCH: Final = frozenset({"kiosk", "attendant", "admin"})
"""Roles that may name the ticket by its number."""
OLDEST_TICKET: Final = dt.timedelta(days=31)
_ONE_DAY: Final = dt.timedelta(days=1)


class CarryOver:
    """Finds expired tickets in the journals of earlier days."""

    def __init__(self, journal: Journal, planner: Planner) -> None:
        self._journal = journal
        self._planner = planner

    async def ticket(
        self, who: Identity, branch: Branch, request: TakeTicket, today: dt.date
    ) -> str:
        """Id of the ticket that a request goes on with, empty where it names none.

        Raises Fault `unknown_ticket`, `wrong_state`, `carry_over_lapsed`, and `forbidden` for a
        number from afar.
        """
        if request.carried_from is not None:
            found = await self._by_id(branch, request.carried_from, today)
            _refuse_unexpired(found, "carried_from")
            return found.id
        if request.carried_number is None:
            return ""
        if who.role not in IN_THE_BRANCH:
            raise Fault("forbidden", field="carried_number")
        found = await self._by_number(branch, request.carried_number, today)
        _refuse_unexpired(found, "carried_number")
        return found.id

    async def _by_id(self, branch: Branch, ticket: str, today: dt.date) -> Ticket:
        day = ticket_date(ticket)
        if day is None or not today - OLDEST_TICKET <= day < today:
            raise Fault("unknown_ticket", field="carried_from")
        state = await self._journal.read(branch.code, day)
        found = state.tickets.get(ticket)
        if found is None:
            raise Fault("unknown_ticket", field="carried_from")
        if found.state == "expired" and not self._leads_to(branch, day, today):
            raise Fault("carry_over_lapsed", field="carried_from")
        return found

    async def _by_number(self, branch: Branch, number: str, today: dt.date) -> Ticket:
        """A number is one of the last working day: each day counts anew."""
        day = today - _ONE_DAY
        while self._leads_to(branch, day, today):
            state = await self._journal.read(branch.code, day)
            for ticket in state.tickets.values():
                if ticket.number == number:
                    return ticket
            day -= _ONE_DAY
        raise Fault("unknown_ticket", field="carried_number")

    def _leads_to(self, branch: Branch, day: dt.date, today: dt.date) -> bool:
        return self._planner.next_working_day(branch, day) == today


def _refuse_unexpired(ticket: Ticket, field: str) -> None:
    if ticket.state != "expired":
        raise Fault("wrong_state", field=field, state=ticket.state)
