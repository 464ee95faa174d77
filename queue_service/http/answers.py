"""Answers as bytes: one write, with a head that is built once for each set of headers."""

from __future__ import annotations

from email.utils import formatdate
from functools import lru_cache
from http import HTTPStatus
from time import time
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from queue_service.http.connection import Request

Head = tuple[tuple[str, str], ...]
"""Names and values of headers besides Content-Length, Date and Connection."""
_HTTP_1_1 = "1.1"


class Answer(Struct, frozen=True):
    """A whole answer."""

    status: int
    body: bytes = b""
    head: Head = ()


def written(answer: Answer, request: Request, *, keep: bool) -> bytes:
    """The answer on the wire; with `keep` the connection stays open after it."""
    no_content = answer.status == HTTPStatus.NO_CONTENT
    length = "" if no_content else f"Content-Length: {len(answer.body)}\r\n"
    connection = "" if keep and request.version == _HTTP_1_1 else _connection(keep)
    start = _start(answer.status, answer.head)
    head = f"{start}{_date(int(time()))}{connection}{length}\r\n".encode("latin-1")
    return head if request.method == "HEAD" else head + answer.body


def _connection(keep: bool) -> str:
    return f"Connection: {'keep-alive' if keep else 'close'}\r\n"


@lru_cache(maxsize=512)
def _start(status: int, head: Head) -> str:
    lines = "".join(f"{name}: {value}\r\n" for name, value in head)
    return f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\n{lines}"


@lru_cache(maxsize=4)
def _date(second: int) -> str:
    return f"Date: {formatdate(second, usegmt=True)}\r\n"
