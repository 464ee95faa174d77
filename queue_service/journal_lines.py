"""The lines of a journal as the service tells them, a JSON document each: written and read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from queue_service.policy.events import AnyEvent, Entry
from queue_service.timing.localtime import in_zone
from schemas.wire_plan import JournalEntry


def journal_lines(entries: Iterable[Entry], zone: str) -> Iterator[bytes]:
    """The journal of a day in a time zone as the service tells it, a line of JSON an entry."""
    local = in_zone(zone)
    for entry in entries:
        line = JournalEntry(
            seq=entry.seq,
            at=local.text(entry.at),
            at_ms=entry.at,
            command=entry.command.hex(),
            part=entry.part,
            by=entry.by,
            event=msgspec.to_builtins(entry.event),
        )
        yield msgspec.json.encode(line) + b"\n"


def entry(line: JournalEntry) -> Entry:
    """The line of a journal as the policy knows it."""
    return Entry(
        seq=line.seq,
        at=line.at_ms,
        command=bytes.fromhex(line.command),
        part=line.part,
        by=line.by,
        event=msgspec.convert(line.event, AnyEvent),
    )
