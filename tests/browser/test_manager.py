"""The manager's page: the branch now, its plan, regimes, reports, logs and devices."""

from __future__ import annotations

import asyncio
import csv
import io
from typing import TYPE_CHECKING, Any

import pytest
from playwright.async_api import expect

from tests.browser.stage import BOARD, DESK, PHONE, overflows, texts, violations
from tests.contract.http_client import HERE, local

if TYPE_CHECKING:
    from playwright.async_api import Locator, Page

    from tests.browser.stage import Stage
    from tests.contract.http_client import Client

PARTS = ("today", "plan", "regime", "reports", "audit", "sanitation", "devices")
READY = {
    "today": ".charts",
    "plan": ".sections .entry",
    "regime": ".regime",
    "reports": ".period",
    "audit": ".period",
    "sanitation": ".period",
    "devices": ".devices form",
}
T = texts("manager", "ru")


async def office(stage: Stage, part: str, **options: Any) -> Page:  # noqa: ANN401
    """A part of the manager's page, shown at the client's time."""
    await stage.client.get(f"{HERE}/board")
    page = await stage.open("manager", "manager", **options)
    await page.wait_for_selector(".parts a")
    await turn(page, part)
    return page


async def turn(page: Page, part: str) -> None:
    """Turns to another part."""
    await page.locator(f'.parts a[href="#{part}"]').click()
    await page.wait_for_selector(READY[part])


def figure(page: Page, name: str) -> Locator:
    """The number of a card."""
    return page.locator(".figure").filter(has=page.get_by_text(name, exact=True)).locator("b")


def entry(page: Page, name: str) -> Locator:
    """A value of the plan by the name that the service gives it."""
    return page.locator(f"#plan-{name}")


async def serve(client: Client, day: int, arrives: str, called: str) -> None:
    """Somebody comes on an ordinary day and is served at counter 1 ten minutes after the call."""
    client.clock(local(day, arrives))
    ticket = await client.take()
    await client.counter("1", "open")
    client.clock(local(day, called))
    await client.counter("1", "call-next")
    await client.act(ticket, "start")
    await client.act(ticket, "finish")


async def plan_value(client: Client, name: str) -> Any:  # noqa: ANN401 - any value of a plan
    plan = (await client.get(f"{HERE}/plan", "manager")).body
    return next(one["value"] for one in plan["values"] if one["name"] == name)


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
    await expect(page.locator(".pause-now").first).to_contain_text(T["phase_cleaning"])


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


# --- the plan ------------------------------------------------------------------------------------


async def save(page: Page, reason: str) -> None:
    """Previews what was typed and puts it in force."""
    await page.locator('.save-bar input[name="reason"]').fill(reason)
    await page.get_by_role("button", name=T["preview"]).click()
    await page.get_by_role("dialog").get_by_role("button", name=T["save"]).click()


async def test_a_change_is_previewed_saved_and_can_be_taken_back(stage: Stage) -> None:
    for _ in range(3):
        await stage.client.take()
    page = await office(stage, "plan")
    await entry(page, "hall_limit").fill("2")
    await page.locator('.save-bar input[name="reason"]').fill("ремонт в зале")
    await page.get_by_role("button", name=T["preview"]).click()
    dialog = page.get_by_role("dialog")
    await expect(dialog.locator(".differences")).to_contain_text("1000 → 2")
    above = dialog.locator(".consequences div").filter(has_text=T["effect_hall_above_limit"])
    await expect(above.locator("dd")).to_have_text("1")
    assert await plan_value(stage.client, "hall_limit") == 1000
    await dialog.get_by_role("button", name=T["save"]).click()
    await expect(page.get_by_text(T["saved"].format(n=2))).to_be_visible()
    assert await plan_value(stage.client, "hall_limit") == 2
    newest = page.locator(".versions > li").first
    await expect(newest).to_contain_text("ремонт в зале")
    await expect(newest).to_contain_text("1000 → 2")
    await expect(page.locator(".entry").filter(has=entry(page, "hall_limit"))).to_contain_text(
        "manager:test"
    )
    await page.get_by_role("button", name=T["revert"]).click()
    dialog = page.get_by_role("dialog")
    await dialog.locator('input[name="reason"]').fill("ремонт окончен")
    await dialog.get_by_role("button", name=T["revert"]).click()
    await expect(page.get_by_text(T["reverted"].format(n=1))).to_be_visible()
    assert await plan_value(stage.client, "hall_limit") == 1000


