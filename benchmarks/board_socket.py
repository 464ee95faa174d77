"""A board's WebSocket, read by hand: a client library would take more of the two cores than the
gateway that is measured."""

from __future__ import annotations

import asyncio
import os
import resource
import sys
import time
from base64 import b64encode
from typing import Final, cast

CLOSE, PING, PONG = 8, 9, 10
LONG, VERY_LONG = 126, 127
FRAME_HEAD: Final = 2


class BoardSocket(asyncio.Protocol):
    """One connection that watches the board of a branch; `query` says from where on."""

    def __init__(self, branch: str, query: str = "") -> None:
        self.branch = branch
        self._query = query
        self._data = b""
        self._upgraded = False
        self._transport: asyncio.Transport | None = None

    def hear(self, content: bytes, now: int) -> None:
        """A frame has come, at `now` (nanoseconds of the machine's clock)."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Asks for the upgrade."""
        self._transport = transport = cast("asyncio.Transport", transport)
        key = b64encode(os.urandom(16)).decode()
        transport.write(
            f"GET /v1/branches/{self.branch}/board{self._query} HTTP/1.1\r\nHost: gateway\r\n"
            "Upgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n\r\n".encode()
        )

    def data_received(self, data: bytes) -> None:
        """Takes whole frames; raises ConnectionError where the upgrade is refused."""
        now = time.monotonic_ns()
        self._data += data
        if not self._upgraded:
            head, found, rest = self._data.partition(b"\r\n\r\n")
            if not found:
                return
            if b" 101 " not in head:
                raise ConnectionError(head.decode())
            self._upgraded, self._data = True, rest
        while frame := self._next_frame():
            self._take(*frame, now)

    def _next_frame(self) -> tuple[int, bytes] | None:
        """Kind and content of the next whole frame; the gateway sends no fragments."""
        data = self._data
        if len(data) < FRAME_HEAD:
            return None
        start, size = FRAME_HEAD, data[1] & 127
        if size >= LONG:
            start = 4 if size == LONG else 10
            size = (
                int.from_bytes(data[FRAME_HEAD:start], "big")
                if len(data) >= start
                else VERY_LONG**9
            )
        if len(data) < start + size:
            return None
        self._data = data[start + size :]
        return data[0] & 15, data[start : start + size]

    def _take(self, kind: int, content: bytes, now: int) -> None:
        if kind == PING and self._transport is not None:
            # A mask of zeros leaves the content as it is.
            head = bytes([128 | PONG, 128 | len(content), 0, 0, 0, 0])
            self._transport.write(head + content)
        elif kind != CLOSE:
            self.hear(content, now)


def boards_at(codes: list[str], count: int) -> list[str]:
    """The branches of that many boards, which stand at the branches in turn."""
    return [codes[number % len(codes)] for number in range(count)]


def say(line: bytes) -> None:
    """Prints a line at once."""
    sys.stdout.buffer.write(line + b"\n")
    sys.stdout.buffer.flush()


def allow_many_connections() -> None:
    """Opens as many files as this machine lets a process have."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
