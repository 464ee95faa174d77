"""The attendant: lets groups in, and has the hall cleaned."""

from __future__ import annotations

from queue_service.policy.commands import ConfirmSanitation, ReleaseGroup
from queue_service.policy.events import Events, Refusal
from simulation.floor import Floor
from simulation.habits import Habits
from simulation.moments import After, Process, Rank, until

ATTENDANT = "attendant:door"


class Attendant:
    """Stands at the door of one branch for a day."""

    def __init__(self, floor: Floor, habits: Habits) -> None:
        self._floor = floor
        self._every = habits.looks_every
        self._confirms_after = habits.confirms_after
        self._watch = 0
        """Each plan has a watch of its own, which ends the one before."""

    def watches(self) -> Process:
        """Looks round until closing under the plan in force; lets in every group that is due."""
        self._watch += 1
        mine, floor = self._watch, self._floor
        yield until(floor.clock, floor.plan.opens_at, Rank.DOOR)
        while mine == self._watch and floor.now < floor.plan.closes_at:
            wait = self._every
            if floor.plan.group_admission and not floor.plan.release_by_clock:
                wait = self._until_due(
                    floor.ask(ReleaseGroup(id=floor.ids.command(), by=ATTENDANT))
                )
            yield After(floor.clock, wait, Rank.DOOR, 0)

    def _until_due(self, answer: Events | Refusal) -> int:
        """Looks before the next group is due are left out: they would change nothing."""
        due = answer.detail.get("next_at") if isinstance(answer, Refusal) else None
        looks = -((self._floor.now - due) // self._every) if isinstance(due, int) else 1
        return looks * self._every

    def cleans(self) -> Process:
        """The hall is empty and cleaned for its time; then the attendant confirms it."""
        floor = self._floor
        clean_until = floor.state.sanitation.clean_until
        yield until(floor.clock, clean_until + self._confirms_after, Rank.CLEANS)
        floor.ask(ConfirmSanitation(id=floor.ids.command(), by=ATTENDANT))
