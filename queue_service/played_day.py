"""A simulated day on its way from the simulation to the boards."""

from __future__ import annotations

import datetime as dt

import msgspec

from queue_service.policy.events import Entry
from schemas.catalogue import Catalogue


class PlayedDay(msgspec.Struct, frozen=True, kw_only=True):
    """The journal of a branch-day, and what else the service and the boards know of the branch."""

    title: str
    branch: str
    date: dt.date
    zone: str
    begins_at: int
    """When it begins to be played, epoch ms: what was before is there from the start."""
    catalogue: Catalogue
    entries: tuple[Entry, ...]

    @property
    def ends_at(self) -> int:
        """The instant of the last entry, epoch ms, or of the beginning where that is later."""
        return max(self.begins_at, self.entries[-1].at)

    def encode(self) -> bytes:
        """As `decode` reads it."""
        return msgspec.msgpack.encode(self)

    @classmethod
    def decode(cls, content: bytes) -> PlayedDay:
        """Raises `msgspec.MsgspecError` for what is no such day."""
        return msgspec.msgpack.decode(content, type=cls)
