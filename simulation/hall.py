"""The operators: each sits at a counter for some spells, calls, serves, and rests meanwhile."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from typing import Protocol

from simpy import Event

from queue_service.policy.commands import (
    CallNext,
    CloseCounter,
    FinishService,
    MarkNoShow,
    OpenCounter,
    StartService,
)
from queue_service.policy.events import Refusal, TicketCalled
from queue_service.policy.rules import NEVER
from simulation.floor import Floor
from simulation.moments import Moment, Rank, Rest
from simulation.visitors import Visitor
from simulation.world import Spell

Process = Generator[Event, None, None]


class Guests(Protocol):
    """Who holds a ticket, and what becomes of somebody whose visit is over."""

    def holder(self, ticket: str) -> tuple[int, Visitor]: ...

    def is_over(self, ticket: str) -> None: ...


class Hall:
    """Operators without a visitor: the one who has rested longest is told that somebody waits."""

    def __init__(self) -> None:
        self._resting: list[Operator] = []

    def rests(self, operator: Operator) -> None:
        """The operator has nobody to call."""
        self._resting.append(operator)

    def somebody_waits(self, service: str) -> None:
        """A visitor for `service` waits inside: the first who can give it calls."""
        for operator in self._resting:
            if service in operator.skills:
                operator.is_told(service)
                self._resting.remove(operator)
                return

    def looks_up(self, operator: Operator) -> None:
        """The operator ends the rest, whoever waits."""
        if operator in self._resting:
            self._resting.remove(operator)
            operator.is_told("")


class Operator:
    """Works at one counter."""

    def __init__(
        self, floor: Floor, hall: Hall, guests: Guests, spells: Sequence[Spell], place: int
    ) -> None:
        """`place` orders the operators whose turn falls on the same millisecond."""
        self._floor = floor
        self._hall = hall
        self._guests = guests
        self._spells = spells
        self._place = place
        self._counter = spells[0].counter
        self._by = f"operator:{self._counter}"
        self._rest: Rest | None = None
        self._told = ""
        self.waits_for_called = 0
        self.tidies = 0
        self.other_work: Iterator[int] | None = None
        """Times (ms) of what is done where nobody waits; it is finished before the next call."""

    @property
    def skills(self) -> tuple[str, ...]:
        """Services that the counter can give; none while it is closed."""
        counter = self._floor.state.counters.get(self._counter)
        return counter.skills if counter else ()

    def works(self) -> Process:
        """Sits down for each spell, and leaves the counter in between."""
        for spell in self._spells:
            yield self._until(spell.begins, Rank.COUNTER)
            opened = self._floor.ask(OpenCounter, self._by, counter=self._counter)
            if not isinstance(opened, Refusal):
                yield from self._serves(NEVER if spell.ends is None else spell.ends)
                self._floor.ask(CloseCounter, self._by, counter=self._counter)

    def _serves(self, ends: int) -> Process:
        while self._floor.now < ends and not self._day_is_over():
            called = self._floor.ask(CallNext, self._by, counter=self._counter)
            self._passes_on()
            if isinstance(called, Refusal):
                yield from self._rests()
            else:
                (event,) = called
                assert isinstance(event, TicketCalled)  # noqa: S101 - what CallNext brings about
                yield from self._attends(event.ticket)
        self._passes_on()

    def _day_is_over(self) -> bool:
        state = self._floor.state
        gone = state.phase == "closed" and not state.occupancy
        return state.phase == "ended" or gone

    def _passes_on(self) -> None:
        """Whom the operator was told of may still wait, the operator having called another."""
        service, self._told = self._told, ""
        if service and self._floor.state.hall.get(service):
            self._hall.somebody_waits(service)

    def _rests(self) -> Process:
        if self.other_work:
            yield self._after(next(self.other_work), Rank.COUNTER, self._place)
            return
        self._rest = Rest(self._floor.env)
        self._hall.rests(self)
        yield self._rest

    def is_told(self, service: str) -> None:
        """Somebody waits for `service`, or it is time to look up."""
        self._told = service
        if self._rest:
            self._rest.end(Rank.COUNTER, self._place)

    def _attends(self, ticket: str) -> Process:
        number, visitor = self._guests.holder(ticket)
        if visitor.no_show:
            yield self._after(self.waits_for_called, Rank.STARTS, number)
            self._floor.ask(MarkNoShow, self._by, ticket=ticket)
        else:
            yield self._after(visitor.walks_to_counter, Rank.STARTS, number)
            self._floor.ask(StartService, self._by, ticket=ticket)
            yield self._after(visitor.serving, Rank.FINISHES, number)
            self._floor.ask(FinishService, self._by, ticket=ticket)
        self._guests.is_over(ticket)
        if self.tidies:
            yield self._after(self.tidies, Rank.COUNTER, self._place)

    def _after(self, duration: int, rank: Rank, number: int) -> Moment:
        return Moment(self._floor.env, self._floor.now + duration, rank, number)

    def _until(self, instant: int, rank: Rank) -> Moment:
        return Moment(self._floor.env, instant, rank, self._place)
