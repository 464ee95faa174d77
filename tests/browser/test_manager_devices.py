"""The manager's page: which devices are let in, and sending one away."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from playwright.async_api import expect

from tests.acceptance.waiting import wait_until
from tests.browser.manager_office import T, office, turn
from tests.browser.stage import PHONE, overflows
from tests.contract.http_client import HERE

if TYPE_CHECKING:
    from playwright.async_api import Page

    from tests.browser.stage import Stage


async def pair(page: Page, code: str, name: str) -> None:
    """Types the code that a device shows and what it is to be called."""
    await page.locator('input[name="code"]').fill(code)
    await page.locator('input[name="name"]').fill(name)
    await page.get_by_role("button", name=T["device_approve"]).click()


async def test_a_device_is_seen_sent_away_and_its_name_is_free(stage: Stage) -> None:
    first = (await stage.client.post("/v1/pairings", {}, None)).body
    page = await office(stage, "devices")
    await page.get_by_role("button", name=T["device_approve"]).click()
    said = page.locator('input[name="code"]').evaluate("field => field.validationMessage")
    assert await said == T["field_empty"]
    await pair(page, f"{first['code'][:3]}-{first['code'][3:]}".lower(), "hall-1")
    device = page.locator('[data-device="kiosk:hall-1"]')
    await expect(device).to_contain_text(T["device_never_seen"])
    bearer = {"Authorization": f"Bearer {first['token']}"}
    await stage.client.get(f"{HERE}/board", None, **bearer)
    await turn(page, "today")
    await turn(page, "devices")
    await expect(device).to_contain_text(T["device_seen"].format(when="1 минуту назад"))
    await device.get_by_role("button", name=T["device_unpair"]).click()
    await page.get_by_role("dialog").get_by_role("button", name=T["device_unpair"]).click()
    await expect(page.get_by_text(T["device_sent_away"].format(name="hall-1"))).to_be_visible()
    await expect(device).to_have_count(0)
    again = (await stage.client.post("/v1/pairings", {}, None)).body
    await pair(page, again["code"], "hall-1")
    await expect(device).to_be_visible()


async def test_a_board_is_heard_and_shows_a_new_code_once_it_is_sent_away(stage: Stage) -> None:
    board = await stage.open("hall", "board")
    await expect(board.locator(".top")).to_be_visible()
    page = await office(stage, "devices")
    device = page.locator('[data-device="board:test"]')
    await expect(device).to_contain_text(T["device_seen"].format(when="1 минуту назад"))
    gone = await stage.client.ask("DELETE", f"{HERE}/devices/board:test", None, "manager")
    assert gone.status == HTTPStatus.NO_CONTENT

    async def is_out() -> bool:
        return (await stage.client.get(HERE, "board")).status == HTTPStatus.UNAUTHORIZED

    await wait_until(is_out, "the board's token is forgotten")
    await board.reload()
    await board.wait_for_url("**/pair/?for=hall")


async def test_an_administrator_lets_a_device_into_the_branch_that_is_shown(stage: Stage) -> None:
    begun = (await stage.client.post("/v1/pairings", {}, None)).body
    page = await stage.open("manager", "admin")
    await turn(page, "devices")
    await pair(page, begun["code"], "hall-1")
    await expect(page.locator('[data-device="kiosk:hall-1"]')).to_be_visible()


async def test_who_only_reads_sees_the_devices_and_changes_none(stage: Stage) -> None:
    page = await stage.open("manager", "planner", size=PHONE)
    await turn(page, "devices")
    await expect(page.locator('[data-device="kiosk:test"]')).to_be_visible()
    await expect(page.locator("form")).to_have_count(0)
    await expect(page.get_by_role("button", name=T["device_unpair"])).to_have_count(0)
    assert await overflows(page) == []