async def test_every_kind_of_value_can_be_changed(stage: Stage) -> None:
    page = await office(stage, "plan")
    await entry(page, "closes").fill("16:30")
    await entry(page, "group_admission").check()
    await entry(page, "release_by").select_option("clock")
    await entry(page, "group_interval_minutes").fill("15")
    await entry(page, "accepted_reasons").get_by_role("checkbox").first.check()
    for place, text in enumerate(("Ішке кіріңіз", "Входите", "Come in")):
        await entry(page, "message").locator("textarea").nth(place).fill(text)
    await save(page, "эпидемия")
    await expect(page.get_by_text(T["saved"].format(n=2))).to_be_visible()
    board = (await stage.client.get(f"{HERE}/board")).body
    assert board["closes_at"] == "2020-03-16T16:30:00+05:00"
    assert (board["group_admission"], board["message"]["kk"]) == (True, "Ішке кіріңіз")
    assert await plan_value(stage.client, "release_by") == "clock"
    assert await plan_value(stage.client, "group_interval_minutes") == 15
    assert len(await plan_value(stage.client, "accepted_reasons")) == 1


async def test_counters_are_taken_out_of_use(stage: Stage) -> None:
    page = await office(stage, "plan")
    counters = entry(page, "counters_in_use").get_by_role("checkbox")
    await expect(counters).to_have_count(16)
    for place in range(2, 16):
        await counters.nth(place).uncheck()
    await save(page, "двое в отпуске")
    await expect(page.get_by_text(T["saved"].format(n=2))).to_be_visible()
    board = (await stage.client.get(f"{HERE}/board")).body
    assert [one["counter"] for one in board["counters"]] == ["1", "2"]


async def test_a_bound_of_a_regime_is_named_and_what_was_typed_stays(thursday: Stage) -> None:
    page = await office(thursday, "plan")
    await entry(page, "group_size").fill("30")
    await page.locator('.save-bar input[name="reason"]').fill("быстрее")
    await page.get_by_role("button", name=T["preview"]).click()
    problem = page.get_by_role("alert")
    await expect(problem).to_contain_text("ЗКО: вход небольшими группами")
    await expect(problem).to_contain_text("10")
    await expect(entry(page, "group_size")).to_have_value("30")


async def test_a_plan_changed_meanwhile_is_shown_and_what_was_typed_stays(stage: Stage) -> None:
    await stage.client.take()
    page = await office(stage, "plan")
    await entry(page, "hall_limit").fill("30")
    body = {"reason": "узкий коридор", "party_limit": 2}
    await stage.client.ask("PATCH", f"{HERE}/plan", body, "manager", If_Match='"1"')
    await save(page, "ремонт в зале")
    stale = page.locator(".save-bar .notice")
    await expect(stale).to_contain_text(T["stale_plan"])
    await expect(stale).to_contain_text("узкий коридор")
    await expect(entry(page, "hall_limit")).to_have_value("30")
    await expect(entry(page, "party_limit")).to_have_value("2")
    await page.get_by_role("button", name=T["preview"]).click()
    await page.get_by_role("dialog").get_by_role("button", name=T["save"]).click()
    await expect(page.get_by_text(T["saved"].format(n=3))).to_be_visible()
    assert await plan_value(stage.client, "hall_limit") == 30
    assert await plan_value(stage.client, "party_limit") == 2


async def test_a_plan_changed_by_somebody_else_is_shown_without_asking(stage: Stage) -> None:
    await stage.client.take()
    page = await office(stage, "plan")
    body = {"reason": "узкий коридор", "party_limit": 2}
    await stage.client.ask("PATCH", f"{HERE}/plan", body, "manager", If_Match='"1"')
    await expect(entry(page, "party_limit")).to_have_value("2")
    await expect(page.locator(".versions > li").first).to_contain_text("узкий коридор")


async def test_a_second_press_makes_no_second_version(stage: Stage) -> None:
    page = await office(stage, "plan")
    await entry(page, "hall_limit").fill("30")
    await page.locator('.save-bar input[name="reason"]').fill("ремонт")
    await page.get_by_role("button", name=T["preview"]).click()
    await page.get_by_role("dialog").get_by_role("button", name=T["save"]).dblclick()
    await expect(page.get_by_text(T["saved"].format(n=2))).to_be_visible()
    versions = (await stage.client.get(f"{HERE}/plan/versions", "manager")).body["versions"]
    assert len(versions) == 2


async def test_a_later_day_is_planned_too(stage: Stage) -> None:
    page = await office(stage, "plan")
    await page.locator("#plan-date").fill("2020-03-18")
    await expect(page.get_by_text("18 марта")).to_be_visible()
    await entry(page, "hall_limit").fill("12")
    await save(page, "праздник рядом")
    await expect(page.get_by_text(T["saved"].format(n=2))).to_be_visible()
    plan = (await stage.client.get(f"{HERE}/plan?date=2020-03-18", "manager")).body
    assert next(one["value"] for one in plan["values"] if one["name"] == "hall_limit") == 12
    assert await plan_value(stage.client, "hall_limit") == 1000


# --- regimes -------------------------------------------------------------------------------------


