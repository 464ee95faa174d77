"""The ticket on a visitor's phone: it follows the queue, and does what the service allows."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from playwright.async_api import expect

from queue_service.ids import new_ticket_id
from tests.browser.stage import BOARD, KIOSK, PHONE, ills, texts, violations
from tests.contract.http_client import BRANCH, HERE, THURSDAY, local

if TYPE_CHECKING:
    from playwright.async_api import BrowserContext, Page

    from tests.browser.stage import Stage

RU = texts("ticket", "ru")


async def opened(
    stage: Stage,
    ticket: dict[str, Any],
    context: BrowserContext | None = None,
    language: str = "ru",
    size: tuple[int, int] = PHONE,
) -> Page:
    """The page of a ticket once it is known."""
    named = {"branch": BRANCH, "id": ticket["id"]}
    context = context or await stage.context(size, language)
    page = await stage.open("ticket", language=language, context=context, **named)
    await page.wait_for_selector(".own-number")
    return page


async def press(page: Page, name: str) -> None:
    await page.get_by_role("button", name=name, exact=True).click()


async def says(page: Page, title: str) -> None:
    await expect(page.locator(".stage-title")).to_have_text(title)


# --- through the day -----------------------------------------------------------------------------


async def test_it_follows_the_visit_from_the_street_to_the_end(thursday: Stage) -> None:
    client = thursday.client
    await client.take(party_size=2)
    ticket = await client.take()
    page = await opened(thursday, ticket)
    await says(page, RU["title_issued"])
    await expect(page.locator(".own-number")).to_have_text("P-002")
    await expect(page.locator(".figures dd").first).to_have_text("2")
    await expect(page.locator(".details")).to_contain_text("Отдел № 2 города Уральска")
    await expect(page.locator(".details")).to_contain_text("Выдача паспорта")
    await client.release()
    await says(page, RU["title_released"])
    await expect(page.locator(".stage")).to_contain_text("10:10")
    await expect(page.get_by_role("timer")).to_have_text("10:00")
    await client.act(ticket, "entered")
    await says(page, RU["title_entered"])
    await client.counter("1", "open")
    assert (await client.counter("1", "call-next")).body["id"] == ticket["id"]
    await says(page, "Окно 1")
    await client.act(ticket, "start")
    await expect(page.locator(".stage")).to_contain_text(RU["state_serving"])
    await client.act(ticket, "finish")
    await says(page, RU["title_served"])
    await expect(page.get_by_role("button", name=RU["give_up"])).to_have_count(0)


async def test_the_phone_vibrates_when_the_turn_has_come(thursday: Stage) -> None:
    context = await thursday.context(PHONE)
    await context.add_init_script(
        "window.shaken = []; navigator.vibrate = (pattern) => shaken.push(pattern)"
    )
    ticket = await thursday.client.take()
    page = await opened(thursday, ticket, context)
    await thursday.client.release()
    await says(page, RU["title_released"])
    await page.wait_for_function("() => shaken.length === 1")


async def test_the_countdown_runs_out_into_a_second_chance_and_then_the_end(
    thursday: Stage,
) -> None:
    client = thursday.client
    ticket = await client.take()
    page = await opened(thursday, ticket)
    await client.release()
    client.clock(local(19, "10:10"))
    await client.release()
    await says(page, RU["title_released"])
    client.clock(local(19, "10:20"))
    await client.get(f"{HERE}/board")
    await says(page, RU["title_missed"])


async def test_who_cannot_be_let_in_today_any_more_is_told_so_before_closing(
    thursday: Stage,
) -> None:
    client = thursday.client
    for _ in range(9):
        await client.take(party_size=4)
    ticket = await client.take()
    page = await opened(thursday, ticket)
    await expect(page.locator(".stage")).not_to_contain_text(RU["not_today"])
    client.clock(local(19, "16:50"))
    await client.get(f"{HERE}/board")
    await client.take(despite_closing=True)
    await expect(page.locator(".stage")).to_contain_text(RU["not_today"])
    await expect(page.locator(".figures dd").last).to_have_text(RU["wait_not_today"])


async def test_who_is_sent_online_is_told_why_and_where(thursday: Stage) -> None:
    client = thursday.client
    page = await opened(thursday, await client.take(service="address-registration"))
    body = {"reason": "r", "non_online_only": True, "redirect_issued": True}
    await client.ask("PATCH", f"{HERE}/plan", body, "manager", If_Match="*")
    await says(page, RU["title_redirected"])
    await expect(page.locator(".stage")).not_to_contain_text(RU["state_cancelled"])
    portal = page.get_by_role("link", name=RU["way_portal"])
    await expect(portal).to_have_attribute("href", re.compile("^https://"))
    await expect(page.get_by_alt_text(RU["qr_portal"])).to_be_visible()
    await page.context.set_offline(True)
    await page.reload()
    await expect(portal).to_be_visible()


async def test_a_party_that_fits_no_more_is_told_what_to_do(thursday: Stage) -> None:
    client = thursday.client
    page = await opened(thursday, await client.take(party_size=4))
    body = {"reason": "r", "group_size": 3}
    await client.ask("PATCH", f"{HERE}/plan", body, "manager", If_Match="*")
    told = RU["state_too_large"].format(party=4, most=3)
    await expect(page.locator(".stage")).to_contain_text(told)
    await expect(page.locator(".stage")).to_contain_text("Новые талоны встают в конец очереди")
    await says(page, RU["title_too_large"])
    await expect(page.locator(".stage")).not_to_contain_text(RU["not_today"])
    await expect(page.locator(".figures")).to_have_count(0)


async def test_a_pause_is_told_with_its_end_until_the_hall_is_open_again(thursday: Stage) -> None:
    """The hall is to be cleaned at 11:00 for a quarter of an hour; its door shuts at 10:45."""
    client = thursday.client
    for _ in range(12):
        await client.take(party_size=4)
    ticket = await client.take()
    page = await opened(thursday, ticket)
    pause = page.locator(".notice.tone-pause")
    await expect(pause).to_contain_text(RU["pause_planned"])
    await expect(pause).to_contain_text("10:45")
    await expect(pause).to_contain_text("11:15")
    await client.post(f"{HERE}/sanitation/start", None, "attendant")
    await expect(pause).to_contain_text(RU["pause_cleaning"])
    await expect(pause).to_contain_text("10:15")
    client.clock(local(19, "10:40"))
    await client.get(f"{HERE}/board")
    await expect(pause).to_contain_text(RU["pause_cleaned"])
    await client.post(f"{HERE}/sanitation/confirm", None, "attendant")
    await expect(pause).not_to_contain_text(RU["pause_cleaned"])
    assert await violations(page) == []


async def test_a_ticket_that_closing_has_overtaken_tells_of_the_next_day(thursday: Stage) -> None:
    ticket = await thursday.client.take()
    page = await opened(thursday, ticket)
    thursday.client.clock(local(19, "18:00"))
    await thursday.client.get(f"{HERE}/board")
    await says(page, RU["title_expired"])


# --- what may be done ----------------------------------------------------------------------------


async def test_giving_up_is_confirmed_first(thursday: Stage) -> None:
    ticket = await thursday.client.take()
    page = await opened(thursday, ticket)
    await press(page, RU["give_up"])
    await page.get_by_role("dialog").get_by_role("button", name=RU["back"]).click()
    await expect(page.get_by_role("dialog")).to_have_count(0)
    await says(page, RU["title_issued"])
    await press(page, RU["give_up"])
    await press(page, RU["cancel_yes"])
    await says(page, RU["title_cancelled"])
    seen = await thursday.client.get(f"{HERE}/tickets/{ticket['id']}", None)
    assert seen.body["state"] == "cancelled"


async def test_who_is_late_lets_others_go_once(thursday: Stage) -> None:
    client = thursday.client
    ticket = await client.take()
    page = await opened(thursday, ticket)
    await expect(page.get_by_role("button", name=RU["late"])).to_have_count(0)
    await client.release()
    await press(page, RU["late"])
    await press(page, RU["late_yes"])
    await says(page, RU["title_issued"])
    await expect(page.locator(".stage")).to_contain_text(RU["behind_next_group"])
    client.clock(local(19, "10:10"))
    await client.release()
    await says(page, RU["title_released"])
    await expect(page.get_by_role("button", name=RU["late"])).to_have_count(0)


async def test_a_question_that_another_page_has_answered_is_asked_no_more(thursday: Stage) -> None:
    client = thursday.client
    ticket = await client.take()
    page = await opened(thursday, ticket)
    await press(page, RU["give_up"])
    await client.release()
    await press(page, RU["back"])
    await press(page, RU["late"])
    await client.act(ticket, "entered")
    await says(page, RU["title_entered"])
    await expect(page.get_by_role("dialog")).to_have_count(0)


async def test_what_the_service_refuses_is_told(thursday: Stage) -> None:
    ticket = await thursday.client.take()
    page = await opened(thursday, ticket)
    await press(page, RU["give_up"])
    address = "**/v1/branches/*/tickets/*"
    told = {"type": "urn:kezek:problem:wrong-state", "title": "Нельзя", "detail": "Поздно"}
    await page.route(
        address,
        lambda route: route.fulfill(
            status=409, content_type="application/problem+json", body=json.dumps(told)
        ),
    )
    await press(page, RU["cancel_yes"])
    await expect(page.get_by_role("alert")).to_contain_text("Нельзя")
    await page.unroute(address)
    await press(page, RU["cancel_yes"])
    await says(page, RU["title_cancelled"])


# --- nobody else's, nothing lost -----------------------------------------------------------------


@pytest.mark.parametrize(
    "guess", [new_ticket_id(THURSDAY.date()), "guess"], ids=["well made", "no id at all"]
)
async def test_a_guessed_id_shows_nothing(thursday: Stage, guess: str) -> None:
    await thursday.client.take()
    page = await thursday.open("ticket", size=PHONE, branch=BRANCH, id=guess)
    await expect(page.get_by_role("heading", level=1)).to_have_text(RU["no_ticket"])
    await expect(page.locator(".own-number")).to_have_count(0)
    assert await violations(page) == []


@pytest.mark.kills_gateway
async def test_a_lost_connection_is_told_and_caught_up(thursday: Stage) -> None:
    client = thursday.client
    ticket = await client.take()
    page = await opened(thursday, ticket)
    await thursday.gateway.kill()
    await expect(page.locator(".stale")).to_contain_text("10:00")
    await says(page, RU["title_issued"])
    await client.release()
    await thursday.gateway.start()
    await says(page, RU["title_released"])
    await expect(page.locator(".stale")).to_have_count(0)


async def test_without_a_network_it_opens_with_what_was_known(thursday: Stage) -> None:
    ticket = await thursday.client.take()
    page = await opened(thursday, ticket)
    await page.evaluate("() => navigator.serviceWorker.ready.then(() => null)")
    await expect(page.locator(".details")).to_contain_text("Выдача паспорта")
    await page.wait_for_function(CODE_IS_KEPT)
    await page.context.set_offline(True)
    await page.goto(f"{thursday.client.api}/ticket/")
    await expect(page.locator(".own-number")).to_have_text("P-001")
    await page.wait_for_function("() => document.querySelector('.details img').naturalWidth > 0")
    await expect(page.locator(".stale")).to_contain_text("10:00")
    await page.context.set_offline(False)
    await thursday.client.release()
    await says(page, RU["title_released"])


async def test_a_wait_of_hours_is_told_by_the_clock(thursday: Stage) -> None:
    for _ in range(30):
        await thursday.client.take(party_size=4)
    page = await opened(thursday, await thursday.client.take())
    told = re.escape(RU["wait_between"]).replace(r"\{from\}", CLOCK).replace(r"\{to\}", CLOCK)
    await expect(page.locator(".figures dd").last).to_have_text(re.compile(told))


CLOCK = r"\d\d:\d\d"
WAIT = re.compile(r"через (\d+)–(\d+) мин \((\d\d:\d\d)\W+(\d\d:\d\d)\)")


@pytest.mark.parametrize("turned", [False, True])
async def test_without_a_network_a_wrong_clock_of_the_phone_tells_no_wrong_minutes(
    thursday: Stage, *, turned: bool
) -> None:
    """The phone's clock is years off; once it is turned meanwhile, only times of day are told."""
    for _ in range(12):
        await thursday.client.take()
    page = await opened(thursday, await thursday.client.take())
    wait = page.locator(".figures dd").nth(1)
    await expect(wait).to_have_text(WAIT)
    before = await wait.inner_text()
    await page.evaluate("() => navigator.serviceWorker.ready.then(() => null)")
    await page.wait_for_function(CODE_IS_KEPT)
    if turned:
        await page.add_init_script("const now = Date.now; Date.now = () => now() - 86_400_000;")
    await page.context.set_offline(True)
    await page.goto(f"{thursday.client.api}/ticket/")
    await expect(page.locator(".stale")).to_contain_text("10:00")
    low, _, start, end = WAIT.fullmatch(before).groups()  # type: ignore[union-attr]
    if turned:
        await expect(wait).to_have_text(RU["wait_between"].format(**{"from": start, "to": end}))
    else:
        await expect(wait).to_have_text(re.compile(rf"({low}|{int(low) - 1})–.*{start}"))


