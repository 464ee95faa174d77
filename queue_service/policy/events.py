"""What happened, in the past tense, and the refusals: answers that change nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import msgspec
from msgspec import Struct

from queue_service.policy.model import ORDINARY, DayPlan


class Event(Struct, frozen=True, kw_only=True, tag_field="kind", omit_defaults=True, gc=False):
    """What happened; the entry's `at` says when it was written down."""

    done_at: int = 0
    """When it was done, where the journal was told later (epoch ms); else 0."""


class PlanChanged(Event, frozen=True, kw_only=True, tag=True):
    plan: DayPlan
    version: int
    reason: str = ""


class TicketIssued(Event, frozen=True, kw_only=True, tag=True):
    ticket: str
    number: str
    services: tuple[str, ...]
    service_times: tuple[int, ...]
    party: int = 1
    priority: str = ORDINARY
    order: int
    language: str = ""
    assisted: str = ""
    visitor: str = ""
    carried_from: str = ""


class VisitRefused(Event, frozen=True, kw_only=True, tag=True):
    """A visit that got no ticket; `until` is the instant that matters for the reason, if any."""

    reason: Literal["online_only", "cannot_be_served_today"]
    services: tuple[str, ...]
    party: int
    until: int = 0


class GroupReleased(Event, frozen=True, kw_only=True, tag=True):
    group: int
    tickets: tuple[str, ...]
    people: int
    arrive_by: int


class TicketsMissed(Event, frozen=True, kw_only=True, tag=True):
    tickets: tuple[str, ...]


class TicketsRedirected(Event, frozen=True, kw_only=True, tag=True):
    """Tickets still outside whose service is now given only online."""

    tickets: tuple[str, ...]


class OfTicketEvent(Event, frozen=True, kw_only=True):
    ticket: str


class TicketEntered(OfTicketEvent, frozen=True, kw_only=True, tag=True): ...


class TicketLeft(OfTicketEvent, frozen=True, kw_only=True, tag=True): ...


class TicketPostponed(OfTicketEvent, frozen=True, kw_only=True, tag=True):
    """A released visitor gave the turn back, which counts as the group missed."""


class TicketCancelled(OfTicketEvent, frozen=True, kw_only=True, tag=True):
    reason: str = ""


class TicketCalled(OfTicketEvent, frozen=True, kw_only=True, tag=True):
    counter: str


class TicketRecalled(OfTicketEvent, frozen=True, kw_only=True, tag=True):
    counter: str


class ServiceStarted(OfTicketEvent, frozen=True, kw_only=True, tag=True): ...


class ServiceFinished(OfTicketEvent, frozen=True, kw_only=True, tag=True):
    service: str


class TicketNotShown(OfTicketEvent, frozen=True, kw_only=True, tag=True): ...


class TicketReturned(OfTicketEvent, frozen=True, kw_only=True, tag=True): ...


class TicketHeld(OfTicketEvent, frozen=True, kw_only=True, tag=True):
    reason: str = ""


class TicketResumed(OfTicketEvent, frozen=True, kw_only=True, tag=True):
    counter: str


class TicketTransferred(OfTicketEvent, frozen=True, kw_only=True, tag=True):
    service: str
    service_time: int
    counter: str = ""


class HallRecounted(Event, frozen=True, kw_only=True, tag=True):
    occupancy: int
    before: int
    reason: str


class DrainStarted(Event, frozen=True, kw_only=True, tag=True):
    """The clock lets cleaning begin from `clean_from` on; the hall must be empty by `empty_by`.

    `next_pause` is the index of the scheduled pause after this one.
    """

    clean_from: int
    empty_by: int
    cleaning: int
    next_pause: int


class CleaningStarted(Event, frozen=True, kw_only=True, tag=True):
    until: int


class CleaningConfirmed(Event, frozen=True, kw_only=True, tag=True):
    """`next_pause`: a scheduled pause whose drain began meanwhile has just been had."""

    next_pause: int


class AlarmRaised(Event, frozen=True, kw_only=True, tag=True):
    alarm: Literal["hall_not_empty", "confirmation_overdue"]
    people: int = 0


class CounterOpened(Event, frozen=True, kw_only=True, tag=True):
    counter: str


class CounterClosed(Event, frozen=True, kw_only=True, tag=True):
    counter: str


class DayClosed(Event, frozen=True, kw_only=True, tag=True):
    """The door is closed for the day; who waits outside is carried over."""

    expired: tuple[str, ...]


class DayEnded(Event, frozen=True, kw_only=True, tag=True):
    """End of overtime: a last service under way is over, whoever else is inside is carried over."""

    expired: tuple[str, ...]
    finished: tuple[str, ...]


AnyEvent = (
    PlanChanged
    | TicketIssued
    | VisitRefused
    | GroupReleased
    | TicketsMissed
    | TicketsRedirected
    | TicketEntered
    | TicketLeft
    | TicketPostponed
    | TicketCancelled
    | TicketCalled
    | TicketRecalled
    | ServiceStarted
    | ServiceFinished
    | TicketNotShown
    | TicketReturned
    | TicketHeld
    | TicketResumed
    | TicketTransferred
    | HallRecounted
    | DrainStarted
    | CleaningStarted
    | CleaningConfirmed
    | AlarmRaised
    | CounterOpened
    | CounterClosed
    | DayClosed
    | DayEnded
)
Events = tuple[AnyEvent, ...]


class Entry(Struct, frozen=True, gc=False):
    """A line of the journal: the event, its place and instant, whose command caused it."""

    seq: int
    at: int
    command: bytes
    part: int
    """Which of the command's events this is, from 0."""
    by: str
    event: AnyEvent


_decoder = msgspec.json.Decoder(AnyEvent)
_encoder = msgspec.json.Encoder()


def encode(event: AnyEvent) -> bytes:
    """The event as the JSON body of a journal row; its `kind` is the name of its class."""
    return _encoder.encode(event)


def decode(body: bytes | str) -> AnyEvent:
    """The event of a journal row; raises `msgspec.ValidationError` for a body that is none."""
    event: AnyEvent = _decoder.decode(body)
    return event


RefusalKind = Literal[
    "no_plan",
    "day_closed",
    "not_yet_open",
    "paused",
    "unknown_service",
    "not_offered",
    "unknown_counter",
    "unknown_ticket",
    "unknown_priority",
    "reason_not_accepted",
    "party_too_large",
    "already_carried",
    "wrong_state",
    "not_inside",
    "too_late_to_enter",
    "too_soon",
    "hall_full",
    "nobody_waiting",
    "nobody_fits",
    "counter_open",
    "counter_closed",
    "counter_busy",
    "counter_out_of_use",
    "lacks_skill",
    "already_returned",
    "already_missed",
    "hall_not_empty",
    "not_cleaning",
    "cleaning_too_short",
    "sanitation_under_way",
    "groups_not_in_force",
    "group_too_large",
    "ticket_exists",
    "done_too_long_ago",
]


class Refusal(Struct, frozen=True):
    """Why a command is not carried out; `detail` has instants, limits, states and names."""

    kind: RefusalKind
    detail: Mapping[str, object] = {}
