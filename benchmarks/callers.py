"""Operators who call visitors at many branches at a steady rate, through the service's HTTP."""

from __future__ import annotations

import asyncio
import os
import time
from itertools import count
from typing import TYPE_CHECKING, Any, Final, Self

import aiohttp

from benchmarks import country

if TYPE_CHECKING:
    from collections.abc import Iterable

CREATED, DONE = 201, 200
AT_ONCE: Final = 16
COUNTER: Final = "1"


class Callers:
    """One counter at each branch. `acknowledged`: branch and number of each call -> the instant
    at which its answer had come, in nanoseconds of the machine's clock."""

    def __init__(self, api: str, *, kiosk: str, operator: str) -> None:
        self.acknowledged: dict[tuple[str, str], int] = {}
        self._kiosk = {"Authorization": f"Bearer {kiosk}"}
        self._operator = {"Authorization": f"Bearer {operator}"}
        self._session = aiohttp.ClientSession(f"{api}/v1/branches/")
        self._run = os.urandom(6).hex()
        self._numbers = count()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._session.close()

    async def open(self, codes: Iterable[str]) -> None:
        """Begins the day and opens the counter at each branch."""
        turn = asyncio.Semaphore(AT_ONCE)

        async def open_one(code: str) -> None:
            async with turn:
                await self._post(f"{code}/counters/{COUNTER}/open", self._operator, DONE)

        await asyncio.gather(*map(open_one, codes))

    async def call(self, codes: tuple[str, ...], rate: float, seconds: float) -> None:
        """Calls `rate` visitors a second, at the branches in turn, each by its own time."""
        clock = asyncio.get_running_loop().time
        began = clock()
        async with asyncio.TaskGroup() as group:
            for number in range(round(rate * seconds)):
                await asyncio.sleep(max(0.0, began + number / rate - clock()))
                group.create_task(self._visit(codes[number % len(codes)]))

    async def _visit(self, code: str) -> None:
        """Somebody comes, is called, and does not come to the counter, which is free again."""
        await self.dismiss(code, await self.visit(code))

    async def visit(self, code: str) -> dict[str, Any]:
        """Somebody comes to a branch and is called; the ticket."""
        body = {"service": country.SERVICE, "despite_closing": True}
        await self._post(f"{code}/tickets", self._kiosk, CREATED, body)
        ticket = await self._post(f"{code}/counters/{COUNTER}/call-next", self._operator, DONE)
        self.acknowledged[code, ticket["number"]] = time.monotonic_ns()
        return ticket

    async def dismiss(self, code: str, ticket: dict[str, Any]) -> None:
        """Who was called does not come."""
        await self._post(f"{code}/tickets/{ticket['id']}/no-show", self._operator, DONE)

    async def _post(
        self, path: str, who: dict[str, str], status: int, body: object = None
    ) -> dict[str, Any]:
        key = {"Idempotency-Key": f"{self._run}-{next(self._numbers)}"}
        async with self._session.post(path, headers=who | key, json=body) as answer:
            said: dict[str, Any] = await answer.json(content_type=None)
            if answer.status != status:
                raise RuntimeError(f"{path} answered {answer.status}: {said}")
            return said
