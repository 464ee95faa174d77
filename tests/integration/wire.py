"""A wire between the journal and PostgreSQL that a test may cut at the worst moment."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING, Self
from urllib.parse import parse_qs, quote, urlsplit

from queue_service.machine.postgres import SOCKET_NAME

if TYPE_CHECKING:
    from pathlib import Path


class Wire:
    """Passes every byte on, but keeps the answers back while it is `losing`."""

    def __init__(self, url: str, folder: Path) -> None:
        parts = urlsplit(url)
        self._server = f"{parse_qs(parts.query)['host'][0]}/{SOCKET_NAME}"
        self._path = folder / SOCKET_NAME
        self.url = parts._replace(query=f"host={quote(str(folder), safe='')}").geturl()
        self.losing = False
        """Whether what the server answers is kept back."""
        self._open: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        self._listener = await asyncio.start_unix_server(self._connected, self._path)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._listener.close()
        self.cut()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def cut(self) -> None:
        """Every connection ends; the next ones are sound."""
        self.losing = False
        for writer in self._open:
            writer.close()
        self._open.clear()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        from_server, to_server = await asyncio.open_unix_connection(self._server)
        self._open |= {writer, to_server}
        for work in (
            self._pass(reader, to_server, back=False),
            self._pass(from_server, writer, back=True),
        ):
            task = asyncio.ensure_future(work)
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _pass(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, back: bool
    ) -> None:
        with contextlib.suppress(ConnectionError):
            while data := await reader.read(65536):
                if not (back and self.losing):
                    writer.write(data)
        writer.close()
