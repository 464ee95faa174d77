"""The manager's page: the branch now, reports, logs and devices; every part on every screen."""

from __future__ import annotations

import asyncio
import csv
import io
from http import HTTPStatus
from typing import TYPE_CHECKING

import pytest
from playwright.async_api import expect

from tests.browser.manager_office import PARTS, READY, T, entry, figure, office, serve, turn
from tests.browser.stage import BOARD, DESK, PHONE, ills, scrolling, texts
from tests.contract.http_client import HERE, local

if TYPE_CHECKING:
    from playwright.async_api import Page

    from tests.browser.stage import Stage

LINES = """(element) => {
  const range = document.createRange();
  range.selectNodeContents(element);
  return range.getClientRects().length;
}"""
"""Into how many lines a text is broken."""

# --- today ---------------------------------------------------------------------------------------


async def test_the_branch_is_followed_as_it_moves(stage: Stage) -> None:
    page = await office(stage, "today")
    await expect(figure(page, T["waiting_inside"])).to_have_text("0")
    await expect(page.get_by_text(T["no_alarms"])).to_be_visible()
    await stage.client.take(party_size=2)
    await expect(figure(page, T["in_hall"])).to_have_text("2")
    await expect(page.locator(".notice.tone-stop")).to_be_visible()
    await stage.client.counter("1", "open")
    await stage.client.counter("1", "call-next")
    counter = page.locator(".counters li").first
    await expect(counter).to_contain_text("P-001")
    await expect(page.get_by_text(T["no_alarms"])).to_be_visible()


async def test_the_state_of_a_counter_is_one_line_on_a_telephone(stage: Stage) -> None:
    await stage.client.counter("1", "open")
    page = await office(stage, "today")
    await page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    state = page.locator(".counter-state", has_text=T["counter_free"]).first
    await expect(state).to_be_visible()
    assert await state.evaluate(LINES) == 1


async def test_the_rules_in_force_are_named_at_a_glance(thursday: Stage) -> None:
    await thursday.client.take()
    page = await office(thursday, "today")
    rules = page.locator(".rules-now")
    await expect(rules).to_contain_text("ЗКО: вход небольшими группами")
    await expect(rules).to_contain_text("держите дистанцию")


async def test_today_is_shown_against_a_usual_day(stage: Stage) -> None:
    for day in (3, 10):
        await serve(stage.client, day, "10:00", "10:12")
    stage.client.clock(local(17, "10:00"))
    await stage.client.take()
    page = await office(stage, "today")
    await expect(page.get_by_text(T["usual_stands_on"]["few"].format(n=2))).to_be_visible()
    chart = page.locator("figure").filter(has=page.get_by_role("heading", name=T["chart_arrivals"]))
    await chart.get_by_text(T["as_table"]).click()
    row = chart.locator("tbody tr").filter(has_text="10:00")
    assert await row.locator("td").all_text_contents() == ["1", "1"]


async def test_a_pause_is_counted_down(thursday: Stage) -> None:
    await thursday.client.take()
    thursday.client.clock(local(19, "11:00"))
    await thursday.client.get(f"{HERE}/board")
    page = await office(thursday, "today")
    await expect(page.locator(".pauses .pause-now")).to_contain_text("11:00")
    following = page.locator(".pauses .pause-next")
    await expect(following).to_contain_text(T["entry_until"].format(time="13:00"))
    await expect(page.locator(".pause-now").first).to_contain_text(T["phase_cleaning"])


async def test_a_hall_that_is_not_empty_in_time_awaits_no_confirmation(thursday: Stage) -> None:
    ticket = await thursday.client.take()
    await thursday.client.release()
    await thursday.client.act(ticket, "entered")
    thursday.client.clock(local(19, "11:01"))
    await thursday.client.get(f"{HERE}/board")
    page = await office(thursday, "today")
    now = page.locator(".pause-now").first
    await expect(now).to_contain_text(T["phase_draining"])
    await expect(now).to_contain_text(T["over_draining"])


async def test_a_reload_shows_the_same_part(stage: Stage) -> None:
    page = await office(stage, "reports")
    await page.reload()
    await page.wait_for_selector(READY["reports"])
    await expect(page.locator(".parts [aria-current]")).to_have_text(T["part_reports"])


