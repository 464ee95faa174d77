"""A branch-day to tell a story with: it takes commands, keeps the journal, folds the state.

Times of day are "HH:MM" or "HH:MM:SS" in the branch's time zone, on 19 March 2020.
"""

from __future__ import annotations

from typing import Any, TypeVar

from queue_service.policy import commands as asked
from queue_service.policy import deadlines, rules
from queue_service.policy import events as happened
from queue_service.policy.decide import Decision, decide, record
from queue_service.policy.evolve import evolve, fold
from queue_service.policy.model import CounterPlan, DayPlan, Pause, ServicePlan, State, Ticket

MINUTE = 60_000
MIDNIGHT = 1_584_558_000_000
"""19 March 2020, 00:00 in Uralsk (UTC+5)."""

EventType = TypeVar("EventType", bound=happened.AnyEvent)


def clock(text: str) -> int:
    """Epoch ms of a time of day."""
    hours, minutes, *seconds = (int(part) for part in text.split(":"))
    return MIDNIGHT + (hours * 3600 + minutes * 60 + sum(seconds)) * 1000


PASSPORT = ServicePlan(code="passport", letter="P", online=False, service_time=10 * MINUTE)
IDENTITY = ServicePlan(code="identity", letter="P", online=False, service_time=10 * MINUTE)
PENSION = ServicePlan(code="pension", letter="S", online=False, service_time=20 * MINUTE)
CERTIFICATE = ServicePlan(code="certificate", letter="C", online=True, service_time=5 * MINUTE)
LAND = ServicePlan(code="land", letter="L", online=False, service_time=30 * MINUTE)
"""No counter gives it."""
SERVICES = (PASSPORT, IDENTITY, PENSION, CERTIFICATE, LAND)
COUNTERS = (
    CounterPlan(code="1", skills=("passport", "identity")),
    CounterPlan(code="2", skills=("passport", "pension")),
    CounterPlan(code="3", skills=("passport", "identity", "pension", "certificate")),
)


def a_pause(starts: str, *, drain: int = 10, cleaning: int = 15) -> Pause:
    """A scheduled sanitation; durations are minutes."""
    at = clock(starts)
    return Pause(drain_at=at - drain * MINUTE, starts_at=at, cleaning=cleaning * MINUTE)


def a_plan(**changes: Any) -> DayPlan:  # noqa: ANN401 - a test sets any field
    """An ordinary day: 9 to 18, ten in the hall, who finds room walks in, no pauses."""
    ordinary: dict[str, Any] = {
        "branch": "uralsk-2",
        "date": "2020-03-19",
        "time_zone": "Asia/Oral",
        "opens_at": clock("09:00"),
        "closes_at": clock("18:00"),
        "last_admission_at": clock("17:30"),
        "tickets_from": clock("08:30"),
        "ends_at": clock("19:00"),
        "hall_limit": 10,
        "party_limit": 5,
        "ageing": 20 * MINUTE,
        "services": SERVICES,
        "counters": COUNTERS,
        "drain": 10 * MINUTE,
        "cleaning": 15 * MINUTE,
        "confirm_within": 5 * MINUTE,
    }
    return DayPlan(**ordinary | changes)


def with_groups(**changes: Any) -> DayPlan:  # noqa: ANN401 - a test sets any field
    """The door of 19 March 2020: groups of four, ten minutes apart, exits counted."""
    groups: dict[str, Any] = {
        "group_admission": True,
        "group_size": 4,
        "group_interval": 10 * MINUTE,
        "arrive_within": 10 * MINUTE,
        "exits_counted": True,
    }
    return a_plan(**groups | changes)


