"""What the clock brings about: the next deadline of a branch-day, and what happens then."""

from __future__ import annotations

from collections.abc import Callable

from queue_service.policy import events as happened
from queue_service.policy import queues, rules
from queue_service.policy.model import DayPlan, Key, State, Ticket, pauses_begun

MOST_AT_ONCE = 50
"""People let in by one tick of a hall without groups; the next tick goes on at once."""

Due = tuple[int, int]
"""Instant and rank of a deadline; the smallest happens first."""


def next_deadline(state: State, now: int) -> int:
    """Instant in ms of the next tick, `now` or later, that changes something; else `rules.NEVER`.

    It lies in the past when something is overdue.
    """
    return _next(state, now)[0]


def quiet(state: State) -> frozenset[type[happened.Event]]:
    """Events after which no deadline is earlier than before: the clock need not be set anew.

    This holds until an event happens that is not among them.
    """
    plan = state.plan
    if plan is None or not plan.group_admission or plan.release_by_clock:
        return _QUIET
    return _QUIET_IN_DRAIN if state.sanitation.phase == "draining" else _QUIET_AT_DOOR


_QUIET: frozenset[type[happened.Event]] = frozenset(
    {
        happened.TicketEntered,
        happened.TicketCalled,
        happened.ServiceStarted,
        happened.ServiceFinished,
        happened.TicketNotShown,
        happened.CounterOpened,
        happened.CounterClosed,
        happened.VisitRefused,
    }
)
_QUIET_IN_DRAIN: frozenset[type[happened.Event]] = _QUIET | {happened.TicketIssued}
"""The same where an attendant lets people in, while the hall must become empty."""
_QUIET_AT_DOOR: frozenset[type[happened.Event]] = _QUIET_IN_DRAIN | {
    happened.TicketCancelled,
    happened.TicketLeft,
}
"""The same where an attendant lets people in and nobody waits for the hall to become empty."""


def tick(state: State, now: int) -> happened.Events:
    """Events of the first thing that is due at `now`; none when nothing is."""
    at, rank = _next(state, now)
    if at > now or state.plan is None:
        return ()
    return _HAPPENS[rank](state, state.plan, now)


def _next(state: State, now: int) -> Due:
    if state.plan is None or (state.plan.closed_reason and not state.tickets):
        return (rules.NEVER, rules.RANK_CLOSE)
    plan = state.plan
    due = [_end_of_day(state, plan)]
    if state.street_people:
        due.append((release_at(state, plan, now), rules.RANK_RELEASE))
    if state.released:
        due.append((state.released[0][0], rules.RANK_MISSED))
    if state.phase != "ended":
        due.append(_sanitation(state, plan))
    return min(due)


def _end_of_day(state: State, plan: DayPlan) -> Due:
    if state.phase == "planned":
        return (state.closes_at, rules.RANK_CLOSE)
    if state.phase == "closed":
        overtime = plan.ends_at - plan.closes_at
        return (state.closes_at + overtime, rules.RANK_END)
    return (rules.NEVER, rules.RANK_END)


def _sanitation(state: State, plan: DayPlan) -> Due:
    now = state.sanitation
    if now.phase == "none":
        drains = state.phase == "planned"
        return (drain_at(state, plan) if drains else rules.NEVER, rules.RANK_DRAIN)
    if now.phase == "cleaning":
        overdue = rules.overdue_at(now.clean_until, plan.confirm_within, now.alarmed)
        return (overdue, rules.RANK_OVERDUE)
    people = state.occupancy + state.released_people
    return min(
        (rules.alarm_at(now.empty_by, people, now.alarmed), rules.RANK_ALARM),
        (rules.cleaning_at(now.clean_from, state.emptied_at, people), rules.RANK_CLEAN),
    )


def drain_at(state: State, plan: DayPlan) -> int:
    """Instant from which the next scheduled pause lets nobody in."""
    if state.next_pause >= len(plan.pauses):
        return rules.NEVER
    return plan.pauses[state.next_pause].drain_at


def pause_starts_at(state: State, plan: DayPlan) -> int:
    """Instant at which the next scheduled cleaning begins."""
    if state.next_pause >= len(plan.pauses):
        return rules.NEVER
    return plan.pauses[state.next_pause].starts_at


def admits(state: State, plan: DayPlan, now: int) -> bool:
    """Whether people may be let in at `now`, places in the hall aside."""
    paused = state.sanitation.phase != "none"
    works = state.phase == "planned" and not plan.closed_reason
    return works and rules.door_open(
        now, plan.opens_at, plan.last_admission_at, drain_at(state, plan), paused
    )


