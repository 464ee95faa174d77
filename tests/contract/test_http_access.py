"""Signing in and out, and pairing a device by a short code."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from ipaddress import ip_network
from typing import TYPE_CHECKING, Any

import pytest
from aiohttp import ClientSession

from queue_service import app
from queue_service.access import guesses, pairing, staff, tokens
from tests.acceptance.waiting import wait_until
from tests.contract.http_client import BRANCH, HERE, Client, client_of, settings_for

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from queue_service.store import Pool
    from tests.contract.http_client import Answer

PASSWORD = "тас көпір 7"


@pytest.fixture
async def aigul(client: Client, pool: Pool) -> str:
    """The login of the branch's manager."""
    await staff.add(pool, "aigul.k", PASSWORD, "manager", BRANCH, "Айгүл К.")
    return "aigul.k"


async def sign_in(client: Client, login: str, password: str = PASSWORD) -> Answer:
    return await client.post("/v1/sign-in", {"login": login, "password": password}, None)


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


async def test_a_manager_signs_in_and_sees_the_plan(client: Client, aigul: str) -> None:
    session = await sign_in(client, aigul)
    assert session.status == 201
    assert {name: session.body[name] for name in ("role", "branch", "name")} == {
        "role": "manager",
        "branch": BRANCH,
        "name": "Айгүл К.",
    }
    plan = await client.get(f"{HERE}/plan", None, **bearer(session.body["token"]))
    assert plan.status == 200


async def test_two_screens_may_be_open_and_one_is_closed(client: Client, aigul: str) -> None:
    first = (await sign_in(client, aigul)).body["token"]
    second = (await sign_in(client, aigul)).body["token"]
    assert (await client.post("/v1/sign-out", None, None, **bearer(first))).status == 204

    async def status(token: str) -> int:
        return (await client.get(f"{HERE}/plan", None, **bearer(token))).status

    async def is_over() -> bool:
        return await status(first) == 401

    await wait_until(is_over, "the first session is over")
    assert await status(second) == 200


@pytest.mark.parametrize(("login", "password"), [("aigul.k", "wrong"), ("nobody", PASSWORD)])
async def test_a_wrong_sign_in_does_not_say_what_was_wrong(
    client: Client, aigul: str, login: str, password: str
) -> None:
    answer = await sign_in(client, login, password)
    assert (answer.status, answer.kind) == (401, "wrong-sign-in")
    assert PASSWORD.encode() not in answer.raw


async def test_who_has_left_cannot_sign_in_and_is_signed_out(
    client: Client, pool: Pool, aigul: str
) -> None:
    token = (await sign_in(client, aigul)).body["token"]
    await staff.remove(pool, aigul)
    assert (await sign_in(client, aigul)).status == 401
    assert (await client.get(f"{HERE}/plan", None, **bearer(token))).status == 401


async def test_a_session_ends_by_itself(client: Client, pool: Pool, aigul: str) -> None:
    token = (await sign_in(client, aigul)).body["token"]
    await pool.execute("UPDATE token SET expires_at = now() WHERE login = $1", aigul)
    assert (await client.get(f"{HERE}/plan", None, **bearer(token))).status == 401


@pytest.mark.parametrize(
    ("login", "password", "role", "branch", "named"),
    [
        ("Айгүл", PASSWORD, "manager", BRANCH, "Айгүл is no login"),
        ("a", "short", "manager", BRANCH, "8 to 200 characters"),
        ("a", PASSWORD, "kiosk", BRANCH, "kiosk does not sign in"),
        ("a", PASSWORD, "manager", "", "manager has one branch"),
        ("a", PASSWORD, "planner", BRANCH, "planner has no branch"),
    ],
)
async def test_whom_nobody_can_add(
    pool: Pool, login: str, password: str, role: str, branch: str, named: str
) -> None:
    with pytest.raises(staff.StaffError, match=named):
        await staff.add(pool, login, password, role, branch, "")


async def test_a_login_is_taken_once(client: Client, pool: Pool, aigul: str) -> None:
    with pytest.raises(staff.StaffError, match=r"aigul\.k is taken"):
        await staff.add(pool, aigul, PASSWORD, "manager", BRANCH, "")


async def begin(client: Client) -> dict[str, str]:
    answer = await client.post("/v1/pairings", None, None)
    assert answer.status == 201
    begun: dict[str, str] = answer.body
    return begun


async def approve(client: Client, code: str, asker: str = "manager", **fields: str) -> Answer:
    body = {"role": "kiosk", "name": "hall-1"} | fields
    return await client.post(f"/v1/pairings/{code}/approve", body, asker)


async def take(client: Client, token: str) -> Answer:
    return await client.post(f"{HERE}/tickets", {"service": "passport"}, None, **bearer(token))


