"""State -> the pages of the door and of a counter: what they show, and what they may do. Pure.

Whether something may be done is asked of `decide` itself, with a command that nobody gives. These
views are for a few members of staff and walk through the tickets of the day.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Final

from msgspec import Struct

from queue_service.policy import commands as asked
from queue_service.policy import deadlines, queues, views
from queue_service.policy.decide import decide
from queue_service.policy.events import Refusal
from queue_service.policy.model import DayPlan, State, Ticket
from schemas import wire, wire_floor
from schemas.wire_floor import Permission

LARGEST_COUNT: Final = 10_000
"""People; what a recount takes at most."""
SHOWN: Final = 20
"""Visits given up that a counter is shown."""
_PROBE: Final = b"\x00probe"
"""No command that is given has it: every id given has 16 bytes."""


class Asker(Struct, frozen=True):
    """For whom a view is drawn: who, what the role may do, how instants and refusals are said."""

    subject: str
    allowed: frozenset[str]
    local: views.Local
    permission: Callable[[Refusal | None], Permission]

    def may(self, state: State, command: asked.Command, now: int) -> Permission:
        """Whether the policy would carry out `command` at `now` (epoch ms)."""
        decision = decide(state, command, now)
        return self.permission(decision if isinstance(decision, Refusal) else None)


# --- the door ------------------------------------------------------------------------------------


def door(state: State, now: int, asker: Asker) -> wire_floor.Door:
    """The door at `now` (epoch ms); raises LookupError before the day has a plan."""
    plan = views.plan_of(state)
    return wire_floor.Door(
        branch=plan.branch,
        date=plan.date,
        seq=state.seq,
        at=asker.local(now),
        now_ms=now,
        day=views.day_of(state, plan, now),
        group_admission=plan.group_admission,
        release_by_clock=plan.release_by_clock,
        exits_counted=plan.exits_counted,
        group=state.group,
        street_people=state.street_people,
        hall=views.hall_view(state),
        next_group=_next_group(state, plan, now, asker),
        released=_door_tickets(_released(state), asker),
        inside=_door_tickets(_inside(state), asker),
        sanitation=views.sanitation_view(state, asker.local),
        alarm=_ALARMS.get(state.sanitation.phase) if views.alarmed(state) else None,
        start_sanitation=asker.may(state, asked.StartSanitation(id=_PROBE, by=""), now),
        confirm_sanitation=asker.may(state, asked.ConfirmSanitation(id=_PROBE, by=""), now),
        once_released=views.actions("released", False, False, False, asker.allowed),
        once_inside=views.actions("entered", True, False, False, asker.allowed),
        largest_count=LARGEST_COUNT,
    )


_ALARMS: Final[dict[str, wire_floor.Alarm]] = {
    "draining": "hall_not_empty",
    "cleaning": "confirmation_overdue",
}


def _next_group(state: State, plan: DayPlan, now: int, asker: Asker) -> wire_floor.NextGroup:
    keys = deadlines.admissible(state, plan) if plan.group_admission else ()
    tickets = [state.tickets[key[2]] for key in keys]
    return wire_floor.NextGroup(
        may=asker.may(state, asked.ReleaseGroup(id=_PROBE, by=""), now),
        least=1,
        most=plan.group_size,
        people=sum(ticket.party for ticket in tickets),
        tickets=_door_tickets(tickets, asker),
    )


def _released(state: State) -> list[Ticket]:
    """The first to be too late first; of one group in the order in which they were let in."""
    released = (state.tickets[ticket] for _, ticket in state.released)
    return sorted(released, key=lambda ticket: (ticket.arrive_by, ticket.key))


def _inside(state: State) -> list[Ticket]:
    """Visits over first: they are the next to go; then in the order in which they came."""
    inside = (ticket for ticket in state.tickets.values() if ticket.inside)
    return sorted(inside, key=lambda ticket: (not ticket.ended, ticket.entered_at, ticket.key[1]))


def _door_tickets(tickets: Iterable[Ticket], asker: Asker) -> tuple[wire_floor.DoorTicket, ...]:
    return tuple(_door_ticket(ticket, asker) for ticket in tickets)


def _door_ticket(ticket: Ticket, asker: Asker) -> wire_floor.DoorTicket:
    return wire_floor.DoorTicket(
        id=ticket.id,
        number=ticket.number,
        party_size=ticket.party,
        state=ticket.state,
        group=ticket.group,
        arrive_by=asker.local(ticket.arrive_by) if ticket.state == "released" else None,
        entered_at=asker.local(ticket.entered_at) if ticket.inside else None,
        actions=views.actions_of(ticket, asker.allowed),
    )


# --- counters ------------------------------------------------------------------------------------


def desks(state: State, asker: Asker) -> wire_floor.Desks:
    """The counters of the plan; raises LookupError before the day has one."""
    plan = views.plan_of(state)
    return wire_floor.Desks(
        branch=plan.branch,
        date=plan.date,
        seq=state.seq,
        counters=tuple(_desk(state, code, asker) for code in views.counters_of(state, plan)),
    )


def _desk(state: State, code: str, asker: Asker) -> wire_floor.Desk:
    counter = state.counters.get(code)
    return wire_floor.Desk(
        counter=code,
        open=counter is not None,
        operator=counter.operator if counter else "",
        yours=counter is not None and counter.operator == asker.subject,
        number=state.tickets[counter.ticket].number if counter and counter.ticket else None,
    )


def counter_page(state: State, code: str, now: int, asker: Asker) -> wire_floor.CounterPage:
    """The counter `code` at `now` (epoch ms); raises LookupError where there is none such."""
    plan = views.plan_of(state)
    skills = _skills(state, code)
    at_counter = state.counters[code].ticket if code in state.counters else ""
    ticket = state.tickets.get(at_counter)
    return wire_floor.CounterPage(
        branch=plan.branch,
        date=plan.date,
        seq=state.seq,
        at=asker.local(now),
        now_ms=now,
        day=views.day_of(state, plan, now),
        desk=_desk(state, code, asker),
        skills=skills,
        open=asker.may(state, asked.OpenCounter(id=_PROBE, by="", counter=code), now),
        close=asker.may(state, asked.CloseCounter(id=_PROBE, by="", counter=code), now),
        call_next=asker.may(state, asked.CallNext(id=_PROBE, by="", counter=code), now),
        ticket=_ticket(state, ticket, now, asker) if ticket else None,
        targets=_targets(state, plan, ticket, code, now) if ticket else None,
        sent_here=len(queues.sent_to(state, code)),
        waiting=tuple(_service_queues(state, plan, skills)),
        street_people=state.street_people,
        hall=views.hall_view(state),
        held=_held(state, code, now, asker),
        given_up=_given_up(state, code, now, asker),
        sanitation=views.sanitation_view(state, asker.local),
    )


def _skills(state: State, code: str) -> tuple[str, ...]:
    """Those of the plan; a counter taken out of use keeps its own until it is closed."""
    return state.skills[code] if code in state.skills else state.counters[code].skills


def _ticket(state: State, ticket: Ticket, now: int, asker: Asker) -> wire.Ticket:
    return views.ticket_view(state, ticket, now, asker.local, asker.allowed)


def _targets(
    state: State, plan: DayPlan, ticket: Ticket, code: str, now: int
) -> wire_floor.Targets:
    services = (one.code for one in plan.services if one.code != ticket.service)
    counters = (one.code for one in plan.counters if one.code != code)
    return wire_floor.Targets(
        services=tuple(one for one in services if _goes(state, ticket, now, service=one)),
        counters=tuple(one for one in counters if _goes(state, ticket, now, counter=one)),
    )


def _goes(state: State, ticket: Ticket, now: int, *, service: str = "", counter: str = "") -> bool:
    command = asked.TransferTicket(
        id=_PROBE, by="", ticket=ticket.id, service=service, counter=counter
    )
    return not isinstance(decide(state, command, now), Refusal)


def _service_queues(
    state: State, plan: DayPlan, skills: tuple[str, ...]
) -> Iterator[wire_floor.ServiceQueue]:
    """Those of this counter, and the others for which somebody waits."""
    for service in plan.services:
        tickets = len(state.hall.get(service.code, ()))
        if service.code in skills or tickets:
            here = service.code in skills
            yield wire_floor.ServiceQueue(service=service.code, tickets=tickets, here=here)


def _held(state: State, code: str, now: int, asker: Asker) -> tuple[wire_floor.AsideTicket, ...]:
    held = (ticket for ticket in state.tickets.values() if ticket.state == "on_hold")
    return tuple(_aside(state, ticket, now, asker, resume=_resume(ticket, code)) for ticket in held)


def _resume(ticket: Ticket, code: str) -> asked.Command:
    return asked.ResumeTicket(id=_PROBE, by="", ticket=ticket.id, counter=code)


def _given_up(
    state: State, code: str, now: int, asker: Asker
) -> tuple[wire_floor.AsideTicket, ...]:
    """Those called to this counter and those for whom it could call again."""
    skills = _skills(state, code)
    gone = [
        ticket
        for ticket in state.tickets.values()
        if ticket.state == "no_show" and (ticket.counter == code or ticket.service in skills)
    ]
    gone.sort(key=lambda ticket: -ticket.changed_at)
    return tuple(
        _aside(state, ticket, now, asker, **_come_back(ticket, code)) for ticket in gone[:SHOWN]
    )


def _come_back(ticket: Ticket, code: str) -> dict[str, asked.Command]:
    """A visitor is called again to the counter that called first, and returned from any."""
    back: dict[str, asked.Command] = {
        "return": asked.ReturnTicket(id=_PROBE, by="", ticket=ticket.id)
    }
    if ticket.counter == code:
        back["recall"] = asked.RecallTicket(id=_PROBE, by="", ticket=ticket.id)
    return back


def _aside(
    state: State, ticket: Ticket, now: int, asker: Asker, **commands: asked.Command
) -> wire_floor.AsideTicket:
    may = {action: asker.may(state, command, now) for action, command in commands.items()}
    return wire_floor.AsideTicket(ticket=_ticket(state, ticket, now, asker), may=may)
