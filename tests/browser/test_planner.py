"""The planner's page: runs, progress, comparison, sharing, draft regimes, days watched."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.async_api import expect

from queue_service.access import staff
from tests.browser.planner_desk import (
    SIMULATIONS,
    T,
    at_work,
    command,
    desk,
    finished,
    fold,
    go,
    ran,
    saturday,
    started,
    value,
)
from tests.browser.stage import BOARD, KIOSK, PHONE, overflows, texts, violations
from tests.contract.http_client import BRANCH

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.async_api import Page

    from queue_service.store import Pool
    from tests.browser.stage import Stage

PASSWORD = "a long password of a test"


async def test_who_may_not_plan_is_told_so_and_can_leave(stage: Stage) -> None:
    page = await stage.open("planner", "manager")
    await expect(page.get_by_role("alert")).to_be_visible()
    await command(page, "sign-out").click()
    await page.wait_for_url(re.compile(r"/sign-in/\?for=planner"))


async def test_a_link_that_is_mangled_or_cut_short_leads_somewhere(stage: Stage) -> None:
    page = await desk(stage, "run/%E0%A4%A")
    await page.reload()
    await expect(page.locator(".notice-title")).to_have_text("Такого расчёта нет")
    await expect(page.get_by_role("alert")).not_to_contain_text("/v1/")
    await go(page, "change/scenario/none")
    await expect(page.locator(".notice-title")).to_have_text("Такого сценария нет")
    await expect(page.get_by_role("alert")).not_to_contain_text("/v1/")
    for place, part in (
        ("change", "scenarios"),
        ("change/scenario", "scenarios"),
        ("constructor", "scenarios"),
        ("run/", "runs"),
        ("compare", "runs"),
        ("compare/only-one", "runs"),
    ):
        await go(page, place)
        await page.reload()
        await expect(page.locator('.parts [aria-current="page"]')).to_have_text(T[f"part_{part}"])
        await expect(page.get_by_role("alert")).to_have_count(0)
        await expect(page.locator(".crumbs")).to_have_count(0)


# --- runs ----------------------------------------------------------------------------------------


async def test_a_changed_scenario_is_run_beside_itself(
    stage: Stage, database_url: str, tmp_path: Path
) -> None:
    saved = await saturday(stage.client)
    page = await desk(stage, f"change/scenario/{saved['id']}")
    await value(page, "rules.group_size").fill("3")
    await page.locator("#field-replications").fill("5")
    await command(page, "run").dblclick()
    await expect(page.locator('.run-head [data-state="queued"]')).to_be_visible()
    await page.reload()
    async with at_work(database_url, tmp_path):
        await expect(page.locator('.run-head [data-state="done"]')).to_be_visible()
    listed = (await stage.client.get(SIMULATIONS, "planner")).body["simulations"]
    assert len(listed) == 1
    shown = (await stage.client.get(f"{SIMULATIONS}/{listed[0]['id']}", "planner")).body
    assert [one["rules"]["group_size"] for one in (shown["scenario"], shown["versus"])] == [20, 3]
    (day,) = shown["differences"]
    told = next(one for one in day["differences"] if one["name"] == "groups")
    row = page.locator('.changes tr[data-figure="groups"]')
    russian = await row.locator("td").nth(0).text_content()
    assert russian is not None
    assert float(russian.replace(",", ".")) == pytest.approx(
        float(told["first"].replace(",", ".")), abs=0.1
    )
    await expect(row).to_contain_text(T["differs"])
    await expect(page.locator("#chart-street")).to_be_attached()


async def test_progress_outlives_a_reload_and_a_run_is_cancelled(
    stage: Stage, database_url: str, tmp_path: Path
) -> None:
    scenario = (await saturday(stage.client))["scenario"]
    simulation = await started(stage.client, "Долгий", scenario, replications=1000)
    page = await desk(stage, f"run/{simulation}")
    async with at_work(database_url, tmp_path):
        progress = page.locator(".progress progress")
        await expect(progress).not_to_have_attribute("value", "0")
        await expect(page.locator(".glance")).to_be_visible()
        await page.reload()
        await expect(progress).not_to_have_attribute("value", "0")
        await command(page, "cancel").click()
        assert (await finished(stage.client, simulation))["state"] == "cancelled"
    await expect(page.locator('.run-head [data-state="cancelled"]')).to_be_visible()
    await expect(command(page, "cancel")).to_have_count(0)
    await expect(page.locator(".glance")).to_be_visible()


async def test_runs_are_put_side_by_side(stage: Stage, database_url: str, tmp_path: Path) -> None:
    for title, size in (("Группы по 20", 20), ("Группы по 2", 2)):
        scenario = (await saturday(stage.client, title, group_size=size))["scenario"]
        await started(stage.client, title, scenario)
    page = await desk(stage, "runs")
    async with at_work(database_url, tmp_path):
        await expect(page.locator('[data-state="done"]')).to_have_count(2)
    for title in ("Группы по 20", "Группы по 2"):
        await page.get_by_label(T["choose_run"].format(title=title), exact=True).check()
    await command(page, "compare").click()
    groups = page.locator('tr[data-figure="groups"]')
    await expect(groups.locator("td")).to_have_count(2)
    await expect(groups.locator(".badge.tone-next")).to_have_count(1)
    await expect(page.locator("figure .line").first).to_be_attached()


async def test_runs_of_other_days_are_compared_date_by_date(
    stage: Stage, database_url: str, tmp_path: Path
) -> None:
    one = (await saturday(stage.client, "Только суббота"))["scenario"]
    friday = {**one["days"][0], "date": "2026-03-06"}
    both = {**one, "title": "Пятница и суббота", "days": [friday, *one["days"]]}
    runs = [await started(stage.client, made["title"], made) for made in (both, one)]
    async with at_work(database_url, tmp_path):
        for run in runs:
            await finished(stage.client, run)
    page = await desk(stage, "/".join(("compare", *runs)))
    await expect(page.get_by_text(T["compare_other_days"])).to_be_visible()
    await expect(page.locator('tr[data-figure="served"] .badge')).to_have_count(0)
    chips = page.locator(".days .chip")
    await expect(chips).to_have_count(2)
    names = page.locator(".runs-legend li")
    await expect(names).to_have_count(0)  # one run alone has Friday
    await chips.nth(1).click()
    await expect(names).to_have_text(["Пятница и суббота", "Только суббота"])


async def test_only_so_many_variants_stand_side_by_side(stage: Stage) -> None:
    titles = [f"Расчёт {number}" for number in range(1, 8)]
    scenario = (await saturday(stage.client))["scenario"]
    runs = [await started(stage.client, title, scenario) for title in titles]
    page = await desk(stage, "runs")
    for title in titles[:6]:
        await page.get_by_label(T["choose_run"].format(title=title), exact=True).check()
    await expect(command(page, "compare")).to_be_enabled()
    await page.get_by_label(T["choose_run"].format(title=titles[6]), exact=True).check()
    await expect(command(page, "compare")).to_be_disabled()
    told = page.locator(".launch [role=status]")
    await expect(told).to_have_text(T["compare_most"].format(n=7, most=6))
    await page.get_by_label(T["choose_run"].format(title=titles[0]), exact=True).uncheck()
    await expect(command(page, "compare")).to_be_enabled()
    await expect(told).to_have_count(0)
    await go(page, "/".join(("compare", *runs)))
    await expect(page.get_by_role("alert")).to_contain_text("от 2 до 6")
    await expect(page.get_by_role("alert")).not_to_contain_text("of:")


async def test_a_link_leads_somebody_else_to_the_same_run(
    stage: Stage, pool: Pool, database_url: str, tmp_path: Path
) -> None:
    simulation = await ran(stage, database_url, tmp_path)
    page = await desk(stage, f"run/{simulation}")
    await command(page, "share").click()
    link = await page.locator('input[name="link"]').input_value()
    await staff.add(pool, "aigul", PASSWORD, "planner", "", "Айгүл Б.")
    other = await (await stage.context()).new_page()
    await other.goto(link)
    await other.get_by_label(texts("sign-in", "ru")["login"]).fill("aigul")
    await other.get_by_label(texts("sign-in", "ru")["password"]).fill(PASSWORD)
    await other.get_by_role("button", name=texts("sign-in", "ru")["sign_in"]).click()
    await expect(other.locator(".run-head h2")).to_have_text("Две субботы")
    served = '[data-figure="served"] b'
    expected = await page.locator(served).first.text_content()
    await expect(other.locator(served).first).to_have_text(expected or "")


async def test_a_policy_becomes_a_draft_for_a_branch(
    stage: Stage, database_url: str, tmp_path: Path
) -> None:
    simulation = await ran(stage, database_url, tmp_path)
    page = await desk(stage, f"run/{simulation}")
    await command(page, "draft").click()
    await expect(page.locator("#draft-from")).to_have_value("16.03.2020")
    await page.locator('dialog input[name="note"]').fill("Для наплыва")
    await command(page, "make").click()
    made = page.locator(".draft-made")
    await expect(made.locator(".rules").first).to_contain_text("5")
    await expect(made.locator(".rules")).to_have_count(2)
    drafts = (await stage.client.get(f"/v1/branches/{BRANCH}/drafts", "planner")).body["drafts"]
    assert [(one["state"], one["note"]) for one in drafts] == [("draft", "Для наплыва")]


async def test_the_head_of_the_branch_puts_a_draft_in_force_or_turns_it_down(
    stage: Stage, database_url: str, tmp_path: Path
) -> None:
    simulation = await ran(stage, database_url, tmp_path)
    for which in ("scenario", "versus"):
        body = {"branch": BRANCH, "which": which, "from": "2020-03-16", "until": "2020-03-20"}
        await stage.client.post(f"{SIMULATIONS}/{simulation}/regime", body, "planner")
    page = await stage.open("manager", "manager")
    await page.locator('.parts a[href="#regime"]').click()
    drafts = page.locator(".drafts article")
    await expect(drafts).to_have_count(2)
    words = texts("manager", "ru")
    await drafts.last.get_by_role("button", name=words["draft_withdraw"]).click()
    await expect(drafts).to_have_count(1)
    await drafts.get_by_role("button", name=words["draft_look"]).click()
    await page.locator('dialog input[name="reason"]').fill("Толпа у входа")
    await page.locator("dialog").get_by_role("button", name=words["draft_declare"]).click()
    await expect(page.locator(".regime.in-force")).to_contain_text("Две субботы")
    await expect(drafts).to_have_count(0)
    plan = (await stage.client.get(f"/v1/branches/{BRANCH}/plan", "manager")).body
    assert next(one["value"] for one in plan["values"] if one["name"] == "group_size") == 5


async def test_rules_are_tried_in_place_of_regimes(stage: Stage) -> None:
    page = await desk(stage, "change/scenario/uralsk-2020-03")
    await value(page, "rules.group_size").fill("30")
    await fold(page, "held").click()
    thursday = page.locator('tr[data-rule="group_size"] td').nth(3)
    await expect(thursday).to_have_text("10")
    await page.locator("#field-rules_over_regimes").check()
    await expect(thursday).to_have_text("30")
    await command(page, "run").click()
    await expect(page.locator('.run-head [data-state="queued"]')).to_be_visible()
    (listed,) = (await stage.client.get(SIMULATIONS, "planner")).body["simulations"]
    shown = (await stage.client.get(f"{SIMULATIONS}/{listed['id']}", "planner")).body
    assert shown["versus"]["rules_over_regimes"] is True
    assert shown["scenario"]["rules_over_regimes"] is False


# --- a day watched -------------------------------------------------------------------------------


async def test_a_day_is_played_halted_and_drawn_along(
    stage: Stage, database_url: str, tmp_path: Path
) -> None:
    page = await desk(stage, f"run/{await ran(stage, database_url, tmp_path)}")
    clock = page.locator(".watch-clock")
    opens = await clock.text_content() or ""
    await command(page, "play").click()
    await expect(clock).not_to_have_text(opens)
    await command(page, "play").click()
    await expect(command(page, "play")).to_have_text(T["play"])
    minute = page.locator("#watch-minute")
    await minute.focus()
    await page.keyboard.press("Home")
    first = await clock.text_content()
    await page.keyboard.press("ArrowRight")
    await expect(clock).not_to_have_text(first or "")
    await page.keyboard.press("End")
    await expect(page.locator(".scene-street .number")).to_have_text("0")
    await expect(page.locator(".scene-sums .number").first).not_to_have_text("0")
    await page.keyboard.press("Home")
    await page.keyboard.press("Space")
    await expect(command(page, "play")).to_have_text(T["halt"])
    await page.keyboard.press("Space")
    await expect(command(page, "play")).to_have_text(T["play"])


async def test_a_watched_day_tells_the_rules_of_the_moment(
    stage: Stage, database_url: str, tmp_path: Path
) -> None:
    page = await desk(stage, f"run/{await ran(stage, database_url, tmp_path)}")
    await expect(page.locator(".scene-rules li").first).to_have_text(T["no_hall_limit"])
    await page.locator(".watch-bar ~ .track input").focus()
    await page.locator("section:has(.watch) select").first.select_option("versus")
    rules = page.locator(".scene-rules li")
    await expect(rules.first).to_have_text(T["hall_limit"].format(n=10))
    await expect(rules.nth(1)).to_have_text(T["groups_of"].format(size=5, every=10))
    await expect(rules.nth(2)).to_contain_text(T["next_pause"].split("{")[0])
    occupancy = page.locator('[data-place="occupancy"]')
    await expect(occupancy).to_have_text(re.compile(T["of_limit"].format(n=r"\d+", limit=10)))
    await page.locator("#watch-minute").press("End")
    await expect(rules.nth(2)).to_have_text(T["pauses_over"])


async def test_without_motion_a_day_is_shown_in_standing_pictures(
    stage: Stage, database_url: str, tmp_path: Path
) -> None:
    simulation = await ran(stage, database_url, tmp_path)
    context = await stage.context(reduced_motion="reduce")
    page = await desk(stage, f"run/{simulation}", context=context)
    clock = page.locator(".watch-clock")
    opens = await clock.text_content() or ""
    await command(page, "play").click()
    await expect(clock).not_to_have_text(opens)
    moved = int((await page.locator("#watch-minute").input_value()) or 0)
    await command(page, "play").click()
    begun = await page.evaluate(
        "() => document.querySelector('.watch-clock').textContent.slice(3, 5)"
    )
    assert int(begun) % 15 == int(opens[3:5]) % 15, moved


# --- everybody, every screen ---------------------------------------------------------------------


async def everywhere(stage: Stage, simulation: str, page: Page) -> list[str]:
    """Turns to every place of the page; what sticks out or hinders somebody there."""
    found: list[str] = []
    places = {
        "scenarios": ".scenario",
        "change/scenario/ordinary-week": ".launch",
        "runs": ".run-line",
        f"run/{simulation}": ".watch .scene",
        f"compare/{simulation}/{simulation}:versus": "figure .line",
    }
    for place, ready in places.items():
        await go(page, place)
        await page.locator(ready).first.wait_for(state="attached")
        if place.startswith("run/"):
            await fold(page, "held-versus").click()
            await page.locator(".held").wait_for()
        if place.startswith("change"):
            for section in ("held", "staff", "visitors", "mix"):
                await fold(page, section).click()
            await value(page, "days.0.visits").fill("-1")
            await page.locator(".faults").wait_for()
        found += [f"{place}: {one}" for one in await _wrong(page)]
    return found


async def _wrong(page: Page) -> list[str]:
    return [*await violations(page), *await overflows(page)]


@pytest.mark.parametrize(
    ("language", "size"),
    [
        ("kk", PHONE),
        ("ru", PHONE),
        pytest.param("en", KIOSK, marks=pytest.mark.long),
        pytest.param("kk", BOARD, marks=pytest.mark.long),
    ],
)
async def test_anybody_can_use_it_on_any_screen(
    stage: Stage, database_url: str, tmp_path: Path, language: str, size: tuple[int, int]
) -> None:
    simulation = await ran(stage, database_url, tmp_path)
    page = await desk(stage, size=size, language=language)
    assert await everywhere(stage, simulation, page) == []
