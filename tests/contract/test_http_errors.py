"""What is answered to a request that is wrong, not allowed, or comes at a bad time."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import aiohttp
import msgspec
import pytest

from queue_service import store
from queue_service.access import tokens
from queue_service.http.languages import LANGUAGES
from queue_service.settings import ClockSetting
from queue_service.usecases import Service
from tests.contract.http_client import BRANCH, HERE, MONDAY, Client, client_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from queue_service.machine.postgres import EmbeddedPostgres

TICKETS = f"{HERE}/tickets"
TAKE = b'{"service": "passport"}'


async def test_a_problem_says_what_is_wrong_in_the_asked_language(client: Client) -> None:
    titles = set()
    for language in LANGUAGES:
        answer = await client.get("/v1/branches/nowhere", Accept_Language=f"de, {language};q=0.5")
        assert (answer.status, answer.kind) == (404, "unknown-branch")
        assert answer.headers["Content-Language"] == language
        assert answer.body["status"] == 404
        assert answer.body["detail"]
        titles.add(answer.body["title"])
    assert len(titles) == len(LANGUAGES)


async def test_without_a_known_language_it_is_russian(client: Client) -> None:
    for asked in ("de", "", "en;q=0", "en;q=x", "*"):
        answer = await client.get("/nowhere", Accept_Language=asked)
        assert answer.headers["Content-Language"] == "ru", asked


async def test_an_unknown_address_is_404(client: Client) -> None:
    for path in ("/v1", "/v1/branches/", f"{HERE}/", f"{HERE}/nothing", "/v2/branches"):
        answer = await client.get(path)
        assert (answer.status, answer.kind) == (404, "not-found"), path


async def test_a_wrong_method_is_told_the_right_ones(client: Client) -> None:
    answer = await client.ask("PUT", TICKETS, {})
    assert (answer.status, answer.kind) == (405, "method-not-allowed")
    assert answer.headers["Allow"] == "OPTIONS, POST"
    options = await client.ask("OPTIONS", f"{HERE}/plan", None, None)
    assert (options.status, options.headers["Allow"]) == (204, "GET, HEAD, OPTIONS, PATCH")


async def test_head_is_get_without_a_body(client: Client) -> None:
    got = await client.get(f"{HERE}/board")
    head = await client.ask("HEAD", f"{HERE}/board")
    assert (head.status, head.raw) == (200, b"")
    assert head.headers["Content-Length"] == got.headers["Content-Length"]


# --- who asks ------------------------------------------------------------------------------------


async def test_who_asks_must_be_known(client: Client) -> None:
    for header in ("", "Bearer", "Bearer ", "Bearer wrong", "Basic eDp5", client.tokens["kiosk"]):
        answer = await client.get(f"{HERE}/board", None, Authorization=header)
        assert (answer.status, answer.kind) == (401, "unauthorized"), header
        assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert (await client.get(f"{HERE}/board", None)).status == 401


async def test_a_token_of_one_branch_is_no_use_at_another(client: Client) -> None:
    answer = await client.get("/v1/branches/astana-esil-1/board", "kiosk")
    assert (answer.status, answer.kind) == (403, "other-branch")


async def test_a_revoked_token_is_soon_worth_nothing(client: Client, pool: store.Pool) -> None:
    assert (await client.get(f"{HERE}/board", "kiosk")).status == 200
    await tokens.revoke(pool, "kiosk:test")
    async with asyncio.timeout(60):
        while (await client.get(f"{HERE}/board", "kiosk")).status == 200:
            pass
    assert (await client.get(f"{HERE}/board", "kiosk")).kind == "unauthorized"


async def test_tokens_are_minted_once_and_kept_as_hashes(pool: store.Pool) -> None:
    token = await tokens.mint(pool, "kiosk", BRANCH, "hall-1")
    with pytest.raises(tokens.TokenError, match="kiosk:hall-1 has a token already"):
        await tokens.mint(pool, "kiosk", BRANCH, "hall-1")
    for role, branch, name, sentence in (
        ("king", "", "x", "king is no role"),
        ("kiosk", "", "Hall 1", "Hall 1 is no name"),
        ("manager", "", "x", "A manager has one branch"),
    ):
        with pytest.raises(tokens.TokenError, match=sentence):
            await tokens.mint(pool, role, branch, name)
    rows = await pool.fetch("SELECT t::text AS row FROM token AS t")
    assert token not in str([row["row"] for row in rows])
    await tokens.revoke(pool, "kiosk:hall-1")
    with pytest.raises(tokens.TokenError, match="has no token"):
        await tokens.revoke(pool, "kiosk:hall-1")
    again = await tokens.mint(pool, "kiosk", BRANCH, "hall-1")
    assert again != token
    listed = [(one.subject, one.revoked_at is None) for one in await tokens.listed(pool)]
    assert listed == [("kiosk:hall-1", False), ("kiosk:hall-1", True)]


async def test_too_many_requests_are_told_when_to_come_back(database_url: str) -> None:
    async with client_of(database_url, rate_limit=1) as client:
        answers = [await client.get("/v1/services", "kiosk") for _ in range(20)]
        refused = next(answer for answer in answers if answer.status != 200)
        assert (refused.status, refused.kind) == (429, "too-many-requests")
        assert int(refused.headers["Retry-After"]) >= 1
        assert (await client.get("/v1/services", "planner")).status == 200


async def test_who_follows_a_ticket_does_not_use_up_the_rate_of_others(database_url: str) -> None:
    async with client_of(database_url, rate_limit=1) as client:
        client.clock(MONDAY)
        one, other = await client.take(), await client.take()
        path = f"{TICKETS}/{one['id']}"
        answers = [await client.get(path, None) for _ in range(20)]
        assert {answer.status for answer in answers} == {200, 429}
        assert (await client.get(f"{TICKETS}/{other['id']}", None)).status == 200


# --- bodies --------------------------------------------------------------------------------------

BAD_JSON = (b"", b"{", b"\xff\xfe", b'{"service": "passport"} x')


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "gzip, identity"])
async def test_a_compressed_body_is_not_understood(client: Client, encoding: str) -> None:
    answer = await client.ask(
        "POST", TICKETS, b'{"service": "passport"}', Content_Encoding=encoding
    )
    assert (answer.status, answer.kind) == (415, "unsupported-media-type")


async def test_a_visit_names_each_service_once(client: Client) -> None:
    answer = await client.post(TICKETS, {"services": ["passport", "passport"]})
    assert (answer.status, answer.kind, answer.body["field"]) == (422, "invalid-field", "services")


async def test_an_empty_idempotency_key_is_refused(client: Client) -> None:
    answer = await client.post(TICKETS, {"service": "passport"}, Idempotency_Key="")
    assert (answer.status, answer.kind) == (400, "invalid-header")


async def test_a_body_that_is_its_own_encoding_is_read(client: Client) -> None:
    body = b'{"service": "passport"}'
    assert (await client.ask("POST", TICKETS, body, Content_Encoding="identity")).status == 201


async def test_what_is_no_json_is_400(client: Client) -> None:
    for body in BAD_JSON:
        answer = await client.ask("POST", TICKETS, body)
        assert (answer.status, answer.kind) == (400, "bad-json"), body


async def test_a_text_with_a_character_that_no_text_may_have_is_named(client: Client) -> None:
    for body, field in (
        (b'{"service": "a\\u0000b"}', "service"),
        (b'{"services": ["passport", "\\u0000"]}', "services.1"),
    ):
        answer = await client.ask("POST", TICKETS, body)
        told = (answer.status, answer.kind, answer.body["field"])
        assert told == (422, "invalid-field", field), answer.body


async def test_json_that_is_no_object_is_422(client: Client) -> None:
    for body in (b"[]", b"null", b'"passport"', b"7", b"[" * 50_000 + b"]" * 10_000):
        answer = await client.ask("POST", TICKETS, body)
        assert answer.status in (400, 422), body


async def test_another_content_type_is_415(client: Client) -> None:
    for content_type in ("text/plain", "application/xml", "application/x-www-form-urlencoded"):
        answer = await client.ask(
            "POST", TICKETS, b'{"service": "passport"}', Content_Type=content_type
        )
        assert (answer.status, answer.kind) == (415, "unsupported-media-type")
    charset = "application/json; charset=utf-8"
    answer = await client.ask("POST", TICKETS, b'{"service": "passport"}', Content_Type=charset)
    assert answer.status == 201


async def test_a_large_body_is_413_also_when_its_length_is_not_said(client: Client) -> None:
    large = b'{"service": "' + b"x" * 70_000 + b'"}'
    answer = await client.ask("POST", TICKETS, large)
    assert (answer.status, answer.kind) == (413, "body-too-large")
    assert "64 " in answer.body["detail"]
    largest = b'{"text": "' + b"x" * 530_000 + b'"}'
    answer = await client.ask("POST", "/v1/scenarios/check", largest, role="planner")
    assert (answer.status, answer.kind) == (413, "body-too-large")
    assert "512 " in answer.body["detail"]

    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(70):
            yield b"x" * 1000

    headers = {
        "Authorization": f"Bearer {client.tokens['kiosk']}",
        "Content-Type": "application/json",
    }
    async with client.session.post(client.api + TICKETS, data=pieces(), headers=headers) as reply:
        assert reply.status == 413


async def test_a_connection_outlives_a_body_larger_than_its_buffers(client: Client) -> None:
    host, _, port = client.api.removeprefix("http://").partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    head = (
        f"POST {TICKETS} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        f"Authorization: Bearer {client.tokens['kiosk']}\r\nContent-Length: 3000000\r\n\r\n"
    )
    following = b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    writer.write(head.encode() + b"x" * 3_000_000 + following)
    answers = await reader.read()
    writer.close()
    assert answers.startswith(b"HTTP/1.1 413 ")
    assert answers.count(b"HTTP/1.1 200 ") == 1


async def test_one_connection_carries_requests_at_once_in_parts_and_one_by_one(
    client: Client,
) -> None:
    host, _, port = client.api.removeprefix("http://").partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    health = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
    take = (
        f"POST {TICKETS} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        f"Authorization: Bearer {client.tokens['kiosk']}\r\nKezek-Now: {client.at}\r\n"
        f"Content-Length: {len(TAKE)}\r\n\r\n"
    ).encode()

    async def statuses(request: bytes, answers: int) -> list[int]:
        writer.write(request)
        return [await status_read(reader) for _ in range(answers)]

    assert await statuses(take + TAKE, 1) == [201]
    assert await statuses(health + take + TAKE + health.replace(b"healthz", b"nothing"), 3) == [
        200,
        201,
        404,
    ]
    writer.write(take)
    # Its answer shows that the service has read on: the head alone is there by then.
    assert (await client.get("/healthz", None)).status == 200
    assert await statuses(TAKE + health, 2) == [201, 200]
    assert await statuses(take + TAKE, 1) == [201]
    writer.close()


async def status_read(reader: asyncio.StreamReader) -> int:
    """Status of the next answer of a connection, which is read to its end."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
    await reader.readexactly(int(head.partition("content-length: ")[2].partition("\r")[0]))
    return int(head.split()[1])


