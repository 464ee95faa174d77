"""The running service as visitors and staff meet it: HTTP and nothing else."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Mapping
from datetime import datetime
from itertools import count
from typing import Literal, TypeVar

import aiohttp
import msgspec

from schemas.wire_plan import Health, Problem

Answer = TypeVar("Answer")
Role = Literal["kiosk", "attendant", "operator", "manager", "planner", "admin"]
Method = Literal["GET", "POST", "PATCH", "DELETE"]
_NO_CONTENT = 204
_REFUSED_FROM = 400
_TRY_AGAIN = frozenset({429, 503})
_NOT_FOR_US = frozenset({401, 403})
_FIRST_WAIT = 0.05
_LONGEST_WAIT = 2.0
_KIND_BEGINS = "urn:kezek:problem:"


class ServiceError(Exception):
    """The service cannot be used as needed; the message says why and what to do."""


class Service:
    """Asks in the name of a role; what fails on the way is asked again and never done twice."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        api: str,
        tokens: Mapping[str, str],
        *,
        patience: float,
        now: Callable[[], int] | None = None,
    ) -> None:
        """`patience`: seconds of trying when nobody answers; `now` drives its clock (epoch ms)."""
        self._session = session
        self._api = api.rstrip("/")
        self._tokens = {role: f"Bearer {token}" for role, token in tokens.items()}
        self._patience = patience
        self._now = now
        self._run = secrets.token_hex(6)
        self._count = count(1)

    async def ask(
        self,
        role: Role,
        method: Method,
        path: str,
        answer: type[Answer],
        body: msgspec.Struct | None = None,
        name: str = "",
    ) -> Answer | Problem | None:
        """The answer, the refusal as a Problem, or None where there is nothing to tell (204).

        Whoever has a `name` asks with the token of `role:name` where there is one. Raises
        ServiceError when the token is not accepted or the service stays away.
        """
        own = f"{role}:{name}"
        headers = self._headers(own if own in self._tokens else role, method)
        data = None if body is None else msgspec.json.encode(body)
        status, content = await self._send(method, path, headers, data)
        if status == _NO_CONTENT:
            return None
        if status < _REFUSED_FROM:
            return msgspec.json.decode(content, type=answer)
        problem = msgspec.json.decode(content, type=Problem)
        if (kind(problem), problem.field) == ("invalid-header", "Kezek-Now"):
            raise ServiceError(
                f"The service at {self._api} has a clock of its own: start one with "
                "KEZEK_CLOCK=driven, or replay without --api."
            )
        if status in _NOT_FOR_US:
            raise ServiceError(f"The {role} token does not do: {problem.title}. {problem.detail}")
        return problem

    async def get(self, role: Role, path: str, answer: type[Answer]) -> Answer:
        """What can be read at `path`; raises ServiceError for a refusal too."""
        found = await self.ask(role, "GET", path, answer)
        return granted(found, path)

    async def clock(self) -> int:
        """The service's clock, epoch ms."""
        _, content = await self._send("GET", "/healthz", {}, None)
        return msgspec.json.decode(content, type=Health).now_ms

    def _headers(self, role: str, method: Method) -> dict[str, str]:
        if role not in self._tokens:
            raise ServiceError(f"A token for the role {role} is needed: add it to the tokens.")
        headers = {
            "Authorization": self._tokens[role],
            "Content-Type": "application/json",
            "Accept-Language": "en",
        }
        if method != "GET":
            headers["Idempotency-Key"] = f"{self._run}-{next(self._count)}"
        if self._now is not None:
            headers["Kezek-Now"] = str(self._now())
        return headers

    async def _send(
        self, method: Method, path: str, headers: dict[str, str], data: bytes | None
    ) -> tuple[int, bytes]:
        waits, waited = _FIRST_WAIT, 0.0
        while True:
            try:
                status, content = await self._once(method, path, headers, data)
                if status not in _TRY_AGAIN:
                    return status, content
                why = f"it answers {status}"
            except (aiohttp.ClientError, TimeoutError, OSError) as problem:
                why = str(problem) or type(problem).__name__
            if waited >= self._patience:
                raise ServiceError(f"The service at {self._api} does not answer: {why}.")
            await asyncio.sleep(waits)
            waited, waits = waited + waits, min(2 * waits, _LONGEST_WAIT)

    async def _once(
        self, method: Method, path: str, headers: dict[str, str], data: bytes | None
    ) -> tuple[int, bytes]:
        url = self._api + path
        async with self._session.request(method, url, headers=headers, data=data) as response:
            return response.status, await response.read()


def kind(problem: Problem) -> str:
    """The name of a problem, such as `online-only`."""
    return problem.type.removeprefix(_KIND_BEGINS)


def granted(answer: Answer | Problem | None, asked: str) -> Answer:
    """The answer itself; raises ServiceError when `asked` was refused."""
    if isinstance(answer, Problem):
        raise ServiceError(f"{asked}: {answer.title}. {answer.detail}")
    if answer is None:
        raise ServiceError(f"{asked}: no answer where one was expected.")
    return answer


def instant(text: str) -> int:
    """Epoch ms of an RFC 3339 text."""
    return round(datetime.fromisoformat(text).timestamp() * 1000)
