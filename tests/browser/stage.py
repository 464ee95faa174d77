"""A stage for a browser test: service, gateway, database, and pages that are opened on them."""

from __future__ import annotations

import shutil
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import msgspec
from playwright.async_api import expect

from tests.browser.gateways import Gateway, GatewayHere, GatewayProcess
from tests.browser.mistakes import Mistakes
from tests.contract.http_client import BRANCH, Client, client_of, settings_for
from tests.ports import free_port

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from playwright.async_api import Browser, BrowserContext, Locator, Page

ROOT = Path(__file__).resolve().parents[2]
AXE = Path(__file__).parent / "vendor" / "axe.min.js"
CHROMIUMS = ("chromium-headless-shell", "chromium")
"""Debian's two builds of it; the first, without windows, needs half the processor time."""
SWITCHES = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--autoplay-policy=no-user-gesture-required",
)
PHONE = (360, 740)
TABLET = (1280, 800)
DESK = (1366, 768)
KIOSK = (1080, 1920)
BOARD = (1920, 1080)
PATIENCE = 60_000
"""Milliseconds for what must happen: machines of CI are slow, `kezek bench` measures speed."""
OVERFLOW = Path(__file__).parent / "overflow.js"
DRAWN = (
    "() => new Promise((d) => requestAnimationFrame(() => requestAnimationFrame(() => d(null))))"
)
"""Until what depends on the size of the window is there."""


def chromium() -> str | None:
    """The program of the browser; None where this machine has none."""
    return next(filter(None, map(shutil.which, CHROMIUMS)), None)


class Stage:
    """What a test needs: `client` asks the service and moves its time, `open` shows a page."""

    def __init__(self, client: Client, gateway: Gateway, browser: Browser) -> None:
        self.client = client
        self.gateway = gateway
        self._browser = browser
        self._contexts: list[BrowserContext] = []
        self.mistakes = Mistakes()

    async def context(
        self,
        size: tuple[int, int] = DESK,
        language: str = "ru",
        **options: Any,  # noqa: ANN401 - as Playwright has them
    ) -> BrowserContext:
        """A browser of its own (storage, network) with a window of `size` pixels.

        Of languages like "kk,ru" it speaks the first: a browser has one.
        """
        locale = language.partition(",")[0]
        context = await self._browser.new_context(
            viewport={"width": size[0], "height": size[1]}, locale=locale, **options
        )
        context.set_default_timeout(PATIENCE)
        self._contexts.append(context)
        self.mistakes.watch(context)
        return context

    async def open(
        self,
        page: str,
        role: str = "",
        size: tuple[int, int] = DESK,
        language: str = "ru",
        context: BrowserContext | None = None,
        **query: str,
    ) -> Page:
        """A page such as `kiosk` in a browser of its own, signed in with the token of a role.

        An error that the page does not catch, or writes to its console, fails the test when the
        stage is taken down.
        """
        context = context or await self.context(size, language)
        shown = await context.new_page()
        await self.go(shown, page, role, lang=language, **query)
        return shown

    async def go(self, shown: Page, page: str, role: str = "", **query: str) -> None:
        """Leads an open tab to a page."""
        fragment = ""
        if role:
            token = self.client.tokens[role]
            fragment = "#" + urlencode({"token": token, "branch": BRANCH, "role": role})
        folder = f"{page}/" if page else ""
        await shown.goto(f"{self.client.api}/{folder}?{urlencode(query)}{fragment}")

    async def close(self) -> None:
        """Closes every browser that was opened."""
        for context in self._contexts:
            await context.close()


@asynccontextmanager
async def staged(
    database_url: str,
    browser: Browser,
    tokens: dict[str, str] | None = None,
    *,
    gateway_process: bool = False,
    **changes: object,
) -> AsyncIterator[Stage]:
    """A stage on a database, in driven time unless `changes` of the settings say otherwise.

    Without tokens the database is furnished first.

    The gateway runs in this process, which is a second quicker, unless the test kills it.
    """
    settings = settings_for(database_url, gateway_port=free_port(), **changes)
    gateway: Gateway = (GatewayProcess if gateway_process else GatewayHere)(settings)
    async with client_of(database_url, tokens, gateway_url=gateway.address, **changes) as client:
        await gateway.start()
        stage = Stage(client, gateway, browser)
        try:
            yield stage
        finally:
            await stage.close()
            await gateway.kill()
        found = stage.mistakes.take()
        assert not found, "\n".join(found)


async def click_twice(page: Page, button: Locator, then: Locator) -> None:
    """A double click whose second click meets `then`, which the first one made appear."""
    await page.mouse.click(*await centre(button))
    await expect(then).to_be_visible()
    await expect(button.and_(page.locator('[aria-busy="true"]'))).to_have_count(0)
    await page.mouse.move(*await centre(then))
    await page.mouse.down(click_count=2)
    await page.mouse.up(click_count=2)


async def centre(shown: Locator) -> tuple[float, float]:
    """Where a person would press, in pixels of the window."""
    await shown.scroll_into_view_if_needed()
    box = await shown.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


async def ills(page: Page, *sizes: tuple[int, int]) -> list[str]:
    """What is wrong with a page for somebody: by axe-core, and in windows of these sizes."""
    found = await violations(page)
    usual = page.viewport_size
    assert usual is not None
    for width, height in sizes:
        await page.set_viewport_size({"width": width, "height": height})
        await page.evaluate(DRAWN)
        found += [f"{width} pixels wide: {one}" for one in await overflows(page)]
    await page.set_viewport_size(usual)
    return found


async def violations(page: Page) -> list[str]:
    """What axe-core finds wrong with a page, a line for each element; empty when nothing."""
    if not await page.evaluate("'axe' in window"):
        await page.evaluate(AXE.read_text(encoding="utf-8"))
    found = await page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{one['id']}: {node['html'][:120]} {node['failureSummary'][:200]}"
        for one in found["violations"]
        for node in one["nodes"]
    ]


async def overflows(page: Page) -> list[str]:
    """Elements that stick out of the window or cut their text off; empty when nothing does.

    A part that scrolls on purpose carries `data-scrolls` or the class `table-scroll`.
    """
    await page.evaluate("() => document.fonts.ready.then(() => null)")
    found: list[str] = await page.evaluate(OVERFLOW.read_text(encoding="utf-8"))
    return found


async def scrolling(page: Page) -> list[str]:
    """The names of tables that have to be scrolled sideways."""
    found: list[str] = await page.locator(".table-scroll").evaluate_all(
        "all => all.filter(one => one.scrollWidth > one.clientWidth).map(one => one.ariaLabel)"
    )
    return found


def texts(page: str, language: str) -> dict[str, Any]:
    """The catalogue of a page's words, shared ones included."""
    folder = ROOT / "displays" / "web" / "texts" / language
    words: dict[str, Any] = {}
    for name in ("shared", page):
        words |= msgspec.json.decode((folder / f"{name}.json").read_bytes())
    return words
