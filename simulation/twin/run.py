"""A compiled day in the place of the model's: the same world, habits, ids and people go in."""

from __future__ import annotations

from collections.abc import Sequence

from simulation.floor import Ids
from simulation.guests import Comes
from simulation.habits import Habits
from simulation.model import DayRun
from simulation.twin import day as compiled_day
from simulation.twin.crowd import crowd_of
from simulation.twin.journal import Reader
from simulation.twin.layout import Day
from simulation.twin.tables import day_of
from simulation.visitors import NEXT_STEPS
from simulation.world import DayWorld


def run_day(world: DayWorld, habits: Habits, ids: Ids, people: Sequence[Comes]) -> DayRun:
    """What `BranchDay(...).run()` gives; raises TooLargeError for a day that is too large."""
    day = day_of(world, habits, crowd_of(people), told=True)
    compiled_day.run(day)
    journal = Reader(world, habits, ids, people, day).journal()
    steps = dict(zip(NEXT_STEPS, day.next_steps.tolist(), strict=True))
    return DayRun(journal, steps, _back(day, ids, people))


def _back(day: Day, ids: Ids, people: Sequence[Comes]) -> list[Comes]:
    rows = day.back[: day.state.back].tolist()
    return [_comes_again(number, bool(kept), ids, people) for number, kept in rows]


def _comes_again(number: int, keeps_ticket: bool, ids: Ids, people: Sequence[Comes]) -> Comes:
    visitor = people[number].visitor
    ticket = ids.ticket(number) if keeps_ticket else ""
    return Comes(visitor.back_after_opening, visitor, ticket)
