"""The operator's page: a visit from the call to its end, and two operators at once."""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING, Any

import pytest
from playwright.async_api import expect

from tests.browser.stage import DESK, PHONE, click_twice, ills, texts
from tests.contract.http_client import HERE

if TYPE_CHECKING:
    from playwright.async_api import Locator, Page

    from tests.browser.stage import Stage

WORDS = texts("counter", "en")


async def sit_down(stage: Stage, counter: str = "1", language: str = "en", **options: Any) -> Page:  # noqa: ANN401
    """An operator's page at an open counter."""
    await stage.client.counter(counter, "open")
    page = await stage.open("counter", "operator", language=language, counter=counter, **options)
    await expect(command(page, "close_counter")).to_be_visible()
    return page


def command(page: Page, name: str) -> Locator:
    """The button of a command."""
    return page.locator(f'[data-command="{name}"]')


def number(page: Page) -> Locator:
    """The number of the visitor at the counter."""
    return page.locator(".visitor-number")


async def events(stage: Stage, kind: str) -> list[dict[str, Any]]:
    """The journal's events of a kind."""
    entries = (await stage.client.get(f"{HERE}/journal")).body["entries"]
    return [entry["event"] for entry in entries if entry["event"]["kind"] == kind]


# --- one operator --------------------------------------------------------------------------------


async def test_an_operator_chooses_a_counter_and_keeps_it(stage: Stage) -> None:
    await stage.client.counter("3", "open")
    page = await stage.open("counter", "operator", language="en")
    await expect(page.locator(".choice.yours")).to_have_text(re.compile("^3"))
    await page.locator(".choice").filter(has_text=re.compile(r"^2")).first.click()
    await expect(page.get_by_role("heading", name="Counter 2")).to_be_visible()
    await command(page, "open").click()
    await expect(command(page, "next")).to_be_visible()
    assert (await events(stage, "CounterOpened"))[-1]["counter"] == "2"
    await page.reload()
    await expect(page.get_by_role("heading", name="Counter 2")).to_be_visible()


async def test_a_visit_by_buttons(stage: Stage) -> None:
    taken = await stage.client.take(party_size=2, language="kk", services=["passport"])
    page = await sit_down(stage)
    await command(page, "next").click()
    await expect(number(page)).to_have_text(taken["number"])
    facts = page.locator(".facts")
    await expect(facts).to_contain_text("2 people")
    await expect(facts).to_contain_text("Қазақша")
    await command(page, "recall").click()
    await command(page, "start").click()
    await expect(page.locator(".visitor .badge")).to_have_text(WORDS["state_serving"])
    await command(page, "finish").click()
    await expect(command(page, "next")).to_be_disabled()
    await expect(page.locator(".idle")).to_contain_text("Nobody waits")
    assert len(await events(stage, "TicketRecalled")) == 1
    assert len(await events(stage, "ServiceFinished")) == 1
    await command(page, "close_counter").click()
    await expect(command(page, "open")).to_be_visible()


async def test_a_visit_by_keys_on_any_layout(stage: Stage) -> None:
    await stage.client.take()
    page = await sit_down(stage, language="ru")
    await expect(command(page, "next")).to_be_enabled()
    await page.keyboard.press("KeyN")
    await expect(command(page, "start")).to_be_visible()
    await page.keyboard.press("KeyS")
    await expect(command(page, "finish")).to_be_visible()
    await page.keyboard.press("KeyF")
    await expect(command(page, "next")).to_be_visible()
    assert len(await events(stage, "ServiceFinished")) == 1


async def test_keys_are_letters_while_somebody_writes(stage: Stage) -> None:
    await stage.client.take()
    page = await sit_down(stage)
    await command(page, "next").click()
    await expect(number(page)).to_be_visible()
    await page.keyboard.press("KeyH")
    dialog = page.get_by_role("dialog")
    await dialog.get_by_role("textbox").press_sequentially("sxn f")
    await expect(dialog.get_by_role("textbox")).to_have_value("sxn f")
    await dialog.get_by_role("button", name=WORDS["do_hold"]).click()
    await expect(page.locator(".asides")).to_be_visible()
    (held,) = await events(stage, "TicketHeld")
    assert held["reason"] == "sxn f"
    assert await events(stage, "ServiceStarted") == await events(stage, "TicketNotShown") == []


