"""The reports of the commands on a phone and on a desk: what is wide scrolls by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from simulation.experiments.comparison import Pairs
from simulation.experiments.summary import Summary
from simulation.reports.simulated import compared_page, simulated_page
from tests.browser.stage import DESK, PHONE
from tests.simulation.experiments.small import GROUPS, TWO_DAYS, run

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.async_api import Browser

LETTERS = """() => [...document.querySelectorAll("svg text")].map(
  (one) => 12 * one.ownerSVGElement.getScreenCTM().a)"""
"""Pixels high on the screen; 12 in the drawing."""


def of_one() -> str:
    summary = Summary()
    for number in range(2):
        summary.add(run(TWO_DAYS, number))
    return simulated_page(TWO_DAYS, summary)


def of_two() -> str:
    second = replace(GROUPS, title=f"{GROUPS.title}, group_size=20,hall_limit=60,counters=12")
    pairs = Pairs()
    for number in range(4):
        pairs.add(run(GROUPS, number), run(GROUPS, number + 4))
    return compared_page(GROUPS, second, pairs)


@pytest.mark.parametrize("size", [PHONE, DESK])
@pytest.mark.parametrize("made", [of_one, of_two])
async def test_a_report_is_as_wide_as_the_window_and_its_plots_can_be_read(
    browser: Browser, made: Callable[[], str], size: tuple[int, int]
) -> None:
    page = await browser.new_page(viewport={"width": size[0], "height": size[1]})
    await page.set_content(made())
    assert await page.evaluate("document.documentElement.scrollWidth") == size[0]
    letters = await page.evaluate(LETTERS)
    assert letters
    assert 9 <= min(letters) <= max(letters) <= 15
    await page.close()
