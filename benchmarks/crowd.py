"""A process with thousands of boards: it notes when each of them hears of each call.

Started with an address, a number of boards and the codes of their branches; says "ready" when every
board has had its first frame, and what was heard when its input ends.
"""

from __future__ import annotations

import asyncio
import sys
from functools import partial
from typing import Final

import msgspec
import uvloop

from benchmarks.board_socket import BoardSocket, allow_many_connections, boards_at, say

CONNECTING_AT_ONCE: Final = 100


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


class Board(BoardSocket):
    """One connection."""

    def __init__(self, branch: str, crowd: Crowd) -> None:
        super().__init__(branch)
        self._crowd = crowd
        self.first = asyncio.get_running_loop().create_future()

    def connection_lost(self, _problem: Exception | None) -> None:
        self._crowd.lost += 1
        if not self.first.done():
            self.first.set_exception(ConnectionError(f"a board of {self.branch} was hung up on"))

    def hear(self, content: bytes, now: int) -> None:
        """Notes the calls that come after the first frame."""
        if b'"called":[{' in content and self.first.done():
            called = _read(content).called
            self._crowd.heard += (Heard(self.branch, call.number, now) for call in called)
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
    await crowd.connect(host, int(port), boards_at(codes, count))
    say(b'"ready"')
    await asyncio.to_thread(sys.stdin.read)
    say(msgspec.json.encode(Report(crowd.heard, crowd.lost)))


if __name__ == "__main__":
    allow_many_connections()
    uvloop.run(_main(sys.argv[1], int(sys.argv[2]), sys.argv[3].split(",")))
