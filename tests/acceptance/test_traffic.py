"""Simulated visitors on a scaled clock: the branch is alive, and they stop when asked to."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING

import aiohttp
import msgspec

from queue_service.machine.postgres import EmbeddedPostgres
from queue_service.machine.replay import own_service
from schemas.wire_figures import DayFigures
from simulation.live.tokens import read_tokens
from tests.folders import server_folder

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parents[2]
BRANCH = "uralsk-2"
MORNING = datetime(2020, 3, 19, 4, 30, tzinfo=UTC)
"""09:30 in Uralsk, on the day of the first groups."""
SPEED = 600
PATIENCE_SECONDS = 60
POLL_SECONDS = 0.2


async def test_visitors_are_served_after_a_crash_too_and_go_when_traffic_is_stopped() -> None:
    clock = f"scaled:{int(MORNING.timestamp() * 1000)}:{int(time.time() * 1000)}:{SPEED}"
    with server_folder() as folder, EmbeddedPostgres(folder) as server:
        async with own_service(server.url, folder, clock) as (api, sign_ins):
            traffic = await _traffic(api, sign_ins)
            await _until(api, sign_ins, lambda day: day.served >= 3 and day.hall_now >= 5)
            traffic.kill()
            await traffic.wait()
            traffic = await _traffic(api, sign_ins)
            await _until(api, sign_ins, lambda day: day.served >= 30 and day.pauses == 1)
            traffic.terminate()
            assert await traffic.wait() == 0


def test_traffic_without_an_address_is_one_sentence() -> None:
    done = subprocess.run(
        [sys.executable, "-P", "-m", "simulation.live.traffic"],
        env={**os.environ, "KEZEK_TOKENS": "{}", "KEZEK_API": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr == "KEZEK_API is not set: give the address of the service, http://...\n"


async def _traffic(api: str, sign_ins: Path) -> asyncio.subprocess.Process:
    tokens = msgspec.json.encode(read_tokens(sign_ins)).decode()
    environment = {**os.environ, "KEZEK_API": api, "KEZEK_TOKENS": tokens}
    return await asyncio.create_subprocess_exec(
        sys.executable, "-P", "-m", "simulation.live.traffic", cwd=ROOT, env=environment
    )


async def _until(api: str, sign_ins: Path, holds: Callable[[DayFigures], bool]) -> None:
    headers = {"Authorization": f"Bearer {read_tokens(sign_ins)['planner']}"}
    address = f"{api}/v1/branches/{BRANCH}/day?date={MORNING.date()}"
    async with asyncio.timeout(PATIENCE_SECONDS), aiohttp.ClientSession(headers=headers) as session:
        while (day := await _day(session, address)) is None or not holds(day):  # noqa: ASYNC110
            await asyncio.sleep(POLL_SECONDS)


async def _day(session: aiohttp.ClientSession, address: str) -> DayFigures | None:
    """The figures; None while the service asks to come again (503)."""
    async with session.get(address) as response:
        if response.status == HTTPStatus.SERVICE_UNAVAILABLE:
            return None
        return msgspec.json.decode(await response.read(), type=DayFigures)
