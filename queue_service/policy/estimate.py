"""How many are ahead of a ticket, and when it will be called: a range, not a promise. Pure.

The likely instant is the fluid approximation that `door` uses to judge whether a visit can still be
served. The range is that of a sum of independent service times, whose spread is assumed.
"""

from __future__ import annotations

from bisect import bisect_left
from math import isqrt
from typing import Final, NamedTuple

from queue_service.policy import door, queues, rules, sanitation
from queue_service.policy.model import DayPlan, State, Ticket

MINUTE: Final = 60_000
_TENTHS_OF_DEVIATIONS: Final = 13
"""1.3 standard deviations each way hold four cases in five; a service time's deviation is assumed
to be as long as its mean."""


class CallEstimate(NamedTuple):
    """Epoch milliseconds of whole minutes; `low` <= `likely` <= `high`.

    `ahead`: `people_ahead` of the ticket.
    """

    low: int
    likely: int
    high: int
    ahead: int


def people_ahead(state: State, ticket: Ticket) -> int:
    """People outside, or visits in the hall, before this ticket; 0 when it waits nowhere."""
    if ticket.state == "issued":
        return _ahead_outside(state, ticket)
    if ticket.state == "entered":
        return sum(bisect_left(queue, ticket.key) for queue in state.hall.values() if queue)
    return 0


def _ahead_outside(state: State, ticket: Ticket) -> int:
    key = ticket.key
    rejoining = state.rejoining.get(ticket.party, ())
    place = bisect_left(rejoining, key)
    if place == len(rejoining) or rejoining[place] != key:
        return sum(party * bisect_left(queue, key) for party, queue in state.street.items())
    before = sum(party * bisect_left(queue, key) for party, queue in state.rejoining.items())
    return before + sum(party * len(queue) for party, queue in state.street.items())


def call_at(state: State, plan: DayPlan, ticket: Ticket, now: int) -> CallEstimate | None:
    """When the ticket will be called to a counter; None when it is not waiting, or in vain."""
    if ticket.state not in ("issued", "released", "entered"):
        return None
    ahead = people_ahead(state, ticket)
    let_in = _let_in_at(state, plan, ticket, ahead, now)
    if ticket.state == "issued" and let_in >= plan.last_admission_at:
        return None
    load = (
        _in_hall(state, ticket) if ticket.state == "entered" else _all(state, plan, ticket, ahead)
    )
    if not load.counters:
        return None
    called = _after(state, plan, now, rules.queue_delay(load.work, load.counters))
    deviation = isqrt(load.work * load.work // max(1, load.visits))
    spread = deviation * _TENTHS_OF_DEVIATIONS // 10 // load.counters
    return _range(max(let_in, called), spread, now, ahead)


class _Load(NamedTuple):
    """Service time (ms) and visits before a ticket, and the counters that work them off."""

    work: int
    visits: int
    counters: int


def _in_hall(state: State, ticket: Ticket) -> _Load:
    """What the counters that can serve the ticket have before it.

    Others' queues count by the share of their counters that could serve the ticket as well. As long
    as nobody has sat down, the counters of the plan are taken to be open.
    """
    skills = {code: counter.skills for code, counter in state.counters.items()} or state.skills
    able = _serving(skills, queues.hall_queue(ticket))
    work = visits = 0
    for name, places in state.hall.items():
        before = bisect_left(places, ticket.key)
        serving = _serving(skills, name) if before else set()
        shared = len(serving & able)
        if shared:
            first = state.tickets[places[0][2]]
            work += before * first.service_times[first.step] * shared // len(serving)
            visits += max(1, before * shared // len(serving))
    return _Load(work, visits, len(able))


def _serving(skills: dict[str, tuple[str, ...]], queue: str) -> set[str]:
    """Counters that take from a queue of the hall."""
    return {code for code, given in skills.items() if queue in given or queue == f"@{code}"}


def _let_in_at(state: State, plan: DayPlan, ticket: Ticket, ahead: int, now: int) -> int:
    if ticket.state != "issued":
        return now
    return door.entry_behind(state, plan, ticket.party, ahead, now)


def _after(state: State, plan: DayPlan, now: int, delay: int) -> int:
    at = max(now, plan.opens_at, sanitation.over_at(state, now))
    return door.after_pauses(state, plan, at + delay)


def _all(state: State, plan: DayPlan, ticket: Ticket, ahead: int) -> _Load:
    """Before a ticket outside: its share of all that waits, for all counters together.

    What those ahead will ask for is not known by place, so their skills are left out of account.
    """
    inside = sum(map(len, state.hall.values()))
    everybody = state.street_people + state.released_people + inside
    before = ahead
    if ticket.state == "issued":
        before += state.released_people + inside
    work = state.work_ahead * before // max(1, everybody)
    return _Load(work, before, len(state.counters) or len(plan.counters))


def _range(likely: int, spread: int, now: int, ahead: int) -> CallEstimate:
    low = max(now, likely - spread)
    return CallEstimate(
        low=low // MINUTE * MINUTE,
        likely=(likely + MINUTE // 2) // MINUTE * MINUTE,
        high=-(-(likely + spread) // MINUTE) * MINUTE,
        ahead=ahead,
    )
