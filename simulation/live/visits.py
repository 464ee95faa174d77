"""Visitors: they take a ticket, wait, give up, come in, and remember what they hold."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

import msgspec

from queue_service.policy.model import Ticket
from schemas import wire
from schemas.wire_plan import Problem
from simulation.live.demand import MINUTE, SECOND, Visitor
from simulation.live.scene import Hall, Scene
from simulation.live.service import instant, kind

_TOO_EARLY = "not-yet-open"
_ONLINE = "online-only"
_BEFORE_TOO_LATE = 2 * MINUTE
"""Some seconds of a demonstration that runs thirty times as fast."""


class Visits:
    """All visitors of one branch-day."""

    def __init__(self, scene: Scene, hall: Hall) -> None:
        self._scene = scene
        self._hall = hall
        self._visitors: dict[str, Visitor] = {}
        self._parties: dict[str, int] = {}
        """Ticket -> people, of those inside."""
        self._missed: set[str] = set()
        self._turned_away: list[Visitor] = []

    @property
    def people_inside(self) -> int:
        """People in the hall as one who counts them sees them."""
        return sum(self._parties.values())

    def come(self, visitors: Iterable[Visitor]) -> None:
        """Lets the visitors arrive, each at the drawn instant."""
        for visitor in visitors:
            self._scene.timeline.at(visitor.arrives_at, partial(self._arrives, visitor))

    def were_there(self, tickets: Iterable[Ticket]) -> None:
        """Those who came before anybody here looked: inside, on their way in, on their way out."""
        for ticket in tickets:
            if ticket.inside:
                self._parties[ticket.id] = ticket.party
            if ticket.inside and ticket.ended:
                self._scene.timeline.after(MINUTE, partial(self._is_outside, ticket.id))
            elif ticket.state == "released":
                self._scene.timeline.after(MINUTE, partial(self._enters, ticket.id))

    async def released(self, group: wire.Group) -> None:
        """The group hears that it may come in; who is away misses it, once."""
        for ticket in group.tickets:
            visitor = self._visitors.get(ticket.id)
            if visitor is None:
                at = _last_moment(self._scene.timeline.now, instant(group.arrive_by))
                self._scene.timeline.at(at, partial(self._enters, ticket.id))
            elif visitor.misses_group and ticket.id not in self._missed:
                self._missed.add(ticket.id)
            else:
                self._scene.timeline.after(visitor.walks_in, partial(self._enters, ticket.id))

    def called(self, ticket: wire.Ticket) -> Visitor:
        """The visitor who holds the ticket that is called."""
        self._parties[ticket.id] = ticket.party_size
        return self._visitors.get(ticket.id) or self._stranger(ticket.id, ticket.party_size)

    def finished(self, ticket: wire.Ticket) -> None:
        """A service is over: the visitor waits for the next one or leaves."""
        if ticket.state == "entered":
            self._hall.somebody_waits(ticket.service)
        else:
            self._walks_out(ticket)

    def given_up(self, ticket: wire.Ticket) -> None:
        """Called in vain; the visitor turns up later and asks to be taken back."""
        visitor = self.called(ticket)
        self._walks_out(ticket)
        self._scene.timeline.after(visitor.returns_after, partial(self._returns, ticket.id))

    async def back_tomorrow(self) -> list[Visitor]:
        """Who got no service and comes again; those with an expired ticket bring it."""
        again = [visitor for visitor in self._turned_away if visitor.comes_back]
        for ticket_id, visitor in self._visitors.items():
            if visitor.comes_back and await self._state(ticket_id) == "expired":
                again.append(msgspec.structs.replace(visitor, carried_from=ticket_id))
        return again

    async def _arrives(self, visitor: Visitor) -> None:
        answer = await self._scene.ask(
            "kiosk", "POST", "tickets", wire.Ticket, self._request(visitor)
        )
        if isinstance(answer, wire.Ticket):
            await self._holds(visitor, answer)
        elif isinstance(answer, Problem):
            self._is_refused(visitor, answer)

    def _request(self, visitor: Visitor) -> wire.TakeTicket:
        asked_why = self._scene.non_online_only
        return wire.TakeTicket(
            services=visitor.services,
            party_size=visitor.party,
            language=visitor.language,
            assisted_reason=visitor.assisted_reason if asked_why else None,
            carried_from=visitor.carried_from,
            despite_closing=visitor.insists,
        )

    def _is_refused(self, visitor: Visitor, problem: Problem) -> None:
        if kind(problem) == _TOO_EARLY and problem.next_at:
            at = instant(problem.next_at)
            self._scene.timeline.at(at, partial(self._arrives, visitor))
        elif kind(problem) != _ONLINE:
            self._goes_away(visitor)

    async def _holds(self, visitor: Visitor, ticket: wire.Ticket) -> None:
        if ticket.state == "entered":
            self._visitors[ticket.id] = visitor
            self._is_inside(ticket)
        elif ticket.people_ahead > visitor.tolerates_ahead:
            await self._gives_up(visitor, ticket.id)
        else:
            self._visitors[ticket.id] = visitor
            self._scene.timeline.after(visitor.patience, partial(self._loses_patience, ticket.id))

    async def _loses_patience(self, ticket_id: str) -> None:
        if ticket_id in self._parties or await self._state(ticket_id) != "issued":
            return
        visitor = self._visitors.pop(ticket_id, None)
        if visitor is not None:
            await self._gives_up(visitor, ticket_id)

    async def _gives_up(self, visitor: Visitor, ticket_id: str) -> None:
        await self._scene.ask("kiosk", "DELETE", f"tickets/{ticket_id}", wire.Ticket)
        self._goes_away(visitor)

    def _goes_away(self, visitor: Visitor) -> None:
        self._turned_away.append(msgspec.structs.replace(visitor, carried_from=None))

    async def _enters(self, ticket_id: str) -> None:
        answer = await self._scene.ask(
            "attendant", "POST", f"tickets/{ticket_id}/entered", wire.Ticket
        )
        if isinstance(answer, wire.Ticket):
            self._is_inside(answer)

    async def _returns(self, ticket_id: str) -> None:
        answer = await self._scene.ask(
            "operator", "POST", f"tickets/{ticket_id}/return", wire.Ticket
        )
        if isinstance(answer, wire.Ticket):
            self._is_inside(answer)

    def _is_inside(self, ticket: wire.Ticket) -> None:
        self._parties[ticket.id] = ticket.party_size
        self._hall.somebody_waits(ticket.service)

    def _walks_out(self, ticket: wire.Ticket) -> None:
        visitor = self._visitors.pop(ticket.id)
        if self._scene.exits_counted:
            self._scene.timeline.after(visitor.walks_out, partial(self._is_outside, ticket.id))
        else:
            self._parties.pop(ticket.id, None)

    async def _is_outside(self, ticket_id: str) -> None:
        self._parties.pop(ticket_id, None)
        await self._scene.ask("attendant", "POST", f"tickets/{ticket_id}/left", wire.Ticket)

    async def _state(self, ticket_id: str) -> str | None:
        ticket = await self._scene.ask("kiosk", "GET", f"tickets/{ticket_id}", wire.Ticket)
        return ticket.state if isinstance(ticket, wire.Ticket) else None

    def _stranger(self, ticket_id: str, party: int) -> Visitor:
        """Somebody whose ticket was taken elsewhere, at a screen for example."""
        behaviour, streams = self._scene.behaviour, self._scene.streams
        spread = behaviour.service_time_spread.value
        stranger = Visitor(
            arrives_at=self._scene.timeline.now,
            services=(),
            work=(streams.factor("stranger", behaviour.service_time_factor.value, spread),),
            party=party,
            language="kk",
            assisted_reason=None,
            insists=True,
            tolerates_ahead=0,
            patience=0,
            comes_back=False,
            walks_in=0,
            misses_group=False,
            walks_to_counter=20 * SECOND,
            walks_out=20 * SECOND,
            ignores_call=False,
            returns_after=MINUTE,
        )
        self._visitors[ticket_id] = stranger
        return stranger


def _last_moment(now: int, arrive_by: int) -> int:
    """When somebody at a screen is let in: whoever looks on has time to be late or to give up."""
    return max((now + arrive_by) // 2, arrive_by - _BEFORE_TOO_LATE)
