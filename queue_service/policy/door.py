"""Decisions at the kiosk and at the door: who gets a ticket, who is let in, who is counted out."""

from __future__ import annotations

from collections.abc import Mapping

from queue_service.policy import commands as asked
from queue_service.policy import deadlines, queues, rules, sanitation
from queue_service.policy import events as happened
from queue_service.policy.events import Refusal
from queue_service.policy.model import CARRY_OVER, DayPlan, ServicePlan, State, Ticket

Decision = happened.Events | Refusal


# --- taking a ticket ----------------------------------------------------------------------------


def take_ticket(state: State, plan: DayPlan, command: asked.TakeTicket, now: int) -> Decision:
    """A ticket, or a refusal; those that are demand are recorded."""
    refusal = (
        outside_hours(plan, now)
        or _not_served_here(state, plan, command)
        or _not_acceptable(state, plan, command)
    )
    if refusal:
        return refusal
    refused = _refused_visit(state, plan, command, now)
    if refused:
        return (refused,)
    issued = _issued(state, plan, command, now)
    return (issued, *_walks_in(state, plan, command, now))


def outside_hours(plan: DayPlan, now: int) -> Refusal | None:
    """Why no tickets are given at `now`; None when they are."""
    if plan.closed_reason:
        return Refusal("day_closed", {"reason": plan.closed_reason})
    if now >= plan.closes_at:
        return Refusal("day_closed", {"closes_at": plan.closes_at})
    if now < plan.tickets_from:
        return Refusal("not_yet_open", {"opens_at": plan.tickets_from})
    return None


def _not_served_here(state: State, _plan: DayPlan, command: asked.TakeTicket) -> Refusal | None:
    for service in command.services:
        if service not in state.services:
            return Refusal("unknown_service", {"service": service})
        if service not in state.offered:
            return Refusal("not_offered", {"service": service})
    return None


def _not_acceptable(state: State, plan: DayPlan, command: asked.TakeTicket) -> Refusal | None:
    most = largest_party(plan)
    if command.party > most:
        return Refusal("party_too_large", {"party_limit": most})
    if command.priority not in plan.priorities or command.priority == CARRY_OVER:
        return Refusal("unknown_priority", {"priority": command.priority})
    if command.assisted_reason and command.assisted_reason not in plan.accepted_reasons:
        reasons = {"reason": command.assisted_reason, "accepted_reasons": plan.accepted_reasons}
        return Refusal("reason_not_accepted", reasons)
    if command.carried_from in state.carried:
        return Refusal("already_carried", {"ticket": command.carried_from})
    if command.ticket in state.tickets:
        return Refusal("ticket_exists", {"ticket": command.ticket})
    return None


def largest_party(plan: DayPlan) -> int:
    """People on one ticket at most: as allowed, and as can be let in whole."""
    return min(plan.party_limit, most_together(plan))


def most_together(plan: DayPlan) -> int:
    """People who can be let in together: whoever came with more before a change waits in vain."""
    return min(plan.hall_limit, plan.group_size) if plan.group_admission else plan.hall_limit


def _refused_visit(
    state: State, plan: DayPlan, command: asked.TakeTicket, now: int
) -> happened.VisitRefused | None:
    online = only_online(plan, state.services, command.services)
    if online and not command.assisted_reason:
        return happened.VisitRefused(reason="online_only", services=online, party=command.party)
    if command.despite_closing or _served_today(state, plan, command, now):
        return None
    return happened.VisitRefused(
        reason="cannot_be_served_today",
        services=command.services,
        party=command.party,
        until=plan.closes_at,
    )


def only_online(
    plan: DayPlan, services: Mapping[str, ServicePlan], codes: tuple[str, ...]
) -> tuple[str, ...]:
    """Those of the services `codes` that the plan sends online."""
    if not plan.non_online_only:
        return ()
    return tuple(code for code in codes if code in services and services[code].online)


def _served_today(state: State, plan: DayPlan, command: asked.TakeTicket, now: int) -> bool:
    """Whether the visit may still be served with every counter of the plan at work."""
    work = sum(state.services[code].service_time for code in command.services)
    let_in_at = expected_entry(state, plan, command.party, now)
    start = max(let_in_at, expected_call(state, plan, now))
    in_time = rules.served_in_time(start, work, plan.closes_at)
    return in_time and let_in_at < plan.last_admission_at


