"""The manager's page: the plan of a day and the regimes over the branch."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.async_api import expect

from tests.browser.manager_office import T, entry, office, plan_value, turn
from tests.browser.stage import texts
from tests.contract.http_client import HERE, local

if TYPE_CHECKING:
    from playwright.async_api import Page

    from tests.browser.stage import Stage


# --- the plan ------------------------------------------------------------------------------------


async def save(page: Page, reason: str) -> None:
    """Previews what was typed and puts it in force."""
    await page.locator('.save-bar input[name="reason"]').fill(reason)
    await page.get_by_role("button", name=T["preview"]).click()
    await page.get_by_role("dialog").get_by_role("button", name=T["save"]).click()


async def choose_day(page: Page, date: str, said: str) -> None:
    """Turns to another day, which the page writes in words once it has its plan."""
    await page.locator("#plan-date").fill(date)
    await page.locator("#plan-date").press("Enter")
    await expect(page.get_by_text(said)).to_be_visible()


async def versions(stage: Stage) -> list[int]:
    """The numbers of the versions of today's plan in its history."""
    found = (await stage.client.get(f"{HERE}/plan/versions", "manager")).body["versions"]
    return [one["version"] for one in found]


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
        "руководитель test"
    )
    await page.get_by_role("button", name=T["revert"]).click()
    dialog = page.get_by_role("dialog")
    await dialog.locator('input[name="reason"]').fill("ремонт окончен")
    await dialog.get_by_role("button", name=T["revert"]).dblclick()
    await expect(page.get_by_text(T["reverted"].format(n=1))).to_be_visible()
    assert await plan_value(stage.client, "hall_limit") == 1000
    assert await versions(stage) == [1, 2, 3]
    other = page.locator(".versions > li").filter(has=page.get_by_role("button"))
    await expect(other).to_have_count(1)
    await expect(other).to_contain_text("1000 → 2")


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
    assert await versions(stage) == [1, 2]


async def test_a_later_day_is_planned_too(stage: Stage) -> None:
    page = await office(stage, "plan")
    await choose_day(page, "18.3.2020", "18 марта")
    await expect(page.locator("#plan-date")).to_have_value("18.03.2020")
    await entry(page, "hall_limit").fill("12")
    await save(page, "праздник рядом")
    await expect(page.get_by_text(T["saved"].format(n=2))).to_be_visible()
    plan = (await stage.client.get(f"{HERE}/plan?date=2020-03-18", "manager")).body
    assert next(one["value"] for one in plan["values"] if one["name"] == "hall_limit") == 12
    assert await plan_value(stage.client, "hall_limit") == 1000


async def test_what_was_typed_outlives_another_part_and_a_reload(stage: Stage) -> None:
    page = await office(stage, "plan")
    reason = page.locator('.save-bar input[name="reason"]')
    await entry(page, "hall_limit").fill("30")
    await reason.fill("ремонт в зале")
    await turn(page, "today")
    await turn(page, "plan")
    await expect(entry(page, "hall_limit")).to_have_value("30")
    await expect(reason).to_have_value("ремонт в зале")
    await page.reload()
    await expect(entry(page, "hall_limit")).to_have_value("30")
    await expect(reason).to_have_value("ремонт в зале")
    await save(page, "ремонт в зале")
    await expect(page.get_by_text(T["saved"].format(n=2))).to_be_visible()
    await page.reload()
    await expect(entry(page, "hall_limit")).to_have_value("30")
    await expect(page.locator(".save-bar")).to_have_count(0)
    await entry(page, "hall_limit").fill("20")
    await expect(reason).to_have_value("")


