"""The kiosk: who asks for a ticket, and what the policy answers, as `decide` does."""

from __future__ import annotations

from queue_service.policy import rules
from simulation.twin import changes, deadlines
from simulation.twin.compiled import part
from simulation.twin.hearing import settle
from simulation.twin.layout import DRAINING, NOBODY, Day, wide
from simulation.twin.telling import (
    BY_KIOSK,
    CANNOT_BE_SERVED,
    ONLINE_ONLY,
    VISIT_REFUSED,
    begin,
    tell,
)

# Answers to who asks for a ticket.
WAITS, IS_IN, NOT_YET_OPEN, NOT_ADMITTED, SENT_ONLINE, TOO_LATE = range(6)


@part
def take_ticket(day: Day, ticket: int, first: int, second: int) -> tuple[int, int, int]:
    """The answer, and which of the two services (`NOBODY`: none) are in the way."""
    begin(day, BY_KIOSK)
    state, person = day.state, day.people[ticket]
    plan = day.plans[state.plan]
    if plan.closed or state.now >= plan.closes_at:
        return NOT_ADMITTED, NOBODY, NOBODY
    if state.now < plan.tickets_from:
        return NOT_YET_OPEN, NOBODY, NOBODY
    for service in (first, second):
        if service != NOBODY and not day.services[state.plan, service].offered:
            return NOT_ADMITTED, service, NOBODY
    rank = _rank(day, ticket)
    if person.party > _largest_party(day) or rank == NOBODY:
        return NOT_ADMITTED, NOBODY, NOBODY
    return _admit(day, ticket, first, second, rank)


@part
def _rank(day: Day, ticket: int) -> int:
    """Of the class; `NOBODY` where the plan has no such class."""
    plan = day.plans[day.state.plan]
    rank = plan.priority if day.people[ticket].priority else plan.ordinary
    if rank != NOBODY and day.carried[ticket]:
        rank = plan.carry_over
    return int(rank)


@part
def _largest_party(day: Day) -> int:
    plan = day.plans[day.state.plan]
    most = min(plan.party_limit, plan.hall_limit)
    return int(min(most, plan.group_size) if plan.group_admission else most)


@part
def _admit(day: Day, ticket: int, first: int, second: int, rank: int) -> tuple[int, int, int]:
    state, person, held = day.state, day.people[ticket], day.tickets[ticket]
    plan = day.plans[state.plan]
    assisted = plan.non_online_only and not person.online and plan.accepts_reason
    online, too = _only_online(day, first), _only_online(day, second)
    if (online != NOBODY or too != NOBODY) and not assisted:
        tell(day, VISIT_REFUSED, ONLINE_ONLY, online, too, wide(person.party))
        settle(day)
        return SENT_ONLINE, online, too
    _fill(day, ticket, first, second)
    if not person.insists and not _served_today(day, ticket):
        tell(day, VISIT_REFUSED, CANNOT_BE_SERVED, first, second, wide(person.party))
        settle(day)
        return TOO_LATE, NOBODY, NOBODY
    walks_in = _walks_in(day, held.party)
    changes.issue(day, ticket, rank, 1 if assisted else 0)
    if walks_in:
        changes.enter(day, ticket)
    settle(day)
    return IS_IN if walks_in else WAITS, NOBODY, NOBODY


@part
def _only_online(day: Day, service: int) -> int:
    """The service, if the plan sends it online."""
    plan = day.state.plan
    if service == NOBODY or not day.plans[plan].non_online_only:
        return NOBODY
    return service if day.services[plan, service].online else NOBODY


@part
def _fill(day: Day, ticket: int, first: int, second: int) -> None:
    held = day.tickets[ticket]
    held.party = day.people[ticket].party
    held.asked = 0
    for service in (first, second):
        if service != NOBODY:
            held.services[held.asked] = service
            held.times[held.asked] = day.services[day.state.plan, service].time
            held.asked += 1


@part
def _served_today(day: Day, ticket: int) -> bool:
    plan, held = day.plans[day.state.plan], day.tickets[ticket]
    work = 0
    for step in range(held.asked):
        work += held.times[step]
    let_in_at = _expected_entry(day, held.party)
    start = max(let_in_at, _expected_call(day))
    in_time = rules.served_in_time(start, work, plan.closes_at)
    return bool(in_time and let_in_at < plan.last_admission_at)


@part
def _expected_entry(day: Day, party: int) -> int:
    state = day.state
    plan = day.plans[state.plan]
    at = max(state.now, plan.opens_at, _sanitation_over_at(day))
    if plan.group_admission:
        first = max(at, deadlines.next_group_at(day))
        ahead = state.street_people
        at = rules.door_at(first, plan.group_interval, ahead, party, plan.group_size)
    return _after_pauses(day, at)


@part
def _expected_call(day: Day) -> int:
    state = day.state
    plan = day.plans[state.plan]
    at = max(state.now, plan.opens_at, _sanitation_over_at(day))
    return _after_pauses(day, at + rules.queue_delay(state.work_ahead, plan.counters))


@part
def _sanitation_over_at(day: Day) -> int:
    state = day.state
    if state.sanitation == DRAINING:
        return int(max(state.now, state.clean_from) + state.cleaning)
    return int(max(state.now, state.clean_until))


@part
def _after_pauses(day: Day, at: int) -> int:
    state = day.state
    for place in range(state.next_pause, day.plans[state.plan].pauses):
        pause = day.pauses[state.plan, place]
        at = rules.after_pause(at, pause.drain_at, pause.starts_at + pause.cleaning)
    return at


@part
def _walks_in(day: Day, party: int) -> bool:
    state = day.state
    plan = day.plans[state.plan]
    free = rules.room(plan.hall_limit, state.occupancy, state.released_people)
    if plan.group_admission or state.street_people > 0 or party > free:
        return False
    return deadlines.admits(day, state.now)


@part
def cancel_ticket(day: Day, ticket: int, reason: int) -> None:
    """The visitor, who waits in the street, gives the place up."""
    begin(day, BY_KIOSK)
    changes.cancel(day, ticket, reason)
    settle(day)
