"""What may be asked of a branch: imperative, each with the id that makes it idempotent."""

from __future__ import annotations

from msgspec import Struct

from queue_service.policy.model import ORDINARY, DayPlan


class Command(Struct, frozen=True, kw_only=True, gc=False):
    """`id` makes it idempotent (16 bytes), `by` says who asks for it."""

    id: bytes
    by: str
    done_at: int = 0
    """When it was done, where that is told later than it was done (epoch ms); else 0."""


class ChangePlan(Command, frozen=True, kw_only=True):
    """Puts a plan in force; the first one opens the journal of the day.

    `redirect_issued` cancels tickets still outside of whose services the plan, new or
    already in force, sends every one online.
    """

    plan: DayPlan
    reason: str = ""
    redirect_issued: bool = False


class TakeTicket(Command, frozen=True, kw_only=True):
    """`despite_closing`: the visitor was told that this visit cannot be served today."""

    ticket: str
    services: tuple[str, ...]
    party: int = 1
    priority: str = ORDINARY
    language: str = ""
    assisted_reason: str = ""
    visitor: str = ""
    """Keyed hash of the visitor's IIN, or empty."""
    carried_from: str = ""
    """An expired ticket of the last working day; the caller has verified it."""
    despite_closing: bool = False


class OfTicket(Command, frozen=True, kw_only=True):
    """A command about one ticket."""

    ticket: str


class CancelTicket(OfTicket, frozen=True, kw_only=True):
    reason: str = ""


class EnterTicket(OfTicket, frozen=True, kw_only=True): ...


class LeaveTicket(OfTicket, frozen=True, kw_only=True): ...


class PostponeTicket(OfTicket, frozen=True, kw_only=True):
    """A released visitor cannot come in time and says so."""


class RecallTicket(OfTicket, frozen=True, kw_only=True): ...


class StartService(OfTicket, frozen=True, kw_only=True): ...


class FinishService(OfTicket, frozen=True, kw_only=True): ...


class MarkNoShow(OfTicket, frozen=True, kw_only=True): ...


class ReturnTicket(OfTicket, frozen=True, kw_only=True): ...


class HoldTicket(OfTicket, frozen=True, kw_only=True):
    reason: str = ""


class ResumeTicket(OfTicket, frozen=True, kw_only=True):
    """Takes a ticket off hold at a free counter."""

    counter: str


class TransferTicket(OfTicket, frozen=True, kw_only=True):
    """To another service or to one counter: exactly one of the two is given."""

    service: str = ""
    counter: str = ""


class ReleaseGroup(Command, frozen=True, kw_only=True):
    """`size` people at most; 0 means the plan's group size."""

    size: int = 0


class Recount(Command, frozen=True, kw_only=True):
    occupancy: int | None = None
    """What was counted; None where the count so far is wrong by `change` people."""
    change: int = 0
    reason: str


class StartSanitation(Command, frozen=True, kw_only=True): ...


class ConfirmSanitation(Command, frozen=True, kw_only=True): ...


class OpenCounter(Command, frozen=True, kw_only=True):
    counter: str


class CloseCounter(Command, frozen=True, kw_only=True):
    counter: str


class CallNext(Command, frozen=True, kw_only=True):
    counter: str


class Tick(Command, frozen=True, kw_only=True):
    """Does the first thing that is due; nothing when nothing is."""
