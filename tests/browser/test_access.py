"""Signing in and pairing at real pages."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.async_api import expect

from queue_service.access import staff
from tests.browser.stage import BOARD, PHONE, overflows, texts, violations
from tests.contract.http_client import BRANCH

if TYPE_CHECKING:
    from playwright.async_api import Page

    from queue_service.store import Pool
    from tests.browser.stage import Stage

PASSWORD = "қарлығаш 12"
RU = texts("sign-in", "ru")


async def add(pool: Pool, login: str, role: str) -> None:
    await staff.add(pool, login, PASSWORD, role, BRANCH, "")


async def sign_in(page: Page, login: str, password: str = PASSWORD) -> None:
    await page.get_by_label(RU["login"]).fill(login)
    await page.get_by_label(RU["password"]).fill(password)
    await page.get_by_role("button", name=RU["sign_in"]).click()


@pytest.mark.parametrize(("role", "home"), [("operator", "counter"), ("manager", "manager")])
async def test_who_signs_in_comes_to_the_page_of_the_role(
    stage: Stage, pool: Pool, role: str, home: str
) -> None:
    await add(pool, "serik", role)
    page = await stage.open("sign-in")
    await sign_in(page, " Serik ")
    await page.wait_for_url(re.compile(f"/{home}/"))


async def test_a_wrong_password_is_told_and_the_next_try_succeeds(stage: Stage, pool: Pool) -> None:
    await add(pool, "serik", "operator")
    page = await stage.open("sign-in")
    await sign_in(page, "serik", "wrong")
    await expect(page.get_by_role("alert")).to_contain_text("не подходят")
    await sign_in(page, "serik")
    await page.wait_for_url(re.compile("/counter/"))


async def test_a_page_for_staff_leads_to_the_sign_in(stage: Stage) -> None:
    page = await stage.open("counter")
    await page.wait_for_url(re.compile(r"/sign-in/\?for=counter"))


async def test_a_device_is_let_in_by_its_code(stage: Stage) -> None:
    page = await stage.open("kiosk")
    await page.wait_for_url(re.compile(r"/pair/\?for=kiosk"))
    code = page.locator(".code")
    await expect(code).to_have_text(re.compile("^[A-Z2-9]{6}$"))
    body = {"role": "kiosk", "name": "hall-1"}
    path = f"/v1/pairings/{await code.inner_text()}/approve"
    assert (await stage.client.post(path, body, "manager")).status == 200
    await page.wait_for_url(re.compile("/kiosk/"), wait_until="commit")
    kept = await page.evaluate("() => JSON.parse(localStorage['kezek.session.kiosk'])")
    assert (kept["branch"], kept["role"]) == (BRANCH, "kiosk")


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
@pytest.mark.parametrize("name", ["sign-in", "pair"])
async def test_anybody_can_use_them(stage: Stage, name: str, language: str) -> None:
    page = await stage.open(name, language=language)
    await page.wait_for_selector(".card h2")
    assert await violations(page) == []


@pytest.mark.parametrize("size", [PHONE, BOARD])
@pytest.mark.parametrize("name", ["sign-in", "pair"])
async def test_nothing_sticks_out(stage: Stage, name: str, size: tuple[int, int]) -> None:
    page = await stage.open(name, size=size, language="kk")
    await page.wait_for_selector(".card h2")
    assert await overflows(page) == []
