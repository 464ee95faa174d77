"""Group commit: what arrives while a write is under way goes together in the next one."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from msgspec import Struct

from queue_service import sql
from queue_service.journal.batch import Batch
from queue_service.journal.errors import UnwritableEntry
from queue_service.journal.session import DatabaseAway, TryAgain

if TYPE_CHECKING:
    from collections.abc import Callable

    from queue_service.journal.session import Session
    from queue_service.journal.stream import Stream, StreamKey, Waiter

LARGEST_BATCH = 1000
TURNS = 4
"""Turns of the event loop that a request takes from its connection to the journal."""
MOST_GATHERINGS = 16
PAUSE_WHEN_AWAY = 0.1

_SQL = sql.blocks("journal")
_log = logging.getLogger(__name__)


class Written(Struct, frozen=True):
    """One round trip: commands answered, entries sent, commands to decide anew, seconds it took."""

    commands: int
    entries: int
    conflicts: int
    seconds: float


class Writer:
    """Decides and appends; one statement is under way at a time.

    `on_moved(streams)` hears of streams with new committed entries, `on_left(waiters)` takes the
    commands that were not answered: decided on an old head, repeated, or cut off with the database.
    """

    def __init__(
        self,
        session: Session,
        now: Callable[[], int],
        on_moved: Callable[[list[Stream], Written], None],
        on_left: Callable[[list[Waiter], bool], None],
    ) -> None:
        self._session = session
        self._now = now
        self._on_moved = on_moved
        self._on_left = on_left
        self._queue: list[Waiter] = []
        self._wake = asyncio.Event()

    def put(self, waiter: Waiter) -> None:
        """Takes a command of a current stream into the next batch."""
        self._queue.append(waiter)
        self._wake.set()

    async def run(self) -> None:
        """Writes for ever; the database may go and come back."""
        while True:
            await self._wake.wait()
            self._wake.clear()
            while self._queue:
                await self._gather()
                batch, self._queue = self._queue[:LARGEST_BATCH], self._queue[LARGEST_BATCH:]
                await self._write(batch)

    async def _gather(self) -> None:
        """Waits as long as more commands keep coming: one commit costs as much as another."""
        for _ in range(MOST_GATHERINGS):
            known = len(self._queue)
            for _ in range(TURNS):
                await asyncio.sleep(0)
            if len(self._queue) == known:
                return

    async def _write(self, waiters: list[Waiter]) -> None:
        batch = Batch(waiters, self._now)
        try:
            appended = await self._append(batch)
        except UnwritableEntry as problem:
            batch.drop()
            await self._write_halves(batch.waiters, problem)
        except (DatabaseAway, TryAgain) as problem:
            batch.drop()
            self._on_left(batch.waiters, isinstance(problem, DatabaseAway))
            if isinstance(problem, DatabaseAway):
                _log.warning("the journal cannot be written: %s", problem)
                await asyncio.sleep(PAUSE_WHEN_AWAY)
        except Exception:
            batch.drop()
            self._on_left(batch.waiters, True)
            raise
        else:
            self._finish(batch, appended)
        if batch.repeated:
            self._on_left(batch.repeated, False)

    async def _append(self, batch: Batch) -> tuple[set[StreamKey], float]:
        if batch.is_empty:
            return set(), 0.0
        began = asyncio.get_running_loop().time()
        rows = await self._session.fetch(_SQL["append"], *batch.sheet.values())
        stale = {(row["stale_branch"], row["stale_date"]) for row in rows}
        return stale, asyncio.get_running_loop().time() - began

    async def _write_halves(self, waiters: list[Waiter], problem: UnwritableEntry) -> None:
        """Finds the command that the database does not take; the others are written."""
        if len(waiters) == 1:
            waiters[0].fail(problem)
            return
        half = len(waiters) // 2
        await self._write(waiters[:half])
        await self._write(waiters[half:])

    def _finish(self, batch: Batch, appended: tuple[set[StreamKey], float]) -> None:
        stale, seconds = appended
        moved = batch.commit(stale)
        left = []
        for waiter in batch.waiters:
            if waiter.stream.key in stale:
                waiter.stream.drop_speculation()
                waiter.stream.current = False
                left.append(waiter)
            else:
                waiter.answer()
        if not batch.is_empty:
            answered = len(batch.waiters) - len(left)
            self._on_moved(moved, Written(answered, len(batch.sheet), len(left), seconds))
        if left:
            self._on_left(left, False)
