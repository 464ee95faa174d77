"""State -> what people see: a ticket, a group, a counter, the hall, the board. Pure.

`local` turns an instant in epoch milliseconds into the text on the wire. No view walks through all
the tickets of a day: a place in a queue is found by bisection, a board shows a bounded number.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from heapq import merge
from itertools import islice
from typing import Final

from msgspec.structs import replace

from queue_service.policy import commands as asked
from queue_service.policy import deadlines, door, estimate, queues, rules, sanitation
from queue_service.policy import events as happened
from queue_service.policy.decide import from_states
from queue_service.policy.model import DayPlan, Key, State, Ticket
from schemas import wire
from schemas.wire import TicketState

Local = Callable[[int], str]
_Places = dict[int, list[Key]] | dict[str, list[Key]]
"""Those who wait in one place, in several sorted lists."""
HOLDER_ACTIONS: Final[frozenset[wire.Action]] = frozenset({"cancel", "late"})
"""What a visitor may do with the own ticket."""
SHOWN_OUTSIDE: Final = 60
SHOWN_INSIDE: Final = 30
"""Waiting tickets on a board."""

ACTIONS: Final[dict[wire.Action, type[asked.OfTicket]]] = {
    "cancel": asked.CancelTicket,
    "entered": asked.EnterTicket,
    "left": asked.LeaveTicket,
    "late": asked.PostponeTicket,
    "recall": asked.RecallTicket,
    "start": asked.StartService,
    "finish": asked.FinishService,
    "no-show": asked.MarkNoShow,
    "return": asked.ReturnTicket,
    "hold": asked.HoldTicket,
    "resume": asked.ResumeTicket,
    "transfer": asked.TransferTicket,
}


def plan_of(state: State) -> DayPlan:
    """The plan in force; raises LookupError before the day has one."""
    if state.plan is None:
        raise LookupError("the day has no plan yet")
    return state.plan


# --- a ticket ------------------------------------------------------------------------------------


def ticket_view(
    state: State, ticket: Ticket, now: int, local: Local, allowed: frozenset[str]
) -> wire.Ticket:
    """The ticket as it stands in `state`; `allowed` are the actions open to the asker's role."""
    plan = plan_of(state)
    outlook = estimate.outlook(state, plan, ticket, now)
    call = outlook.call
    return wire.Ticket(
        id=ticket.id,
        branch=plan.branch,
        date=plan.date,
        number=ticket.number,
        state=ticket.state,
        services=ticket.services,
        service=ticket.service,
        party_size=ticket.party,
        priority=ticket.priority,
        issued_at=local(ticket.issued_at),
        actions=actions_of(ticket, allowed),
        seq=state.seq,
        people_ahead=outlook.ahead,
        estimate=_estimate(call, now, local),
        not_today=outlook.in_vain,
        party_at_most=door.most_together(plan) if outlook.too_large else None,
        pause=_pause(state, plan, ticket, call, now, local),
        language=ticket.language or None,  # type: ignore[arg-type]
        assisted_reason=ticket.assisted or None,  # type: ignore[arg-type]
        group=ticket.group or None,
        arrive_by=local(ticket.arrive_by) if ticket.state == "released" else None,
        entered_at=_instant(ticket.entered_at, local),
        called_at=_instant(ticket.called_at, local),
        started_at=_instant(ticket.started_at, local),
        changed_at=local(ticket.changed_at),
        counter=ticket.counter or None,
        times_missed=ticket.missed,
        redirected=ticket.redirected,
    )


def actions_of(ticket: Ticket, allowed: frozenset[str]) -> tuple[wire.Action, ...]:
    """Those of the `allowed` actions that the ticket admits."""
    return actions(ticket.state, ticket.inside, ticket.returned, ticket.missed > 0, allowed)


@lru_cache(maxsize=256)
def actions(
    state: TicketState, inside: bool, returned: bool, missed: bool, allowed: frozenset[str]
) -> tuple[wire.Action, ...]:
    """Those of the `allowed` actions that a ticket admits."""
    excluded = {"left": not inside, "return": returned, "late": missed}
    return tuple(
        action
        for action, command in ACTIONS.items()
        if action in allowed and state in from_states(command) and not excluded.get(action)
    )


