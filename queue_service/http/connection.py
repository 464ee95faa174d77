"""HTTP/1.1 on one socket: llhttp reads the requests, answers go out in order, one write each.

A general server spends longer on a request than the policy on its decision. This one knows what the
service needs and no more: whole bodies of bounded size, whole answers, connections that stay open.
"""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

import httptools
import structlog
from msgspec import Struct

from queue_service.http.answers import written

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from queue_service.http.answers import Answer

LARGEST_BODY: Final = 64 * 1024
LARGEST_UNFINISHED: Final = 128 * 1024
"""Bytes of a request whose head, or whose body with all that is around it, has no end yet."""
MOST_WAITING: Final = 8
"""Requests of one connection that wait for their turn; then no more is read."""
PATIENCE_WITH_REQUEST: Final = 30.0
"""Seconds from the beginning of a request to its end."""
PATIENCE_WITHOUT: Final = 3600.0
"""Seconds between two requests: longer than any proxy in front keeps a connection."""
_NO_HTTP: Final = b'{"type":"about:blank","title":"Bad Request","status":400}'
_MALFORMED: Final = (
    b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Type: application/problem+json\r\n"
    b"Content-Length: %d\r\n\r\n%b" % (len(_NO_HTTP), _NO_HTTP)
)
_CONTINUE: Final = b"HTTP/1.1 100 Continue\r\n\r\n"
_log = structlog.get_logger(__name__)


class Request(Struct, frozen=True):
    """A request as it came: `path` is still encoded, names of headers are in small letters.

    `too_large`: its body is longer than `LARGEST_BODY` and was not read.
    """

    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: bytes
    too_large: bool
    keep_alive: bool
    version: str


class Connection(asyncio.Protocol):
    """One client. Requests are answered one after the other, in the order in which they came.

    `answer` gives the answer to a request and raises nothing; `on_lost` hears of the end.
    """

    def __init__(
        self,
        answer: Callable[[Request], Awaitable[Answer]],
        on_lost: Callable[[Connection], None],
    ) -> None:
        self._answer = answer
        self._on_lost = on_lost
        self._loop = asyncio.get_running_loop()
        self._parser = httptools.HttpRequestParser(self)
        self._waiting: deque[Request | None] = deque()
        self._answering = False
        self._more: asyncio.Future[None] | None = None
        self._writable: asyncio.Future[None] | None = None
        self._last_moved = 0.0
        self._deaf = False
        """Whether whatever comes is passed over."""
        self._closing = False
        """Whether the connection is closed after the next answer."""
        self._begun = False
        self._unfinished = 0
        self._begin()

    @property
    def is_answering(self) -> bool:
        """Whether somebody waits for an answer."""
        return self._answering or bool(self._waiting)

    def close(self) -> None:
        """Closes it at once when nobody waits for an answer, else after the next answer."""
        self._closing = True
        if not self.is_answering:
            self._transport.close()

    def abort(self) -> None:
        """Closes it at once; who waits for an answer has none."""
        self._transport.abort()

    def close_if_stuck(self, now: float) -> None:
        """Closes it when a request does not come to its end, or when nothing is asked for long.

        `now` is in seconds of the event loop's clock.
        """
        patience = PATIENCE_WITH_REQUEST if self._begun else PATIENCE_WITHOUT
        if not self.is_answering and now - self._last_moved > patience:
            self._transport.abort()

    # --- the socket -----------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport: asyncio.Transport = transport  # type: ignore[assignment]
        self._last_moved = self._loop.time()
        self._work = self._loop.create_task(self._serve())

    def connection_lost(self, _exc: Exception | None) -> None:
        self._deaf = self._closing = True
        self._on_lost(self)
        for future in (self._more, self._writable):
            if future is not None and not future.done():
                future.cancel()

    def data_received(self, data: bytes) -> None:
        if self._deaf:
            return
        self._unfinished += len(data)
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            self._deaf = True
        except httptools.HttpParserError:
            self._put(None)
        if self._unfinished > LARGEST_UNFINISHED and not self._deaf:
            self._put(None)

    def eof_received(self) -> bool:
        """Who has sent everything may still read: the connection is closed after the answers."""
        self._deaf = True
        return self.is_answering

    def pause_writing(self) -> None:
        self._writable = self._loop.create_future()

    def resume_writing(self) -> None:
        if self._writable is not None and not self._writable.done():
            self._writable.set_result(None)
        self._writable = None

    # --- the parser -----------------------------------------------------------------------------

    def on_message_begin(self) -> None:
        self._begin()
        self._begun = True
        self._last_moved = self._loop.time()

    def on_url(self, part: bytes) -> None:
        self._target += part

    def on_header(self, name: bytes, value: bytes) -> None:
        if self._in_body:
            return  # a trailer
        key, text = name.decode("latin-1").lower(), value.decode("latin-1")
        before = self._headers.get(key)
        self._headers[key] = text if before is None else f"{before}, {text}"

    def on_headers_complete(self) -> None:
        self._in_body = True
        self._unfinished = 0
        if int(self._headers.get("content-length", 0)) > LARGEST_BODY:
            self._refuse_body()
        elif self._headers.get("expect", "").lower() == "100-continue" and not self.is_answering:
            self._transport.write(_CONTINUE)

    def on_body(self, part: bytes) -> None:
        if self._deaf:
            return
        self._body += part
        if len(self._body) > LARGEST_BODY:
            self._refuse_body()

    def on_message_complete(self) -> None:
        self._begun = False
        self._unfinished = 0
        if not self._deaf:
            self._put(self._request(self._body))

    def _begin(self) -> None:
        self._target = b""
        self._headers: dict[str, str] = {}
        self._body = b""
        self._in_body = False

    def _refuse_body(self) -> None:
        self._put(self._request(b"", too_large=True))
        self._deaf = True

    def _request(self, body: bytes, *, too_large: bool = False) -> Request:
        path, _, query = self._target.decode("latin-1").partition("?")
        if not path.startswith("/"):
            path = urlsplit(path).path
        return Request(
            self._parser.get_method().decode("latin-1"),
            path,
            query,
            self._headers,
            body,
            too_large,
            self._parser.should_keep_alive() and not too_large,
            self._parser.get_http_version(),
        )

    # --- the answers ----------------------------------------------------------------------------

    def _put(self, request: Request | None) -> None:
        """A request that is whole; None for bytes that are no HTTP, after which nothing is read."""
        self._waiting.append(request)
        if request is None:
            self._deaf = True
        elif len(self._waiting) == MOST_WAITING:
            self._transport.pause_reading()
        if self._more is not None and not self._more.done():
            self._more.set_result(None)

    async def _serve(self) -> None:
        try:
            while not self._closing:
                if not self._waiting:
                    self._more = self._loop.create_future()
                    await self._more
                await self._answer_next(self._waiting.popleft())
        except Exception:  # noqa: BLE001 - the other connections go on
            _log.exception("connection_failed")
        finally:
            self._transport.close()

    async def _answer_next(self, request: Request | None) -> None:
        if request is None:
            self._transport.write(_MALFORMED)
            self._closing = True
            return
        self._answering = True
        answer = await self._answer(request)
        self._answering = False
        if self._transport.is_closing():
            self._closing = True
            return
        may_follow = bool(self._waiting) or not self._deaf
        keep = request.keep_alive and may_follow and not self._closing
        self._closing = not keep
        self._transport.write(written(answer, request, keep=keep))
        self._last_moved = self._loop.time()
        if self._writable is not None:
            await self._writable
        if len(self._waiting) == MOST_WAITING - 1:
            self._transport.resume_reading()
