"""What the gateway answers to those who run it, and to an address with too many connections."""

from __future__ import annotations

from contextlib import AsyncExitStack
from ipaddress import ip_network
from typing import TYPE_CHECKING, Any

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from queue_service.origins import Origins
from tests.conftest import migrated
from tests.integration.days import BRANCH
from tests.integration.gateway_figures import figures, got, until_figures
from tests.integration.gateway_stage import (
    BOARD,
    PATIENCE,
    branch_on,
    clock_at,
    gateway_on,
    ticket_path,
    watching,
)

if TYPE_CHECKING:
    from websockets.asyncio.client import ClientConnection

    from queue_service.machine.postgres import EmbeddedPostgres
    from tests.integration.gateway_figures import Figures

LOOPBACK = (ip_network("127.0.0.1"),)


# --- figures -------------------------------------------------------------------------------------


async def test_figures_tell_who_watches_and_how_soon_news_come(database_url: str) -> None:
    noon = clock_at("12:00")
    async with gateway_on(database_url, noon) as gateway, branch_on(database_url, noon) as branch:
        await branch.open("1")
        ticket = await branch.visit()
        async with (
            watching(gateway) as board,
            watching(gateway) as other,
            watching(gateway, ticket_path(ticket)) as page,
        ):
            for watcher in (board, other, page):
                await watcher.reaches(3)
            place, _ = await branch.call("1")
            for watcher in (board, other, page):
                await watcher.reaches(place)
            found = await figures(gateway)
            assert found["kezek_gateway_connections", "board"] == 2
            assert found["kezek_gateway_connections", "ticket"] == 1
            assert found["kezek_gateway_frames_total",] >= 6
            assert found["kezek_gateway_sent_bytes_total",] > 6 * 200
            assert found["kezek_gateway_tail_lag_seconds_count",] == 1
            assert 0 < found["kezek_gateway_tail_lag_seconds_sum",] < PATIENCE
            assert 0 <= found["kezek_gateway_board_age_seconds", BRANCH] < PATIENCE
            assert found["kezek_gateway_stale",] == 0
            assert found["process_resident_memory_bytes",] > 0
            assert ticket not in str(found)
        nobody: Figures = {("kezek_gateway_connections", face): 0.0 for face in ("board", "ticket")}
        found = await until_figures(gateway, nobody)
        assert ("kezek_gateway_board_age_seconds", BRANCH) not in found


async def test_an_address_of_nothing_is_counted_and_one_who_leaves_is_not(
    database_url: str,
) -> None:
    async with gateway_on(database_url, clock_at("12:00")) as gateway:
        async with watching(gateway) as board:
            await board.until(lambda: board.view)
        async with watching(gateway, "/v1/branches/nowhere/board") as nothing:
            await nothing.until(lambda: nothing.closed_with)
        wanted: Figures = {("kezek_gateway_refused_total", "unknown"): 1.0}
        found = await until_figures(gateway, wanted)
        assert found["kezek_gateway_refused_total", "address"] == 0


async def test_without_a_database_it_lives_is_not_ready_and_its_boards_age(
    own_server: EmbeddedPostgres,
) -> None:
    await migrated(own_server.url)
    noon = clock_at("12:00")
    async with gateway_on(own_server.url, noon) as gateway, watching(gateway) as board:
        await board.until(lambda: board.view)
        assert (await got(gateway, "/readyz?verbose"))[::2] == (200, "ready\n")
        own_server.kill()
        await board.until(lambda: board.stale_since is not None)
        assert (await got(gateway, "/healthz"))[::2] == (200, "ok\n")
        assert (await got(gateway, "/readyz"))[::2] == (503, "The journal cannot be read.\n")
        stale = await until_figures(gateway, {("kezek_gateway_stale",): 1.0})
        board.frames.clear()
        await board.until(lambda: board.frames)
        older = await figures(gateway)
        age = ("kezek_gateway_board_age_seconds", BRANCH)
        assert older[age] > stale[age]


# --- so many from an address ---------------------------------------------------------------------


