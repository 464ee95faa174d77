"""Taking, seeing and cancelling tickets over HTTP."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from queue_service.ids import new_ticket_id
from tests.contract.http_client import FRIDAY, HERE, THURSDAY, local

if TYPE_CHECKING:
    from tests.contract.http_client import Client

TICKETS, PLAN = f"{HERE}/tickets", f"{HERE}/plan"


# --- taken, seen, cancelled ----------------------------------------------------------------------


async def test_a_ticket_is_taken_seen_and_cancelled_by_its_kiosk(client: Client) -> None:
    client.clock(THURSDAY)
    taken = await client.post(TICKETS, {"service": "passport", "party_size": 2}, "kiosk")
    assert taken.status == 201
    ticket = taken.body
    assert (ticket["number"], ticket["state"], ticket["party_size"]) == ("P-001", "issued", 2)
    assert ticket["issued_at"] == "2020-03-19T10:00:00+05:00"
    assert ticket["actions"] == ["cancel"]
    assert ticket["estimate"]["likely_at"].startswith("2020-03-19T10:")
    again = await client.get(f"{TICKETS}/{ticket['id']}", "kiosk")
    assert (again.status, again.body) == (200, ticket)
    gone = await client.ask("DELETE", f"{TICKETS}/{ticket['id']}?reason=tired", None, "kiosk")
    assert (gone.status, gone.body["state"], gone.body["actions"]) == (200, "cancelled", [])


async def test_people_ahead_are_counted(client: Client) -> None:
    client.clock(THURSDAY)
    await client.take(party_size=3)
    assert (await client.take())["people_ahead"] == 3


async def test_several_services_are_one_visit(client: Client) -> None:
    ticket = await client.take(services=["passport", "identity-card"])
    assert (ticket["services"], ticket["service"]) == (["passport", "identity-card"], "passport")


async def test_a_ticket_of_somebody_else_does_not_exist(client: Client) -> None:
    ticket = await client.take()
    path = f"{TICKETS}/{ticket['id']}"
    for method in ("GET", "DELETE"):
        for role in ("other-kiosk", "visitor"):
            answer = await client.ask(method, path, None, role)
            assert (answer.status, answer.kind) == (404, "unknown-ticket")
    for role in ("attendant", "operator", "manager", "planner", "admin"):
        assert (await client.get(path, role)).status == 200


async def test_whoever_knows_its_id_sees_and_gives_up_a_ticket_without_a_token(
    client: Client,
) -> None:
    client.clock(THURSDAY)
    ticket = await client.take(iin="850101300015", contact="+77011234567")
    path = f"{TICKETS}/{ticket['id']}"
    seen = await client.get(path, None)
    assert (seen.status, seen.body) == (200, ticket)
    assert b"850101300015" not in seen.raw
    assert b"77011234567" not in seen.raw
    gone = await client.ask("DELETE", path, None, None, Idempotency_Key="changed my mind")
    assert (gone.status, gone.body["state"]) == (200, "cancelled")
    again = await client.ask("DELETE", path, None, None, Idempotency_Key="changed my mind")
    assert (again.status, again.body) == (200, gone.body)


async def test_a_ticket_page_is_told_the_names(client: Client) -> None:
    ticket = await client.take(services=["passport", "identity-card"])
    told = await client.get(f"{TICKETS}/{ticket['id']}/about", None)
    assert [one["name"]["en"] for one in told.body["services"]] == [
        "Passport of a citizen of Kazakhstan",
        "Identity card of a citizen of Kazakhstan",
    ]
    assert (told.body["name"]["ru"], told.body["phone"]) == ("Отдел № 2 города Уральска", "1414")
    guessed = f"{TICKETS}/{new_ticket_id(THURSDAY.date())}/about"
    assert (await client.get(guessed, None)).kind == "unknown-ticket"


async def test_a_guessed_id_and_one_of_another_branch_tell_nothing(client: Client) -> None:
    client.clock(THURSDAY)
    ticket = await client.take()
    paths = [f"{TICKETS}/{guess}" for guess in (new_ticket_id(THURSDAY.date()), "guess")]
    paths.append(f"/v1/branches/almaty-bostandyk-1/tickets/{ticket['id']}")
    told = set()
    for path in paths:
        for method, tail in (("GET", ""), ("DELETE", ""), ("POST", "/late")):
            answer = await client.ask(method, path + tail, None, None)
            assert (answer.status, answer.kind) == (404, "unknown-ticket")
            told.add(answer.raw)
    assert len(told) == 1
    assert (
        await client.get(f"{TICKETS}/{ticket['id']}", None, Authorization="Bearer x")
    ).status == 401


async def test_a_released_visitor_gives_the_turn_back_once(client: Client) -> None:
    client.clock(THURSDAY)
    ticket = await client.take()
    late = f"{TICKETS}/{ticket['id']}/late"
    assert (await client.post(late, None, None)).kind == "wrong-state"
    await client.release()
    released = await client.get(f"{TICKETS}/{ticket['id']}", None)
    assert released.body["actions"] == ["cancel", "late"]
    given = await client.post(late, None, None, Idempotency_Key="late")
    assert (given.status, given.body["state"], given.body["times_missed"]) == (200, "issued", 1)
    assert (await client.post(late, None, None, Idempotency_Key="late")).body == given.body
    client.clock(local(19, "10:10"))
    await client.release()
    assert (await client.post(late, None, None)).kind == "already-missed"


async def test_visitors_take_their_own_tickets(client: Client) -> None:
    ticket = await client.take("visitor", language="kk")
    seen = await client.get(f"{TICKETS}/{ticket['id']}", "visitor")
    assert (seen.status, seen.body["language"]) == (200, "kk")


async def test_a_ticket_id_that_is_none_or_of_another_branch_is_unknown(client: Client) -> None:
    ticket = await client.take()
    made_up = new_ticket_id(THURSDAY.date())
    for name in ("no-ticket", "é", made_up, new_ticket_id(FRIDAY.date().replace(2090))):
        assert (await client.get(f"{TICKETS}/{name}")).kind == "unknown-ticket"
    elsewhere = f"/v1/branches/astana-esil-1/tickets/{ticket['id']}"
    assert (await client.get(elsewhere)).kind == "unknown-ticket"
    answer = await client.post(f"{TICKETS}/{made_up}/entered", None, "attendant")
    assert answer.kind == "unknown-ticket"


# --- once ----------------------------------------------------------------------------------------


async def test_the_same_key_gets_the_same_ticket_and_status(client: Client) -> None:
    asks = (
        client.post(TICKETS, {"service": "passport"}, "kiosk", Idempotency_Key="one")
        for _ in range(5)
    )
    answers = await asyncio.gather(*asks)
    assert {answer.status for answer in answers} == {201}
    assert len({answer.body["id"] for answer in answers}) == 1
    assert (await client.take())["number"] == "P-002"


async def test_the_same_key_of_another_asker_is_another_ticket(client: Client) -> None:
    for role, number in (("kiosk", "P-001"), ("other-kiosk", "P-002")):
        body = {"service": "passport"}
        taken = await client.post(TICKETS, body, role, Idempotency_Key="one")
        assert taken.body["number"] == number


OTHERS: tuple[dict[str, object], ...] = (
    {"service": "identity-card"},
    {"service": "passport", "party_size": 2},
    {"service": "passport", "language": "en"},
    {"service": "passport", "priority": "priority"},
    {"service": "passport", "iin": "850101300015"},
)


async def test_a_key_of_another_request_is_refused(client: Client) -> None:
    await client.post(TICKETS, {"service": "passport"}, "kiosk", Idempotency_Key="one")
    for other in OTHERS:
        answer = await client.post(TICKETS, other, "kiosk", Idempotency_Key="one")
        assert (answer.status, answer.kind) == (422, "key-reused")
        assert answer.body["field"] == "Idempotency-Key"


async def test_a_key_of_a_request_with_another_contact_is_refused(client: Client) -> None:
    body = {"service": "passport", "contact": "+77011234567"}
    first = await client.post(TICKETS, body, "kiosk", Idempotency_Key="one")
    again = await client.post(TICKETS, body, "kiosk", Idempotency_Key="one")
    assert (again.status, again.body["id"]) == (201, first.body["id"])
    other = body | {"contact": "+77017654321"}
    answer = await client.post(TICKETS, other, "kiosk", Idempotency_Key="one")
    assert (answer.status, answer.kind) == (422, "key-reused")


async def test_a_key_of_another_kind_of_request_is_refused(client: Client) -> None:
    client.clock(THURSDAY)
    await client.post(TICKETS, {"service": "passport"}, "admin", Idempotency_Key="one")
    answer = await client.post(f"{HERE}/groups", None, "admin", Idempotency_Key="one")
    assert answer.kind == "key-reused"


async def test_a_key_has_1_to_200_characters(client: Client) -> None:
    for key in ("", "x" * 201):
        answer = await client.post(TICKETS, {"service": "passport"}, "kiosk", Idempotency_Key=key)
        assert (answer.status, answer.kind) == (400, "invalid-header")


async def test_a_key_is_remembered_after_midnight(client: Client) -> None:
    first = await client.post(TICKETS, {"service": "passport"}, "kiosk", Idempotency_Key="one")
    client.clock(local(17, "10:00"))
    again = await client.post(TICKETS, {"service": "passport"}, "kiosk", Idempotency_Key="one")
    assert (again.status, again.body["id"]) == (201, first.body["id"])
    assert again.body["date"] == "2020-03-16"


async def test_an_action_repeated_under_its_key_is_done_once(client: Client) -> None:
    ticket = await client.take()
    path = f"{TICKETS}/{ticket['id']}"
    for _ in range(2):
        gone = await client.ask("DELETE", path, None, "kiosk", Idempotency_Key="gone")
        assert (gone.status, gone.body["state"]) == (200, "cancelled")
    without = await client.ask("DELETE", path, None, "kiosk")
    assert (without.status, without.kind, without.body["state"]) == (
        409,
        "wrong-state",
        "cancelled",
    )


# --- refused -------------------------------------------------------------------------------------


async def test_an_online_service_is_refused_with_the_other_ways(client: Client) -> None:
    client.clock(FRIDAY)
    wanted = {"service": "address-certificate"}
    answer = await client.post(TICKETS, wanted, "kiosk", Accept_Language="en")
    assert (answer.status, answer.kind) == (409, "online-only")
    problem = answer.body
    assert (problem["phone"], problem["accepted_reasons"][0]) == ("1414", "no_device")
    (link,) = problem["links"]
    assert link["service"] == "address-certificate"
    assert link["portal"].startswith("https://egov.kz")
    assert link["qr"] == link["portal"]
    assert "1414" in problem["detail"]
    day = await client.get(f"{HERE}/day")
    assert (day.body["refused"], day.body["issued"]) == ({"online_only": 1}, 0)


@pytest.mark.parametrize(
    ("reasons", "told"),
    [
        (
            ["disability"],
            "Where one of these is the reason, ask for an assisted ticket: disability.",
        ),
        ([], "use one of the links, or call 1414 free of charge."),
    ],
)
async def test_an_assisted_ticket_is_offered_for_the_reasons_that_are_accepted_today(
    client: Client, reasons: list[str], told: str
) -> None:
    change = {"reason": "r", "non_online_only": True, "accepted_reasons": reasons}
    assert (await client.ask("PATCH", PLAN, change, "manager", If_Match="*")).status == 200
    wanted = {"service": "address-certificate"}
    answer = await client.post(TICKETS, wanted, "kiosk", Accept_Language="en")
    assert answer.body["detail"].endswith(told)
    wanted["assisted_reason"] = "no_device"
    answer = await client.post(TICKETS, wanted, "kiosk", Accept_Language="en")
    assert answer.kind == "reason-not-accepted"
    assert answer.body["extra"]["reason"] == "no_device"
    assert "reasons: disability; or" in answer.body["detail"] or not reasons
    assert answer.body["detail"].startswith("No reason is accepted today.") or reasons


async def test_a_refused_visit_repeated_under_its_key_is_counted_once(client: Client) -> None:
    client.clock(FRIDAY)
    for _ in range(2):
        body = {"service": "address-certificate"}
        answer = await client.post(TICKETS, body, "kiosk", Idempotency_Key="one")
        assert answer.kind == "online-only"
    assert (await client.get(f"{HERE}/day")).body["refused"] == {"online_only": 1}


async def test_an_accepted_reason_gives_an_assisted_ticket(client: Client) -> None:
    client.clock(FRIDAY)
    ticket = await client.take(service="address-certificate", assisted_reason="no_device")
    assert ticket["assisted_reason"] == "no_device"


async def test_what_cannot_be_served_before_closing_needs_a_word(client: Client) -> None:
    client.clock(local(16, "17:50"))
    answer = await client.post(TICKETS, {"service": "passport"}, "kiosk")
    assert (answer.status, answer.kind) == (409, "cannot-be-served-today")
    assert answer.body["until"] == "2020-03-16T18:00:00+05:00"
    assert (await client.take(despite_closing=True))["state"] == "issued"


@pytest.mark.parametrize(
    ("clock", "kind", "member", "instant"),
    [
        ("07:59", "not-yet-open", "next_at", "2020-03-16T08:00:00+05:00"),
        ("18:00", "day-closed", "until", "2020-03-16T18:00:00+05:00"),
    ],
)
async def test_outside_hours_the_instant_is_told(
    client: Client, clock: str, kind: str, member: str, instant: str
) -> None:
    client.clock(local(16, clock))
    answer = await client.post(TICKETS, {"service": "passport"}, "kiosk", Accept_Language="ru")
    assert (answer.status, answer.kind, answer.body[member]) == (409, kind, instant)


async def test_a_day_of_rest_says_why(client: Client) -> None:
    client.clock(local(22, "10:00"))
    answer = await client.post(TICKETS, {"service": "passport"}, "kiosk")
    assert (answer.kind, answer.body["extra"]["reason"]) == ("day-closed", "holiday")


WRONG_FOR_THE_PLAN = (
    ({"service": "no-such-service"}, "unknown-service", "service"),
    ({"services": ["passport", "no-such"]}, "unknown-service", "services"),
    ({"service": "passport", "party_size": 6}, "party-too-large", "party_size"),
    ({"service": "passport", "priority": "royal"}, "unknown-priority", "priority"),
    ({"service": "passport", "priority": "carry_over"}, "unknown-priority", "priority"),
    (
        {"service": "passport", "assisted_reason": "disability"},
        "reason-not-accepted",
        "assisted_reason",
    ),
    ({"service": "passport", "iin": "850101300018"}, "invalid-iin", "iin"),
)


async def test_what_the_plan_does_not_allow_names_its_field(client: Client) -> None:
    for body, kind, field in WRONG_FOR_THE_PLAN:
        answer = await client.post(TICKETS, body, "kiosk")
        assert (answer.status, answer.kind, answer.body["field"]) == (422, kind, field)


WRONG_FIELDS: tuple[tuple[dict[str, object], str], ...] = (
    ({}, "service"),
    ({"service": "passport", "services": ["passport"]}, "service"),
    ({"service": "Passport!"}, "service"),
    ({"service": 7}, "service"),
    ({"services": []}, "services"),
    ({"services": ["passport", "No"]}, "services.1"),
    ({"service": "passport", "party_size": 0}, "party_size"),
    ({"service": "passport", "party_size": "two"}, "party_size"),
    ({"service": "passport", "iin": "123"}, "iin"),
    ({"service": "passport", "contact": "call me"}, "contact"),
    ({"service": "passport", "language": "de"}, "language"),
    ({"service": "passport", "assisted_reason": "lazy"}, "assisted_reason"),
    ({"service": "passport", "carried_from": "?"}, "carried_from"),
    ({"service": "passport", "colour": "red"}, "colour"),
    ({"service": "passport", "despite_closing": None}, "despite_closing"),
)


async def test_a_wrong_field_is_named(client: Client) -> None:
    for body, field in WRONG_FIELDS:
        answer = await client.post(TICKETS, body, "kiosk")
        assert (answer.status, answer.kind, answer.body["field"]) == (422, "invalid-field", field)
        assert answer.body["fields"][0]["detail"]


# --- carried over --------------------------------------------------------------------------------


async def test_an_expired_ticket_gives_priority_on_the_next_day_once(client: Client) -> None:
    client.clock(local(19, "16:00"))
    expired = await client.take()
    client.clock(local(20, "10:00"))
    await client.take()
    carried = await client.take(carried_from=expired["id"])
    assert (carried["priority"], carried["people_ahead"]) == ("carry_over", 0)
    body = {"service": "passport", "carried_from": expired["id"]}
    again = await client.post(TICKETS, body, "kiosk")
    assert (again.status, again.kind) == (409, "already-carried")


async def test_the_priority_lapses_after_the_next_working_day(client: Client) -> None:
    client.clock(local(19, "16:00"))
    expired = await client.take()
    client.clock(local(27, "10:00"))
    body = {"service": "passport", "carried_from": expired["id"]}
    answer = await client.post(TICKETS, body, "kiosk")
    assert (answer.status, answer.kind) == (409, "carry-over-lapsed")


async def test_a_ticket_that_expired_today_goes_on_tomorrow(client: Client) -> None:
    client.clock(local(19, "16:00"))
    expired = await client.take()
    client.clock(local(19, "19:30"))
    body = {"service": "passport", "carried_from": expired["id"]}
    answer = await client.post(TICKETS, body, "kiosk", Accept_Language="en")
    assert (answer.status, answer.kind) == (409, "carry-over-not-yet")
    assert (answer.body["field"], "next working day" in answer.body["detail"]) == (
        "carried_from",
        True,
    )
    client.clock(local(20, "10:00"))
    assert (await client.take(carried_from=expired["id"]))["priority"] == "carry_over"


async def test_another_kiosk_goes_on_with_it_by_the_code_of_the_slip(client: Client) -> None:
    client.clock(local(19, "16:00"))
    expired = await client.take()
    client.clock(local(20, "10:00"))
    carried = await client.take("other-kiosk", carried_from=expired["id"])
    assert carried["priority"] == "carry_over"


async def test_by_its_number_too_once_and_from_the_branch_alone(client: Client) -> None:
    client.clock(local(20, "16:00"))
    expired = await client.take()
    client.clock(local(26, "10:00"))
    body = {"service": "passport", "carried_number": expired["number"]}
    afar = await client.post(TICKETS, body, "visitor")
    assert (afar.status, afar.kind, afar.body["field"]) == (403, "forbidden", "carried_number")
    carried = await client.post(TICKETS, body, "other-kiosk", Idempotency_Key="once")
    assert (carried.status, carried.body["priority"]) == (201, "carry_over")
    again = await client.post(TICKETS, body, "other-kiosk", Idempotency_Key="once")
    assert again.body["id"] == carried.body["id"]
    twice = await client.post(TICKETS, body, "attendant")
    assert (twice.kind, twice.body["field"]) == ("already-carried", "carried_number")


async def test_why_a_number_is_not_carried_over(client: Client) -> None:
    client.clock(local(19, "16:00"))
    cancelled = await client.take()
    await client.ask("DELETE", f"{TICKETS}/{cancelled['id']}", None, "kiosk")
    client.clock(local(20, "10:00"))
    await client.take()
    for number, status, kind in (
        ("P-002", 404, "unknown-ticket"),
        ("P-001", 409, "not-expired"),
        ("17", 422, "invalid-field"),
    ):
        body = {"service": "passport", "carried_number": number}
        answer = await client.post(TICKETS, body, "kiosk")
        assert (answer.status, answer.kind) == (status, kind)
        assert answer.body["field"] == "carried_number"
    both = {"service": "passport", "carried_number": "P-001", "carried_from": cancelled["id"]}
    assert (await client.post(TICKETS, both, "kiosk")).body["field"] == "carried_number"


async def test_only_an_expired_ticket_of_an_earlier_day_is_carried_over(client: Client) -> None:
    client.clock(local(19, "16:00"))
    cancelled = await client.take()
    await client.ask("DELETE", f"{TICKETS}/{cancelled['id']}", None, "kiosk")
    client.clock(local(20, "10:00"))
    today = await client.take()
    for carried, kind in (
        (cancelled["id"], "not-expired"),
        (today["id"], "not-expired"),
        ("nonsense", "unknown-ticket"),
    ):
        body = {"service": "passport", "carried_from": carried}
        answer = await client.post(TICKETS, body, "kiosk")
        assert (answer.kind, answer.body["field"]) == (kind, "carried_from")
