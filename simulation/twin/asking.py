"""What visitors and staff ask for, and what the policy answers, as `decide` does."""

from __future__ import annotations

from queue_service.policy import rules
from simulation.twin import changes, deadlines
from simulation.twin.compiled import compiled
from simulation.twin.hearing import settle
from simulation.twin.layout import (
    CALLED,
    CLEANING,
    DRAINING,
    ENDED,
    ENTERED,
    NO_SHOW,
    NOBODY,
    ON_HOLD,
    QUIET,
    RELEASED,
    SERVED,
    SERVING,
    Day,
)
from simulation.twin.queues import first_in_hall
from simulation.twin.telling import (
    BY_ATTENDANT,
    BY_KIOSK,
    BY_OPERATOR,
    BY_SERVICE,
    CANNOT_BE_SERVED,
    CLEANING_CONFIRMED,
    LEFT,
    ONLINE_ONLY,
    VISIT_REFUSED,
    begin,
    tell,
)

# Answers to who asks for a ticket.
WAITS, IS_IN, NOT_YET_OPEN, NOT_ADMITTED, SENT_ONLINE, TOO_LATE = range(6)


# --- the kiosk -----------------------------------------------------------------------------------


@compiled
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


@compiled
def _rank(day: Day, ticket: int) -> int:
    """Of the class; `NOBODY` where the plan has no such class."""
    plan = day.plans[day.state.plan]
    rank = plan.priority if day.people[ticket].priority else plan.ordinary
    if rank != NOBODY and day.carried[ticket]:
        rank = plan.carry_over
    return int(rank)


@compiled
def _largest_party(day: Day) -> int:
    plan = day.plans[day.state.plan]
    most = min(plan.party_limit, plan.hall_limit)
    return int(min(most, plan.group_size) if plan.group_admission else most)


@compiled
def _admit(day: Day, ticket: int, first: int, second: int, rank: int) -> tuple[int, int, int]:
    state, person, held = day.state, day.people[ticket], day.tickets[ticket]
    plan = day.plans[state.plan]
    assisted = plan.non_online_only and not person.online and plan.accepts_reason
    online, too = _only_online(day, first), _only_online(day, second)
    if (online != NOBODY or too != NOBODY) and not assisted:
        tell(day, VISIT_REFUSED, ONLINE_ONLY, online, too, person.party)
        settle(day)
        return SENT_ONLINE, online, too
    _fill(day, ticket, first, second)
    if not person.insists and not _served_today(day, ticket):
        tell(day, VISIT_REFUSED, CANNOT_BE_SERVED, first, second, person.party)
        settle(day)
        return TOO_LATE, NOBODY, NOBODY
    walks_in = _walks_in(day, held.party)
    changes.issue(day, ticket, rank, 1 if assisted else 0)
    if walks_in:
        changes.enter(day, ticket)
    settle(day)
    return IS_IN if walks_in else WAITS, NOBODY, NOBODY


@compiled
def _only_online(day: Day, service: int) -> int:
    """The service, if the plan sends it online."""
    plan = day.state.plan
    if service == NOBODY or not day.plans[plan].non_online_only:
        return NOBODY
    return service if day.services[plan, service].online else NOBODY


@compiled
def _fill(day: Day, ticket: int, first: int, second: int) -> None:
    held = day.tickets[ticket]
    held.party = day.people[ticket].party
    held.asked = 0
    for service in (first, second):
        if service != NOBODY:
            held.services[held.asked] = service
            held.times[held.asked] = day.services[day.state.plan, service].time
            held.asked += 1


@compiled
def _served_today(day: Day, ticket: int) -> bool:
    plan, held = day.plans[day.state.plan], day.tickets[ticket]
    work = 0
    for step in range(held.asked):
        work += held.times[step]
    let_in_at = _expected_entry(day, held.party)
    start = max(let_in_at, _expected_call(day))
    in_time = rules.served_in_time(start, work, plan.closes_at)
    return bool(in_time and let_in_at < plan.last_admission_at)