async def test_parameters_are_checked(client: Client) -> None:
    for path, field in (
        ("/journal?after=-1", "after"),
        ("/journal?after=x", "after"),
        ("/journal?after=99999999999", "after"),
        ("/journal?limit=0", "limit"),
        ("/journal?limit=5001", "limit"),
        ("/journal?date=yesterday", "date"),
        ("/board?date=2020-02-30", "date"),
        ("/board?date=2020-03-16&date=2020-03-17", "date"),
        ("/plan?date=", "date"),
        ("/plan?date=0368-05-28", "date"),
        ("/plan?date=20200319", "date"),
        ("/plan?date=2020-W12-4", "date"),
        ("/figures?from=20200319", "from"),
        ("/board?dat=2020-03-16", "dat"),
        ("/kiosk?lang=kk", "lang"),
    ):
        answer = await client.get(f"{HERE}{path}")
        assert (answer.status, answer.kind) == (400, "invalid-parameter"), path
        assert answer.body["field"] == field


async def test_a_date_of_another_century_is_told_the_bounds(client: Client) -> None:
    for date in ("9999-12-31", "1999-12-31"):
        answer = await client.get(f"{HERE}/plan?date={date}", Accept_Language="en")
        (field,) = answer.body["fields"]
        assert field["detail"] == "write a date from 2000-01-01 to 2099-12-31"


