"""Frames of the gateway: what a board or a ticket's page is told, one JSON object each.

`seq` is the journal's place on which a frame stands, `now_ms` the queue's clock in epoch
milliseconds when the frame was made, `speed` how many times as fast as real time it runs (0: it is
moved by hand).
"""

from __future__ import annotations

from typing import Any

from msgspec import UNSET, Struct, UnsetType

from schemas import wire
from schemas.fields import CounterId


class Call(Struct, frozen=True, kw_only=True, gc=False):
    """A number was called to a counter; `again` when it had been called before and did not come."""

    seq: int
    number: wire.TicketNumber
    counter: CounterId
    at: wire.Instant
    again: bool


class Timed(Struct, frozen=True, kw_only=True, tag_field="type"):
    seq: int
    now_ms: int
    speed: float


class Snapshot(Timed, frozen=True, kw_only=True, tag="snapshot"):
    """The whole view: the first frame, and again where changes could not be told one by one."""

    board: wire.Board | UnsetType = UNSET
    ticket: wire.Ticket | UnsetType = UNSET
    called: tuple[Call, ...]
    """Calls after the place from which the client resumes; the last ones of the day without it."""


class Change(Timed, frozen=True, kw_only=True, tag="change"):
    """What is new since the frame before."""

    board: dict[str, Any] | UnsetType = UNSET
    """Those fields of the board that have changed."""
    ticket: wire.Ticket | UnsetType = UNSET
    """The whole ticket."""
    called: tuple[Call, ...]


class Heartbeat(Timed, frozen=True, kw_only=True, tag="heartbeat"):
    """Nothing is new, and what was told is true."""


class Stale(Struct, frozen=True, kw_only=True, tag_field="type", tag="stale"):
    """The journal cannot be read: what was told may be old until the next frame of another type."""

    since_ms: int
    """Until when it was true, epoch milliseconds of the queue's clock; 0: nothing is known yet."""


Frame = Snapshot | Change | Heartbeat | Stale
