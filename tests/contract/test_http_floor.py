"""What the door and a counter show and may do, and what is told later than it was done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.contract.http_client import HERE, THURSDAY, local

if TYPE_CHECKING:
    from tests.contract.http_client import Answer, Client


@pytest.fixture
def thursday(client: Client) -> Client:
    """Entry in groups of ten, ten minutes apart, forty in the hall, a pause at 11:00."""
    client.clock(THURSDAY)
    return client


async def door(client: Client, role: str = "attendant") -> dict[str, Any]:
    answer = await client.get(f"{HERE}/door", role, Accept_Language="en")
    assert answer.status == 200, answer.raw
    return dict(answer.body)


async def counter(client: Client, code: str, role: str = "operator") -> dict[str, Any]:
    answer = await client.get(f"{HERE}/counters/{code}", role, Accept_Language="en")
    assert answer.status == 200, answer.raw
    return dict(answer.body)


def numbers(tickets: list[dict[str, Any]]) -> list[str]:
    return [ticket["number"] for ticket in tickets]


# --- the door ------------------------------------------------------------------------------------


async def test_the_door_of_a_day_that_nobody_has_opened(thursday: Client) -> None:
    shown = await door(thursday)
    assert (shown["seq"], shown["day"], shown["released"], shown["inside"]) == (0, "open", [], [])
    assert shown["next_group"]["may"]["kind"] == "nobody-waiting"
    assert shown["now_ms"] == int(THURSDAY.timestamp() * 1000)


async def test_the_next_group_in_the_order_of_the_policy(thursday: Client) -> None:
    for size in (4, 4, 3):
        await thursday.take(party_size=size)
    shown = await door(thursday)
    group = shown["next_group"]
    assert group["may"] == {"allowed": True}
    assert (group["least"], group["most"], group["people"]) == (1, 10, 8)
    assert numbers(group["tickets"]) == ["P-001", "P-002"]
    assert shown["street_people"] == 11


async def test_why_no_group_goes_and_from_when(thursday: Client) -> None:
    for _ in range(2):
        await thursday.take()
    await thursday.release(size=1)
    may = (await door(thursday))["next_group"]["may"]
    assert may == {
        "allowed": False,
        "kind": "too-soon",
        "title": "It is too soon for the next group",
        "detail": "The next group may be released at 10:10.",
        "next_at": "2020-03-19T10:10:00+05:00",
    }
    thursday.clock(local(19, "18:30"))
    late = await door(thursday)
    assert late["next_group"]["may"]["kind"] == "door-closed"


async def test_who_is_awaited_and_who_is_inside(thursday: Client) -> None:
    first, second = [await thursday.take() for _ in range(2)]
    await thursday.release()
    await thursday.act(first, "entered")
    shown = await door(thursday)
    assert numbers(shown["released"]) == [second["number"]]
    assert shown["released"][0]["actions"] == ["cancel", "entered"]
    assert shown["released"][0]["arrive_by"] == "2020-03-19T10:10:00+05:00"
    assert numbers(shown["inside"]) == [first["number"]]
    assert "left" in shown["inside"][0]["actions"]
    assert shown["hall"]["occupancy"] == 1
    manager = await door(thursday, "manager")
    assert manager["released"][0]["actions"] == []


async def test_a_group_is_awaited_in_the_order_of_the_policy(thursday: Client) -> None:
    taken = [await thursday.take() for _ in range(10)]
    await thursday.release()
    assert numbers((await door(thursday))["released"]) == numbers(taken)


async def test_those_whose_visit_is_over_are_the_next_to_go(thursday: Client) -> None:
    first, second = [await thursday.take() for _ in range(2)]
    await thursday.release()
    for ticket in (first, second):
        await thursday.act(ticket, "entered")
    await thursday.counter("1", "open")
    await thursday.counter("1", "call-next")
    await thursday.act(first, "no-show")
    assert numbers((await door(thursday))["inside"]) == [first["number"], second["number"]]
    await thursday.act(first, "recall")
    await thursday.act(first, "start")
    await thursday.counter("2", "open")
    await thursday.counter("2", "call-next")
    await thursday.act(second, "no-show")
    assert numbers((await door(thursday))["inside"]) == [second["number"], first["number"]]


async def test_a_sanitation_pause_step_by_step(thursday: Client) -> None:
    ticket = await thursday.take()
    await thursday.release()
    await thursday.act(ticket, "entered")
    before = await door(thursday)
    assert before["start_sanitation"] == {"allowed": True}
    assert before["confirm_sanitation"]["kind"] == "not-cleaning"
    thursday.clock(local(19, "11:01"))
    drained = await door(thursday)
    assert (drained["sanitation"]["phase"], drained["alarm"]) == ("draining", "hall_not_empty")
    assert drained["start_sanitation"]["kind"] == "hall-not-empty"
    await thursday.act(ticket, "left")
    thursday.clock(local(19, "11:02"))
    cleaning = await door(thursday)
    assert (cleaning["sanitation"]["phase"], cleaning["alarm"]) == ("cleaning", None)
    assert cleaning["confirm_sanitation"]["kind"] == "cleaning-too-short"
    assert cleaning["confirm_sanitation"]["next_at"] == cleaning["sanitation"]["clean_until"]
    thursday.clock(local(19, "11:40"))
    overdue = await door(thursday)
    assert overdue["alarm"] == "confirmation_overdue"
    assert overdue["confirm_sanitation"] == {"allowed": True}


# --- a counter -----------------------------------------------------------------------------------


async def test_the_counters_and_who_is_at_them(client: Client) -> None:
    await client.counter("2", "open")
    answer = await client.get(f"{HERE}/counters", "operator")
    by_code = {one["counter"]: one for one in answer.body["counters"]}
    assert by_code["2"] == {
        "counter": "2",
        "open": True,
        "operator": "operator:test",
        "yours": True,
        "number": None,
    }
    assert (by_code["1"]["open"], by_code["1"]["operator"]) == (False, "")
    other = await client.get(f"{HERE}/counters", "manager")
    assert not any(one["yours"] for one in other.body["counters"])


async def test_an_unknown_counter_is_named(client: Client) -> None:
    answer = await client.get(f"{HERE}/counters/99", "operator")
    assert (answer.status, answer.kind) == (404, "unknown-counter")


async def test_a_closed_counter_may_be_opened_and_call_nobody(client: Client) -> None:
    shown = await counter(client, "1")
    assert shown["open"] == {"allowed": True}
    assert shown["close"]["kind"] == shown["call_next"]["kind"] == "counter-closed"
    assert (shown["ticket"], shown["targets"]) == (None, None)


async def test_the_visitor_at_the_counter_and_where_to_send_them(client: Client) -> None:
    taken = await client.take(party_size=2, language="kk")
    await client.counter("1", "open")
    waiting = await counter(client, "1")
    assert {one["service"]: one["tickets"] for one in waiting["waiting"]}["passport"] == 1
    assert waiting["call_next"] == {"allowed": True}
    await client.counter("1", "call-next")
    await client.counter("2", "open")
    shown = await counter(client, "1")
    assert (shown["ticket"]["number"], shown["ticket"]["party_size"]) == (taken["number"], 2)
    assert {"start", "no-show", "recall", "hold", "transfer"} <= set(shown["ticket"]["actions"])
    assert shown["call_next"]["kind"] == shown["close"]["kind"] == "counter-busy"
    assert shown["desk"]["number"] == taken["number"]
    assert "2" in shown["targets"]["counters"]
    assert "1" not in shown["targets"]["counters"]
    assert "passport" not in shown["targets"]["services"]
    for service in shown["targets"]["services"][:1]:
        answer = await client.act(taken, "transfer", {"service": service})
        assert answer.status == 200


async def test_a_visit_on_hold_is_resumed_where_it_can_be(client: Client) -> None:
    taken = await client.take()
    await client.counter("1", "open")
    await client.counter("1", "call-next")
    await client.act(taken, "hold")
    (held,) = (await counter(client, "1"))["held"]
    assert (held["ticket"]["id"], held["may"]) == (taken["id"], {"resume": {"allowed": True}})
    (elsewhere,) = (await counter(client, "2"))["held"]
    assert elsewhere["may"]["resume"]["kind"] == "counter-closed"


async def test_who_was_given_up_is_called_again_or_returned_once(client: Client) -> None:
    taken = await client.take()
    await client.counter("1", "open")
    await client.counter("1", "call-next")
    await client.act(taken, "no-show")
    (gone,) = (await counter(client, "1"))["given_up"]
    assert gone["may"] == {"return": {"allowed": True}, "recall": {"allowed": True}}
    (elsewhere,) = (await counter(client, "2"))["given_up"]
    assert set(elsewhere["may"]) == {"return"}
    await client.act(taken, "return")
    await client.counter("1", "call-next")
    await client.act(taken, "no-show")
    (again,) = (await counter(client, "1"))["given_up"]
    assert again["may"]["return"]["kind"] == "already-returned"


# --- told later ----------------------------------------------------------------------------------


async def told(client: Client, ticket: dict[str, Any], clock: str, **headers: str) -> Answer:
    """The attendant's tablet tells an entry of a time of day."""
    done = str(int(local(19, clock).timestamp() * 1000))
    path = f"{HERE}/tickets/{ticket['id']}/entered"
    return await client.post(path, None, "attendant", Kezek_Done_At=done, **headers)


