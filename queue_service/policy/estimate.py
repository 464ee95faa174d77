"""How many are ahead of a ticket, and when it will be called: a range, not a promise. Pure.

The likely instant is a fluid approximation, as the one by which `door` judges whether a visit can
still be served; other than there, a full hall must empty first. The range is that of a sum of
independent service times, whose spread is assumed, and of a door that lags.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from math import isqrt
from typing import Final, NamedTuple

from msgspec import Struct

from queue_service.policy import door, queues, rules, sanitation
from queue_service.policy.model import DayPlan, Key, State, Ticket

_ROUGHLY: Final = 5 * rules.MINUTE
_TENTHS_OF_DEVIATIONS: Final = 13
"""1.3 standard deviations each way hold four cases in five; a service time's deviation is assumed
to be as long as its mean."""
_LAG: Final = 2
"""A group is assumed to go up to half an interval late: the interval is divided by this."""
_WAITING: Final = frozenset({"issued", "released", "entered"})

_Before = tuple[int, int]
"""People and visits that stand before a place."""
_Load = tuple[int, int]
"""Service time (ms) and visits that come before a ticket."""


class CallEstimate(Struct, frozen=True, gc=False):
    """Epoch milliseconds of whole minutes; `low` <= `likely` <= `high`."""

    low: int
    likely: int
    high: int


class Outlook(Struct, frozen=True, gc=False):
    """What a ticket has before it: people, and its call; None where it is not called to a counter.

    `in_vain`: it waits outside and is not to be let in today, as things stand; `too_large`: because
    more people came with it than are let in together.
    """

    ahead: int
    call: CallEstimate | None
    in_vain: bool = False
    too_large: bool = False


def outlook(state: State, plan: DayPlan, ticket: Ticket, now: int) -> Outlook:
    """What may be told at `now` to whoever holds the ticket."""
    most = door.most_together(plan)
    people, visits = _before(state, ticket, most)
    if ticket.state not in _WAITING:
        return Outlook(people, None)
    if ticket.state == "issued" and ticket.party > most:
        return Outlook(people, None, in_vain=True, too_large=True)
    over = _over(state, plan, now)
    entry = _entry(state, plan, ticket, people, over, now)
    if ticket.state == "issued" and entry.at >= plan.last_admission_at:
        return Outlook(people, None, in_vain=True)
    able = _able(state, queues.hall_queue(ticket))
    if not able:
        return Outlook(people, None)
    load = _load(state, ticket, visits, able)
    # Who is in the hall is called while it drains; all others wait for the pauses to end.
    delay = rules.queue_delay(load[0], len(able))
    if ticket.state == "entered" and state.sanitation.phase != "cleaning":
        called = max(now, plan.opens_at) + delay
    else:
        called = door.after_pauses(state, plan, over + delay)
    spread = max(entry.spread, _spread(load, len(able)))
    likely = max(entry.at, called)
    latest = likely + spread
    if ticket.state != "entered":
        latest = _past_pauses(state, plan, likely, latest)
    return Outlook(people, _range(max(entry.soonest, likely - spread), likely, latest))


def _over(state: State, plan: DayPlan, now: int) -> int:
    """From when on people are served: after opening and the sanitation under way."""
    return max(now, plan.opens_at, sanitation.ends_around(state, now))


def _before(state: State, ticket: Ticket, most: int) -> _Before:
    """People, the sum of the parties, and visits before a ticket outside or in the hall.

    Outside, parties above `most` people are let in never and stand before nobody. None for a
    ticket that waits in neither.
    """
    if ticket.state == "issued":
        return _before_outside(state, ticket, most)
    if ticket.state == "entered":
        return _count(state.inside, ticket.key)
    return (0, 0)


def _before_outside(state: State, ticket: Ticket, most: int) -> _Before:
    key, street = ticket.key, queues.let_in_whole(state.street, most)
    if not queues.rejoins(state, ticket):
        return _count(street, key)
    people, visits = _count(queues.let_in_whole(state.rejoining, most), key)
    for party, queue in street.items():
        people += party * len(queue)
        visits += len(queue)
    return people, visits


def _count(places: Mapping[int, list[Key]], key: Key) -> _Before:
    people = visits = 0
    for party, queue in places.items():
        # Mostly it is asked for who came last: nothing to look for.
        last = queue and queue[-1] is key
        before = len(queue) - 1 if last else bisect_left(queue, key)
        people += party * before
        visits += before
    return people, visits


def _past_pauses(state: State, plan: DayPlan, likely: int, latest: int) -> int:
    """The late end of a range, put off by the pauses that come after its likely instant."""
    for pause in plan.pauses[state.next_pause :]:
        if likely < pause.drain_at:
            latest = rules.after_pause(latest, pause.drain_at, pause.starts_at + pause.cleaning)
    return latest


class _Entry(NamedTuple):
    """When a ticket is let in, how far that may be off, and when at the very earliest."""

    at: int
    spread: int
    soonest: int


def _entry(state: State, plan: DayPlan, ticket: Ticket, people: int, over: int, now: int) -> _Entry:
    if ticket.state != "issued":
        return _Entry(now, 0, now)
    hall, first = _Hall(state, plan, over), door.first_entry(state, plan, now)
    party = ticket.party
    at = _let_in(state, plan, hall, party, people, first)
    soonest = _let_in(state, plan, hall, party, 0, first) if people else at
    lag = plan.group_interval // _LAG if plan.group_admission else 0
    leaving = _spread(hall.load(hall.excess + people + party), hall.counters)
    return _Entry(at, max(lag, leaving), soonest)


def _let_in(state: State, plan: DayPlan, hall: _Hall, party: int, people: int, first: int) -> int:
    """By the rules of the door, and not before the hall has room."""
    by_rule = door.entry_after(state, plan, party, people, first)
    roomy = hall.has_room_at(people + party)
    if roomy <= by_rule:
        return by_rule
    if not plan.group_admission:
        return roomy
    interval = max(1, plan.group_interval)
    return hall.open_again_at(by_rule + -(-(roomy - by_rule) // interval) * interval)


class _Hall:
    """How soon people go, so that others find room: an average visit each."""

    __slots__ = (
        "_emptying",
        "_over",
        "_pauses",
        "_people",
        "_visits",
        "_work",
        "counters",
        "excess",
    )

    def __init__(self, state: State, plan: DayPlan, over: int) -> None:
        self.counters = len(state.counters) or len(plan.counters)
        """Those that are open; before any is, those of the plan."""
        inside = state.occupancy + state.released_people
        self.excess = (inside if state.sanitation.phase == "none" else 0) - plan.hall_limit
        """People above the limit, places free when negative. A pause empties the hall."""
        self._over = over
        shut_out = queues.shut_out(state, door.most_together(plan))
        people = state.street_people + state.released_people - shut_out.people
        visits = _visits_outside(state) - shut_out.visits
        for size, queue in state.inside.items():
            people += size * len(queue)
            visits += len(queue)
        self._people = people
        self._visits = visits
        self._work = state.work_ahead - shut_out.work
        self._pauses = plan.pauses[state.next_pause :]
        self._emptying = self._delay(plan.hall_limit) if self._pauses else 0

    def has_room_at(self, people: int) -> int:
        """When there is room for so many of those outside."""
        too_many = self.excess + people
        at = self._over + self._delay(too_many) if too_many > 0 else self._over
        for pause in self._pauses:
            if at < pause.drain_at:
                break
            late = at - pause.drain_at - self._emptying
            at = pause.starts_at + pause.cleaning + max(0, late)
        return at

    def open_again_at(self, at: int) -> int:
        """The instant itself, or the end of the pause in which it lies."""
        for pause in self._pauses:
            if pause.drain_at <= at:
                at = max(at, pause.starts_at + pause.cleaning)
        return at

    def load(self, people: int) -> _Load:
        """Of so many people; of none where the number is negative or nobody waits."""
        if people <= 0 or not self._people:
            return 0, 0
        visits = -(-people * self._visits // self._people)
        return visits * self._work // self._visits, visits

    def _delay(self, people: int) -> int:
        return rules.queue_delay(self.load(people)[0], self.counters)


def _visits_outside(state: State) -> int:
    """Of those who wait in the street or at the door."""
    visits = len(state.released)
    for places in (state.street, state.rejoining):
        for queue in places.values():
            visits += len(queue)
    return visits


def let_in_around(
    state: State, plan: DayPlan, outside: Iterable[Ticket], now: int
) -> Iterator[int]:
    """When each of the first ones outside, in order, may expect to be let in, to five minutes.

    0 where no groups are let in, and for those who are not to be let in today.
    """
    people, hall = 0, _Hall(state, plan, _over(state, plan, now))
    first = door.first_entry(state, plan, now)
    for ticket in outside:
        let_in = _let_in(state, plan, hall, ticket.party, people, first)
        expected = plan.group_admission and let_in < plan.last_admission_at
        yield -(-let_in // _ROUGHLY) * _ROUGHLY if expected else 0
        people += ticket.party


def _able(state: State, queue: str) -> frozenset[str]:
    """Counters that take from a queue of the hall."""
    return frozenset((queue[1:],)) if queue.startswith("@") else state.able.get(queue, frozenset())


@lru_cache(maxsize=4096)
def _common(some: frozenset[str], others: frozenset[str]) -> int:
    """How many counters are in both; which they are changes seldom."""
    return len(some & others)


def _load(state: State, ticket: Ticket, visits_before: int, able: frozenset[str]) -> _Load:
    """What the counters `able` to serve the ticket have before it.

    Others count by the share of their counters that could serve the ticket as well.
    """
    under_way = _load_under_way(state, ticket, able)
    inside = _load_inside(state, ticket, able)
    outside = (0, 0)
    if ticket.state != "entered":
        outside = _load_outside(state, ticket, _enter_before(state, ticket, visits_before), able)
    return under_way[0] + inside[0] + outside[0], under_way[1] + inside[1] + outside[1]


def _load_under_way(state: State, ticket: Ticket, able: frozenset[str]) -> _Load:
    """Where nobody is free a visit must end first; how long it has taken tells nothing of that."""
    counters = state.counters
    if len(counters) < len(able):
        return 0, 0
    if all(code in counters and counters[code].ticket for code in able):
        return ticket.service_times[ticket.step], 1
    return 0, 0


def _load_inside(state: State, ticket: Ticket, able: frozenset[str]) -> _Load:
    work = visits = 0
    for name, places in state.hall.items():
        before = bisect_left(places, ticket.key)
        serving = _able(state, name) if before else frozenset()
        shared = _common(serving, able)
        if shared:
            first = state.tickets[places[0][2]]
            work += before * first.service_times[first.step] * shared // len(serving)
            visits += max(1, before * shared // len(serving))
    return work, visits


def _enter_before(state: State, ticket: Ticket, visits_before: int) -> int:
    """Visits of those now outside or on their way that go before the ticket."""
    if ticket.state == "issued":
        return visits_before + len(state.released)
    return sum(state.tickets[other].key < ticket.key for _, other in state.released)


def _load_outside(state: State, ticket: Ticket, before: int, able: frozenset[str]) -> _Load:
    """What each of them will ask for is not known by place: their share of all that is asked."""
    if not before:
        return 0, 0
    asked, shared = _asked_outside(state, ticket, able)
    visits = max(1, before * shared // max(1, asked)) if shared else 0
    return shared * before // (_visits_outside(state) - 1), visits


def _asked_outside(state: State, ticket: Ticket, able: frozenset[str]) -> tuple[int, int]:
    """Service time of all others outside, and how much of it falls to the counters `able`."""
    own = dict(zip(ticket.services, ticket.service_times, strict=True))
    all_asked = all_shared = 0
    for service, work in state.work_outside.items():
        asked = work - own.get(service, 0)
        all_asked += asked
        serving = state.able.get(service)
        if serving is able:
            all_shared += asked
        elif serving:
            all_shared += asked * _common(serving, able) // len(serving)
    return all_asked, all_shared


def _spread(load: _Load, counters: int) -> int:
    """How far the sum of so many service times may be off at so many counters."""
    work, visits = load
    deviation = isqrt(work * work // max(1, visits))
    return deviation * _TENTHS_OF_DEVIATIONS // 10 // counters


def _range(low: int, likely: int, high: int) -> CallEstimate:
    return CallEstimate(
        low=low // rules.MINUTE * rules.MINUTE,
        likely=(likely + rules.MINUTE // 2) // rules.MINUTE * rules.MINUTE,
        high=-(-high // rules.MINUTE) * rules.MINUTE,
    )