def connected(gateway: str, forwarded: str = "", **options: Any) -> connect:  # noqa: ANN401
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    return connect(gateway + BOARD, compression=None, additional_headers=headers, **options)


async def refusal(asked: connect) -> tuple[int, str]:
    """Status and text of what a client is answered in place of a WebSocket."""
    with pytest.raises(InvalidStatus) as refused:
        async with asked:
            pass
    answer = refused.value.response
    assert answer.headers["Retry-After"] == "10"
    assert answer.body is not None
    return answer.status_code, bytes(answer.body).decode()


async def hears(client: ClientConnection) -> bool:
    """Whether it is served."""
    return b'"snapshot"' in await client.recv(decode=False)


async def test_an_address_has_so_many_connections_and_another_its_own(database_url: str) -> None:
    limit = {"gateway_connections_per_address": 2}
    async with (
        gateway_on(database_url, clock_at("12:00"), **limit) as gateway,
        AsyncExitStack() as stack,
    ):
        one = await stack.enter_async_context(connected(gateway))
        other = await stack.enter_async_context(connected(gateway, "10.0.0.9"))
        assert await hears(one)
        assert await hears(other)
        status, said = await refusal(connected(gateway, "10.0.0.8"))
        assert status == 429
        assert said.startswith("127.0.0.1 has 2 connections already")
        assert "KEZEK_GATEWAY_CONNECTIONS_PER_ADDRESS" in said
        assert (await got(gateway, "/healthz"))[0] == 200
        async with connected(gateway, local_addr=("127.0.0.2", 0)) as elsewhere:
            assert await hears(elsewhere)
        await one.close()
        wanted: Figures = {("kezek_gateway_connections", "board"): 1.0}
        found = await until_figures(gateway, wanted)
        assert found["kezek_gateway_refused_total", "address"] == 1
        async with connected(gateway) as again:
            assert await hears(again)


async def test_clients_behind_a_trusted_proxy_are_told_apart(database_url: str) -> None:
    limit = {"gateway_connections_per_address": 1, "trusted_proxies": LOOPBACK}
    async with (
        gateway_on(database_url, clock_at("12:00"), **limit) as gateway,
        connected(gateway, "10.0.0.8") as one,
        connected(gateway, "10.0.0.9") as other,
    ):
        assert await hears(one)
        assert await hears(other)
        status, said = await refusal(connected(gateway, "1.1.1.1, 10.0.0.9"))
        assert (status, said.split()[0]) == (429, "10.0.0.9")


async def test_no_limit_is_none(database_url: str) -> None:
    limit = {"gateway_connections_per_address": 0}
    async with (
        gateway_on(database_url, clock_at("12:00"), **limit) as gateway,
        AsyncExitStack() as stack,
    ):
        for _ in range(5):
            assert await hears(await stack.enter_async_context(connected(gateway)))


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("5.5.5.5", ["1.1.1.1"], "5.5.5.5"),
        ("10.0.0.1", [], "10.0.0.1"),
        ("10.0.0.1", ["1.1.1.1, 2.2.2.2"], "2.2.2.2"),
        ("10.0.0.1", ["1.1.1.1, 2.2.2.2, 10.0.0.2"], "2.2.2.2"),
        ("10.0.0.1", ["1.1.1.1", "2.2.2.2"], "2.2.2.2"),
        ("10.0.0.1", ["10.0.0.3"], "10.0.0.3"),
        ("10.0.0.1", ["1.1.1.1, unknown"], "10.0.0.1"),
        ("10.0.0.1", [""], "10.0.0.1"),
        ("::ffff:10.0.0.1", ["2.2.2.2"], "2.2.2.2"),
        ("10.0.0.1", ["2001:db8:1:2:3:4:5:6"], "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", [], "2001:db8:1:2::/64"),
        ("", [], ""),
    ],
)
def test_whose_connection_it_is(peer: str, forwarded: list[str], client: str) -> None:
    origins = Origins((ip_network("10.0.0.0/24"),))
    assert origins.client(peer, forwarded) == client
