"""A process with thousands of boards: it notes when each of them hears of each call.

Started with an address, a number of boards and the codes of their branches; says "ready" when every
board has had its first frame, and what was heard when its input ends. Frames are read by hand: a
client library would take more of the two cores than the gateway that is measured.
"""

from __future__ import annotations

import asyncio
import os
import resource
import sys
import time
from base64 import b64encode
from functools import partial
from typing import Final, cast

import msgspec
import uvloop

CONNECTING_AT_ONCE: Final = 100
CLOSE, PING, PONG = 8, 9, 10
LONG, VERY_LONG = 126, 127


class Heard(msgspec.Struct, frozen=True, array_like=True):
    """A board of a branch heard at `at` (nanoseconds of the machine's clock) of a call."""

    branch: str
    number: str
    at: int


class Report(msgspec.Struct, frozen=True):
    """What a crowd heard, and how many of its boards were hung up on."""

    heard: list[Heard]
    lost: int


class _Call(msgspec.Struct, frozen=True):
    number: str


class _Frame(msgspec.Struct, frozen=True):
    called: tuple[_Call, ...] = ()


_read = msgspec.json.Decoder(_Frame).decode


class Board(asyncio.Protocol):
    """One connection."""

    def __init__(self, branch: str, crowd: Crowd) -> None:
        self._branch = branch
        self._crowd = crowd
        self._data = b""
        self._upgraded = False
        self._transport: asyncio.Transport | None = None
        self.first = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport = cast("asyncio.Transport", transport)
        key = b64encode(os.urandom(16)).decode()
        transport.write(
            f"GET /v1/branches/{self._branch}/board HTTP/1.1\r\nHost: gateway\r\n"
            "Upgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n\r\n".encode()
        )

    def data_received(self, data: bytes) -> None:
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

    def connection_lost(self, _problem: Exception | None) -> None:
        self._crowd.lost += 1
        if not self.first.done():
            self.first.set_exception(ConnectionError(f"a board of {self._branch} was hung up on"))

    def _next_frame(self) -> tuple[int, bytes] | None:
        """Kind and content of the next whole frame; the gateway sends no fragments."""
        data = self._data
        if len(data) < 2:  # noqa: PLR2004 - a frame's shortest head
            return None
        start, size = 2, data[1] & 127
        if size >= LONG:
            start = 4 if size == LONG else 10
            size = int.from_bytes(data[2:start], "big") if len(data) >= start else VERY_LONG**9
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
            self._hear(content, now)

    def _hear(self, content: bytes, now: int) -> None:
        if b'"called":[{' in content and self.first.done():
            called = _read(content).called
            self._crowd.heard += (Heard(self._branch, call.number, now) for call in called)
        if not self.first.done():
            self.first.set_result(None)


class Crowd:
    """All boards of this process."""

    def __init__(self) -> None:
        self.heard: list[Heard] = []
        self.lost = 0
        self.boards: list[Board] = []

    async def connect(self, host: str, port: int, branches: list[str]) -> None:
        """Connects a board for each entry of `branches` and waits for its first frame."""
        loop = asyncio.get_running_loop()
        for first in range(0, len(branches), CONNECTING_AT_ONCE):
            some = [Board(code, self) for code in branches[first : first + CONNECTING_AT_ONCE]]
            await asyncio.gather(
                *(loop.create_connection(partial(_itself, one), host, port) for one in some)
            )
            await asyncio.gather(*(one.first for one in some))
            self.boards += some


def _itself(board: Board) -> Board:
    return board


async def _main(address: str, count: int, codes: list[str]) -> None:
    host, _, port = address.removeprefix("ws://").rpartition(":")
    crowd = Crowd()
    branches = [codes[number % len(codes)] for number in range(count)]
    await crowd.connect(host, int(port), branches)
    _say(b'"ready"')
    await asyncio.to_thread(sys.stdin.read)
    _say(msgspec.json.encode(Report(crowd.heard, crowd.lost)))


def _say(line: bytes) -> None:
    sys.stdout.buffer.write(line + b"\n")
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    uvloop.run(_main(sys.argv[1], int(sys.argv[2]), sys.argv[3].split(",")))