async def test_a_regime_is_previewed_put_in_force_and_ended(stage: Stage) -> None:
    for _ in range(2):
        await stage.client.take()
    page = await office(stage, "regime")
    await expect(page.get_by_text(T["no_regime"])).to_be_visible()
    groups = page.locator(".regime").filter(has_text="ЗКО")
    await groups.get_by_role("button", name=T["regime_use"]).click()
    dialog = page.get_by_role("dialog")
    await dialog.locator('input[name="reason"]').fill("толпа в коридоре")
    await dialog.get_by_role("button", name=T["preview"]).click()
    waiting = dialog.locator(".consequences div").filter(has_text=T["effect_waiting"])
    await expect(waiting.locator("dd")).to_have_text("2")
    assert await plan_value(stage.client, "group_admission") is False
    await dialog.get_by_role("button", name=T["regime_put"]).dblclick()
    in_force = page.locator(".regime.in-force")
    await expect(in_force).to_contain_text(T["regime_own"])
    assert await plan_value(stage.client, "group_admission") is True
    stage.client.clock(local(16, "10:30"))
    await stage.client.get(f"{HERE}/board")
    await in_force.get_by_role("button", name=T["regime_end"]).click()
    dialog = page.get_by_role("dialog")
    await dialog.locator('input[name="reason"]').fill("коридор свободен")
    await dialog.get_by_role("button", name=T["regime_end"]).click()
    await expect(page.get_by_text(T["no_regime"])).to_be_visible()
    assert await plan_value(stage.client, "group_admission") is False


async def test_tickets_outside_are_sent_online_only_when_the_manager_says_so(
    thursday: Stage,
) -> None:
    ticket = await thursday.client.take(service="address-certificate")
    page = await office(thursday, "regime")
    online = page.locator(".regime").filter(has_text="Казахстан")
    await online.get_by_role("button", name=T["regime_use"]).click()
    dialog = page.get_by_role("dialog")
    await dialog.locator('input[name="reason"]').fill("только онлайн")
    await dialog.get_by_role("button", name=T["preview"]).click()
    await dialog.get_by_text(T["redirect"]["one"].format(n=1)).click()
    await dialog.get_by_role("button", name=T["regime_put"]).click()
    own = page.locator(".regime.in-force").filter(has_text=T["regime_own"])
    await expect(own).to_be_visible()
    seen = await thursday.client.get(f"{HERE}/tickets/{ticket['id']}", "kiosk")
    assert seen.body["state"] == "cancelled"


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


# --- for everybody, on every screen --------------------------------------------------------------


async def in_work(stage: Stage) -> None:
    """A morning with something in every table."""
    client = stage.client
    ticket = await client.take(party_size=2)
    await client.release()
    await client.act(ticket, "entered")
    await client.counter("1", "open")
    await client.counter("1", "call-next")
    body = {"reason": "узкий коридор", "group_size": 6, "hall_limit": 20}
    await client.ask("PATCH", f"{HERE}/plan", body, "manager", If_Match="*")
    client.clock(local(19, "11:05"))
    await client.get(f"{HERE}/board")


async def test_everything_is_shown_without_a_network_and_said_to_be_old(stage: Stage) -> None:
    page = await office(stage, "today")
    await page.context.set_offline(True)
    await stage.gateway.kill()
    await expect(page.locator(".stale")).to_be_visible(timeout=15_000)
    await page.context.set_offline(False)
    await stage.gateway.start()
    await expect(page.locator(".stale")).to_be_hidden(timeout=15_000)


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
async def test_anybody_can_use_it(thursday: Stage, language: str) -> None:
    await in_work(thursday)
    page = await office(thursday, "today", language=language)
    found = {}
    for part in PARTS:
        await turn(page, part)
        found[part] = await violations(page)
    words = texts("manager", language)
    await turn(page, "plan")
    await entry(page, "hall_limit").fill("15")
    await page.locator('.save-bar input[name="reason"]').fill("ремонт")
    await page.get_by_role("button", name=words["preview"]).click()
    await page.wait_for_selector("dialog .consequences")
    found["preview"] = await violations(page)
    assert {part: ill for part, ill in found.items() if ill} == {}


@pytest.mark.parametrize("size", [PHONE, DESK, BOARD])
async def test_nothing_sticks_out(thursday: Stage, size: tuple[int, int]) -> None:
    await in_work(thursday)
    page = await office(thursday, "today", size=size, language="kk")
    found = {}
    for part in PARTS:
        await turn(page, part)
        found[part] = await overflows(page)
    await turn(page, "plan")
    await entry(page, "hall_limit").fill("15")
    await page.locator('.save-bar input[name="reason"]').fill("жөндеу")
    await page.get_by_role("button", name=texts("manager", "kk")["preview"]).click()
    await page.wait_for_selector("dialog .consequences")
    found["preview"] = await overflows(page)
    assert {part: ill for part, ill in found.items() if ill} == {}
