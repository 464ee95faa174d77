"""A service and a gateway over a fresh database, and who calls there."""

from __future__ import annotations

import contextlib
import secrets
import time
from typing import TYPE_CHECKING, Final, NamedTuple

from benchmarks import country
from benchmarks.callers import Callers
from queue_service.access import tokens
from queue_service.catalogue import content
from queue_service.machine.processes import (
    Child,
    choose_port,
    gateway_child,
    service_child,
    wait_until_ready,
)
from queue_service.migrations import migrate
from queue_service.settings import ClockSetting
from queue_service.store import open_pool

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from queue_service.machine.postgres import EmbeddedPostgres

HOST: Final = "127.0.0.1"


class Servers(NamedTuple):
    """Two processes that are ready: the service at `api`, the gateway at `address`."""

    callers: Callers
    service: Child
    api: str
    gateway: Child
    address: str

    async def until_served(self) -> None:
        """Returns when the service answers again."""
        await wait_until_ready(f"{self.api}/readyz", self.service)


@contextlib.asynccontextmanager
async def servers(server: EmbeddedPostgres, folder: Path, branches: int) -> AsyncIterator[Servers]:
    """A service and a gateway with that many branches, ready, and who calls there."""
    kiosk, operator = await _fill(server.url, branches)
    clock = str(ClockSetting("scaled", country.BEGIN, time.time_ns() // 1_000_000, 1.0))
    port, gateway_port = (choose_port(HOST, 0, 0) for _ in range(2))
    secret = secrets.token_urlsafe(32)
    service = service_child(server.url, (HOST, port), clock, secret, folder / "service.log")
    gateway = gateway_child(server.url, (HOST, gateway_port), clock, folder / "gateway.log")
    gateway.environment["KEZEK_GATEWAY_CONNECTIONS_PER_ADDRESS"] = "0"
    service.environment["KEZEK_GATEWAY_URL"] = f"ws://{HOST}:{gateway_port}"
    api, address = f"http://{HOST}:{port}", f"{HOST}:{gateway_port}"
    async with contextlib.AsyncExitStack() as stack:
        for child, its in ((service, api), (gateway, f"http://{address}")):
            await child.start()
            stack.push_async_callback(child.stop)
            await wait_until_ready(f"{its}/readyz", child)
        callers = await stack.enter_async_context(Callers(api, kiosk=kiosk, operator=operator))
        yield Servers(callers, service, api, gateway, f"ws://{address}")


async def _fill(url: str, branches: int) -> tuple[str, str]:
    """Puts the country into the database; returns tokens of a kiosk and of an operator."""
    async with await open_pool(url, most=1, name="kezek bench") as pool:
        async with pool.acquire() as connection:
            await migrate(connection)
        await content.store(pool, country.catalogue(branches))
        return await tokens.mint(pool, "kiosk"), await tokens.mint(pool, "operator")