async def test_a_reason_belongs_to_the_day_for_which_it_was_typed(stage: Stage) -> None:
    page = await office(stage, "plan")
    reason = page.locator('.save-bar input[name="reason"]')
    await entry(page, "hall_limit").fill("30")
    await reason.fill("ремонт в зале")
    await choose_day(page, "18.03.2020", "18 марта")
    await entry(page, "hall_limit").fill("12")
    await expect(reason).to_have_value("")
    await page.get_by_role("button", name=T["drop"]).click()
    await choose_day(page, "16.03.2020", "16 марта")
    await expect(reason).to_have_value("ремонт в зале")
    await page.get_by_role("button", name=T["drop"]).click()
    await entry(page, "hall_limit").fill("31")
    await expect(reason).to_have_value("")


async def test_what_one_person_typed_is_gone_with_the_sign_out(stage: Stage) -> None:
    page = await office(stage, "plan")
    await entry(page, "hall_limit").fill("30")
    await page.get_by_role("button", name=T["sign_out"]).click()
    await page.wait_for_url("**/sign-in/**")
    await stage.go(page, "manager", "manager")
    await turn(page, "plan")
    await expect(entry(page, "hall_limit")).to_have_value("1000")


async def test_a_plan_that_may_not_be_changed_is_read(stage: Stage) -> None:
    await stage.client.get(f"{HERE}/board")
    page = await stage.open("manager", "planner")
    await turn(page, "plan")
    await expect(page.get_by_text(T["read_only"])).to_be_visible()
    await expect(entry(page, "hall_limit")).to_be_disabled()
    await turn(page, "regime")
    await expect(page.locator(".regime").first).to_be_visible()
    await expect(page.get_by_role("button", name=T["regime_use"])).to_have_count(0)
    await expect(page.get_by_text(T["regime_same"])).to_have_count(0)


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
async def test_a_date_is_written_in_one_form_whatever_the_browser_speaks(
    stage: Stage, language: str
) -> None:
    context = await stage.context(language="en-US")
    page = await office(stage, "plan", language=language, context=context)
    field, told = page.locator("#plan-date"), page.locator("#plan-date-words")
    await expect(field).to_have_value("16.03.2020")
    words = texts("manager", language)
    for typed in ("31.02.2020", "03/16", "завтра"):
        await field.fill(typed)
        await field.press("Enter")
        await expect(told).to_have_text(words["date_unread"].format(date="24.11.2026"))
        await expect(field).to_have_value(typed)
    await field.fill("20/03/2020")
    await field.press("Tab")
    await expect(field).to_have_value("20.03.2020")
    await expect(told).to_contain_text("20")


async def test_a_regime_ends_within_its_bounds(stage: Stage) -> None:
    page = await office(stage, "regime")
    groups = page.locator(".regime").filter(has_text="ЗКО")
    await groups.get_by_role("button", name=T["regime_use"]).click()
    field = page.locator("#regime-until")
    await field.fill("15.03.2020")
    await field.press("Enter")
    told = page.locator("#regime-until-words")
    await expect(told).to_have_text(T["date_too_early"].format(date="16.03.2020"))
    await field.fill("17.03.2020")
    await field.press("Enter")
    await expect(told).to_contain_text("17 марта 2020")


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
    await expect(dialog.get_by_role("button", name=T["regime_put"])).to_be_in_viewport(ratio=1)
    await dialog.get_by_role("button", name=T["regime_put"]).dblclick()
    in_force = page.locator(".regime.in-force")
    await expect(in_force).to_contain_text(T["regime_own"])
    assert await plan_value(stage.client, "group_admission") is True
    assert await versions(stage) == [1, 2]
    stage.client.clock(local(16, "10:30"))
    await stage.client.get(f"{HERE}/board")
    await in_force.get_by_role("button", name=T["regime_end"]).click()
    dialog = page.get_by_role("dialog")
    await dialog.locator('input[name="reason"]').fill("коридор свободен")
    await dialog.get_by_role("button", name=T["regime_end"]).dblclick()
    await expect(page.get_by_text(T["no_regime"])).to_be_visible()
    assert await plan_value(stage.client, "group_admission") is False
    assert await versions(stage) == [1, 2, 3]


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
