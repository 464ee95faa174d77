"""What a kiosk is told before anybody has a ticket."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from schemas.kazakh import sort_key
from tests.contract.http_client import FRIDAY, HERE, MONDAY, THURSDAY, local

if TYPE_CHECKING:
    from tests.contract.http_client import Client


async def kiosk(client: Client, language: str = "ru") -> dict[str, Any]:
    answer = await client.get(f"{HERE}/kiosk", "kiosk", Accept_Language=language)
    assert answer.status == 200, answer.raw
    shown: dict[str, Any] = answer.body
    return shown


async def test_services_and_categories_come_sorted_in_the_asked_language(client: Client) -> None:
    client.clock(MONDAY)
    shown: dict[str, Any] = {}
    for language in ("kk", "ru", "en"):
        shown = await kiosk(client, language)
        for part in ("services", "categories"):
            names = [one["name"][language] for one in shown[part]]
            assert names == sorted(names, key=sort_key), (language, part)
    categories = {category["code"] for category in shown["categories"]}
    assert categories == {service["category"] for service in shown["services"]}


async def test_a_ticket_can_be_had_for_everything_that_is_shown(client: Client) -> None:
    client.clock(MONDAY)
    shown = await kiosk(client)
    assert shown["services"]
    for service in shown["services"]:
        ticket = await client.take(service=service["code"], despite_closing=True)
        assert ticket["number"].startswith(service["letter"])


async def test_what_is_online_only_now_is_marked_with_the_accepted_reasons(client: Client) -> None:
    client.clock(MONDAY)
    shown = await kiosk(client)
    assert not shown["non_online_only"]
    assert not any(service["online_only"] for service in shown["services"])
    assert shown["regimes"] == []
    client.clock(FRIDAY)
    shown = await kiosk(client)
    marks = {service["code"]: service["online_only"] for service in shown["services"]}
    assert shown["non_online_only"]
    assert (marks["passport"], marks["address-certificate"]) == (False, True)
    assert "disability" in shown["accepted_reasons"]
    assert shown["regimes"][0]["ru"]
    assert (shown["phone"], shown["services_limit"]) == ("1414", 8)


async def test_a_party_is_bounded_as_the_ticket_is(client: Client) -> None:
    client.clock(THURSDAY)
    most = (await kiosk(client))["party_limit"]
    wanted = {"service": "passport", "party_size": most}
    assert (await client.post(f"{HERE}/tickets", wanted, "kiosk")).status == 201
    wanted["party_size"] = most + 1
    assert (await client.post(f"{HERE}/tickets", wanted, "kiosk")).kind == "party-too-large"


async def test_out_of_hours_it_says_when_tickets_are_given_again(client: Client) -> None:
    shown: dict[str, Any] = {}
    for moment, day, again in (
        (local(16, "07:59"), "before_opening", "2020-03-16T09:00:00+05:00"),
        (local(16, "08:30"), "before_opening", None),
        (local(16, "18:00"), "open", "2020-03-17T09:00:00+05:00"),
    ):
        client.clock(moment)
        shown = await kiosk(client)
        assert (shown["day"], shown["next_opens_at"]) == (day, again), moment
        assert shown["tickets_now"] == (again is None)
    assert shown["closes_at"] == "2020-03-16T18:00:00+05:00"


async def test_on_a_day_of_rest_it_says_why_and_when_it_opens(client: Client) -> None:
    client.clock(local(15, "10:00"))
    shown = await kiosk(client)
    assert (shown["day"], shown["opens_at"]) == ("closed_today", None)
    assert shown["closed_text"]["ru"]
    assert shown["next_opens_at"] == "2020-03-16T09:00:00+05:00"
    assert not shown["tickets_now"]


async def expired(client: Client, name: str, role: str = "kiosk") -> Any:  # noqa: ANN401
    return await client.get(f"{HERE}/expired/{name}", role)


async def test_what_an_expired_ticket_was_for_is_told_by_number_and_by_id(client: Client) -> None:
    client.clock(local(20, "16:00"))
    assert (await kiosk(client))["carried_from"] is None
    old = await client.take(services=["passport", "identity-card"], party_size=2)
    client.clock(local(26, "10:00"))
    assert (await kiosk(client))["carried_from"] == "2020-03-20"
    for name, role in ((old["number"], "kiosk"), (old["id"], "attendant")):
        found = await expired(client, name, role)
        assert found.body == {
            "number": old["number"],
            "date": "2020-03-20",
            "services": ["passport", "identity-card"],
            "party_size": 2,
        }
    await client.take(carried_number=old["number"])
    assert (await expired(client, old["number"])).kind == "already-carried"
    assert (await kiosk(client))["carried_from"] is None


async def test_why_a_ticket_does_not_go_on(client: Client) -> None:
    client.clock(local(19, "16:00"))
    old, given_up = await client.take(), await client.take()
    await client.ask("DELETE", f"{HERE}/tickets/{given_up['id']}", None, "kiosk")
    client.clock(local(20, "10:00"))
    for name, role, kind in (
        (given_up["number"], "kiosk", "not-expired"),
        ("P-077", "kiosk", "unknown-ticket"),
        ("nonsense", "kiosk", "unknown-ticket"),
        (old["number"], "visitor", "forbidden"),
    ):
        assert (await expired(client, name, role)).kind == kind, name
    client.clock(local(27, "10:00"))
    assert (await expired(client, old["id"])).kind == "carry-over-lapsed"
