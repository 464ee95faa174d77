"""The branch as everybody in it meets it: they ask, the policy decides, the journal is written."""

from __future__ import annotations

from binascii import b2a_base64
from collections.abc import Callable
from datetime import date
from functools import lru_cache
from hashlib import blake2b
from itertools import count, repeat
from struct import Struct
from typing import Any, TypeVar

from queue_service.policy import rules
from queue_service.policy.commands import ChangePlan, Command, Tick
from queue_service.policy.deadlines import next_deadline, quiet
from queue_service.policy.decide import decide, record
from queue_service.policy.events import AnyEvent, Entry, Event, Events, Refusal
from queue_service.policy.evolve import evolve
from queue_service.policy.model import DayPlan, State
from simulation.moments import Clock, Rank, at

Happened = TypeVar("Happened", bound=Event)
_EPOCH = date(1970, 1, 1)
_COMMAND = Struct(">8sQ")
"""What marks the run, then the how-manieth command it is."""
_URL_SAFE = bytes.maketrans(b"+/", b"-_")
CLOCK = "clock"
SERVICE = "service"


class Ids:
    """Ids of commands and tickets that follow from the run and from the order of asking."""

    def __init__(self, run: str, day: date) -> None:
        self._mark = blake2b(f"{run}/{day}".encode(), digest_size=8).digest()
        # Twelve bytes make sixteen characters, which all tickets of the run begin with.
        days = (day - _EPOCH).days.to_bytes(2, "big")
        self._tickets_begin = _coded(days + self._mark[:6] + bytes(4))
        self.command = map(_COMMAND.pack, repeat(self._mark), count(1)).__next__
        """16 bytes, others each time."""

    def of_command(self, asked: int) -> bytes:
        """The id of the command that is asked for as the `asked`-th."""
        return _COMMAND.pack(self._mark, asked)

    def ticket(self, number: int) -> str:
        """22 characters with the business date, as the service's tickets have them."""
        return self._tickets_begin + _ticket_ends(number)


def _coded(raw: bytes) -> str:
    return b2a_base64(raw, newline=False).translate(_URL_SAFE).rstrip(b"=").decode()


@lru_cache(maxsize=1 << 16)
def _ticket_ends(number: int) -> str:
    """The same in every run."""
    return _coded(number.to_bytes(4, "big"))


class Floor:
    """Holds the state and the journal of one day; whoever listens hears what happens."""

    def __init__(self, clock: Clock, ids: Ids) -> None:
        self.clock = clock
        self.ids = ids
        self.state = State()
        self.journal: list[Entry] = []
        self._write = self.journal.append
        self._listeners: dict[type[AnyEvent], Callable[[Any], None]] = {}
        self._due = rules.NEVER
        """Earliest instant at which the clock is already set to ring."""
        self._quiet = quiet(self.state)
        """Events after which it stays set."""

    @property
    def now(self) -> int:
        """Epoch ms."""
        return self.clock.now

    @property
    def plan(self) -> DayPlan:
        """The plan in force; the first change of it comes before anything else."""
        if self.state.plan is None:
            raise LookupError("the day has no plan yet")
        return self.state.plan

    def hears(self, kind: type[Happened], listener: Callable[[Happened], None]) -> None:
        """Tells `listener` of every event of that kind. It may arrange things, not ask for them."""
        self._listeners[kind] = listener  # type: ignore[index]

    def falls_silent(self) -> None:
        """Nobody listens any more."""
        self._listeners.clear()

    def ask(self, command: Command) -> Events | Refusal:
        """What the policy decides about a command, carried out and written down."""
        state, now = self.state, self.clock.now
        decision = decide(state, command, now)
        if not isinstance(decision, tuple):  # A class of msgspec's takes longer to ask.
            return decision
        stays_set = True
        for entry in record(state, command, now, decision):
            evolve(state, entry)
            self._write(entry)
            kind = type(entry.event)
            if kind in self._listeners:
                self._listeners[kind](entry.event)
            if kind not in self._quiet:
                stays_set = False
        if not stays_set:
            self._set_clock()
        return decision

    def change_plan(self, plan: DayPlan) -> None:
        """Puts a plan in force."""
        self.ask(ChangePlan(id=self.ids.command(), by=SERVICE, plan=plan))

    def _set_clock(self) -> None:
        self._quiet = quiet(self.state)
        now = self.now
        due = max(next_deadline(self.state, now), now)
        if due < self._due:
            self._due = due
            at(self.clock, due, Rank.DEADLINE, 0, self._rings)

    def _rings(self) -> None:
        if self.now != self._due:
            return  # Set for an instant before which something else fell due.
        self._due = rules.NEVER
        self.ask(Tick(id=self.ids.command(), by=CLOCK))
        self._set_clock()
