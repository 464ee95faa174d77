"""The gateway dies, the database dies, a client sleeps: boards recover, and no call is missed."""

from __future__ import annotations

import asyncio
import signal
import socket
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

import msgspec
from websockets.asyncio.client import connect

from tests.conftest import migrated
from tests.integration.frames import faults
from tests.integration.gateway_stage import (
    BOARD,
    RECOVERY,
    branch_on,
    clock_at,
    gateway_on,
    gateway_process_on,
    watching,
)

if TYPE_CHECKING:
    from websockets.asyncio.client import ClientConnection

    from queue_service.machine.postgres import EmbeddedPostgres
    from tests.integration.gateway_stage import Watcher

BOARDS = 5


async def boards_on(stack: AsyncExitStack, gateway: str) -> list[Watcher]:
    return [await stack.enter_async_context(watching(gateway)) for _ in range(BOARDS)]


async def all_reach(boards: list[Watcher], seq: int, seconds: float = RECOVERY) -> None:
    await asyncio.gather(*(board.reaches(seq, seconds) for board in boards))


async def test_a_killed_gateway_comes_back_and_no_call_is_missed(database_url: str) -> None:
    noon = clock_at("12:00")
    async with (
        gateway_process_on(database_url, noon) as gateway,
        branch_on(database_url, noon) as branch,
        AsyncExitStack() as stack,
    ):
        boards = await boards_on(stack, gateway.address)
        await branch.open("1")
        places = await branch.visits_called("1", 3)
        await all_reach(boards, places[-1], seconds=20)
        await gateway.end(signal.SIGKILL)
        places += await branch.visits_called("1", 15)
        await gateway.start()
        places += await branch.visits_called("1", 3)
        await all_reach(boards, places[-1])
        for board in boards:
            assert [call["seq"] for call in board.called] == places


async def test_a_gateway_that_is_told_to_stop_ends_cleanly(database_url: str) -> None:
    noon = clock_at("12:00")
    async with (
        gateway_process_on(database_url, noon) as gateway,
        watching(gateway.address) as board,
    ):
        await board.until(lambda: board.view)
        assert await gateway.end(signal.SIGTERM) == 0


async def test_a_killed_database_comes_back_and_no_call_is_missed(
    own_server: EmbeddedPostgres,
) -> None:
    await migrated(own_server.url)
    noon = clock_at("12:00")
    async with (
        gateway_process_on(own_server.url, noon) as gateway,
        branch_on(own_server.url, noon) as branch,
        AsyncExitStack() as stack,
    ):
        boards = await boards_on(stack, gateway.address)
        await branch.open("1")
        places = await branch.visits_called("1", 3)
        await all_reach(boards, places[-1], seconds=20)
        last = boards[0].frames[-1]["now_ms"]
        own_server.kill()
        for board in boards:
            await board.until(lambda board=board: board.stale_since is not None, RECOVERY)
            assert abs(board.stale_since - last) < 1000 * RECOVERY
            assert faults(board.frames) == []
        own_server.restart()
        places += await branch.visits_called("1", 3)
        await all_reach(boards, places[-1])
        for board in boards:
            assert [call["seq"] for call in board.called] == places


async def test_who_comes_while_the_database_is_away_is_told_so_and_served_later(
    own_server: EmbeddedPostgres,
) -> None:
    await migrated(own_server.url)
    noon = clock_at("12:00")
    async with gateway_process_on(own_server.url, noon) as gateway:
        async with branch_on(own_server.url, noon) as branch:
            await branch.open("1")
            async with watching(gateway.address) as early:
                await early.reaches(2)
                own_server.kill()
                await early.until(lambda: early.stale_since is not None, RECOVERY)
        async with watching(gateway.address) as late:
            await late.until(lambda: late.stale_since is not None)
            own_server.restart()
            await late.reaches(2, RECOVERY)


async def test_a_client_that_sleeps_holds_nobody_up_and_wakes_to_a_snapshot(
    database_url: str,
) -> None:
    noon = clock_at("12:00")
    async with (
        gateway_on(database_url, noon) as gateway,
        branch_on(database_url, noon) as branch,
        watching(gateway) as awake,
        connect(gateway + BOARD, compression=None, max_queue=1, sock=_narrow(gateway)) as asleep,
    ):
        await branch.open("1")
        places = []
        for number in range(40):
            await branch.open(message={"kk": f"{number}" * 10_000})
            places += await branch.visits_called("1", 1)
            await awake.reaches(places[-1])
        assert [call["seq"] for call in awake.called] == places
        called, kinds = await _told(asleep, places[-1])
    assert called == places
    assert kinds[0] == "snapshot"
    assert kinds.count("snapshot") == 2
    assert len(kinds) < len(awake.frames)


def _narrow(gateway: str) -> socket.socket:
    """A connection that holds little of what nobody reads."""
    host, _, port = gateway.removeprefix("ws://").partition(":")
    narrow = socket.socket()
    narrow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    narrow.connect((host, int(port)))
    return narrow


async def _told(client: ClientConnection, until: int) -> tuple[list[int], list[str]]:
    """Places of the calls that a client is told of up to a place, and the types of its frames."""
    seq, called, kinds = 0, list[int](), list[str]()
    while seq < until:
        frame = msgspec.json.decode(await client.recv())
        kinds.append(frame["type"])
        called += [call["seq"] for call in frame.get("called", ()) if call["seq"] > seq]
        seq = frame["seq"]
    return called, kinds
