"""Between an operator and whoever is called: the visitor comes, is served, held, or sent on."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

from simpy import Event

from queue_service.policy.commands import (
    FinishService,
    HoldTicket,
    MarkNoShow,
    RecallTicket,
    StartService,
    TransferTicket,
)
from queue_service.policy.events import Refusal
from simulation.floor import Floor
from simulation.guests import Guests
from simulation.habits import Habits
from simulation.hall import Hall
from simulation.moments import After, Process, Rank, later
from simulation.visitors import NONE, Visitor


class Attendance:
    """One operator's dealings with visitors, one after another."""

    def __init__(self, floor: Floor, hall: Hall, guests: Guests, habits: Habits) -> None:
        self.by = ""
        """Who the operator is."""
        self._clock = floor.clock
        self._floor = floor
        self._asks = floor.ask
        self._new_id = floor.ids.command
        self._hall = hall
        self._guests = guests
        self._holders = guests.holders
        self._habits = habits

    def begins(self, ticket: str) -> Process:
        """The visitor was called just now."""
        number, visitor = self._holders[ticket]
        if visitor.no_show and self._guests.misses_call(ticket):
            comes = yield from self._calls_again(ticket, number, visitor)
            if not comes:
                self._asks(MarkNoShow(id=self._new_id(), by=self.by, ticket=ticket))
                self._guests.is_given_up(ticket)
                return
            self._guests.is_attentive(ticket)
        yield After(self._clock, visitor.walks_to_counter, Rank.STARTS, number)
        self._asks(StartService(id=self._new_id(), by=self.by, ticket=ticket))
        if visitor.sent_on and (yield from self._sends_on(ticket, number, visitor)):
            return
        work = self._work(ticket, visitor)
        if visitor.held and self._guests.has_yet_to_fetch(ticket):
            yield After(self._clock, work // 2, Rank.FINISHES, number)
            self._holds(ticket, number, visitor)
        else:
            yield After(self._clock, work, Rank.FINISHES, number)
            self._finishes(ticket)

    def _calls_again(
        self, ticket: str, number: int, visitor: Visitor
    ) -> Generator[Event, Any, bool]:
        yield After(self._clock, self._habits.waits_for_called, Rank.STARTS, number)
        for _ in range(self._habits.recalls):
            self._asks(RecallTicket(id=self._new_id(), by=self.by, ticket=ticket))
            if visitor.answers_recall:
                return True
            yield After(self._clock, self._habits.waits_for_called, Rank.STARTS, number)
        return False

    def _sends_on(self, ticket: str, number: int, visitor: Visitor) -> Generator[Event, Any, bool]:
        """Whether it turns out that another service is needed, and the visitor waits for that."""
        if self._service(ticket) != self._habits.services[visitor.service]:
            return False
        yield After(self._clock, visitor.sent_on_after, Rank.FINISHES, number)
        other = self._habits.services[visitor.second]
        transfer = TransferTicket(id=self._new_id(), by=self.by, ticket=ticket, service=other)
        return not isinstance(self._asks(transfer), Refusal)

    def _work(self, ticket: str, visitor: Visitor) -> int:
        if visitor.second == NONE:
            return visitor.serving
        first = self._service(ticket) == self._habits.services[visitor.service]
        return visitor.serving if first else visitor.second_serving

    def _service(self, ticket: str) -> str:
        return self._floor.state.tickets[ticket].service

    def _holds(self, ticket: str, number: int, visitor: Visitor) -> None:
        self._asks(HoldTicket(id=self._new_id(), by=self.by, ticket=ticket))
        later(self._clock, visitor.held_for, Rank.READY, number, self._hall.can_go_on, ticket)

    def goes_on(self, ticket: str) -> Process:
        """What the ticket was held for has come, and the visitor was called back just now."""
        number, visitor = self._holders[ticket]
        work = self._work(ticket, visitor)
        rest = visitor.walks_to_counter + work - work // 2
        yield After(self._clock, rest, Rank.FINISHES, number)
        self._finishes(ticket)

    def _finishes(self, ticket: str) -> None:
        self._asks(FinishService(id=self._new_id(), by=self.by, ticket=ticket))
        if self._floor.state.tickets[ticket].ended:
            self._guests.goes_out(ticket)
