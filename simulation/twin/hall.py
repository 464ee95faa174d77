"""Who waits inside, and the operators who rest, as `simulation.hall` brings them together."""

from __future__ import annotations

from simulation.twin.compiled import part
from simulation.twin.layout import ENTERED as WAITS_IN_HALL
from simulation.twin.layout import NOBODY, ON_HOLD, Day, wide
from simulation.twin.moments import rest, wait
from simulation.twin.queues import remove, stand_behind


@part
def rests(day: Day, operator: int, then: int) -> None:
    """The operator has nobody to call. Of two at one counter only the later can be told."""
    state = day.state
    counter = day.operators[operator].counter
    day.operators[operator].then = then
    rest(day, operator)
    for place in range(state.resting):
        if day.operators[day.resting[place]].counter == counter:
            day.resting[place] = operator
            return
    day.resting[state.resting] = operator
    state.resting += 1


@part
def may_wait(day: Day, ticket: int) -> None:
    """If the ticket waits inside, somebody is told."""
    held = day.tickets[ticket]
    if held.state == WAITS_IN_HALL:
        somebody_waits(day, wide(held.services[held.step]))


@part
def somebody_waits(day: Day, service: int) -> None:
    """A visitor for `service` waits inside: the first who can give it calls."""
    for place in range(day.state.resting):
        operator = day.resting[place]
        if is_able(day, day.operators[operator].counter, service):
            _ends_rest(day, operator, service)
            return


@part
def is_able(day: Day, counter: int, service: int) -> bool:
    """Whether the open counter gives the service, or would while nobody has sat down."""
    state = day.state
    if state.counters_open:
        return bool(day.counters[counter].open and day.can[counter, service])
    return bool(day.in_plan[state.plan, counter] and day.skills[state.plan, counter, service])


@part
def _ends_rest(day: Day, operator: int, told: int) -> None:
    state, place = day.state, 0
    while day.resting[place] != operator:
        place += 1
    state.resting -= 1
    for later in range(place, state.resting):
        day.resting[later] = day.resting[later + 1]
    who = day.operators[operator]
    who.told = told
    wait(day, state.now, who.then, operator, operator)


@part
def looks_up(day: Day, counter: int) -> None:
    """The operator of the counter ends the rest, whoever waits."""
    for place in range(day.state.resting):
        operator = day.resting[place]
        if day.operators[operator].counter == counter:
            _ends_rest(day, operator, NOBODY)
            return


@part
def all_look_up(day: Day) -> None:
    """Something has changed for every operator."""
    while day.state.resting:
        _ends_rest(day, day.resting[0], NOBODY)


@part
def can_go_on(day: Day, ticket: int) -> None:
    """What was awaited for a ticket on hold has come."""
    held = day.tickets[ticket]
    if held.state == ON_HOLD:
        stand_behind(day, day.ready, int(day.ready.last), ticket)
        somebody_waits(day, wide(held.services[held.step]))


@part
def takes_ready(day: Day, counter: int) -> int:
    """The first ticket that can go on at this counter, which takes it; `NOBODY` without one."""
    ticket = int(day.ready.first)
    while ticket != NOBODY:
        held = day.tickets[ticket]
        if is_able(day, counter, wide(held.services[held.step])):
            remove(day, day.ready, ticket)
            return ticket
        ticket = int(held.behind)
    return NOBODY


@part
def is_waited_for(day: Day, service: int) -> bool:
    """Whether somebody inside waits for the service, or to go on with it."""
    for line in (day.hall, day.ready):
        ticket = int(line.first)
        while ticket != NOBODY:
            held = day.tickets[ticket]
            if held.services[held.step] == service:
                return True
            ticket = int(held.behind)
    return False
