"""The manager's page as a browser test opens it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.browser.stage import texts
from tests.contract.http_client import HERE, local

if TYPE_CHECKING:
    from playwright.async_api import Locator, Page

    from tests.browser.stage import Stage
    from tests.contract.http_client import Client

PARTS = ("today", "plan", "regime", "reports", "audit", "sanitation", "devices")
READY = {
    "today": ".charts",
    "plan": ".sections .entry",
    "regime": ".regime",
    "reports": ".period",
    "audit": ".period",
    "sanitation": ".period",
    "devices": ".devices",
}
T = texts("manager", "ru")


async def office(stage: Stage, part: str, **options: Any) -> Page:  # noqa: ANN401
    """A part of the manager's page, shown at the client's time."""
    await stage.client.get(f"{HERE}/board")
    page = await stage.open("manager", "manager", **options)
    await page.wait_for_selector(".parts a")
    await turn(page, part)
    return page


async def turn(page: Page, part: str) -> None:
    """Turns to another part."""
    await page.locator(f'.parts a[href="#{part}"]').click()
    await page.wait_for_selector(READY[part])


def figure(page: Page, name: str) -> Locator:
    """The number of a card."""
    return page.locator(".figure").filter(has=page.get_by_text(name, exact=True)).locator("b")


def entry(page: Page, name: str) -> Locator:
    """A value of the plan by the name that the service gives it."""
    return page.locator(f"#plan-{name}")


async def serve(client: Client, day: int, arrives: str, called: str) -> None:
    """Somebody comes on an ordinary day and is served at counter 1 ten minutes after the call."""
    client.clock(local(day, arrives))
    ticket = await client.take()
    await client.counter("1", "open")
    client.clock(local(day, called))
    await client.counter("1", "call-next")
    await client.act(ticket, "start")
    await client.act(ticket, "finish")


async def plan_value(client: Client, name: str) -> Any:  # noqa: ANN401 - any value of a plan
    plan = (await client.get(f"{HERE}/plan", "manager")).body
    return next(one["value"] for one in plan["values"] if one["name"] == name)