def release_at(state: State, plan: DayPlan, now: int) -> int:
    """Instant, `now` or later, at which the clock lets people in: a group, or walk-ins."""
    if not state.street_people or (plan.group_admission and not plan.release_by_clock):
        return rules.NEVER
    at = max(state.at, now, plan.opens_at)
    if plan.group_admission:
        at = max(at, next_group_at(state, plan))
    return at if admits(state, plan, at) and _anybody_admissible(state, plan) else rules.NEVER


def next_group_at(state: State, plan: DayPlan) -> int:
    """Earliest instant of the next group."""
    return rules.next_group_at(plan.opens_at, state.group, state.group_at, plan.group_interval)


def admissible(state: State, plan: DayPlan, size: int = 0) -> tuple[Key, ...]:
    """Who is let in next if the door is open: at most `size` people (0: as the plan says)."""
    return queues.next_in_street(state, plan, _room(state, plan, size))


def _anybody_admissible(state: State, plan: DayPlan) -> bool:
    return queues.somebody_fits(state, plan, _room(state, plan))


def _room(state: State, plan: DayPlan, size: int = 0) -> int:
    most = (size or plan.group_size) if plan.group_admission else MOST_AT_ONCE
    return rules.group_room(most, plan.hall_limit, state.occupancy, state.released_people)


def group_released(
    state: State, plan: DayPlan, keys: tuple[Key, ...], now: int
) -> happened.GroupReleased:
    """The release of `keys` as the next group."""
    tickets = tuple([key[2] for key in keys])
    return happened.GroupReleased(
        group=state.group + 1,
        tickets=tickets,
        people=sum([state.tickets[ticket].party for ticket in tickets]),
        arrive_by=rules.arrive_by(
            now, plan.arrive_within, pause_starts_at(state, plan), plan.closes_at
        ),
    )


def _close(state: State, _plan: DayPlan, _now: int) -> happened.Events:
    at_door = tuple(ticket for _, ticket in state.released)
    return (happened.DayClosed(expired=(*at_door, *queues.street_in_order(state))),)


def _end(state: State, _plan: DayPlan, _now: int) -> happened.Events:
    open_tickets = [ticket for ticket in state.tickets.values() if not ticket.ended]
    finished = tuple(ticket.id for ticket in open_tickets if _almost_served(ticket))
    expired = tuple(ticket.id for ticket in open_tickets if not _almost_served(ticket))
    return (happened.DayEnded(expired=expired, finished=finished),)


def _almost_served(ticket: Ticket) -> bool:
    """Whether the last service of the visit is under way."""
    return ticket.state == "serving" and ticket.step + 1 == len(ticket.services)


def _miss(state: State, _plan: DayPlan, now: int) -> happened.Events:
    late = tuple(ticket for arrive_by, ticket in state.released if arrive_by <= now)
    return (happened.TicketsMissed(tickets=late),)


def _drain(_state: State, plan: DayPlan, now: int) -> happened.Events:
    following = pauses_begun(plan, now)
    pause = plan.pauses[following - 1]
    started = happened.DrainStarted(
        clean_from=pause.starts_at,
        empty_by=pause.starts_at,
        cleaning=pause.cleaning,
        next_pause=following,
    )
    return (started,)


def _raise_not_empty(state: State, _plan: DayPlan, _now: int) -> happened.Events:
    people = state.occupancy + state.released_people
    return (happened.AlarmRaised(alarm="hall_not_empty", people=people),)


def _clean(state: State, _plan: DayPlan, now: int) -> happened.Events:
    return (happened.CleaningStarted(until=now + state.sanitation.cleaning),)


def _raise_overdue(_state: State, _plan: DayPlan, _now: int) -> happened.Events:
    return (happened.AlarmRaised(alarm="confirmation_overdue"),)


def _release(state: State, plan: DayPlan, now: int) -> happened.Events:
    keys = admissible(state, plan)
    if plan.group_admission:
        return (group_released(state, plan, keys, now),)
    return tuple(happened.TicketEntered(ticket=key[2]) for key in keys)


_HAPPENS: dict[int, Callable[[State, DayPlan, int], happened.Events]] = {
    rules.RANK_CLOSE: _close,
    rules.RANK_END: _end,
    rules.RANK_MISSED: _miss,
    rules.RANK_DRAIN: _drain,
    rules.RANK_ALARM: _raise_not_empty,
    rules.RANK_CLEAN: _clean,
    rules.RANK_OVERDUE: _raise_overdue,
    rules.RANK_RELEASE: _release,
}
