"""Connections whose requests cannot even be read: they are answered with a problem as well."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import msgspec
import structlog
from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError, LineTooLong
from aiohttp.http_parser import RawRequestMessage
from aiohttp.http_writer import StreamWriter

from queue_service.faults import Fault
from queue_service.http.answers import Whole
from queue_service.http.languages import DEFAULT_LANGUAGE
from queue_service.http.problems import CONTENT_TYPE, problem

if TYPE_CHECKING:
    import asyncio

    from aiohttp import StreamReader
    from aiohttp.web_request import BaseRequest
    from aiohttp.web_response import StreamResponse

LONGEST_LINE: Final = 8190
"""Bytes of the first line and of each header."""
_log = structlog.get_logger(__name__)


class Server(web.Server):
    """Makes the connections of a listener."""

    def __call__(self) -> Connection:
        return Connection(self, loop=self._loop, **self._kwargs)


class Connection(web.RequestHandler):
    """One connection; its language is not known where no header could be read."""

    __slots__ = ("_paused_reading",)

    def __init__(self, server: Server, *, loop: asyncio.AbstractEventLoop, **options: Any) -> None:  # noqa: ANN401
        super().__init__(server, loop=loop, **options)
        self._paused_reading = False

    async def start(self) -> None:
        """Answers the requests of the connection, one after the other.

        aiohttp gives each a task of its own, which takes longer than deciding a ticket. Here those
        that have come whole are answered in the connection's task. The first that has not is left
        to aiohttp, with all that come after it.
        """
        while (first := await self._next_whole()) is not None:
            if not await self._answers(*first):
                self._task_handler = None
                if self.transport is not None:
                    self.transport.close()
                return
        await super().start()

    async def _next_whole(self) -> tuple[RawRequestMessage, StreamReader] | None:
        """Waits for a request; None for one that cannot be read or whose body is still to come."""
        if not self._messages and not self._force_close:
            self._waiter = self._loop.create_future()
            try:
                await self._waiter
            finally:
                self._waiter = None
        if self._force_close or self._buffer_paused or self._upgraded:
            return None
        message, content = self._messages[0]
        if not isinstance(message, RawRequestMessage) or not content.is_eof():
            return None
        self._messages.popleft()
        return message, content

    async def _answers(self, message: RawRequestMessage, content: StreamReader) -> bool:
        """Answers a request; whether the connection stays open after it."""
        factory, handler = self._request_factory, self._request_handler
        parser, task = self._parser, self._task_handler
        if factory is None or handler is None or parser is None or task is None:
            return False
        parser.message_consumed()
        writer = StreamWriter(self, self._loop)
        request = factory(message, content, self, writer, task)
        self._current_request, self._request_in_progress = request, True
        try:
            answer = await handler(request)
            await answer.prepare(request)
        except ConnectionError:
            return False
        except Exception:  # noqa: BLE001 - an answer that cannot be written ends its connection alone
            _log.exception("unwritable_answer")
            return False
        finally:
            self._current_request, self._request_in_progress = None, False
            if self._handler_waiter is not None:
                self._handler_waiter.set_result(None)
        if self._close or self._force_close or not answer.keep_alive:
            return False
        self._wait_for_next()
        return True

    def _wait_for_next(self) -> None:
        """Lets the time run after which an idle connection is closed."""
        close_at = self._loop.time() + self._keepalive_timeout
        self._next_keepalive_close_time = close_at
        if self._keepalive_handle is None:
            self._keepalive_handle = self._loop.call_at(close_at, self._process_keepalive)

    def pause_reading(self) -> None:
        """More has come than may wait."""
        self._paused_reading = True
        super().pause_reading()

    def resume_reading(self, resume_parser: bool = True) -> None:
        """Asked for after each body, though a body that came whole has paused nothing."""
        if self._paused_reading:
            self._paused_reading = False
            super().resume_reading(resume_parser)

    def handle_error(
        self,
        request: BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> StreamResponse:
        """The answer to what is no request; the connection is closed after it."""
        if not isinstance(exc, HttpProcessingError):
            return super().handle_error(request, status, exc, message)
        kind = "headers_too_large" if isinstance(exc, LineTooLong) else "bad_request"
        _log.info("unreadable_request", kind=kind)
        described = problem(Fault(kind, limit=LONGEST_LINE), DEFAULT_LANGUAGE, None)
        head = (("Content-Type", CONTENT_TYPE), ("Content-Language", DEFAULT_LANGUAGE))
        return Whole(described.status, msgspec.json.encode(described), head)