async def test_an_entry_in_time_that_is_told_later_counts(thursday: Client) -> None:
    ticket = await thursday.take()
    await thursday.release()
    thursday.clock(local(19, "10:12"))
    assert (await thursday.act(ticket, "entered")).kind == "wrong-state"
    first = await told(thursday, ticket, "10:08", Idempotency_Key="tick")
    again = await told(thursday, ticket, "10:08", Idempotency_Key="tick")
    assert (first.status, again.status, first.body["state"]) == (200, 200, "entered")
    journal = (await thursday.get(f"{HERE}/journal")).body["entries"]
    entered = [entry for entry in journal if entry["event"]["kind"] == "TicketEntered"]
    (entry,) = entered
    assert entry["at"] == "2020-03-19T10:12:00+05:00"
    assert entry["event"]["done_at"] == int(local(19, "10:08").timestamp() * 1000)


async def test_what_was_done_long_ago_is_not_taken(thursday: Client) -> None:
    ticket = await thursday.take()
    await thursday.release()
    await told(thursday, ticket, "10:00", Idempotency_Key="told in time, the answer was lost")
    thursday.clock(local(19, "10:45"))
    again = await told(
        thursday, ticket, "10:00", Idempotency_Key="told in time, the answer was lost"
    )
    assert (again.status, again.body["state"]) == (200, "entered")
    answer = await told(thursday, ticket, "10:08", Accept_Language="en")
    assert (answer.status, answer.kind) == (409, "done-too-long-ago")
    assert "30 minutes" in answer.body["detail"]
    body = {"occupancy": 3, "reason": "counted"}
    never = await thursday.post(f"{HERE}/hall/recount", body, "attendant", Kezek_Done_At="0")
    assert never.kind == "done-too-long-ago"


