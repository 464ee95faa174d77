"""A process with boards that come back by themselves, as those in browsers do.

Started with an address, a number of boards and the codes of their branches. To each line of its
input it says how many boards are in doubt: hung up on, or told that what they show may be old. When
its input ends, it says when each board was in doubt, and which calls it heard.
"""

from __future__ import annotations

import asyncio
import random
import sys
import time
from functools import partial
from typing import Final

import msgspec
import uvloop

from benchmarks.board_socket import BoardSocket, allow_many_connections, boards_at, say
from benchmarks.crowd import CONNECTING_AT_ONCE, Heard

FIRST_PAUSE: Final = 0.2
LONGEST_PAUSE: Final = 1.5
"""As in displays/web/shared/live.js."""


class Doubt(msgspec.Struct, frozen=True, array_like=True):
    """A board did not know from `since` until `until` (nanoseconds of the machine's clock)."""

    since: int
    until: int


class Returned(msgspec.Struct, frozen=True):
    """What happened to a crowd."""

    doubts: list[Doubt]
    heard: list[Heard]


class _Call(msgspec.Struct, frozen=True):
    number: str


class _Shown(msgspec.Struct, frozen=True):
    date: str = ""


class _Frame(msgspec.Struct, frozen=True):
    type: str
    seq: int = 0
    board: _Shown = _Shown()
    called: tuple[_Call, ...] = ()


_read = msgspec.json.Decoder(_Frame).decode


class Screen:
    """A board on a wall: it outlives its connections."""

    def __init__(self, branch: str, heard: list[Heard], doubts: list[Doubt]) -> None:
        self.branch = branch
        self.is_right = asyncio.Event()
        self._heard = heard
        self._doubts = doubts
        self._has_begun = False
        self._doubts_since = 0
        self._seq, self._date = 0, ""
        self._pause = FIRST_PAUSE

    async def run(self, host: str, port: int) -> None:
        """Connects whenever it is not connected; never returns."""
        loop = asyncio.get_running_loop()
        while True:
            lost = loop.create_future()
            query = f"?after={self._seq}&date={self._date}" if self._date else ""
            try:
                await loop.create_connection(partial(_Returning, self, query, lost), host, port)
                await lost
            except OSError:
                pass
            self.doubt(time.monotonic_ns())
            await asyncio.sleep(self._pause * random.uniform(0.5, 1))  # noqa: S311
            self._pause = min(2 * self._pause, LONGEST_PAUSE)

    def hear(self, content: bytes, now: int) -> None:
        """A frame has come."""
        frame = _read(content)
        if frame.type == "stale":
            self.doubt(now)
            return
        if self._has_begun:
            self._heard += (Heard(self.branch, call.number, now) for call in frame.called)
        self._seq, self._date = frame.seq, frame.board.date or self._date
        self._pause, self._has_begun = FIRST_PAUSE, True
        self._is_right_again(now)

    def doubt(self, now: int) -> None:
        """What it shows may be old."""
        if self.is_right.is_set():
            self.is_right.clear()
            self._doubts_since = now

    def _is_right_again(self, now: int) -> None:
        if not self.is_right.is_set():
            self.is_right.set()
            if self._doubts_since:
                self._doubts.append(Doubt(self._doubts_since, now))


class _Returning(BoardSocket):
    def __init__(self, screen: Screen, query: str, lost: asyncio.Future[None]) -> None:
        super().__init__(screen.branch, query)
        self._screen = screen
        self._lost = lost

    def hear(self, content: bytes, now: int) -> None:
        self._screen.hear(content, now)

    def connection_lost(self, _problem: Exception | None) -> None:
        if not self._lost.done():
            self._lost.set_result(None)


async def _main(address: str, count: int, codes: list[str]) -> None:
    host, _, port = address.removeprefix("ws://").rpartition(":")
    heard, doubts = list[Heard](), list[Doubt]()
    screens = [Screen(branch, heard, doubts) for branch in boards_at(codes, count)]
    running = []
    for first in range(0, count, CONNECTING_AT_ONCE):
        some = screens[first : first + CONNECTING_AT_ONCE]
        running += [asyncio.ensure_future(screen.run(host, int(port))) for screen in some]
        await asyncio.gather(*(screen.is_right.wait() for screen in some))
    say(b"0")
    while await asyncio.to_thread(sys.stdin.readline):
        say(b"%d" % sum(not screen.is_right.is_set() for screen in screens))
    say(msgspec.json.encode(Returned(doubts, heard)))
    for task in running:
        task.cancel()
    await asyncio.gather(*running, return_exceptions=True)


if __name__ == "__main__":
    allow_many_connections()
    uvloop.run(_main(sys.argv[1], int(sys.argv[2]), sys.argv[3].split(",")))
