"""What the clock brings about, as `queue_service.policy.deadlines` says."""

from __future__ import annotations

from queue_service.policy import rules
from queue_service.policy.deadlines import MOST_AT_ONCE
from queue_service.policy.rules import (
    NEVER,
    RANK_ALARM,
    RANK_CLEAN,
    RANK_CLOSE,
    RANK_DRAIN,
    RANK_END,
    RANK_MISSED,
    RANK_OVERDUE,
    RANK_RELEASE,
)
from simulation.twin import queues
from simulation.twin.changes import (
    close_day,
    end_day,
    enter,
    inside_or_on_the_way,
    miss,
    release,
)
from simulation.twin.compiled import inlined, part
from simulation.twin.layout import (
    CLEANING,
    CLOSED,
    DRAINING,
    ENDED,
    PLANNED,
    QUIET,
    Day,
)
from simulation.twin.telling import (
    ALARM_RAISED,
    BY_CLOCK,
    CLEANING_STARTED,
    CONFIRMATION_OVERDUE,
    DRAIN_STARTED,
    HALL_NOT_EMPTY,
    begin,
    tell,
)


@part
def next_deadline(day: Day) -> tuple[int, int]:
    """Instant and rank of the next thing that the clock brings about, past where it is overdue."""
    state = day.state
    plan = day.plans[state.plan]
    at, rank = NEVER, RANK_CLOSE
    if plan.closed and not state.issued:
        return at, rank
    if state.phase == PLANNED:
        at = state.closes_at
    elif state.phase == CLOSED:
        at, rank = state.closes_at + plan.ends_at - plan.closes_at, RANK_END
    else:
        rank = RANK_END
    if day.released.length:
        at, rank = _earlier(at, rank, day.tickets[day.released.first].arrive_by, RANK_MISSED)
    if state.phase != ENDED:
        at, rank = _of_sanitation(day, at, rank)
    return _earlier(at, rank, release_at(day), RANK_RELEASE)


@part
def _earlier(at: int, rank: int, other: int, other_rank: int) -> tuple[int, int]:
    if other < at or (other == at and other_rank < rank):
        return other, other_rank
    return at, rank


@part
def _of_sanitation(day: Day, at: int, rank: int) -> tuple[int, int]:
    state = day.state
    people = inside_or_on_the_way(day)
    if state.sanitation == QUIET:
        if state.phase == PLANNED:
            return _earlier(at, rank, drain_at(day), RANK_DRAIN)
    elif state.sanitation == DRAINING:
        alarm = rules.alarm_at(state.empty_by, people, state.alarmed != 0)
        at, rank = _earlier(at, rank, alarm, RANK_ALARM)
        clean = rules.cleaning_at(state.clean_from, state.emptied_at, people)
        return _earlier(at, rank, clean, RANK_CLEAN)
    else:
        confirm_within = day.plans[state.plan].confirm_within
        overdue = rules.overdue_at(state.clean_until, confirm_within, state.alarmed != 0)
        return _earlier(at, rank, overdue, RANK_OVERDUE)
    return at, rank


@part
def drain_at(day: Day) -> int:
    """Instant from which the next scheduled pause lets nobody in."""
    state = day.state
    if state.next_pause >= day.plans[state.plan].pauses:
        return NEVER
    return int(day.pauses[state.plan, state.next_pause].drain_at)


@part
def _pause_starts_at(day: Day) -> int:
    state = day.state
    if state.next_pause >= day.plans[state.plan].pauses:
        return NEVER
    return int(day.pauses[state.plan, state.next_pause].starts_at)


@part
def admits(day: Day, now: int) -> bool:
    """Whether people may be let in, places in the hall aside."""
    state = day.state
    plan = day.plans[state.plan]
    if state.phase != PLANNED or plan.closed:
        return False
    paused = state.sanitation != QUIET
    return bool(rules.door_open(now, plan.opens_at, plan.last_admission_at, drain_at(day), paused))


