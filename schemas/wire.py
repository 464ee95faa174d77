"""Requests and answers of the HTTP contract around tickets, groups, counters and the hall.

An instant on the wire is an RFC 3339 string in the branch's own zone, such as
2020-03-19T10:10:00+05:00; a `..._minutes` is whole minutes; sizes and limits count people.
A request with an unknown field is refused, an answer leaves out what is not known.
"""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from schemas.fields import Code, CounterId, FieldsError, Sentence
from schemas.plan_values import AcceptedReason

Instant = Annotated[
    str,
    Meta(
        description="an RFC 3339 instant with the offset of the branch",
        extra_json_schema={"format": "date-time"},
    ),
]
BusinessDate = Annotated[
    str,
    Meta(
        description="a business date of the branch, such as 2020-03-19",
        extra_json_schema={"format": "date"},
    ),
]
TicketId = Annotated[
    str,
    Meta(
        pattern="^[A-Za-z0-9_-]+$",
        max_length=40,
        description="the id of a ticket as the service gave it",
    ),
]
TICKET_NUMBER = "^[A-Z]-[0-9]{3,5}$"
TicketNumber = Annotated[
    str,
    Meta(
        pattern=TICKET_NUMBER,
        description="the number of a ticket as screens and voices say it, such as P-017",
    ),
]
PartySize = Annotated[int, Meta(ge=1, le=20, description="people, a whole number from 1 to 20")]
Iin = Annotated[
    str, Meta(pattern="^[0-9]{12}$", description="an individual identification number, 12 digits")
]
Contact = Annotated[
    str,
    Meta(
        pattern=r"^\+?[0-9][0-9 ()-]{5,19}$",
        description="a telephone number in digits, such as +77011234567",
    ),
]
Language = Literal["kk", "ru", "en"]
Reason = Annotated[
    str, Meta(pattern=r"\S", max_length=300, description="a reason of 1 to 300 characters")
]
PriorityClass = Annotated[
    str,
    Meta(
        pattern="^[a-z][a-z_]*$",
        max_length=32,
        description="a priority class of the day plan, such as priority",
    ),
]
TicketState = Literal[
    "issued",
    "released",
    "entered",
    "called",
    "serving",
    "on_hold",
    "served",
    "missed",
    "no_show",
    "cancelled",
    "expired",
]
Action = Literal[
    "cancel",
    "entered",
    "left",
    "late",
    "recall",
    "start",
    "finish",
    "no-show",
    "return",
    "hold",
    "resume",
    "transfer",
]


class Request(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True): ...


class Answer(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False): ...


MOST_SERVICES = 8
"""In one visit."""


# --- tickets -----------------------------------------------------------------------------------


class TakeTicket(Request, frozen=True, kw_only=True):
    """Asks for a ticket for one `service` or, one after another in one visit, for `services`."""

    service: Code | None = None
    services: (
        Annotated[
            tuple[Code, ...],
            Meta(
                min_length=1,
                max_length=MOST_SERVICES,
                description=f"1 to {MOST_SERVICES} codes of services, in order",
            ),
        ]
        | None
    ) = None
    party_size: PartySize = 1
    iin: Iin | None = None
    """Kept only as a keyed hash."""
    contact: Contact | None = None
    """Erased after the visit plus a set time."""
    language: Language | None = None
    priority: PriorityClass | None = None
    assisted_reason: AcceptedReason | None = None
    """Why the visitor cannot use an online channel."""
    carried_from: TicketId | None = None
    """A ticket that expired on the last working day: it gives the carry-over priority."""
    carried_number: TicketNumber | None = None
    """The same by its number, from a kiosk or an attendant."""
    despite_closing: bool = False
    """The visitor was told that the ticket may not be served before closing and wants it."""

    def __post_init__(self) -> None:
        if (self.service is None) == (self.services is None):
            raise FieldsError([("service", Sentence("write either service or services"))])
        if self.services and len(set(self.services)) < len(self.services):
            sentence = Sentence("names a service twice, write each code once")
            raise FieldsError([("services", sentence)])
        if self.carried_from is not None and self.carried_number is not None:
            sentence = Sentence("write either carried_from or carried_number")
            raise FieldsError([("carried_number", sentence)])

    @property
    def wanted(self) -> tuple[str, ...]:
        """Codes of the services in the order in which they are done."""
        return self.services if self.service is None else (self.service,)  # type: ignore[return-value]


