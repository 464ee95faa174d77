"""A manager puts emergency rules in force over the own branch, and ends them, over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.contract.http_client import HERE, THURSDAY, local

if TYPE_CHECKING:
    from tests.contract.http_client import Answer, Client

REGIMES = f"{HERE}/regimes"
GROUPS = "zko-groups-2020-03-19"
ONLINE = "kz-online-first-2020-03-20"
RULES = {"template": GROUPS, "until": "2020-03-18", "reason": "a crowd in the corridor"}


async def declare(client: Client, role: str = "manager", **changes: object) -> Answer:
    return await client.post(REGIMES, RULES | changes, role, Accept_Language="en")


async def regimes(client: Client, role: str = "manager") -> dict[str, Any]:
    answer = await client.get(REGIMES, role, Accept_Language="en")
    assert answer.status == 200, answer.raw
    found: dict[str, Any] = answer.body
    return found


async def value(client: Client, name: str) -> Any:  # noqa: ANN401 - any value of a plan
    plan = (await client.get(f"{HERE}/plan", "manager")).body
    return next(one["value"] for one in plan["values"] if one["name"] == name)


def template(found: dict[str, Any], regime: str) -> dict[str, Any]:
    shown: dict[str, Any] = next(one for one in found["templates"] if one["id"] == regime)
    return shown


async def test_templates_are_the_known_regimes_with_their_rules_in_words(client: Client) -> None:
    found = await regimes(client)
    assert (found["in_force"], found["last_until"]) == ([], "2020-04-16")
    groups = template(found, GROUPS)
    assert (groups["scope"], groups["actions"], groups["own"]) == ("region", ["use"], False)
    size = next(rule for rule in groups["rules"] if rule["name"] == "group_size")
    assert (size["label"], size["text"]) == ("People in a group", "10")


async def test_a_preview_says_what_happens_to_issued_tickets_and_changes_nothing(
    client: Client,
) -> None:
    for _ in range(3):
        await client.take()
    effect = (await client.post(f"{REGIMES}/preview", RULES, "manager")).body
    assert effect["waiting"] == 3
    names = {one["name"] for one in effect["differences"]}
    assert {"group_admission", "hall_limit", "sanitation_every_minutes"} <= names
    assert await value(client, "group_admission") is False
    assert (await regimes(client))["in_force"] == []


async def test_a_preview_names_the_pauses_that_the_history_names_later(client: Client) -> None:
    effect = (await client.post(f"{REGIMES}/preview", RULES, "manager")).body
    (foreseen,) = (one for one in effect["differences"] if one["name"] == "pauses")
    assert "11:00" in foreseen["text"]
    await declare(client)
    versions = (await client.get(f"{HERE}/plan/versions", "manager")).body["versions"]
    assert foreseen in versions[-1]["differences"]


async def test_whoever_only_reads_is_told_too_which_rules_apply(client: Client) -> None:
    seen = template((await client.get(REGIMES, "planner")).body, GROUPS)
    assert (seen["actions"], seen["applies"]) == ([], False)
    await declare(client)
    seen = template((await client.get(REGIMES, "planner")).body, GROUPS)
    assert (seen["actions"], seen["applies"]) == ([], True)


async def test_it_is_in_force_at_once_in_the_managers_name(client: Client) -> None:
    answer = await declare(client)
    assert (answer.status, answer.body["own"], answer.body["actions"]) == (201, True, ["end"])
    assert (await client.get(f"{HERE}/board")).body["group_admission"] is True
    found = await regimes(client)
    assert [one["id"] for one in found["in_force"]] == [answer.body["id"]]
    assert template(found, GROUPS)["actions"] == []
    versions = (await client.get(f"{HERE}/plan/versions", "manager")).body["versions"]
    last = versions[-1]
    assert (len(versions), last["by"], last["reason"]) == (2, "manager:test", RULES["reason"])


async def test_it_bounds_the_manager_as_any_regime_does(client: Client) -> None:
    await declare(client)
    body = {"reason": "more at once", "group_size": 30}
    answer = await client.post(f"{HERE}/plan/preview", body, "manager")
    assert (answer.kind, answer.body["field"]) == ("regime-bound", "group_size")


async def test_the_same_key_declares_once(client: Client) -> None:
    first = await client.post(REGIMES, RULES, "manager", Idempotency_Key="once")
    client.clock(local(16, "10:30"))
    again = await client.post(REGIMES, RULES, "manager", Idempotency_Key="once")
    assert (again.status, again.body["id"]) == (201, first.body["id"])
    other = RULES | {"template": ONLINE}
    reused = await client.post(REGIMES, other, "manager", Idempotency_Key="once")
    assert reused.kind == "key-reused"
    assert len((await regimes(client))["in_force"]) == 1


async def test_tickets_outside_may_be_sent_online_with_it(client: Client) -> None:
    client.clock(THURSDAY)
    online, kept = await client.take(service="address-certificate"), await client.take()
    effect = await client.post(
        f"{REGIMES}/preview", RULES | {"template": ONLINE, "until": "2020-03-20"}, "manager"
    )
    assert effect.body["redirected"] == 1
    await declare(client, template=ONLINE, until="2020-03-20", redirect_issued=True)
    for ticket, state in ((online, "cancelled"), (kept, "issued")):
        seen = await client.get(f"{HERE}/tickets/{ticket['id']}", "kiosk")
        assert seen.body["state"] == state


async def test_it_ends_at_once_and_the_day_is_as_it_was(client: Client) -> None:
    declared = (await declare(client)).body["id"]
    client.clock(local(16, "10:30"))
    end = {"reason": "the corridor is free"}
    answer = await client.post(f"{REGIMES}/{declared}/end", end, "manager", Idempotency_Key="e")
    assert (answer.status, answer.body["in_force"], answer.body["actions"]) == (200, False, [])
    assert await value(client, "group_admission") is False
    again = await client.post(f"{REGIMES}/{declared}/end", end, "manager", Idempotency_Key="e")
    assert again.status == 200
    audit = (await client.get(f"{HERE}/audit", "manager")).body["lines"]
    assert [line["kind"] for line in audit] == [
        "plan_opened",
        "regime_declared",
        "regime_ended",
    ]
    assert audit[-1]["reason"] == "the corridor is free"


async def test_one_put_in_force_by_mistake_ends_in_its_first_minute(client: Client) -> None:
    declared = (await declare(client)).body["id"]
    answer = await client.post(f"{REGIMES}/{declared}/end", {"reason": "a mistake"}, "manager")
    assert (answer.status, answer.body["in_force"]) == (200, False)
    assert await value(client, "group_admission") is False
    ended = (await client.get(f"{HERE}/audit", "manager")).body["lines"][-1]
    assert (ended["kind"], ended["by"], ended["reason"]) == (
        "regime_ended",
        "manager:test",
        "a mistake",
    )


async def test_it_ends_by_itself_after_its_last_date(client: Client) -> None:
    await declare(client, until="2020-03-17")
    client.clock(local(17, "10:00"))
    assert await value(client, "group_admission") is True
    client.clock(local(18, "10:00"))
    assert await value(client, "group_admission") is False


@pytest.mark.parametrize("until", ["2020-03-15", "2020-05-01"])
async def test_its_last_date_has_bounds_that_are_named(client: Client, until: str) -> None:
    answer = await declare(client, until=until)
    assert (answer.status, answer.body["fields"]) == (
        422,
        [{"field": "until", "detail": "write a date from 2020-03-16 to 2020-04-16"}],
    )


async def test_a_regime_of_others_is_not_the_branchs_to_end(client: Client) -> None:
    client.clock(THURSDAY)
    end = {"reason": "enough"}
    for regime in (GROUPS, "none"):
        answer = await client.post(f"{REGIMES}/{regime}/end", end, "manager")
        assert answer.kind == "unknown-regime"
    found = await regimes(client)
    assert [one["actions"] for one in found["in_force"]] == [[]]


async def test_only_managers_of_the_branch_may(client: Client) -> None:
    assert (await declare(client, "attendant")).status == 403
    assert (await declare(client, "planner")).status == 403
    assert (await declare(client, template="none")).kind == "unknown-regime"
    other = await client.post("/v1/branches/aksai-1/regimes", RULES, "manager")
    assert other.kind in ("other-branch", "unknown-branch")
    assert all(one["actions"] == [] for one in (await regimes(client, "planner"))["templates"])
