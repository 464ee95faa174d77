"""What happens to tickets and counters: each change is made and told, as `evolve` makes it."""

from __future__ import annotations

from queue_service.policy import rules
from simulation.twin import queues
from simulation.twin.compiled import part
from simulation.twin.layout import (
    CALLED,
    CANCELLED,
    CLOSED,
    ENDED,
    EXPIRED,
    MISSED,
    MOST_VISITORS,
    NO_SHOW,
    NOBODY,
    ON_HOLD,
    SERVED,
    SERVING,
    Day,
    wide,
)
from simulation.twin.telling import (
    AMONG_THEM,
    COUNTER_CLOSED,
    COUNTER_OPENED,
    DAY_CLOSED,
    DAY_ENDED,
    GROUP_RELEASED,
    SERVICE_FINISHED,
    SERVICE_STARTED,
    TICKET_CALLED,
    TICKET_CANCELLED,
    TICKET_ENTERED,
    TICKET_HELD,
    TICKET_ISSUED,
    TICKET_LEFT,
    TICKET_NOT_SHOWN,
    TICKET_RECALLED,
    TICKET_RESUMED,
    TICKET_RETURNED,
    TICKET_TRANSFERRED,
    TICKETS_MISSED,
    among_them,
    hear,
    tell,
)

_INDICES = 2 * MOST_VISITORS
"""More than tickets are issued on a day."""

# --- the hall's count ----------------------------------------------------------------------------


@part
def inside_or_on_the_way(day: Day) -> int:
    """People in the hall and those let in who have yet to come."""
    state = day.state
    return int(state.occupancy + state.released_people)


@part
def emptied_since(day: Day, people: int) -> None:
    """Notes when the last of `people` has gone."""
    if people and not inside_or_on_the_way(day):
        day.state.emptied_at = day.state.now


# --- the street and the door ---------------------------------------------------------------------


@part
def issue(day: Day, ticket: int, rank: int, assisted: int) -> None:
    """A ticket whose services, times and party stand in its record already."""
    state, held = day.state, day.tickets[ticket]
    letter = day.letters[held.services[0]]
    day.numbers[letter] += 1
    day.issue[state.issued] = ticket
    state.issued += 1
    state.unended += 1
    order = rules.order_key(state.now, rank, day.plans[state.plan].ageing)
    held.place = order * _INDICES + state.issued
    held.counter = NOBODY
    held.step = 0
    queues.begin_waiting(day, ticket)
    queues.wait_in_street(day, ticket)
    tell(day, TICKET_ISSUED, ticket, day.numbers[letter], rank, assisted)
    for step in range(held.asked):
        among_them(day, wide(held.services[step]))


@part
def enter(day: Day, ticket: int) -> None:
    """A party comes into the hall."""
    state, held = day.state, day.tickets[ticket]
    queues.step_out(day, ticket)
    held.inside = 1
    state.occupancy += held.party
    queues.wait_in_hall(day, ticket)
    tell(day, TICKET_ENTERED, ticket)


@part
def leave(day: Day, ticket: int) -> None:
    """A party is out of the hall."""
    people = inside_or_on_the_way(day)
    held = day.tickets[ticket]
    held.inside = 0
    day.state.occupancy -= held.party
    tell(day, TICKET_LEFT, ticket)
    if day.state.phase == CLOSED:
        hear(day, TICKET_LEFT, ticket)
    emptied_since(day, people)


@part
def cancel(day: Day, ticket: int, reason: int) -> None:
    """The visitor gives the place up."""
    _end(day, ticket, CANCELLED)
    tell(day, TICKET_CANCELLED, ticket, reason)


@part
def release(day: Day, arrive_by: int) -> None:
    """Those chosen are let in as a group."""
    state = day.state
    people = 0
    for place in range(state.chosen):
        people += day.tickets[day.chosen[place]].party
    tell(day, GROUP_RELEASED, state.group + 1, people, arrive_by)
    for place in range(state.chosen):
        ticket = day.chosen[place]
        among_them(day, ticket)
        hear(day, AMONG_THEM, ticket)
        queues.step_out(day, ticket)
        day.tickets[ticket].arrive_by = arrive_by
        queues.wait_at_door(day, ticket)
    queues.end_rejoining(day)
    state.group += 1
    state.group_at = state.now


@part
def miss(day: Day) -> None:
    """Those let in who have not come in time stand behind the next group, once."""
    state = day.state
    people = inside_or_on_the_way(day)
    tell(day, TICKETS_MISSED)
    while day.released.length and day.tickets[day.released.first].arrive_by <= state.now:
        ticket = queues.first_at_door(day)
        among_them(day, ticket)
        if rules.may_rejoin(day.tickets[ticket].missed):
            queues.step_out(day, ticket)
            day.tickets[ticket].missed += 1
            queues.wait_in_street(day, ticket)
        else:
            _end(day, ticket, MISSED)
    if not day.plans[state.plan].group_admission:
        queues.end_rejoining(day)
    emptied_since(day, people)


# --- the end of the day --------------------------------------------------------------------------


@part
def close_day(day: Day) -> None:
    """Who is still outside is carried over."""
    state = day.state
    people = inside_or_on_the_way(day)
    tell(day, DAY_CLOSED)
    state.phase = CLOSED
    while day.released.length:
        _expire(day, queues.first_at_door(day))
    for line in (day.street, day.rejoining):
        while line.length:
            _expire(day, int(line.first))
    emptied_since(day, people)


@part
def _expire(day: Day, ticket: int) -> None:
    among_them(day, ticket)
    _end(day, ticket, EXPIRED)


