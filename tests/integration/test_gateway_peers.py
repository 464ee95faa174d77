"""Peers that break the rules: they are hung up on, keep nothing, and hold nobody back."""

from __future__ import annotations

import asyncio
import os
import signal
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

import pytest

from displays import app, audience
from tests.integration.gateway_figures import figures, until_figures
from tests.integration.gateway_stage import (
    BOARD,
    PATIENCE,
    branch_on,
    clock_at,
    gateway_on,
    gateway_process_on,
    watching,
)
from tests.integration.raw_peer import (
    BINARY,
    CLOSE,
    CONT,
    PING,
    TEXT,
    connected_to,
    frame,
    stop_reading,
    upgraded,
)

if TYPE_CHECKING:
    from tests.integration.gateway_figures import Figures

BOARDS = ("kezek_gateway_connections", "board")
NOBODY: Figures = {BOARDS: 0.0}
FLOOD = 24_000_000
"""Bytes: more than the buffers of two systems hold."""
FAULTS = {
    "an opcode of nothing": frame(3, b"a"),
    "no mask": frame(TEXT, b"a", is_masked=False),
    "no UTF-8": frame(CLOSE, b"\x03\xe8\xff\xfe"),
    "a long message": frame(TEXT, b"x" * 5000),
    "a length without end": frame(BINARY, length=2**62),
    "an extension": frame(TEXT, b"a", reserved=4),
    "a long ping": frame(PING, b"p" * 200),
    "a continuation of nothing": frame(CONT, b"a"),
    "a close of one byte": frame(CLOSE, b"\x03"),
    "a farewell": frame(CLOSE, b"\x03\xe8bye"),
}


async def test_who_breaks_the_rules_and_stays_is_hung_up_on(database_url: str) -> None:
    noon = clock_at("12:00")
    async with gateway_on(database_url, noon) as gateway, AsyncExitStack() as stack:
        for fault in FAULTS.values():
            _, writer = await stack.enter_async_context(upgraded(gateway))
            writer.write(fault)
        await until_figures(gateway, {BOARDS: float(len(FAULTS))})
        await until_figures(gateway, NOBODY)


async def test_who_asks_and_does_not_read_is_hung_up_on(database_url: str) -> None:
    async with gateway_on(database_url, clock_at("12:00")) as gateway, upgraded(gateway) as peer:
        _, writer = peer
        stop_reading(peer)
        with pytest.raises(ConnectionError):
            await _flood(writer)
        await until_figures(gateway, NOBODY)


async def test_who_neither_reads_nor_answers_is_hung_up_on(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app, "SIGN_OF_LIFE", 2.0)
    monkeypatch.setattr(audience, "LONGEST_SILENCE", 1000.0)
    noon = clock_at("12:00")
    async with (
        gateway_on(database_url, noon) as gateway,
        branch_on(database_url, noon) as branch,
        upgraded(gateway) as peer,
    ):
        stop_reading(peer)
        async with watching(gateway) as board:
            for number in range(10, 30):
                await branch.open(message={"kk": f"{number}" * 20_000})
                await board.reaches(number - 9)
        await until_figures(gateway, NOBODY)


async def _flood(writer: asyncio.StreamWriter) -> None:
    pings = frame(PING, b"p" * 120) * 500
    for _ in range(FLOOD // len(pings)):
        writer.write(pings)
        await writer.drain()


async def test_a_gateway_stops_though_peers_do_not_leave(database_url: str) -> None:
    noon = clock_at("12:00")
    async with gateway_process_on(database_url, noon) as gateway, AsyncExitStack() as stack:
        async with watching(gateway.address) as board:
            await board.until(lambda: board.view)
        for fault in FAULTS.values():
            _, writer = await stack.enter_async_context(upgraded(gateway.address))
            writer.write(fault)
        silent, _ = await stack.enter_async_context(upgraded(gateway.address))
        await silent.read(1)
        assert await gateway.end(signal.SIGTERM) == 0


async def test_noise_holds_nobody_back_and_leaves_nothing(database_url: str) -> None:
    noon = clock_at("12:00")
    async with gateway_on(database_url, noon) as gateway, branch_on(database_url, noon) as branch:
        await branch.open("1")
        async with watching(gateway) as board, asyncio.TaskGroup() as group:
            await board.reaches(2)
            files = ("process_open_fds",)
            before = await figures(gateway)
            for number in range(120):
                group.create_task(_noise(gateway, number))
            places = await branch.visits_called("1", 20)
            await board.reaches(places[-1])
            assert [call["seq"] for call in board.called] == places
        found = await until_figures(gateway, NOBODY)
        async with asyncio.timeout(PATIENCE):
            while found[files] > before[files]:
                found = await figures(gateway)


async def _noise(gateway: str, number: int) -> None:
    if number % 3 == 0:
        async with connected_to(gateway) as (_, writer):
            writer.write(os.urandom(3000))
            await writer.drain()
        return
    async with upgraded(gateway, f"{BOARD}?after={number}&date=2020-03-19") as (_, writer):
        if number % 3 == 1:
            writer.write(frame(TEXT, b"a", is_last=False) + frame(CONT, is_last=False) * 10_000)
        else:
            writer.write(frame(BINARY, os.urandom(900)) * 300)
        await writer.drain()
