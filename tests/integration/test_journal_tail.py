"""Hints, tails, and what stays in memory."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from queue_service.journal import JournalBroken
from queue_service.journal.stream import RECENT
from tests.integration.days import (
    BRANCH,
    DATE,
    NEXT_DATE,
    journal_on,
    open_days,
    take,
    take_many,
    until,
    write_silently,
)

if TYPE_CHECKING:
    from queue_service.journal import Journal
    from queue_service.store import Pool


async def test_hints_keep_another_replica_up_to_date(journal: Journal, other: Journal) -> None:
    await other.read(BRANCH, DATE)
    known = dict(other.loaded())
    await until(lambda: other.is_listening)
    await take_many(journal, 10)
    await until(lambda: known[BRANCH, DATE].seq == 11)


async def test_listeners_are_told_of_new_entries(journal: Journal, pool: Pool) -> None:
    heard: list[tuple[str, int]] = []
    journal.on_moved.append(lambda branch, _date, state: heard.append((branch, state.seq)))
    await take_many(journal, 2)
    await write_silently(pool, take())
    await journal.read(BRANCH, DATE)
    await journal.read(BRANCH, DATE)
    assert heard == [(BRANCH, 3), (BRANCH, 4)]


async def test_a_tail_begins_where_it_is_told_and_follows(journal: Journal, other: Journal) -> None:
    await take_many(journal, 3)
    tail = other.tail(BRANCH, DATE, after=2)
    assert [(await anext(tail)).seq for _ in range(2)] == [3, 4]
    await take_many(journal, 2)
    assert [(await anext(tail)).seq for _ in range(2)] == [5, 6]
    await tail.aclose()


async def test_a_lost_hint_loses_nothing(journal: Journal, pool: Pool) -> None:
    tail = journal.tail(BRANCH, DATE, after=1)
    await write_silently(pool, take())
    assert (await anext(tail)).seq == 2
    following = asyncio.ensure_future(anext(tail))
    await asyncio.sleep(0)
    await write_silently(pool, take())
    assert (await following).seq == 3
    await tail.aclose()


async def test_a_tail_longer_than_the_memory_is_read_from_the_database(journal: Journal) -> None:
    tail = journal.tail(BRANCH, DATE)
    assert (await anext(tail)).seq == 1
    for _ in range(3):
        await take_many(journal, RECENT // 2)
    total = 3 * (RECENT // 2)
    assert [(await anext(tail)).seq for _ in range(total)] == list(range(2, total + 2))
    await tail.aclose()


async def test_who_follows_has_a_day_without_entries_at_once(database_url: str) -> None:
    async with journal_on(database_url) as journal:
        news = journal.follow(BRANCH, DATE)
        state, entries = await anext(news)
        assert (state.seq, entries) == (0, [])
        await open_days(journal, BRANCH)
        state, entries = await anext(news)
        assert (state.seq, [entry.seq for entry in entries]) == (1, [1])
        await news.aclose()


async def test_who_follows_is_told_of_a_database_set_back(journal: Journal, pool: Pool) -> None:
    await take_many(journal, 5)
    news = journal.follow(BRANCH, DATE)
    await anext(news)
    await pool.execute("DELETE FROM event WHERE seq > 3")
    with pytest.raises(JournalBroken, match="set back"):
        await anext(news)
    again = journal.follow(BRANCH, DATE)
    assert [entry.seq for entry in (await anext(again))[1]] == [1, 2, 3]
    await again.aclose()


async def test_streams_are_listed_from_a_date_on(journal: Journal) -> None:
    await open_days(journal, "astana", date=NEXT_DATE)
    assert await journal.streams(DATE) == [("astana", NEXT_DATE), (BRANCH, DATE)]
    assert await journal.streams(NEXT_DATE) == [("astana", NEXT_DATE)]


async def test_unused_streams_leave_the_memory_and_come_back(database_url: str) -> None:
    async with journal_on(database_url, unload_after=0) as journal:
        await open_days(journal, BRANCH)
        await until(lambda: not dict(journal.loaded()))
        assert (await journal.submit(BRANCH, DATE, take())).entries[0].seq == 2