def _estimate(call: estimate.CallEstimate | None, now: int, local: Local) -> wire.Estimate | None:
    if call is None:
        return None
    return wire.Estimate(
        low_at=local(call.low),
        likely_at=local(call.likely),
        high_at=local(call.high),
        likely_minutes=max(0, call.likely - now) // rules.MINUTE,
    )


def _pause(
    state: State,
    plan: DayPlan,
    ticket: Ticket,
    call: estimate.CallEstimate | None,
    now: int,
    local: Local,
) -> wire.TicketPause | None:
    """The sanitation under way, or the planned one that comes before the call."""
    phase = state.sanitation.phase
    if phase != "none":
        waits = ticket.state == "issued" or (ticket.state == "entered" and phase == "draining")
        until = sanitation.told_until(state, now)
        return wire.TicketPause(phase=phase, until=local(until)) if waits else None
    if ticket.state != "issued" or call is None or call.high < deadlines.drain_at(state, plan):
        return None
    planned = plan.pauses[state.next_pause]
    return wire.TicketPause(
        phase="planned",
        starts_at=local(planned.drain_at),
        until=local(planned.starts_at + planned.cleaning),
    )


def _instant(at: int, local: Local) -> str | None:
    return local(at) if at else None


# --- groups, counters, hall ----------------------------------------------------------------------


def group_view(
    state: State, event: happened.GroupReleased, entry: happened.Entry, local: Local
) -> wire.Group:
    """The group of the journal's `entry` that bears `event`; `state` stands on it."""
    tickets = (state.tickets[ticket] for ticket in event.tickets)
    return wire.Group(
        group=event.group,
        tickets=tuple(
            wire.GroupTicket(id=ticket.id, number=ticket.number, party_size=ticket.party)
            for ticket in tickets
        ),
        people=event.people,
        released_at=local(entry.at),
        arrive_by=local(event.arrive_by),
        seq=entry.seq,
    )


def counters_of(state: State, plan: DayPlan) -> tuple[str, ...]:
    """The counters of the plan, then those taken out of use where a visit is still under way."""
    used = tuple(counter.code for counter in plan.counters)
    return (*used, *sorted(state.counters.keys() - set(used)))


def counter_view(state: State, code: str) -> wire.Counter:
    """A counter, open or not."""
    counter = state.counters.get(code)
    if counter is None:
        return wire.Counter(counter=code, open=False, skills=state.skills.get(code, ()))
    ticket = state.tickets.get(counter.ticket)
    return wire.Counter(
        counter=code,
        open=True,
        skills=counter.skills,
        number=ticket.number if ticket else None,
        ticket=ticket.id if ticket else None,
    )


def hall_view(state: State) -> wire.Hall:
    return wire.Hall(
        occupancy=state.occupancy,
        released=state.released_people,
        limit=state.plan.hall_limit if state.plan else 0,
        seq=state.seq,
    )


def alarmed(state: State) -> bool:
    """Whether a pause needs somebody now; at the end of the day everybody goes home."""
    return state.sanitation.alarmed and state.phase != "ended"


def sanitation_view(state: State, local: Local) -> wire.Sanitation:
    now = state.sanitation
    next_drain = deadlines.drain_at(state, state.plan) if state.plan else rules.NEVER
    return wire.Sanitation(
        phase=now.phase,
        clean_from=_instant(now.clean_from, local),
        empty_by=_instant(now.empty_by, local),
        clean_until=_instant(now.clean_until, local),
        alarm=alarmed(state),
        next_drain_at=local(next_drain) if next_drain < rules.NEVER else None,
        seq=state.seq,
    )


# --- the board -----------------------------------------------------------------------------------


