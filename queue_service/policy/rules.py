"""Scalar rules of the queue: integers and booleans in, integers and booleans out.

Python runs these functions inside `decide`; a compiled model compiles the very same ones. Instants
and durations are whole milliseconds, people are whole persons. Nothing here reads a clock.
"""

NEVER = 2**62
"""An instant that does not come: the deadline of something that is not due."""

MINUTE = 60_000
"""Milliseconds."""
TOLD_WITHIN = 30 * MINUTE
"""How long after it was done something may be told: the count of the hall has moved on since."""

# What happens first when several deadlines fall on the same millisecond.
RANK_CLOSE = 0
RANK_END = 1
RANK_MISSED = 2
RANK_DRAIN = 3
RANK_ALARM = 4
RANK_CLEAN = 5
RANK_OVERDUE = 6
RANK_RELEASE = 7


def told_in_time(done_at: int, now: int) -> bool:
    """Whether what was done at `done_at` (0: just now) may still be told at `now`."""
    return done_at == 0 or now - done_at <= TOLD_WITHIN


def order_key(issued_at: int, rank: int, ageing: int) -> int:
    """Place in the order: the instant of issue, put back by `ageing` for a class below the first.

    A class therefore goes ahead of the next one only by tickets issued at most `ageing` later, so
    that nobody starves. Smaller goes first.
    """
    return issued_at + rank * ageing


def room(hall_limit: int, occupancy: int, released: int) -> int:
    """People that may still be let in: nobody is released whom the hall could not hold."""
    return max(0, hall_limit - occupancy - released)


def group_room(group_size: int, hall_limit: int, occupancy: int, released: int) -> int:
    """People that the next group may hold."""
    return min(group_size, room(hall_limit, occupancy, released))


def fits_at_all(party: int, group_size: int, hall_limit: int) -> bool:
    """Whether a party can ever be let in whole under these limits."""
    return party <= min(group_size, hall_limit)


def door_open(now: int, opens_at: int, last_admission_at: int, drain_at: int, paused: bool) -> bool:
    """Whether people may be let in: within hours and neither draining nor cleaning."""
    return opens_at <= now < last_admission_at and now < drain_at and not paused


def next_group_at(opens_at: int, group: int, group_at: int, interval: int) -> int:
    """Earliest instant of the next group after `group` groups, the last one at `group_at`."""
    if group == 0:
        return opens_at
    return max(opens_at, group_at + interval)


def arrive_by(now: int, arrive_within: int, pause_starts_at: int, closes_at: int) -> int:
    """Until when a released visitor may enter: never into a pause or past closing."""
    return min(now + arrive_within, pause_starts_at, closes_at)


def may_rejoin(missed: int) -> bool:
    """Whether a visitor who missed the group gets a second one."""
    return missed == 0


def groups_ahead(people_ahead: int, party: int, group_size: int) -> int:
    """Whole groups that are let in before the group of a party behind `people_ahead` people."""
    return (people_ahead + party - 1) // group_size


def door_at(
    first_group_at: int, interval: int, people_ahead: int, party: int, group_size: int
) -> int:
    """Instant at which a party behind `people_ahead` people is let in, limits of the hall aside."""
    return first_group_at + groups_ahead(people_ahead, party, group_size) * interval


def after_pause(at: int, drain_at: int, resumes_at: int) -> int:
    """The instant `at` of something that a pause puts off unless it comes before the drain."""
    if at < drain_at:
        return at
    return at + resumes_at - drain_at


def queue_delay(work_ahead: int, counters: int) -> int:
    """Time until `counters` servers have worked off what is ahead (fluid approximation)."""
    return work_ahead // max(1, counters)


def served_in_time(starts_at: int, service_time: int, closes_at: int) -> bool:
    """Whether a service begun at `starts_at` is over by closing."""
    return starts_at + service_time <= closes_at


def cleaning_at(clean_from: int, emptied_at: int, people: int) -> int:
    """Instant at which cleaning begins: the hall is empty and its time has come."""
    if people > 0:
        return NEVER
    return max(clean_from, emptied_at)


def alarm_at(empty_by: int, people: int, alarmed: bool) -> int:
    """Instant of the alarm that the hall is not empty in time."""
    if people == 0 or alarmed:
        return NEVER
    return empty_by


def overdue_at(clean_until: int, confirm_within: int, alarmed: bool) -> int:
    """Instant of the alarm that nobody has confirmed the cleaning."""
    if alarmed:
        return NEVER
    return clean_until + confirm_within
