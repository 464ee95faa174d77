"""The model of branch-days: SimPy drives the clock, the live policy decides and holds the state.

Who comes and what each will do is drawn beforehand (`simulation.visitors`). Here visitors arrive,
look at the queue, take a ticket, wait, give up or go in; operators (`simulation.hall`) and the
attendant (`simulation.door`) work; all of them ask the policy that the service runs, and what it
decides is the journal.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from functools import partial
from itertools import cycle

from msgspec import Struct
from simpy import Environment, Event

from queue_service.policy import events as happened
from queue_service.policy.commands import (
    CancelTicket,
    EnterTicket,
    LeaveTicket,
    TakeTicket,
)
from queue_service.policy.events import Entry, Events, Refusal
from queue_service.policy.model import ORDINARY
from simulation.door import ATTENDANT, cleans, lets_groups_in
from simulation.floor import Floor, Ids
from simulation.hall import Hall, Operator
from simulation.moments import Moment, Rank, at
from simulation.visitors import NEXT_STEPS, SECOND, Visitor
from simulation.world import Change, DayWorld, Spell

KIOSK = "kiosk:simulated"
_TOMORROW = NEXT_STEPS.index("tomorrow")


class Habits(Struct, frozen=True):
    """What everybody of a run has in common; durations in ms."""

    services: tuple[str, ...]
    """Codes, by the number that visitors' rows have."""
    cannot_because: str = "no_digital_signature"
    waits_for_called: int = 90 * SECOND
    tidies: int = 0
    looks_every: int = 30 * SECOND
    confirms_after: int = 0
    other_work: tuple[int, ...] = ()
    """Times of the work that an operator does where nobody waits, over and over; none: rests."""


class Comes(Struct, frozen=True):
    """A visitor, the instant of coming (epoch ms), and the expired ticket brought along."""

    at: int
    visitor: Visitor
    carried_from: str = ""


class DayRun(Struct, frozen=True):
    """What became of a day: its journal, and what those did who got no service."""

    journal: list[Entry]
    next_steps: dict[str, int]
    """What was done next (`NEXT_STEPS`) -> visits turned away, sent online or gone."""
    back: list[Comes]
    """Who comes again on the next day; `at` is the time after the opening."""