@compiled
def _expected_entry(day: Day, party: int) -> int:
    state = day.state
    plan = day.plans[state.plan]
    at = max(state.now, plan.opens_at, _sanitation_over_at(day))
    if plan.group_admission:
        first = max(at, deadlines.next_group_at(day))
        ahead = state.street_people
        at = rules.door_at(first, plan.group_interval, ahead, party, plan.group_size)
    return _after_pauses(day, at)


@compiled
def _expected_call(day: Day) -> int:
    state = day.state
    plan = day.plans[state.plan]
    at = max(state.now, plan.opens_at, _sanitation_over_at(day))
    return _after_pauses(day, at + rules.queue_delay(state.work_ahead, plan.counters))


@compiled
def _sanitation_over_at(day: Day) -> int:
    state = day.state
    if state.sanitation == DRAINING:
        return int(max(state.now, state.clean_from) + state.cleaning)
    return int(max(state.now, state.clean_until))


@compiled
def _after_pauses(day: Day, at: int) -> int:
    state = day.state
    for place in range(state.next_pause, day.plans[state.plan].pauses):
        pause = day.pauses[state.plan, place]
        at = rules.after_pause(at, pause.drain_at, pause.starts_at + pause.cleaning)
    return at


@compiled
def _walks_in(day: Day, party: int) -> bool:
    state = day.state
    plan = day.plans[state.plan]
    free = rules.room(plan.hall_limit, state.occupancy, state.released_people)
    if plan.group_admission or state.street_people > 0 or party > free:
        return False
    return deadlines.admits(day, state.now)


@compiled
def cancel_ticket(day: Day, ticket: int, reason: int) -> None:
    """The visitor, who waits in the street, gives the place up."""
    begin(day, BY_KIOSK)
    changes.cancel(day, ticket, reason)
    settle(day)


# --- the attendant -------------------------------------------------------------------------------


@compiled
def release_group(day: Day) -> int:
    """The next group, if it may go; the instant before which it is too soon, else `NOBODY`."""
    begin(day, BY_ATTENDANT)
    now, due = day.state.now, deadlines.next_group_at(day)
    if not deadlines.admits(day, now):
        return NOBODY
    if now < due:
        return due
    deadlines.release_group(day)
    settle(day)
    return NOBODY


@compiled
def enter(day: Day, ticket: int) -> None:
    """A visitor who was let in passes the door in time."""
    begin(day, BY_ATTENDANT)
    state, held = day.state, day.tickets[ticket]
    may = held.state == RELEASED and state.sanitation != CLEANING
    if may and state.now < held.arrive_by:
        changes.enter(day, ticket)
        settle(day)


@compiled
def leave(day: Day, ticket: int) -> None:
    """Counted out; who goes before being served gives the place up."""
    begin(day, BY_ATTENDANT)
    held = day.tickets[ticket]
    if not held.inside:
        return
    if held.state < SERVED and held.state != SERVING:
        changes.cancel(day, ticket, LEFT)
    changes.leave(day, ticket)
    settle(day)


@compiled
def take_back(day: Day, ticket: int) -> bool:
    """Who was given up turns up; says whether there is a place."""
    begin(day, BY_ATTENDANT)
    held = day.tickets[ticket]
    if held.state != NO_SHOW or held.returned or not _may_come_back(day, ticket):
        return False
    changes.take_back(day, ticket)
    settle(day)
    return True


@compiled
def _may_come_back(day: Day, ticket: int) -> bool:
    state, held = day.state, day.tickets[ticket]
    plan = day.plans[state.plan]
    if state.phase == ENDED:
        return False
    if held.inside:
        return True
    if state.sanitation == CLEANING:
        return False
    if held.state == NO_SHOW and not plan.exits_counted:
        return True
    return bool(held.party <= rules.room(plan.hall_limit, state.occupancy, state.released_people))


@compiled
def confirm_sanitation(day: Day) -> None:
    """The hall is clean."""
    begin(day, BY_ATTENDANT)
    state = day.state
    if state.sanitation != CLEANING or state.now < state.clean_until:
        return
    begun = deadlines.pauses_begun(day, state.plan, state.now)
    state.next_pause = max(state.next_pause, begun)
    state.sanitation = QUIET
    state.clean_until = state.alarmed = 0
    tell(day, CLEANING_CONFIRMED, state.next_pause)
    settle(day)


