"""Brings streams up to date with the database.

Whoever asks while a query is under way waits for the next one, which serves all who asked by then.
"""

from __future__ import annotations

import asyncio
import logging
from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING

from queue_service import sql
from queue_service.journal.errors import JournalBroken
from queue_service.journal.rows import entry_of
from queue_service.journal.session import FAILURES

if TYPE_CHECKING:
    from collections.abc import Callable

    from queue_service.journal.session import Row, Session
    from queue_service.journal.stream import Stream
    from queue_service.policy.events import Entry

PAGE = 2000
STREAMS_AT_ONCE = 64
PAUSE_WHEN_AWAY = 0.1

_SQL = sql.blocks("journal")
_log = logging.getLogger(__name__)


class CatchUp:
    """One query at a time for all streams that somebody wants up to date."""

    def __init__(self, session: Session, on_current: Callable[[Stream], None]) -> None:
        self._session = session
        self._on_current = on_current
        self._asked: dict[Stream, asyncio.Future[None]] = {}
        self._wake = asyncio.Event()

    def ask(self, stream: Stream) -> asyncio.Future[None]:
        """A future that is done when the stream holds all that was in the database just now.

        It fails with JournalBroken. Several callers share it: shield it before giving up on it.
        """
        future = self._asked.get(stream)
        if future is None:
            future = self._asked[stream] = asyncio.get_running_loop().create_future()
            future.add_done_callback(_retrieve)
            self._wake.set()
        return future

    async def run(self) -> None:
        """Serves for ever; the database may go and come back."""
        while True:
            await self._wake.wait()
            self._wake.clear()
            asked = self._take()
            try:
                await self._round(asked)
            except FAILURES as problem:
                _log.warning("the journal cannot be read: %s", problem.__cause__ or problem)
                self._put_back(asked)
                await asyncio.sleep(PAUSE_WHEN_AWAY)

    def _take(self) -> dict[Stream, asyncio.Future[None]]:
        chosen = dict(list(self._asked.items())[:STREAMS_AT_ONCE])
        for stream in chosen:
            del self._asked[stream]
        if self._asked:
            self._wake.set()
        return chosen

    def _put_back(self, asked: dict[Stream, asyncio.Future[None]]) -> None:
        for stream, future in asked.items():
            if future.done():
                continue
            later = self._asked.setdefault(stream, future)
            if later is not future:
                later.add_done_callback(partial(_pass_on, future))
        self._wake.set()

    async def _round(self, asked: dict[Stream, asyncio.Future[None]]) -> None:
        streams = list(asked)
        heads = [stream.head for stream in streams]
        rows = await self._session.fetch(
            _SQL["newer"],
            [stream.key[0] for stream in streams],
            [stream.key[1] for stream in streams],
            [head.seq if head else 0 for head in heads],
            PAGE,
        )
        pages = {place: list(page) for place, page in groupby(rows, key=lambda row: row["place"])}
        for place, (stream, head) in enumerate(zip(streams, heads, strict=True), start=1):
            page = pages.get(place, [])
            try:
                complete = _bring_forward(stream, head, page)
            except Exception as problem:  # noqa: BLE001 - whatever the stored events cause
                self._fail(stream, asked[stream], problem)
                continue
            self._settle(stream, asked[stream], complete=complete)
            if len(page) > 1:
                await asyncio.sleep(0)

    def _settle(self, stream: Stream, future: asyncio.Future[None], *, complete: bool) -> None:
        if not complete:
            self._put_back({stream: future})
            return
        self._on_current(stream)
        future.set_result(None)

    def _fail(self, stream: Stream, future: asyncio.Future[None], problem: Exception) -> None:
        seq = stream.committed.seq
        branch, date = stream.key
        _log.error("journal %s %s cannot be replayed past %d: %r", branch, date, seq, problem)
        stream.reset()
        broken = JournalBroken(
            f"The journal of {branch} on {date} cannot be replayed past entry {seq}: {problem!r}. "
            f"Run: kezek journal verify --branch {branch} --date {date}"
        )
        broken.__cause__ = problem
        stream.fail(broken)
        future.set_exception(broken)


def _bring_forward(stream: Stream, head: Entry | None, page: list[Row]) -> bool:
    """Applies a page; returns whether it was the last one."""
    if head is not None and not _still_stands(head, page):
        _log.error("the database has another past of %s than this process knew", stream.key)
        stream.reset()
        return False
    stream.commit(map(entry_of, page[1:] if head else page))
    stream.current = len(page) < PAGE
    return stream.current


def _still_stands(head: Entry, page: list[Row]) -> bool:
    """Whether the first row, asked for by the place of `head`, is `head` still."""
    return bool(page) and (page[0]["command"], page[0]["part"]) == (head.command, head.part)


def _pass_on(first: asyncio.Future[None], done: asyncio.Future[None]) -> None:
    if first.done():
        return
    problem = done.exception()
    if problem is None:
        first.set_result(None)
    else:
        first.set_exception(problem)


def _retrieve(future: asyncio.Future[None]) -> None:
    """Nobody may be left to look at a failure."""
    if not future.cancelled():
        future.exception()
