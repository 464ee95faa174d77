"""Rows of the event table, and the entries that they hold."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from queue_service.journal.errors import UnwritableEntry
from queue_service.policy.events import AnyEvent, Entry, decode

if TYPE_CHECKING:
    import asyncpg

    from queue_service.journal.stream import StreamKey

_encode = msgspec.json.Encoder().encode


def entry_of(row: asyncpg.Record) -> Entry:
    """The entry of a row with the columns seq, at, command, part, actor and body.

    Raises `msgspec.ValidationError` for a body that is no event.
    """
    return Entry(
        seq=row["seq"],
        at=row["at"],
        command=row["command"],
        part=row["part"],
        by=row["actor"],
        event=decode(row["body"]),
    )


class Row(Struct, frozen=True, gc=False):
    """An entry on its way into the table."""

    branch: str
    date: dt.date
    seq: int
    at: int
    body: AnyEvent
    command: str
    part: int
    actor: str


class Stood(Struct, frozen=True, gc=False):
    """An answer to a command that changes nothing, given on the entry `seq` of a stream."""

    branch: str
    date: dt.date
    seq: int
    command: str


class Sheet:
    """What `append_events` takes: entries of many streams, and answers that stand on streams."""

    def __init__(self) -> None:
        self._rows: list[Row] = []
        self._stood: list[Stood] = []

    def __len__(self) -> int:
        return len(self._rows)

    def add(self, key: StreamKey, entries: tuple[Entry, ...]) -> None:
        """Entries to append to a stream, in their order."""
        for entry in entries:
            command = entry.command.hex()
            row = Row(*key, entry.seq, entry.at, entry.event, command, entry.part, entry.by)
            self._rows.append(row)

    def stand(self, key: StreamKey, seq: int, command: bytes) -> None:
        """An answer that changes nothing stands on the stream's head `seq`."""
        self._stood.append(Stood(*key, seq, command.hex()))

    def values(self) -> tuple[str, str]:
        """The arguments of the statement `append`; UnwritableEntry for what is no JSON."""
        try:
            return _encode(self._rows).decode(), _encode(self._stood).decode()
        except (ValueError, OverflowError, TypeError) as problem:
            raise UnwritableEntry(str(problem)) from problem
