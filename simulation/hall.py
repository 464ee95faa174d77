"""Who waits inside the hall, and the operators who rest: whoever has rested longest is told."""

from __future__ import annotations

from queue_service.policy import events as happened
from simulation.floor import Floor
from simulation.moments import Rank, Rest


class Hall:
    """Brings together those who wait and those who have nobody to call."""

    def __init__(self, floor: Floor) -> None:
        self._floor = floor
        self._resting: dict[str, Rest] = {}
        """Counter -> the rest of its operator, the longest one first."""
        self._ready: list[str] = []
        """Tickets on hold that have what was awaited, the first one first."""
        for kind in (
            happened.TicketEntered,
            happened.ServiceFinished,
            happened.TicketTransferred,
            happened.TicketReturned,
        ):
            floor.hears(kind, self._may_wait)

    def rests(self, counter: str, place: int) -> Rest:
        """The operator has nobody to call; what ends the rest is told of a service, or nothing."""
        rest = self._resting[counter] = Rest(self._floor.clock, Rank.COUNTER, place)
        return rest

    def _may_wait(self, event: happened.OfTicketEvent) -> None:
        if self._resting:
            ticket = self._floor.state.tickets[event.ticket]
            if ticket.state == "entered":
                self.somebody_waits(ticket.service)

    def somebody_waits(self, service: str) -> None:
        """A visitor for `service` waits inside: the first who can give it calls."""
        able = self._floor.state.able.get(service, ())
        first = next((counter for counter in self._resting if counter in able), None)
        if first is not None:
            self._resting.pop(first).end(service)

    def looks_up(self, counter: str) -> None:
        """The operator of the counter ends the rest, whoever waits."""
        if counter in self._resting:
            self._resting.pop(counter).end("")

    def all_look_up(self) -> None:
        """Something has changed for every operator."""
        for counter in tuple(self._resting):
            self.looks_up(counter)

    def can_go_on(self, ticket: str) -> None:
        """What was awaited for a ticket on hold has come."""
        if self._floor.state.tickets[ticket].state == "on_hold":
            self._ready.append(ticket)
            self.somebody_waits(self._service(ticket))

    def takes_ready(self, counter: str) -> str:
        """The first ticket that can go on at this counter, which takes it; empty without one."""
        for ticket in self._ready:
            if counter in self._floor.state.able.get(self._service(ticket), ()):
                self._ready.remove(ticket)
                return ticket
        return ""

    def is_waited_for(self, service: str) -> bool:
        """Whether somebody inside waits for the service, or to go on with it."""
        waiting = bool(self._floor.state.hall.get(service))
        return waiting or any(self._service(ticket) == service for ticket in self._ready)

    def _service(self, ticket: str) -> str:
        return self._floor.state.tickets[ticket].service
