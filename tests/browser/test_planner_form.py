"""The form of a scenario on the planner's page: changed, checked as it is typed, saved, read."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from playwright.async_api import expect

from tests.browser.planner_desk import T, command, desk, fold, go, saturday, value

if TYPE_CHECKING:
    from tests.browser.stage import Stage


async def test_a_shipped_scenario_is_changed_and_the_change_outlives_a_reload(stage: Stage) -> None:
    page = await desk(stage)
    await page.get_by_role("link", name="Обычная неделя").click()
    visits = value(page, "days.0.visits")
    await expect(visits).to_have_value("520")
    await visits.fill("600")
    await expect(page.locator('[data-place="days"] .badge').first).to_have_text(T["changed"])
    await page.reload()
    await expect(visits).to_have_value("600")
    await command(page, "restore").click()
    await expect(visits).to_have_value("520")


async def test_bounds_and_reasons_are_those_of_the_service(stage: Stage) -> None:
    page = await desk(stage, "change/scenario/ordinary-week")
    size = value(page, "rules.group_size")
    bounds = T["bounds"].format_map({"from": 1, "to": 100})
    await expect(page.locator("#field-rules-group_size-hint")).to_have_text(bounds)
    await size.fill("-3")
    await expect(size).to_have_attribute("aria-invalid", "true")
    await expect(command(page, "run")).to_be_disabled()
    await size.fill("30")
    await expect(command(page, "run")).to_be_enabled()


async def test_a_number_is_typed_as_people_write_it(stage: Stage) -> None:
    page = await desk(stage, "change/scenario/ordinary-week")
    visits = value(page, "days.0.visits")
    await visits.fill("512,5")
    await fold(page, "held").click()
    await expect(page.locator('tr[data-rule="group_size"]')).to_be_visible()
    await expect(visits).to_have_value("512,5")
    await expect(page.locator(".faults")).to_have_count(0)
    for wrong in ("0x10", "NaN", "10000000", "1e400"):
        await visits.fill(wrong)
        await expect(visits).to_have_attribute("aria-invalid", "true")
        await visits.fill("500")
        await expect(visits).to_have_attribute("aria-invalid", "false")


@pytest.mark.parametrize(
    ("language", "typed", "number"),
    [
        ("en", "1,500", 1500),
        ("en", "1,234.5", 1234.5),
        ("ru", "1\u00a0500", 1500),
        ("kk", "1,5", 1.5),
    ],
)
async def test_thousands_are_understood_as_the_page_prints_them(
    stage: Stage, language: str, typed: str, number: float
) -> None:
    page = await desk(stage, "change/scenario/ordinary-week", language=language)
    visits = value(page, "days.0.visits")
    await visits.fill(typed)
    await expect(visits).to_have_attribute("aria-invalid", "false")
    async with page.expect_request(lambda asked: "/simulations" in asked.url) as sent:
        await command(page, "run").click()
    asked: Any = (await sent.value).post_data_json
    assert asked["versus"]["days"][0]["visits"] == number


async def test_a_skill_is_chosen_among_services(stage: Stage) -> None:
    page = await desk(stage, "change/scenario/ordinary-week")
    await fold(page, "staff").click()
    await fold(page, "staff.shifts.0.skills").click()
    skills = page.locator('[data-place="staff.shifts.0.skills"]')
    await skills.locator(".entries > .button").click()
    await value(page, "staff.shifts.0.skills.0").select_option("passport")
    await expect(page.locator(".faults")).to_have_count(0)


async def test_a_fault_leads_to_the_field_that_is_folded_away(stage: Stage) -> None:
    page = await desk(stage, "change/scenario/ordinary-week")
    await fold(page, "visitors").click()
    await value(page, "visitors.no_show").fill("250")
    await expect(page.locator(".faults")).to_be_visible()
    await fold(page, "visitors").click()
    await expect(value(page, "visitors.no_show")).to_have_count(0)
    await page.locator(".faults .link").click()
    await expect(value(page, "visitors.no_show")).to_be_focused()


async def test_a_wrong_number_of_replications_is_told_at_its_field_and_corrected(
    stage: Stage,
) -> None:
    page = await desk(stage, "change/scenario/ordinary-week")
    replications = value(page, "replications")
    label = await page.locator("#field-replications-label").inner_text()
    for wrong in ("0", "", "abc", "5,5", "99999"):
        await replications.fill(wrong)
        await command(page, "run").click()
        await expect(replications).to_have_attribute("aria-invalid", "true")
        await expect(page.locator(".faults .link")).to_have_text(label)
        await expect(command(page, "run")).to_be_disabled()
        await replications.fill("20")
        await expect(replications).to_have_attribute("aria-invalid", "false")
        await expect(page.locator(".faults")).to_have_count(0)
        await expect(command(page, "run")).to_be_enabled()


async def test_a_day_gets_a_surge_and_another_day_follows_it(stage: Stage) -> None:
    page = await desk(stage, "change/scenario/ordinary-week")
    await fold(page, "days.5.surges").click()
    surges = page.locator('[data-place="days.5.surges"]')
    await surges.get_by_role("button", name=re.compile(T["add"])).click()
    await value(page, "days.5.surges.0.visits").fill("80")
    await page.locator('[data-place="days"] > .entries > .button').click()
    await expect(value(page, "days.6.date")).to_have_value("08.03.2026")
    await expect(page.locator(".faults")).to_have_count(0)
    await command(page, "save").click()
    await page.get_by_role("link", name=T["open_saved"]).click()
    await fold(page, "days.5.surges").click()
    await expect(value(page, "days.5.surges.0.visits")).to_have_value("80")


async def test_a_regime_is_added_that_begins_in_the_middle_of_a_day(stage: Stage) -> None:
    page = await desk(stage, "change/scenario/ordinary-week")
    await fold(page, "regimes").click()
    await page.locator('[data-place="regimes"] > .entries > .button').click()
    await expect(value(page, "regimes.0.id")).to_have_value("regimes-1")
    await expect(value(page, "regimes.0.from")).to_have_value("02.03.2026")
    await value(page, "regimes.0.from_time").fill("14:00")
    await fold(page, "regimes.0.rules").click()
    await value(page, "regimes.0.rules.hall_limit").fill("35")
    await expect(page.locator(".faults")).to_have_count(0)
    await fold(page, "held").click()
    held = page.locator('tr[data-rule="hall_limit"] td')
    await expect(held.nth(1)).to_have_text("35")
    await value(page, "regimes.0.until_time").fill("13:00")
    await expect(page.locator(".faults .link")).to_contain_text("Ещё режимы")
    await expect(command(page, "run")).to_be_disabled()


async def test_a_special_day_is_closed_or_has_its_own_hours(stage: Stage) -> None:
    page = await desk(stage, "change/scenario/ordinary-week")
    await fold(page, "special_days").click()
    await page.locator('[data-place="special_days"] > .entries > .button').click()
    hours = value(page, "special_days.0.hours")
    await expect(hours).to_have_value("closed")
    await fold(page, "held").click()
    closes = page.locator('tr[data-rule="closes"] td').first
    await expect(closes).to_have_text("Особый день")
    await hours.select_option("")
    await value(page, "special_days.0.hours.closes").fill("08:00")
    await expect(page.locator(".faults .link")).to_be_visible()
    await value(page, "special_days.0.hours.closes").fill("12:30")
    await expect(closes).to_have_text("12:30")


async def test_profiles_are_called_by_their_names(stage: Stage) -> None:
    page = await desk(stage, "change/scenario/ordinary-week")
    profile = value(page, "days.0.profile")
    await expect(profile.locator("option:checked")).to_have_text("Рабочий день")
    await fold(page, "profiles").click()
    await page.locator('[data-place="profiles"] > .entries > .button').click()
    await expect(value(page, "profiles.2.code")).to_have_value("saturday-3")
    await expect(profile.locator("option")).to_have_text(["Рабочий день", "Суббота", "saturday-3"])


async def test_a_file_is_read_or_refused_with_its_line(stage: Stage) -> None:
    page = await desk(stage)
    chooser = page.locator('input[type="file"]')
    day = b"  - {date: 2026-03-02, visits: -1, profile: weekday}\n"
    wrong = b"like: ordinary-week\nname: mine\ndays:\n" + day
    await chooser.set_input_files({"name": "a.yaml", "mimeType": "text/yaml", "buffer": wrong})
    await expect(page.locator(".import-faults li")).to_contain_text(re.compile(r"4"))
    foreign = wrong + "title: При\n".encode("cp1251")
    await chooser.set_input_files({"name": "a.yaml", "mimeType": "text/yaml", "buffer": foreign})
    await expect(page.get_by_text(T["import_not_utf8"])).to_be_visible()
    await expect(page.locator(".import-faults")).to_have_count(0)
    right = wrong.replace(b"-1", b"77")
    await chooser.set_input_files({"name": "a.yaml", "mimeType": "text/yaml", "buffer": right})
    await expect(value(page, "days.0.visits")).to_have_value("77")
    await page.reload()
    await expect(value(page, "days.0.visits")).to_have_value("77")
    await value(page, "days.0.visits").fill("88")
    async with page.expect_download() as waiting:
        await command(page, "file").click()
    saved = await (await waiting.value).path()
    await go(page, "scenarios")
    await chooser.set_input_files(
        {"name": "b.yaml", "mimeType": "text/yaml", "buffer": saved.read_bytes()}
    )
    await expect(value(page, "days.0.visits")).to_have_value("88")


async def test_a_saved_scenario_is_found_and_removed(stage: Stage) -> None:
    await saturday(stage.client, "Моя суббота")
    page = await desk(stage)
    card = page.locator(".scenario").filter(has_text="Моя суббота")
    await card.get_by_role("button").click()
    await expect(card).to_have_count(0)
    await expect(page.locator(".scenario").first).to_be_visible()
