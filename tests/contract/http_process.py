"""`kezek serve` as a process of its own, as production runs it."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import aiohttp

from queue_service import store
from queue_service.catalogue import content
from tests.contract.http_client import MONDAY, SECRET, Client, mint_all, shipped
from tests.ports import free_port

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

READY_SECONDS = 300


class Process:
    """A running replica and what it has logged."""

    def __init__(self, process: asyncio.subprocess.Process, api: str, log: Path) -> None:
        self._process = process
        self.api = api
        self.log = log

    async def stop(self) -> int:
        """Asks it to stop as an operating system does; its exit status."""
        self._process.send_signal(signal.SIGTERM)
        return await self._process.wait()


def environment(database_url: str, port: int, **settings: str) -> dict[str, str]:
    """What a replica finds in its environment; it is Monday, 10:00, and time goes on."""
    monday, now = int(MONDAY.timestamp() * 1000), int(time.time() * 1000)
    given = {
        "KEZEK_DATABASE_URL": database_url,
        "KEZEK_PORT": str(port),
        "KEZEK_SECRET": SECRET,
        "KEZEK_CLOCK": f"scaled:{monday}:{now}:1",
        **settings,
    }
    kept = {name: value for name, value in os.environ.items() if not name.startswith("KEZEK_")}
    return kept | given


@asynccontextmanager
async def serving(database_url: str, log: Path, **settings: str) -> AsyncIterator[Process]:
    """A replica that is ready; it is stopped at the end."""
    port = free_port()
    with log.open("wb") as stderr:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "queue_service", "serve"),
            env=environment(database_url, port, **settings),
            stderr=stderr,
        )
    running = Process(process, f"http://127.0.0.1:{port}", log)
    try:
        await _ready(running.api)
        yield running
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def _ready(api: str) -> None:
    async with asyncio.timeout(READY_SECONDS), aiohttp.ClientSession() as session:
        while True:
            try:
                async with session.get(f"{api}/readyz") as reply:
                    if reply.status == 200:
                        return
            except aiohttp.ClientConnectionError:
                pass
            await asyncio.sleep(0.05)


@asynccontextmanager
async def clients(database_url: str, *apis: str) -> AsyncIterator[list[Client]]:
    """A client of each address, all with the same tokens."""
    async with await store.open_pool(database_url, most=2) as pool:
        made = await mint_all(pool)
    async with aiohttp.ClientSession() as session:
        yield [Client(api, session, made) for api in apis]


async def load_catalogue(database_url: str) -> None:
    """Stores the shipped catalogue."""
    async with await store.open_pool(database_url, most=2) as pool:
        await content.store(pool, shipped())
