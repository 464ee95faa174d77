"""One compiled day, from the first plan until the last visitor has gone."""

from __future__ import annotations

from simulation.twin import asking, guests, hall, moments, operators
from simulation.twin.beginning import begin_anew
from simulation.twin.compiled import compiled, inlined, part
from simulation.twin.hearing import rings
from simulation.twin.layout import NOBODY, Day
from simulation.twin.moments import means
from simulation.twin.room import NO_ROOM, TooLargeError
from simulation.twin.telling import WAITED_TOO_LONG


@compiled
def run(day: Day) -> None:
    """Lets the day take its course; what another one left in its tables is forgotten.

    Raises TooLargeError where more happens than there is room for.
    """
    begin_anew(day)
    for plan in range(day.state.plans):
        moments.arrange(day, day.plans[plan].at, moments.PLAN, plan)
    moments.arrange(day, day.plans[0].at + 1, moments.BEGINS, 0)
    moment = moments.first(day)
    while moment != moments.LATEST and not day.state.full:
        happens(day, moment)
        moment = moments.first(day)
    guests.go_home_with_expired_tickets(day)
    if day.state.full:
        raise TooLargeError(NO_ROOM)


@inlined
def happens(day: Day, moment: int) -> None:
    """The next thing."""
    moments.move_clock(day, moment)
    number = moments.number_of(moment)
    if means(moment, moments.COMES):
        guests.comes(day, number)
    elif means(moment, moments.ENTERS):
        moments.take(day)
        asking.enter(day, number)
    elif means(moment, moments.LEAVES):
        moments.take(day)
        asking.leave(day, number)
    elif means(moment, moments.GIVES_UP):
        moments.take(day)
        guests.leaves_street(day, number, WAITED_TOO_LONG)
    elif means(moment, moments.CALLS):
        operators.works(day, number)
    elif means(moment, moments.CALLS_AGAIN):
        operators.calls_again(day, operators.of(day, number))
    elif means(moment, moments.STARTS):
        operators.starts(day, operators.of(day, number))
    elif means(moment, moments.FINISHES):
        operators.finishes(day, operators.of(day, number))
    elif moments.is_of_operator(moment):
        _operator_seldom_goes_on(day, moment, number)
    else:
        moments.take(day)
        _seldom_happens(day, moment, number)


@part
def _seldom_happens(day: Day, moment: int, number: int) -> None:
    if means(moment, moments.RINGS):
        rings(day)
    elif means(moment, moments.DOOR):
        _looks_at_door(day, number)
    elif means(moment, moments.RETURNS):
        guests.asks_to_be_taken_back(day, number)
    elif means(moment, moments.COMES_AGAIN):
        guests.arrives(day, number)
    elif means(moment, moments.READY):
        hall.can_go_on(day, number)
    elif means(moment, moments.LOOKS_UP):
        operators.looks_up(day, number)
    elif means(moment, moments.CLEANS):
        asking.confirm_sanitation(day)
    elif means(moment, moments.BEGINS):
        _begins(day)
    else:
        _changes_plan(day, number)


@part
def _operator_seldom_goes_on(day: Day, moment: int, number: int) -> None:
    if means(moment, moments.SITS_DOWN):
        operators.sits_down(day, number)
    elif means(moment, moments.OPENS):
        operators.opens(day, number)
    elif means(moment, moments.SENDS_ON):
        operators.sends_on(day, operators.of(day, number))
    else:
        operators.holds(day, operators.of(day, number))


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
    moments.arrange(day, opens_at, moments.DOOR, state.watch)


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
    moments.arrange(day, state.now + looks * every, moments.DOOR, watch)