@pytest.mark.parametrize(
    "text", ["soon", "-1", "9" * 16, str(int(local(19, "10:02").timestamp()) * 1000)]
)
async def test_only_a_past_instant_is_taken(thursday: Client, text: str) -> None:
    ticket = await thursday.take()
    path = f"{HERE}/tickets/{ticket['id']}/entered"
    answer = await thursday.post(path, None, "attendant", Kezek_Done_At=text)
    assert (answer.status, answer.kind) == (400, "invalid-header")
    assert answer.body["fields"][0]["field"] == "Kezek-Done-At"


async def test_every_command_of_the_door_may_be_told_later(thursday: Client) -> None:
    done = str(int(local(19, "09:59").timestamp() * 1000))
    ticket = await thursday.take()
    await thursday.post(f"{HERE}/groups", None, "attendant", Kezek_Done_At=done)
    await told(thursday, ticket, "10:00")
    path = f"{HERE}/tickets/{ticket['id']}/left"
    await thursday.post(path, None, "attendant", Kezek_Done_At=done)
    body = {"occupancy": 0, "reason": "counted"}
    await thursday.post(f"{HERE}/hall/recount", body, "attendant", Kezek_Done_At=done)
    await thursday.post(f"{HERE}/sanitation/start", None, "attendant", Kezek_Done_At=done)
    journal = (await thursday.get(f"{HERE}/journal")).body["entries"]
    told_later = [entry["event"]["kind"] for entry in journal if entry["event"].get("done_at")]
    assert told_later == [
        "GroupReleased",
        "TicketEntered",
        "TicketCancelled",
        "TicketLeft",
        "HallRecounted",
        "CleaningStarted",
    ]