@pytest.mark.parametrize(
    "path",
    ["/v1/pairings/%00", f"{HERE}/tickets/%00", "/%00", "/" + "a" * 5000, "/../../pyproject.toml"],
)
async def test_a_path_that_can_lead_nowhere_is_404(client: Client, path: str) -> None:
    head = f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
    head += f"Authorization: Bearer {client.tokens['kiosk']}\r\n\r\n"
    status, _, body = await raw(client, head.encode())
    assert (status, body["type"].removeprefix("urn:kezek:problem:")) in (
        (404, "not-found"),
        (404, "unknown-ticket"),
    )


async def test_headers_that_are_no_text_are_read_as_they_came(client: Client) -> None:
    unknown = b"GET " + HERE.encode() + b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
    status, _, body = await raw(client, unknown + b"Authorization: Bearer \xff\xfe\r\n\r\n")
    assert (status, body["type"]) == (401, "urn:kezek:problem:unauthorized")
    head = f"POST {HERE}/tickets HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
    head += f"Content-Type: application/json\r\nContent-Length: {len(TAKE)}\r\n"
    head += f"Kezek-Now: {client.at}\r\n"
    head += f"Authorization: Bearer {client.tokens['kiosk']}\r\nIdempotency-Key: "
    once = head.encode() + b"\xff\xfe\r\n\r\n" + TAKE
    first, second = [await raw(client, once) for _ in range(2)]
    assert (first[0], first[2]["id"]) == (201, second[2]["id"])