def expected_entry(state: State, plan: DayPlan, party: int, now: int) -> int:
    """Instant at which a party that comes last is let in, if the hall has room for every group."""
    return entry_behind(state, plan, party, state.street_people, now)


def entry_behind(state: State, plan: DayPlan, party: int, people_ahead: int, now: int) -> int:
    """Instant at which a party behind so many people is let in, limits of the hall aside."""
    return entry_after(state, plan, party, people_ahead, first_entry(state, plan, now))


def first_entry(state: State, plan: DayPlan, now: int) -> int:
    """Earliest instant at which anybody is let in, pauses to come and a full hall aside."""
    at = max(now, plan.opens_at, sanitation.over_at(state, now))
    return max(at, deadlines.next_group_at(state, plan)) if plan.group_admission else at


def entry_after(state: State, plan: DayPlan, party: int, people_ahead: int, first: int) -> int:
    """`entry_behind`, where the `first_entry` is known."""
    at = first
    if plan.group_admission:
        at = rules.door_at(at, plan.group_interval, people_ahead, party, plan.group_size)
    return after_pauses(state, plan, at)


def expected_call(state: State, plan: DayPlan, now: int) -> int:
    """Instant at which the planned counters, all at work, have worked off everybody who waits."""
    at = max(now, plan.opens_at, sanitation.over_at(state, now))
    at += rules.queue_delay(state.work_ahead, len(plan.counters))
    return after_pauses(state, plan, at)


def after_pauses(state: State, plan: DayPlan, at: int) -> int:
    """The instant `at`, put off by every scheduled pause that comes before it."""
    for pause in plan.pauses[state.next_pause :]:
        at = rules.after_pause(at, pause.drain_at, pause.starts_at + pause.cleaning)
    return at


def _issued(
    state: State, plan: DayPlan, command: asked.TakeTicket, now: int
) -> happened.TicketIssued:
    letter = state.services[command.services[0]].letter
    priority = CARRY_OVER if command.carried_from else command.priority
    return happened.TicketIssued(
        ticket=command.ticket,
        number=f"{letter}-{state.numbers.get(letter, 0) + 1:03d}",
        services=command.services,
        service_times=tuple([state.services[code].service_time for code in command.services]),
        party=command.party,
        priority=priority,
        order=rules.order_key(now, plan.priorities.index(priority), plan.ageing),
        language=command.language,
        assisted=command.assisted_reason,
        visitor=command.visitor,
        carried_from=command.carried_from,
    )


def _walks_in(
    state: State, plan: DayPlan, command: asked.TakeTicket, now: int
) -> tuple[happened.TicketEntered, ...]:
    """Without groups issue and entry coincide, unless somebody waits or there is no room."""
    if plan.group_admission or state.street_people or command.party > _free(state, plan):
        return ()
    if not deadlines.admits(state, plan, now):
        return ()
    return (happened.TicketEntered(ticket=command.ticket),)


# --- in and out ---------------------------------------------------------------------------------


def cancel_ticket(
    _state: State, plan: DayPlan, ticket: Ticket, command: asked.CancelTicket, _now: int
) -> Decision:
    """The visitor gives the place up."""
    cancelled = happened.TicketCancelled(ticket=ticket.id, reason=command.reason)
    return (cancelled, *walks_out(plan, ticket))


def release_group(state: State, plan: DayPlan, command: asked.ReleaseGroup, now: int) -> Decision:
    """The attendant lets the next group come to the door."""
    refusal = _no_group(state, plan, command, now)
    if refusal:
        return refusal
    keys = deadlines.admissible(state, plan, command.size)
    if keys:
        return (deadlines.group_released(state, plan, keys, now),)
    return _nobody_fits(state, plan, command.size or plan.group_size)


def _nobody_fits(state: State, plan: DayPlan, most: int) -> Refusal:
    if not state.street_people:
        return Refusal("nobody_waiting")
    if queues.next_in_street(state, plan, most):
        return Refusal("hall_full", _hall(state, plan))
    together = most_together(plan)
    waiting = [state.tickets[ticket] for ticket in queues.street_in_order(state)]
    # A larger group would help who fits into one; the others only a change of the plan.
    first = next((ticket for ticket in waiting if ticket.party <= together), waiting[0])
    values = {"number": first.number, "party": first.party}
    return Refusal("nobody_fits", values | {"limit": min(most, together), "most": together})


