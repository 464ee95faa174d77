"""Makes the pictures of docs/screens: `python -m tests.browser.pictures [PAGE...]`.

Every screen in Kazakh and Russian, on a busy Thursday of March 2020, from the real service and the
real gateway: after a change of a page, run it again and look.
"""

from __future__ import annotations

import asyncio
import io
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec
from PIL import Image
from playwright.async_api import async_playwright

from queue_service.machine.postgres import EmbeddedPostgres
from queue_service.machine.state_folder import temporary_state_folder
from tests.browser.planner_desk import SCENARIOS, at_work, finished, started
from tests.browser.stage import BOARD, DESK, KIOSK, SWITCHES, TABLET, chromium, staged
from tests.conftest import migrated
from tests.contract.http_client import BRANCH, local

if TYPE_CHECKING:
    from playwright.async_api import Browser

    from tests.browser.stage import Stage

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "screens"
HANDSET = (390, 844)
COLOURS = 256
SERVICES = ("passport", "identity-card", "old-age-pension", "driving-licence", "birth-benefit")


SIMULATED = {
    "kk": ("19 наурыз: топта 10 адам ба, 5 адам ба", "Топта 10 адам", "Топта 5 адам"),
    "ru": ("19 марта: группы по 10 или по 5", "Группы по 10", "Группы по 5"),
}
"""By language: the name of a run and of the two policies in it."""


class Shot(NamedTuple):
    """A picture: its name, the page, who opens it, the window's size, what is pressed first."""

    name: str
    page: str
    role: str
    size: tuple[int, int]
    press: tuple[str, ...] = ()
    """CSS selectors, one after another; none for the page as it opens."""


SHOTS = (
    Shot("start", "", "", DESK),
    Shot("sign-in", "sign-in", "", DESK),
    Shot("pair", "pair", "", TABLET),
    Shot("kiosk", "kiosk", "kiosk", KIOSK),
    Shot("hall", "hall", "kiosk", BOARD),
    Shot("street", "street", "kiosk", BOARD),
    Shot("ticket", "ticket", "", HANDSET),
    Shot("door", "door", "attendant", TABLET),
    Shot("counter", "counter", "operator", DESK, ('text="3"',)),
    Shot("manager", "manager", "manager", DESK),
    Shot(
        "planner",
        "planner",
        "planner",
        DESK,
        ('a[href="#runs"]', '.run-line a:has-text("{simulated}")'),
    ),
)


async def busy_thursday(stage: Stage) -> dict[str, Any]:
    """Seventy-five visitors came since nine, a group is at the door; gives one of the tickets."""
    client = stage.client
    client.clock(local(19, "09:00"))
    for counter in range(1, 7):
        await client.counter(str(counter), "open")
    tickets = [await client.take(service=SERVICES[n % len(SERVICES)]) for n in range(75)]
    for clock in ("09:10", "09:20", "09:30"):
        client.clock(local(19, clock))
        await _let_in(stage)
    client.clock(local(19, "09:41"))
    await client.release()
    client.clock(local(19, "09:43"))
    for counter in (5, 3, 1):
        await client.counter(str(counter), "call-next")
    return tickets[-5]


async def simulated_thursday(stage: Stage, database_url: str, folder: Path) -> None:
    """The same Thursday as the model has it, with groups of ten and of five, in each language."""
    found = (await stage.client.get(f"{SCENARIOS}/uralsk-2020-03", "planner")).body["scenario"]
    days = [day for day in found["days"] if day["date"] == "2020-03-19"]
    simulations = []
    for title, tens, fives in SIMULATED.values():
        scenario = found | {"days": days, "title": tens}
        versus = scenario | {"title": fives, "rules": {"group_size": 5}}
        simulations.append(
            await started(stage.client, title, scenario, versus=versus, replications=20)
        )
    async with at_work(database_url, folder):
        for simulation in simulations:
            await finished(stage.client, simulation)


async def _let_in(stage: Stage) -> None:
    client = stage.client
    for one in (await client.release())["tickets"]:
        await client.act(one, "entered")
    for counter in range(1, 7):
        called = await client.counter(str(counter), "call-next")
        if called.status == 200:
            await client.act(called.body, "start")
            if counter % 2:
                await client.act(called.body, "finish")


async def _picture(stage: Stage, shot: Shot, language: str, ticket: dict[str, Any]) -> None:
    query = {"branch": ticket["branch"], "id": ticket["id"]} if shot.page == "ticket" else {}
    page = await stage.open(shot.page, shot.role, shot.size, language, **query)
    await page.wait_for_load_state("networkidle")
    await page.evaluate("() => document.fonts.ready.then(() => null)")
    for press in shot.press:
        await page.locator(press.format(simulated=SIMULATED[language][0])).first.click()
    await page.wait_for_function("() => !document.querySelector('[aria-busy=true]')")
    _write(shot, language, await page.screenshot())
    await page.close()


def _write(shot: Shot, language: str, png: bytes) -> None:
    """A screen has few colours: a palette makes the file several times smaller."""
    path = FOLDER / f"{shot.name}-{language}.png"
    picture = Image.open(io.BytesIO(png)).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    picture.save(path, optimize=True)
    print(path.relative_to(FOLDER.parents[1]))  # noqa: T201


async def _all(database_url: str, folder: Path, browser: Browser, wanted: set[str]) -> None:
    sign_ins = folder / "start-page.json"
    async with staged(database_url, browser, demo_sign_ins=sign_ins) as stage:
        sign_ins.write_bytes(msgspec.json.encode({"branch": BRANCH, "tokens": stage.client.tokens}))
        ticket = await busy_thursday(stage)
        chosen = [shot for shot in SHOTS if not wanted or shot.name in wanted]
        if any(shot.page == "planner" for shot in chosen):
            await simulated_thursday(stage, database_url, folder)
        for shot in chosen:
            for language in ("kk", "ru"):
                await _picture(stage, shot, language, ticket)


async def _main(database_url: str, folder: Path, wanted: set[str]) -> None:
    await migrated(database_url)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium(), args=list(SWITCHES))
        await _all(database_url, folder, browser, wanted)
        await browser.close()


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    with (
        temporary_state_folder("kezek-pictures-") as folder,
        EmbeddedPostgres(folder) as server,
    ):
        asyncio.run(_main(server.url, folder, set(sys.argv[1:])))
