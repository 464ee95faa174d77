"""How soon a call is on a real screen: from the service's answer to the painted hall board.

One board in Chromium, one visitor called after the other. Needs Playwright, which is among the
development packages, and Chromium.
"""

from __future__ import annotations

import shutil
import time
from typing import TYPE_CHECKING, Final

from benchmarks.gateway_report import Painted
from benchmarks.generator import quantile

if TYPE_CHECKING:
    from playwright.async_api import Page

    from benchmarks.gateway_stage import Servers

CHROMIUM: Final = "chromium"
SWITCHES: Final = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking")
SIZE: Final = (1920, 1080)
# What is drawn in a frame is on the screen when the tasks after it begin.
WATCH: Final = """
  window.painted = {};
  const note = (number) => {
    if (number in painted) return;
    painted[number] = 0;
    requestAnimationFrame(() => setTimeout(() => { painted[number] = Date.now(); }));
  };
  const look = () => {
    const texts = document.createTreeWalker(document, NodeFilter.SHOW_TEXT);
    while (texts.nextNode())
      if (/^[A-Z]-\\d{3,4}$/.test(texts.currentNode.data)) note(texts.currentNode.data);
  };
  const all = { subtree: true, childList: true, characterData: true };
  new MutationObserver(look).observe(document, all);
"""


async def on_screen(running: Servers, branch: str, calls: int) -> Painted | None:
    """What was measured at a branch; None where there is no browser to do it with."""
    program = shutil.which(CHROMIUM)
    try:
        from playwright.async_api import async_playwright  # noqa: PLC0415 - a user may lack it
    except ImportError:
        return None
    if program is None:
        return None
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=program, args=list(SWITCHES))
        page = await browser.new_page(viewport={"width": SIZE[0], "height": SIZE[1]})
        await page.add_init_script(WATCH)
        await page.goto(f"{running.api}/hall/?branch={branch}")
        await page.wait_for_selector(".board.hall")
        took = sorted([await _call(running, page, branch) for _ in range(calls)])
        await browser.close()
    return Painted(
        calls=calls,
        p50=quantile(took, 0.5),
        p99=quantile(took, 0.99),
        longest=quantile(took, 1.0),
    )


async def _call(running: Servers, page: Page, branch: str) -> int:
    """Calls one visitor; nanoseconds until the number is on the screen."""
    ticket = await running.callers.visit(branch)
    number = ticket["number"]
    answered = running.callers.acknowledged[branch, number]
    shown = await page.wait_for_function("(number) => painted[number]", arg=number)
    to_real = time.time_ns() - time.monotonic_ns()
    await running.callers.dismiss(branch, ticket)
    return int(await shown.json_value()) * 1_000_000 - answered - to_real
