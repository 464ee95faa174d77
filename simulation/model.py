"""The model of branch-days: SimPy drives the clock, the live policy decides and holds the state.

Who comes and what each will do is drawn beforehand (`simulation.visitors`). Here visitors come and
wait (`guests`), the attendant lets groups in and has the hall cleaned (`door`), operators call
(`operators`) and serve (`attendance`); all of them ask the policy that the service runs, and what
it decides is the journal.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from queue_service.policy import events as happened
from queue_service.policy.events import Entry
from simulation.door import Attendant
from simulation.floor import Floor, Ids
from simulation.guests import Comes, Guests
from simulation.habits import Habits
from simulation.hall import Hall
from simulation.moments import Clock, Process, Rank, at
from simulation.operators import Operator
from simulation.world import Change, DayWorld


class DayRun(Struct, frozen=True):
    """What became of a day: its journal, and what those did who got no service."""

    journal: list[Entry]
    next_steps: dict[str, int]
    """What was done next (`NEXT_STEPS`) -> visits turned away, sent online or gone."""
    back: list[Comes]
    """Who comes again on the next day; `at` is the time after the opening."""


class BranchDay:
    """One day of one branch, in order of arrival of those who come; `run` it once."""

    def __init__(self, world: DayWorld, habits: Habits, ids: Ids, people: Sequence[Comes]) -> None:
        begins = min(world.midnight, world.changes[0].at)
        self._clock = Clock(initial_time=begins)
        self._floor = Floor(self._clock, ids)
        self._hall = Hall(self._floor)
        self._guests = Guests(self._floor, habits, people, world.closed_from)
        self._attendant = Attendant(self._floor, habits)
        self._habits = habits
        self._world = world
        self._listen()

    def run(self) -> DayRun:
        """Lets the day take its course until the last visitor has gone."""
        for change in self._world.changes:
            at(self._clock, change.at, Rank.PLAN, 0, self._changes_plan, change)
        shifts = [
            Operator(self._floor, self._hall, self._guests, self._habits, place).works(spells)
            for place, spells in enumerate(self._world.spells)
        ]
        at(self._clock, self._world.changes[0].at + 1, Rank.BEGINS, 0, self._begins, shifts)
        self._clock.run_out()
        self._guests.go_home_with_expired_tickets()
        self._ends(shifts)
        return DayRun(self._floor.journal, self._guests.next_steps, self._guests.back)

    def _begins(self, shifts: Sequence[Process]) -> None:
        """With the rules of the day in force, people set out."""
        self._clock.begins(self._guests.arrive())
        for shift in shifts:
            self._clock.begins(shift)

    def _ends(self, shifts: Sequence[Process]) -> None:
        """Whoever rested for ever or listened would keep the whole day in memory."""
        for shift in shifts:
            shift.close()
        self._floor.falls_silent()

    def _listen(self) -> None:
        self._floor.hears(happened.CleaningStarted, self._cleaning_started)
        self._floor.hears(happened.DayClosed, self._closed)
        self._floor.hears(happened.DayEnded, self._closed)

    def _cleaning_started(self, _event: happened.CleaningStarted) -> None:
        self._clock.begins(self._attendant.cleans())

    def _left(self, _event: happened.TicketLeft) -> None:
        if self._floor.state.phase == "closed" and not self._floor.state.occupancy:
            self._hall.all_look_up()

    def _closed(self, _event: happened.DayClosed | happened.DayEnded) -> None:
        self._floor.hears(happened.TicketLeft, self._left)
        self._hall.all_look_up()

    def _changes_plan(self, change: Change) -> None:
        self._floor.change_plan(change.plan)
        self._clock.begins(self._attendant.watches())
        self._hall.all_look_up()
