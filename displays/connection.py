"""A connection to a client that has nothing to say, whatever it sends."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from websockets.asyncio.server import ServerConnection
from websockets.frames import DATA_OPCODES, Frame
from websockets.protocol import State

if TYPE_CHECKING:
    from websockets.protocol import Event

MOST_KEPT: Final = 1024 * 1024
"""Bytes that may wait for a client at all: above what it is told while it keeps up badly."""
LAST_SECONDS: Final = 5.0
"""For a client that is leaving to take what waits for it and to hang up."""


class Connection(ServerConnection):
    """Drops messages as they come, and hangs up on who neither reads nor leaves."""

    def data_received(self, data: bytes) -> None:
        """Takes bytes from the network: each ping among them puts an answer into the buffer."""
        super().data_received(data)
        if self.transport.get_write_buffer_size() > MOST_KEPT:
            self.transport.abort()
        self._end_soon()

    def eof_received(self) -> None:
        """The client will send no more; it may still not take what waits for it."""
        super().eof_received()
        self._end_soon()

    def process_event(self, event: Event) -> None:
        """Takes a request or a frame; pieces of a message would be kept until its end."""
        if not (isinstance(event, Frame) and event.opcode in DATA_OPCODES):
            super().process_event(event)

    def _end_soon(self) -> None:
        """The library waits for such a client until it would ping it again, be it half a minute."""
        if self.state in (State.CLOSING, State.CLOSED):
            self.loop.call_later(LAST_SECONDS, self.transport.abort)
