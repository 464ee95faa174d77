"""The start page: a card for every screen, in each language, on every width."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser.stage import BOARD, KIOSK, PHONE, ills, texts

if TYPE_CHECKING:
    from tests.browser.stage import Stage

SCREENS = ["kiosk", "hall", "street", "ticket", "door", "counter", "manager", "planner"]


async def test_a_card_leads_to_every_screen(stage: Stage) -> None:
    page = await stage.open("", language="en")
    await page.wait_for_selector("a.screen")
    links = [await card.get_attribute("href") for card in await page.query_selector_all("a.screen")]
    assert links == [f"/{screen}/" for screen in SCREENS]


async def test_the_language_is_changed_and_kept(stage: Stage) -> None:
    page = await stage.open("", language="ru")
    await page.get_by_role("button", name="Қазақша").click()
    await page.wait_for_selector("html[lang=kk] a.screen")
    assert await page.title() == texts("start", "kk")["title"]
    await page.reload()
    await page.wait_for_selector("html[lang=kk] a.screen")


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_the_product_is_named_once_in_the_head(language: str) -> None:
    assert "Kezek" not in texts("start", language)["title"]


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
async def test_anybody_can_use_it(stage: Stage, language: str) -> None:
    page = await stage.open("", language=language)
    await page.wait_for_selector("a.screen")
    assert await ills(page, PHONE, KIOSK, BOARD) == []