class Day:
    """One stream. Every command shows that deciding changes nothing and that journals replay."""

    def __init__(self, plan: DayPlan | None = None, opened: str = "08:00") -> None:
        self.now = clock(opened)
        self.state = State()
        self.journal: list[happened.Entry] = []
        self.commands = 0
        if plan is not None:
            self.change_plan(plan)

    # --- time

    def at(self, text: str) -> Day:
        """Lets the clock run until `text`; what falls due happens at its own instant."""
        until = clock(text)
        while (due := deadlines.next_deadline(self.state, self.now)) <= until:
            self.now = max(self.now, due)
            assert self.tick(), "a deadline has come and the tick does nothing"
        return self.late(text)

    def late(self, text: str) -> Day:
        """Time passes and nobody looks at the clock."""
        assert clock(text) >= self.now, "a day does not run backwards"
        self.now = clock(text)
        return self

    def tick(self) -> Decision:
        """Does the first thing that is due."""
        return self.send(asked.Tick, by="clock")

    @property
    def next_at(self) -> int | None:
        """The next deadline, None when nothing is due any more."""
        at = deadlines.next_deadline(self.state, self.now)
        return None if at == rules.NEVER else at

    # --- commands

    def send(self, command: type[asked.Command], **fields: Any) -> Decision:  # noqa: ANN401
        """Gives a command of a new id, by "admin" unless somebody else is named."""
        self.commands += 1
        named = {"id": self.commands.to_bytes(16, "big"), "by": "admin"} | fields
        return self.give(command(**named))

    def give(self, command: asked.Command) -> Decision:
        """Decides, writes down what happens, and folds it."""
        before = self.state.copy()
        decision = decide(self.state, command, self.now)
        assert self.state == before, "deciding has changed the state"
        if not isinstance(decision, happened.Refusal):
            for entry in record(self.state, command, self.now, decision):
                self.journal.append(entry)
                evolve(self.state, entry)
        return decision

    def change_plan(self, plan: DayPlan, **fields: Any) -> Decision:  # noqa: ANN401
        return self.send(asked.ChangePlan, plan=plan, **fields)

    def ask(self, *services: str, **fields: Any) -> Decision:  # noqa: ANN401
        """Somebody asks for a ticket."""
        ticket = fields.pop("ticket", f"t{self.commands + 1}")
        return self.send(asked.TakeTicket, ticket=ticket, services=services, **fields)

    def take(self, *services: str, **fields: Any) -> str:  # noqa: ANN401
        """Somebody gets a ticket: its id."""
        decision = self.ask(*services or ("passport",), **fields)
        return only(happened.TicketIssued, decision).ticket

    def release(self, size: int = 0) -> Decision:
        return self.send(asked.ReleaseGroup, size=size)

    def released(self, size: int = 0) -> list[str]:
        """The tickets of the group that is released now."""
        return list(only(happened.GroupReleased, self.release(size)).tickets)

    def enter(self, ticket: str) -> Decision:
        return self.send(asked.EnterTicket, ticket=ticket)

    def leave(self, ticket: str) -> Decision:
        return self.send(asked.LeaveTicket, ticket=ticket)

    def cancel(self, ticket: str, reason: str = "") -> Decision:
        return self.send(asked.CancelTicket, ticket=ticket, reason=reason)

    def recount(self, occupancy: int) -> Decision:
        return self.send(asked.Recount, occupancy=occupancy, reason="counted by eye")

    def start_sanitation(self) -> Decision:
        return self.send(asked.StartSanitation)

    def confirm(self) -> Decision:
        return self.send(asked.ConfirmSanitation)

    def open(self, counter: str, by: str = "operator") -> Decision:
        return self.send(asked.OpenCounter, counter=counter, by=by)

    def close(self, counter: str) -> Decision:
        return self.send(asked.CloseCounter, counter=counter)

    def call(self, counter: str) -> Decision:
        return self.send(asked.CallNext, counter=counter)

    def called(self, counter: str) -> str:
        """The ticket that is called to `counter` now."""
        return only(happened.TicketCalled, self.call(counter)).ticket

    def recall(self, ticket: str) -> Decision:
        return self.send(asked.RecallTicket, ticket=ticket)

    def start(self, ticket: str) -> Decision:
        return self.send(asked.StartService, ticket=ticket)

    def finish(self, ticket: str) -> Decision:
        return self.send(asked.FinishService, ticket=ticket)

    def no_show(self, ticket: str) -> Decision:
        return self.send(asked.MarkNoShow, ticket=ticket)

    def give_back(self, ticket: str) -> Decision:
        """Returns a visitor who was not there to the queue in the hall."""
        return self.send(asked.ReturnTicket, ticket=ticket)

    def postpone(self, ticket: str) -> Decision:
        """A released visitor says that they will be late."""
        return self.send(asked.PostponeTicket, ticket=ticket)

    def hold(self, ticket: str, reason: str = "") -> Decision:
        return self.send(asked.HoldTicket, ticket=ticket, reason=reason)

    def resume(self, ticket: str, counter: str) -> Decision:
        return self.send(asked.ResumeTicket, ticket=ticket, counter=counter)

    def transfer(self, ticket: str, service: str = "", counter: str = "") -> Decision:
        return self.send(asked.TransferTicket, ticket=ticket, service=service, counter=counter)

    # --- what stands

    def __getitem__(self, ticket: str) -> Ticket:
        return self.state.tickets[ticket]

    def states(self, *tickets: str) -> list[str]:
        return [self.state.tickets[ticket].state for ticket in tickets]

    def replayed(self) -> State:
        """The state after a replay of the journal as it is stored."""
        return fold(
            happened.Entry(
                seq=entry.seq,
                at=entry.at,
                command=entry.command,
                part=entry.part,
                by=entry.by,
                event=happened.decode(happened.encode(entry.event)),
            )
            for entry in self.journal
        )


def only(kind: type[EventType], decision: Decision) -> EventType:
    """The one event of `kind` in a decision."""
    assert not isinstance(decision, happened.Refusal), decision
    found = [event for event in decision if isinstance(event, kind)]
    assert len(found) == 1, decision
    return found[0]


def kinds(decision: Decision) -> list[str]:
    """Names of the events of a decision."""
    assert not isinstance(decision, happened.Refusal), decision
    return [type(event).__name__ for event in decision]


def refusal(decision: Decision) -> str:
    """Why it was refused."""
    assert isinstance(decision, happened.Refusal), decision
    return decision.kind
