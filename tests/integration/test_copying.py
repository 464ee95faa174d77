"""Entries that were decided elsewhere, written into a stream that nobody else writes."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from queue_service.journal import JournalBroken
from queue_service.journal.copying import AT_ONCE, Copyist
from queue_service.policy.decide import decide, record
from queue_service.policy.events import Refusal
from queue_service.policy.evolve import evolve
from queue_service.policy.model import State
from tests.integration.days import BRANCH, NEXT_DATE, all_entries, noon, opening, take

if TYPE_CHECKING:
    from queue_service.journal import Journal
    from queue_service.policy.events import Entry

KEY = (BRANCH, NEXT_DATE)


def a_day(tickets: int) -> list[Entry]:
    """The journal of a day on which so many take a ticket."""
    state, entries = State(), []
    for command in (opening(), *(take() for _ in range(tickets))):
        events = decide(state, command, noon())
        assert not isinstance(events, Refusal)
        for entry in record(state, command, noon(), events):
            evolve(state, entry)
            entries.append(entry)
    return entries


async def test_a_follower_hears_of_every_entry_however_many_come_at_once(
    journal: Journal, database_url: str
) -> None:
    wanted = a_day(AT_ONCE + 100)
    heard: list[Entry] = []

    async def follow() -> None:
        async for _, entries in journal.follow(*KEY):
            heard.extend(entries)
            if len(heard) == len(wanted):
                return

    async with asyncio.timeout(60), Copyist(database_url) as copyist:
        following = asyncio.create_task(follow())
        await copyist.append(KEY, wanted[:1])
        await copyist.append(KEY, wanted[1:])
        await following
    assert heard == wanted == await all_entries(journal, date=NEXT_DATE)


async def test_what_was_written_without_an_answer_is_not_written_twice(
    journal: Journal, database_url: str
) -> None:
    wanted = a_day(3)
    async with Copyist(database_url) as copyist:
        await copyist.append(KEY, wanted)
        await copyist.append(KEY, wanted)
    assert await all_entries(journal, date=NEXT_DATE) == wanted


async def test_somebody_else_who_has_written_is_noticed(
    journal: Journal, database_url: str
) -> None:
    first, *rest = a_day(2)
    async with Copyist(database_url) as copyist:
        await copyist.append(KEY, [first])
        theirs = await journal.submit(*KEY, take())
        with pytest.raises(JournalBroken, match="Somebody else has written in the journal of"):
            await copyist.append(KEY, rest)
    assert await all_entries(journal, date=NEXT_DATE) == [first, *theirs.entries]
