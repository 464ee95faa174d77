"""One Chromium for all browser tests, a stage for each."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
import pytest_asyncio
from playwright.async_api import async_playwright, expect

from queue_service import store
from tests.browser.stage import PATIENCE, SWITCHES, chromium, staged
from tests.contract.http_client import MONDAY, THURSDAY

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from contextlib import AbstractAsyncContextManager

    from playwright.async_api import Browser

    from tests.browser.stage import Stage
    from tests.conftest import Furnished

REQUIRED = "KEZEK_BROWSER_REQUIRED"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All browser tests share one event loop, for they share one browser."""
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """Debian's Chromium; a machine without it skips, unless a browser is required."""
    program = chromium()
    if program is None:
        if os.environ.get(REQUIRED):
            pytest.fail(f"{REQUIRED} is set and there is no Chromium: install it.")
        pytest.skip(
            "there is no Chromium: apt-get install chromium-headless-shell fonts-dejavu-core"
        )
    async with async_playwright() as playwright:
        expect.set_options(timeout=PATIENCE)
        running = await playwright.chromium.launch(executable_path=program, args=list(SWITCHES))
        yield running
        await running.close()


@pytest_asyncio.fixture(loop_scope="session")
async def pool(database_url: str) -> AsyncIterator[store.Pool]:
    """Connections to this test's database, in the loop of the browser."""
    opened = await store.open_pool(database_url, most=2)
    yield opened
    await opened.close()


@pytest_asyncio.fixture(loop_scope="session")
async def stage(
    database_url: str, furnished: Furnished, browser: Browser, request: pytest.FixtureRequest
) -> AsyncIterator[Stage]:
    """It is Monday, 16 March 2020, 10:00 in Uralsk: who comes walks in."""
    async with _running(database_url, furnished, browser, request) as ready:
        ready.client.clock(MONDAY)
        yield ready


@pytest_asyncio.fixture(loop_scope="session")
async def thursday(
    database_url: str, furnished: Furnished, browser: Browser, request: pytest.FixtureRequest
) -> AsyncIterator[Stage]:
    """It is Thursday, 19 March 2020, 10:00: groups, pauses for sanitation."""
    async with _running(database_url, furnished, browser, request) as ready:
        ready.client.clock(THURSDAY)
        yield ready


def _running(
    database_url: str, furnished: Furnished, browser: Browser, request: pytest.FixtureRequest
) -> AbstractAsyncContextManager[Stage]:
    kills = request.node.get_closest_marker("kills_gateway") is not None
    return staged(database_url, browser, furnished.tokens, gateway_process=kills)
