"""A listener between the service and PostgreSQL that reads what the service sends."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlencode, urlsplit

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

SOCKET = ".s.PGSQL.5432"
PARSE, QUERY = b"P", b"Q"


class Wiretap:
    """What has been sent: `prepared` are the names under which statements were kept."""

    def __init__(self, socket: str) -> None:
        self._socket = socket
        self.prepared: set[str] = set()
        self.statements: list[str] = []

    async def pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Connects one client with the server until either ends."""
        to_server, out = await asyncio.open_unix_connection(self._socket)
        back = asyncio.create_task(_copy(to_server, writer))
        try:
            await self._listen(reader, out)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            out.close()
            await back

    async def _listen(self, reader: asyncio.StreamReader, out: asyncio.StreamWriter) -> None:
        # The first message of a connection has no type.
        kind = b""
        while True:
            length = await reader.readexactly(4)
            body = await reader.readexactly(int.from_bytes(length, "big") - 4)
            self._note(kind, body)
            out.write(kind + length + body)
            await out.drain()
            kind = await reader.readexactly(1)

    def _note(self, kind: bytes, body: bytes) -> None:
        if kind == PARSE:
            name, statement, _ = body.split(b"\0", 2)
            self.prepared |= {name.decode()} - {""}
            self.statements.append(statement.decode())
        elif kind == QUERY:
            self.statements.append(body.rstrip(b"\0").decode())


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(65536):
        writer.write(data)
        await writer.drain()
    writer.close()


@asynccontextmanager
async def tapped(database_url: str, folder: Path) -> AsyncIterator[tuple[str, Wiretap]]:
    """The address of the same database through a wiretap whose socket lies in `folder`."""
    address = urlsplit(database_url)
    (sockets,) = parse_qs(address.query)["host"]
    tap = Wiretap(f"{sockets}/{SOCKET}")
    listener = await asyncio.start_unix_server(tap.pass_on, str(folder / SOCKET))
    try:
        yield address._replace(query=urlencode({"host": str(folder)})).geturl(), tap
    finally:
        listener.close()
