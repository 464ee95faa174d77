"""Appends entries that were decided elsewhere, to streams that nobody else writes."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Final, Self

from queue_service import sql
from queue_service.journal.errors import JournalBroken, JournalUnavailable
from queue_service.journal.hints import Hints
from queue_service.journal.rows import Sheet
from queue_service.journal.session import DatabaseAway, Session, TryAgain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from queue_service.journal.stream import StreamKey
    from queue_service.policy.events import Entry

AT_ONCE: Final = 1000
TRY_AGAIN: Final = 0.2
TRIES: Final = 50
_SQL: Final = sql.blocks("journal")


class Copyist:
    """Writes a stream as it was, and hints at it, so that whoever follows it hears at once."""

    def __init__(self, url: str) -> None:
        self._session = Session(url, "kezek copy")
        self._hints = Hints(url, 100, lambda _: None)
        self._hinting: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._hinting = asyncio.create_task(self._hints.run())
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._hinting is not None:
            self._hinting.cancel()
            await asyncio.wait({self._hinting})
        await self._hints.close()
        await self._session.close()

    async def append(self, key: StreamKey, entries: Sequence[Entry]) -> None:
        """Appends entries that follow the stream's last one.

        Raises JournalBroken where they do not, since somebody else has written; JournalUnavailable
        when the database stays away.
        """
        for first in range(0, len(entries), AT_ONCE):
            await self._append(key, tuple(entries[first : first + AT_ONCE]))

    async def _append(self, key: StreamKey, entries: tuple[Entry, ...]) -> None:
        sheet = Sheet()
        sheet.add(key, entries)
        # A try without an answer may have been written: the next one then finds the places taken.
        for _ in range(TRIES):
            with suppress(DatabaseAway, TryAgain):
                if await self._session.fetch(_SQL["append"], *sheet.values()):
                    await self._require_written(key, entries)
                self._hints.note(key, entries[-1].seq)
                return
            await asyncio.sleep(TRY_AGAIN)
        raise JournalUnavailable("The database does not answer.")

    async def _require_written(self, key: StreamKey, entries: tuple[Entry, ...]) -> None:
        before, last = entries[0].seq - 1, entries[-1]
        rows = await self._session.fetch(_SQL["page"], *key, before, len(entries))
        if not rows or (rows[-1]["seq"], rows[-1]["command"]) != (last.seq, last.command):
            branch, date = key
            raise JournalBroken(f"Somebody else has written in the journal of {branch} on {date}.")
