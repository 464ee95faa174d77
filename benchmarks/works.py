"""What the generator asks of the service, and how it judges each answer."""

from __future__ import annotations

import os
from collections import deque
from itertools import count
from typing import TYPE_CHECKING
from zlib import crc32

import msgspec

from benchmarks.connections import Asked, Work

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks.jobs import Job, Login

CREATED, DONE = 201, 200


class _Ticket(msgspec.Struct, frozen=True):
    id: str
    number: str


class _Problem(msgspec.Struct, frozen=True):
    type: str = "without a type"


_read_ticket = msgspec.json.Decoder(_Ticket).decode
_read_problem = msgspec.json.Decoder(_Problem).decode


class Requests:
    """Writes requests with one token; every one has an Idempotency-Key of its own."""

    def __init__(self, login: Login, token: str) -> None:
        self._head = (
            f" HTTP/1.1\r\nHost: {login.host}\r\nAuthorization: Bearer {token}\r\n"
            "Content-Type: application/json\r\nIdempotency-Key: "
        )
        self._run = os.urandom(6).hex()
        self._number = count()
        self._replicas = len(login.ports)
        self._replica_of: dict[str, int] = {}

    def post(self, branch: str, path: str, about: str, body: str = "") -> Asked:
        """A POST of a JSON body in ASCII to `path` below a branch, at the replica of the branch."""
        key = f"{self._run}-{next(self._number)}"
        request = (
            f"POST /v1/branches/{branch}{path}{self._head}{key}\r\n"
            f"Content-Length: {len(body)}\r\n\r\n{body}"
        )
        return Asked(request.encode(), about, self._replica(branch))

    def _replica(self, branch: str) -> int:
        """The same replica for all that concerns a branch, as a proxy in front hashes them."""
        known = self._replica_of.get(branch)
        if known is None:
            known = self._replica_of[branch] = crc32(branch.encode()) % self._replicas
        return known


class Kiosk:
    """Takes tickets at branches in turn; no branch may give a number twice."""

    def __init__(self, requests: Requests) -> None:
        self._requests = requests
        self._given: dict[str, set[str]] = {}
        self._turns: dict[tuple[str, ...], Iterator[int]] = {}

    def issue(self, job: Job) -> Work:
        """Takes tickets for the job's service at its branches."""
        turn = self._turns.setdefault(job.branches, count())
        body = f'{{"service":"{job.service}","despite_closing":true}}'

        def ask() -> Asked:
            branch = job.branches[next(turn) % len(job.branches)]
            return self._requests.post(branch, "/tickets", branch, body)

        return Work(ask, self._issued)

    def _issued(self, branch: str, status: int, body: bytes) -> str:
        if status != CREATED:
            return _describe(status, body)
        number = _read_ticket(body).number
        given = self._given.setdefault(branch, set())
        if number in given:
            return "a number was given twice"
        given.add(number)
        return ""


class Desk:
    """Opens counters, calls visitors to them, and makes them free; nobody is called twice."""

    def __init__(self, requests: Requests) -> None:
        self._requests = requests
        self._free: deque[str] = deque()
        self._busy: deque[tuple[str, str]] = deque()
        self._called: set[str] = set()

    def open(self, job: Job) -> Work:
        """Opens every counter of the job at every branch of it."""
        places = (
            f"{branch}/counters/{counter}" for counter in job.counters for branch in job.branches
        )

        def ask() -> Asked | None:
            place = next(places, None)
            return self._post(place, "/open") if place else None

        return Work(ask, self._freed)

    def call(self, _job: Job) -> Work:
        """Calls the next visitor to each free counter in turn."""
        return Work(self._ask_call, self._judge_call)

    def release(self, _job: Job) -> Work:
        """Gives up whoever was called, which makes the counter free."""
        return Work(self._ask_release, self._freed)

    def _ask_call(self) -> Asked | None:
        if not self._free:
            return None
        return self._post(self._free.popleft(), "/call-next")

    def _post(self, place: str, action: str) -> Asked:
        """An action at a counter; a place is `branch/counters/counter`."""
        branch, _, counter = place.partition("/")
        return self._requests.post(branch, f"/{counter}{action}", place)

    def _judge_call(self, place: str, status: int, body: bytes) -> str:
        if status != DONE:
            self._free.append(place)
            return _describe(status, body)
        ticket = _read_ticket(body).id
        self._busy.append((place, ticket))
        if ticket in self._called:
            return "a ticket was called twice"
        self._called.add(ticket)
        return ""

    def _ask_release(self) -> Asked | None:
        if not self._busy:
            return None
        place, ticket = self._busy.popleft()
        branch = place.partition("/")[0]
        return self._requests.post(branch, f"/tickets/{ticket}/no-show", place)

    def _freed(self, place: str, status: int, body: bytes) -> str:
        if status != DONE:
            return _describe(status, body)
        self._free.append(place)
        return ""


def _describe(status: int, body: bytes) -> str:
    try:
        return f"{status} {_read_problem(body).type}"
    except msgspec.DecodeError:
        return f"{status} {body[:80]!r}"
