"""What the attendant and the operators ask for, and what the policy answers, as `decide` does."""

from __future__ import annotations

from queue_service.policy import rules
from simulation.twin import changes, deadlines, plans
from simulation.twin.compiled import part
from simulation.twin.hearing import settle
from simulation.twin.layout import (
    CALLED,
    CLEANING,
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
    BY_OPERATOR,
    BY_SERVICE,
    CLEANING_CONFIRMED,
    LEFT,
    begin,
    tell,
)

# --- the attendant -------------------------------------------------------------------------------


@part
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


@part
def enter(day: Day, ticket: int) -> None:
    """A visitor who was let in passes the door in time."""
    begin(day, BY_ATTENDANT)
    state, held = day.state, day.tickets[ticket]
    may = held.state == RELEASED and state.sanitation != CLEANING
    if may and state.now < held.arrive_by:
        changes.enter(day, ticket)
        settle(day)


@part
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


@part
def take_back(day: Day, ticket: int) -> bool:
    """Who was given up turns up; says whether there is a place."""
    begin(day, BY_ATTENDANT)
    held = day.tickets[ticket]
    if held.state != NO_SHOW or held.returned or not _may_come_back(day, ticket):
        return False
    changes.take_back(day, ticket)
    settle(day)
    return True


@part
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


@part
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


@part
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


@part
def close_counter(day: Day, counter: int) -> None:
    """The operator leaves, if nobody is at the counter."""
    begin(day, BY_OPERATOR + counter)
    if day.counters[counter].open and day.counters[counter].ticket == NOBODY:
        changes.close_counter(day, counter)
        settle(day)


@part
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


@part
def recall(day: Day, ticket: int, counter: int) -> None:
    """Calls once more."""
    begin(day, BY_OPERATOR + counter)
    if day.tickets[ticket].state == CALLED and _may_come_back(day, ticket):
        changes.recall(day, ticket)
        settle(day)


@part
def start(day: Day, ticket: int, counter: int) -> None:
    """The visitor is at the counter."""
    begin(day, BY_OPERATOR + counter)
    if day.tickets[ticket].state == CALLED:
        changes.start(day, ticket)
        settle(day)


@part
def finish(day: Day, ticket: int, counter: int) -> None:
    """The service is over."""
    begin(day, BY_OPERATOR + counter)
    if day.tickets[ticket].state == SERVING:
        changes.finish(day, ticket)
        settle(day)


@part
def give_up(day: Day, ticket: int, counter: int) -> None:
    """Called and did not come."""
    begin(day, BY_OPERATOR + counter)
    if day.tickets[ticket].state == CALLED:
        changes.give_up(day, ticket)
        settle(day)


@part
def hold(day: Day, ticket: int, counter: int) -> None:
    """Something is awaited."""
    begin(day, BY_OPERATOR + counter)
    if day.tickets[ticket].state in (CALLED, SERVING):
        changes.hold(day, ticket)
        settle(day)


@part
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


@part
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


@part
def _is_free(day: Day, counter: int) -> bool:
    """Open, in use and with nobody at it."""
    in_use = day.counters[counter].open and day.in_plan[day.state.plan, counter]
    return bool(in_use and day.counters[counter].ticket == NOBODY)


# --- the service ---------------------------------------------------------------------------------


@part
def change_plan(day: Day, plan: int) -> None:
    """Puts a plan in force."""
    begin(day, BY_SERVICE)
    pending = deadlines.drain_at(day) if day.state.version else rules.NEVER
    at = min(day.state.now, pending - 1)
    plans.put_in_force(day, plan, deadlines.pauses_begun(day, plan, at))
    settle(day)
