"""Hints that streams have grown: sent after commits, outside their transactions, and listened to.

A NOTIFY inside the transaction would make all commits stand in line. A lost hint loses nothing:
readers also ask from time to time.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
from logging import DEBUG, WARNING
from typing import TYPE_CHECKING

import msgspec

from queue_service import sql
from queue_service.journal.session import FAILURES, Session

if TYPE_CHECKING:
    from collections.abc import Callable

    from queue_service.journal.stream import StreamKey
    from queue_service.store import Connection

CHANNEL = "kezek_journal"
INTERVAL = 0.05
"""Seconds between two sendings, at least."""
STREAMS_IN_ONE = 60
"""Together they stay below the 8000 bytes of a notification."""
LISTEN_AGAIN = 1.0
LONGEST_PAUSE = 5.0
"""Seconds between two tries to listen."""

_SQL = sql.blocks("journal")
_log = logging.getLogger(__name__)


class Hint(msgspec.Struct, frozen=True):
    """The stream of `branch` on `date` has grown to `seq` at least."""

    branch: str
    date: dt.date
    seq: int


_hints = msgspec.json.Decoder(list[Hint])


class Hints:
    """Sends the hints of this process and hears those of others, over one connection."""

    def __init__(self, url: str, statement_cache: int, on_hint: Callable[[Hint], None]) -> None:
        self._session = Session(url, "kezek hints", statement_cache, self._listen)
        self._on_hint = on_hint
        self._grown: dict[StreamKey, int] = {}
        self._wake = asyncio.Event()

    def note(self, key: StreamKey, seq: int) -> None:
        """A stream has grown: the others are told soon."""
        self._grown[key] = seq
        self._wake.set()

    @property
    def is_listening(self) -> bool:
        """Whether the connection is open."""
        return self._session.is_open

    async def run(self) -> None:
        """Sends and listens for ever; hints of a time without a database are dropped.

        Each cause is told once, and tried again after less and less often.
        """
        told, pause = "", LISTEN_AGAIN
        while True:
            try:
                await self._serve()
                told, pause = "", LISTEN_AGAIN
            except FAILURES as problem:
                cause = str(problem.__cause__ or problem)
                _log.log(DEBUG if cause == told else WARNING, "no hints: %s", cause)
                told = cause
                self._grown.clear()
                await asyncio.sleep(pause)
                pause = min(2 * pause, LONGEST_PAUSE)

    async def close(self) -> None:
        """Ends the connection."""
        await self._session.close()

    async def _serve(self) -> None:
        if not self._session.is_open:
            await self._session.ensure_open()
        try:
            # Not wait_for: before Python 3.12 it can swallow a cancellation.
            async with asyncio.timeout(LISTEN_AGAIN):
                await self._wake.wait()
        except TimeoutError:
            return
        self._wake.clear()
        await self._send()
        await asyncio.sleep(INTERVAL)

    async def _send(self) -> None:
        grown, self._grown = self._grown, {}
        hints = [Hint(branch, date, seq) for (branch, date), seq in grown.items()]
        texts = [
            msgspec.json.encode(hints[first : first + STREAMS_IN_ONE]).decode()
            for first in range(0, len(hints), STREAMS_IN_ONE)
        ]
        await self._session.fetch(_SQL["hint"], CHANNEL, texts)

    async def _listen(self, connection: Connection) -> None:
        await connection.add_listener(CHANNEL, self._hear)

    def _hear(self, _connection: object, pid: int, _channel: str, payload: object) -> None:
        if pid == self._session.pid():
            return
        try:
            hints = _hints.decode(str(payload))
        except msgspec.MsgspecError:
            _log.warning("a hint that is none: %r", payload)
            return
        for hint in hints:
            self._on_hint(hint)
