"""What clients hear while the database ends its connections, seen from between the two."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, quote, urlsplit

from queue_service import store
from tests.contract.http_client import HERE, MONDAY, client_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from queue_service.machine.postgres import EmbeddedPostgres

SOCKET = ".s.PGSQL.5432"
LONGEST_WAIT = 60
END_OTHERS = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1"


class Relay:
    """Passes everything on between the service and PostgreSQL.

    PostgreSQL says that it ends a connection before it does. While `let_go` is not set, the service
    hears the first and not the second.
    """

    def __init__(self, database: Path) -> None:
        self.let_go = asyncio.Event()
        self.let_go.set()
        self._database = database
        self._ended: list[asyncio.Event] = []
        self._connections: list[asyncio.Task[None]] = []

    async def all_ended(self) -> None:
        """Returns when PostgreSQL has ended every connection of now, and all it said is passed."""
        await asyncio.gather(*(ended.wait() for ended in list(self._ended)))

    async def close(self) -> None:
        """Ends what is still open."""
        self.let_go.set()
        await asyncio.gather(*self._connections)

    async def connect(
        self, from_service: asyncio.StreamReader, to_service: asyncio.StreamWriter
    ) -> None:
        """One connection, until both have closed it."""
        task = asyncio.current_task()
        assert task is not None
        self._connections.append(task)
        from_database, to_database = await asyncio.open_unix_connection(self._database)
        async with asyncio.TaskGroup() as both_ways:
            both_ways.create_task(self._ask(from_service, to_database))
            both_ways.create_task(self._answer(from_database, to_service))

    async def _ask(self, source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        await _pass_on(source, target)
        target.close()

    async def _answer(self, source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        ended = asyncio.Event()
        self._ended.append(ended)
        await _pass_on(source, target)
        ended.set()
        await self.let_go.wait()
        target.close()


async def _pass_on(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError):
        while words := await source.read(65_536):
            target.write(words)
            await target.drain()


@asynccontextmanager
async def relayed(database_url: str, folder: Path) -> AsyncIterator[tuple[Relay, str]]:
    """A relay to a database, and the address of that database through it."""
    (host,) = parse_qs(urlsplit(database_url).query)["host"]
    relay = Relay(Path(host) / SOCKET)
    listening = await asyncio.start_unix_server(relay.connect, folder / SOCKET)
    async with listening:
        try:
            yield relay, database_url.replace(quote(host, safe=""), quote(str(folder), safe=""))
        finally:
            await relay.close()


async def test_a_connection_that_the_database_is_ending_is_no_fault_of_ours(
    server: EmbeddedPostgres, database_url: str, tmp_path: Path
) -> None:
    name = database_url.rpartition("/")[2].partition("?")[0]
    body = {"service": "passport", "contact": "+77011234567"}
    async with (
        asyncio.timeout(LONGEST_WAIT),
        relayed(database_url, tmp_path) as (relay, url),
        client_of(url) as client,
    ):
        client.clock(MONDAY)
        await client.take(**body)
        relay.let_go.clear()
        admin = await store.connect(server.url)
        await admin.execute(END_OTHERS, name)
        await admin.close()
        await relay.all_ended()
        away = await client.post(f"{HERE}/tickets", body, "kiosk", Idempotency_Key="k")
        assert (away.status, away.kind) == (503, "database-away")
        relay.let_go.set()
        taken = away
        while taken.status == 503:
            taken = await client.post(f"{HERE}/tickets", body, "kiosk", Idempotency_Key="k")
        assert (taken.status, taken.body["number"]) == (201, "P-002")
