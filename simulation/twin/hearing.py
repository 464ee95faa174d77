"""What follows from a command that was carried out: who hears of it, and the policy's own clock."""

from __future__ import annotations

from queue_service.policy.rules import NEVER
from simulation.twin import deadlines, hall
from simulation.twin.compiled import inlined, part
from simulation.twin.layout import QUIET, Day
from simulation.twin.moments import CLEANS, ENTERS, RINGS, arrange
from simulation.twin.telling import (
    AMONG_THEM,
    AT_THE_DOOR,
    CLEANING_STARTED,
    DAY_CLOSED,
    DAY_ENDED,
    TICKET_LEFT,
)


@inlined
def settle(day: Day) -> None:
    """Those concerned hear of the command's events; the clock is set anew."""
    if day.state.heard:
        _spread_word(day)
    if day.state.loud:
        _set_clock(day)


@part
def _spread_word(day: Day) -> None:
    for place in range(day.state.heard):
        _hears(day, day.heard[place, 0], day.heard[place, 1])
    day.state.heard = 0


@part
def _hears(day: Day, kind: int, ticket: int) -> None:
    state = day.state
    if kind == AMONG_THEM:
        _goes_in(day, ticket)
    elif kind == CLEANING_STARTED:
        confirms_at = state.clean_until + day.habits.confirms_after
        arrange(day, confirms_at, CLEANS, 0)
    elif kind in (DAY_CLOSED, DAY_ENDED):
        hall.all_look_up(day)
    elif kind == TICKET_LEFT:
        if not state.occupancy:
            hall.all_look_up(day)
    else:
        hall.may_wait(day, ticket)


@part
def _goes_in(day: Day, number: int) -> None:
    """The visitor's group is let in."""
    person = day.people[number]
    if not person.misses_group or day.tickets[number].missed:
        later = day.state.now + person.walks_in
        arrange(day, later, ENTERS, number)


@part
def _set_clock(day: Day) -> None:
    state = day.state
    loud, state.loud = state.loud, 0
    if loud == AT_THE_DOOR and state.sanitation == QUIET:
        _rings_at(day, deadlines.release_at(day))
    else:
        _rings_at(day, deadlines.next_deadline(day)[0])


@part
def _rings_at(day: Day, at: int) -> None:
    state = day.state
    if at < state.rings_at and state.now < state.rings_at:
        state.rings_at = max(at, state.now)
        arrange(day, state.rings_at, RINGS, 0)


@part
def rings(day: Day) -> None:
    """The policy's clock does what is due, unless it was set anew meanwhile."""
    state = day.state
    if state.now != state.rings_at:
        return
    state.rings_at = NEVER
    deadlines.tick(day)
    settle(day)
    _rings_at(day, deadlines.next_deadline(day)[0])
