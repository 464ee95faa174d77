"""What may be asked of the service: load, decide, append. The rules are the policy's."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from queue_service.access.privacy import iin_is_valid, keyed_hash
from queue_service.carry_over import OLDEST_TICKET, CarryOver
from queue_service.catalogue.directory import links
from queue_service.faults import Fault
from queue_service.ids import command_id, new_command_id, new_ticket_id, ticket_date
from queue_service.planning.planner import FARTHEST_DAY
from queue_service.policy import commands as asked
from queue_service.policy import events as happened
from queue_service.policy.figures import Figures
from queue_service.policy.model import ORDINARY, State, Ticket
from queue_service.policy.preview import imagined
from queue_service.repeats import same_request
from queue_service.sql import blocks
from schemas import wire

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from queue_service.access.identity import Identity
    from queue_service.catalogue.directory import Branch, Directory
    from queue_service.journal import Journal, Outcome
    from queue_service.planning.planner import Planner
    from queue_service.store import Pool

_NO_TICKET: Final = frozenset({"no_plan", "unknown_ticket"})
_SQL: Final = blocks("access")
_DAY_MS: Final = 24 * 3_600_000


class Asked(Struct, frozen=True):
    """Who asks, at which branch, and the Idempotency-Key if there is one."""

    who: Identity
    branch: Branch
    key: str | None = None
    done_at: int = 0
    """When it was done, where it is told later (epoch ms); else 0."""

    def command_id(self) -> bytes:
        """The same for the same key of the same asker at the same branch."""
        if self.key is None:
            return new_command_id()
        return command_id(self.who.subject, self.branch.code, self.key)


class Service:
    """The use cases. Each raises Fault for a refusal and JournalUnavailable without a database."""

    def __init__(
        self,
        journal: Journal,
        directory: Directory,
        planner: Planner,
        pool: Pool,
        *,
        secret: str,
        contact_hours: int,
    ) -> None:
        self.journal = journal
        self.directory = directory
        self.planner = planner
        self.carry_over = CarryOver(journal, planner)
        self._pool = pool
        self._secret = secret
        self._contact_ms = contact_hours * 3_600_000

    def now(self) -> int:
        """Epoch milliseconds of the service's clock."""
        return self.journal.now()

    def today(self, branch: Branch) -> dt.date:
        """The business date at a branch."""
        return branch.zone.date(self.journal.now())

    # --- commands -------------------------------------------------------------------------------

    async def carry_out(
        self, branch: Branch, command: asked.Command, day: dt.date | None = None
    ) -> Outcome:
        """Submits a command for a day, today's by default, whose journal it opens where needed."""
        day = day or self.today(branch)
        outcome = await self.journal.submit(branch.code, day, command)
        if outcome.refusal is not None and outcome.refusal.kind == "no_plan":
            await self.planner.open_day(branch, day)
            outcome = await self.journal.submit(branch.code, day, command)
        return accepted(command, outcome)

    async def take_ticket(self, asked_by: Asked, request: wire.TakeTicket) -> tuple[State, Ticket]:
        """Issues a ticket; raises Fault for a refusal, a recorded one included."""
        day = self.today(asked_by.branch)
        command = asked.TakeTicket(
            id=asked_by.command_id(),
            by=asked_by.who.subject,
            ticket=new_ticket_id(day),
            services=request.wanted,
            party=request.party_size,
            priority=request.priority or ORDINARY,
            language=request.language or "",
            assisted_reason=request.assisted_reason or "",
            visitor=self._visitor(request.iin),
            carried_from=await self.carry_over.ticket(asked_by.who, asked_by.branch, request, day),
            despite_closing=request.despite_closing,
        )
        outcome = await self.carry_out(asked_by.branch, command, day)
        ticket = self._issued(outcome)
        if request.contact:
            await self._keep_contact(ticket, request.contact)
        return outcome.state, ticket

    def _visitor(self, iin: str | None) -> str:
        if iin is None:
            return ""
        if not iin_is_valid(iin):
            raise Fault("invalid_iin", field="iin")
        return keyed_hash(self._secret, iin)

    def _issued(self, outcome: Outcome) -> Ticket:
        event = outcome.entries[0].event
        if isinstance(event, happened.VisitRefused):
            raise self._refused_visit(outcome.state, event)
        if not isinstance(event, happened.TicketIssued):
            raise Fault("key_reused", field="Idempotency-Key")
        return outcome.state.tickets[event.ticket]

    def _refused_visit(self, state: State, event: happened.VisitRefused) -> Fault:
        until = {"until": event.until} if event.until else {}
        reasons = state.plan.accepted_reasons if state.plan else ()
        shown = reasons if event.reason == "online_only" else ()
        ways = tuple(links(self.directory.services[code]) for code in event.services)
        return Fault(event.reason, links=ways, accepted_reasons=shown, **until)

    async def _keep_contact(self, ticket: Ticket, contact: str) -> None:
        erase_at = self.now() + _DAY_MS + self._contact_ms
        kept = await self._pool.fetchval(_SQL["keep_contact"], ticket.id, contact, erase_at)
        if kept not in (None, contact):
            raise Fault("key_reused", field="Idempotency-Key")

    async def erase_contacts(self) -> None:
        """Erases the contacts whose time is over."""
        await self._pool.execute(_SQL["erase_contacts"], self.now())

    async def of_ticket(self, asked_by: Asked, command: asked.OfTicket) -> tuple[State, Ticket]:
        """Carries out a command about a ticket, in the journal of the ticket's own day."""
        day = self._day_of(asked_by.branch, command.ticket)
        if asked_by.who.only_own:
            await self.see_ticket(asked_by, command.ticket)
        outcome = await self.journal.submit(asked_by.branch.code, day, command)
        if outcome.refusal is not None and outcome.refusal.kind in _NO_TICKET:
            raise Fault("unknown_ticket")
        accepted(command, outcome)
        return outcome.state, outcome.state.tickets[command.ticket]

    async def see_ticket(self, asked_by: Asked, ticket_id: str) -> tuple[State, Ticket]:
        """A ticket as it stands; raises Fault `unknown_ticket` for one that is not the asker's."""
        day = self._day_of(asked_by.branch, ticket_id)
        state = await self.journal.read(asked_by.branch.code, day)
        ticket = state.tickets.get(ticket_id)
        if ticket is None or (asked_by.who.only_own and ticket.by != asked_by.who.subject):
            raise Fault("unknown_ticket")
        return state, ticket

    def _day_of(self, branch: Branch, ticket_id: str) -> dt.date:
        day = ticket_date(ticket_id)
        today = self.today(branch)
        if day is None or not today - OLDEST_TICKET <= day <= today + FARTHEST_DAY:
            raise Fault("unknown_ticket")
        return day

    async def call_next(self, branch: Branch, command: asked.CallNext) -> Outcome | None:
        """Calls the next visitor to a counter; None when nobody waits for it."""
        try:
            return await self.carry_out(branch, command)
        except Fault as fault:
            if fault.kind == "nobody_waiting":
                return None
            raise

    # --- states ---------------------------------------------------------------------------------

    async def state(self, branch: Branch, day: dt.date) -> State:
        """The state of a day; one that nobody has asked for anything shows the wanted plan."""
        state = await self.journal.read(branch.code, day)
        if state.plan is not None:
            return state
        return await self._unopened(branch, day)

    async def figures(self, branch: Branch, day: dt.date) -> Figures:
        """The day in figures, folded from its whole journal."""
        figures = Figures()
        async for entry in self.entries(branch, day):
            figures.add(entry)
        return figures

    async def entries(
        self, branch: Branch, day: dt.date, after: int = 0
    ) -> AsyncIterator[happened.Entry]:
        """Every committed line of a day's journal after a place in it, in order."""
        while page := await self.journal.entries(branch.code, day, after):
            for entry in page:
                yield entry
            after = page[-1].seq

    async def _unopened(self, branch: Branch, day: dt.date) -> State:
        planned = await self.planner.planned(branch, day)
        return imagined(planned.plan, self.now())


def accepted(command: asked.Command, outcome: Outcome) -> Outcome:
    """The outcome of a command that was carried out; raises Fault for a refusal or a reused key."""
    if outcome.refusal is not None:
        raise Fault(outcome.refusal.kind, **outcome.refusal.detail)
    if outcome.repeated and not same_request(command, outcome.entries[0]):
        raise Fault("key_reused", field="Idempotency-Key")
    return outcome