class Estimate(Answer, frozen=True, kw_only=True):
    """When the visitor will be called to a counter: four times in five between low and high."""

    low_at: Instant
    likely_at: Instant
    high_at: Instant
    likely_minutes: int


class TicketPause(Answer, frozen=True, kw_only=True):
    """Sanitation that a visitor waits through: `planned`, or `draining` or `cleaning` now."""

    phase: Literal["planned", "draining", "cleaning"]
    starts_at: Instant | None = None
    """From when nobody is let in: of a planned pause."""
    until: Instant
    """When people are let in again at the earliest, a whole minute."""


class Ticket(Answer, frozen=True, kw_only=True):
    """A visit's place in the queue as it stands now."""

    id: TicketId
    branch: Code
    date: BusinessDate
    number: TicketNumber
    state: TicketState
    services: tuple[Code, ...]
    service: Code
    """The one that is waited for or under way."""
    party_size: PartySize
    priority: PriorityClass
    issued_at: Instant
    actions: tuple[Action, ...]
    """What the asker may do with the ticket now."""
    seq: int
    """Place in the journal at which this was true."""
    people_ahead: Annotated[
        int,
        Meta(
            description="people (the sum of the parties) before this visit in the place where it"
            " waits, outside or in the hall; 0 where it waits in neither"
        ),
    ]
    estimate: Estimate | None = None
    not_today: bool = False
    """Whether the visitor waits outside and is not to be let in before the last admission."""
    party_at_most: PartySize | None = None
    """As many of one ticket are let in together since the plan has changed, where this one has
    more: it is not let in, tickets of smaller parties are."""
    pause: TicketPause | None = None
    language: Language | None = None
    assisted_reason: AcceptedReason | None = None
    group: int | None = None
    arrive_by: Instant | None = None
    """Until when a released visitor may enter."""
    entered_at: Instant | None = None
    called_at: Instant | None = None
    started_at: Instant | None = None
    changed_at: Instant | None = None
    counter: CounterId | None = None
    times_missed: int = 0
    redirected: bool = False
    """Whether it is cancelled since its services are given only online now."""


# --- groups, counters, hall --------------------------------------------------------------------


class ReleaseGroup(Request, frozen=True, kw_only=True):
    """Releases the next group of `size` people at most; the plan's group size without it."""

    size: (
        Annotated[int, Meta(ge=1, le=100, description="people, a whole number from 1 to 100")]
        | None
    ) = None


class GroupTicket(Answer, frozen=True, kw_only=True):
    id: TicketId
    number: TicketNumber
    party_size: PartySize


class Group(Answer, frozen=True, kw_only=True):
    """Tickets released to the door together."""

    group: int
    """Groups are counted from 1 each day."""
    tickets: tuple[GroupTicket, ...]
    people: int
    released_at: Instant
    arrive_by: Instant
    seq: int


class Counter(Answer, frozen=True, kw_only=True):
    """A window of the branch and what is at it."""

    counter: CounterId
    open: bool
    skills: tuple[Code, ...] = ()
    """Codes of the services that it can give."""
    number: TicketNumber | None = None
    ticket: TicketId | None = None


