"""Which expired ticket a visitor goes on with, and whether it still gives its priority.

Whoever knows the id of a ticket may go on with it: nobody guesses one. A number stands on boards
and is no secret: it counts only where somebody stands in the branch with the ticket in hand.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Final

from queue_service.faults import Fault
from queue_service.ids import ticket_date
from schemas.wire import TICKET_NUMBER

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Collection

    from queue_service.access.identity import Identity
    from queue_service.catalogue.directory import Branch
    from queue_service.journal import Journal
    from queue_service.planning.planner import Planner
    from queue_service.policy.model import State, Ticket
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

        Raises Fault `unknown_ticket`, `not_expired`, `carry_over_not_yet`, `carry_over_lapsed`, and
        `forbidden` for a number from afar.
        """
        if request.carried_from is not None:
            return (await self._by_id(branch, request.carried_from, today))[1].id
        if request.carried_number is None:
            return ""
        if who.role not in IN_THE_BRANCH:
            raise Fault("forbidden", field="carried_number")
        return (await self._by_number(branch, request.carried_number, today))[1].id

    async def named(self, branch: Branch, name: str, today: dt.date) -> tuple[dt.date, Ticket]:
        """The expired ticket of a number such as P-017 or of an id, and its day.

        Raises Fault `unknown_ticket`, `not_expired`, `carry_over_not_yet`, `carry_over_lapsed`,
        `already_carried`.
        """
        by_number = re.fullmatch(TICKET_NUMBER, name) is not None
        found = await (self._by_number if by_number else self._by_id)(branch, name, today)
        if found[1].id in await self._carried(branch, today):
            raise Fault("already_carried", ticket=found[1].id)
        return found

    async def day(self, branch: Branch, today: dt.date) -> dt.date | None:
        """The last day whose expired tickets go on today; None where none is left."""
        carried = await self._carried(branch, today)
        async for day, state in self._earlier(branch, today):
            for ticket in state.tickets.values():
                if ticket.state == "expired" and ticket.id not in carried:
                    return day
        return None

    async def _carried(self, branch: Branch, today: dt.date) -> Collection[str]:
        return (await self._journal.read(branch.code, today)).carried

    async def _by_id(self, branch: Branch, ticket: str, today: dt.date) -> tuple[dt.date, Ticket]:
        day = ticket_date(ticket)
        if day is None or not today - OLDEST_TICKET <= day <= today:
            raise Fault("unknown_ticket", field="carried_from")
        found = (await self._journal.read(branch.code, day)).tickets.get(ticket)
        if found is None:
            raise Fault("unknown_ticket", field="carried_from")
        _refuse_unexpired(found, "carried_from")
        if day == today:
            raise Fault("carry_over_not_yet", field="carried_from")
        if not self._leads_to(branch, day, today):
            raise Fault("carry_over_lapsed", field="carried_from")
        return day, found

    async def _by_number(
        self, branch: Branch, number: str, today: dt.date
    ) -> tuple[dt.date, Ticket]:
        """A number is one of the last working day: each day counts anew."""
        async for day, state in self._earlier(branch, today):
            for ticket in state.tickets.values():
                if ticket.number == number:
                    _refuse_unexpired(ticket, "carried_number")
                    return day, ticket
        raise Fault("unknown_ticket", field="carried_number")

    async def _earlier(
        self, branch: Branch, today: dt.date
    ) -> AsyncIterator[tuple[dt.date, State]]:
        """The days that today is the next working day of, the latest first."""
        day = today - _ONE_DAY
        while self._leads_to(branch, day, today):
            yield day, await self._journal.read(branch.code, day)
            day -= _ONE_DAY

    def _leads_to(self, branch: Branch, day: dt.date, today: dt.date) -> bool:
        return self._planner.next_working_day(branch, day) == today


def _refuse_unexpired(ticket: Ticket, field: str) -> None:
    if ticket.state != "expired":
        raise Fault("not_expired", field=field, state=ticket.state)
