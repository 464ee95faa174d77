"""Answers for the staff's pages: everything that the door or a counter shows, and may do now.

Instants, minutes and people are as in `schemas.wire`; `now_ms` is the queue's clock in epoch ms.
"""

from typing import Literal

from schemas.fields import Code, CounterId
from schemas.wire import (
    Action,
    Answer,
    BoardDay,
    BusinessDate,
    Hall,
    Instant,
    Sanitation,
    Ticket,
    TicketId,
    TicketNumber,
    TicketState,
)


class Permission(Answer, frozen=True, kw_only=True):
    """Whether something may be done now; if not, why, and from when where that is known."""

    allowed: bool
    kind: str | None = None
    """The kind of the problem with which it would be refused, such as too-soon."""
    title: str | None = None
    detail: str | None = None
    next_at: Instant | None = None


Alarm = Literal["hall_not_empty", "confirmation_overdue"]


# --- the door ------------------------------------------------------------------------------------


class DoorTicket(Answer, frozen=True, kw_only=True, omit_defaults=False):
    """A party as the attendant knows it."""

    id: TicketId
    number: TicketNumber
    party_size: int
    state: TicketState
    group: int
    arrive_by: Instant | None
    entered_at: Instant | None
    actions: tuple[Action, ...]


class NextGroup(Answer, frozen=True, kw_only=True, omit_defaults=False):
    """The group that a release would let in now, `least` to `most` people."""

    may: Permission
    least: int
    most: int
    people: int
    tickets: tuple[DoorTicket, ...]


class Door(Answer, frozen=True, kw_only=True, omit_defaults=False):
    """The door of a branch today."""

    branch: Code
    date: BusinessDate
    seq: int
    at: Instant
    now_ms: int
    day: BoardDay
    group_admission: bool
    release_by_clock: bool
    exits_counted: bool
    group: int
    """The last group released, 0 before the first."""
    street_people: int
    hall: Hall
    next_group: NextGroup
    released: tuple[DoorTicket, ...]
    """Who is awaited at the door, the first to be too late first."""
    inside: tuple[DoorTicket, ...]
    """Who is in the hall, those whose visit is over first."""
    sanitation: Sanitation
    alarm: Alarm | None
    start_sanitation: Permission
    confirm_sanitation: Permission
    once_released: tuple[Action, ...]
    """What the asker may do with a ticket as soon as it is released."""
    once_inside: tuple[Action, ...]
    """And as soon as it has entered: a page without a network goes on with these."""
    largest_count: int
    """The most people that a recount may find."""


# --- a counter -----------------------------------------------------------------------------------


class Desk(Answer, frozen=True, kw_only=True, omit_defaults=False):
    """A counter in the list from which an operator chooses."""

    counter: CounterId
    open: bool
    operator: str
    """Subject of the token that opened it; empty when it is closed."""
    yours: bool
    number: TicketNumber | None


class Desks(Answer, frozen=True, kw_only=True, omit_defaults=False):
    branch: Code
    date: BusinessDate
    seq: int
    counters: tuple[Desk, ...]


class Targets(Answer, frozen=True, kw_only=True):
    """Where the visitor at the counter may be sent."""

    services: tuple[Code, ...]
    counters: tuple[CounterId, ...]


class ServiceQueue(Answer, frozen=True, kw_only=True, omit_defaults=False):
    """How many wait in the hall for a service; `here`: this counter can give it."""

    service: Code
    tickets: int
    here: bool


class AsideTicket(Answer, frozen=True, kw_only=True, omit_defaults=False):
    """A visit that was held or given up, and what may be done with it from this counter."""

    ticket: Ticket
    may: dict[str, Permission]
    """By action: resume, recall, return."""


class CounterPage(Answer, frozen=True, kw_only=True, omit_defaults=False):
    """A counter of a branch today."""

    branch: Code
    date: BusinessDate
    seq: int
    at: Instant
    now_ms: int
    day: BoardDay
    desk: Desk
    skills: tuple[Code, ...]
    open: Permission
    close: Permission
    call_next: Permission
    ticket: Ticket | None
    targets: Targets | None
    sent_here: int
    """Tickets that wait for this counter alone."""
    waiting: tuple[ServiceQueue, ...]
    street_people: int
    hall: Hall
    held: tuple[AsideTicket, ...]
    given_up: tuple[AsideTicket, ...]
    """Who did not come when called, the latest first."""
    sanitation: Sanitation
