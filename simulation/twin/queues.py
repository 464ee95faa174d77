"""Who waits where, sorted by the rule of order, as `queue_service.policy.queues` keeps them."""

from __future__ import annotations

from queue_service.policy import rules
from simulation.twin.compiled import part
from simulation.twin.layout import ENTERED, ISSUED, NOBODY, RELEASED, Day, Line, wide


@part
def insert(day: Day, line: Line, ticket: int) -> None:
    """Puts a ticket at its place in a line."""
    ahead = _last_ahead(day, int(line.last), day.tickets[ticket].place)
    stand_behind(day, line, ahead, ticket)


@part
def _last_ahead(day: Day, ticket: int, place: int) -> int:
    """From a ticket of a line on to its front, the first that stands before a place."""
    while ticket != NOBODY and place < day.tickets[ticket].place:
        ticket = int(day.tickets[ticket].ahead)
    return ticket


@part
def _insert_in_street(day: Day, ticket: int) -> None:
    """Who goes ahead of others mostly stands soon behind the one who did so last."""
    place, ahead = day.tickets[ticket].place, int(day.street.last)
    if ahead != NOBODY and place < day.tickets[ahead].place:
        near = int(day.state.went_ahead)
        if _is_ahead(day, near, place):
            ahead = near
            while day.tickets[day.tickets[ahead].behind].place < place:
                ahead = int(day.tickets[ahead].behind)
        else:
            ahead = _last_ahead(day, ahead, place)
        day.state.went_ahead = ticket
    stand_behind(day, day.street, ahead, ticket)


@part
def _is_ahead(day: Day, ticket: int, place: int) -> bool:
    """Whether the ticket, or `NOBODY`, waits in the street before that place."""
    if ticket == NOBODY:
        return False
    held = day.tickets[ticket]
    return bool(held.state == ISSUED and not held.rejoins and held.place < place)


@part
def stand_behind(day: Day, line: Line, ahead: int, ticket: int) -> None:
    """Puts a ticket behind another one of the line; `NOBODY`: at its front."""
    behind = int(line.first if ahead == NOBODY else day.tickets[ahead].behind)
    day.tickets[ticket].ahead, day.tickets[ticket].behind = ahead, behind
    _join(day, line, ahead, ticket)
    _join(day, line, ticket, behind)
    line.length += 1


@part
def remove(day: Day, line: Line, ticket: int) -> None:
    """Takes a ticket out of the line in which it stands."""
    held = day.tickets[ticket]
    _join(day, line, wide(held.ahead), wide(held.behind))
    line.length -= 1


@part
def _join(day: Day, line: Line, ahead: int, behind: int) -> None:
    if ahead == NOBODY:
        line.first = behind
    else:
        day.tickets[ahead].behind = behind
    if behind == NOBODY:
        line.last = ahead
    else:
        day.tickets[behind].ahead = ahead


@part
def begin_waiting(day: Day, ticket: int) -> None:
    """From now on the visit is work for the counters."""
    held, work = day.tickets[ticket], 0
    for step in range(held.step, held.asked):
        work += held.times[step]
    held.work = work
    day.state.work_ahead += work


@part
def wait_in_street(day: Day, ticket: int) -> None:
    """Lets the ticket wait outside, behind the next group when it has missed one."""
    held = day.tickets[ticket]
    held.state = ISSUED
    held.rejoins = held.missed
    if held.rejoins:
        insert(day, day.rejoining, ticket)
    else:
        _insert_in_street(day, ticket)
    day.state.street_people += held.party


@part
def wait_at_door(day: Day, ticket: int) -> None:
    """Lets the ticket that is let in wait for its entry: sorted by when that has to be."""
    held, ahead = day.tickets[ticket], int(day.released.last)
    held.state = RELEASED
    while ahead != NOBODY and day.tickets[ahead].arrive_by > held.arrive_by:
        ahead = int(day.tickets[ahead].ahead)
    stand_behind(day, day.released, ahead, ticket)
    day.state.released_people += held.party


@part
def first_at_door(day: Day) -> int:
    """Of those who have to enter first, the one whose ticket's id goes first."""
    ticket = first = int(day.released.first)
    while ticket != NOBODY and day.tickets[ticket].arrive_by == day.tickets[first].arrive_by:
        if day.id_rank[ticket] < day.id_rank[first]:
            first = ticket
        ticket = int(day.tickets[ticket].behind)
    return first


@part
def wait_in_hall(day: Day, ticket: int) -> None:
    """Lets the ticket wait for a counter."""
    held = day.tickets[ticket]
    held.state = ENTERED
    held.counter = NOBODY
    insert(day, day.hall, ticket)


@part
def step_out(day: Day, ticket: int) -> None:
    """Takes the ticket, which waits, out of the line where it does."""
    state, held = day.state, day.tickets[ticket]
    if held.state == ENTERED:
        remove(day, day.hall, ticket)
    elif held.state == RELEASED:
        remove(day, day.released, ticket)
        state.released_people -= held.party
    else:
        remove(day, day.rejoining if held.rejoins else day.street, ticket)
        state.street_people -= held.party


@part
def stop_waiting(day: Day, ticket: int) -> None:
    """Takes the ticket out of where it waits, if it does."""
    if ISSUED <= day.tickets[ticket].state <= ENTERED:
        step_out(day, ticket)
        day.state.work_ahead -= day.tickets[ticket].work


@part
def end_rejoining(day: Day) -> None:
    """Those who stood behind the next group take their own places again."""
    while day.rejoining.length:
        ticket = int(day.rejoining.first)
        remove(day, day.rejoining, ticket)
        day.tickets[ticket].rejoins = 0
        insert(day, day.street, ticket)


@part
def next_in_street(day: Day, people: int, most: int) -> int:
    """Who is let in next, as many as fit and at most so many tickets: `chosen` has them."""
    state = day.state
    state.chosen = 0
    left = _choose(day, day.street, people, most)
    if left >= 0:
        _choose(day, day.rejoining, left, most)
    return int(state.chosen)


@part
def _choose(day: Day, line: Line, people: int, most: int) -> int:
    """People that still fit; `NOBODY` where the choice has come to its end."""
    state, plan = day.state, day.plans[day.state.plan]
    size = plan.group_size if plan.group_admission else plan.hall_limit
    ticket = int(line.first)
    while ticket != NOBODY:
        party = day.tickets[ticket].party
        if rules.fits_at_all(party, size, plan.hall_limit):
            if party > people or state.chosen == most:
                return NOBODY
            day.chosen[state.chosen] = ticket
            state.chosen += 1
            people -= party
        ticket = int(day.tickets[ticket].behind)
    return people


@part
def first_in_hall(day: Day, counter: int) -> int:
    """The first by order among those whom the counter can serve; `NOBODY` without one."""
    ticket = int(day.hall.first)
    while ticket != NOBODY:
        held = day.tickets[ticket]
        if day.can[counter, held.services[held.step]]:
            return ticket
        ticket = int(held.behind)
    return NOBODY
