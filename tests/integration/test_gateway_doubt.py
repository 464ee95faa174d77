"""What the gateway says while it cannot know, and what it does with ids and addresses made up."""

from __future__ import annotations

import asyncio
import datetime as dt
import signal
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosedError

from displays.faces import TicketFace
from displays.gateway import UNKNOWN
from queue_service.ids import new_ticket_id
from tests.conftest import migrated
from tests.integration.days import BRANCH, DATE, take, write_silently
from tests.integration.gateway_stage import (
    BOARD,
    PATIENCE,
    Gateway,
    branch_on,
    clock_at,
    gateway_on,
    ticket_path,
    watching,
)

if TYPE_CHECKING:
    from queue_service.machine.postgres import EmbeddedPostgres
    from queue_service.store import Pool

NOWHERE = "postgresql://nobody@127.0.0.1:1/none"


async def closed_with(gateway: str, path: str) -> int | None:
    """The code with which a connection is closed that is shown nothing."""
    async with connect(gateway + path, compression=None) as connection:
        told = b""
        with suppress(ConnectionClosedError):
            while True:
                told += await connection.recv(decode=False)
        assert b'"called"' not in told
        return connection.close_code


# --- the database is away ------------------------------------------------------------------------


async def test_what_is_told_without_the_database_is_called_stale(
    own_server: EmbeddedPostgres,
) -> None:
    await migrated(own_server.url)
    morning = clock_at("08:52", speed=60)
    async with gateway_on(own_server.url, morning) as gateway, watching(gateway) as board:
        await board.until(lambda: board.view)
        own_server.kill()
        await board.until(lambda: board.stale_since is not None)
        async with watching(gateway) as late:
            await late.until(lambda: len(late.frames) > 1)
            assert [frame["type"] for frame in late.frames[:2]] == ["snapshot", "stale"]
        await board.until(lambda: board.view["day"] == "open" and board.stale_since is not None)
        types = [frame["type"] for frame in board.frames]
        assert types[types.index("change") + 1] == "stale"
        assert board.stale_since < board.frames[types.index("change")]["now_ms"]


async def test_a_fault_in_one_view_is_not_felt_in_another(
    own_server: EmbeddedPostgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    await migrated(own_server.url)
    noon = clock_at("12:00")
    async with gateway_on(own_server.url, noon) as gateway:
        async with branch_on(own_server.url, noon) as branch:
            await branch.open("1")
            ticket = await branch.visit()
        async with watching(gateway, ticket_path(ticket)) as page, watching(gateway) as board:
            await page.reaches(3)
            await board.reaches(3)
            monkeypatch.setattr(TicketFace, "draw", _fail)
            for _ in range(2):
                own_server.kill()
                await board.until(lambda: board.stale_since is not None)
                own_server.restart()
                await board.until(lambda: board.stale_since is None)


def _fail(*_: object) -> None:
    raise RuntimeError("a fault of our own")


async def test_a_gateway_that_never_knew_anything_lets_its_clients_go_and_stops() -> None:
    gateway = Gateway(NOWHERE, clock_at("12:00"))
    await gateway.start()
    async with watching(gateway.address) as board:
        await board.until(lambda: board.stale_since is not None)
        assert board.stale_since == 0
        assert await gateway.end(signal.SIGTERM) == 0


async def test_a_ticket_that_the_database_has_lost_is_no_longer_shown(
    database_url: str, pool: Pool
) -> None:
    noon = clock_at("12:00")
    async with gateway_on(database_url, noon) as gateway:
        async with branch_on(database_url, noon) as branch:
            await branch.open("1")
            kept, lost = await branch.visit(), await branch.visit()
        async with (
            watching(gateway, ticket_path(kept)) as one,
            watching(gateway, ticket_path(lost)) as other,
        ):
            await one.reaches(4)
            await other.reaches(4)
            await pool.execute("DELETE FROM event WHERE seq > 3")
            await write_silently(pool, take())
            async with asyncio.timeout(PATIENCE), other.heard:
                await other.heard.wait_for(lambda: other.closed_with == UNKNOWN)
            await one.until(lambda: one.frames[-1]["type"] == "heartbeat")
            assert one.closed_with is None


# --- made up -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        *("//[", "/v1/branches/%00/board", "/v1/branches/%FF/board", "/v1/branches//board"),
        *("/", "/v1/branches/../board", f"{BOARD}/more", f"/v1/branches/{BRANCH}/tickets/"),
        f"/v1/branches/{BRANCH}/tickets/%D1%8F%00%FF",
    ],
)
async def test_an_address_of_nothing_is_closed_as_unknown(database_url: str, path: str) -> None:
    async with gateway_on(database_url, clock_at("12:00")) as gateway:
        assert await closed_with(gateway, path) == UNKNOWN


@pytest.mark.parametrize(
    "query",
    [
        *("after=-1", "after=99999999999999999999", "after=x", "after=%F0%9F%98%80", "after="),
        *("after=999999999&date=2020-03-19", "after=1&date=yesterday", "date=%00", "&&==%"),
    ],
)
async def test_a_resumption_that_means_nothing_gives_the_board(
    database_url: str, query: str
) -> None:
    noon = clock_at("12:00")
    async with gateway_on(database_url, noon) as gateway, branch_on(database_url, noon) as branch:
        await branch.open("1")
        async with watching(gateway, f"{BOARD}?{query}") as board:
            await board.reaches(2)
            assert board.frames[0]["type"] == "snapshot"
            (place,) = await branch.visits_called("1", 1)
            await board.reaches(place)
            assert [call["seq"] for call in board.called] == [place]


async def test_guessed_tickets_of_many_days_cost_the_boards_nothing(database_url: str) -> None:
    noon = clock_at("12:00")
    days = [DATE + dt.timedelta(days=ahead) for ahead in range(-3, 370)]
    async with gateway_on(database_url, noon) as gateway, branch_on(database_url, noon) as branch:
        await branch.open("1")
        async with watching(gateway) as board:
            await board.reaches(2)
            guesses = [ticket_path(new_ticket_id(day)) for day in days]
            codes = await asyncio.gather(*(closed_with(gateway, guess) for guess in guesses))
            assert set(codes) == {UNKNOWN}
            (place,) = await branch.visits_called("1", 1)
            await board.reaches(place)


async def test_a_ticket_is_shown_though_its_hint_has_not_come(
    database_url: str, pool: Pool
) -> None:
    noon = clock_at("12:00")
    async with gateway_on(database_url, noon) as gateway, branch_on(database_url, noon) as branch:
        await branch.open("1")
        async with watching(gateway) as board:
            await board.reaches(2)
            ticket = new_ticket_id(DATE)
            await write_silently(pool, take(ticket=ticket))
            async with watching(gateway, ticket_path(ticket)) as page:
                await page.reaches(3)
                assert page.view["id"] == ticket
