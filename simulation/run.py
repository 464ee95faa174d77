"""A scenario's days one after another: whoever got no service may come again on the next."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date

from msgspec import Struct

from schemas.catalogue import Catalogue
from schemas.scenario import Scenario
from simulation.demand import draw
from simulation.floor import Ids
from simulation.guests import Comes
from simulation.habits import Habits, habits_of
from simulation.model import BranchDay, DayRun
from simulation.visitors import MINUTE, visitors
from simulation.world import DayWorld, worlds


class Run(Struct, frozen=True):
    """One day of a replication."""

    branch: str
    date: date
    zone: str
    services: tuple[str, ...]
    came: int
    """Visits, those included that were not admitted and that the journal therefore cannot know."""
    after_closing: int
    """Of them those who came when no tickets were given any more."""
    day: DayRun


RunDay = Callable[[DayWorld, Habits, Ids, Sequence[Comes]], DayRun]
"""Lets a day take its course."""


def on_live_policy(world: DayWorld, habits: Habits, ids: Ids, people: Sequence[Comes]) -> DayRun:
    """The model's day: SimPy drives the clock, the live policy decides."""
    return BranchDay(world, habits, ids, people).run()


def replicate(
    scenario: Scenario,
    catalogue: Catalogue,
    replication: int,
    run_day: RunDay = on_live_policy,
) -> Iterator[Run]:
    """The days of one replication, the first one first."""
    usual = {one.code: one.usual_minutes * MINUTE for one in catalogue.services}
    habits = habits_of(scenario)
    back: list[Comes] = []
    for number, world in enumerate(worlds(scenario, catalogue)):
        drawn = visitors(draw(scenario, number, replication, usual))
        people = [Comes(world.midnight + one.arrives_at, one) for one in drawn]
        if world.opens:
            people = _with(people, back, world)
        day = run_day(world, habits, ids_of(scenario, replication, world.date), people)
        zone = world.changes[0].plan.time_zone
        until = world.tickets_until
        yield Run(
            branch=scenario.branch,
            date=world.date,
            zone=zone,
            services=habits.services,
            came=len(people),
            after_closing=sum(one.at >= until for one in people),
            day=day,
        )
        back = day.back if world.opens else [*back, *day.back]


def ids_of(scenario: Scenario, replication: int, day: date) -> Ids:
    """The ids that follow from what is run."""
    return Ids(f"{scenario.name}/{scenario.seed}/{replication}", day)


def _with(people: list[Comes], back: Sequence[Comes], world: DayWorld) -> list[Comes]:
    """Those of today and those of yesterday, in order of arrival."""
    opens_at = world.plan.opens_at
    again = [Comes(opens_at + one.at, one.visitor, one.carried_from) for one in back]
    return sorted([*people, *again], key=lambda one: one.at)
