"""Connections whose requests cannot even be read: they are answered with a problem as well."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import msgspec
import structlog
from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError, LineTooLong

from queue_service.faults import Fault
from queue_service.http.answers import Whole
from queue_service.http.languages import DEFAULT_LANGUAGE
from queue_service.http.problems import CONTENT_TYPE, problem

if TYPE_CHECKING:
    import asyncio

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
