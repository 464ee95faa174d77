"""A ticket printer on a socket: answers for its paper and its cover, and keeps what it printed."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from PIL import Image

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

REAL_TIME = {b"\x10\x04\x02": "offline", b"\x10\x04\x04": "paper"}
WHEN_PRINTED = b"\x1dr\x01"
RASTER = b"\x1dv0"
CUT = b"\x1dV"
FEED = b"\x1bd"


class FakePrinter:
    """Set `paper`, `cover_open`, `silent`; `slips` are the pictures on paper."""

    def __init__(self) -> None:
        self.port = 0
        self.paper = True
        self.cover_open = False
        self.silent = False
        self.paper_for_slip = True
        """Whether the roll lasts to the end of the next slip."""
        self.slips: list[Image.Image] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection: commands are carried out in order."""
        try:
            while command := await self._command(reader):
                answer = self._answer(command)
                if answer is not None and not self.silent:
                    writer.write(bytes((answer,)))
                    await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def _command(self, reader: asyncio.StreamReader) -> bytes:
        head = await reader.readexactly(2)
        if head in (b"\x10\x04", b"\x1dr"):
            return head + await reader.readexactly(1)
        if head == CUT:
            return head + await reader.readexactly(1)
        if head == FEED:
            return head + await reader.readexactly(1)
        assert head == RASTER[:2], head
        await self._raster(reader)
        return RASTER

    async def _raster(self, reader: asyncio.StreamReader) -> None:
        _, _, *sizes = await reader.readexactly(6)
        width, height = sizes[0] + 256 * sizes[1], sizes[2] + 256 * sizes[3]
        dots = await reader.readexactly(width * height)
        if not self.paper_for_slip:
            self.paper = False
        if self.paper:
            black_is_one = bytes(255 - byte for byte in dots)
            self.slips.append(Image.frombytes("1", (width * 8, height), black_is_one))

    def _answer(self, command: bytes) -> int | None:
        if command == b"\x10\x04\x02":
            return 0x12 | (0x04 if self.cover_open else 0) | (0 if self.paper else 0x20)
        if command == b"\x10\x04\x04":
            return 0x12 if self.paper else 0x72
        if command == WHEN_PRINTED and self.paper:
            return 0
        return None


@asynccontextmanager
async def fake_printer() -> AsyncIterator[FakePrinter]:
    """A printer that is switched on."""
    printer = FakePrinter()
    server = await asyncio.start_server(printer.serve, "127.0.0.1", 0)
    printer.port = server.sockets[0].getsockname()[1]
    async with server:
        yield printer
