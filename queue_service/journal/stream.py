"""One stream in memory: its committed state, and the speculative one that decisions stand on."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections import deque
from itertools import islice
from typing import TYPE_CHECKING

from msgspec import Struct

from queue_service.policy.evolve import evolve
from queue_service.policy.model import State

if TYPE_CHECKING:
    from collections.abc import Iterable

    from queue_service.policy.commands import Command
    from queue_service.policy.events import Entry, Refusal

StreamKey = tuple[str, dt.date]
"""A branch and a business date."""

RECENT = 1024


class Outcome(Struct, frozen=True):
    """What became of a command.

    `entries` are the journal's lines that it caused; with `repeated` it had caused them before, and
    `date` may then be another day's. `state` is the stream's committed state, for reading only.
    """

    entries: tuple[Entry, ...]
    refusal: Refusal | None
    repeated: bool
    state: State
    date: dt.date


class Waiter:
    """A command, and who waits for its outcome."""

    __slots__ = ("arrived", "command", "entries", "future", "now", "refusal", "stream")

    def __init__(
        self,
        stream: Stream,
        command: Command,
        now: int | None,
        future: asyncio.Future[Outcome],
        arrived: float,
    ) -> None:
        self.stream = stream
        self.command = command
        self.now = now
        self.future = future
        self.arrived = arrived
        """Seconds of the event loop's clock."""
        self.entries: tuple[Entry, ...] = ()
        self.refusal: Refusal | None = None

    def answer(self) -> None:
        """Tells the outcome that was decided; its entries are committed."""
        if not self.future.done():
            self.future.set_result(
                Outcome(
                    self.entries,
                    self.refusal,
                    repeated=False,
                    state=self.stream.committed,
                    date=self.stream.key[1],
                )
            )

    def fail(self, problem: Exception) -> None:
        """Tells that there is no outcome."""
        if not self.future.done():
            self.future.set_exception(problem)


class Stream:
    """One branch-day as this process knows it."""

    def __init__(self, key: StreamKey) -> None:
        self.key = key
        self.committed = State()
        self.head: Entry | None = None
        """The last entry in `committed`."""
        self.current = False
        """Whether it was loaded, and nothing says that the database has more."""
        self.waiting: list[Waiter] = []
        """Commands that wait until it is current."""
        self.used = 0.0
        """When it was last asked for, seconds of the event loop's clock."""
        self.told = 0
        """Up to which entry those who listen have been told."""
        self.past = 0
        """Grows when what was known proves to be no longer so."""
        self.watchers = 0
        self.recent: deque[Entry] = deque(maxlen=RECENT)
        """The last entries without a hole, kept while somebody watches."""
        self.advanced: asyncio.Future[None] | None = None
        self._speculative: State | None = None

    def speculative(self) -> State:
        """The committed state with the decisions of the batch under way; decide on this one."""
        if self._speculative is None or self._speculative.seq < self.committed.seq:
            self._speculative = self.committed.copy()
        return self._speculative

    def drop_speculation(self) -> None:
        """Forgets decisions that were not committed."""
        self._speculative = None

    def speculate(self, entries: Iterable[Entry]) -> None:
        """Lets the speculative state run ahead by decided entries."""
        state = self.speculative()
        for entry in entries:
            evolve(state, entry)

    def commit(self, entries: Iterable[Entry]) -> bool:
        """Applies entries that are in the database; those already known are passed over.

        Returns whether the state moved. An entry that does not follow shows that this process is
        behind: the stream is then no longer current.
        """
        before = self.committed.seq
        # Where nothing is under way, the speculative state goes along instead of being copied anew.
        along = self._speculative
        if along is not None and along.seq != before:
            along = None
        for entry in entries:
            if entry.seq == self.committed.seq + 1:
                self._apply(entry, along)
            elif entry.seq > self.committed.seq:
                self.current = False
        return self._moved(before)

    def reset(self) -> None:
        """Forgets everything: the database has another past than this process knew."""
        self.past += 1
        self.committed = State()
        self.head = None
        self.current = False
        self.recent.clear()
        self.drop_speculation()

    def fail(self, problem: Exception) -> None:
        """Tells all who wait that this stream cannot be used."""
        waiting, self.waiting = self.waiting, []
        for waiter in waiting:
            waiter.fail(problem)
        if self.advanced is not None:
            self.advanced.set_exception(problem)
            self.advanced = None

    def since(self, after: int) -> list[Entry] | None:
        """The known entries after `after`; None when they are no longer at hand."""
        if after >= self.committed.seq:
            return []
        if not self.recent or self.recent[0].seq > after + 1:
            return None
        return list(islice(self.recent, after + 1 - self.recent[0].seq, None))

    def next_advance(self) -> asyncio.Future[None]:
        """A future that is done when the committed state moves on."""
        if self.advanced is None:
            self.advanced = asyncio.get_running_loop().create_future()
        return self.advanced

    def _apply(self, entry: Entry, along: State | None) -> None:
        try:
            evolve(self.committed, entry)
            if along is not None:
                evolve(along, entry)
        except Exception:
            self.reset()
            raise
        self.head = entry
        if self.watchers:
            self.recent.append(entry)

    def _moved(self, before: int) -> bool:
        moved = self.committed.seq > before
        if moved and self.advanced is not None:
            self.advanced.set_result(None)
            self.advanced = None
        return moved