async def test_signing_out_ends_the_session(stage: Stage) -> None:
    page = await office(stage, "devices")
    await page.get_by_role("button", name=T["sign_out"]).click()
    await page.wait_for_url("**/sign-in/**")
    answer = await stage.client.get(f"{HERE}/overview", "manager")
    assert answer.status in (200, 401)
    await page.goto(f"{stage.client.api}/manager/")
    await page.wait_for_url("**/sign-in/**")


# --- reports and logs ----------------------------------------------------------------------------


async def saved_file(page: Page, name: str) -> bytes:
    """What the browser saves after a press."""
    async with page.expect_download() as waiting:
        await page.get_by_role("button", name=name).click()
    path = await (await waiting.value).path()
    return await asyncio.to_thread(path.read_bytes)


async def test_a_period_is_reported_and_exported(stage: Stage) -> None:
    await serve(stage.client, 16, "10:00", "10:12")
    await serve(stage.client, 17, "10:00", "10:20")
    page = await office(stage, "reports")
    await expect(figure(page, T["count_arrivals"])).to_have_text("1")
    await page.get_by_role("button", name=T["last_days"]["many"].format(n=7)).click()
    await expect(figure(page, T["count_arrivals"])).to_have_text("2")
    await expect(figure(page, T["span_total"])).to_have_text("16")
    by_day = page.get_by_role("region", name=T["by_day"])
    assert await by_day.locator("tbody tr").count() == 2
    await expect(page.get_by_role("region", name=T["by_counter"])).to_contain_text("Окно 1")
    content = await saved_file(page, T["as_csv"])
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert rows[1][:2] == ["Итого", "2"]
    assert (await saved_file(page, T["as_xlsx"])).startswith(b"PK")


@pytest.mark.parametrize(("language", "words"), [("kk", "16 наурыз"), ("ru", "16 марта 2020")])
async def test_a_date_is_said_in_the_words_of_the_reader(
    stage: Stage, language: str, words: str
) -> None:
    page = await office(stage, "reports", language=language)
    await expect(page.locator("#period-from-words")).to_contain_text(words)


@pytest.mark.parametrize("language", ["kk", "ru"])
async def test_on_a_phone_a_line_of_a_report_is_a_card(stage: Stage, language: str) -> None:
    await serve(stage.client, 16, "10:00", "10:12")
    page = await office(stage, "reports", size=PHONE, language=language)
    words = texts("manager", language)
    by_day = page.get_by_role("region", name=words["by_day"])
    cells = by_day.locator("td:visible")
    shown = {
        await cell.get_attribute("data-label"): await cell.text_content()
        for cell in await cells.all()
    }
    assert shown[words["count_served"]] == "1"
    assert words["count_missed"] not in shown
    assert shown[f"{words['span_total']}, {words['spread_median']}"] == "12"
    labelled = "one => getComputedStyle(one, '::before').content"
    assert await cells.first.evaluate(labelled) == f'"{words["count_arrivals"]}"'
    assert await scrolling(page) == []
    assert await ills(page, PHONE) == []


async def test_a_counter_that_was_never_open_counts_nothing(stage: Stage) -> None:
    await serve(stage.client, 16, "10:00", "10:05")
    await stage.client.counter("1", "close")
    page = await office(stage, "today")
    notes = page.locator(".counter-note")
    await expect(notes.first).to_have_text(T["given_today"].format(n=1))
    await expect(notes.nth(5)).to_have_text("")


async def test_a_day_on_which_nothing_happened_says_so(stage: Stage) -> None:
    page = await office(stage, "reports")
    await expect(page.get_by_text(T["nothing_happened"])).to_be_visible()


async def test_the_audit_and_the_sanitation_log_are_read_and_exported(thursday: Stage) -> None:
    client = thursday.client
    await client.take()
    body = {"reason": "узкий коридор", "group_size": 6}
    await client.ask("PATCH", f"{HERE}/plan", body, "manager", If_Match="*")
    client.clock(local(19, "11:15"))
    await client.post(f"{HERE}/sanitation/confirm", None, "attendant")
    page = await office(thursday, "audit")
    changed = page.locator("tbody tr").filter(has_text="узкий коридор")
    await expect(changed).to_contain_text("10 → 6")
    await expect(changed).to_contain_text("test")
    content = await saved_file(page, T["as_csv"])
    assert "узкий коридор" in content.decode("utf-8-sig")
    await turn(page, "sanitation")
    await expect(page.locator("tbody tr")).to_contain_text("11:15")
    assert (await saved_file(page, T["as_xlsx"])).startswith(b"PK")