async def test_it_can_be_installed(thursday: Stage) -> None:
    page = await opened(thursday, await thursday.client.take())
    link = await page.get_attribute("link[rel=manifest]", "href")
    manifest = (await thursday.client.get(str(link), None)).body
    assert (manifest["display"], manifest["start_url"]) == ("standalone", "/ticket/")
    for icon in manifest["icons"]:
        size = await page.evaluate(
            WIDTH,
            icon["src"],
        )
        assert f"{size}x{size}" == icon["sizes"]


async def test_the_code_from_the_kiosk_opens_the_page_in_the_visitors_language(
    thursday: Stage,
) -> None:
    ticket = await thursday.client.take()
    page = await opened(thursday, ticket)
    await press(page, "Қазақша")
    kk = texts("ticket", "kk")
    await says(page, kk["title_issued"])
    await expect(page.locator("html")).to_have_attribute("lang", "kk")
    await page.reload()
    await says(page, kk["title_issued"])


async def test_the_demo_takes_a_ticket_and_shows_it(thursday: Stage) -> None:
    await thursday.client.get(f"{HERE}/board")
    context = await thursday.context(PHONE)
    tokens = {"tokens": {"kiosk": thursday.client.tokens["kiosk"]}}
    await context.route("**/demo.json", lambda route: route.fulfill(json=tokens))
    page = await thursday.open("ticket", context=context, demo=BRANCH)
    await expect(page.locator(".own-number")).to_have_text("P-001")
    await page.reload()
    await expect(page.locator(".own-number")).to_have_text("P-001")


