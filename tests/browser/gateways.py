"""The gateway of a browser test: in the test's own process, or in one that may be killed."""

from __future__ import annotations

import asyncio
import os
import sys
from contextlib import AsyncExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from displays import app
from tests.acceptance.waiting import wait_until

if TYPE_CHECKING:
    from queue_service.settings import Settings

ROOT = Path(__file__).resolve().parents[2]


class Gateway(Protocol):
    """A gateway on the port that its settings name."""

    address: str
    """As browsers reach it."""

    async def start(self) -> None:
        """Returns when it takes connections."""

    async def kill(self) -> None:
        """Ends it."""


class GatewayHere:
    """In the test's own process and event loop."""

    def __init__(self, settings: Settings) -> None:
        self.address = _address(settings)
        self._settings = settings
        self._running = AsyncExitStack()

    async def start(self) -> None:
        """Returns when it takes connections."""
        await self._running.enter_async_context(app.running(self._settings))

    async def kill(self) -> None:
        """Ends it in good order."""
        await self._running.aclose()


class GatewayProcess:
    """`kezek gateway` as it runs in production; it may be killed and started again."""

    def __init__(self, settings: Settings) -> None:
        self.address = _address(settings)
        self._port = settings.gateway_port
        self._environment = {
            **{name: value for name, value in os.environ.items() if "KEZEK" not in name},
            "KEZEK_DATABASE_URL": str(settings.database_url),
            "KEZEK_GATEWAY_PORT": str(settings.gateway_port),
            "KEZEK_CLOCK": str(settings.clock),
            "KEZEK_LOG_LEVEL": "warning",
        }
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        """Returns when it takes connections."""
        self._process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "queue_service", "gateway"), cwd=ROOT, env=self._environment
        )
        await wait_until(self._answers, "the gateway takes connections")

    async def kill(self) -> None:
        """Ends it without a word (SIGKILL)."""
        if self._process is not None and self._process.returncode is None:
            self._process.kill()
            await self._process.wait()

    async def _answers(self) -> bool:
        assert self._process is not None
        assert self._process.returncode is None, "the gateway has ended"
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", self._port)
        except OSError:
            return False
        writer.close()
        return True


def _address(settings: Settings) -> str:
    return f"ws://127.0.0.1:{settings.gateway_port}"