async def test_a_visit_is_held_and_resumed(stage: Stage) -> None:
    taken = await stage.client.take()
    page = await sit_down(stage)
    await command(page, "next").click()
    await command(page, "hold").click()
    await page.get_by_role("dialog").get_by_role("button", name=WORDS["do_hold"]).click()
    await command(page, f"resume {taken['number']}").click()
    await expect(page.locator(".visitor .badge")).to_have_text(WORDS["state_serving"])


async def test_who_did_not_come_is_returned_to_the_queue(stage: Stage) -> None:
    taken = await stage.client.take()
    page = await sit_down(stage)
    await command(page, "next").click()
    await command(page, "no-show").click()
    await command(page, f"return {taken['number']}").click()
    await expect(command(page, "next")).to_be_enabled()
    await command(page, "next").click()
    await expect(number(page)).to_have_text(taken["number"])
    await command(page, "no-show").click()
    await expect(page.locator(".asides .why")).to_contain_text("already been returned")
    await expect(command(page, f"return {taken['number']}")).to_have_count(0)
    await expect(command(page, f"recall {taken['number']}")).to_be_visible()


async def test_a_visitor_is_sent_to_another_counter(stage: Stage) -> None:
    taken = await stage.client.take()
    await stage.client.counter("2", "open")
    page = await sit_down(stage)
    await command(page, "next").click()
    await command(page, "transfer").click()
    await page.get_by_role("dialog").get_by_role("button", name="Counter 2", exact=True).click()
    await expect(command(page, "close_counter")).to_be_visible()
    other = await stage.open("counter", "operator", language="en", counter="2")
    await expect(other.locator(".side")).to_contain_text("Sent to this counter: 1")
    await command(other, "next").click()
    await expect(number(other)).to_have_text(taken["number"])


async def test_news_of_others_come_by_themselves(stage: Stage) -> None:
    page = await sit_down(stage)
    await expect(command(page, "next")).to_be_disabled()
    await stage.client.take()
    await expect(command(page, "next")).to_be_enabled()
    await expect(page.locator(".idle-count")).to_have_text("1 visitor waits for you")


async def test_a_counter_of_another_operator_is_shown_as_such(stage: Stage) -> None:
    answer = await stage.client.post(f"{HERE}/counters/1/open", None, "admin")
    assert answer.status == 200
    page = await stage.open("counter", "operator", language="en", counter="1")
    await expect(page.get_by_text("Another operator has opened this counter: test")).to_be_visible()


# --- twice, and two at once ----------------------------------------------------------------------


async def test_a_double_click_calls_one(stage: Stage) -> None:
    for _ in range(3):
        await stage.client.take()
    page = await sit_down(stage)
    await expect(command(page, "next")).to_be_enabled()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    await command(page, "next").dblclick()
    await expect(number(page)).to_be_visible()
    await page.keyboard.press("KeyN")
    await expect(command(page, "start")).to_be_enabled()
    assert len([url for url in asked if url.endswith("/call-next")]) == 1
    await expect(page.get_by_role("alert")).to_have_count(0)
    assert len(await events(stage, "TicketCalled")) == 1


async def test_a_visit_by_double_clicks_skips_nothing(stage: Stage) -> None:
    for _ in range(3):
        await stage.client.take()
    page = await stage.open("counter", "operator", language="en", counter="1")
    path = ("open", "next", "start", "finish", "next", "no-show")
    for name, following in zip(path, (*path[1:], "next"), strict=True):
        button = command(page, name).and_(page.locator(":enabled"))
        await expect(button).to_be_visible()
        await click_twice(page, button, command(page, following))
    await expect(command(page, "next")).to_be_enabled()
    await command(page, "close_counter").click()
    await expect(command(page, "open")).to_be_visible()
    entries = (await stage.client.get(f"{HERE}/journal")).body["entries"]
    kinds = [entry["event"]["kind"] for entry in entries if entry["by"] == "operator:test"]
    assert kinds == [
        "CounterOpened",
        "TicketCalled",
        "ServiceStarted",
        "ServiceFinished",
        "TicketLeft",
        "TicketCalled",
        "TicketNotShown",
        "TicketLeft",
        "CounterClosed",
    ]


async def test_an_answer_that_was_lost_is_asked_for_and_not_carried_out_again(stage: Stage) -> None:
    for _ in range(2):
        await stage.client.take()
    page = await sit_down(stage)
    await expect(command(page, "next")).to_be_enabled()
    keys: list[str | None] = []

    async def lose(route: Any) -> None:  # noqa: ANN401 - Playwright's Route
        keys.append(await route.request.header_value("Idempotency-Key"))
        if len(keys) == 1:
            await route.fetch()
            await route.abort()
        else:
            await route.continue_()

    await page.route("**/call-next", lose)
    await command(page, "next").click()
    await expect(number(page)).to_be_visible()
    await expect(command(page, "start")).to_be_enabled()
    assert len(await events(stage, "TicketCalled")) == 1
    assert len(set(keys)) == 1


