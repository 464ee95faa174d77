"""The things of the policy: day plan, tickets, counters, state.

Instants (`..._at`, `..._by`, `..._from`,
`..._until`) are epoch milliseconds, durations are milliseconds, parties and limits are people.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct, field

from schemas.wire import TicketState

END_STATES: frozenset[TicketState] = frozenset(
    {"served", "missed", "no_show", "cancelled", "expired"}
)
CARRY_OVER = "carry_over"
ORDINARY = "ordinary"

Key = tuple[int, int, str]
"""A place in a queue: order key, index of issue, ticket id. Sorts by the rule of order."""


# --- the day plan --------------------------------------------------------------------------------


class Pause(Struct, frozen=True):
    """A scheduled sanitation: no release from `drain_at`, cleaning from `starts_at`.

    Cleaning takes `cleaning` at least.
    """

    drain_at: int
    starts_at: int
    cleaning: int


class ServicePlan(Struct, frozen=True):
    """What the policy knows of a service: `letter` on tickets, open `online`, usual time."""

    code: str
    letter: str
    online: bool
    service_time: int


class CounterPlan(Struct, frozen=True):
    """A counter and the services that it can give."""

    code: str
    skills: tuple[str, ...]


class DayPlan(Struct, frozen=True):
    """The rules of one branch on one business date, every regime and manager's change merged."""

    branch: str
    date: str
    time_zone: str
    opens_at: int
    closes_at: int
    last_admission_at: int
    tickets_from: int
    ends_at: int
    """End of overtime: whoever still waits in the hall then is carried over."""
    hall_limit: int
    party_limit: int
    ageing: int
    services: tuple[ServicePlan, ...]
    counters: tuple[CounterPlan, ...]
    out_of_use: tuple[str, ...] = ()
    """Codes of the branch's other counters."""
    priorities: tuple[str, ...] = (CARRY_OVER, "priority", ORDINARY)
    """Classes, the first served first; the last is everybody else's."""
    closed_reason: str = ""
    """Why the branch does not open at all on this date; empty on a working day."""
    closed_text: dict[str, str] = {}
    """The same for people, by language."""
    non_online_only: bool = False
    accepted_reasons: tuple[str, ...] = ()
    group_admission: bool = False
    release_by_clock: bool = False
    group_size: int = 1
    group_interval: int = 0
    arrive_within: int = 0
    exits_counted: bool = False
    """Whether an attendant counts people out; otherwise one leaves when the visit is over."""
    pauses: tuple[Pause, ...] = ()
    drain: int = 0
    cleaning: int = 0
    confirm_within: int = 0
    regimes: tuple[str, ...] = ()
    regime_names: tuple[dict[str, str], ...] = ()
    """By language, in the order of `regimes`."""
    branch_name: dict[str, str] = {}
    """By language."""
    message: dict[str, str] = {}


def pauses_begun(plan: DayPlan, at: int) -> int:
    """How many scheduled pauses have begun to drain at `at`: the index of the next one."""
    return sum(pause.drain_at <= at for pause in plan.pauses)


# --- the state -----------------------------------------------------------------------------------


class Ticket(Struct, frozen=True, gc=False):
    """A visit's place in the queue."""

    id: str
    number: str
    key: Key
    services: tuple[str, ...]
    service_times: tuple[int, ...]
    party: int
    priority: str
    issued_at: int
    by: str
    """Who took it: the subject of the token."""
    language: str = ""
    assisted: str = ""
    state: TicketState = "issued"
    step: int = 0
    """Which of the services is waited for or under way."""
    missed: int = 0
    returned: bool = False
    inside: bool = False
    group: int = 0
    arrive_by: int = 0
    entered_at: int = 0
    recounts: int = 0
    """Recounts of the hall before the visitor entered it last."""
    counter: str = ""
    """Where it is called or served, or the one counter that it was transferred to."""
    called_at: int = 0
    started_at: int = 0
    changed_at: int = 0
    redirected: bool = False
    """Whether a change of the plan sent it online."""

    @property
    def service(self) -> str:
        return self.services[self.step]

    @property
    def ended(self) -> bool:
        return self.state in END_STATES

    @property
    def work(self) -> int:
        """Service time still ahead of this visit."""
        return sum(self.service_times[self.step :])


