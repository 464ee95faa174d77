"""The days of a replication by the compiled twin, measured without a journal.

What is measured is what the model's journals come to, to the last digit: both are noted in the
ledger, by its own functions.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

import numpy as np
from msgspec import Struct

from schemas.catalogue import Catalogue
from schemas.scenario import Scenario
from simulation.demand import Drawer
from simulation.floor import Ids
from simulation.habits import Habits, habits_of
from simulation.ledger import SERVICE, Ledger
from simulation.measures import Sheet
from simulation.record import Names
from simulation.run import ids_of
from simulation.twin.compiled import over
from simulation.twin.crowd import NO_CROWD, Crowd, back, drawn, with_those_of_yesterday
from simulation.twin.day import run
from simulation.twin.desk import Desk
from simulation.twin.drawer import CompiledDrawer
from simulation.twin.layout import TOLD, Day
from simulation.twin.noting import Known
from simulation.twin.tables import Seats, counters_of, day_of
from simulation.visitors import MINUTE, NEXT_STEPS
from simulation.world import DayWorld, worlds


class _Stage(Struct, frozen=True):
    """One date: its rules, and tables that are used over and over."""

    world: DayWorld
    drawer: Drawer
    counters: tuple[str, ...]
    day: Day
    state: Any
    seats: Seats
    run: Callable[[], None]
    desk: Desk


class _Course(Struct, frozen=True):
    """What all replications of a scenario have in common."""

    stages: tuple[_Stage, ...]
    habits: Habits


def _course(scenario: Scenario, catalogue: Catalogue) -> _Course:
    habits = habits_of(scenario)
    usual = {one.code: one.usual_minutes * MINUTE for one in catalogue.services}
    found = (
        _stage(world, CompiledDrawer(scenario, number, usual), habits)
        for number, world in enumerate(worlds(scenario, catalogue))
    )
    return _Course(tuple(found), habits)


def _stage(world: DayWorld, drawer: Drawer, habits: Habits) -> _Stage:
    day = day_of(world, habits, NO_CROWD, told=True)
    told = day["told"].view(np.int64).reshape(-1, len(TOLD.names or ()))
    counters = counters_of(world)
    return _Stage(
        world=world,
        drawer=drawer,
        counters=counters,
        day=day,
        state=day["state"],
        seats=Seats(day),
        run=over(run, day),
        desk=Desk(told, len(counters)),
    )


class _Kept(threading.local):
    """The last courses of each thread: no two of them may use the same tables."""

    def __init__(self) -> None:
        self.course = lru_cache(maxsize=2)(_course)


_kept = _Kept()


def sheets(
    scenario: Scenario, catalogue: Catalogue, replication: int, *, named: bool
) -> Iterator[Sheet]:
    """The days of one replication, the first one first; `named`: with the ids of tickets.

    What a day holds lasts until the next replication. Raises TooLargeError.
    """
    course = _kept.course(scenario, catalogue)
    again = NO_CROWD
    for stage in course.stages:
        world, day = stage.world, stage.day
        crowd = drawn(stage.drawer.draw(replication), world.midnight)
        if world.opens:
            crowd = with_those_of_yesterday(crowd, again, world.plan.opens_at)
        stage.seats.take(crowd)
        stage.run()
        ids = ids_of(scenario, replication, world.date) if named else None
        yield _sheet(stage, course.habits, crowd, ids)
        gone = back(day, crowd)
        again = gone if world.opens else again.then(gone)


def _sheet(stage: _Stage, habits: Habits, crowd: Crowd, ids: Ids | None) -> Sheet:
    world, day, desk = stage.world, stage.day, stage.desk
    ledger = desk.note(int(stage.state["told"]), crowd.visitors["party"])
    plan, known = world.plan, desk.known
    names = Names(
        services=habits.services,
        priorities=plan.priorities,
        counters=stage.counters,
        tickets=_tickets(ledger, known, ids) if ids else (),
        numbers=_numbers(ledger, known, world, habits) if ids else (),
    )
    steps = dict(zip(NEXT_STEPS, day["next_steps"].tolist(), strict=True))
    return Sheet(
        date=world.date,
        zone=plan.time_zone,
        came=len(crowd.comes_at),
        after_closing=int(np.count_nonzero(crowd.comes_at >= world.tickets_until)),
        ledger=ledger,
        names=names,
        next_steps=steps,
        adds_up=desk.add_up,
    )


def _tickets(ledger: Ledger, known: Known, ids: Ids) -> list[str]:
    return [ids.ticket(visitor) for visitor in known.issued[: len(ledger.visits), 0].tolist()]


def _numbers(ledger: Ledger, known: Known, world: DayWorld, habits: Habits) -> list[str]:
    """As they are printed. A service has the same letter all day."""
    letters = {one.code: one.letter for change in world.changes for one in change.plan.services}
    both = zip(ledger.visits[:, SERVICE].tolist(), known.issued[:, 1].tolist(), strict=False)
    return [f"{letters[habits.services[service]]}-{index:03d}" for service, index in both]