# --- devices -------------------------------------------------------------------------------------


async def test_a_device_is_let_in_by_its_code(stage: Stage) -> None:
    begun = (await stage.client.post("/v1/pairings", {}, None)).body
    page = await office(stage, "devices")
    await page.locator('input[name="code"]').fill(begun["code"].lower())
    await page.get_by_role("radio", name=T["role_board"]).check()
    await page.locator('input[name="name"]').fill("hall-1")
    await page.get_by_role("button", name=T["device_approve"]).click()
    await expect(page.get_by_text(T["device_let_in"].format(name="board:hall-1"))).to_be_visible()
    seen = await stage.client.get(f"/v1/pairings/{begun['pairing']}", None)
    assert (seen.body["state"], seen.body["role"]) == ("approved", "board")


async def test_a_wrong_code_is_refused_in_words(stage: Stage) -> None:
    page = await office(stage, "devices")
    await page.locator('input[name="code"]').fill("000000")
    await page.locator('input[name="name"]').fill("hall-1")
    await page.get_by_role("button", name=T["device_approve"]).click()
    await expect(page.get_by_role("alert")).to_be_visible()


async def test_a_name_that_is_none_is_refused_by_the_name_of_its_field(stage: Stage) -> None:
    page = await office(stage, "devices")
    await page.locator('input[name="code"]').fill("000000")
    await page.locator('input[name="name"]').fill("Hall 1")
    await page.get_by_role("button", name=T["device_approve"]).click()
    await expect(page.get_by_role("alert")).to_contain_text(f"{T['device_name']}: ")


# --- for everybody, on every screen --------------------------------------------------------------


async def in_work(stage: Stage) -> None:
    """A morning with something in every table."""
    client = stage.client
    ticket = await client.take(party_size=2)
    await client.release()
    await client.act(ticket, "entered")
    await client.counter("1", "open")
    await client.counter("1", "call-next")
    unbroken = "узкийкоридор" * 20
    message = dict.fromkeys(("kk", "ru", "en"), unbroken)
    body = {"reason": unbroken, "group_size": 6, "hall_limit": 20, "message": message}
    changed = await client.ask("PATCH", f"{HERE}/plan", body, "manager", If_Match="*")
    assert changed.status == HTTPStatus.OK, changed.raw
    client.clock(local(19, "11:05"))
    await client.get(f"{HERE}/board")


@pytest.mark.kills_gateway
async def test_everything_is_shown_without_a_network_and_said_to_be_old(stage: Stage) -> None:
    page = await office(stage, "today")
    await expect(page.get_by_text(T["no_alarms"])).to_be_visible()
    await page.context.set_offline(True)
    await stage.gateway.kill()
    await expect(page.locator(".stale")).to_be_visible()
    await expect(page.get_by_text(T["no_alarms"])).to_be_hidden()
    await page.context.set_offline(False)
    await stage.gateway.start()
    await expect(page.locator(".stale")).to_be_hidden()
    await expect(page.get_by_text(T["no_alarms"])).to_be_visible()


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
async def test_anybody_can_use_it(thursday: Stage, language: str) -> None:
    await in_work(thursday)
    page = await office(thursday, "today", language=language)
    found = {}
    for part in PARTS:
        await turn(page, part)
        found[part] = await ills(page, PHONE, DESK, BOARD)
    words = texts("manager", language)
    await turn(page, "plan")
    await entry(page, "hall_limit").fill("15")
    await page.locator('.save-bar input[name="reason"]').fill("ремонт")
    await page.get_by_role("button", name=words["preview"]).click()
    await page.wait_for_selector("dialog .consequences")
    found["preview"] = await ills(page, PHONE, DESK, BOARD)
    assert {part: ill for part, ill in found.items() if ill} == {}
