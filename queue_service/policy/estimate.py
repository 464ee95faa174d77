"""How many are ahead of a ticket, and when it will be called: a range, not a promise. Pure.

The likely instant is the fluid approximation that `door` uses to judge whether a visit can still be
served. The range is that of a sum of independent service times, whose spread is assumed.
"""

from __future__ import annotations

from bisect import bisect_left
from math import isqrt
from typing import Final, NamedTuple

from queue_service.policy import door, rules, sanitation
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
    work, visits = _work_ahead(state, ticket, ahead)
    counters = len(state.counters) or len(plan.counters)
    called = _after(state, plan, now, rules.queue_delay(work, counters))
    spread = isqrt(work * work // max(1, visits)) * _TENTHS_OF_DEVIATIONS // 10 // max(1, counters)
    return _range(max(let_in, called), spread, now, ahead)


def _let_in_at(state: State, plan: DayPlan, ticket: Ticket, ahead: int, now: int) -> int:
    if ticket.state != "issued":
        return now
    return door.entry_behind(state, plan, ticket.party, ahead, now)


def _after(state: State, plan: DayPlan, now: int, delay: int) -> int:
    at = max(now, plan.opens_at, sanitation.over_at(state, now))
    return door.after_pauses(state, plan, at + delay)


def _work_ahead(state: State, ticket: Ticket, ahead: int) -> tuple[int, int]:
    """Service time before this ticket, as its share of all that waits, and the visits it is of."""
    inside = sum(map(len, state.hall.values()))
    everybody = state.street_people + state.released_people + inside
    before = ahead
    if ticket.state == "issued":
        before += state.released_people + inside
    return state.work_ahead * before // max(1, everybody), before


def _range(likely: int, spread: int, now: int, ahead: int) -> CallEstimate:
    low = max(now, likely - spread)
    return CallEstimate(
        low=low // MINUTE * MINUTE,
        likely=(likely + MINUTE // 2) // MINUTE * MINUTE,
        high=-(-(likely + spread) // MINUTE) * MINUTE,
        ahead=ahead,
    )
