"""Rows of the event table, and the entries that they hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from queue_service.policy.events import Entry, decode, encode

if TYPE_CHECKING:
    import asyncpg

    from queue_service.journal.stream import StreamKey


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


class Columns:
    """Entries of many streams as the arrays that `append_events` takes."""

    def __init__(self) -> None:
        self._entries: tuple[list[Any], ...] = tuple([] for _ in range(9))
        self._stood: tuple[list[Any], ...] = tuple([] for _ in range(4))

    def __len__(self) -> int:
        return len(self._entries[0])

    def add(self, key: StreamKey, entries: tuple[Entry, ...]) -> None:
        """Entries to append to a stream, in their order."""
        branches, dates, seqs, ats, kinds, bodies, commands, parts, actors = self._entries
        for entry in entries:
            branches.append(key[0])
            dates.append(key[1])
            seqs.append(entry.seq)
            ats.append(entry.at)
            kinds.append(type(entry.event).__name__)
            bodies.append(encode(entry.event).decode())
            commands.append(entry.command)
            parts.append(entry.part)
            actors.append(entry.by)

    def stand(self, key: StreamKey, seq: int, command: bytes) -> None:
        """An answer that changes nothing stands on the stream's head `seq`."""
        for column, value in zip(self._stood, (*key, seq, command), strict=True):
            column.append(value)

    def values(self) -> tuple[list[Any], ...]:
        """The arguments of the statement `append`."""
        return self._entries + self._stood
