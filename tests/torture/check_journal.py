"""Laws that a journal obeys whatever happened to the processes that wrote it.

Nothing here asks the policy: places, numbers, the hall, the pauses, the counters and whose turn it
is are counted anew from the rows alone.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from tests.torture.counters import Counters
from tests.torture.hall import Hall
from tests.torture.history import Finding, Row, by_command, by_stream
from tests.torture.pauses import Pauses
from tests.torture.turns import Turns

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence


def journal_findings(rows: Iterable[Row]) -> list[Finding]:
    """Everything that is wrong with the journal as it stands."""
    rows = list(rows)
    found = list(_commands(rows))
    for stream in by_stream(rows).values():
        found += _places(stream)
        found += _numbers(stream)
        found += Hall().findings(stream)
        found += Pauses().findings(stream)
        found += Counters().findings(stream)
        found += Turns().findings(stream)
    return found


def _name(row: Row) -> str:
    return f"{row.branch} {row.date} entry {row.seq}"


def _commands(rows: Sequence[Row]) -> Iterator[Finding]:
    """A command is in the journal once, whole, its events next to each other."""
    for command, written in by_command(rows).items():
        first = written[0]
        as_written = [(row.stream, row.seq, row.part) for row in written]
        whole = [(first.stream, first.seq + part, part) for part in range(len(written))]
        if as_written != whole:
            places = ", ".join(_name(row) for row in written)
            yield Finding("command_torn", f"command {command.hex()} stands at {places}")


def _places(rows: Sequence[Row]) -> Iterator[Finding]:
    """Places count 1, 2, 3 ... and time does not go backwards."""
    for place, row in enumerate(rows, start=1):
        if row.seq != place:
            yield Finding("gap", f"{_name(row)} stands where entry {place} is expected")
            break
    for before, after in pairwise(rows):
        if after.at < before.at:
            yield Finding("time_reversed", f"{_name(after)} is earlier than the one before it")


def _numbers(rows: Sequence[Row]) -> Iterator[Finding]:
    """Numbers of a letter count 1, 2, 3 ...; a ticket is issued once."""
    last: dict[str, int] = {}
    tickets: set[str] = set()
    for row in rows:
        if row.kind != "TicketIssued":
            continue
        letter, _, digits = row.body["number"].partition("-")
        number, expected = int(digits), last.get(letter, 0) + 1
        if number != expected:
            kind = "duplicate_number" if number < expected else "number_gap"
            yield Finding(kind, f"{_name(row)}: {row.body['number']}, expected {expected}")
        if row.body["ticket"] in tickets:
            yield Finding("issued_twice", f"{_name(row)}: ticket {row.body['ticket']}")
        tickets.add(row.body["ticket"])
        last[letter] = max(number, last.get(letter, 0))