# --- the operators -------------------------------------------------------------------------------


@compiled
def open_counter(day: Day, counter: int) -> bool:
    """Says whether the operator may sit down."""
    begin(day, BY_OPERATOR + counter)
    state = day.state
    if day.plans[state.plan].closed and not state.occupancy:
        return False
    if state.phase == ENDED or not day.in_plan[state.plan, counter] or day.counters[counter].open:
        return False
    changes.open_counter(day, counter)
    settle(day)
    return True


@compiled
def close_counter(day: Day, counter: int) -> None:
    """The operator leaves, if nobody is at the counter."""
    begin(day, BY_OPERATOR + counter)
    if day.counters[counter].open and day.counters[counter].ticket == NOBODY:
        changes.close_counter(day, counter)
        settle(day)


@compiled
def call_next(day: Day, counter: int) -> int:
    """The ticket that is called; `NOBODY` without one."""
    begin(day, BY_OPERATOR + counter)
    if day.state.sanitation == CLEANING or not _is_free(day, counter):
        return NOBODY
    ticket = first_in_hall(day, counter)
    if ticket != NOBODY:
        changes.call(day, ticket, counter)
        settle(day)
    return ticket


@compiled
def recall(day: Day, ticket: int, counter: int) -> None:
    """Calls once more."""
    begin(day, BY_OPERATOR + counter)
    if day.tickets[ticket].state == CALLED and _may_come_back(day, ticket):
        changes.recall(day, ticket)
        settle(day)


@compiled
def start(day: Day, ticket: int, counter: int) -> None:
    """The visitor is at the counter."""
    begin(day, BY_OPERATOR + counter)
    if day.tickets[ticket].state == CALLED:
        changes.start(day, ticket)
        settle(day)


@compiled
def finish(day: Day, ticket: int, counter: int) -> None:
    """The service is over."""
    begin(day, BY_OPERATOR + counter)
    if day.tickets[ticket].state == SERVING:
        changes.finish(day, ticket)
        settle(day)


@compiled
def give_up(day: Day, ticket: int, counter: int) -> None:
    """Called and did not come."""
    begin(day, BY_OPERATOR + counter)
    if day.tickets[ticket].state == CALLED:
        changes.give_up(day, ticket)
        settle(day)


@compiled
def hold(day: Day, ticket: int, counter: int) -> None:
    """Something is awaited."""
    begin(day, BY_OPERATOR + counter)
    if day.tickets[ticket].state in (CALLED, SERVING):
        changes.hold(day, ticket)
        settle(day)


@compiled
def resume(day: Day, ticket: int, counter: int) -> bool:
    """Says whether the service goes on at the counter."""
    begin(day, BY_OPERATOR + counter)
    held = day.tickets[ticket]
    able = day.can[counter, held.services[held.step]]
    if held.state != ON_HOLD or not _is_free(day, counter) or not able:
        return False
    if not _may_come_back(day, ticket):
        return False
    changes.resume(day, ticket, counter)
    settle(day)
    return True


@compiled
def transfer(day: Day, ticket: int, service: int, counter: int) -> bool:
    """Says whether the ticket now waits for the other service."""
    begin(day, BY_OPERATOR + counter)
    state = day.tickets[ticket].state
    movable = state in (ENTERED, CALLED, SERVING, ON_HOLD)
    if not movable or not day.services[day.state.plan, service].offered:
        return False
    changes.transfer(day, ticket, service)
    settle(day)
    return True


@compiled
def _is_free(day: Day, counter: int) -> bool:
    """Open, in use and with nobody at it."""
    in_use = day.counters[counter].open and day.in_plan[day.state.plan, counter]
    return bool(in_use and day.counters[counter].ticket == NOBODY)


# --- the service ---------------------------------------------------------------------------------


@compiled
def change_plan(day: Day, plan: int) -> None:
    """Puts a plan in force."""
    begin(day, BY_SERVICE)
    pending = deadlines.drain_at(day) if day.state.version else rules.NEVER
    at = min(day.state.now, pending - 1)
    changes.put_in_force(day, plan, deadlines.pauses_begun(day, plan, at))
    settle(day)
