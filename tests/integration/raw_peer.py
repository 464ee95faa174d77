"""A peer that speaks to the gateway byte by byte, and not as it should."""

from __future__ import annotations

import asyncio
import base64
import os
import struct
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, cast

from tests.integration.gateway_stage import BOARD

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

CONT, TEXT, BINARY, CLOSE, PING = 0, 1, 2, 8, 9
Peer = tuple[asyncio.StreamReader, asyncio.StreamWriter]


def frame(
    opcode: int,
    content: bytes = b"",
    *,
    is_last: bool = True,
    is_masked: bool = True,
    reserved: int = 0,
    length: int | None = None,
) -> bytes:
    """A client's frame; its `length` may be a lie."""
    size = len(content) if length is None else length
    head = is_last << 7 | reserved << 4 | opcode
    mask = is_masked << 7
    if size < 126:
        return bytes([head, mask | size]) + bytes(4 * is_masked) + content
    form, code = ("!BBH", 126) if size < 2**16 else ("!BBQ", 127)
    return struct.pack(form, head, mask | code, size) + bytes(4 * is_masked) + content


@asynccontextmanager
async def connected_to(gateway: str) -> AsyncIterator[Peer]:
    """A connection that is no WebSocket yet; it is kept whatever the gateway does."""
    host, _, port = gateway.removeprefix("ws://").partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    try:
        yield reader, writer
    finally:
        writer.transport.abort()


@asynccontextmanager
async def upgraded(gateway: str, path: str = BOARD) -> AsyncIterator[Peer]:
    """A board's connection that has been upgraded."""
    key = base64.b64encode(os.urandom(16)).decode()
    async with connected_to(gateway) as (reader, writer):
        writer.write(
            f"GET {path} HTTP/1.1\r\nHost: gateway\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n\r\n".encode()
        )
        assert b" 101 " in await reader.readuntil(b"\r\n\r\n")
        yield reader, writer


def stop_reading(peer: Peer) -> None:
    """Takes nothing from the network any more."""
    cast("asyncio.Transport", peer[1].transport).pause_reading()
