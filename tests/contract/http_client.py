"""The service under test, over real HTTP and a real PostgreSQL, at an instant that a test moves."""

from __future__ import annotations

import datetime as dt
from contextlib import asynccontextmanager
from functools import cache
from http import HTTPStatus
from string import Formatter
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import aiohttp
import msgspec
from multidict import CIMultiDictProxy

from queue_service import app, store
from queue_service.access import tokens
from queue_service.catalogue import content
from queue_service.settings import ClockSetting, Settings
from schemas.catalogue import SHIPPED, Catalogue, load_directory

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

BRANCH = "uralsk-2"
HERE = f"/v1/branches/{BRANCH}"
ZONE = ZoneInfo("Asia/Oral")
SECRET = "a secret of this test run"


def local(day: int, clock: str) -> dt.datetime:
    """A time of day ("HH:MM") in Uralsk on a day of March 2020."""
    hour, minute = clock.split(":")
    return dt.datetime(2020, 3, day, int(hour), int(minute), tzinfo=ZONE)


MONDAY = local(16, "10:00")
"""An ordinary day: who comes walks in."""
THURSDAY = local(19, "10:00")
"""Entry in groups, with pauses for sanitation."""
FRIDAY = local(20, "10:00")
"""Besides, only services that cannot be had online, until 17:00."""
BOUND = ("kiosk", "board", "visitor", "attendant", "operator", "manager")


def settings_for(database_url: str, **changes: object) -> Settings:
    """Settings of a service whose time only moves when a request says so."""
    ours = {
        "database_url": database_url,
        "port": 0,
        "clock": ClockSetting("driven"),
        "secret": SECRET,
        "replica": "test",
        "database_connections": 5,
    }
    return msgspec.structs.replace(Settings.from_environment({}), **ours | changes)


class Answer(msgspec.Struct):
    """An answer whose body has been read."""

    status: int
    headers: CIMultiDictProxy[str]
    raw: bytes

    @property
    def body(self) -> Any:  # noqa: ANN401 - whatever the service says
        """The decoded JSON."""
        return msgspec.json.decode(self.raw)

    @property
    def kind(self) -> str:
        """The kind of the problem, such as hall-full."""
        assert self.headers["Content-Type"] == "application/problem+json", self.raw
        return str(self.body["type"]).removeprefix("urn:kezek:problem:")


class Client:
    """Asks as one role; `at` is the instant (epoch ms) that goes with each request."""

    def __init__(self, api: str, session: aiohttp.ClientSession, tokens_: dict[str, str]) -> None:
        self.api = api
        self.session = session
        self.tokens = tokens_
        self.at: int | None = None

    def clock(self, moment: dt.datetime) -> None:
        """Moves the time with the next request."""
        self.at = int(moment.timestamp() * 1000)

    async def ask(
        self,
        method: str,
        path: str,
        body: object = None,
        role: str | None = "admin",
        **headers: str,
    ) -> Answer:
        """One request; `body` as JSON unless it is bytes, headers by names with underscores."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if role is not None:
            sent.setdefault("Authorization", f"Bearer {self.tokens[role]}")
        if self.at is not None:
            sent.setdefault("Kezek-Now", str(self.at))
        data = None
        if body is not None:
            data = body if isinstance(body, bytes) else msgspec.json.encode(body)
            sent.setdefault("Content-Type", "application/json")
        async with self.session.request(method, self.api + path, data=data, headers=sent) as reply:
            return Answer(reply.status, reply.headers, await reply.read())

    async def get(self, path: str, role: str | None = "admin", **headers: str) -> Answer:
        return await self.ask("GET", path, None, role, **headers)

    async def post(
        self, path: str, body: object = None, role: str | None = "admin", **headers: str
    ) -> Answer:
        return await self.ask("POST", path, body, role, **headers)

    async def take(self, role: str = "kiosk", **fields: Any) -> dict[str, Any]:  # noqa: ANN401
        """A ticket for a passport, unless the fields say otherwise."""
        wanted = fields if "services" in fields else {"service": "passport"} | fields
        return self._created(await self.post(f"{HERE}/tickets", wanted, role))

    async def release(self, **fields: object) -> dict[str, Any]:
        """The next group."""
        return self._created(await self.post(f"{HERE}/groups", fields, "attendant"))

    async def act(self, ticket: dict[str, Any], action: str, body: object = None) -> Answer:
        """An action on a ticket by the staff whose it is."""
        role = "attendant" if action in ("entered", "left") else "operator"
        return await self.post(f"{HERE}/tickets/{ticket['id']}/{action}", body, role)

    async def counter(self, counter: str, action: str) -> Answer:
        """An action at a counter."""
        return await self.post(f"{HERE}/counters/{counter}/{action}", None, "operator")

    def _created(self, answer: Answer) -> dict[str, Any]:
        assert answer.status == HTTPStatus.CREATED, answer.raw
        created: dict[str, Any] = answer.body
        return created


async def mint_all(pool: store.Pool) -> dict[str, str]:
    """A token of each role, those of one branch bound to it; `other-kiosk` is a second kiosk."""
    made = {role: await tokens.mint(pool, role, BRANCH, "test") for role in BOUND}
    for role in ("planner", "admin"):
        made[role] = await tokens.mint(pool, role, "", "test")
    made["other-kiosk"] = await tokens.mint(pool, "kiosk", BRANCH, "other")
    return made


@cache
def shipped() -> Catalogue:
    """The catalogue that comes with the product; reading it takes a while."""
    return load_directory(SHIPPED)


async def furnish(database_url: str) -> dict[str, str]:
    """Loads the shipped catalogue into a migrated database; returns a token of every role."""
    async with await store.open_pool(database_url, most=2) as pool:
        await content.store(pool, shipped())
        return await mint_all(pool)


@asynccontextmanager
async def client_of(
    database_url: str,
    tokens_: dict[str, str] | None = None,
    **changes: Any,  # noqa: ANN401 - of the settings
) -> AsyncIterator[Client]:
    """A running service, and a client with a token of every role.

    Without tokens the database is furnished first.
    """
    made = tokens_ or await furnish(database_url)
    async with (
        app.running(settings_for(database_url, **changes)) as service,
        aiohttp.ClientSession() as session,
    ):
        await service.readiness.wait()
        yield Client(service.address, session, made)


def placeholders(text: str) -> set[str]:
    """Names of the values that a text asks for."""
    return {name for _, name, _, _ in Formatter().parse(text) if name}
