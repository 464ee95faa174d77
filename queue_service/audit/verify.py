"""`kezek journal verify`: whether every stream is whole, replays, and obeys the laws."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import msgspec

from queue_service import sql
from queue_service.audit.actors import out_of_role
from queue_service.audit.decisions import decisions, disagreement
from queue_service.audit.laws import Witness
from queue_service.journal.rows import entry_of
from queue_service.policy import events as happened
from queue_service.policy.evolve import evolve
from queue_service.policy.model import State

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable

    from queue_service.journal import StreamKey
    from queue_service.policy.decide import Decision
    from queue_service.policy.events import Entry
    from queue_service.store import Connection, Pool

PAGE = 2000
_SQL = sql.blocks("verify")


class Finding(msgspec.Struct, frozen=True):
    """Something wrong with a stream: after which entry it shows, the law, and how it is broken."""

    seq: int
    law: str
    how: str


class StreamReport(msgspec.Struct, frozen=True):
    """What was found in one stream of `entries` entries."""

    branch: str
    date: dt.date
    entries: int
    findings: tuple[Finding, ...]

    def lines(self) -> list[str]:
        """One plain line for each finding."""
        where = f"{self.branch} {self.date}"
        return [f"{where}, entry {found.seq}: {found.law}: {found.how}" for found in self.findings]


class Examination:
    """Takes the entries of one stream in order and gathers what is wrong with them.

    `stream` is where they are filed: branch and date.
    """

    def __init__(self, stream: StreamKey | None = None) -> None:
        self.count = 0
        self.findings: list[Finding] = []
        self._last: Entry | None = None
        self._commands: set[bytes] = set()
        self._witness = Witness((stream[0], stream[1].isoformat()) if stream else None)
        self._state: State | None = State()
        self._could: tuple[Decision, ...] | None = None
        """What the rules make of the command whose entries come in."""
        self._written: list[happened.AnyEvent] = []

    def see(self, entry: Entry, kind: str = "") -> None:
        """Examines the next entry; `kind` is what its row calls it, if there is one."""
        self.count += 1
        if kind and kind != type(entry.event).__name__:
            self._note(entry.seq, "replay", f"the row says {kind}: {type(entry.event).__name__}")
        self._see_place(entry)
        self._see_command(entry)
        if how := out_of_role(entry):
            self._note(entry.seq, "actor", how)
        self._decide_anew(entry)
        self._replay(entry)
        self._witness.see(entry)
        self._hear_witness(entry.seq)
        self._last = entry

    def end(self, now: int) -> None:
        """There are no more entries; `now` (epoch ms) is late enough that nobody was away."""
        self._whole_command()
        self._witness.end(now)
        self._hear_witness(self.count)

    def unreadable(self, seq: int, problem: Exception) -> None:
        """An entry whose body is no event; the replay ends here."""
        self.count += 1
        self._note(seq, "replay", f"the body is no event: {problem}")
        self._state = None

    def _hear_witness(self, seq: int) -> None:
        for law, how in self._witness.findings:
            self._note(seq, law, how)
        self._witness.findings.clear()

    def _see_place(self, entry: Entry) -> None:
        if entry.seq != self.count:
            self._note(entry.seq, "gapless", f"entry {self.count} was expected here")
            self.count = entry.seq
        if self._last and entry.at < self._last.at:
            self._note(entry.seq, "time", f"{self._last.at - entry.at} ms before the entry before")

    def _see_command(self, entry: Entry) -> None:
        last = self._last
        if entry.part == 0:
            if entry.command in self._commands:
                self._note(entry.seq, "commands", f"{entry.command.hex()} was carried out before")
            self._commands.add(entry.command)
        elif last is None or (last.command, last.part + 1) != (entry.command, entry.part):
            self._note(entry.seq, "commands", f"part {entry.part} lacks the one before")

    def _decide_anew(self, entry: Entry) -> None:
        if entry.part == 0:
            self._whole_command()
            self._could = self._decided(entry)
        self._written.append(entry.event)

    def _decided(self, first: Entry) -> tuple[Decision, ...] | None:
        if self._state is None:
            return None
        try:
            return decisions(self._state, first)
        except Exception as problem:  # noqa: BLE001 - whatever the stored events cause
            self._note(first.seq, "decision", f"the rules cannot decide on it: {problem!r}")
            return None

    def _whole_command(self) -> None:
        """All entries of the last command are there."""
        if self._could is not None and self._state is not None and self._last:
            how = disagreement(self._could, tuple(self._written), self._state)
            if how:
                self._note(self._last.seq, "decision", how)
        self._could = None
        self._written.clear()

    def _replay(self, entry: Entry) -> None:
        if self._state is None:
            return
        try:
            evolve(self._state, entry)
        except Exception as problem:  # noqa: BLE001 - whatever the stored events cause
            self._note(entry.seq, "replay", f"the event cannot be applied: {problem!r}")
            self._state = None

    def _note(self, seq: int, law: str, how: str) -> None:
        self.findings.append(Finding(seq, law, how))


def findings(entries: Iterable[Entry]) -> list[Finding]:
    """What is wrong with the entries of one whole stream; empty when it is sound."""
    examination = Examination()
    for entry in entries:
        examination.see(entry)
    examination.end(0)
    return examination.findings


async def has_journal(pool: Pool) -> bool:
    """Whether a service has ever made its tables in the database."""
    return bool(await pool.fetchval(_SQL["exists"]))


async def verify(
    pool: Pool, branch: str | None = None, date: dt.date | None = None
) -> AsyncIterator[StreamReport]:
    """Examines the streams of the database, all or those of a branch or of a date."""
    async with pool.acquire() as connection:
        newest = await connection.fetchval(_SQL["newest"]) or 0
        for row in await connection.fetch(_SQL["streams"], branch, date):
            yield await _examine(connection, (row["branch"], row["date"]), newest)


async def _examine(connection: Connection, key: StreamKey, newest: int) -> StreamReport:
    examination = Examination(key)
    after, page = 0, PAGE
    while page == PAGE:
        rows = await connection.fetch(_SQL["page"], *key, after, PAGE)
        for row in rows:
            try:
                entry = entry_of(row)
            except msgspec.MsgspecError as problem:
                examination.unreadable(row["seq"], problem)
            else:
                examination.see(entry, row["kind"])
        page = len(rows)
        after = rows[-1]["seq"] if rows else after
    examination.end(newest)
    return StreamReport(*key, examination.count, tuple(examination.findings))
