"""The service behind a pool of connections that hands a server out for one transaction only."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.contract.http_client import HERE, MONDAY, client_of
from tests.integration.wiretap import tapped

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("statements", [0, 100])
async def test_without_a_statement_cache_nothing_is_left_in_a_session(
    database_url: str, tmp_path: Path, statements: int
) -> None:
    async with (
        tapped(database_url, tmp_path) as (url, tap),
        client_of(url, database_statement_cache=statements) as client,
    ):
        tap.prepared.clear()  # what the test itself has stored
        client.clock(MONDAY)
        ticket = await client.take()
        await client.counter("1", "open")
        called = await client.counter("1", "call-next")
        assert called.body["id"] == ticket["id"]
        seen = await client.get(f"{HERE}/journal")
        assert [entry["seq"] for entry in seen.body["entries"]] == [1, 2, 3, 4, 5]
        changed = {"hall_limit": 30, "reason": "r"}
        path = f"{HERE}/plan"
        assert (await client.ask("PATCH", path, changed, "manager", If_Match="*")).status == 200
    assert bool(tap.prepared) == (statements > 0)
    # LOCAL ends with its transaction.
    sets = [one for one in tap.statements if one.startswith("SET ")]
    assert all(one.startswith("SET LOCAL ") for one in sets)