async def test_a_kiosk_is_paired_by_its_code(client: Client) -> None:
    begun, never_approved = await begin(client), await begin(client)
    outside = await take(client, never_approved["token"])
    waiting = await client.get(f"/v1/pairings/{begun['pairing']}", None)
    let_in = await approve(client, begun["code"].lower())
    after = await client.get(f"/v1/pairings/{begun['pairing']}", None)
    assert (outside.status, waiting.body) == (401, {"state": "waiting"})
    assert let_in.body == {"subject": "kiosk:hall-1", "role": "kiosk", "branch": BRANCH}
    assert after.body == {"state": "approved", "role": "kiosk", "branch": BRANCH}
    taken = await take(client, begun["token"])
    assert taken.status == 201


async def test_a_board_sees_the_board_and_takes_no_tickets(client: Client) -> None:
    begun = await begin(client)
    await approve(client, begun["code"], role="board", name="wall")
    seen = await client.get(f"{HERE}/board", None, **bearer(begun["token"]))
    taken = await take(client, begun["token"])
    assert (seen.status, taken.status) == (200, 403)


async def test_a_code_serves_once(client: Client) -> None:
    code = (await begin(client))["code"]
    assert (await approve(client, code)).status == 200
    again = await approve(client, code, name="hall-2")
    assert (again.status, again.kind) == (404, "unknown-pairing")


async def test_a_code_is_over_after_ten_minutes(client: Client, pool: Pool) -> None:
    begun = await begin(client)
    await pool.execute("UPDATE pairing SET expires_at = now()")
    assert (await approve(client, begun["code"])).kind == "unknown-pairing"
    outcome = await client.get(f"/v1/pairings/{begun['pairing']}", None)
    assert outcome.body == {"state": "expired"}


async def test_two_devices_do_not_share_a_name(client: Client) -> None:
    assert (await approve(client, (await begin(client))["code"])).status == 200
    second = await begin(client)
    refused = await approve(client, second["code"])
    assert (refused.status, refused.kind) == (409, "name-taken")
    assert (await approve(client, second["code"], name="hall-2")).status == 200


async def test_a_manager_lets_devices_into_the_own_branch_only(client: Client) -> None:
    code = (await begin(client))["code"]
    refused = await approve(client, code, branch="astana-1")
    assert (refused.status, refused.kind) == (403, "other-branch")


async def test_an_admin_names_the_branch(client: Client) -> None:
    code = (await begin(client))["code"]
    nowhere = await approve(client, code, "admin")
    somewhere = await approve(client, code, "admin", branch=BRANCH)
    assert (nowhere.status, nowhere.kind) == (404, "unknown-branch")
    assert somewhere.body["branch"] == BRANCH


@pytest.mark.parametrize("role", ["kiosk", "attendant", "operator", "planner"])
async def test_others_let_nobody_in(client: Client, role: str) -> None:
    assert (await approve(client, (await begin(client))["code"], role)).status == 403


DEVICES = f"{HERE}/devices"


async def devices(client: Client, role: str = "manager", **headers: str) -> dict[str, Any]:
    found = (await client.get(DEVICES, role, **headers)).body["devices"]
    return {one["subject"]: one for one in found}


@pytest.mark.parametrize("typed", ["{}-{}", "{} {}", "{}–{}"])
async def test_a_code_is_typed_in_groups_as_people_read_it(client: Client, typed: str) -> None:
    code = (await begin(client))["code"].lower()
    assert (await approve(client, typed.format(code[:3], code[3:]))).status == 200


async def test_the_devices_of_a_branch_are_listed_with_when_they_were_heard(client: Client) -> None:
    begun = await begin(client)
    await approve(client, begun["code"], role="attendant", name="door-1")
    before = (await devices(client))["attendant:door-1"]
    assert (before["role"], before["name"], before["actions"]) == (
        "attendant",
        "door-1",
        ["unpair"],
    )
    assert (before["seen_at"], before["seen"]) == (None, None)
    await client.get(f"{HERE}/board", None, **bearer(begun["token"]))
    after = (await devices(client, "planner", Accept_Language="ru"))["attendant:door-1"]
    assert after["seen_at"] >= after["paired_at"]
    assert (after["seen"], after["actions"]) == ("1 минуту назад", [])
    may = [(await client.get(DEVICES, role)).body["actions"] for role in ("manager", "planner")]
    assert may == [["pair"], []]


async def test_staff_and_the_devices_of_other_branches_are_no_devices_here(
    client: Client, pool: Pool, aigul: str
) -> None:
    await sign_in(client, aigul)
    await tokens.mint(pool, "kiosk", "astana-1", "far")
    assert {subject.partition(":")[0] for subject in await devices(client)} == {
        "attendant",
        "board",
        "kiosk",
    }
    assert "kiosk:far" not in await devices(client)
    other = await client.ask("DELETE", f"{DEVICES}/kiosk:far", None, "manager")
    person = await client.ask("DELETE", f"{DEVICES}/manager:{aigul}", None, "manager")
    assert (other.kind, person.kind) == ("unknown-device", "unknown-device")


