"""Signing in and pairing at real pages."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest
from playwright.async_api import expect

from queue_service.access import guesses, pairing, staff
from queue_service.access.tokens import digest
from tests.acceptance.waiting import wait_until
from tests.browser.stage import BOARD, PHONE, ills, texts
from tests.contract.http_client import BRANCH, HERE

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from playwright.async_api import Page

    from queue_service.store import Pool
    from tests.browser.stage import Stage

PASSWORD = "қарлығаш 12"
RU = texts("sign-in", "ru")


COUNTRY = ("planner", "admin")


async def add(pool: Pool, login: str, role: str) -> None:
    branch = "" if role in COUNTRY else BRANCH
    await staff.add(pool, login, PASSWORD, role, branch, "Серік А.")


def kept_sessions(page: Page) -> Awaitable[list[str]]:
    """The names under which the browser keeps sessions."""
    script = "() => Object.keys(localStorage).filter(name => name.startsWith('kezek.session'))"
    return page.evaluate(script)


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


@pytest.mark.parametrize("role", COUNTRY)
async def test_who_has_all_branches_chooses_one_and_later_another(
    stage: Stage, pool: Pool, role: str
) -> None:
    await add(pool, "serik", role)
    page = await stage.open("sign-in")
    await sign_in(page, "serik")
    await page.locator('select[name="branch"]').select_option(BRANCH)
    await page.locator('[data-page="manager"]').click()
    await page.wait_for_url(re.compile("/manager/"))
    title = page.locator(".head-title")
    first = await title.inner_text()
    await expect(page.locator(".glance")).to_be_visible()
    await page.get_by_role("button", name=RU["other_branch"]).click()
    await page.locator('select[name="branch"]').select_option("astana-esil-1")
    await page.locator('[data-page="manager"]').click()
    await page.wait_for_url(re.compile("/manager/"))
    await expect(title).not_to_have_text(first)


async def test_an_administrator_opens_every_page_of_staff(stage: Stage, pool: Pool) -> None:
    await add(pool, "serik", "admin")
    page = await stage.open("counter")
    await sign_in(page, "serik")
    await page.locator('select[name="branch"]').select_option(BRANCH)
    await page.locator('[data-page="counter"]').click()
    await expect(page.locator(".choice").first).to_be_visible()
    await stage.go(page, "door")
    await expect(page.locator(".door")).to_be_visible()
    await page.locator('[data-command="sign-out"]').click()
    await page.wait_for_url(re.compile(r"/sign-in/\?for=door"))
    assert await kept_sessions(page) == []


@pytest.mark.parametrize("name", ["/example.invalid", "\\example.invalid", "ticket", "kiosk"])
async def test_only_pages_of_staff_open_after_signing_in(
    stage: Stage, pool: Pool, name: str
) -> None:
    await add(pool, "serik", "admin")
    page = await stage.open("sign-in")
    await page.goto(f"{stage.client.api}/sign-in/?{urlencode({'for': name})}")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    await sign_in(page, "serik")
    await page.locator('select[name="branch"]').select_option(BRANCH)
    await page.locator(".button").first.click()
    await page.wait_for_url(re.compile(f"{stage.client.api}/manager/"))
    assert [url for url in asked if not url.startswith(stage.client.api)] == []
    known = {f"kezek.session.{page}" for page in ("manager", "counter", "door", "planner")}
    assert set(await kept_sessions(page)) == known


async def test_a_role_without_a_page_is_told_so_and_can_leave(stage: Stage, pool: Pool) -> None:
    await add(pool, "serik", "operator")
    await pool.execute("UPDATE staff SET role = 'visitor'")
    page = await stage.open("sign-in")
    await sign_in(page, "serik")
    await expect(page.get_by_text(RU["no_page"])).to_be_visible()
    await page.get_by_role("button", name=RU["sign_out"]).click()
    await expect(page.get_by_label(RU["login"])).to_be_visible()
    assert (
        await pool.fetchval(
            "SELECT count(*) FROM token WHERE login IS NOT NULL AND revoked_at IS NULL"
        )
        == 0
    )


@pytest.mark.parametrize(("role", "home"), [("operator", "counter"), ("attendant", "door")])
async def test_a_person_is_named_at_the_page_and_signs_out(
    stage: Stage, pool: Pool, role: str, home: str
) -> None:
    await add(pool, "serik", role)
    page = await stage.open("sign-in")
    await sign_in(page, "serik")
    await expect(page.locator(".signed-in")).to_have_text("Серік А.")
    token = await page.evaluate(f"() => JSON.parse(localStorage['kezek.session.{home}']).token")
    await page.locator('[data-command="sign-out"]').click()
    await page.wait_for_url(re.compile(rf"/sign-in/\?for={home}"))
    assert await kept_sessions(page) == []
    assert await pool.fetchval("SELECT revoked_at FROM token WHERE hash = $1", digest(token))


async def test_a_paired_tablet_has_nobody_to_sign_out(stage: Stage) -> None:
    page = await stage.open("door", "attendant")
    await expect(page.locator(".door")).to_be_visible()
    await expect(page.locator('[data-command="sign-out"]')).to_have_count(0)


async def test_a_sign_in_that_ended_leaves_the_deeds_to_whoever_signs_in_again(
    stage: Stage, pool: Pool
) -> None:
    await add(pool, "serik", "attendant")
    await stage.client.get(f"{HERE}/board")  # the service learns what time it is
    page = await stage.open("sign-in")
    await sign_in(page, "serik")
    await page.locator('[data-command="one-in"]').wait_for()
    await page.context.set_offline(True)
    await page.locator('[data-command="one-in"]').click()
    await expect(page.locator("[data-unsent='1']")).to_be_visible()
    await end_session(stage, pool, page)
    await page.context.set_offline(False)
    await page.locator('[data-command="known-again"]').click()
    await sign_in(page, "serik")
    await expect(page.locator("[data-hall='1']")).to_be_visible()
    await expect(page.locator("[data-unsent]")).to_have_count(0)
    assert (await stage.client.get(f"{HERE}/board")).body["hall"]["occupancy"] == 1


async def end_session(stage: Stage, pool: Pool, page: Page) -> None:
    """The session at the door is over, as it is after its hours, and the service knows it."""
    kept = json.loads(await page.evaluate("() => localStorage['kezek.session.door']"))
    stage.client.tokens["over"] = kept["token"]
    await pool.execute("UPDATE token SET expires_at = now() WHERE login IS NOT NULL")

    async def is_over() -> bool:
        return (await stage.client.get(f"{HERE}/door", "over")).status == 401

    await wait_until(is_over, "the session is over")


async def test_a_wrong_password_is_told_and_the_next_try_succeeds(stage: Stage, pool: Pool) -> None:
    await add(pool, "serik", "operator")
    page = await stage.open("sign-in")
    await sign_in(page, "serik", "wrong")
    await expect(page.get_by_role("alert")).to_contain_text("не подходят")
    await sign_in(page, "serik")
    await page.wait_for_url(re.compile("/counter/"))


async def test_a_page_for_staff_leads_to_the_sign_in(stage: Stage) -> None:
    context = await stage.context()
    errors: list[str] = []
    context.on("weberror", lambda error: errors.append(str(error.error)))
    page = await stage.open("counter", context=context)
    await page.wait_for_url(re.compile(r"/sign-in/\?for=counter"))
    await expect(page.get_by_label(RU["login"])).to_be_visible()
    assert errors == []


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


async def test_a_device_that_was_let_in_while_it_had_no_network_opens(stage: Stage) -> None:
    page = await stage.open("street")
    await page.wait_for_url(re.compile(r"/pair/\?for=street"))
    await expect(page.locator(".code")).to_have_text(re.compile("^[A-Z2-9]{6}$"))
    code = await page.locator(".code").inner_text()
    await page.context.set_offline(True)
    await expect(page.get_by_role("alert")).to_be_visible()
    body = {"role": "board", "name": "street-1"}
    answer = await stage.client.post(f"/v1/pairings/{code}/approve", body, "manager")
    assert answer.status == 200
    await page.context.set_offline(False)
    await page.wait_for_url(re.compile("/street/"), wait_until="commit")


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
@pytest.mark.parametrize("name", ["sign-in", "pair"])
async def test_anybody_can_use_them(stage: Stage, name: str, language: str) -> None:
    page = await stage.open(name, language=language)
    await page.wait_for_selector(".card h2")
    assert await ills(page, PHONE, BOARD) == []


async def test_who_guesses_is_told_when_to_come_back(stage: Stage, pool: Pool) -> None:
    await add(pool, "serik", "operator")
    page = await stage.open("sign-in")
    for _ in range(guesses.MOST_BY_ACCOUNT):
        await guesses.count(pool, guesses.account("login:serik"))
    await sign_in(page, "serik")
    await expect(page.get_by_role("alert")).to_contain_text("Слишком много неверных попыток")
    await expect(page.get_by_role("alert")).to_contain_text("через 5 мин")
    await pool.execute("UPDATE guess SET over_at = now()")
    await sign_in(page, "serik")
    await page.wait_for_url(re.compile("/counter/"))


async def test_a_device_without_a_code_says_why_and_asks_again(stage: Stage, pool: Pool) -> None:
    await pool.execute(
        "INSERT INTO pairing (id, code, hash, expires_at, origin) SELECT n::text, n::text,"
        " ''::bytea, now() + interval '1 minute', '127.0.0.1' FROM generate_series(1, $1) AS n",
        pairing.MOST_WAITING_AT_ADDRESS,
    )
    page = await stage.open("pair")
    await page.clock.install()
    await page.reload()
    await expect(page.get_by_role("alert")).to_contain_text("через 60 с")
    await pool.execute("DELETE FROM pairing")
    await page.clock.run_for(pairing.AGAIN_SECONDS * 1000)
    await expect(page.locator(".code")).to_have_text(re.compile("^[A-Z2-9]{6}$"))
