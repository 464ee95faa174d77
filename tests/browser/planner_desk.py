"""The planner's page as a browser test opens it, and short days that are soon simulated."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from tests.browser.stage import PATIENCE, texts
from tests.worker_process import working

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from playwright.async_api import Locator, Page

    from tests.browser.stage import Stage
    from tests.contract.http_client import Client

SCENARIOS, SIMULATIONS = "/v1/scenarios", "/v1/simulations"
OVER = ("done", "failed", "cancelled")
T = texts("planner", "ru")
Shown = dict[str, Any]


async def saturday(client: Client, title: str = "Суббота", **rules: object) -> Shown:
    """A short day on which groups go in and the hall is cleaned, kept as a scenario."""
    found = (await client.get(f"{SCENARIOS}/ordinary-week", "planner")).body["scenario"]
    groups = {"group_admission": True, "group_size": 20, "sanitation_every_minutes": 60}
    scenario = found | {"title": title, "days": found["days"][-1:], "rules": groups | rules}
    answer = await client.post(SCENARIOS, {"scenario": scenario}, "planner")
    assert answer.status == 201, answer.raw
    saved: Shown = answer.body
    return saved


async def started(client: Client, title: str, scenario: Shown, **more: Any) -> str:  # noqa: ANN401
    """The id of a simulation that waits for a worker."""
    body = {"title": title, "scenario": scenario, "replications": 4} | more
    answer = await client.post(SIMULATIONS, body, "planner")
    assert answer.status == 201, answer.raw
    return str(answer.body["id"])


async def finished(client: Client, simulation: str) -> Shown:
    """The simulation once it is over."""
    async with asyncio.timeout(PATIENCE / 1000 * 3):
        while True:
            shown: Shown = (await client.get(f"{SIMULATIONS}/{simulation}", "planner")).body
            if shown["state"] in OVER:
                return shown
            await asyncio.sleep(0.2)


@asynccontextmanager
async def at_work(database_url: str, folder: Path) -> AsyncIterator[None]:
    """A worker process takes what waits."""
    async with working(database_url, folder / "worker.log"):
        yield


async def ran(stage: Stage, database_url: str, folder: Path, **tight: object) -> str:
    """A simulation that is done: a Saturday beside the same one under other rules."""
    scenario = (await saturday(stage.client))["scenario"]
    rules = scenario["rules"] | (tight or {"group_size": 5, "hall_limit": 10})
    versus = scenario | {"title": "Группы по 5", "rules": rules}
    simulation = await started(stage.client, "Две субботы", scenario, versus=versus)
    async with at_work(database_url, folder):
        assert (await finished(stage.client, simulation))["state"] == "done"
    return simulation


async def desk(stage: Stage, place: str = "scenarios", **options: Any) -> Page:  # noqa: ANN401
    """The page at a place such as `run/3f2a`."""
    page = await stage.open("planner", "planner", **options)
    await page.wait_for_selector(".parts a")
    await go(page, place)
    return page


async def go(page: Page, place: str) -> None:
    """Turns to another place of the page, as its links do."""
    await page.evaluate("place => { location.hash = place; }", place)


def value(page: Page, path: str) -> Locator:
    """The field of a scenario's value, such as `days.0.visits`."""
    return page.locator(f"#field-{path.replace('.', '-')}")


def fold(page: Page, path: str) -> Locator:
    """What is pressed to unfold a part of the form."""
    return page.locator(f'[data-place="{path}"] > summary')


def command(page: Page, name: str) -> Locator:
    """A button by what it does."""
    return page.locator(f'[data-command="{name}"]')