class Recount(Request, frozen=True, kw_only=True):
    """Corrects the number of people in the hall: to what was counted, or by some more or fewer.

    Either `occupancy` or `change`: what two attendants change at once is added up.
    """

    occupancy: (
        Annotated[int, Meta(ge=0, le=10_000, description="people, a whole number from 0 to 10000")]
        | None
    ) = None
    change: (
        Annotated[
            int,
            Meta(
                ge=-10_000,
                le=10_000,
                description="people more, fewer when negative, a whole number from -10000 to 10000",
            ),
        ]
        | None
    ) = None
    reason: Reason

    def __post_init__(self) -> None:
        if (self.occupancy is None) == (self.change is None):
            raise FieldsError([("occupancy", Sentence("write either occupancy or change"))])


class Hall(Answer, frozen=True, kw_only=True):
    """The room with the counters: `occupancy` + `released` never exceed `limit` by a release."""

    occupancy: int
    released: int
    """People released and not yet inside."""
    limit: int
    seq: int = 0


class Sanitation(Answer, frozen=True, kw_only=True):
    """`none`, `draining` until the hall is empty, `cleaning` until the attendant confirms."""

    phase: Literal["none", "draining", "cleaning"]
    clean_from: Instant | None = None
    """The clock begins the cleaning then at the earliest; an attendant may in an empty hall."""
    empty_by: Instant | None = None
    """An alarm is raised when people are inside after it."""
    clean_until: Instant | None = None
    """Cleaning may be confirmed from then on."""
    alarm: bool = False
    next_drain_at: Instant | None = None
    """When the next planned pause stops releases."""
    seq: int = 0


# --- the board ---------------------------------------------------------------------------------


BoardDay = Literal["no_plan", "closed_today", "before_opening", "open", "closed", "ended"]


class BoardCall(Answer, frozen=True, kw_only=True):
    """A number that is called to a counter or served at it."""

    number: TicketNumber
    counter: CounterId
    state: Literal["called", "serving"]
    since: Instant


class BoardRelease(Answer, frozen=True, kw_only=True):
    """A number that may enter now."""

    number: TicketNumber
    party_size: PartySize
    arrive_by: Instant
    group: int


class BoardWaiting(Answer, frozen=True, kw_only=True):
    """A number that waits."""

    number: TicketNumber
    party_size: PartySize
    waits_for: Code
    around_at: Instant | None = None
    """Outside, where groups are let in: when it may expect to be, to five minutes; left out when
    that is not to be expected today."""


class Board(Answer, frozen=True, kw_only=True, omit_defaults=False):
    """What the hall and the street boards show. `seq` is the journal's place that it stands on."""

    branch: Code
    date: BusinessDate
    seq: int
    at: Instant
    """When the board was drawn."""
    day: BoardDay
    hall: Hall
    street_people: int
    """People who wait outside or at home."""
    waiting_in_hall: int
    """Tickets that wait inside for a counter."""
    sanitation: Sanitation
    calls: tuple[BoardCall, ...] = ()
    released: tuple[BoardRelease, ...] = ()
    next_in_street: tuple[BoardWaiting, ...] = ()
    """The first ones outside in the order in which they are let in, 60 at most; a party larger than
    is let in together, since a change, is not among them."""
    next_in_hall: tuple[BoardWaiting, ...] = ()
    """The first ones inside in order, 30 at most."""
    counters: tuple[Counter, ...] = ()
    group_admission: bool = False
    group: int = 0
    """The last group released, 0 before the first."""
    next_group_at: Instant | None = None
    """Not before this instant; nothing where no group is to be let in today."""
    group_size: int = 0
    opens_at: Instant | None = None
    closes_at: Instant | None = None
    last_admission_at: Instant | None = None
    non_online_only: bool = False
    regimes: tuple[str, ...] = ()
    regime_names: tuple[dict[str, str], ...] = ()
    """Each by language."""
    branch_name: dict[str, str] = msgspec.field(default_factory=dict)
    """By language."""
    message: dict[str, str] = msgspec.field(default_factory=dict)
    """By language."""
    closed_reason: str = ""
    closed_text: dict[str, str] = msgspec.field(default_factory=dict)
    """Why the branch does not open on this date, by language."""
    plan_version: int = 0
