"""The visitors: they come, wait, give up, go in, are called, come late, are held, and go out.

What each will do was drawn beforehand (`simulation.visitors`); here it is done, when the policy
lets it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct

from queue_service.policy import events as happened
from queue_service.policy.commands import (
    CancelTicket,
    EnterTicket,
    LeaveTicket,
    ReturnTicket,
    TakeTicket,
)
from queue_service.policy.events import Events, Refusal
from queue_service.policy.model import ORDINARY
from simulation.door import ATTENDANT
from simulation.floor import Floor
from simulation.habits import Habits
from simulation.moments import Process, Rank, at, later, until
from simulation.visitors import NEXT_STEPS, NONE, Visitor

KIOSK = "kiosk:simulated"
TOMORROW = NEXT_STEPS.index("tomorrow")


class Comes(Struct, frozen=True):
    """A visitor, the instant of coming (epoch ms), and the expired ticket brought along."""

    at: int
    visitor: Visitor
    carried_from: str = ""


class Guests:
    """Everybody who comes on one day, by their number in order of arrival."""

    def __init__(
        self, floor: Floor, habits: Habits, people: Sequence[Comes], street_until: int
    ) -> None:
        """From the instant `street_until` on nobody waits in the street, whatever the plan."""
        self.next_steps = dict.fromkeys(NEXT_STEPS, 0)
        """What was done next (`NEXT_STEPS`) -> visits turned away, sent online or gone."""
        self.back: list[Comes] = []
        """Who comes again on the next day; `at` is the time after the opening."""
        self._clock = floor.clock
        self._floor = floor
        self._asks = floor.ask
        self._new_id = floor.ids.command
        self._habits = habits
        self._people = people
        self._street_until = street_until
        self.holders: dict[str, tuple[int, Visitor]] = {}
        """Ticket -> number and nature of whoever has it."""
        self._attentive: set[str] = set()
        """Tickets of those who did not come at first and have come since."""
        self._excuse = ""
        """The reason for which the plan lets those have a ticket who cannot do it online."""
        self._fetching: set[str] = set()
        """Tickets that have been on hold."""
        floor.hears(happened.PlanChanged, self._plan_changed)
        floor.hears(happened.GroupReleased, self._group_released)
        floor.hears(happened.TicketsRedirected, self._redirected)

    # --- in the street --------------------------------------------------------------------------

    def arrive(self) -> Process:
        """Lets them come, each at the drawn instant."""
        for number, comes in enumerate(self._people):
            yield until(self._clock, comes.at, Rank.ARRIVES, number)
            self._arrives(number)

    def _arrives(self, number: int) -> None:
        visitor, known = self._people[number].visitor, self._habits.services
        if visitor.second == NONE or visitor.sent_on:
            self._asks_for(number, (known[visitor.service],))
        else:
            self._asks_for(number, (known[visitor.service], known[visitor.second]))

    def _asks_for(self, number: int, services: tuple[str, ...]) -> None:
        answer = self._takes_ticket(number, services)
        if len(services) > 1 and (rest := _still_given(services, answer)):
            self._asks_for(number, rest)
        elif isinstance(answer, Refusal):
            self._is_not_admitted(number, answer)
        elif type(answer[0]) is happened.VisitRefused:
            self._is_refused(number, answer[0])
        elif len(answer) == 1:
            self._looks_at_queue(number)

    def _takes_ticket(self, number: int, services: tuple[str, ...]) -> Events | Refusal:
        comes = self._people[number]
        visitor = comes.visitor
        ticket = self._floor.ids.ticket(number)
        self.holders[ticket] = (number, visitor)
        command = TakeTicket(
            id=self._new_id(),
            by=KIOSK,
            ticket=ticket,
            services=services,
            party=visitor.party,
            priority="priority" if visitor.priority else ORDINARY,
            assisted_reason="" if visitor.online else self._excuse,
            carried_from=comes.carried_from,
            despite_closing=visitor.insists,
        )
        return self._asks(command)

    def _plan_changed(self, event: happened.PlanChanged) -> None:
        plan, reason = event.plan, self._habits.cannot_because
        accepted = plan.non_online_only and reason in plan.accepted_reasons
        self._excuse = reason if accepted else ""

    def _is_not_admitted(self, number: int, refusal: Refusal) -> None:
        opens_at = refusal.detail.get("opens_at")
        if refusal.kind == "not_yet_open" and isinstance(opens_at, int):
            at(self._clock, opens_at, Rank.ARRIVES, number, self._arrives, number)
        else:
            self._is_turned_away(number)

    def _is_refused(self, number: int, refused: happened.VisitRefused) -> None:
        if refused.reason == "online_only":
            self._does_next(number, self._people[number].visitor.sent_online)
        else:
            self._is_turned_away(number)

    def _is_turned_away(self, number: int) -> None:
        self._does_next(number, self._people[number].visitor.turned_away)

    def _does_next(self, number: int, step: int) -> None:
        self.next_steps[NEXT_STEPS[step]] += 1
        if step == TOMORROW:
            visitor = self._people[number].visitor
            self.back.append(Comes(visitor.back_after_opening, visitor))

    def _looks_at_queue(self, number: int) -> None:
        """In the street: too many ahead, or patience at its end, and the visitor goes."""
        visitor = self._people[number].visitor
        ahead = self._floor.state.street_people - visitor.party
        if ahead > visitor.tolerates:
            self._leaves_street(number, "queue too long")
        elif self._clock.now + visitor.patience < self._street_until:
            goes, why = self._leaves_street, "waited too long"
            later(self._clock, visitor.patience, Rank.GIVES_UP, number, goes, number, why)

    def _leaves_street(self, number: int, reason: str) -> None:
        ticket = self._floor.ids.ticket(number)
        if self._floor.state.tickets[ticket].state == "issued":
            self._asks(CancelTicket(id=self._new_id(), by=KIOSK, ticket=ticket, reason=reason))
            self._is_turned_away(number)

    def _redirected(self, event: happened.TicketsRedirected) -> None:
        for ticket in event.tickets:
            number, visitor = self.holders[ticket]
            self._does_next(number, visitor.sent_online)

    # --- at the counter -------------------------------------------------------------------------

    def misses_call(self, ticket: str) -> bool:
        """Whether a holder who does not come at first stays away from this call."""
        return ticket not in self._attentive

    def is_attentive(self, ticket: str) -> None:
        """The holder has come to a counter, or come back, and hears every call from now on."""
        self._attentive.add(ticket)

    def has_yet_to_fetch(self, ticket: str) -> bool:
        """Whether what a visit is held for is asked for now: once only."""
        first = ticket not in self._fetching
        self._fetching.add(ticket)
        return first

    # --- through the door -----------------------------------------------------------------------

    def _group_released(self, event: happened.GroupReleased) -> None:
        for ticket in event.tickets:
            self._goes_in(ticket)

    def _goes_in(self, ticket: str) -> None:
        number, visitor = self.holders[ticket]
        if visitor.misses_group and not self._floor.state.tickets[ticket].missed:
            return
        later(self._clock, visitor.walks_in, Rank.ENTERS, number, self._enters, ticket)

    def _enters(self, ticket: str) -> None:
        self._asks(EnterTicket(id=self._new_id(), by=ATTENDANT, ticket=ticket))

    def goes_out(self, ticket: str) -> None:
        """The visit is over: where exits are counted, the visitor walks out and is counted."""
        if self._floor.state.tickets[ticket].inside:
            number, visitor = self.holders[ticket]
            later(self._clock, visitor.walks_out, Rank.LEAVES, number, self._leaves, ticket)

    def _leaves(self, ticket: str) -> None:
        self._asks(LeaveTicket(id=self._new_id(), by=ATTENDANT, ticket=ticket))

    def is_given_up(self, ticket: str) -> None:
        """Called in vain: goes out, and may turn up later and ask to be taken back."""
        number, visitor = self.holders[ticket]
        self.goes_out(ticket)
        if visitor.comes_late:
            gone_for = visitor.walks_out + visitor.comes_late_after
            asks = self._asks_to_be_taken_back
            later(self._clock, gone_for, Rank.RETURNS, number, asks, ticket)

    def _asks_to_be_taken_back(self, ticket: str) -> None:
        command = ReturnTicket(id=self._new_id(), by=ATTENDANT, ticket=ticket)
        if isinstance(self._asks(command), Refusal):
            self._is_turned_away(self.holders[ticket][0])
        else:
            self.is_attentive(ticket)

    # --- after the day --------------------------------------------------------------------------

    def go_home_with_expired_tickets(self) -> None:
        """Some bring them along on the next day."""
        tickets = self._floor.state.tickets
        for ticket, (_, visitor) in self.holders.items():
            if visitor.comes_back and ticket in tickets and tickets[ticket].state == "expired":
                self.back.append(Comes(visitor.back_after_opening, visitor, ticket))


def _still_given(services: tuple[str, ...], answer: Events | Refusal) -> tuple[str, ...]:
    """What is left to ask for when a ticket was refused for the sake of other services."""
    not_given: Iterable[object] = ()
    if isinstance(answer, Refusal):
        not_given = (answer.detail.get("service"),)
    elif isinstance(answer[0], happened.VisitRefused) and answer[0].reason == "online_only":
        not_given = answer[0].services
    rest = tuple(one for one in services if one not in not_given)
    return rest if rest != services else ()
