"""The wire between a browser and the service, which a test cuts and mends."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


class Wire:
    """Passes connections on to a service; while it is cut, nothing answers at its address."""

    def __init__(self, service: str, port: int) -> None:
        self.address = f"http://127.0.0.1:{port}"
        self._port = port
        self._to = urlsplit(service)
        self._server: asyncio.Server | None = None
        self._ends: set[asyncio.StreamWriter] = set()

    async def mend(self) -> None:
        """Connections go through from now on."""
        self._server = await asyncio.start_server(self._pass_on, "127.0.0.1", self._port)

    async def cut(self) -> None:
        """Ends every connection and takes no new one."""
        if self._server is not None:
            self._server.close()
            self._server = None
        for end in list(self._ends):
            end.transport.abort()

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        host, port = self._to.hostname, self._to.port
        service_reader, service_writer = await asyncio.open_connection(host, port)
        ends = {writer, service_writer}
        self._ends |= ends
        await asyncio.gather(_pump(reader, service_writer), _pump(service_reader, writer))
        self._ends -= ends


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while content := await reader.read(65_536):
            writer.write(content)
            await writer.drain()
    except OSError:
        pass
    finally:
        writer.close()


@asynccontextmanager
async def wired(service: str, port: int) -> AsyncIterator[Wire]:
    """A whole wire; it is cut at the end."""
    wire = Wire(service, port)
    await wire.mend()
    try:
        yield wire
    finally:
        await wire.cut()