def board(state: State, branch: str, date: str, now: int, local: Local) -> wire.Board:
    """What the hall and the street boards show at `now`; `branch` and `date` name the day."""
    drawn = wire.Board(
        branch=branch,
        date=date,
        seq=state.seq,
        at=local(now),
        day="no_plan",
        hall=hall_view(state),
        street_people=state.street_people,
        waiting_in_hall=sum(map(len, state.hall.values())),
        sanitation=sanitation_view(state, local),
    )
    return _with_plan(drawn, state, state.plan, now, local) if state.plan else drawn


def _with_plan(
    drawn: wire.Board, state: State, plan: DayPlan, now: int, local: Local
) -> wire.Board:
    next_group = door.entry_behind(state, plan, 1, 0, now)
    return replace(
        drawn,
        day=day_of(state, plan, now),
        calls=_calls(state, local),
        released=_released(state, local),
        next_in_street=tuple(_outside(state, plan, now, local)),
        next_in_hall=tuple(map(_waiting, _first(state, (state.hall,), SHOWN_INSIDE))),
        counters=tuple(_board_counter(state, code) for code in counters_of(state, plan)),
        group_admission=plan.group_admission,
        group=state.group,
        next_group_at=local(next_group) if _lets_in(plan, next_group) else None,
        group_size=plan.group_size,
        opens_at=local(plan.opens_at),
        closes_at=local(plan.closes_at),
        last_admission_at=local(plan.last_admission_at),
        non_online_only=plan.non_online_only,
        regimes=plan.regimes,
        regime_names=plan.regime_names,
        branch_name=plan.branch_name,
        message=plan.message,
        closed_reason=plan.closed_reason,
        closed_text=plan.closed_text,
        plan_version=state.plan_version,
    )


def _lets_in(plan: DayPlan, at: int) -> bool:
    return plan.group_admission and at < plan.last_admission_at


def day_of(state: State, plan: DayPlan, now: int) -> wire.BoardDay:
    """Where the day stands: what every page says first."""
    if plan.closed_reason:
        return "closed_today"
    if state.phase != "planned":
        return state.phase
    return "before_opening" if now < plan.opens_at else "open"


def _board_counter(state: State, code: str) -> wire.Counter:
    """Everybody sees a board: no ticket's id is on it."""
    return replace(counter_view(state, code), skills=(), ticket=None)


def _calls(state: State, local: Local) -> tuple[wire.BoardCall, ...]:
    at_counters = (state.tickets[c.ticket] for c in state.counters.values() if c.ticket)
    latest = sorted(at_counters, key=lambda ticket: -ticket.called_at)
    return tuple(
        wire.BoardCall(
            number=ticket.number,
            counter=ticket.counter,
            state="called" if ticket.state == "called" else "serving",
            since=local(ticket.changed_at),
        )
        for ticket in latest
    )


def _released(state: State, local: Local) -> tuple[wire.BoardRelease, ...]:
    tickets = (state.tickets[ticket] for _, ticket in state.released)
    at_door = sorted(tickets, key=lambda ticket: (ticket.arrive_by, ticket.key))
    return tuple(
        wire.BoardRelease(
            number=ticket.number,
            party_size=ticket.party,
            arrive_by=local(ticket.arrive_by),
            group=ticket.group,
        )
        for ticket in at_door
    )


def _outside(state: State, plan: DayPlan, now: int, local: Local) -> Iterator[wire.BoardWaiting]:
    most = door.most_together(plan)
    fitting = [queues.let_in_whole(places, most) for places in (state.street, state.rejoining)]
    first = _first(state, fitting, SHOWN_OUTSIDE)
    for ticket, around in zip(first, estimate.let_in_around(state, plan, first, now), strict=True):
        yield replace(_waiting(ticket), around_at=_instant(around, local))


def _waiting(ticket: Ticket) -> wire.BoardWaiting:
    return wire.BoardWaiting(
        number=ticket.number, party_size=ticket.party, waits_for=ticket.service
    )


def _first(state: State, places: Iterable[_Places], most: int) -> list[Ticket]:
    return [state.tickets[key[2]] for key in islice(_in_order(places, most), most)]


def _in_order(places: Iterable[_Places], most: int) -> Iterator[Key]:
    for place in places:
        yield from merge(*(islice(queue, most) for queue in place.values()))
