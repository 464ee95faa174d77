"""What a run leaves behind: the rows of the journal, and what every client was told and when."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import msgspec
from msgspec import Struct

from queue_service.ids import command_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

StreamName = tuple[str, str]
"""A branch and a business date as text."""
Action = Literal[
    "take",
    "release",
    "enter",
    "leave",
    "cancel",
    "call",
    "start",
    "finish",
    "no-show",
    "recall",
    "return",
    "hold",
    "resume",
    "transfer",
    "open",
    "close",
    "drain",
    "confirm",
    "recount",
    "plan",
    "read",
]
NOTHING_HEARD = 0
"""The status of an attempt without an answer: a lost connection, or no patience left."""
UNDECIDED = frozenset({NOTHING_HEARD, 429, 500, 502, 503, 504})
"""Statuses after which a client does not know whether the command was carried out."""


class Row(Struct, frozen=True, kw_only=True):
    """A row of the journal as the database has it; `at` is epoch ms."""

    branch: str
    date: str
    seq: int
    at: int
    kind: str
    body: dict[str, Any]
    command: bytes
    part: int
    actor: str = ""

    @property
    def stream(self) -> StreamName:
        return (self.branch, self.date)


class Attempt(Struct, frozen=True, kw_only=True):
    """One request and its answer; `began` and `ended` are seconds of the clients' common clock."""

    replica: int
    began: float
    ended: float
    status: int
    body: dict[str, Any] = {}

    @property
    def acknowledged(self) -> bool:
        """Whether the service said that the command is carried out; 204 says that nobody waits."""
        return self.status in (200, 201)

    @property
    def decided(self) -> bool:
        return self.status not in UNDECIDED


class Told(Struct, frozen=True, kw_only=True):
    """A command, or a reading, with every attempt until the client knew its fate or gave up.

    `target` is the ticket or the counter that it is about, or the number of people counted.
    `repeat`: asked again on purpose, long after the answer.
    """

    client: int
    action: Action
    branch: str
    subject: str
    key: str
    target: str = ""
    repeat: bool = False
    attempts: tuple[Attempt, ...]

    @property
    def command(self) -> bytes:
        """The id that the journal knows the command by."""
        return command_id(self.subject, self.branch, self.key)


class Finding(Struct, frozen=True, order=True):
    """Something that must never happen, in one sentence; `kind` is one of a few words."""

    kind: str
    sentence: str


def by_stream(rows: Iterable[Row]) -> dict[StreamName, list[Row]]:
    """The rows of each stream in order of seq."""
    streams: dict[StreamName, list[Row]] = {}
    for row in sorted(rows, key=lambda row: (row.stream, row.seq, row.part)):
        streams.setdefault(row.stream, []).append(row)
    return streams


def by_command(rows: Iterable[Row]) -> dict[bytes, list[Row]]:
    """The rows of each command in the order in which they stand in the journal."""
    commands: dict[bytes, list[Row]] = {}
    for row in sorted(rows, key=lambda row: (row.stream, row.seq, row.part)):
        commands.setdefault(row.command, []).append(row)
    return commands


def read_told(path: Path) -> Iterator[Told]:
    """Every line of a file that a crowd wrote."""
    decoder = msgspec.json.Decoder(Told)
    with path.open("rb") as file:
        yield from map(decoder.decode, file)