def _no_group(state: State, plan: DayPlan, command: asked.ReleaseGroup, now: int) -> Refusal | None:
    if not plan.group_admission:
        return Refusal("groups_not_in_force")
    if command.size > plan.group_size:
        return Refusal("group_too_large", {"group_size": plan.group_size})
    if not deadlines.admits(state, plan, now):
        return _door_shut(state, plan, now)
    next_at = deadlines.next_group_at(state, plan)
    if now < next_at:
        return Refusal("too_soon", {"next_at": next_at})
    return None


def _door_shut(state: State, plan: DayPlan, now: int) -> Refusal:
    if plan.closed_reason:
        return Refusal("day_closed", {"reason": plan.closed_reason})
    if now < plan.opens_at:
        return Refusal("not_yet_open", {"opens_at": plan.opens_at})
    if state.phase != "planned" or now >= plan.last_admission_at:
        return Refusal("day_closed", {"last_admission_at": plan.last_admission_at})
    begun = state.sanitation.phase != "none"
    return Refusal("paused", {"phase": state.sanitation.phase if begun else "draining"})


def _hall(state: State, plan: DayPlan) -> dict[str, int | str]:
    return {
        "hall_limit": plan.hall_limit,
        "occupancy": state.occupancy,
        "released": state.released_people,
    }


def enter(
    state: State, plan: DayPlan, ticket: Ticket, command: asked.EnterTicket, now: int
) -> Decision:
    """A released visitor passes the door in time, or did so before the journal was told."""
    if state.sanitation.phase == "cleaning":
        return Refusal("paused", {"phase": "cleaning"})
    if (command.done_at or now) >= ticket.arrive_by:
        return Refusal("too_late_to_enter", {"arrive_by": ticket.arrive_by})
    if ticket.state != "released" and ticket.party > _free(state, plan):
        return Refusal("hall_full", _hall(state, plan))
    return (happened.TicketEntered(ticket=ticket.id),)


def was_in_time(ticket: Ticket, command: asked.OfTicket) -> bool:
    """Whether a visitor who was given up at the door had entered it before that."""
    given_up = ticket.missed > 0 and ticket.state in ("issued", "missed")
    told_later = isinstance(command, asked.EnterTicket) and command.done_at > 0
    return given_up and told_later and command.done_at < ticket.arrive_by


def _free(state: State, plan: DayPlan) -> int:
    return rules.room(plan.hall_limit, state.occupancy, state.released_people)


def leave(
    _state: State, _plan: DayPlan, ticket: Ticket, _command: asked.LeaveTicket, _now: int
) -> Decision:
    """Counted out. Who goes before being served gives the place up."""
    if not ticket.inside:
        return Refusal("not_inside", {"ticket": ticket.number})
    left = happened.TicketLeft(ticket=ticket.id)
    if ticket.ended or ticket.state == "serving":
        return (left,)
    return (happened.TicketCancelled(ticket=ticket.id, reason="left"), left)


def postpone(
    _state: State, _plan: DayPlan, ticket: Ticket, _command: asked.PostponeTicket, _now: int
) -> Decision:
    """A released visitor gives the turn back and waits for a later group, once."""
    if not rules.may_rejoin(ticket.missed):
        return Refusal("already_missed", {"ticket": ticket.number})
    return (happened.TicketPostponed(ticket=ticket.id),)


def walks_out(plan: DayPlan, ticket: Ticket) -> tuple[happened.TicketLeft, ...]:
    """Where nobody counts people out, a visitor leaves when the visit is over."""
    if plan.exits_counted or not ticket.inside:
        return ()
    return (happened.TicketLeft(ticket=ticket.id),)


def recount(state: State, _plan: DayPlan, command: asked.Recount, _now: int) -> Decision:
    """What the attendant counts is what counts; a correction never takes out more than are in."""
    corrected = max(0, state.occupancy + command.change)
    occupancy = corrected if command.occupancy is None else command.occupancy
    counted = happened.HallRecounted(
        occupancy=occupancy, before=state.occupancy, reason=command.reason
    )
    return (counted,)
