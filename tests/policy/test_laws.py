"""The laws of a branch-day, whatever is asked of it, in whatever order, at whatever time.

Hypothesis plays the visitors, the staff and the clock. Every event is judged by `NaiveBranch`,
which knows the rules on its own; `Day` shows that deciding never changes the state.
"""

from __future__ import annotations

from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from queue_service.policy import commands as asked
from queue_service.policy import deadlines, events, rules
from queue_service.policy.decide import Decision, decide
from queue_service.policy.model import END_STATES, DayPlan, Pause, Ticket
from schemas.wire import TicketState
from tests.policy.branch_day import COUNTERS, MIDNIGHT, MINUTE, Day, a_plan
from tests.policy.naive import NaiveBranch

HOUR = 60 * MINUTE
SERVICES = ("passport", "identity", "pension", "certificate")

minutes = st.integers(0, 60).map(lambda n: n * MINUTE)


@st.composite
def plans(draw: st.DrawFn) -> DayPlan:
    """Any working day between 8 and 19 o'clock, small enough to be full often."""
    opens = MIDNIGHT + 9 * HOUR + draw(st.sampled_from((0, 30))) * MINUTE
    closes = opens + draw(st.integers(3, 9)) * HOUR
    groups = draw(st.booleans())
    return a_plan(
        opens_at=opens,
        closes_at=closes,
        last_admission_at=closes - draw(minutes),
        tickets_from=opens - draw(minutes),
        ends_at=closes + draw(minutes),
        hall_limit=draw(st.integers(1, 12)),
        party_limit=draw(st.integers(1, 4)),
        ageing=draw(minutes),
        counters=draw(st.sampled_from((COUNTERS, COUNTERS, COUNTERS[:2], COUNTERS[2:]))),
        non_online_only=draw(st.sampled_from((False, False, True))),
        accepted_reasons=("disability",),
        group_admission=groups,
        release_by_clock=draw(st.booleans()),
        group_size=draw(st.integers(1, 5)),
        group_interval=draw(st.integers(0, 15)) * MINUTE,
        arrive_within=draw(st.integers(1, 15)) * MINUTE,
        exits_counted=groups and draw(st.booleans()),
        pauses=draw(pauses(opens, closes)),
        drain=draw(st.integers(0, 15)) * MINUTE,
        cleaning=draw(st.integers(1, 15)) * MINUTE,
        confirm_within=draw(st.integers(0, 10)) * MINUTE,
    )


@st.composite
def pauses(draw: st.DrawFn, opens: int, closes: int) -> tuple[Pause, ...]:
    every = draw(st.sampled_from((0, 45, 60, 120))) * MINUTE
    drain = draw(st.integers(0, 15)) * MINUTE
    cleaning = draw(st.integers(1, 20)) * MINUTE
    starts = range(opens + every, closes, every + cleaning) if every else ()
    return tuple(Pause(drain_at=at - drain, starts_at=at, cleaning=cleaning) for at in starts)


