"""The planner's report is one file: it fits the window, and what is wide scrolls by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from simulation.experiments.summary import Summary
from simulation.reports.simulated import simulated_page
from tests.browser.stage import PHONE
from tests.simulation.experiments.small import TWO_DAYS, run

if TYPE_CHECKING:
    from playwright.async_api import Browser

LAPTOP = (1400, 900)


def _of_a_scenario() -> str:
    summary = Summary()
    for number in range(2):
        summary.add(run(TWO_DAYS, number))
    return simulated_page(TWO_DAYS, summary)


@pytest.mark.parametrize("size", [PHONE, LAPTOP])
async def test_a_report_is_no_wider_than_the_window(
    browser: Browser, size: tuple[int, int]
) -> None:
    tab = await browser.new_page(viewport={"width": size[0], "height": size[1]})
    try:
        await tab.set_content(_of_a_scenario())
        assert await tab.evaluate("() => document.documentElement.scrollWidth") <= size[0]
    finally:
        await tab.close()