async def test_a_device_is_unpaired_and_its_name_is_free_again(client: Client) -> None:
    begun = await begin(client)
    await approve(client, begun["code"])
    gone = await client.ask("DELETE", f"{DEVICES}/kiosk:hall-1", None, "manager")
    again = await client.ask("DELETE", f"{DEVICES}/kiosk:hall-1", None, "manager")
    assert (gone.status, again.kind) == (204, "unknown-device")
    assert "kiosk:hall-1" not in await devices(client)

    async def is_out() -> bool:
        return (await take(client, begun["token"])).status == 401

    await wait_until(is_out, "the device is refused")
    assert (await approve(client, (await begin(client))["code"])).status == 200


@pytest.mark.parametrize("role", ["kiosk", "attendant", "operator", "planner"])
async def test_others_send_no_device_away(client: Client, role: str) -> None:
    answer = await client.ask("DELETE", f"{DEVICES}/kiosk:test", None, role)
    assert (answer.status, answer.kind) == (403, "forbidden")


# --- guessing ------------------------------------------------------------------------------------


async def test_guesses_at_a_login_end_for_the_right_password_too(
    client: Client, database_url: str, aigul: str
) -> None:
    tries = [sign_in(client, aigul, f"wrong {number}") for number in range(30)]
    statuses = sorted([answer.status for answer in await asyncio.gather(*tries)])
    assert statuses == [401] * guesses.MOST_BY_ACCOUNT + [429] * (30 - guesses.MOST_BY_ACCOUNT)
    right = await sign_in(client, aigul)
    assert (right.status, right.kind) == (429, "too-many-guesses")
    assert 0 < int(right.headers["Retry-After"]) <= guesses.WINDOW_SECONDS
    async with replica(database_url) as other:
        elsewhere = await other.post("/v1/sign-in", {"login": aigul, "password": PASSWORD}, None)
    assert elsewhere.status == 429


async def test_others_sign_in_meanwhile_and_everybody_later(
    client: Client, pool: Pool, aigul: str
) -> None:
    await staff.add(pool, "serik", PASSWORD, "operator", BRANCH, "")
    for number in range(guesses.MOST_BY_ACCOUNT):
        await sign_in(client, aigul, f"wrong {number}")
    assert (await sign_in(client, "serik")).status == 201
    await pool.execute("UPDATE guess SET over_at = now()")
    assert (await sign_in(client, aigul)).status == 201


async def test_who_signs_in_often_is_no_guesser(client: Client, aigul: str) -> None:
    for _ in range(guesses.MOST_BY_ACCOUNT + 1):
        assert (await sign_in(client, aigul)).status == 201


async def test_an_address_that_guesses_waits_and_keeps_nobody_else_out(
    database_url: str, pool: Pool
) -> None:
    trusted = (ip_network("127.0.0.1"),)
    async with client_of(database_url, trusted_proxies=trusted) as behind:
        await staff.add(pool, "serik", PASSWORD, "operator", BRANCH, "")
        for _ in range(guesses.MOST_BY_ADDRESS):
            await guesses.count(pool, guesses.address("9.9.9.9"))
        asked = {"login": "serik", "password": PASSWORD}
        for _ in range(guesses.MOST_BY_ACCOUNT + 1):
            guesser = await behind.post("/v1/sign-in", asked, None, X_Forwarded_For="9.9.9.9")
            assert guesser.kind == "too-many-guesses"
        other = await behind.post("/v1/sign-in", asked, None, X_Forwarded_For="8.8.8.8")
    assert other.status == 201


async def test_guesses_at_a_code_end_for_the_right_one_too(client: Client) -> None:
    code = (await begin(client))["code"]
    for number in range(guesses.MOST_BY_ACCOUNT):
        assert (await approve(client, f"WRNG{number}Z")).kind == "unknown-pairing"
    stopped = await approve(client, code)
    assert (stopped.status, stopped.kind) == (429, "too-many-guesses")
    assert 0 < int(stopped.headers["Retry-After"]) <= guesses.WINDOW_SECONDS


async def test_one_address_does_not_use_up_all_codes(client: Client, pool: Pool) -> None:
    for _ in range(pairing.MOST_WAITING_AT_ADDRESS):
        await pairing.begin(pool, "127.0.0.1")
    answer = await client.post("/v1/pairings", None, None)
    assert (answer.status, answer.kind) == (429, "too-many-requests")
    assert answer.headers["Retry-After"] == str(pairing.AGAIN_SECONDS)
    await pairing.begin(pool, "10.0.0.1")


async def test_what_no_longer_counts_is_erased(pool: Pool) -> None:
    await guesses.count(pool, guesses.address("10.0.0.1"), guesses.address("10.0.0.2"))
    await pool.execute("UPDATE guess SET over_at = now() WHERE subject = 'address:10.0.0.1'")
    await guesses.forget(pool)
    assert await pool.fetchval("SELECT array_agg(subject) FROM guess") == ["address:10.0.0.2"]


@asynccontextmanager
async def replica(database_url: str) -> AsyncIterator[Client]:
    """A second process's worth of service on the same database; it mints no tokens."""
    async with app.running(settings_for(database_url)) as service, ClientSession() as session:
        await service.readiness.wait()
        yield Client(service.address, session, {})