class BranchDay(RuleBasedStateMachine):
    """One day of one branch from the first plan to the last tick."""

    def __init__(self) -> None:
        super().__init__()
        self.day = Day()
        self.naive = NaiveBranch()
        self.last: asked.Command | None = None
        self.sound = True
        """False after a command that broke something: the rest of the day says nothing then."""

    @initialize(plan=plans(), opened=st.integers(-20, 60), counters=st.integers(1, 3))
    def begin(self, plan: DayPlan, opened: int, counters: int) -> None:
        self.day.now = plan.opens_at + opened * MINUTE
        self.send(asked.ChangePlan, plan=plan)
        for counter in "321"[:counters]:
            self.send(asked.OpenCounter, counter=counter)

    # --- how everything is asked

    def send(self, kind: type[asked.Command], **fields: Any) -> Decision:  # noqa: ANN401
        self.last = kind(id=(self.day.commands + 1).to_bytes(16, "big"), by="staff", **fields)
        self.day.commands += 1
        self.sound = False
        due, quiet = self.due(), deadlines.quiet(self.day.state)
        decision = self.day.give(self.last)
        for entry in self.day.journal[self.naive.seq :]:
            self.naive.see(entry)
        if isinstance(decision, tuple) and all(type(event) in quiet for event in decision):
            assert self.due() >= due
        self.sound = True
        return decision

    def of_ticket(self, kind: type[asked.OfTicket], ticket: str, pick: int) -> Decision:
        """A command about a ticket; what else it needs is picked from what there is."""
        counters = ("", *self.day.state.counters) if kind is asked.TransferTicket else "123"
        counter = counters[pick % len(counters)]
        if kind is asked.ResumeTicket:
            return self.send(kind, ticket=ticket, counter=counter)
        if kind is asked.TransferTicket:
            service = ("", *SERVICES)[pick % 5]
            return self.send(kind, ticket=ticket, service=service, counter=counter)
        return self.send(kind, ticket=ticket)

    def due(self) -> int:
        return deadlines.next_deadline(self.day.state, self.day.now)

    # --- time

    @rule(seconds=st.one_of(st.integers(0, 600), st.just(1200)))
    def time_passes(self, seconds: int) -> None:
        until = self.day.now + seconds * 1000
        while self.due() <= until:
            self.day.now = max(self.day.now, self.due())
            assert self.send(asked.Tick)
        self.day.now = until

    @rule(seconds=st.integers(0, 2400), busy=st.booleans())
    @precondition(lambda self: self.day.commands % 3 == 0)
    def time_passes_unwatched(self, seconds: int, *, busy: bool) -> None:
        self.day.now += seconds * 1000
        if busy:
            self.all_released_enter()
            self.send(asked.ReleaseGroup)

    @rule(pick=st.integers(0, 999), early=st.integers(0, 5), watched=st.booleans())
    @precondition(lambda self: self.day.commands % 7 == 0)
    def the_day_goes_on(self, pick: int, early: int, *, watched: bool) -> None:
        """On to the last admission, a drain, closing or the end, or to some minutes before."""
        plan = self.naive.now_plan
        instants = [plan.last_admission_at, plan.closes_at, plan.ends_at]
        instants += [pause.drain_at for pause in plan.pauses] * 2
        until = max(self.day.now, instants[pick % len(instants)] - early * MINUTE)
        if watched:
            self.time_passes((until - self.day.now) // 1000)
        self.day.now = until
        if not watched:
            self.all_released_enter()
            self.several_come(count=2, party=2)
            self.send(asked.ReleaseGroup)

    @rule()
    @precondition(lambda self: self.due() <= self.day.now)
    def clock_looks_once(self) -> None:
        assert self.send(asked.Tick)

    # --- visitors

    @rule(
        services=st.lists(st.sampled_from(SERVICES), min_size=1, max_size=2),
        party=st.integers(1, 4),
        priority=st.sampled_from(("ordinary", "ordinary", "priority")),
        assisted=st.sampled_from(("disability", "disability", "")),
        despite=st.booleans(),
        carried=st.sampled_from(("", "", "of yesterday")),
    )
    def somebody_comes(
        self,
        *,
        services: list[str],
        party: int,
        priority: str,
        assisted: str,
        despite: bool,
        carried: str,
    ) -> None:
        self.send(
            asked.TakeTicket,
            ticket=f"t{self.day.commands}",
            services=tuple(services),
            party=party,
            priority=priority,
            assisted_reason=assisted,
            despite_closing=despite,
            carried_from=carried,
        )

    @rule(count=st.integers(2, 8), party=st.integers(1, 3))
    def several_come(self, count: int, party: int) -> None:
        for number in range(count):
            self.send(
                asked.TakeTicket,
                ticket=f"t{self.day.commands}",
                services=SERVICES[number % 3 : number % 3 + 1],
                party=1 + number % party,
                despite_closing=True,
            )

    @rule()
    @precondition(lambda self: self.day.state.released)
    def all_released_enter(self) -> None:
        for _, ticket in tuple(self.day.state.released):
            self.send(asked.EnterTicket, ticket=ticket)

    # --- the door

    @rule(size=st.sampled_from((0, 0, 0, 1, 2, 3, 6)))
    @precondition(lambda self: self.day.state.street_people or self.day.commands % 5 == 0)
    def releases(self, size: int) -> None:
        self.naive.asked_size = size
        decision = self.send(asked.ReleaseGroup, size=size)
        self.naive.asked_size = 0
        if isinstance(decision, events.Refusal) and decision.kind in _NOBODY_FITS:
            most = min(size or self.naive.now_plan.group_size, self.naive.free)
            assert not self.naive.next_in(most), "somebody could have been let in"

    @rule(occupancy=st.integers(0, 9))
    @precondition(lambda self: self.day.commands % 5 == 0)
    def recounts(self, occupancy: int) -> None:
        self.send(asked.Recount, occupancy=occupancy, reason="by eye")

    @rule()
    @precondition(lambda self: self.day.commands % 9 == 1)
    def sanitation_starts(self) -> None:
        self.send(asked.StartSanitation)

    @rule()
    @precondition(lambda self: self.naive.cleaning or self.day.commands % 8 == 0)
    def sanitation_is_confirmed(self) -> None:
        self.send(asked.ConfirmSanitation)

    # --- the counters

    @rule(counter=st.sampled_from("123"))
    @precondition(lambda self: len(self.day.state.counters) < len(self.day.state.skills))
    def opens(self, counter: str) -> None:
        self.send(asked.OpenCounter, counter=counter)

    @rule(counter=st.sampled_from("123"))
    @precondition(lambda self: self.day.commands % 5 == 0)
    def closes(self, counter: str) -> None:
        self.send(asked.CloseCounter, counter=counter)

    @rule(counter=st.sampled_from("123"))
    @precondition(lambda self: self.day.commands % 3 == 0)
    def calls(self, counter: str) -> None:
        expected = self.naive.next_at(counter) if counter in self.naive.counters else None
        decision = self.send(asked.CallNext, counter=counter)
        if isinstance(decision, events.Refusal) and decision.kind == "nobody_waiting":
            assert expected is None, "somebody could have been called"

    @rule(counter=st.sampled_from("123"), does=st.sampled_from(range(5)))
    @precondition(lambda self: any(self.day.state.hall.values()))
    def an_operator_works(self, counter: str, does: int) -> None:
        self.calls(counter)
        at_work = self.day.state.counters.get(counter)
        if at_work and at_work.ticket:
            for kind in _WORK[does]:
                self.send(kind, ticket=at_work.ticket)

    @rule(counter=st.sampled_from("123"), pick=st.integers(0, 999))
    @precondition(lambda self: any(self.day.state.hall.values()) and self.day.commands % 2)
    def somebody_is_sent_to_a_counter(self, counter: str, pick: int) -> None:
        waiting = [key[2] for queue in self.day.state.hall.values() for key in queue]
        ticket = waiting[pick % len(waiting)]
        self.send(asked.TransferTicket, ticket=ticket, counter=counter)

    @rule(pick=st.integers(0, 9999))
    @precondition(lambda self: self.within_reach())
    def a_visit_goes_on(self, pick: int) -> None:
        tickets = self.within_reach()
        ticket = tickets[pick % len(tickets)]
        likely = _LIKELY[ticket.state]
        self.of_ticket(likely[pick // 7 % len(likely)], ticket.id, pick // 3)

    def within_reach(self) -> list[Ticket]:
        """Whoever is at the door or in the hall, or may come back."""
        tickets = self.day.state.tickets.values()
        return [one for one in tickets if one.state in _LIKELY and (one.inside or not _gone(one))]

    @rule(kind=st.sampled_from(asked.OfTicket.__subclasses__()), pick=st.integers(0, 9999))
    @precondition(lambda self: self.day.commands % 4 == 0)
    def something_odd_is_asked(self, kind: type[asked.OfTicket], pick: int) -> None:
        tickets = [*self.day.state.tickets, "nobody's"]
        self.of_ticket(kind, tickets[pick % len(tickets)], pick // 3)

    # --- the manager

    @rule(plan=plans(), redirect=st.booleans())
    @precondition(lambda self: self.day.commands % 13 == 0)
    def manager_changes_the_plan(self, plan: DayPlan, *, redirect: bool) -> None:
        self.send(asked.ChangePlan, plan=plan, redirect_issued=redirect)

    # --- laws

    @invariant()
    def notes_agree(self) -> None:
        self.naive.assert_like(self.day.state)

    @invariant()
    def what_was_seen_changes_nothing(self) -> None:
        if self.last is not None and self.last.id in self.day.state.seen:
            assert decide(self.day.state, self.last, self.day.now) == ()

    @invariant()
    def a_deadline_is_a_promise(self) -> None:
        if self.day.state.plan is not None:
            tick = asked.Tick(id=bytes(16), by="clock")
            promised = self.due() <= self.day.now
            assert bool(decide(self.day.state, tick, self.day.now)) == promised

    @invariant()
    def work_ahead_is_that_of_those_who_wait(self) -> None:
        tickets = self.day.state.tickets.values()
        waiting = [one for one in tickets if one.state in ("issued", "released", "entered")]
        assert self.day.state.work_ahead == sum(one.work for one in waiting)
        outside = sum(one.work for one in waiting if one.state != "entered")
        assert sum(self.day.state.work_outside.values()) == outside
        street = sum(one.work for one in waiting if one.state == "issued")
        assert sum(self.day.state.street_work.values()) == street

    @invariant()
    def the_hall_is_counted_by_parties_as_well(self) -> None:
        by_service = [key for queue in self.day.state.hall.values() for key in queue]
        by_party = self.day.state.inside.items()
        assert sorted(by_service) == sorted(key for _, queue in by_party for key in queue)
        for party, queue in by_party:
            assert all(self.day[key[2]].party == party for key in queue)

    def teardown(self) -> None:
        """Whatever happened, the day comes to its end and nobody is lost."""
        if self.day.state.plan is None or not self.sound:
            return
        for _ in range(1000):
            if self.due() == rules.NEVER:
                break
            self.day.now = max(self.day.now, self.due())
            assert self.send(asked.Tick)
        self.naive.assert_like(self.day.state)
        assert self.day.state.phase == "ended"
        assert {ticket.state for ticket in self.day.state.tickets.values()} <= END_STATES
        assert self.day.state.work_ahead == 0
        assert self.naive.recounted or self.day.state.occupancy == 0
        assert self.day.replayed() == self.day.state


def _gone(ticket: Ticket) -> bool:
    return ticket.state in ("served", "cancelled")


_NOBODY_FITS = ("hall_full", "nobody_waiting", "party_too_large")
_Kinds = tuple[type[asked.OfTicket], ...]
_OUT: _Kinds = (asked.LeaveTicket,)
_WORK: tuple[_Kinds, ...] = (
    (asked.StartService,),
    (asked.StartService, asked.FinishService),
    (asked.MarkNoShow,),
    (asked.MarkNoShow, asked.ReturnTicket),
    (asked.StartService, asked.HoldTicket),
)
"""What an operator does with whoever was called."""
_LIKELY: dict[TicketState, _Kinds] = {
    "released": (asked.EnterTicket,) * 4 + (asked.CancelTicket, asked.PostponeTicket),
    "entered": (asked.TransferTicket, asked.CancelTicket, asked.LeaveTicket),
    "called": (asked.StartService,) * 4
    + (asked.MarkNoShow,) * 3
    + (asked.RecallTicket, asked.HoldTicket, asked.TransferTicket, asked.CancelTicket),
    "serving": (asked.FinishService,) * 4
    + (asked.HoldTicket, asked.TransferTicket, asked.LeaveTicket),
    "on_hold": (asked.ResumeTicket,) * 3 + (asked.TransferTicket, asked.CancelTicket),
    "no_show": (asked.RecallTicket, asked.ReturnTicket, asked.ReturnTicket, asked.LeaveTicket),
    "served": _OUT,
    "cancelled": _OUT,
}
"""State of a ticket -> what is asked then, the usual most often."""

_LONG = settings.get_current_profile_name() == "long"
TestBranchDay = BranchDay.TestCase
TestBranchDay.settings = settings.get_profile("long" if _LONG else "short")