class Counter(Struct, frozen=True):
    """An open counter and the ticket at it."""

    code: str
    skills: tuple[str, ...]
    operator: str
    ticket: str = ""


class Sanitation(Struct, frozen=True):
    """Where it stands: `draining` until the hall is empty, `cleaning` until confirmed."""

    phase: Literal["none", "draining", "cleaning"] = "none"
    clean_from: int = 0
    empty_by: int = 0
    cleaning: int = 0
    clean_until: int = 0
    alarmed: bool = False


class State(Struct):
    """The fold of one journal. The caller owns it: `evolve` changes it, `decide` only reads."""

    seq: int = 0
    at: int = 0
    seen: dict[bytes, int] = field(default_factory=dict)
    """Command id -> seq of the first event that the command caused."""
    plan: DayPlan | None = None
    plan_version: int = 0
    services: dict[str, ServicePlan] = field(default_factory=dict)
    skills: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Counter of the plan -> services that it can give."""
    offered: frozenset[str] = frozenset()
    """Services that at least one counter of the plan can give."""
    phase: Literal["planned", "closed", "ended"] = "planned"
    closes_at: int = 0
    """Instant of closing: the plan's, or that of the change which put the plan's into the past."""
    tickets: dict[str, Ticket] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)
    """Letter -> last number issued."""
    carried: dict[str, str] = field(default_factory=dict)
    """Ticket of an earlier day -> the ticket that continues it today."""
    street: dict[int, list[Key]] = field(default_factory=dict)
    """Party size -> sorted places of those who wait outside."""
    rejoining: dict[int, list[Key]] = field(default_factory=dict)
    """The same for those who missed a group: they stand behind the next one."""
    street_work: dict[int, int] = field(default_factory=dict)
    """Party size -> service time that those in the street, rejoining or not, ask for."""
    street_people: int = 0
    work_outside: dict[str, int] = field(default_factory=dict)
    """Service -> service time that those outside, on their way included, will ask for."""
    released: list[tuple[int, str]] = field(default_factory=list)
    """Sorted (arrive_by, ticket) of those released and not yet inside."""
    released_people: int = 0
    hall: dict[str, list[Key]] = field(default_factory=dict)
    """Service, or `@counter` after a transfer -> sorted places of those who wait inside."""
    inside: dict[int, list[Key]] = field(default_factory=dict)
    """Party size -> sorted places of the same."""
    occupancy: int = 0
    recounts: int = 0
    recounted: int = 0
    """People that the last recount found and who have not been counted out since."""
    emptied_at: int = 0
    work_ahead: int = 0
    """Service time of everybody who waits, outside and inside."""
    counters: dict[str, Counter] = field(default_factory=dict)
    able: dict[str, frozenset[str]] = field(default_factory=dict)
    """Service -> counters that can give it: of the open ones, of all while nobody has sat down."""
    group: int = 0
    group_at: int = 0
    next_pause: int = 0
    sanitation: Sanitation = Sanitation()
    refused: dict[str, int] = field(default_factory=dict)
    """Reason -> visits refused today: they are demand."""

    def copy(self) -> State:
        """An independent state: what is frozen is shared, every container is copied."""
        twin = State(**{name: getattr(self, name) for name in self.__struct_fields__})
        for name in _CONTAINERS:
            setattr(twin, name, getattr(self, name).copy())
        for name in ("street", "rejoining", "hall", "inside"):
            setattr(
                twin, name, {queue: places.copy() for queue, places in getattr(self, name).items()}
            )
        return twin


_CONTAINERS = (
    "seen",
    "tickets",
    "numbers",
    "carried",
    "street_work",
    "work_outside",
    "released",
    "counters",
    "refused",
)
