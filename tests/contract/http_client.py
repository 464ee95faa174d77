"""The service under test, over real HTTP and a real PostgreSQL, at an instant that a test moves."""

from __future__ import annotations

from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import aiohttp
import msgspec

from queue_service import app, catalogue, store, tokens
from queue_service.settings import ClockSetting, Settings
from schemas.catalogue import load_directory

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import AsyncIterator

KAZAKHSTAN = Path(__file__).parents[2] / "schemas" / "catalogue" / "kazakhstan"
BRANCH = "uralsk-2"
HERE = f"/v1/branches/{BRANCH}"
ZONE = ZoneInfo("Asia/Oral")
SECRET = "a secret of this test run"
BOUND = ("kiosk", "visitor", "attendant", "operator", "manager")


def settings_for(database_url: str, **changes: object) -> Settings:
    """Settings of a service whose time only moves when a request says so."""
    settings = Settings(
        database_url=database_url,
        host="127.0.0.1",
        port=0,
        clock=ClockSetting("driven"),
        log_level="info",
        secret=SECRET,
        replica="test",
        state_dir=Path("/nonexistent"),
        database_connections=5,
        rate_limit=0,
        contact_hours=24,
    )
    return msgspec.structs.replace(settings, **changes)


class Answer(msgspec.Struct):
    """An answer whose body has been read."""

    status: int
    headers: dict[str, str]
    raw: bytes

    @property
    def body(self) -> Any:
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
        """Moves the time with the next request; a naive moment is of the branch's zone."""
        local = moment if moment.tzinfo else moment.replace(tzinfo=ZONE)
        self.at = int(local.timestamp() * 1000)

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
            return Answer(reply.status, dict(reply.headers), await reply.read())

    async def get(self, path: str, role: str | None = "admin", **headers: str) -> Answer:
        return await self.ask("GET", path, None, role, **headers)

    async def post(
        self, path: str, body: object = None, role: str | None = "admin", **headers: str
    ) -> Answer:
        return await self.ask("POST", path, body, role, **headers)


async def mint_all(pool: store.Pool) -> dict[str, str]:
    """A token of each role, those of one branch bound to it; `other-kiosk` is a second kiosk."""
    made = {role: await tokens.mint(pool, role, BRANCH, "test") for role in BOUND}
    for role in ("planner", "admin"):
        made[role] = await tokens.mint(pool, role, "", "test")
    made["other-kiosk"] = await tokens.mint(pool, "kiosk", BRANCH, "other")
    return made


@asynccontextmanager
async def client_of(database_url: str, **changes: object) -> AsyncIterator[Client]:
    """A running service with the shipped catalogue, and a client with a token of every role."""
    async with await store.open_pool(database_url, most=2) as pool:
        await catalogue.store(pool, load_directory(KAZAKHSTAN))
        made = await mint_all(pool)
    async with (
        app.running(settings_for(database_url, **changes)) as api,
        aiohttp.ClientSession() as session,
    ):
        client = Client(api, session, made)
        while (await client.get("/readyz", None)).status != 200:
            pass
        yield client
