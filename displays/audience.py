"""Clients of one view: those who keep up get each frame, the others a snapshot when they have room.

Nobody waits for anybody: what a client does not take stays in its own buffer, and above a bound
nothing more is put there.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from websockets.asyncio.server import broadcast

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from websockets.asyncio.server import ServerConnection

    from displays.metrics import Metrics

MOST_WAITING: Final = 64 * 1024
"""Bytes that may wait for a client that is told of changes."""
LONGEST_SILENCE: Final = 30.0
"""Seconds in which a client that fell behind must have taken what waits for it."""


class Listener:
    """One connection, `in_step` when it has had every frame up to the last one.

    `heard` is the place in the journal up to which it knows the calls, None where it knows none;
    `stay` is the time for which whoever serves the connection goes on doing so.
    """

    __slots__ = ("_is_dismissed", "_late_since", "_stay", "connection", "heard", "in_step")

    def __init__(
        self, connection: ServerConnection, heard: int | None, stay: asyncio.Timeout
    ) -> None:
        self.connection = connection
        self.heard = heard
        self.in_step = False
        self._stay = stay
        self._is_dismissed = False
        self._late_since: float | None = None

    @property
    def waiting(self) -> int:
        """Bytes that were given to the connection and not yet taken by the network."""
        return self.connection.transport.get_write_buffer_size()

    def is_too_late(self, now: float) -> bool:
        """Whether it has been behind for too long, at an instant of the event loop's clock."""
        if self._late_since is None:
            self._late_since = now
        return now - self._late_since > LONGEST_SILENCE

    def catch_up(self) -> None:
        """It has been given all that it lacked."""
        self.in_step, self._late_since = True, None

    def dismiss(self) -> None:
        """There is nothing to watch any more."""
        if not self._is_dismissed:
            self._is_dismissed = True
            self._stay.reschedule(asyncio.get_running_loop().time())


class Audience:
    """Everybody who is told the same."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics
        self._listeners: set[Listener] = set()
        self._out_of_step = 0

    def __len__(self) -> int:
        return len(self._listeners)

    def add(self, listener: Listener) -> None:
        """Somebody new, who has had nothing yet."""
        self._listeners.add(listener)
        self._out_of_step += 1

    def tell_one(self, listener: Listener, frame: bytes) -> None:
        """Sends a frame to somebody, in step or not."""
        self._send(frame, (listener.connection,))

    def remove(self, listener: Listener) -> None:
        """Somebody is gone."""
        self._listeners.remove(listener)
        self._out_of_step -= not listener.in_step

    def tell(self, frame: bytes, seq: int) -> None:
        """Sends a frame to those in step; who lets too much wait falls out, at the place `seq`."""
        for listener in self._in_step():
            if listener.waiting > MOST_WAITING:
                self._fall_out(listener, seq)
                self._metrics.fallen_behind.inc()
        self._send(frame, [listener.connection for listener in self._in_step()])

    def tell_all(self, frame: bytes) -> None:
        """Sends a frame to everybody who has room for it, in step or not."""
        roomy = [one.connection for one in self._listeners if one.waiting <= MOST_WAITING]
        self._send(frame, roomy)

    def _send(self, frame: bytes, connections: Sequence[ServerConnection]) -> None:
        broadcast(connections, frame, text=True)
        self._metrics.frames.inc(len(connections))
        self._metrics.sent.inc(len(connections) * len(frame))

    def fall_out(self) -> None:
        """Everybody begins anew: what they are told next does not follow from what they know."""
        for listener in self._in_step():
            self._fall_out(listener, None)

    def dismiss(self) -> None:
        """Lets everybody go: there is nothing to watch."""
        for listener in self._listeners:
            listener.dismiss()

    def catch_up(self, frames: Callable[[int | None], Sequence[bytes]]) -> None:
        """Puts those in step who have room; `frames(heard)` are what each of them lacks."""
        if not self._out_of_step:
            return
        now = asyncio.get_running_loop().time()
        for listener in [one for one in self._listeners if not one.in_step]:
            if not listener.waiting:
                for frame in frames(listener.heard):
                    self.tell_one(listener, frame)
                listener.catch_up()
                self._out_of_step -= 1
            elif listener.is_too_late(now):
                listener.connection.transport.abort()
                self._metrics.hung_up.inc()

    def _fall_out(self, listener: Listener, heard: int | None) -> None:
        listener.in_step = False
        listener.heard = heard
        self._out_of_step += 1

    def _in_step(self) -> Iterator[Listener]:
        return (listener for listener in self._listeners if listener.in_step)
