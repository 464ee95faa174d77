"""Journals that run, for the tests of the journal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.integration.days import BRANCH, journal_on, open_days

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from queue_service.journal import Journal


@pytest.fixture
async def journal(database_url: str) -> AsyncIterator[Journal]:
    async with journal_on(database_url) as running:
        await open_days(running, BRANCH)
        yield running


@pytest.fixture
async def other(database_url: str, journal: Journal) -> AsyncIterator[Journal]:
    """A second replica."""
    async with journal_on(database_url) as running:
        yield running
