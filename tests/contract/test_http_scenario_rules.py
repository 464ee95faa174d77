"""What rules come to on the dates of a scenario: the branch's, regimes', the scenario's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.contract.http_client import Client

SCENARIOS = "/v1/scenarios"


async def held(client: Client, name: str, language: str = "en", **changes: Any) -> list[Any]:  # noqa: ANN401
    """The rules on the dates of a shipped scenario, with changes."""
    scenario = (await client.get(f"{SCENARIOS}/{name}", "planner")).body["scenario"]
    body = {"scenario": scenario | changes}
    answer = await client.post(f"{SCENARIOS}/rules", body, "planner", Accept_Language=language)
    assert answer.status == 200, answer.raw
    found: list[Any] = answer.body["held"]
    return found


def said(one: dict[str, Any], name: str) -> str:
    return next((str(rule["text"]) for rule in one["rules"] if rule["name"] == name), "")


async def test_regimes_hold_on_their_dates(client: Client) -> None:
    days = await held(client, "uralsk-2020-03")
    assert [one["date"] for one in days] == [f"2020-03-{day}" for day in range(16, 21)]
    assert [said(one, "group_admission") for one in days] == ["no", "no", "no", "yes", "yes"]
    assert said(days[4], "closes") == "17:00"


async def test_a_regime_that_begins_in_the_middle_of_a_day_is_told_with_its_hour(
    client: Client,
) -> None:
    wednesday = [one for one in await held(client, "winter-flu") if one["date"] == "2026-02-04"]
    assert [said(one, "group_admission") for one in wednesday] == ["no", "yes"]
    assert wednesday[1]["text"].endswith("from 14:00")


async def test_a_regime_bounds_the_rules_unless_they_hold_in_its_place(client: Client) -> None:
    rules = {"group_size": 30}
    bounded = await held(client, "uralsk-2020-03", rules=rules)
    over = await held(client, "uralsk-2020-03", rules=rules, rules_over_regimes=True)
    assert [said(one, "group_size") for one in (bounded[3], over[3])] == ["10", "30"]


@pytest.mark.parametrize(
    ("language", "word"), [("kk", "14:00 болғаннан бастап"), ("ru", "с 14:00")]
)
async def test_it_is_said_in_the_asked_language(client: Client, language: str, word: str) -> None:
    days = await held(client, "winter-flu", language)
    assert any(word in one["text"] for one in days)


async def test_a_scenario_that_cannot_be_run_is_refused_by_field(client: Client) -> None:
    scenario = (await client.get(f"{SCENARIOS}/ordinary-week", "planner")).body["scenario"]
    body = {"scenario": scenario | {"branch": "nowhere"}}
    answer = await client.post(f"{SCENARIOS}/rules", body, "planner")
    assert (answer.status, answer.body["fields"][0]["field"]) == (422, "scenario.branch")


@pytest.mark.parametrize("date", ["0001-01-01", "9999-12-31"])
async def test_a_date_far_away_is_answered(client: Client, date: str) -> None:
    scenario = (await client.get(f"{SCENARIOS}/ordinary-week", "planner")).body["scenario"]
    body = {"scenario": scenario | {"days": [scenario["days"][0] | {"date": date}]}}
    answer = await client.post(f"{SCENARIOS}/rules", body, "planner")
    assert answer.status in (200, 422), answer.raw
