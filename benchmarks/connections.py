"""Keep-alive connections to the service, driven by one epoll loop.

HTTP/1.1 is written and read by hand: a client library would take more of the two cores than the
service that is measured.
"""

from __future__ import annotations

import select
import socket
import time
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

PATIENCE_SECONDS = 30.0
HEAD_END = b"\r\n\r\n"
LENGTH = b"content-length:"
LARGEST_READ = 65536


class Asked(NamedTuple):
    """A request as bytes, what it is about, and which replica is asked."""

    request: bytes
    about: str
    replica: int


class Work(NamedTuple):
    """`ask` gives the next request, None when there is none left.

    `judge(about, status, body)` says what is wrong with the answer; empty when it is right.
    """

    ask: Callable[[], Asked | None]
    judge: Callable[[str, int, bytes], str]


class Measured(NamedTuple):
    """Delays of the right answers in nanoseconds, the whole in seconds, errors counted."""

    delays: list[int]
    seconds: float
    errors: dict[str, int]


class Connection:
    """One client: a request is sent when the answer to the one before has come.

    It has a socket to each replica, as a proxy in front of them would.
    """

    def __init__(self, host: str, ports: tuple[int, ...]) -> None:
        self.sockets = [socket.create_connection((host, port), PATIENCE_SECONDS) for port in ports]
        for each in self.sockets:
            each.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            # With a time limit of its own a socket asks the kernel twice for each call.
            each.setblocking(False)
        self._asked = self.sockets[0]
        self.about = ""
        self.sent = 0
        """Nanoseconds of the monotonic clock."""
        self._read = b""

    def send(self, asked: Asked) -> None:
        """Sends a request whole."""
        self.about = asked.about
        self._asked = self.sockets[asked.replica]
        self.sent = time.perf_counter_ns()
        self._asked.sendall(asked.request)

    def receive(self) -> tuple[int, bytes] | None:
        """Status and body once the whole answer has come; ConnectionError when it never will."""
        data = self._asked.recv(LARGEST_READ)
        if not data:
            raise ConnectionError
        self._read += data
        found = split_answer(self._read)
        if found:
            self._read = b""
        return found


def split_answer(read: bytes) -> tuple[int, bytes] | None:
    """Status and body of an HTTP answer; None while a part of it is missing."""
    end = read.find(HEAD_END)
    if end < 0:
        return None
    head = read[:end].lower()
    at = head.find(LENGTH)
    length = int(head[at + len(LENGTH) :].split(b"\r", 1)[0]) if at >= 0 else 0
    body = read[end + len(HEAD_END) :]
    return (int(head[9:12]), body) if len(body) >= length else None


class Clients:
    """Connections that stay open from one measurement to the next."""

    def __init__(self, host: str, ports: tuple[int, ...]) -> None:
        self._address = (host, ports)
        self._open: list[Connection] = []

    def drive(self, work: Work, clients: int, seconds: float, most: int) -> Measured:
        """Keeps `clients` requests under way until the time, the work or `most` is used up."""
        while len(self._open) < clients:
            self._open.append(Connection(*self._address))
        round_ = _Round(work, seconds, most)
        round_.run(self._open[:clients])
        for lost in round_.lost:
            self._open.remove(lost)
        return round_.measured()


class _Round:
    def __init__(self, work: Work, seconds: float, most: int) -> None:
        self._work = work
        self._left = most
        self._began = time.perf_counter_ns()
        self._until = self._began + int(seconds * 1e9)
        self._ended = self._began
        self._delays: list[int] = []
        self._errors: dict[str, int] = {}
        self._busy: dict[int, Connection] = {}
        self._epoll = select.epoll()
        self.lost: list[Connection] = []

    def run(self, connections: list[Connection]) -> None:
        with self._epoll:
            for connection in connections:
                for each in connection.sockets:
                    self._epoll.register(each.fileno(), select.EPOLLIN)
                    self._busy[each.fileno()] = connection
                self._go_on(connection)
            while self._busy and self._serve():
                pass

    def measured(self) -> Measured:
        return Measured(self._delays, (self._ended - self._began) / 1e9, self._errors)

    def _serve(self) -> bool:
        """Takes the answers that are there; False when none comes any more."""
        ready = self._epoll.poll(PATIENCE_SECONDS)
        for descriptor, _ in ready:
            self._take(self._busy[descriptor])
        if not ready:
            for connection in set(self._busy.values()):
                self._lose(connection, f"no answer in {PATIENCE_SECONDS:g} s")
        return bool(ready)

    def _take(self, connection: Connection) -> None:
        try:
            answer = connection.receive()
        except OSError:
            self._lose(connection, "a connection was lost")
            return
        if answer is None:
            return
        self._ended = time.perf_counter_ns()
        wrong = self._work.judge(connection.about, *answer)
        if wrong:
            self._count(wrong)
        else:
            self._delays.append(self._ended - connection.sent)
        self._go_on(connection)

    def _go_on(self, connection: Connection) -> None:
        asked = self._next()
        if asked:
            self._left -= 1
            connection.send(asked)
        else:
            self._forget(connection)

    def _next(self) -> Asked | None:
        if self._left <= 0 or time.perf_counter_ns() >= self._until:
            return None
        return self._work.ask()

    def _lose(self, connection: Connection, why: str) -> None:
        self._count(why)
        self._forget(connection)
        self.lost.append(connection)
        for each in connection.sockets:
            each.close()

    def _forget(self, connection: Connection) -> None:
        for each in connection.sockets:
            self._epoll.unregister(each.fileno())
            del self._busy[each.fileno()]

    def _count(self, error: str) -> None:
        self._errors[error] = self._errors.get(error, 0) + 1
