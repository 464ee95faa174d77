"""The running service for the tests of the HTTP contract."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.contract.http_client import MONDAY, client_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.conftest import Furnished
    from tests.contract.http_client import Client


@pytest.fixture
async def client(database_url: str, furnished: Furnished) -> AsyncIterator[Client]:
    """A client of a service in which it is Monday, 16 March 2020, 10:00 in Uralsk."""
    async with client_of(database_url, furnished.tokens) as running:
        running.clock(MONDAY)
        yield running
