"""A plan comes into force, as `evolve` has it."""

from __future__ import annotations

from simulation.twin import changes, queues
from simulation.twin.compiled import part
from simulation.twin.layout import NOBODY, PLANNED, SERVED, Day, wide
from simulation.twin.telling import PLAN_CHANGED, tell


@part
def put_in_force(day: Day, plan: int, next_pause: int) -> None:
    """A plan comes into force; whom nobody counts out under it any more has gone."""
    state = day.state
    coming = day.plans[plan]
    closes_at = coming.closes_at
    if state.version:
        closes_at = max(closes_at, state.now if state.phase == PLANNED else state.closes_at)
    uncounted = not coming.exits_counted
    state.closes_at = closes_at
    state.next_pause = next_pause
    state.plan = plan
    state.version += 1
    tell(day, PLAN_CHANGED, plan, state.version)
    if not coming.group_admission:
        queues.end_rejoining(day)
    if state.now < coming.closes_at:
        state.phase = PLANNED
    for counter in range(day.state.counters):
        if day.counters[counter].open and day.in_plan[plan, counter]:
            changes.knows(day, counter)
    if uncounted:
        _leave_all_who_are_done(day)
    _close_those_out_of_use(day)


@part
def _leave_all_who_are_done(day: Day) -> None:
    for place in range(day.state.issued):
        held = day.tickets[day.issue[place]]
        if held.inside and held.state >= SERVED:
            changes.leave(day, wide(day.issue[place]))


@part
def _close_those_out_of_use(day: Day) -> None:
    """Where nobody is at them, in the order in which they were opened."""
    state = day.state
    for opening in range(1, state.openings + 1):
        for counter in range(day.state.counters):
            desk = day.counters[counter]
            free = desk.open == opening and desk.ticket == NOBODY
            if free and not day.in_plan[state.plan, counter]:
                changes.close_counter(day, counter)