@inlined
def release_at(day: Day) -> int:
    """Instant at which the clock lets people in."""
    plan = day.plans[day.state.plan]
    if not day.state.street_people or (plan.group_admission and not plan.release_by_clock):
        return NEVER
    return _release_at(day)


@part
def _release_at(day: Day) -> int:
    state = day.state
    plan = day.plans[state.plan]
    at = max(state.now, plan.opens_at)
    if plan.group_admission:
        at = max(at, next_group_at(day))
    if admits(day, at) and queues.next_in_street(day, room(day), 1):
        return int(at)
    return NEVER


@part
def next_group_at(day: Day) -> int:
    """Earliest instant of the next group."""
    state = day.state
    plan = day.plans[state.plan]
    return int(rules.next_group_at(plan.opens_at, state.group, state.group_at, plan.group_interval))


@part
def room(day: Day) -> int:
    """People that may be let in together."""
    state = day.state
    plan = day.plans[state.plan]
    most = plan.group_size if plan.group_admission else MOST_AT_ONCE
    return int(rules.group_room(most, plan.hall_limit, state.occupancy, state.released_people))


@part
def release_group(day: Day) -> None:
    """The next group is let in, if anybody fits."""
    state = day.state
    plan = day.plans[state.plan]
    waiting = day.street.length + day.rejoining.length
    by = rules.arrive_by(state.now, plan.arrive_within, _pause_starts_at(day), plan.closes_at)
    if queues.next_in_street(day, room(day), waiting):
        release(day, by)


@part
def tick(day: Day) -> None:
    """Does the first thing that is due."""
    begin(day, BY_CLOCK)
    at, rank = next_deadline(day)
    if at > day.state.now:
        return
    if rank == RANK_CLOSE:
        close_day(day)
    elif rank == RANK_END:
        end_day(day)
    elif rank == RANK_MISSED:
        miss(day)
    elif rank == RANK_RELEASE:
        _release(day)
    else:
        _sanitate(day, rank)


@part
def _release(day: Day) -> None:
    if day.plans[day.state.plan].group_admission:
        release_group(day)
        return
    for place in range(queues.next_in_street(day, room(day), MOST_AT_ONCE)):
        enter(day, day.chosen[place])


@part
def _sanitate(day: Day, rank: int) -> None:
    state = day.state
    if rank == RANK_DRAIN:
        _drain(day)
    elif rank == RANK_CLEAN:
        clean(day)
    elif rank == RANK_ALARM:
        tell(day, ALARM_RAISED, HALL_NOT_EMPTY, inside_or_on_the_way(day))
        state.alarmed = 1
    else:
        tell(day, ALARM_RAISED, CONFIRMATION_OVERDUE)
        state.alarmed = 1


@part
def _drain(day: Day) -> None:
    state = day.state
    following = pauses_begun(day, state.plan, state.now)
    pause = day.pauses[state.plan, following - 1]
    state.next_pause = following
    state.sanitation = DRAINING
    state.clean_from = pause.starts_at
    state.empty_by = pause.starts_at
    state.cleaning = pause.cleaning
    state.clean_until = 0
    state.alarmed = 0
    tell(day, DRAIN_STARTED, pause.starts_at, pause.starts_at, pause.cleaning, following)


@part
def clean(day: Day) -> None:
    """The hall is empty: cleaning begins."""
    state = day.state
    state.clean_until = state.now + state.cleaning
    state.sanitation = CLEANING
    state.clean_from = state.empty_by = state.cleaning = 0
    state.alarmed = 0
    tell(day, CLEANING_STARTED, state.clean_until)


@part
def pauses_begun(day: Day, plan: int, at: int) -> int:
    """How many scheduled pauses of a plan have begun to drain at `at`."""
    begun = 0
    for place in range(day.plans[plan].pauses):
        begun += day.pauses[plan, place].drain_at <= at
    return begun
