"""The day plan and regimes over HTTP: explained, changed, previewed, reverted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.contract.http_client import FRIDAY, HERE, MONDAY, THURSDAY, local

if TYPE_CHECKING:
    from tests.contract.http_client import Answer, Client

PLAN = f"{HERE}/plan"


def value(plan: dict[str, Any], name: str) -> dict[str, Any]:
    found: dict[str, Any] = next(one for one in plan["values"] if one["name"] == name)
    return found


async def change(client: Client, version: int, **values: object) -> Answer:
    body = {"reason": "narrow corridor"} | values
    return await client.ask("PATCH", PLAN, body, "manager", If_Match=f'"{version}"')


@pytest.fixture
async def opened(client: Client) -> Client:
    """Monday with a ticket taken: version 1 of the plan is in force."""
    await client.take()
    return client


# --- seen ----------------------------------------------------------------------------------------


async def test_each_value_is_explained(client: Client) -> None:
    client.clock(FRIDAY)
    answer = await client.get(PLAN, "manager", Accept_Language="en")
    assert (answer.status, answer.headers["ETag"]) == (200, '"1"')
    plan = answer.body
    closes = value(plan, "closes")
    assert (closes["value"], plan["closes_at"]) == ("17:00", "2020-03-20T17:00:00+05:00")
    assert [source["layer"] for source in closes["sources"]] == ["week", "regime"]
    regime = 'regime "Kazakhstan: only services that are not available online"'
    assert closes["text"] == f"17:00: weekly hours, narrowed by {regime}"
    assert value(plan, "party_limit")["sources"][-1]["id"] == "zko-groups-2020-03-19"
    assert plan["regimes"] == ["kz-online-first-2020-03-20", "zko-groups-2020-03-19"]
    assert plan["pauses"][0] == {
        "drain_at": "2020-03-20T10:45:00+05:00",
        "starts_at": "2020-03-20T11:00:00+05:00",
        "minutes": 15,
    }


async def test_each_value_says_what_may_be_entered(client: Client) -> None:
    plan = (await client.get(PLAN, "manager", Accept_Language="en")).body
    assert {one["kind"] for one in plan["values"]} == {
        "yes_no",
        "people",
        "minutes",
        "time",
        "choice",
        "several",
        "texts",
    }
    size, interval = value(plan, "group_size"), value(plan, "group_interval_minutes")
    assert (size["least"], size["most"], interval["least"], interval["most"]) == (1, 100, 0, 240)
    assert value(plan, "release_by")["choices"][0] == {"value": "attendant", "text": "attendant"}
    assert (interval["label"], interval["worded"]) == ("Interval between groups", "10 min")


async def test_whether_a_plan_may_be_changed_is_said_with_it(client: Client) -> None:
    client.clock(THURSDAY)
    roles = ("manager", "admin", "planner", "operator")
    assert [(await client.get(PLAN, role)).body["may_change"] for role in roles] == [
        True,
        True,
        False,
        False,
    ]
    over = await client.get(f"{PLAN}?date={MONDAY.date()}", "manager")
    assert over.body["may_change"] is False


async def test_explanations_are_in_the_asked_language(client: Client) -> None:
    client.clock(FRIDAY)
    for language, text in (("kk", "режимі"), ("ru", "режим «")):
        plan = (await client.get(PLAN, "manager", Accept_Language=language)).body
        assert text in value(plan, "closes")["text"]


async def test_a_plan_of_another_date(client: Client) -> None:
    plan = (await client.get(f"{PLAN}?date=2020-03-22", "planner")).body
    assert plan["closed_reason"] == "holiday"
    answer = await client.get(f"{PLAN}?date=22.03.2020", "planner")
    assert (answer.status, answer.kind, answer.body["field"]) == (400, "invalid-parameter", "date")


# --- changed -------------------------------------------------------------------------------------


async def test_a_change_is_versioned_attributed_and_in_force_at_once(opened: Client) -> None:
    answer = await change(opened, 1, closes="17:00", group_admission=True, group_size=6)
    assert (answer.status, answer.headers["ETag"]) == (200, '"2"')
    source = value(answer.body, "group_size")["sources"][-1]
    assert (source["layer"], source["by"], source["reason"]) == (
        "manager",
        "manager:test",
        "narrow corridor",
    )
    assert source["at"] == "2020-03-16T10:00:00+05:00"
    board = (await opened.get(f"{HERE}/board")).body
    assert (board["closes_at"], board["group_size"]) == ("2020-03-16T17:00:00+05:00", 6)
    ticket = await opened.take()
    assert ticket["state"] == "issued"
    late = await change(opened, 2, closes="16:00")
    assert late.headers["ETag"] == '"3"'
    assert value(late.body, "group_size")["value"] == 6


async def test_a_change_explains_itself_with_its_instant(opened: Client) -> None:
    body = {"reason": "narrow corridor", "group_size": 6}
    answer = await opened.ask("PATCH", PLAN, body, "manager", If_Match='"1"', Accept_Language="en")
    text = value(answer.body, "group_size")["text"]
    assert text == '6: manager test on 16 March, 10:00, "narrow corridor"'


async def test_a_change_under_a_regime_explains_itself_with_the_regime(client: Client) -> None:
    client.clock(THURSDAY)
    body = {"reason": "narrow corridor", "group_size": 6}
    answer = await client.ask("PATCH", PLAN, body, "manager", If_Match='"1"', Accept_Language="en")
    regime = 'regime "West Kazakhstan: entry in small groups, the hall is disinfected"'
    manager = 'manager test on 19 March, 10:00, "narrow corridor"'
    assert value(answer.body, "group_size")["text"] == f"6: {regime}, narrowed by {manager}"


async def test_of_a_managers_changes_only_the_last_explains_a_value(client: Client) -> None:
    client.clock(THURSDAY)
    regime = 'regime "West Kazakhstan: entry in small groups, the hall is disinfected"'
    manager = 'manager test on 19 March, 10:00, "{}"'
    texts = []
    for size in (6, 8, 10):
        body = {"reason": f"for {size}", "group_size": size}
        answer = await client.ask(
            "PATCH", PLAN, body, "manager", If_Match="*", Accept_Language="en"
        )
        texts.append(value(answer.body, "group_size")["text"])
    assert texts == [
        f"6: {regime}, narrowed by {manager.format('for 6')}",
        f"8: {regime}, narrowed by {manager.format('for 8')}",
        f"10: {regime}, {manager.format('for 10')}",
    ]


async def test_a_day_that_a_regime_closes_says_so_of_its_hours(opened: Client) -> None:
    regime = {
        "id": "closed-early",
        "name": {"kk": "Жабық", "ru": "Закрыто", "en": "Early"},
        "scope": {"branch": "uralsk-2"},
        "from": "2020-03-16",
        "rules": {"closes": "08:00"},
    }
    assert (await opened.post("/v1/regimes", regime)).status == 201
    plan = (await opened.get(PLAN, "manager", Accept_Language="en")).body
    told = 'closed all day: weekly hours, narrowed by regime "Early"'
    assert [value(plan, name)["text"] for name in ("opens", "closes")] == [told, told]
    answer = await opened.get(f"{PLAN}/versions", "manager", Accept_Language="en")
    differences = answer.body["versions"][-1]["differences"]
    texts = {one["label"]: one["text"] for one in differences if one.get("text")}
    assert texts["Opening"].startswith("09:00")
    assert not any("00:00" in text or "00:30" in text for text in texts.values())
    assert texts["Closed"].endswith("Closed under the regime in force")


async def test_a_change_needs_the_version_that_it_stands_on(opened: Client) -> None:
    body = {"reason": "r", "group_size": 6}
    without = await opened.ask("PATCH", PLAN, body, "manager")
    assert (without.status, without.kind) == (428, "plan-needs-version")
    for stale in ('"0"', '"7"', '"one"'):
        answer = await opened.ask("PATCH", PLAN, body, "manager", If_Match=stale)
        assert (answer.status, answer.kind) == (412, "stale-version")
    await change(opened, 1, group_size=6)
    assert (await change(opened, 1, group_size=7)).kind == "stale-version"


async def test_a_star_is_any_version(opened: Client) -> None:
    for version in ('"2"', '"3"'):
        body = {"reason": "r", "group_size": int(version.strip('"'))}
        answer = await opened.ask("PATCH", PLAN, body, "manager", If_Match="*")
        assert (answer.status, answer.headers["ETag"]) == (200, version)
    back = {"version": 1, "reason": "r"}
    reverted = await opened.post(f"{PLAN}/revert", back, "manager", If_Match="*")
    assert reverted.headers["ETag"] == '"4"'


async def test_the_first_ticket_of_a_day_makes_no_plan_stale(client: Client) -> None:
    seen = (await client.get(PLAN, "manager")).body["version"]
    await client.take()
    assert (await change(client, seen, group_size=6)).headers["ETag"] == '"2"'


async def test_a_day_not_yet_open_is_put_back_to_its_first_version(client: Client) -> None:
    body = {"version": 1, "reason": "r"}
    back = await client.post(f"{PLAN}/revert", body, "manager", If_Match='"1"')
    assert (back.status, back.headers["ETag"]) == (200, '"1"')


async def test_the_plan_of_a_day_not_yet_open_is_changed_from_version_1(client: Client) -> None:
    body = {"reason": "holiday tomorrow", "closes": "16:00"}
    answer = await client.ask("PATCH", f"{PLAN}?date=2020-03-17", body, "manager", If_Match='"1"')
    assert (answer.status, answer.body["closes_at"]) == (200, "2020-03-17T16:00:00+05:00")
    client.clock(local(17, "10:00"))
    await client.take()
    assert (await client.get(PLAN)).body["closes_at"] == "2020-03-17T16:00:00+05:00"


async def test_a_change_repeated_under_its_key_is_made_once(opened: Client) -> None:
    body = {"reason": "r", "group_size": 6}
    for _ in range(2):
        answer = await opened.ask(
            "PATCH", PLAN, body, "manager", If_Match='"1"', Idempotency_Key="k"
        )
        assert (answer.status, answer.headers["ETag"]) == (200, '"2"')
    other = body | {"group_size": 7}
    reused = await opened.ask("PATCH", PLAN, other, "manager", If_Match='"1"', Idempotency_Key="k")
    assert reused.kind == "key-reused"


async def test_a_regime_is_a_bound_that_no_manager_loosens(client: Client) -> None:
    client.clock(THURSDAY)
    for name, loose in (("group_size", 11), ("hall_limit", 41), ("group_admission", False)):
        answer = await change(client, 1, **{name: loose})
        assert (answer.status, answer.kind, answer.body["field"]) == (
            422,
            "regime-bound",
            name,
        )
        assert answer.body["extra"]["regime"] == "zko-groups-2020-03-19"
    assert (await change(client, 1, group_size=6)).status == 200


STRICT = {
    "non_online_only": (True, False, 'only "yes"'),
    "group_admission": (True, False, 'only "yes"'),
    "group_size": (5, 6, "5 people or fewer"),
    "group_interval_minutes": (10, 9, "10 min or more"),
    "hall_limit": (20, 21, "20 people or fewer"),
    "party_limit": (4, 5, "4 people or fewer"),
    "opens": ("10:00", "09:30", "10:00 or later"),
    "closes": ("16:00", "16:30", "16:00 or earlier"),
    "last_admission_minutes": (30, 20, "30 min or more"),
    "sanitation_every_minutes": (90, 0, "from 1 to 90 min"),
    "sanitation_minutes": (20, 10, "20 min or more"),
    "drain_minutes": (20, 10, "20 min or more"),
}
"""Value -> what the regime says, what is too loose for it, and what it allows."""


async def test_a_refused_value_is_told_what_the_regime_allows(client: Client) -> None:
    regime = {
        "id": "strict",
        "name": {"kk": "Қатаң", "ru": "Строгий", "en": "Strict"},
        "scope": {"branch": "uralsk-2"},
        "from": "2020-03-16",
        "rules": {name: bound for name, (bound, _, _) in STRICT.items()},
    }
    assert (await client.post("/v1/regimes", regime, "admin")).status == 201
    for name, (_, loose, allowed) in STRICT.items():
        body = {"reason": "r", name: loose}
        answer = await client.ask(
            "PATCH", PLAN, body, "manager", If_Match="*", Accept_Language="en"
        )
        assert (answer.kind, answer.body["field"]) == ("regime-bound", name), answer.raw
        assert answer.body["detail"] == f"This regime allows {allowed}: Strict."
        assert answer.body["fields"][0]["detail"] == f"Strict allows {allowed}"


EVERY, DRAIN = "sanitation_every_minutes", "drain_minutes"
OVERTIME = "overtime_minutes"
WRONG_CHANGES = (
    ({"reason": "r"}, "invalid-field", ""),
    ({"group_size": 6}, "invalid-field", "reason"),
    ({"reason": "r", "group_size": 0}, "invalid-field", "group_size"),
    ({"reason": "r", "closes": "25:00"}, "invalid-field", "closes"),
    ({"reason": "r", "opens": "18:00", "closes": "09:00"}, "invalid-field", "closes"),
    ({"reason": "r", "closes": "08:00"}, "plan-contradicts", "closes"),
    ({"reason": "r", "opens": "19:00"}, "plan-contradicts", "opens"),
    ({"reason": "r", "sanitation_every_minutes": 15}, "plan-contradicts", EVERY),
    (
        {"reason": "r", "sanitation_every_minutes": 60, "drain_minutes": 240},
        "plan-contradicts",
        DRAIN,
    ),
    ({"reason": "r", "closes": "23:50"}, "plan-contradicts", "closes"),
    ({"reason": "r", "closes": "22:00", "overtime_minutes": 121}, "plan-contradicts", OVERTIME),
    ({"reason": "r", "group_sise": 6}, "invalid-field", "group_sise"),
)


async def test_the_door_has_its_own_words_for_its_hours(client: Client) -> None:
    client.clock(local(16, "08:10"))
    await change(client, 1, group_admission=True)
    for clock, kind in (("08:11", "door-not-open"), ("19:30", "door-closed")):
        client.clock(local(16, clock))
        answer = await client.post(f"{HERE}/groups", None, "attendant")
        assert (answer.status, answer.kind) == (409, kind)


async def test_what_is_wrong_with_a_change_is_named(opened: Client) -> None:
    for body, kind, field in WRONG_CHANGES:
        answer = await opened.ask("PATCH", PLAN, body, "manager", If_Match='"1"')
        assert (answer.status, answer.kind, answer.body.get("field", "")) == (422, kind, field)
    assert (await opened.get(PLAN)).headers["ETag"] == '"1"'


async def test_an_overtime_beyond_midnight_is_told_its_bound(opened: Client) -> None:
    body = {"reason": "r", "closes": "23:30", "overtime_minutes": 60}
    for method, path in (("PATCH", PLAN), ("POST", f"{PLAN}/preview")):
        answer = await opened.ask(method, path, body, "manager", If_Match="*", Accept_Language="en")
        (field,) = answer.body["fields"]
        assert (answer.kind, field["field"]) == ("plan-contradicts", OVERTIME)
        assert "beyond midnight, write 30 min at most or close earlier" in field["detail"]
    assert (await change(opened, 1, closes="23:30", overtime_minutes=30)).status == 200


async def kinds_of(client: Client, date: str) -> list[str]:
    journal = (await client.get(f"{HERE}/journal?date={date}", "planner")).body
    return [entry["event"]["kind"] for entry in journal["entries"]]


async def test_a_day_open_until_midnight_is_ended(opened: Client) -> None:
    assert (await change(opened, 1, closes="23:59", overtime_minutes=1)).status == 200
    opened.clock(local(17, "00:10"))
    await opened.get(f"{HERE}/board")
    assert (await kinds_of(opened, "2020-03-16"))[-2:] == ["DayClosed", "DayEnded"]


async def test_a_day_whose_overtime_lasts_into_the_next_one_is_ended(opened: Client) -> None:
    assert (await change(opened, 1, closes="23:40", overtime_minutes=20)).status == 200
    opened.clock(local(16, "23:35"))
    assert (await change(opened, 2, closes="18:00", overtime_minutes=60)).status == 200
    for clock, last in (("00:10", "DayClosed"), ("00:40", "DayEnded")):
        opened.clock(local(17, clock))
        await opened.get(f"{HERE}/board")
        assert (await kinds_of(opened, "2020-03-16"))[-1] == last


async def test_a_day_that_is_over_cannot_be_changed(opened: Client) -> None:
    path, body = f"{PLAN}?date=2020-03-13", {"reason": "r", "group_size": 6}
    answer = await opened.ask("PATCH", path, body, "manager", If_Match='"0"')
    assert (answer.status, answer.kind) == (422, "past-date")


# --- previewed and reverted ----------------------------------------------------------------------


async def test_a_preview_tells_the_effect_and_changes_nothing(client: Client) -> None:
    client.clock(THURSDAY)
    await client.take(service="address-certificate")
    await client.take(party_size=4)
    body = {"reason": "r", "non_online_only": True, "group_size": 3, "closes": "10:05"}
    answer = await client.post(f"{PLAN}/preview", body, "manager")
    assert answer.status == 200
    effect = answer.body
    assert {one["name"]: (one["before"], one["after"]) for one in effect["differences"]} == {
        "non_online_only": (False, True),
        "group_size": (10, 3),
        "closes": ("18:00", "10:05"),
        "pauses": (3, 0),
    }
    assert (effect["waiting"], effect["redirected"], effect["too_large"]) == (2, 1, 1)
    # The last admission of such a day was at 9:50: nobody outside is let in any more.
    assert effect["not_served_by_closing"] == 2
    assert effect["plan"]["closes_at"] == "2020-03-19T10:05:00+05:00"
    assert (await client.get(PLAN)).headers["ETag"] == '"1"'


async def test_tickets_already_issued_may_be_sent_online(client: Client) -> None:
    client.clock(THURSDAY)
    online, kept = await client.take(service="address-certificate"), await client.take()
    await change(client, 1, non_online_only=True, redirect_issued=True)
    for ticket, state in ((online, "cancelled"), (kept, "issued")):
        seen = await client.get(f"{HERE}/tickets/{ticket['id']}", "kiosk")
        assert seen.body["state"] == state
    assert (await client.get(f"{HERE}/day")).body["redirected"] == 1


async def test_they_may_be_sent_online_after_the_rule_too(client: Client) -> None:
    client.clock(THURSDAY)
    online = await client.take(service="address-certificate")
    await change(client, 1, non_online_only=True)
    body = {"reason": "r", "non_online_only": True, "redirect_issued": True}
    effect = (await client.post(f"{PLAN}/preview", body, "manager")).body
    assert effect["redirected"] == 1
    await change(client, 2, non_online_only=True, redirect_issued=True)
    seen = await client.get(f"{HERE}/tickets/{online['id']}", "kiosk")
    assert (seen.body["state"], seen.body["redirected"]) == ("cancelled", True)


async def test_an_empty_value_is_a_dash(opened: Client) -> None:
    plan = (await opened.get(PLAN, "manager")).body
    assert value(plan, "accepted_reasons")["text"].startswith("—: ")


async def test_versions_say_when_by_whom_and_why(opened: Client) -> None:
    opened.clock(local(16, "11:30"))
    await change(opened, 1, hall_limit=30)
    answer = await opened.get(f"{PLAN}/versions", "planner", Accept_Language="en")
    versions = answer.body["versions"]
    assert [(one["version"], one["by"]) for one in versions] == [
        (1, "service"),
        (2, "manager:test"),
    ]
    assert (versions[1]["at"], versions[1]["reason"]) == (
        "2020-03-16T11:30:00+05:00",
        "narrow corridor",
    )
    assert versions[1]["differences"] == [
        {
            "name": "hall_limit",
            "label": "Hall limit, people",
            "before": 1000,
            "after": 30,
            "text": "1000 → 30",
        }
    ]


async def revertible(client: Client) -> list[bool]:
    """Of each version whether going back to it would undo something."""
    found = (await client.get(f"{PLAN}/versions", "manager")).body["versions"]
    return [one.get("revertible", False) for one in found]


async def test_a_revert_goes_back_and_is_a_version_of_its_own(opened: Client) -> None:
    await change(opened, 1, hall_limit=30)
    await change(opened, 2, group_size=6)

    async def revert(to: int, version: int) -> Answer:
        body = {"version": to, "reason": "too strict"}
        return await opened.post(f"{PLAN}/revert", body, "manager", If_Match=f'"{version}"')

    back = await revert(2, 3)
    assert (back.status, back.headers["ETag"]) == (200, '"4"')
    assert value(back.body, "hall_limit")["value"] == 30
    assert value(back.body, "group_size")["value"] == 10
    first = await revert(1, 4)
    assert value(first.body, "hall_limit")["value"] == 1000
    again = await revert(3, 5)
    assert value(again.body, "group_size")["value"] == 6
    assert await revertible(opened) == [True, True, False, True, True, False]
    assert (await revert(9, 6)).kind == "unknown-version"
    assert (await revert(1, 2)).kind == "stale-version"


async def test_a_revert_under_a_used_key_goes_back_to_the_same_version(opened: Client) -> None:
    await change(opened, 1, hall_limit=30)

    async def revert(to: int) -> Answer:
        body = {"version": to, "reason": "too strict"}
        return await opened.post(
            f"{PLAN}/revert", body, "manager", If_Match="*", Idempotency_Key="one"
        )

    first, again = await revert(1), await revert(1)
    assert (first.status, again.headers["ETag"]) == (200, first.headers["ETag"])
    assert (await revert(2)).kind == "key-reused"


# --- regimes -------------------------------------------------------------------------------------

REGIME: dict[str, Any] = {
    "id": "oral-heat-2020-03",
    "name": {"kk": "Ыстық", "ru": "Жара", "en": "Heat"},
    "scope": {"city": "uralsk"},
    "from": "2020-03-16",
    "until": "2020-03-18",
    "rules": {"hall_limit": 5},
}


async def test_a_regime_takes_effect_in_open_journals(opened: Client) -> None:
    declared = await opened.post("/v1/regimes", REGIME)
    assert (declared.status, declared.body["by"]) == (201, "admin:test")
    assert (await opened.post("/v1/regimes", REGIME)).status == 201
    board = (await opened.get(f"{HERE}/board")).body
    assert (board["hall"]["limit"], board["regimes"]) == (5, ["oral-heat-2020-03"])
    listed = (await opened.get("/v1/regimes", "planner")).body["regimes"]
    assert "oral-heat-2020-03" in [one["id"] for one in listed]
    body = {"until": "2020-03-16", "reason": "rain"}
    ended = await opened.post("/v1/regimes/oral-heat-2020-03/end", body)
    assert (ended.status, ended.body["until"]) == (200, "2020-03-16")
    opened.clock(local(17, "10:00"))
    await opened.take()
    assert (await opened.get(f"{HERE}/board")).body["hall"]["limit"] == 1000


async def test_a_regime_begins_and_ends_within_a_day(opened: Client) -> None:
    hours = {"from_time": "14:00", "until": "2020-03-16", "until_time": "16:30"}
    assert (await opened.post("/v1/regimes", REGIME | hours)).status == 201
    limits = []
    for clock in ("13:59", "14:00", "16:00", "16:30"):
        opened.clock(local(16, clock))
        limits.append((await opened.get(f"{HERE}/board")).body["hall"]["limit"])
    assert limits == [1000, 5, 5, 1000]
    versions = (await opened.get(f"{PLAN}/versions", "manager")).body["versions"]
    assert [version["at"][11:16] for version in versions] == ["10:00", "14:00", "16:30"]
    assert await revertible(opened) == [False, False, False]


@pytest.mark.parametrize(
    ("language", "reasons"),
    [
        ("en", ["Day plan adopted", "Day plan follows the regimes"]),
        ("ru", ["План дня принят", "План дня следует режимам"]),
        ("kk", ["Күн жоспары қабылданды", "Күн жоспары режимге сай жаңарды"]),
    ],
)
async def test_what_no_person_changed_has_a_reason_in_words(
    opened: Client, language: str, reasons: list[str]
) -> None:
    await opened.post("/v1/regimes", REGIME)
    answer = await opened.get(f"{PLAN}/versions", "manager", Accept_Language=language)
    assert [one["reason"] for one in answer.body["versions"]] == reasons


async def test_a_regime_that_has_not_begun_is_withdrawn(opened: Client) -> None:
    await opened.post("/v1/regimes", REGIME | {"from_time": "14:00"})
    body = {"until": "2020-03-16", "until_time": "14:00", "reason": "no heat"}
    assert (await opened.post("/v1/regimes/oral-heat-2020-03/end", body)).status == 200
    for clock in ("14:00", "14:30"):
        opened.clock(local(16, clock))
        assert (await opened.get(f"{HERE}/board")).body["hall"]["limit"] == 1000


async def test_a_regime_is_ended_within_a_day(opened: Client) -> None:
    await opened.post("/v1/regimes", REGIME)
    body = {"until": "2020-03-16", "until_time": "12:00", "reason": "rain"}
    ended = await opened.post("/v1/regimes/oral-heat-2020-03/end", body)
    assert (ended.status, ended.body["until_time"]) == (200, "12:00")
    opened.clock(local(16, "11:59"))
    assert (await opened.get(f"{HERE}/board")).body["hall"]["limit"] == 5
    opened.clock(local(16, "12:00"))
    assert (await opened.get(f"{HERE}/board")).body["hall"]["limit"] == 1000


async def test_why_a_regime_is_refused(client: Client) -> None:
    await client.post("/v1/regimes", REGIME)
    other = REGIME | {"rules": {"hall_limit": 6}}
    taken = await client.post("/v1/regimes", other)
    assert (taken.status, taken.kind, taken.body["field"]) == (409, "regime-exists", "id")
    for wrong, field in (
        ({"until": "2020-03-01"}, "until"),
        ({"scope": {}}, "scope"),
        ({"id": "x", "scope": {"city": "oral"}}, "scope.city"),
        ({"id": "x", "rules": {}}, "rules"),
        ({"id": "x", "from": "2020-03-01", "until": "2020-03-15"}, "until"),
        ({"id": "x", "until": "2020-03-16", "until_time": "10:00"}, "until"),
        (
            {"id": "x", "from_time": "14:00", "until": "2020-03-16", "until_time": "14:00"},
            "until_time",
        ),
        ({"rules": {"hall_limit": 0}}, "rules.hall_limit"),
        ({"name": {"kk": "x", "ru": "x"}}, "name.en"),
    ):
        answer = await client.post("/v1/regimes", REGIME | wrong)
        assert (answer.status, answer.kind, answer.body["field"]) == (422, "invalid-field", field)
    end = "/v1/regimes/oral-heat-2020-03/end"
    late = await client.post(end, {"until": "2020-03-19", "reason": "r"})
    assert (late.status, late.kind) == (422, "regime-over")
    unknown = await client.post("/v1/regimes/nothing/end", {"until": "2020-03-19", "reason": "r"})
    assert (unknown.status, unknown.kind) == (404, "unknown-regime")


async def test_regimes_that_cannot_be_kept_together_are_refused(client: Client) -> None:
    often = {"id": "often", "from": "2020-03-17", "rules": {"sanitation_every_minutes": 40}}
    slow = {"id": "slow", "from": "2020-03-01", "rules": {"drain_minutes": 40}}
    country = {"scope": {"country": "kz"}}
    assert (await client.post("/v1/regimes", REGIME | often)).status == 201
    for when, sound in (
        ({}, False),
        ({"until": "2020-03-16"}, True),
        ({"from": "2020-03-18", "id": "later"}, False),
    ):
        answer = await client.post(
            "/v1/regimes", REGIME | country | slow | when, Accept_Language="en"
        )
        assert answer.status == (201 if sound else 422), answer.raw
        if not sound:
            assert (answer.kind, answer.body["field"]) == (
                "plan-contradicts",
                "rules.drain_minutes",
            )
            assert "No 2" in answer.body["fields"][0]["detail"]
            assert "a drain of 40 min" in answer.body["fields"][0]["detail"]


async def test_regimes_that_close_a_branch_together_or_name_foreign_counters_are_refused(
    client: Client,
) -> None:
    early = {"id": "early", "scope": {"country": "kz"}, "rules": {"closes": "12:00"}}
    assert (await client.post("/v1/regimes", REGIME | early)).status == 201
    for rules, field in (
        ({"opens": "12:00"}, "rules.opens"),
        ({"counters_in_use": ["77"]}, "rules.counters_in_use"),
    ):
        other = REGIME | {"id": "other", "scope": {"branch": "uralsk-2"}, "rules": rules}
        answer = await client.post("/v1/regimes", other)
        assert (answer.status, answer.kind) == (422, "plan-contradicts"), answer.raw
        assert answer.body["field"] == field


# --- branches and services -----------------------------------------------------------------------


async def test_the_country_is_listed(client: Client) -> None:
    everywhere = (await client.get("/v1/branches", "planner")).body["branches"]
    assert {branch["code"] for branch in everywhere} == {
        "uralsk-2",
        "astana-esil-1",
        "almaty-bostandyk-1",
    }
    mine = (await client.get("/v1/branches", "kiosk")).body["branches"]
    assert [branch["code"] for branch in mine] == ["uralsk-2"]
    assert (await client.get(HERE, "visitor")).body["time_zone"] == "Asia/Oral"
    services = (await client.get("/v1/services", "kiosk")).body["services"]
    passport = next(one for one in services if one["code"] == "passport")
    assert (passport["letter"], passport["online"], passport["in_person"]) == ("P", False, True)


async def test_each_branch_tells_its_own_day(client: Client) -> None:
    for day, clock, uralsk, almaty in ((16, "23:30", 16, 17), (17, "00:30", 17, 17)):
        client.clock(local(day, clock))
        listed = (await client.get("/v1/branches", "planner")).body["branches"]
        days = {branch["code"]: branch["today"] for branch in listed}
        assert days["uralsk-2"] == f"2020-03-{uralsk}"
        assert days["almaty-bostandyk-1"] == f"2020-03-{almaty}"


@pytest.mark.parametrize(
    ("language", "alphabet"),
    [
        ("kk", "аәбвгғдеёжзийкқлмнңоөпрстуұүфхһцчшщъыіьэюя"),
        ("ru", "абвгдеёжзийклмнопрстуфхцчшщъыьэюя"),
        ("en", "abcdefghijklmnopqrstuvwxyz"),
    ],
)
async def test_services_and_branches_come_in_the_order_of_the_asked_alphabet(
    client: Client, language: str, alphabet: str
) -> None:
    for what in ("services", "branches"):
        answer = await client.get(f"/v1/{what}", "planner", Accept_Language=language)
        names = [one["name"][language] for one in answer.body[what]]
        initials = [alphabet.index(name[0].lower()) for name in names]
        assert initials == sorted(initials)
        assert what == "branches" or len(set(initials)) > 1


async def test_a_regime_was_declared_at_the_time_of_its_place(client: Client) -> None:
    declared = await client.post("/v1/regimes", REGIME)
    assert declared.body["at"] == "2020-03-16T10:00:00+05:00"
    almaty = REGIME | {"id": "almaty-heat", "scope": {"branch": "almaty-bostandyk-1"}}
    await client.post("/v1/regimes", almaty)
    listed = (await client.get("/v1/regimes", "planner")).body["regimes"]
    instants = {one["id"]: one["at"] for one in listed}
    assert instants[REGIME["id"]] == "2020-03-16T10:00:00+05:00"
    assert instants["almaty-heat"] == "2020-03-16T11:00:00+06:00"


async def test_local_time_is_each_branchs_own(client: Client) -> None:
    client.clock(MONDAY)
    board = (await client.get("/v1/branches/almaty-bostandyk-1/board")).body
    assert board["at"] == "2020-03-16T11:00:00+06:00"


async def test_a_plan_is_tried_and_changed_from_today_to_a_year_ahead(client: Client) -> None:
    body = {"reason": "r", "group_size": 6}
    for day, status, kind in (
        ("2020-03-15", 422, "past-date"),
        ("2021-03-18", 400, "invalid-parameter"),
        ("2099-12-31", 400, "invalid-parameter"),
    ):
        for method, path in (("PATCH", PLAN), ("POST", f"{PLAN}/preview")):
            answer = await client.ask(method, f"{path}?date={day}", body, "manager", If_Match="*")
            assert (answer.status, answer.kind, answer.body["field"]) == (status, kind, "date")
    last = await client.ask("PATCH", f"{PLAN}?date=2021-03-17", body, "manager", If_Match="*")
    assert last.status == 200


# --- counters in use -----------------------------------------------------------------------------


async def test_a_manager_says_which_counters_are_in_use(opened: Client) -> None:
    answer = await change(opened, 1, counters_in_use=["1", "2"])
    assert answer.status == 200
    board = (await opened.get(f"{HERE}/board")).body
    assert [counter["counter"] for counter in board["counters"]] == ["1", "2"]
    for action in ("open", "close", "call-next"):
        answer = await opened.counter("3", action)
        assert (answer.status, answer.kind) == (409, "counter-out-of-use")
        assert (await opened.counter("99", action)).kind == "unknown-counter"
    page = await opened.get(f"{HERE}/counters/3", "operator")
    assert (page.status, page.kind) == (409, "counter-out-of-use")
    assert (await opened.counter("1", "open")).status == 200


async def test_who_serves_at_a_counter_taken_out_of_use_sees_it_until_it_is_closed(
    opened: Client,
) -> None:
    await opened.counter("3", "open")
    ticket = (await opened.counter("3", "call-next")).body
    assert (await change(opened, 1, counters_in_use=["1", "2"])).status == 200
    desks = (await opened.get(f"{HERE}/counters", "operator")).body["counters"]
    assert [desk["counter"] for desk in desks] == ["1", "2", "3"]
    board = (await opened.get(f"{HERE}/board")).body["counters"]
    assert board[-1]["number"] == ticket["number"]
    overview = (await opened.get(f"{HERE}/overview", "manager")).body["counters"]
    assert (overview[-1]["counter"], overview[-1]["state"]) == ("3", "called")
    for action in ("start", "finish"):
        assert (await opened.act(ticket, action)).status == 200
    page = (await opened.get(f"{HERE}/counters/3", "operator", Accept_Language="en")).body
    assert page["call_next"]["kind"] == "counter-out-of-use"
    assert page["call_next"]["detail"].startswith("Open another one")
    refused = await opened.counter("3", "call-next")
    assert (refused.status, refused.kind) == (409, "counter-out-of-use")
    assert (await opened.counter("3", "close")).status == 200
    assert (await opened.get(f"{HERE}/counters/3", "operator")).kind == "counter-out-of-use"


async def test_a_counter_that_the_branch_has_not_is_named(opened: Client) -> None:
    body = {"reason": "fewer", "counters_in_use": ["1", "99"]}
    for method, path in (("PATCH", PLAN), ("POST", f"{PLAN}/preview")):
        answer = await opened.ask(method, path, body, "manager", If_Match="*", Accept_Language="en")
        (field,) = answer.body["fields"]
        assert (answer.status, field["field"]) == (422, "counters_in_use")
        assert field["detail"].startswith("99 is no counter of the branch")
