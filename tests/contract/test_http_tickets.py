"""Taking, seeing and cancelling tickets over HTTP."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from tests.contract.http_client import HERE, Client, client_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

MONDAY = dt.datetime(2020, 3, 16, 10, 0)  # noqa: DTZ001 - of the branch's zone
THURSDAY = dt.datetime(2020, 3, 19, 10, 0)  # noqa: DTZ001


@pytest.fixture
async def client(database_url: str) -> AsyncIterator[Client]:
    async with client_of(database_url) as running:
        running.clock(MONDAY)
        yield running


async def test_a_ticket_is_taken_seen_and_cancelled_by_its_kiosk(client: Client) -> None:
    taken = await client.post(f"{HERE}/tickets", {"service": "passport"}, "kiosk")
    assert taken.status == 201, taken.raw
