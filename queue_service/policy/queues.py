"""The queues inside a state: who waits where, kept sorted by the rule of order.

A waiting ticket stands in exactly one of them: the street, those rejoining, those released, the
hall. Finding a place takes O(log n) comparisons; the people and the service time that wait are kept
as running sums.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterator
from heapq import merge
from itertools import islice
from typing import Final, NamedTuple, TypeVar

from queue_service.policy import rules
from queue_service.policy.model import DayPlan, Key, State, Ticket

Place = TypeVar("Place", Key, tuple[int, str])
OUTSIDE: Final = frozenset({"issued", "released"})
"""States in which a ticket waits in the street or at the door."""


class Waiting(NamedTuple):
    """People, visits and the service time (ms) that they ask for."""

    people: int
    visits: int
    work: int


def wait_in_street(state: State, ticket: Ticket) -> None:
    """Lets the ticket wait outside, behind the next group when it has missed one."""
    places = state.rejoining if ticket.missed else state.street
    _insert(places.setdefault(ticket.party, []), ticket.key)
    state.street_people += ticket.party
    state.work_ahead += ticket.work
    state.street_work[ticket.party] = state.street_work.get(ticket.party, 0) + ticket.work
    _ask_outside(state, ticket, 1)
    state.tickets[ticket.id] = ticket


def wait_at_door(state: State, ticket: Ticket, released: Ticket) -> None:
    """Lets a ticket of the street wait, released, for its entry: outside as before."""
    _leave_street(state, ticket)
    insort(state.released, (released.arrive_by, released.id))
    state.released_people += released.party
    state.tickets[released.id] = released


def wait_in_hall(state: State, ticket: Ticket) -> None:
    """Lets the ticket wait for a counter with its service, or for the one it was sent to."""
    _stand_in_hall(state, ticket)
    state.work_ahead += ticket.work
    state.tickets[ticket.id] = ticket


def wait_inside(state: State, ticket: Ticket, entered: Ticket) -> None:
    """Lets a ticket of the street or of the door wait in the hall."""
    _leave_outside(state, ticket)
    _stand_in_hall(state, entered)
    state.tickets[entered.id] = entered


def stop_waiting(state: State, ticket: Ticket) -> None:
    """Takes the ticket out of the queue in which it waits; one that waits nowhere is left alone."""
    if ticket.state == "entered":
        _remove(state.hall[hall_queue(ticket)], ticket.key)
        _remove(state.inside[ticket.party], ticket.key)
    elif ticket.state in OUTSIDE:
        _leave_outside(state, ticket)
    else:
        return
    state.work_ahead -= ticket.work


def hall_queue(ticket: Ticket) -> str:
    """Name of the queue in the hall: the service, or the one counter."""
    return f"@{ticket.counter}" if ticket.counter else ticket.service


def first_in_hall(state: State, counter: str, skills: tuple[str, ...]) -> Key | None:
    """Who is called next to a counter: the first among its skills and those sent to it."""
    hall = state.hall
    sent = hall.get(f"@{counter}")
    first = sent[0] if sent else None
    for service in skills:
        queue = hall.get(service)
        if queue and (first is None or queue[0] < first):
            first = queue[0]
    return first


def next_in_street(state: State, plan: DayPlan, people: int) -> tuple[Key, ...]:
    """Who is let in next: by order, as many as fit `people`.

    The first party that does not fit ends the group, lest small parties overtake large ones for
    ever. A party that the plan's limits can never let in whole is passed over and blocks nobody.
    """
    chosen: list[Key] = []
    for key, party in _in_order(state, plan, people):
        if party > people:
            break
        people -= party
        chosen.append(key)
    return tuple(chosen)


def somebody_fits(state: State, plan: DayPlan, people: int) -> bool:
    """Whether `next_in_street` would choose anybody, found without choosing the others."""
    first = next(_in_order(state, plan, people), None)
    return first is not None and first[1] <= people


def let_in_whole(places: dict[int, list[Key]], most: int) -> dict[int, list[Key]]:
    """Of places by party size those of parties of `most` people and fewer."""
    return {party: queue for party, queue in places.items() if party <= most}


def shut_out(state: State, most: int) -> Waiting:
    """Those in the street in parties above `most` people: nobody who comes waits for them."""
    people = visits = work = 0
    for party in state.street_work:
        if party > most:
            waiting = len(state.street.get(party, ())) + len(state.rejoining.get(party, ()))
            people += party * waiting
            visits += waiting
            work += state.street_work[party]
    return Waiting(people, visits, work)


def street_in_order(state: State) -> tuple[str, ...]:
    """Ids of all who wait outside, in the order in which they would be let in."""
    waiting = (merge(*places.values()) for places in (state.street, state.rejoining))
    return tuple(key[2] for queue in waiting for key in queue)


def end_rejoining(state: State) -> None:
    """The next group has gone: those who stood behind it take their own places again."""
    for party, queue in state.rejoining.items():
        street = state.street.setdefault(party, [])
        for key in queue:
            insort(street, key)
    state.rejoining.clear()


def sent_to(state: State, counter: str) -> tuple[Ticket, ...]:
    """Tickets that wait for this one counter."""
    return tuple(state.tickets[key[2]] for key in state.hall.get(f"@{counter}", ()))


def _stand_in_hall(state: State, ticket: Ticket) -> None:
    insort(state.hall.setdefault(hall_queue(ticket), []), ticket.key)
    insort(state.inside.setdefault(ticket.party, []), ticket.key)


def _ask_outside(state: State, ticket: Ticket, sign: int) -> None:
    asked = state.work_outside
    for place, service in enumerate(ticket.services):
        asked[service] = asked.get(service, 0) + sign * ticket.service_times[place]


def _in_order(state: State, plan: DayPlan, most: int) -> Iterator[tuple[Key, int]]:
    """First those who wait, then those who rejoin behind them; enough of each for `most` people."""
    size = plan.group_size if plan.group_admission else plan.hall_limit
    for places in (state.street, state.rejoining):
        fitting = [party for party in places if rules.fits_at_all(party, size, plan.hall_limit)]
        yield from merge(*(_first(places[party], party, most) for party in fitting))


def _first(queue: list[Key], party: int, most: int) -> Iterator[tuple[Key, int]]:
    return ((key, party) for key in islice(queue, most // party + 1))


def rejoins(state: State, ticket: Ticket) -> bool:
    """Whether the ticket stands behind the next group, having missed one."""
    if not ticket.missed:
        return False
    queue = state.rejoining.get(ticket.party, ())
    at = bisect_left(queue, ticket.key)
    return at < len(queue) and queue[at] == ticket.key


def _leave_outside(state: State, ticket: Ticket) -> None:
    if ticket.state == "released":
        _remove(state.released, (ticket.arrive_by, ticket.id))
        state.released_people -= ticket.party
    else:
        _leave_street(state, ticket)
    _ask_outside(state, ticket, -1)


def _leave_street(state: State, ticket: Ticket) -> None:
    places = state.rejoining if ticket.missed and rejoins(state, ticket) else state.street
    _remove(places[ticket.party], ticket.key)
    state.street_people -= ticket.party
    state.street_work[ticket.party] -= ticket.work


def _insert(queue: list[Place], place: Place) -> None:
    if not queue or queue[-1] < place:  # Mostly who comes last stands last: nothing to look for.
        queue.append(place)
    else:
        insort(queue, place)


def _remove(queue: list[Place], place: Place) -> None:
    first = queue[0] is place  # Mostly the first one goes: nothing to look for.
    del queue[0 if first else bisect_left(queue, place)]
