"""Answers as bytes: one write, with a head that is built once for each set of headers."""

from __future__ import annotations

from email.utils import formatdate
from functools import lru_cache
from http import HTTPStatus
from time import time
from typing import TYPE_CHECKING, Final

from aiohttp import web

if TYPE_CHECKING:
    from aiohttp.abc import AbstractStreamWriter

_NO_CONTENT: Final = 204
Head = tuple[tuple[str, str], ...]
"""Names and values of headers besides Content-Length, Date and Connection."""


class Whole(web.StreamResponse):
    """An answer that goes out in one write.

    Building aiohttp's own response takes as long as deciding a ticket. This one has its body at
    hand, keeps the connection as the asker wants it, and knows neither compression nor cookies.
    """

    def __init__(self, status: int, body: bytes = b"", head: Head = ()) -> None:
        # Nothing of the parent's state is needed: `prepare` below writes everything.
        self._status = status
        self._whole = body
        self._head = head
        self._keep = True

    @property
    def status(self) -> int:
        """The HTTP status."""
        return self._status

    @property
    def keep_alive(self) -> bool | None:
        """Whether the connection stays open after this answer."""
        return self._keep

    async def prepare(self, request: web.BaseRequest) -> AbstractStreamWriter | None:
        """Writes everything; raises ConnectionResetError when the asker has gone."""
        transport = request.transport
        if transport is None or transport.is_closing():
            raise ConnectionResetError
        self._keep = keep = request.keep_alive
        connection = "" if keep and request.version >= (1, 1) else _connection(keep)
        start = _start(self._status, self._head, connection, int(time()))
        body = b"" if request.method == "HEAD" else self._whole
        if self._status == _NO_CONTENT:
            transport.write(start + b"\r\n")
        else:
            transport.write(b"%bContent-Length: %d\r\n\r\n%b" % (start, len(self._whole), body))
        if request.protocol.writing_paused:
            await request.writer.drain()
        return None

    async def write_eof(self, data: bytes = b"") -> None:
        """Does nothing: everything has been written."""


def _connection(keep: bool) -> str:
    return f"Connection: {'keep-alive' if keep else 'close'}\r\n"


@lru_cache(maxsize=512)
def _start(status: int, head: Head, connection: str, second: int) -> bytes:
    """All that the answers of one second share."""
    lines = "".join(f"{name}: {value}\r\n" for name, value in head)
    date = f"Date: {formatdate(second, usegmt=True)}\r\n"
    phrase = HTTPStatus(status).phrase
    return f"HTTP/1.1 {status} {phrase}\r\n{lines}{date}{connection}".encode("latin-1")
