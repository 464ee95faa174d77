"""The screens' files over HTTP: found, fresh, safe; the small documents that the pages ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.contract.http_client import Client


async def test_a_file_comes_with_its_kind_and_is_not_sent_twice(client: Client) -> None:
    first = await client.get("/shared/style.css", None)
    again = await client.get("/shared/style.css", None, If_None_Match=first.headers["ETag"])
    assert (first.status, first.headers["Content-Type"]) == (200, "text/css; charset=utf-8")
    assert b"--brand" in first.raw
    assert (again.status, again.raw) == (304, b"")


async def test_scripts_come_only_from_the_service_itself(client: Client) -> None:
    page = await client.get("/shared/ui.js", None)
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize(
    "path",
    [
        "/nothing.html",
        "/../gateway.py",
        "/%2e%2e/%2e%2e/pyproject.toml",
        "/shared/..%2f..%2f..%2fpyproject.toml",
        "/dates/2020-02-30.json",
        "/demo.json",
    ],
)
async def test_nothing_outside_the_folder_is_served(client: Client, path: str) -> None:
    answer = await client.get(path, None)
    assert (answer.status, answer.kind) == (404, "not-found")


async def test_a_date_in_words_comes_in_each_language(client: Client) -> None:
    answer = await client.get("/dates/2020-03-19.json", None)
    assert answer.body == {
        "kk": "2020\u202fж. 19 наурыз, бейсенбі",
        "ru": "четверг, 19 марта 2020\u202fг.",
        "en": "Thursday, March 19, 2020",
    }


async def test_a_text_becomes_a_code_to_scan(client: Client) -> None:
    answer = await client.get("/qr.svg?text=https%3A%2F%2Fegov.kz", None)
    assert (answer.status, answer.headers["Content-Type"]) == (200, "image/svg+xml")
    assert answer.raw.startswith(b"<?xml")
    assert b"<path" in answer.raw


@pytest.mark.parametrize("text", ["", "x" * 501])
async def test_a_code_for_no_text_or_too_long_a_text_is_refused(client: Client, text: str) -> None:
    answer = await client.get(f"/qr.svg?text={text}", None)
    assert (answer.status, answer.kind) == (400, "invalid-parameter")
    assert answer.body["field"] == "text"


async def test_the_pages_learn_where_the_gateway_is(client: Client) -> None:
    answer = await client.get("/config.json", None)
    assert answer.body == {"gateway": "", "demo": False}