# --- for everybody -------------------------------------------------------------------------------


async def stages(stage: Stage, ticket: dict[str, Any], page: Page, language: str) -> Any:  # noqa: ANN401
    """The page in one state after another."""
    words = texts("ticket", language)
    await says(page, words["title_issued"])
    yield "issued"
    await stage.client.release()
    await says(page, words["title_released"])
    yield "released"
    await press(page, words["late"])
    yield "dialog"
    await page.keyboard.press("Escape")
    await stage.client.act(ticket, "entered")
    await says(page, words["title_entered"])
    yield "entered"
    await stage.client.counter("1", "open")
    await stage.client.counter("1", "call-next")
    await expect(page.locator(".stage")).to_contain_text(words["state_called"])
    yield "called"
    await stage.client.act(ticket, "start")
    for _ in ticket["services"][1:]:
        await stage.client.act(ticket, "finish")
        await stage.client.counter("1", "call-next")
        await stage.client.act(ticket, "start")
    await stage.client.act(ticket, "finish")
    await says(page, words["title_served"])
    yield "served"


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
async def test_anybody_can_use_it(thursday: Stage, language: str) -> None:
    ticket = await thursday.client.take(services=["passport", "identity-card"], party_size=3)
    page = await opened(thursday, ticket, language=language)
    async for name in stages(thursday, ticket, page, language):
        assert await ills(page, PHONE, KIOSK, BOARD) == [], name


CODE_IS_KEPT = "async () => Boolean(await caches.match('/qr.svg', { ignoreSearch: true }))"
WIDTH = """async (src) => {
  const image = Object.assign(new Image(), { src });
  await image.decode();
  return image.width;
}"""
"""Pixels of a picture."""