async def raw(client: Client, request: bytes) -> tuple[int, dict[str, str], Any]:
    """Status, headers and JSON of the answer to bytes that no client library would send."""
    host, _, port = client.api.removeprefix("http://").partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(request)
    await writer.drain()
    answer = await reader.read()
    writer.close()
    head, _, body = answer.partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    headers = dict(line.split(": ", 1) for line in lines)
    return int(first.split()[1]), headers, msgspec.json.decode(body)


async def test_a_header_or_an_address_that_is_too_long_is_told_the_limit(client: Client) -> None:
    long = b"x" * 9000
    for request in (
        b"GET /v1/services HTTP/1.1\r\nHost: x\r\nX-Long: %b\r\n\r\n" % long,
        b"GET /v1/services?%b HTTP/1.1\r\nHost: x\r\n\r\n" % long,
    ):
        status, headers, body = await raw(client, request)
        assert (status, headers["Content-Type"]) == (431, "application/problem+json")
        assert body["type"] == "urn:kezek:problem:headers-too-large"
        assert (body["limit"], "8190" in body["detail"]) == (8190, True)
        assert headers["Content-Language"] == "ru"


async def test_what_is_no_request_is_a_problem(client: Client) -> None:
    status, headers, body = await raw(client, b"GET /v1/services\r\nno header\r\n\r\n")
    assert (status, headers["Content-Type"]) == (400, "application/problem+json")
    assert body["type"] == "urn:kezek:problem:bad-request"


async def test_of_a_name_that_occurs_twice_the_last_one_counts(client: Client) -> None:
    body = b'{"service": "nothing", "party_size": 3, "service": "passport", "party_size": 2}'
    answer = await client.ask("POST", TICKETS, body)
    assert (answer.status, answer.body["service"], answer.body["party_size"]) == (
        201,
        "passport",
        2,
    )


# --- the time ------------------------------------------------------------------------------------


async def test_a_driven_clock_takes_milliseconds_and_never_goes_back(client: Client) -> None:
    for wrong in ("", "now", "-1", "1" * 16, "1.5"):
        answer = await client.get(f"{HERE}/board", Kezek_Now=wrong)
        assert (answer.status, answer.kind) == (400, "invalid-header"), wrong
    here = (await client.get(f"{HERE}/board")).body["at"]
    assert (await client.get(f"{HERE}/board", Kezek_Now="1000")).body["at"] == here


async def test_a_service_with_a_clock_of_its_own_refuses_to_be_driven(database_url: str) -> None:
    async with client_of(database_url, clock=ClockSetting("real")) as client:
        answer = await client.get(f"{HERE}/board", Kezek_Now="1584334800000")
        assert (answer.kind, answer.body["field"]) == ("invalid-header", "Kezek-Now")


# --- bad times -----------------------------------------------------------------------------------


async def test_without_the_database_it_is_503_and_later_goes_on(
    server: EmbeddedPostgres, database_url: str
) -> None:
    name = database_url.rpartition("/")[2].partition("?")[0]
    async with client_of(database_url) as client:
        client.clock(MONDAY)
        await client.take()
        admin = await store.connect(server.url)
        await admin.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        await admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1", name
        )
        body = {"service": "passport"}
        away = await client.post(TICKETS, body, "kiosk", Idempotency_Key="k")
        assert (away.status, away.kind) == (503, "database-away")
        assert int(away.headers["Retry-After"]) >= 1
        assert (await client.get("/readyz", None)).status == 503
        assert (await client.get("/healthz", None)).status == 200
        await admin.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
        await admin.close()
        async with asyncio.timeout(60):
            while True:
                taken = await client.post(TICKETS, body, "kiosk", Idempotency_Key="k")
                if taken.status != 503:
                    break
        assert (taken.status, taken.body["number"]) == (201, "P-002")


async def test_what_nobody_expected_is_a_problem_with_an_id(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_arguments: object) -> None:
        raise ZeroDivisionError("a fault of ours")

    monkeypatch.setattr(Service, "state", broken)
    answer = await client.get(f"{HERE}/board")
    assert (answer.status, answer.kind) == (500, "unexpected")
    incident = answer.body["instance"].removeprefix("urn:kezek:incident:")
    assert len(incident) == 16
    assert "ZeroDivision" not in answer.raw.decode()


async def test_a_connection_is_closed_where_it_is_asked_for(client: Client) -> None:
    answer = await client.get("/healthz", None, Connection="close")
    assert answer.headers["Connection"] == "close"
    async with client.session.get(f"{client.api}/healthz") as reply:
        assert "Connection" not in reply.headers
        assert reply.version == aiohttp.HttpVersion11
