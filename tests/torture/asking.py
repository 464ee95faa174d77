"""How a client asks: any replica, again and again with the same key until it knows the answer."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Any

import aiohttp
import msgspec
from msgspec import Struct

from tests.torture.history import NOTHING_HEARD, Action, Attempt, Told

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    from tests.torture.town import Town

PATIENCE = (0.3, 2.0, 7.0)
"""Seconds that a client waits for an answer: some give up while the service still works."""
PAUSES = (0.05, 0.5)
_ORIGIN = time.time() - time.monotonic()

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(dict[str, Any]).decode


def clock() -> float:
    """Seconds since 1970 that never go backwards."""
    return _ORIGIN + time.monotonic()


class Request(Struct, frozen=True, kw_only=True):
    """A command or a reading; `path` begins below the branch."""

    action: Action
    branch: str
    role: str
    subject: str
    token: str
    key: str
    path: str
    method: str = "POST"
    target: str = ""
    body: dict[str, Any] | None = None
    headers: dict[str, str] = {}


class Asking:
    """One client's way to the replicas; `report` hears of everything that was told."""

    def __init__(
        self,
        client: int,
        town: Town,
        random: Random,
        session: aiohttp.ClientSession,
        report: Callable[[Told], None],
    ) -> None:
        self._client = client
        self._town = town
        self._random = random
        self._session = session
        self._report = report
        self._over_at = clock() + town.seconds + town.patience

    async def until_decided(self, request: Request) -> Attempt:
        """Asks one replica after another until one answers, and gives the answer."""
        return await self._go_on(request, [await self._attempt(self._any_replica(), request)])

    async def of_all_at_once(self, request: Request) -> Attempt:
        """Asks every replica for the same thing at the same time, then as long as none answers."""
        replicas = range(len(self._town.replicas))
        attempts = await asyncio.gather(*(self._attempt(each, request) for each in replicas))
        return await self._go_on(request, sorted(attempts, key=_worth))

    async def _go_on(self, request: Request, attempts: list[Attempt]) -> Attempt:
        while not attempts[-1].decided and clock() < self._over_at:
            await asyncio.sleep(self._random.uniform(*PAUSES))
            other = (attempts[-1].replica + 1) % len(self._town.replicas)
            attempts.append(await self._attempt(other, request))
        self._tell(request, attempts)
        return attempts[-1]

    async def once_more(self, request: Request) -> None:
        """Repeats what was answered long ago."""
        self._tell(request, [await self._attempt(self._any_replica(), request)], repeat=True)

    def _any_replica(self) -> int:
        return self._random.randrange(len(self._town.replicas))

    def _tell(self, request: Request, attempts: list[Attempt], *, repeat: bool = False) -> None:
        self._report(
            Told(
                client=self._client,
                action=request.action,
                branch=request.branch,
                subject=request.subject,
                key=request.key,
                target=request.target,
                repeat=repeat,
                attempts=tuple(attempts),
            )
        )

    async def _attempt(self, replica: int, request: Request) -> Attempt:
        began = clock()
        status, body = await self._heard(replica, request)
        return Attempt(replica=replica, began=began, ended=clock(), status=status, body=body)

    async def _heard(self, replica: int, request: Request) -> tuple[int, dict[str, Any]]:
        address = f"{self._town.replicas[replica]}/v1/branches/{request.branch}{request.path}"
        try:
            async with (
                asyncio.timeout(self._random.choice(PATIENCE)),
                self._session.request(
                    request.method, address, data=_data(request), headers=_headers(request)
                ) as answer,
            ):
                raw = await answer.read()
                return answer.status, _body(answer, raw)
        except (aiohttp.ClientError, OSError, TimeoutError):
            return NOTHING_HEARD, {}


def _worth(attempt: Attempt) -> tuple[bool, bool]:
    """What is best to hear comes last."""
    return (attempt.decided, attempt.acknowledged)


def _data(request: Request) -> bytes | None:
    return _encode(request.body) if request.body is not None else None


def _headers(request: Request) -> dict[str, str]:
    headers = {"Authorization": f"Bearer {request.token}", **request.headers}
    if request.body is not None:
        headers["Content-Type"] = "application/json"
    if request.method != "GET":
        headers["Idempotency-Key"] = request.key
    return headers


def _body(answer: aiohttp.ClientResponse, raw: bytes) -> dict[str, Any]:
    body = _decode(raw) if raw else {}
    etag = answer.headers.get("ETag")
    if etag:
        # A plan: its explanations are long and nobody looks at them here.
        return {"etag": etag, "version": body.get("version")}
    return body