@part
def end_day(day: Day) -> None:
    """A last service under way counts as given, whoever else is inside is carried over."""
    state = day.state
    people = inside_or_on_the_way(day)
    tell(day, DAY_ENDED)
    state.phase = ENDED
    if state.unended or state.occupancy:
        _end_visits(day)
    emptied_since(day, people)


@part
def _end_visits(day: Day) -> None:
    state = day.state
    for last in range(2):
        for place in range(state.issued):
            ticket = wide(day.issue[place])
            held = day.tickets[ticket]
            served = held.state == SERVING and held.step + 1 == held.asked
            if held.state < SERVED and served == (last == 1):
                among_them(day, ticket, last)
                _end(day, ticket, SERVED if last else EXPIRED)
            held.inside = 0
    state.occupancy = 0


# --- the counters --------------------------------------------------------------------------------


@part
def open_counter(day: Day, counter: int) -> None:
    """The operator sits down."""
    state = day.state
    state.openings += 1
    day.counters[counter].open = state.openings
    day.counters[counter].ticket = NOBODY
    knows(day, counter)
    state.counters_open += 1
    tell(day, COUNTER_OPENED, counter)


@part
def knows(day: Day, counter: int) -> None:
    """The open counter gives what the plan says."""
    for service in range(len(day.letters)):
        day.can[counter, service] = day.skills[day.state.plan, counter, service]


@part
def close_counter(day: Day, counter: int) -> None:
    """The operator leaves."""
    day.counters[counter].open = 0
    day.state.counters_open -= 1
    tell(day, COUNTER_CLOSED, counter)


@part
def call(day: Day, ticket: int, counter: int) -> None:
    """A ticket is called to a counter."""
    queues.stop_waiting(day, ticket)
    _to_counter(day, ticket, counter, CALLED)
    tell(day, TICKET_CALLED, ticket, counter)


@part
def recall(day: Day, ticket: int) -> None:
    """A called ticket is called again."""
    tell(day, TICKET_RECALLED, ticket, wide(day.tickets[ticket].counter))


@part
def start(day: Day, ticket: int) -> None:
    """The visitor is at the counter."""
    day.tickets[ticket].state = SERVING
    tell(day, SERVICE_STARTED, ticket)


@part
def finish(day: Day, ticket: int) -> None:
    """The service is over; the next one of the same visit waits inside."""
    held = day.tickets[ticket]
    tell(day, SERVICE_FINISHED, ticket, wide(held.services[held.step]))
    if held.step + 1 == held.asked:
        _end(day, ticket, SERVED)
        walk_out(day, ticket)
    else:
        _free_counter(day, ticket)
        held.step += 1
        hear(day, SERVICE_FINISHED, ticket)
        queues.begin_waiting(day, ticket)
        queues.wait_in_hall(day, ticket)


@part
def give_up(day: Day, ticket: int) -> None:
    """Called and did not come."""
    _end(day, ticket, NO_SHOW)
    tell(day, TICKET_NOT_SHOWN, ticket)
    walk_out(day, ticket)


@part
def take_back(day: Day, ticket: int) -> None:
    """Was given up and is in the hall's queue again, at the old place."""
    held = day.tickets[ticket]
    _readmit(day, ticket)
    held.returned = 1
    day.state.unended += 1
    queues.begin_waiting(day, ticket)
    queues.wait_in_hall(day, ticket)
    tell(day, TICKET_RETURNED, ticket)


@part
def hold(day: Day, ticket: int) -> None:
    """Something is awaited; the counter is free for others."""
    _free_counter(day, ticket)
    day.tickets[ticket].state = ON_HOLD
    day.tickets[ticket].counter = NOBODY
    tell(day, TICKET_HELD, ticket)


@part
def resume(day: Day, ticket: int, counter: int) -> None:
    """The service goes on at a free counter."""
    _readmit(day, ticket)
    _to_counter(day, ticket, counter, SERVING)
    tell(day, TICKET_RESUMED, ticket, counter)


@part
def transfer(day: Day, ticket: int, service: int) -> None:
    """To another service; the place by time of issue is kept."""
    held = day.tickets[ticket]
    queues.stop_waiting(day, ticket)
    _free_counter(day, ticket)
    time = day.services[day.state.plan, service].time
    held.services[held.step] = service
    held.times[held.step] = time
    queues.begin_waiting(day, ticket)
    queues.wait_in_hall(day, ticket)
    tell(day, TICKET_TRANSFERRED, ticket, service, time)


# --- what several of them share ------------------------------------------------------------------


@part
def walk_out(day: Day, ticket: int) -> None:
    """Where nobody counts people out, a visitor leaves when the visit is over."""
    if day.tickets[ticket].inside and not day.plans[day.state.plan].exits_counted:
        leave(day, ticket)


@part
def _end(day: Day, ticket: int, end: int) -> None:
    _free_counter(day, ticket)
    queues.stop_waiting(day, ticket)
    day.tickets[ticket].state = end
    day.state.unended -= 1


@part
def _free_counter(day: Day, ticket: int) -> None:
    held = day.tickets[ticket]
    if held.state in (CALLED, SERVING):
        day.counters[held.counter].ticket = NOBODY


@part
def _to_counter(day: Day, ticket: int, counter: int, state: int) -> None:
    day.counters[counter].ticket = ticket
    day.tickets[ticket].state = state
    day.tickets[ticket].counter = counter


@part
def _readmit(day: Day, ticket: int) -> None:
    held = day.tickets[ticket]
    if not held.inside:
        day.state.occupancy += held.party
        held.inside = 1
