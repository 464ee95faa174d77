"""Groups, entry, counters, sanitation, the board and the day's figures over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.contract.http_client import HERE, THURSDAY, local

if TYPE_CHECKING:
    from typing import Any

    from tests.contract.http_client import Client


@pytest.fixture
def thursday(client: Client) -> Client:
    """Entry in groups of ten, ten minutes apart, forty in the hall, a pause at 11:00."""
    client.clock(THURSDAY)
    return client


async def inside(client: Client, **fields: Any) -> dict[str, Any]:  # noqa: ANN401
    """A ticket in the hall at 10:00 of a day without groups."""
    ticket = await client.take(**fields)
    assert ticket["state"] == "entered"
    return ticket


# --- the door ------------------------------------------------------------------------------------


async def test_a_group_is_released_and_enters(thursday: Client) -> None:
    tickets = [await thursday.take(party_size=size) for size in (4, 4, 3)]
    group = await thursday.release()
    assert (group["group"], group["people"]) == (1, 8)
    assert [ticket["id"] for ticket in group["tickets"]] == [one["id"] for one in tickets[:2]]
    assert group["arrive_by"] == "2020-03-19T10:10:00+05:00"
    entered = await thursday.act(tickets[0], "entered")
    assert (entered.status, entered.body["state"]) == (200, "entered")
    hall = (await thursday.get(f"{HERE}/board")).body["hall"]
    assert (hall["occupancy"], hall["released"], hall["limit"]) == (4, 4, 40)


async def test_the_next_group_waits_for_its_time(thursday: Client) -> None:
    for _ in range(2):
        await thursday.take()
    await thursday.release(size=1)
    answer = await thursday.post(f"{HERE}/groups", None, "attendant", Accept_Language="en")
    assert (answer.status, answer.kind) == (409, "too-soon")
    assert answer.body["next_at"] == "2020-03-19T10:10:00+05:00"
    assert answer.body["detail"] == "The next group may be released at 10:10."
    thursday.clock(local(19, "10:10"))
    assert (await thursday.release())["group"] == 2


async def test_why_no_group_is_released(thursday: Client) -> None:
    nobody = await thursday.post(f"{HERE}/groups", {}, "attendant")
    assert (nobody.status, nobody.kind) == (409, "nobody-waiting")
    large = await thursday.post(f"{HERE}/groups", {"size": 11}, "attendant")
    assert (large.status, large.kind, large.body["limit"]) == (422, "group-too-large", 10)
    await thursday.take()
    await thursday.post(f"{HERE}/hall/recount", {"occupancy": 40, "reason": "counted"}, "attendant")
    full = await thursday.post(f"{HERE}/groups", None, "attendant")
    assert (full.kind, full.body["limit"], full.body["extra"]["occupancy"]) == ("hall-full", 40, 40)


async def test_who_does_not_fit_into_a_group_is_told_with_what_would_help(thursday: Client) -> None:
    await thursday.take(party_size=2)
    answer = await thursday.post(f"{HERE}/groups", {"size": 1}, "attendant", Accept_Language="en")
    assert (answer.status, answer.kind) == (409, "nobody-fits")
    assert answer.body["detail"] == (
        "P-001 is for 2 people, and this group takes 1. Up to 10 may be let in together; only the "
        "manager can allow more. Otherwise they take new tickets for fewer people."
    )


async def test_without_groups_none_is_released(client: Client) -> None:
    answer = await client.post(f"{HERE}/groups", None, "attendant")
    assert answer.kind == "groups-not-in-force"


async def test_who_comes_too_late_waits_again(thursday: Client) -> None:
    ticket = await thursday.take()
    await thursday.release()
    thursday.clock(local(19, "10:20"))
    answer = await thursday.act(ticket, "entered")
    assert (answer.status, answer.kind, answer.body["state"]) == (409, "wrong-state", "issued")
    seen = await thursday.get(f"{HERE}/tickets/{ticket['id']}", "kiosk")
    assert (seen.body["state"], seen.body["times_missed"]) == ("issued", 1)


async def test_who_is_counted_out_leaves_room(thursday: Client) -> None:
    ticket = await thursday.take(party_size=3)
    await thursday.release()
    await thursday.act(ticket, "entered")
    assert (await thursday.act(ticket, "left")).body["state"] == "cancelled"
    again = await thursday.act(ticket, "left")
    assert (again.status, again.kind) == (409, "not-inside")
    assert (await thursday.get(f"{HERE}/board")).body["hall"]["occupancy"] == 0


async def test_the_attendant_corrects_the_count(client: Client) -> None:
    body = {"occupancy": 7, "reason": "two went out by the side door"}
    answer = await client.post(f"{HERE}/hall/recount", body, "attendant")
    assert (answer.status, answer.body["occupancy"]) == (200, 7)
    for wrong, field in (
        ({"occupancy": -1, "reason": "x"}, "occupancy"),
        ({"occupancy": 1, "change": 1, "reason": "x"}, "occupancy"),
        ({"reason": "x"}, "occupancy"),
        ({"change": 1.5, "reason": "x"}, "change"),
        ({"occupancy": 1}, "reason"),
        ({"occupancy": 1, "reason": "  "}, "reason"),
    ):
        answer = await client.post(f"{HERE}/hall/recount", wrong, "attendant")
        assert (answer.kind, answer.body["field"]) == ("invalid-field", field)


async def test_what_two_attendants_change_is_added_up(client: Client) -> None:
    for change, occupancy in ((3, 3), (1, 4), (-2, 2), (-5, 0)):
        body = {"change": change, "reason": "without a ticket"}
        answer = await client.post(f"{HERE}/hall/recount", body, "attendant")
        assert (answer.status, answer.body["occupancy"]) == (200, occupancy)


# --- sanitation ----------------------------------------------------------------------------------


async def test_a_pause_drains_cleans_and_is_confirmed(thursday: Client) -> None:
    ticket = await thursday.take()
    await thursday.release()
    await thursday.act(ticket, "entered")
    drained = await thursday.post(f"{HERE}/sanitation/start", None, "attendant")
    assert (drained.status, drained.body["phase"]) == (200, "draining")
    early = await thursday.post(f"{HERE}/sanitation/confirm", None, "attendant")
    assert (early.status, early.kind) == (409, "not-cleaning")
    assert early.body["next_at"] == "2020-03-19T10:30:00+05:00"
    assert "10:30" in early.body["detail"]
    await thursday.take()
    shut = await thursday.post(f"{HERE}/groups", None, "attendant")
    assert shut.kind == "paused"
    await thursday.act(ticket, "left")
    thursday.clock(local(19, "10:01"))
    board = (await thursday.get(f"{HERE}/board")).body
    assert board["sanitation"]["phase"] == "cleaning"
    short = await thursday.post(f"{HERE}/sanitation/confirm", None, "attendant")
    assert (short.kind, short.body["next_at"]) == (
        "cleaning-too-short",
        "2020-03-19T10:15:00+05:00",
    )
    thursday.clock(local(19, "10:16"))
    done = await thursday.post(f"{HERE}/sanitation/confirm", None, "attendant")
    assert (done.status, done.body["phase"]) == (200, "none")
    assert (await thursday.get(f"{HERE}/day")).body["pauses"] == 1


async def test_what_is_due_happens_before_the_request_that_moves_the_time(thursday: Client) -> None:
    await thursday.take()
    thursday.clock(local(19, "18:45"))
    board = (await thursday.get(f"{HERE}/board")).body
    assert (board["day"], board["street_people"]) == ("ended", 0)
    figures = (await thursday.get(f"{HERE}/day")).body
    assert figures["carried_over"] == 1


# --- the counters --------------------------------------------------------------------------------


async def test_a_visit_from_call_to_end(client: Client) -> None:
    ticket = await inside(client)
    opened = await client.counter("1", "open")
    assert (opened.status, opened.body["open"]) == (200, True)
    called = await client.counter("1", "call-next")
    assert (called.status, called.body["id"], called.body["counter"]) == (200, ticket["id"], "1")
    assert "start" in called.body["actions"]
    for action, state in (("recall", "called"), ("start", "serving"), ("finish", "served")):
        answer = await client.act(ticket, action)
        assert (answer.status, answer.body["state"]) == (200, state)
    assert (await client.counter("1", "close")).body["open"] is False


async def test_nobody_to_call_is_204(client: Client) -> None:
    await client.counter("1", "open")
    answer = await client.counter("1", "call-next")
    assert (answer.status, answer.raw) == (204, b"")
    assert "Content-Length" not in answer.headers


async def test_a_call_repeated_under_its_key_calls_once(client: Client) -> None:
    first = await inside(client)
    await inside(client)
    await client.counter("1", "open")
    path = f"{HERE}/counters/1/call-next"
    for _ in range(2):
        called = await client.post(path, None, "operator", Idempotency_Key="next")
        assert (called.status, called.body["id"]) == (200, first["id"])
    reused = await client.post(
        f"{HERE}/counters/2/call-next", None, "operator", Idempotency_Key="next"
    )
    assert reused.kind == "key-reused"


async def test_two_services_are_done_one_after_another(client: Client) -> None:
    ticket = await inside(client, services=["passport", "old-age-pension"])
    await client.counter("16", "open")
    for service in ("passport", "old-age-pension"):
        called = (await client.counter("16", "call-next")).body
        assert (called["id"], called["service"]) == (ticket["id"], service)
        await client.act(ticket, "start")
        await client.act(ticket, "finish")
    assert (await client.get(f"{HERE}/tickets/{ticket['id']}")).body["state"] == "served"


async def test_hold_resume_and_transfer(client: Client) -> None:
    ticket = await inside(client)
    await client.counter("1", "open")
    await client.counter("2", "open")
    await client.counter("1", "call-next")
    held = await client.act(ticket, "hold", {"reason": "fetches a photograph"})
    assert (held.body["state"], held.body["actions"]) == (
        "on_hold",
        ["cancel", "resume", "transfer"],
    )
    resumed = await client.act(ticket, "resume", {"counter": "2"})
    assert (resumed.body["state"], resumed.body["counter"]) == ("serving", "2")
    sent = await client.act(ticket, "transfer", {"counter": "1"})
    assert (sent.body["state"], sent.body["counter"]) == ("entered", "1")
    assert (await client.counter("2", "call-next")).status == 204
    assert (await client.counter("1", "call-next")).status == 200
    other = await client.act(ticket, "transfer", {"service": "old-age-pension"})
    assert other.body["service"] == "old-age-pension"


async def test_who_does_not_come_may_return_once(client: Client) -> None:
    ticket = await inside(client)
    await client.counter("1", "open")
    await client.counter("1", "call-next")
    assert (await client.act(ticket, "no-show")).body["state"] == "no_show"
    assert (await client.act(ticket, "return")).body["state"] == "entered"
    await client.counter("1", "call-next")
    await client.act(ticket, "no-show")
    again = await client.act(ticket, "return")
    assert (again.status, again.kind) == (409, "already-returned")


async def test_why_a_counter_does_not_do_it(client: Client) -> None:
    unknown = await client.counter("99", "open")
    assert (unknown.status, unknown.kind) == (404, "unknown-counter")
    closed = await client.counter("1", "call-next")
    assert (closed.status, closed.kind) == (409, "counter-closed")
    await client.counter("1", "open")
    assert (await client.counter("1", "open")).kind == "counter-open"
    ticket = await inside(client)
    await client.counter("1", "call-next")
    assert (await client.counter("1", "call-next")).kind == "counter-busy"
    assert (await client.counter("1", "close")).kind == "counter-busy"
    await client.counter("11", "open")
    lacks = await client.act(ticket, "transfer", {"counter": "11"})
    assert (lacks.status, lacks.kind) == (422, "lacks-skill")
    neither = await client.act(ticket, "transfer", {})
    assert (neither.kind, neither.body["field"]) == ("invalid-field", "service")
    unknown_service = await client.act(ticket, "transfer", {"service": "no-such"})
    assert unknown_service.kind == "unknown-service"


# --- looking back --------------------------------------------------------------------------------


async def test_the_board_names_numbers_only(client: Client) -> None:
    ticket = await inside(client)
    await client.counter("1", "open")
    await client.counter("1", "call-next")
    answer = await client.get(f"{HERE}/board", "visitor")
    assert answer.body["calls"] == [
        {
            "number": "P-001",
            "counter": "1",
            "state": "called",
            "since": "2020-03-16T10:00:00+05:00",
        }
    ]
    assert answer.body["day"] == "open"
    assert ticket["id"] not in answer.raw.decode()


async def test_the_journal_is_read_by_pages(client: Client) -> None:
    for _ in range(3):
        await client.take()
    pages, after = [], 0
    while True:
        page = (await client.get(f"{HERE}/journal?after={after}&limit=3", "planner")).body
        pages.append(page)
        after = page["next_after"]
        if page["complete"]:
            break
    entries = [entry for page in pages for entry in page["entries"]]
    assert [entry["seq"] for entry in entries] == list(range(1, 8))
    assert [entry["event"]["kind"] for entry in entries[:3]] == [
        "PlanChanged",
        "TicketIssued",
        "TicketEntered",
    ]
    assert (entries[1]["by"], entries[1]["at_ms"]) == ("kiosk:test", client.at)
    other = await client.get(f"{HERE}/journal?date=2020-03-01", "planner")
    assert (other.body["entries"], other.body["complete"]) == ([], True)


async def test_a_board_of_a_day_that_nobody_has_asked_about_shows_its_plan(client: Client) -> None:
    board = (await client.get(f"{HERE}/board?date=2020-03-20")).body
    assert (board["closes_at"], board["plan_version"], board["seq"]) == (
        "2020-03-20T17:00:00+05:00",
        0,
        0,
    )
    assert (await client.get(f"{HERE}/journal?date=2020-03-20")).body["entries"] == []