class BranchDay:
    """One day of one branch; `run` it once."""

    def __init__(self, world: DayWorld, habits: Habits, ids: Ids) -> None:
        begins = min(world.midnight, world.changes[0].at)
        self._env = Environment(initial_time=begins)
        self._floor = Floor(self._env, ids)
        self._hall = Hall()
        self._habits = habits
        self._world = world
        self._holders: dict[str, int] = {}
        self._people: list[Comes] = []
        self._next_steps = dict.fromkeys(NEXT_STEPS, 0)
        self._back: list[Comes] = []
        self._listen()

    def run(self, people: Sequence[Comes]) -> DayRun:
        """Lets the people come, in order of arrival, and the day take its course."""
        self._people = [*people]
        for change in self._world.changes:
            at(self._env, change.at, Rank.PLAN, 0, partial(self._changes_plan, change))
        self._env.run(until=self._world.changes[0].at + 1)
        self._env.process(self._people_arrive())
        self._env.process(lets_groups_in(self._floor, self._habits.looks_every))
        for place, spells in enumerate(self._world.spells):
            self._env.process(self._operator(spells, place).works())
        self._env.run()
        self._goes_home_with_expired_tickets()
        return DayRun(self._floor.journal, self._next_steps, self._back)

    def _operator(self, spells: Sequence[Spell], place: int) -> Operator:
        operator = Operator(self._floor, self._hall, self, spells, place)
        operator.waits_for_called = self._habits.waits_for_called
        operator.tidies = self._habits.tidies
        if self._habits.other_work:
            operator.other_work = cycle(self._habits.other_work)
        for spell in spells:
            if spell.ends is not None:
                self._looks_up(operator, spell.ends, place)
        self._operators.append(operator)
        return operator

    def _looks_up(self, operator: Operator, instant: int, place: int) -> None:
        at(self._env, instant, Rank.COUNTER, place, partial(self._hall.looks_up, operator))

    # --- what visitors do -----------------------------------------------------------------------

    def _people_arrive(self) -> Generator[Event, None, None]:
        for number, comes in enumerate(self._people):
            yield Moment(self._env, comes.at, Rank.ARRIVES, number)
            self._arrives(number)

    def _arrives(self, number: int) -> None:
        answer = self._takes_ticket(number)
        if isinstance(answer, Refusal):
            self._is_not_admitted(number, answer)
        elif isinstance(answer[0], happened.VisitRefused):
            self._is_refused(number, answer[0])
        elif len(answer) == 1:
            self._looks_at_queue(number)

    def _takes_ticket(self, number: int) -> Events | Refusal:
        visitor = self._people[number].visitor
        plan = self._floor.plan
        assisted = plan.non_online_only and not visitor.online
        reason = self._habits.cannot_because if assisted else ""
        ticket = self._floor.ids.ticket(number)
        self._holders[ticket] = number
        return self._floor.ask(
            TakeTicket,
            KIOSK,
            ticket=ticket,
            services=(self._habits.services[visitor.service],),
            party=visitor.party,
            priority="priority" if visitor.priority else ORDINARY,
            assisted_reason=reason if reason in plan.accepted_reasons else "",
            carried_from=self._people[number].carried_from,
            despite_closing=visitor.insists,
        )

    def _is_not_admitted(self, number: int, refusal: Refusal) -> None:
        opens_at = refusal.detail.get("opens_at")
        if refusal.kind == "not_yet_open" and isinstance(opens_at, int):
            at(self._env, opens_at, Rank.ARRIVES, number, partial(self._arrives, number))
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
        self._next_steps[NEXT_STEPS[step]] += 1
        if step == _TOMORROW:
            visitor = self._people[number].visitor
            self._back.append(Comes(visitor.back_after_opening, visitor))

    def _looks_at_queue(self, number: int) -> None:
        """In the street: too many ahead, or patience at its end, and the visitor goes."""
        visitor = self._people[number].visitor
        ahead = self._floor.state.street_people - visitor.party
        if ahead > visitor.tolerates:
            self._leaves_street(number, "queue too long")
        else:
            until = self._floor.now + visitor.patience
            action = partial(self._leaves_street, number, "waited too long")
            at(self._env, until, Rank.GIVES_UP, number, action)

    def _leaves_street(self, number: int, reason: str) -> None:
        ticket = self._floor.ids.ticket(number)
        if self._floor.state.tickets[ticket].state == "issued":
            self._floor.ask(CancelTicket, KIOSK, ticket=ticket, reason=reason)
            self._is_turned_away(number)

    def _goes_in(self, ticket: str) -> None:
        number, visitor = self.holder(ticket)
        missed_before = self._floor.state.tickets[ticket].missed
        if visitor.misses_group and not missed_before:
            return
        enters = partial(self._floor.ask, EnterTicket, ATTENDANT, ticket=ticket)
        at(self._env, self._floor.now + visitor.walks_in, Rank.ENTERS, number, enters)

    def holder(self, ticket: str) -> tuple[int, Visitor]:
        """The number and the nature of the visitor who has the ticket."""
        number = self._holders[ticket]
        return number, self._people[number].visitor

    def is_over(self, ticket: str) -> None:
        """The visit is over: where exits are counted, the visitor walks out and is counted."""
        if self._floor.state.tickets[ticket].inside:
            number, visitor = self.holder(ticket)
            leaves = partial(self._floor.ask, LeaveTicket, ATTENDANT, ticket=ticket)
            at(self._env, self._floor.now + visitor.walks_out, Rank.LEAVES, number, leaves)

    # --- what others hear -----------------------------------------------------------------------

    def _listen(self) -> None:
        floor = self._floor
        self._operators: list[Operator] = []
        floor.hears(happened.GroupReleased, self._group_released)
        floor.hears(happened.TicketEntered, self._entered)
        floor.hears(happened.TicketsRedirected, self._redirected)
        floor.hears(happened.CleaningStarted, self._cleaning_started)
        floor.hears(happened.TicketLeft, self._left)
        floor.hears(happened.DayClosed, self._closed)
        floor.hears(happened.DayEnded, self._ended)

    def _group_released(self, event: happened.GroupReleased) -> None:
        for ticket in event.tickets:
            self._goes_in(ticket)

    def _entered(self, event: happened.TicketEntered) -> None:
        self._hall.somebody_waits(self._floor.state.tickets[event.ticket].service)

    def _redirected(self, event: happened.TicketsRedirected) -> None:
        for ticket in event.tickets:
            number, visitor = self.holder(ticket)
            self._does_next(number, visitor.sent_online)

    def _cleaning_started(self, _event: happened.CleaningStarted) -> None:
        self._env.process(cleans(self._floor, self._habits.confirms_after))

    def _left(self, _event: happened.TicketLeft) -> None:
        if self._floor.state.phase == "closed" and not self._floor.state.occupancy:
            self._everybody_looks_up()

    def _closed(self, _event: happened.DayClosed) -> None:
        self._everybody_looks_up()

    def _ended(self, _event: happened.DayEnded) -> None:
        self._everybody_looks_up()

    def _everybody_looks_up(self) -> None:
        for operator in self._operators:
            self._hall.looks_up(operator)

    def _changes_plan(self, change: Change) -> None:
        self._floor.change_plan(change.plan)

    def _goes_home_with_expired_tickets(self) -> None:
        for ticket, number in self._holders.items():
            held = self._floor.state.tickets.get(ticket)
            visitor = self._people[number].visitor
            if held and held.state == "expired" and visitor.comes_back:
                self._back.append(Comes(visitor.back_after_opening, visitor, ticket))
