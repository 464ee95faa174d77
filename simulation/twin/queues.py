"""Who waits where, sorted by the rule of order, as `queue_service.policy.queues` keeps them."""

from __future__ import annotations

from queue_service.policy import rules
from simulation.twin.compiled import compiled
from simulation.twin.layout import ENTERED, ISSUED, NOBODY, RELEASED, Day, Rows


@compiled
def goes_before(day: Day, one: int, other: int) -> bool:
    """Whether a ticket's place is before another's."""
    first, second = day.tickets[one], day.tickets[other]
    if first.order != second.order:
        return bool(first.order < second.order)
    return bool(first.index < second.index)


@compiled
def insert(day: Day, queue: Rows, length: int, ticket: int) -> None:
    """Puts a ticket at its place in a queue of that length."""
    place = length
    while place > 0 and goes_before(day, ticket, queue[place - 1]):
        queue[place] = queue[place - 1]
        place -= 1
    queue[place] = ticket


@compiled
def remove(queue: Rows, length: int, ticket: int) -> bool:
    """Takes a ticket out of a queue; says whether it stood there."""
    place = 0
    while place < length and queue[place] != ticket:
        place += 1
    for later in range(place + 1, length):
        queue[later - 1] = queue[later]
    return place < length


@compiled
def work_of(day: Day, ticket: int) -> int:
    """Service time still ahead of the visit."""
    held = day.tickets[ticket]
    work = 0
    for step in range(held.step, held.asked):
        work += held.times[step]
    return work


@compiled
def wait_in_street(day: Day, ticket: int) -> None:
    """Lets the ticket wait outside, behind the next group when it has missed one."""
    state, held = day.state, day.tickets[ticket]
    held.state = ISSUED
    if held.missed:
        insert(day, day.rejoining, state.rejoining, ticket)
        state.rejoining += 1
    else:
        insert(day, day.street, state.street, ticket)
        state.street += 1
    state.street_people += held.party
    state.work_ahead += work_of(day, ticket)


@compiled
def wait_at_door(day: Day, ticket: int) -> None:
    """Lets the ticket that is let in wait for its entry."""
    state, held = day.state, day.tickets[ticket]
    held.state = RELEASED
    place = state.released
    while place > 0 and _is_later(day, day.released[place - 1], ticket):
        day.released[place] = day.released[place - 1]
        place -= 1
    day.released[place] = ticket
    state.released += 1
    state.released_people += held.party
    state.work_ahead += work_of(day, ticket)


@compiled
def _is_later(day: Day, one: int, other: int) -> bool:
    first, second = day.tickets[one], day.tickets[other]
    if first.arrive_by != second.arrive_by:
        return bool(first.arrive_by > second.arrive_by)
    return bool(day.id_rank[one] > day.id_rank[other])


@compiled
def wait_in_hall(day: Day, ticket: int) -> None:
    """Lets the ticket wait for a counter."""
    state, held = day.state, day.tickets[ticket]
    held.state = ENTERED
    held.counter = NOBODY
    insert(day, day.hall, state.hall, ticket)
    state.hall += 1
    state.work_ahead += work_of(day, ticket)


@compiled
def stop_waiting(day: Day, ticket: int) -> None:
    """Takes the ticket out of where it waits, if it does."""
    state, held = day.state, day.tickets[ticket]
    if held.state == ISSUED:
        if held.missed and remove(day.rejoining, state.rejoining, ticket):
            state.rejoining -= 1
        else:
            remove(day.street, state.street, ticket)
            state.street -= 1
        state.street_people -= held.party
    elif held.state == RELEASED:
        remove(day.released, state.released, ticket)
        state.released -= 1
        state.released_people -= held.party
    elif held.state == ENTERED:
        remove(day.hall, state.hall, ticket)
        state.hall -= 1
    else:
        return
    state.work_ahead -= work_of(day, ticket)


@compiled
def end_rejoining(day: Day) -> None:
    """Those who stood behind the next group take their own places again."""
    state = day.state
    for place in range(state.rejoining):
        insert(day, day.street, state.street, day.rejoining[place])
        state.street += 1
    state.rejoining = 0


@compiled
def next_in_street(day: Day, people: int, most: int) -> int:
    """Who is let in next, as many as fit and at most so many tickets: `chosen` has them."""
    state = day.state
    state.chosen = 0
    left = _choose(day, day.street, state.street, people, most)
    if left >= 0:
        _choose(day, day.rejoining, state.rejoining, left, most)
    return int(state.chosen)


@compiled
def _choose(day: Day, queue: Rows, length: int, people: int, most: int) -> int:
    """People that still fit; `NOBODY` where the choice has come to its end."""
    state, plan = day.state, day.plans[day.state.plan]
    size = plan.group_size if plan.group_admission else plan.hall_limit
    for place in range(length):
        party = day.tickets[queue[place]].party
        if rules.fits_at_all(party, size, plan.hall_limit):
            if party > people or state.chosen == most:
                return NOBODY
            day.chosen[state.chosen] = queue[place]
            state.chosen += 1
            people -= party
    return people


@compiled
def first_in_hall(day: Day, counter: int) -> int:
    """The first by order among those whom the counter can serve; `NOBODY` without one."""
    for place in range(day.state.hall):
        ticket = day.hall[place]
        held = day.tickets[ticket]
        if day.can[counter, held.services[held.step]]:
            return int(ticket)
    return NOBODY
