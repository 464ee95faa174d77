"""HTTP/1.1 on raw sockets: what a well-meant client and any other kind of client gets."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest

from queue_service.http import connection
from queue_service.http.answers import Answer
from queue_service.http.server import Server

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from queue_service.http.connection import Request

GET = b"GET /one HTTP/1.1\r\nHost: h\r\n\r\n"


class Echo:
    """Answers with what it was asked; `hold` keeps answers back until it is set."""

    def __init__(self) -> None:
        self.asked: list[Request] = []
        self.hold = asyncio.Event()
        self.hold.set()
        self.began = asyncio.Event()

    async def __call__(self, request: Request) -> Answer:
        self.asked.append(request)
        self.began.set()
        await self.hold.wait()
        status = 413 if request.too_large else 200
        return Answer(status, request.path.encode() + b" " + request.body)


class Peer:
    """The other end of a connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    def send(self, data: bytes) -> None:
        self._writer.write(data)

    def send_end(self) -> None:
        self._writer.write_eof()

    async def answer(self) -> tuple[int, dict[str, str], bytes]:
        """The next answer with a Content-Length or without a body."""
        head = (await self._reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        headers = dict(line.split(": ", 1) for line in head[1:] if line)
        body = await self._reader.readexactly(int(headers.get("Content-Length", 0)))
        return int(head[0].split()[1]), headers, body

    async def rest(self) -> bytes:
        """Everything until the other side closes."""
        return await self._reader.read()

    def close(self) -> None:
        self._writer.close()


@asynccontextmanager
async def serving(echo: Echo) -> AsyncIterator[tuple[Server, Peer]]:
    server = Server(echo)
    host, port = (await server.start("127.0.0.1", 0)).removeprefix("http://").split(":")
    peer = Peer(*await asyncio.open_connection(host, int(port)))
    try:
        async with asyncio.timeout(20):
            yield server, peer
    finally:
        echo.hold.set()
        peer.close()
        await server.stop(5)


async def test_requests_sent_together_are_answered_in_order() -> None:
    async with serving(Echo()) as (_, peer):
        peer.send(b"".join(b"GET /%d HTTP/1.1\r\nHost: h\r\n\r\n" % n for n in range(50)))
        answers = [await peer.answer() for _ in range(50)]
    assert [body for _, _, body in answers] == [b"/%d " % n for n in range(50)]


async def test_it_does_not_matter_where_the_bytes_are_cut() -> None:
    echo = Echo()
    whole = b"POST /a?b=c HTTP/1.1\r\nHost: h\r\nX-Y: z\r\nContent-Length: 3\r\n\r\nxyz"
    async with serving(echo) as (_, peer):
        for byte in range(len(whole)):
            peer.send(whole[byte : byte + 1])
            await asyncio.sleep(0)
        assert (await peer.answer())[2] == b"/a xyz"
    [asked] = echo.asked
    assert (asked.method, asked.path, asked.query) == ("POST", "/a", "b=c")
    assert asked.headers["x-y"] == "z"


async def test_a_body_in_chunks_is_put_together_and_its_trailer_is_passed_over() -> None:
    echo = Echo()
    async with serving(echo) as (_, peer):
        peer.send(b"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n")
        peer.send(b"2\r\nab\r\n1\r\nc\r\n0\r\nAuthorization: no\r\n\r\n" + GET)
        assert (await peer.answer())[2] == b"/ abc"
        assert (await peer.answer())[2] == b"/one "
    assert "authorization" not in echo.asked[0].headers


async def test_a_repeated_header_is_joined() -> None:
    echo = Echo()
    async with serving(echo) as (_, peer):
        peer.send(b"GET / HTTP/1.1\r\nHost: h\r\nA: 1\r\na: 2\r\n\r\n")
        await peer.answer()
    assert echo.asked[0].headers["a"] == "1, 2"


@pytest.mark.parametrize(
    ("head", "kept"),
    [
        (b"GET / HTTP/1.1\r\nHost: h\r\n", True),
        (b"GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n", False),
        (b"GET / HTTP/1.0\r\n", False),
        (b"GET / HTTP/1.0\r\nConnection: keep-alive\r\n", True),
    ],
)
async def test_a_connection_is_kept_as_the_client_wishes(head: bytes, *, kept: bool) -> None:
    async with serving(Echo()) as (_, peer):
        peer.send(head + b"\r\n")
        _, headers, _ = await peer.answer()
        assert (headers.get("Connection") == "close") is not kept
        peer.send(GET)
        if kept:
            assert (await peer.answer())[0] == 200
        else:
            assert await peer.rest() == b""


async def test_a_head_alone_is_answered_to_head() -> None:
    async with serving(Echo()) as (_, peer):
        peer.send(b"HEAD /abc HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
        said = await peer.rest()
    assert b"Content-Length: 5\r\n" in said
    assert said.endswith(b"\r\n\r\n")


async def test_whoever_waits_for_leave_to_send_a_body_gets_it() -> None:
    async with serving(Echo()) as (_, peer):
        peer.send(
            b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nExpect: 100-continue\r\n\r\n"
        )
        assert (await peer.answer())[0] == 100
        peer.send(b"x")
        assert (await peer.answer())[2] == b"/ x"


@pytest.mark.parametrize(
    "nonsense",
    [
        b"hello\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx",
        b"POST / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\nx",
        b"GET / HTTP/1.1\r\nHost : h\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    ],
)
async def test_what_is_no_http_is_refused_and_the_connection_closed(nonsense: bytes) -> None:
    echo = Echo()
    async with serving(echo) as (_, peer):
        peer.send(GET + nonsense + GET)
        assert (await peer.answer())[0] == 200
        status, headers, body = await peer.answer()
        assert (status, headers["Connection"]) == (400, "close")
        assert b"about:blank" in body
        assert await peer.rest() == b""
    assert len(echo.asked) == 1


async def test_a_head_without_an_end_is_refused() -> None:
    async with serving(Echo()) as (_, peer):
        peer.send(b"GET / HTTP/1.1\r\n")
        for _ in range(connection.LARGEST_UNFINISHED // 1000 + 100):
            peer.send(b"X: %s\r\n" % (b"y" * 995))
        assert (await peer.answer())[0] == 400


@pytest.mark.parametrize("announced", [True, False])
async def test_a_body_that_is_too_long_is_not_read(*, announced: bool) -> None:
    size = connection.LARGEST_BODY + 1
    length = b"Content-Length: %d" % size if announced else b"Transfer-Encoding: chunked"
    begin = b"" if announced else b"%x\r\n" % size
    echo = Echo()
    async with serving(echo) as (_, peer):
        peer.send(b"POST / HTTP/1.1\r\nHost: h\r\n" + length + b"\r\n\r\n" + begin + b"x" * size)
        status, headers, _ = await peer.answer()
        assert (status, headers["Connection"]) == (413, "close")
    [asked] = echo.asked
    assert (asked.too_large, asked.body) == (True, b"")


async def test_the_longest_body_is_read() -> None:
    async with serving(Echo()) as (_, peer):
        body = b"x" * connection.LARGEST_BODY
        peer.send(b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
        assert (await peer.answer())[2] == b"/ " + body


async def test_an_upgrade_is_not_made() -> None:
    async with serving(Echo()) as (_, peer):
        peer.send(b"GET / HTTP/1.1\r\nHost: h\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n")
        status, headers, _ = await peer.answer()
        assert (status, headers["Connection"]) == (200, "close")


async def test_an_absolute_address_is_its_path() -> None:
    echo = Echo()
    async with serving(echo) as (_, peer):
        peer.send(b"GET http://h:8080/a/b?c HTTP/1.1\r\nHost: h\r\n\r\n")
        await peer.answer()
    assert (echo.asked[0].path, echo.asked[0].query) == ("/a/b", "c")


async def test_whoever_has_sent_everything_still_gets_the_answers() -> None:
    async with serving(Echo()) as (_, peer):
        peer.send(GET + GET)
        peer.send_end()
        assert (await peer.rest()).count(b"HTTP/1.1 200 OK") == 2


async def test_stopping_lets_a_request_end_and_takes_no_more() -> None:
    echo = Echo()
    echo.hold.clear()
    async with serving(echo) as (server, peer):
        peer.send(GET)
        await echo.began.wait()
        stopping = asyncio.create_task(server.stop(10))
        await asyncio.sleep(0)
        echo.hold.set()
        status, headers, _ = await peer.answer()
        assert (status, headers["Connection"]) == (200, "close")
        await stopping
        assert await peer.rest() == b""


async def test_stopping_closes_idle_connections_at_once() -> None:
    async with serving(Echo()) as (server, peer):
        peer.send(GET)
        await peer.answer()
        await server.stop(10)
        assert await peer.rest() == b""


async def test_stopping_does_not_wait_for_ever() -> None:
    echo = Echo()
    echo.hold.clear()
    async with serving(echo) as (server, peer):
        peer.send(GET)
        await echo.began.wait()
        await server.stop(0)
        assert await peer.rest() == b""


async def test_a_request_that_does_not_come_to_its_end_is_given_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(connection, "PATIENCE_WITH_REQUEST", -1.0)
    monkeypatch.setattr("queue_service.http.server.LOOK_AT_CONNECTIONS", 0.01)
    async with serving(Echo()) as (_, peer):
        peer.send(b"GET / HTTP/1.1\r\nHost: ")
        assert await peer.rest() == b""
