"""A planner proposes the rules of a simulated policy; a manager looks, and puts them in force."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.contract.http_client import HERE, MONDAY, local

if TYPE_CHECKING:
    from tests.contract.http_client import Answer, Client

DRAFTS, SIMULATIONS = f"{HERE}/drafts", "/v1/simulations"
RULES = {"group_admission": True, "group_size": 7, "hall_limit": 30}
REASON = {"reason": "simulated"}


async def simulation(client: Client, rules: dict[str, Any], **more: object) -> str:
    client.clock(MONDAY)
    scenario = (await client.get("/v1/scenarios/ordinary-week", "planner")).body["scenario"]
    policy = scenario | {"days": scenario["days"][:1]}
    body = {"title": "Sevens", "scenario": policy | {"rules": rules}} | more
    return str((await client.post(SIMULATIONS, body, "planner")).body["id"])


async def propose(client: Client, made: str, **more: Any) -> Answer:  # noqa: ANN401
    headers = {name: more.pop(name) for name in ("Idempotency_Key",) if name in more}
    body = {"branch": "uralsk-2", "from": "2020-03-16", "until": "2020-03-18"} | more
    return await client.post(
        f"{SIMULATIONS}/{made}/regime", body, "planner", Accept_Language="en", **headers
    )


async def value(client: Client, name: str, date: str) -> Any:  # noqa: ANN401 - any value of a plan
    plan = (await client.get(f"{HERE}/plan?date={date}", "manager")).body
    return next(one["value"] for one in plan["values"] if one["name"] == name)


async def test_a_draft_says_its_rules_in_words_and_holds_nowhere(client: Client) -> None:
    answer = await propose(client, await simulation(client, RULES), note="try it")
    assert answer.status == 201, answer.raw
    draft = answer.body
    assert {one["name"]: one["text"] for one in draft["rules"]}["group_size"] == "7"
    assert "Sevens" in draft["name"]
    assert (draft["state"], draft["note"]) == ("draft", "try it")
    assert draft["actions"] == ["preview", "withdraw"]
    assert await value(client, "group_size", "2020-03-16") != 7
    (listed,) = (await client.get(DRAFTS, "manager", Accept_Language="en")).body["drafts"]
    assert (listed["id"], listed["actions"]) == (draft["id"], ["preview", "declare", "withdraw"])


async def test_a_draft_outlives_the_simulation_that_it_was_made_of(client: Client) -> None:
    made = await simulation(client, RULES)
    draft = (await propose(client, made)).body["id"]
    assert (await client.ask("DELETE", f"{SIMULATIONS}/{made}", role="planner")).status == 204
    (listed,) = (await client.get(DRAFTS, "manager")).body["drafts"]
    assert (listed["simulation"], listed["simulation_title"]) == ("", "Sevens")
    declared = await client.post(f"{DRAFTS}/{draft}/declare", REASON, "manager")
    assert declared.body["state"] == "declared", declared.raw


async def test_a_preview_says_what_the_draft_would_do(client: Client) -> None:
    draft = (await propose(client, await simulation(client, RULES))).body["id"]
    await client.take()
    effect = (await client.post(f"{DRAFTS}/{draft}/preview", None, "planner")).body
    assert effect["waiting"] == 1
    after = {one["name"]: one["after"] for one in effect["differences"]}
    assert (after["group_size"], after["hall_limit"]) == (7, 30)
    assert await value(client, "hall_limit", "2020-03-16") != 30


async def test_a_draft_under_which_nobody_is_let_in_is_not_put_in_force(client: Client) -> None:
    shut = {"sanitation_every_minutes": 20, "drain_minutes": 20}
    draft = (await propose(client, await simulation(client, shut))).body["id"]
    for what, body in (("preview", None), ("declare", REASON)):
        refused = await client.post(f"{DRAFTS}/{draft}/{what}", body, "manager")
        assert (refused.status, refused.body["field"]) == (422, "drain_minutes"), refused.raw
    assert await value(client, "sanitation_every_minutes", "2020-03-16") != 20


async def test_a_manager_puts_a_draft_in_force_over_the_branch_alone(client: Client) -> None:
    draft = (await propose(client, await simulation(client, RULES))).body["id"]
    await client.take()
    path = f"{DRAFTS}/{draft}/declare"
    assert (await client.post(path, REASON, "planner")).kind == "forbidden"
    declared = await client.post(path, REASON, "manager")
    assert (declared.status, declared.body["state"]) == (200, "declared"), declared.raw
    assert (await client.post(path, REASON, "manager")).body["state"] == "declared"
    for date, size in (("2020-03-16", 7), ("2020-03-18", 7), ("2020-03-20", 10)):
        assert await value(client, "group_size", date) == size
    other = (await client.get("/v1/branches/astana-esil-1/plan?date=2020-03-16")).body
    assert all(one["value"] != 7 for one in other["values"])
    (regime,) = (await client.get(f"{HERE}/regimes", "manager")).body["in_force"]
    assert (regime["own"], regime["actions"]) == (True, ["end"])
    settled = await client.post(f"{DRAFTS}/{draft}/withdraw", None, "planner")
    assert settled.kind == "draft-settled"


async def test_a_draft_of_later_days_holds_from_its_first_day_on(client: Client) -> None:
    made = await simulation(client, {"group_size": 7})
    draft = (await propose(client, made, **{"from": "2020-03-18"})).body["id"]
    assert (await client.post(f"{DRAFTS}/{draft}/declare", REASON, "manager")).status == 200
    assert await value(client, "group_size", "2020-03-17") != 7
    client.clock(local(18, "10:00"))
    assert await value(client, "group_size", "2020-03-18") == 7


async def test_what_has_no_near_end_is_put_in_force_by_an_administrator_alone(
    client: Client,
) -> None:
    made = await simulation(client, RULES)
    draft = (await propose(client, made, until=None)).body["id"]
    (listed,) = (await client.get(DRAFTS, "manager")).body["drafts"]
    assert "declare" not in listed["actions"]
    refused = await client.post(f"{DRAFTS}/{draft}/declare", REASON, "manager")
    assert (refused.status, refused.body["field"]) == (422, "until")
    assert (await client.post(f"{DRAFTS}/{draft}/declare", REASON, "admin")).status == 200


async def test_a_withdrawn_draft_can_be_put_in_force_no_more(client: Client) -> None:
    draft = (await propose(client, await simulation(client, RULES))).body["id"]
    for _ in range(2):
        answer = await client.post(f"{DRAFTS}/{draft}/withdraw", None, "planner")
        assert (answer.body["state"], answer.body["actions"]) == ("withdrawn", [])
    for action, body in (("declare", REASON), ("preview", None)):
        answer = await client.post(f"{DRAFTS}/{draft}/{action}", body, "manager")
        assert (answer.status, answer.kind) == (409, "draft-settled")


async def test_the_second_policy_may_be_proposed_and_one_without_rules_may_not(
    client: Client,
) -> None:
    scenario = (await client.get("/v1/scenarios/ordinary-week", "planner")).body["scenario"]
    day = scenario | {"days": scenario["days"][:1]}
    made = await simulation(client, {}, versus=day | {"rules": RULES})
    none = await propose(client, made)
    assert (none.status, none.kind, none.body["field"]) == (422, "no-rules", "which")
    draft = (await propose(client, made, which="versus")).body
    assert {one["name"] for one in draft["rules"]} == set(RULES)


@pytest.mark.parametrize(
    ("changes", "status", "kind"),
    [
        ({"branch": "nowhere"}, 404, "unknown-branch"),
        ({"until": "2020-03-15"}, 422, "invalid-field"),
        ({"from": "2020-03-19"}, 422, "invalid-field"),
    ],
)
async def test_a_draft_of_no_branch_or_of_no_days_is_refused(
    client: Client, changes: dict[str, str], status: int, kind: str
) -> None:
    answer = await propose(client, await simulation(client, RULES), **changes)
    assert (answer.status, answer.kind) == (status, kind)


async def test_a_proposal_repeated_under_its_key_is_one_draft(client: Client) -> None:
    made = await simulation(client, RULES)
    first = await propose(client, made, Idempotency_Key="once")
    again = await propose(client, made, Idempotency_Key="once")
    assert again.body["id"] == first.body["id"]
    other = await propose(client, made, until="2020-03-17", Idempotency_Key="once")
    assert other.kind == "key-reused"
    missing = await client.post(f"{DRAFTS}/none/preview", None, "manager")
    assert missing.kind == "unknown-draft"
