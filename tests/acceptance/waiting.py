"""Waits for what another process does, with a limit that only a failure reaches."""

from __future__ import annotations

import asyncio
import inspect
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

PATIENCE_SECONDS = 60.0
POLL_SECONDS = 0.02


async def wait_until(holds: Callable[[], bool | Awaitable[bool]], what: str) -> None:
    """Returns as soon as the condition holds; fails naming it when it does not come to hold."""
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not await _value(holds()):  # noqa: ASYNC110 - another process sets no event
                await asyncio.sleep(POLL_SECONDS)
    except TimeoutError:
        raise AssertionError(f"not within {PATIENCE_SECONDS:g} s: {what}") from None


async def _value(answer: bool | Awaitable[bool]) -> bool:
    return await answer if inspect.isawaitable(answer) else answer
