"""From a world and its people to the tables of a compiled day."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from mmap import MAP_ANONYMOUS, MAP_PRIVATE, mmap

import numpy as np
from numpy.typing import NDArray

from queue_service.policy.model import CARRY_OVER, ORDINARY, DayPlan
from queue_service.policy.rules import NEVER
from simulation.habits import Habits
from simulation.twin.crowd import Crowd
from simulation.twin.layout import (
    DAY,
    HABITS,
    MOST_COUNTERS,
    MOST_OPERATORS,
    MOST_PAUSES,
    MOST_PLANS,
    MOST_SERVICES,
    MOST_SPELLS,
    MOST_TIMES,
    MOST_VISITORS,
    NOBODY,
    PLAN,
    Day,
)
from simulation.twin.room import TooLargeError
from simulation.visitors import ROW
from simulation.world import DayWorld

_DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
"""Of the ids of tickets, by value."""
PRIORITY = "priority"
_SAME = [name for name in PLAN.names or () if DayPlan.__annotations__.get(name) in ("int", "bool")]
"""Numbers that a plan and its row have under one name."""


def blank() -> Day:
    """Tables of a day with nothing in them."""
    # Not by NumPy, which asks the system for pages so large that each of them costs a day.
    memory = mmap(-1, DAY.itemsize, flags=MAP_PRIVATE | MAP_ANONYMOUS)
    return np.frombuffer(memory, DAY).view(np.recarray)[0]


def day_of(
    world: DayWorld,
    habits: Habits,
    crowd: Crowd,
    *,
    told: bool,
    into: Day | None = None,
) -> Day:
    """A day before its beginning; `told`: what happens is written down.

    The tables of `into` are used again, which is much quicker than new ones. Raises TooLargeError
    for a day that is too large.
    """
    plans, codes = [change.plan for change in world.changes], counters_of(world)
    _fits(world, habits, plans, codes)
    day = blank() if into is None else into
    _fill_state(day, world, habits, codes, told)
    Seats(day).take(crowd)
    _fill_plans(day, world, habits)
    _fill_services(day, plans, habits)
    _fill_counters(day, plans, habits, codes)
    _fill_operators(day, world, codes)
    return day


def counters_of(world: DayWorld) -> tuple[str, ...]:
    """Codes of all counters of a day, each at its place."""
    planned = (counter.code for change in world.changes for counter in change.plan.counters)
    staffed = (spell.counter for spells in world.spells for spell in spells)
    return tuple(dict.fromkeys((*planned, *staffed)))


def _fits(world: DayWorld, habits: Habits, plans: Sequence[DayPlan], codes: Sequence[str]) -> None:
    sizes = (
        ("changes of the plan", len(plans), MOST_PLANS),
        ("pauses", max(len(plan.pauses) for plan in plans), MOST_PAUSES),
        ("services", len(habits.services), MOST_SERVICES),
        ("counters", len(codes), MOST_COUNTERS),
        ("operators", len(world.spells), MOST_OPERATORS),
        ("spells at a counter", max(map(len, world.spells), default=0), MOST_SPELLS),
        ("times of other work", len(habits.other_work), MOST_TIMES),
    )
    for size in sizes:
        _require(*size)


def _require(what: str, number: int, most: int) -> None:
    if number > most:
        raise TooLargeError(f"The compiled engine has room for {most} {what}, here are {number}.")


class Seats:
    """Where the people of a day are put: to find the tables takes as long as to fill them."""

    def __init__(self, day: Day) -> None:
        self._state = day["state"]
        self._people = day["people"].view(np.ndarray).view(ROW)
        self._comes_at, self._carried, self._ranks = (
            day[name] for name in ("comes_at", "carried", "id_rank")
        )

    def take(self, crowd: Crowd) -> None:
        """Puts them in; raises TooLargeError for too many of them."""
        number = len(crowd.comes_at)
        _require("visitors", number, MOST_VISITORS)
        self._state["people"] = number
        self._people[:number] = crowd.visitors.view(ROW)
        self._comes_at[:number] = crowd.comes_at
        self._carried[:number] = crowd.carried
        self._ranks[:number] = id_ranks()[:number]


def _fill_state(
    day: Day, world: DayWorld, habits: Habits, codes: Sequence[str], told: bool
) -> None:
    state = day.state
    state.tells = told
    state.street_until = world.closed_from
    state.plans = len(world.changes)
    state.counters, state.operators = len(codes), len(world.spells)
    state.other_work = len(habits.other_work)
    day.other_work[: len(habits.other_work)] = habits.other_work
    for name in HABITS.names or ():
        day.habits[name] = getattr(habits, name)


@cache
def id_ranks() -> NDArray[np.int64]:
    """For each visitor what sorts as the id of the ticket does: letter by letter."""
    number = MOST_VISITORS
    places = np.argsort(np.argsort([ord(digit) for digit in _DIGITS]))
    # The last 64 of 128 bits are the number, and an id has 6 bits a letter.
    value = np.arange(number, dtype=np.int64) << 4
    ranks = np.zeros(number, np.int64)
    for shift in range(54, -1, -6):
        ranks = ranks * 64 + places[(value >> shift) & 63]
    return np.argsort(np.argsort(ranks))


def _fill_plans(day: Day, world: DayWorld, habits: Habits) -> None:
    for row, rows, change in zip(day.plans, day.pauses, world.changes, strict=False):
        plan = change.plan
        for name in _SAME:
            row[name] = getattr(plan, name)
        row.at = change.at
        row.carry_over, row.ordinary = _rank(plan, CARRY_OVER), _rank(plan, ORDINARY)
        row.priority = _rank(plan, PRIORITY)
        row.closed = bool(plan.closed_reason)
        row.accepts_reason = habits.cannot_because in plan.accepted_reasons
        row.pauses, row.counters = len(plan.pauses), len(plan.counters)
        for place, pause in enumerate(plan.pauses):
            rows[place] = (pause.drain_at, pause.starts_at, pause.cleaning)


def _rank(plan: DayPlan, priority: str) -> int:
    return plan.priorities.index(priority) if priority in plan.priorities else NOBODY


def _fill_services(day: Day, plans: Sequence[DayPlan], habits: Habits) -> None:
    letters = {service.code: service.letter for plan in plans for service in plan.services}
    places = sorted({*letters.values()})
    for place, code in enumerate(habits.services):
        # A service has the same letter all day.
        day.letters[place] = places.index(letters[code]) if code in letters else 0
    for row, plan in zip(day.services, plans, strict=False):
        known = {service.code: service for service in plan.services}
        given = {skill for counter in plan.counters for skill in counter.skills}
        for place, code in enumerate(habits.services):
            one = known.get(code)
            row[place] = (code in given, one.online, one.service_time) if one else (0, 0, 0)


def _fill_counters(
    day: Day, plans: Sequence[DayPlan], habits: Habits, codes: Sequence[str]
) -> None:
    for number, plan in enumerate(plans):
        skills = {counter.code: counter.skills for counter in plan.counters}
        for place, code in enumerate(codes):
            day.in_plan[number, place] = code in skills
            given = [service in skills.get(code, ()) for service in habits.services]
            day.skills[number, place, : len(given)] = given


def _fill_operators(day: Day, world: DayWorld, codes: Sequence[str]) -> None:
    for who, row, spells in zip(day.operators, day.spells, world.spells, strict=False):
        who.spells = len(spells)
        for place, spell in enumerate(spells):
            ends = NEVER if spell.ends is None else spell.ends
            row[place] = (codes.index(spell.counter), spell.begins, ends)
