"""Commands decided together, to be written in one statement."""

from __future__ import annotations

from typing import TYPE_CHECKING

from queue_service.journal.rows import Sheet
from queue_service.policy.decide import decide, record
from queue_service.policy.events import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from queue_service.journal.stream import Stream, StreamKey, Waiter
    from queue_service.policy.decide import Decision
    from queue_service.policy.events import Entry


class Batch:
    """Decides each command on the speculative state of its stream, one after the other."""

    def __init__(self, waiters: Iterable[Waiter], now: Callable[[], int]) -> None:
        self.waiters: list[Waiter] = []
        self.repeated: list[Waiter] = []
        """Commands that an earlier entry of their stream bears already."""
        self.sheet = Sheet()
        self.entries: dict[Stream, list[Entry]] = {}
        self._still: list[Waiter] = []
        together = now()
        for waiter in waiters:
            if not waiter.future.done():
                self._decide(waiter, together if waiter.now is None else waiter.now)
        for waiter in self._still:
            seq = waiter.stream.speculative().seq
            self.sheet.stand(waiter.stream.key, seq, waiter.command.id)

    def _decide(self, waiter: Waiter, now: int) -> None:
        stream = waiter.stream
        state = stream.speculative()
        if waiter.command.id in state.seen:
            self.repeated.append(waiter)
            return
        try:
            self._carry_out(waiter, decide(state, waiter.command, now), now)
        except Exception as problem:  # noqa: BLE001 - one command's fault is not the batch's
            stream.drop_speculation()
            stream.speculate(self.entries.get(stream, ()))
            waiter.fail(problem)
            return
        self._take(waiter)

    def _carry_out(self, waiter: Waiter, decision: Decision, now: int) -> None:
        if isinstance(decision, Refusal):
            waiter.entries, waiter.refusal = (), decision
            return
        state = waiter.stream.speculative()
        waiter.entries, waiter.refusal = record(state, waiter.command, now, decision), None
        waiter.stream.speculate(waiter.entries)

    def _take(self, waiter: Waiter) -> None:
        self.waiters.append(waiter)
        if waiter.entries:
            self.sheet.add(waiter.stream.key, waiter.entries)
            self.entries.setdefault(waiter.stream, []).extend(waiter.entries)
        else:
            self._still.append(waiter)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to ask the database."""
        return not self.waiters

    def commit(self, stale: set[StreamKey]) -> list[Stream]:
        """The database has taken the streams but the `stale` ones; returns those that moved."""
        moved = []
        for stream, entries in self.entries.items():
            if stream.key not in stale and stream.commit(entries):
                moved.append(stream)
        return moved

    def drop(self) -> None:
        """The database has taken nothing: its decisions are forgotten."""
        for waiter in self.waiters:
            waiter.stream.drop_speculation()
