"""One compiled day, from the first plan until the last visitor has gone."""

from __future__ import annotations

from simulation.moments import Rank
from simulation.twin import asking, guests, hall, moments, operators
from simulation.twin.beginning import begin_anew
from simulation.twin.compiled import compiled, inlined, part
from simulation.twin.hearing import rings
from simulation.twin.layout import NOBODY, Day
from simulation.twin.room import NO_ROOM, TooLargeError
from simulation.twin.telling import WAITED_TOO_LONG

_BEGINS, _PLAN, _DOOR = int(Rank.BEGINS), int(Rank.PLAN), int(Rank.DOOR)


@compiled
def run(day: Day) -> None:
    """Lets the day take its course; what another one left in its tables is forgotten.

    Raises TooLargeError where more happens than there is room for.
    """
    begin_anew(day)
    for plan in range(day.state.plans):
        moments.arrange(day, day.plans[plan].at, _PLAN, 0, moments.PLAN, plan)
    moments.arrange(day, day.plans[0].at + 1, _BEGINS, 0, moments.BEGINS, 0)
    while (day.state.pending or day.state.comer < day.state.people) and not day.state.full:
        happens(day)
    guests.go_home_with_expired_tickets(day)
    if day.state.full:
        raise TooLargeError(NO_ROOM)


@inlined
def happens(day: Day) -> None:
    """The next thing."""
    action, whom = moments.take(day)
    if action == moments.COMES:
        guests.comes(day, whom)
    elif action == moments.ENTERS:
        asking.enter(day, whom)
    elif action == moments.LEAVES:
        asking.leave(day, whom)
    elif action == moments.GIVES_UP:
        guests.leaves_street(day, whom, WAITED_TOO_LONG)
    elif action == moments.CALLS:
        operators.works(day, whom)
    elif action == moments.CALLS_AGAIN:
        operators.calls_again(day, whom)
    elif action == moments.STARTS:
        operators.starts(day, whom)
    elif action == moments.FINISHES:
        operators.finishes(day, whom)
    else:
        _seldom_happens(day, action, whom)


@part
def _seldom_happens(day: Day, action: int, whom: int) -> None:
    if action == moments.RINGS:
        rings(day)
    elif action == moments.DOOR:
        _looks_at_door(day, whom)
    elif action == moments.RETURNS:
        guests.asks_to_be_taken_back(day, whom)
    elif action == moments.COMES_AGAIN:
        guests.arrives(day, whom)
    elif action == moments.READY:
        hall.can_go_on(day, whom)
    elif action == moments.LOOKS_UP:
        hall.looks_up(day, whom)
    elif action == moments.CLEANS:
        asking.confirm_sanitation(day)
    elif action == moments.BEGINS:
        _begins(day)
    elif action >= moments.SITS_DOWN:
        _operator_seldom_goes_on(day, action, whom)
    else:
        _changes_plan(day, whom)


@part
def _operator_seldom_goes_on(day: Day, action: int, operator: int) -> None:
    if action == moments.SITS_DOWN:
        operators.sits_down(day, operator)
    elif action == moments.OPENS:
        operators.opens(day, operator)
    elif action == moments.SENDS_ON:
        operators.sends_on(day, operator)
    else:
        operators.holds(day, operator)


@part
def _begins(day: Day) -> None:
    """With the rules of the day in force, people set out."""
    guests.comes_next(day, 0)
    for operator in range(day.state.operators):
        operators.sits_down_next(day, operator)


@part
def _changes_plan(day: Day, plan: int) -> None:
    """Each plan has a watch at the door of its own, which ends the one before."""
    state = day.state
    asking.change_plan(day, plan)
    hall.all_look_up(day)
    state.watch += 1
    opens_at = day.plans[state.plan].opens_at
    moments.arrange(day, opens_at, _DOOR, 0, moments.DOOR, state.watch)


@part
def _looks_at_door(day: Day, watch: int) -> None:
    state, every = day.state, day.habits.looks_every
    plan = day.plans[state.plan]
    if watch != state.watch or state.now >= plan.closes_at:
        return
    looks = 1
    if plan.group_admission and not plan.release_by_clock:
        due = asking.release_group(day)
        if due != NOBODY:
            looks = -((state.now - due) // every)
    moments.arrange(day, state.now + looks * every, _DOOR, 0, moments.DOOR, watch)
