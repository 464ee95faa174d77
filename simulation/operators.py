"""The operators: each sits at a counter for some spells, calls, serves, and rests meanwhile."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import cycle

from queue_service.policy.commands import CallNext, CloseCounter, OpenCounter, ResumeTicket
from queue_service.policy.events import Refusal, TicketCalled
from queue_service.policy.rules import NEVER
from simulation.attendance import Attendance
from simulation.floor import Floor
from simulation.guests import Guests
from simulation.habits import Habits
from simulation.hall import Hall
from simulation.moments import After, Process, Rank, at, until
from simulation.world import Spell


class Operator:
    """Works at one counter; `place` orders those whose turn falls on the same millisecond."""

    def __init__(
        self, floor: Floor, hall: Hall, guests: Guests, habits: Habits, place: int
    ) -> None:
        self._floor = floor
        self._asks = floor.ask
        self._new_id = floor.ids.command
        self._clock = floor.clock
        self._hall = hall
        self._place = place
        self._tidies = habits.tidies
        self._other_work = cycle(habits.other_work) if habits.other_work else None
        self._attendance = Attendance(floor, hall, guests, habits)
        self._counter = ""
        self._by = ""
        self._told = ""
        """The service for which somebody waits, as it was said."""

    def works(self, spells: Sequence[Spell]) -> Process:
        """Sits down for each spell, and leaves the counter in between.

        Rests where there is nothing to do: another plan may open the day or the counter.
        """
        for spell in spells:
            self._counter = spell.counter
            self._by = self._attendance.by = f"operator:{spell.counter}"
            yield until(self._clock, spell.begins, Rank.COUNTER, self._place)
            if spell.ends is not None:
                leaves = self._hall.looks_up
                at(self._clock, spell.ends, Rank.COUNTER, self._place, leaves, spell.counter)
            ends = NEVER if spell.ends is None else spell.ends
            while self._clock.now < ends:
                if self._day_is_over() or not self._opens():
                    yield from self._rests()
                else:
                    yield from self._serves(ends)
                    self._closes()
                self._passes_on()

    def _opens(self) -> bool:
        command = OpenCounter(id=self._new_id(), by=self._by, counter=self._counter)
        return not isinstance(self._asks(command), Refusal)

    def _closes(self) -> None:
        self._asks(CloseCounter(id=self._new_id(), by=self._by, counter=self._counter))

    def _serves(self, ends: int) -> Process:
        """Until the spell or the day is over, or the plan no longer has the counter in use."""
        while self._works_on(ends):
            ready = self._hall.takes_ready(self._counter)
            visit = self._goes_on_with(ready) if ready else self._calls()
            if visit:
                yield from visit
                if self._tidies:
                    yield After(self._clock, self._tidies, Rank.COUNTER, self._place)
            elif not ready:
                yield from self._does_without_visitors()

    def _works_on(self, ends: int) -> bool:
        in_use = self._counter in self._floor.state.skills
        return in_use and self._clock.now < ends and not self._day_is_over()

    def _day_is_over(self) -> bool:
        state = self._floor.state
        return state.phase == "ended" or (state.phase == "closed" and not state.occupancy)

    def _goes_on_with(self, ticket: str) -> Process | None:
        self._passes_on()
        command = ResumeTicket(id=self._new_id(), by=self._by, ticket=ticket, counter=self._counter)
        refused = isinstance(self._asks(command), Refusal)
        return None if refused else self._attendance.goes_on(ticket)

    def _calls(self) -> Process | None:
        called = self._asks(CallNext(id=self._new_id(), by=self._by, counter=self._counter))
        self._passes_on()
        if isinstance(called, Refusal):
            return None
        (event,) = called
        assert isinstance(event, TicketCalled)  # noqa: S101 - what CallNext brings about
        return self._attendance.begins(event.ticket)

    def _does_without_visitors(self) -> Process:
        if self._other_work:
            duration = next(self._other_work)
            yield After(self._clock, duration, Rank.COUNTER, self._place)
        else:
            yield from self._rests()

    def _passes_on(self) -> None:
        """Whom the operator was told of may still wait, the operator having called another."""
        if not self._told:
            return
        service, self._told = self._told, ""
        if self._hall.is_waited_for(service):
            self._hall.somebody_waits(service)

    def _rests(self) -> Process:
        self._told = yield self._hall.rests(self._counter, self._place)
