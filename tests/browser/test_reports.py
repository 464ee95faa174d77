"""The reports of the commands on a phone and on a desk: what is wide scrolls by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from simulation.experiments.summary import Summary
from simulation.reports.simulated import simulated_page
from tests.browser.stage import DESK, PHONE
from tests.simulation.experiments.small import TWO_DAYS, run

if TYPE_CHECKING:
    from playwright.async_api import Browser

LETTERS = """() => [...document.querySelectorAll("svg text")].map(
  (one) => 12 * one.ownerSVGElement.getScreenCTM().a)"""
"""Pixels high on the screen; 12 in the drawing."""


@pytest.mark.parametrize("size", [PHONE, DESK])
async def test_a_report_is_as_wide_as_the_window_and_its_plots_can_be_read(
    browser: Browser, size: tuple[int, int]
) -> None:
    summary = Summary()
    for number in range(2):
        summary.add(run(TWO_DAYS, number))
    page = await browser.new_page(viewport={"width": size[0], "height": size[1]})
    await page.set_content(simulated_page(TWO_DAYS, summary))
    assert await page.evaluate("document.documentElement.scrollWidth") == size[0]
    letters = await page.evaluate(LETTERS)
    assert letters
    assert 9 <= min(letters) <= max(letters) <= 15
    await page.close()
