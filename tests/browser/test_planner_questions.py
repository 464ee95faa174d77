"""The planner's page asks which policy is the best and what matters most, and forgets runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from playwright.async_api import expect

from tests.browser.planner_desk import (
    SIMULATIONS,
    T,
    at_work,
    command,
    desk,
    finished,
    fold,
    go,
    saturday,
    started,
    value,
)
from tests.browser.stage import PHONE, overflows, scrolling, violations

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.async_api import Page

    from tests.browser.stage import Stage

SEARCH = {
    "kind": "search",
    "vary": {"hall_limit": [5, 60], "group_size": [5, 20]},
    "aim": "wait_street_p90",
    "screen": 2,
    "finalists": 2,
    "replications": 10,
}

LONG = "Жоспарлаушыныңсұрағы" * 10
"""A name without a place to break it."""


async def quiet(stage: Stage) -> dict[str, Any]:
    """A Saturday on which few come, so that many of them are soon simulated."""
    saved = await saturday(stage.client)
    scenario: dict[str, Any] = saved["scenario"]
    return scenario | {"days": [scenario["days"][0] | {"visits": 30}]}


async def answered(stage: Stage, database_url: str, folder: Path, question: dict[str, Any]) -> str:
    """The id of a question that a worker has answered."""
    simulation = await started(stage.client, LONG, await quiet(stage), question=question)
    async with at_work(database_url, folder):
        shown = await finished(stage.client, simulation)
    assert shown["state"] == "done", shown["failure"]
    return simulation


async def choose(page: Page, kind: str) -> None:
    await page.locator(f'input[name="question"][value="{kind}"]').check()


async def test_a_search_is_asked_in_the_form_and_its_mistakes_are_told_at_their_fields(
    stage: Stage,
) -> None:
    page = await desk(stage, f"change/scenario/{(await saturday(stage.client))['id']}")
    await choose(page, "search")
    await command(page, "run").click()
    await expect(page.locator(".faults .link")).to_have_count(1)
    await fold(page, "vary.hall_limit").click()
    limits = page.locator('[data-place="vary.hall_limit"]')
    add = limits.locator(".entries > .button")
    await add.click()
    await value(page, "vary.hall_limit.0").fill("20")
    await add.click()
    await command(page, "run").click()
    twice = page.locator("#field-vary-hall_limit-1-hint")
    await expect(twice).to_have_class("error")
    await page.reload()
    await expect(page.locator('input[value="search"]')).to_be_checked()
    await fold(page, "vary.hall_limit").click()
    await value(page, "vary.hall_limit.1").fill("40")
    await command(page, "run").click()
    await expect(page.locator('.run-head [data-state="queued"]')).to_be_visible()
    (listed,) = (await stage.client.get(SIMULATIONS, "planner")).body["simulations"]
    asked = (await stage.client.get(f"{SIMULATIONS}/{listed['id']}", "planner")).body["question"]
    assert asked["vary"]["hall_limit"] == [20, 40]
    await command(page, "cancel").click()
    await expect(page.locator('.run-head [data-state="cancelled"]')).to_be_visible()


async def test_a_found_policy_is_run_beside_the_rules_opened_and_proposed(
    stage: Stage, database_url: str, tmp_path: Path
) -> None:
    simulation = await answered(stage, database_url, tmp_path, SEARCH)
    page = await desk(stage, f"run/{simulation}")
    await expect(page.locator(".finalists tbody tr")).to_have_count(2)
    await expect(page.locator("circle.spot")).to_have_count(4)
    best = page.locator(".finalists tbody tr").first
    named = await best.locator("th").text_content() or ""
    await best.locator('[data-command="draft-policy"]').click()
    await command(page, "make").click()
    rules = page.locator(".draft-made .rules").first
    await expect(rules).to_contain_text("Предел зала")
    await page.keyboard.press("Escape")
    await best.get_by_role("link", name=T["open_policy"]).click()
    limit = value(page, "rules.hall_limit")
    await expect(limit).to_have_value("60" if ": 60" in named else "5")
    await go(page, f"run/{simulation}")
    await page.locator('[data-command="compare-policy"]').first.click()
    await expect(page.locator(".run-head h2")).to_have_text(named)
    shown = (await stage.client.get(SIMULATIONS, "planner")).body["simulations"][0]
    assert (shown["kind"], shown["versus_title"]) == ("run", named)
    await page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    await go(page, f"run/{simulation}")
    await expect(best).to_be_visible()
    assert await scrolling(page) == []
    assert await overflows(page) == []


async def test_what_matters_is_told_in_its_order_on_every_screen(
    stage: Stage, database_url: str, tmp_path: Path
) -> None:
    question = {"kind": "sensitivity", "by": 20, "replications": 4}
    simulation = await answered(stage, database_url, tmp_path, question)
    found = (await stage.client.get(f"{SIMULATIONS}/{simulation}", "planner")).body
    page = await desk(stage, f"run/{simulation}", size=PHONE, language="kk")
    rows = page.locator(".tornado tbody tr")
    await expect(rows).to_have_count(len(found["sensitivity"]["effects"]))
    first = found["sensitivity"]["effects"][0]
    await expect(rows.first).to_contain_text(first["text"])
    assert await scrolling(page) == []
    assert await overflows(page) == []
    assert await violations(page) == []


async def test_a_run_is_deleted_once_that_is_confirmed(stage: Stage) -> None:
    simulation = await started(stage.client, "Лишний", await quiet(stage))
    page = await desk(stage, f"run/{simulation}")
    await command(page, "delete").click()
    await command(page, "delete-for-good").click()
    await expect(page.get_by_role("link", name=T["to_scenarios"])).to_be_visible()
    assert (await stage.client.get(SIMULATIONS, "planner")).body["simulations"] == []
    await go(page, f"run/{simulation}")
    await expect(page.get_by_role("alert")).to_be_visible()