async def test_a_wish_without_an_answer_is_the_same_wish_after_a_reload(stage: Stage) -> None:
    for _ in range(2):
        await stage.client.take()
    page = await sit_down(stage)
    await expect(command(page, "next")).to_be_enabled()
    keys: list[str | None] = []

    async def lose(route: Any) -> None:  # noqa: ANN401 - Playwright's Route
        keys.append(await route.request.header_value("Idempotency-Key"))
        await route.abort()

    await page.route("**/call-next", lose)
    await command(page, "next").click()
    await expect(page.get_by_role("alert")).to_contain_text(WORDS["no_connection"])
    await page.unroute("**/call-next")
    await page.reload()
    async with page.expect_request("**/call-next") as again:
        await command(page, "next").click()
    await expect(number(page)).to_be_visible()
    assert {await (await again.value).header_value("Idempotency-Key")} == set(keys)


async def test_that_there_was_no_connection_is_told_until_it_is_back(stage: Stage) -> None:
    await stage.client.take()
    page = await sit_down(stage)
    await expect(command(page, "next")).to_be_enabled()
    await page.context.set_offline(True)
    await command(page, "next").click()
    await expect(page.get_by_role("alert")).to_contain_text(WORDS["no_connection"])
    await page.context.set_offline(False)
    await expect(page.get_by_role("alert")).to_have_count(0)
    await expect(page.locator(".stale")).to_have_count(0)


async def test_two_operators_press_at_once_and_get_two_visitors(stage: Stage) -> None:
    taken = [await stage.client.take() for _ in range(2)]
    pages = [await sit_down(stage, counter) for counter in ("1", "2")]
    for page in pages:
        await expect(command(page, "next")).to_be_enabled()
    await asyncio.gather(*(command(page, "next").click() for page in pages))
    for page in pages:
        await expect(number(page)).to_be_visible()
    shown = {await number(page).inner_text() for page in pages}
    assert shown == {ticket["number"] for ticket in taken}


async def test_two_operators_press_at_once_and_one_visitor_waits(stage: Stage) -> None:
    await stage.client.take()
    pages = [await sit_down(stage, counter) for counter in ("1", "2")]
    for page in pages:
        await expect(command(page, "next")).to_be_enabled()
    await asyncio.gather(*(page.keyboard.press("KeyN") for page in pages))
    for page in pages:
        await expect(page.locator(".visitor-number, .idle")).to_be_visible()
        await expect(command(page, "next").and_(page.locator(":enabled"))).to_have_count(0)
    assert len(await events(stage, "TicketCalled")) == 1
    assert sum([await number(page).count() for page in pages]) == 1
    for page in pages:
        await expect(page.locator(".tone-stop")).to_have_count(0)


async def test_a_refusal_is_told_in_words(stage: Stage) -> None:
    page = await stage.open("counter", "operator", language="en", counter="1")
    await expect(command(page, "open")).to_be_visible()
    await page.route("**/counters/1", lambda route: route.abort())
    await stage.client.counter("1", "open")
    await command(page, "open").click()
    await expect(page.get_by_role("alert")).to_contain_text("The counter is already open")
    await expect(page.locator(".stale")).to_be_visible()
    await page.unroute("**/counters/1")
    await stage.client.counter("1", "close")
    await stage.client.take()
    await expect(page.locator(".stale")).to_have_count(0)


# --- for everybody -------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
async def test_anybody_can_use_it(stage: Stage, language: str) -> None:
    for service in ("passport", "passport", "passport"):
        await stage.client.take(service=service, party_size=3, language="kk")
    page = await stage.open("counter", "operator", language=language)
    await page.wait_for_selector(".choice")
    assert await ills(page, PHONE, DESK) == []
    page = await sit_down(stage, language=language)
    await command(page, "next").click()
    await command(page, "no-show").click()
    await command(page, "next").click()
    await expect(number(page)).to_be_visible()
    assert await ills(page, PHONE, DESK) == []
    await command(page, "transfer").click()
    await expect(page.get_by_role("dialog")).to_be_visible()
    assert await ills(page, PHONE, DESK) == []
