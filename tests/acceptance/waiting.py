"""Waits for what another process does, with a limit that only a failure reaches."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

PATIENCE_SECONDS = 30.0
POLL_SECONDS = 0.02


async def wait_until(holds: Callable[[], bool], what: str) -> None:
    """Returns as soon as the condition holds; fails naming it when it does not come to hold."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not holds():  # noqa: ASYNC110 - another process sets no event of ours
            await asyncio.sleep(POLL_SECONDS)
    assert holds(), what
