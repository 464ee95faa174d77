"""A day before its beginning, whatever has happened in these tables before."""

from __future__ import annotations

from queue_service.policy.rules import NEVER
from simulation.twin.compiled import part
from simulation.twin.layout import NOBODY, PLANNED, QUIET, Day, Line
from simulation.twin.moments import LATEST


@part
def begin_anew(day: Day) -> None:
    """Nothing has happened and nobody has come yet; the world and its people stay."""
    _set_clocks(day)
    _empty_branch(day)
    _expect_nothing(day)
    for line in (day.street, day.rejoining, day.released, day.hall, day.ready):
        _empty(line)
    for counter in range(day.state.counters):
        day.counters[counter].open, day.counters[counter].ticket = 0, NOBODY
    for operator in range(day.state.operators):
        _forget_work(day, operator)
    day.numbers[:] = 0
    day.next_steps[:] = 0


@part
def _set_clocks(day: Day) -> None:
    state = day.state
    state.now = state.origin = day.plans[0].at
    state.plan = state.version = state.closes_at = 0
    state.phase = PLANNED
    state.rings_at = NEVER
    state.comer, state.comes = state.people, LATEST
    state.watch = 0
    state.asked = state.part = state.by = 0
    state.told = state.heard = state.loud = state.back = state.full = 0


@part
def _expect_nothing(day: Day) -> None:
    state = day.state
    state.pending = 0
    day.moments[1] = day.moments[2] = LATEST
    state.width = 1
    while state.width < state.operators:
        state.width *= 2
    for place in range(1, 2 * state.width):
        day.rounds[place] = LATEST


@part
def _empty_branch(day: Day) -> None:
    state = day.state
    state.issued = state.unended = state.chosen = state.resting = 0
    state.went_ahead = NOBODY
    state.street_people = state.released_people = state.occupancy = 0
    state.emptied_at = state.work_ahead = 0
    state.counters_open = state.openings = 0
    state.group = state.group_at = 0
    state.sanitation = QUIET
    state.next_pause = state.alarmed = 0
    state.clean_from = state.empty_by = state.cleaning = state.clean_until = 0


@part
def _empty(line: Line) -> None:
    line.first = line.last = NOBODY
    line.length = 0


@part
def _forget_work(day: Day, operator: int) -> None:
    who = day.operators[operator]
    who.spell = who.serves = who.worked = 0
    who.told = NOBODY
