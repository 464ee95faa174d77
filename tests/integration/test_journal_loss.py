"""The journal and a database that is lost: in the middle of a batch, for a while, or its past."""

from __future__ import annotations

import asyncio
import contextlib
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from queue_service.journal import JournalBroken, JournalUnavailable
from queue_service.machine.postgres import EmbeddedPostgres
from queue_service.policy.evolve import fold
from tests.conftest import migrated
from tests.integration.days import (
    BRANCH,
    DATE,
    all_entries,
    journal_on,
    open_days,
    take,
    take_many,
    until,
    write_silently,
)
from tests.integration.wire import Wire

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from queue_service.journal import Journal
    from queue_service.policy.commands import TakeTicket
    from queue_service.policy.events import Entry
    from queue_service.store import Pool


@pytest.fixture
async def wire(database_url: str) -> AsyncIterator[Wire]:
    with tempfile.TemporaryDirectory(prefix="kezek-wire-") as folder:
        async with Wire(database_url, Path(folder)) as running:
            yield running


@pytest.fixture
async def journal(wire: Wire) -> AsyncIterator[Journal]:
    async with journal_on(wire.url) as running:
        await open_days(running, BRANCH)
        yield running


async def test_an_answer_lost_after_the_commit_is_no_second_ticket(
    journal: Journal, wire: Wire, pool: Pool
) -> None:
    wire.losing = True
    commands = [take() for _ in range(20)]
    asked = [asyncio.ensure_future(journal.submit(BRANCH, DATE, one)) for one in commands]
    async with asyncio.timeout(60):
        while await pool.fetchval("SELECT count(*) FROM event") < 21:
            assert not any(one.done() for one in asked)
    wire.cut()
    outcomes = await asyncio.gather(*asked)
    assert [outcome.entries[0].seq for outcome in outcomes] == list(range(2, 22))
    assert {outcome.entries[0].command for outcome in outcomes} == {one.id for one in commands}
    assert await pool.fetchval("SELECT count(*) FROM event") == 21


async def test_a_backend_killed_before_the_commit_takes_nothing_with_it(
    journal: Journal, pool: Pool
) -> None:
    async with pool.acquire() as connection, connection.transaction():
        await connection.execute("LOCK TABLE event IN EXCLUSIVE MODE")
        asked = [asyncio.ensure_future(journal.submit(BRANCH, DATE, take())) for _ in range(20)]
        killed: Sequence[object] = []
        while not killed:
            killed = await connection.fetch(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE application_name = 'kezek append' AND wait_event_type = 'Lock'"
                " AND datname = current_database()"
            )
    outcomes = await asyncio.gather(*asked)
    assert sorted(outcome.entries[0].seq for outcome in outcomes) == list(range(2, 22))
    assert await journal.read(BRANCH, DATE) == fold(await all_entries(journal))


async def test_all_connections_may_be_lost_at_any_time(journal: Journal, wire: Wire) -> None:
    async def cut_often() -> None:
        for _ in range(10):
            await asyncio.sleep(0.02)
            wire.cut()

    cutting = asyncio.ensure_future(cut_often())
    outcomes = []
    while not cutting.done():
        outcomes += await take_many(journal, 5)
    told = [outcome.entries[0].seq for outcome in outcomes]
    assert sorted(told) == list(range(2, 2 + len(told)))
    assert len(await all_entries(journal)) == 1 + len(told)


async def test_who_reads_past_entries_hears_nothing_of_a_lost_connection(
    journal: Journal, wire: Wire
) -> None:
    before = await all_entries(journal)
    wire.cut()
    assert await all_entries(journal) == before


async def test_a_tail_outlives_lost_connections(journal: Journal, wire: Wire) -> None:
    tail = journal.tail(BRANCH, DATE)
    assert (await anext(tail)).seq == 1
    wire.cut()
    await take_many(journal, 3)
    assert [(await anext(tail)).seq for _ in range(3)] == [2, 3, 4]
    await tail.aclose()


async def test_hints_come_again_after_a_lost_connection(
    journal: Journal, wire: Wire, database_url: str
) -> None:
    async with journal_on(database_url) as other:
        await journal.read(BRANCH, DATE)
        await until(lambda: journal.is_listening)
        wire.cut()
        await until(lambda: not journal.is_listening)
        await until(lambda: journal.is_listening)
        await take_many(other, 1)
        await until(lambda: dict(journal.loaded())[BRANCH, DATE].seq == 2)


async def test_a_database_set_back_is_noticed(journal: Journal, wire: Wire, pool: Pool) -> None:
    await take_many(journal, 5)
    await pool.execute("DELETE FROM event WHERE seq > 3")
    wire.cut()
    outcome = await journal.submit(BRANCH, DATE, take())
    assert outcome.entries[0].seq == 4
    assert outcome.state == fold(await all_entries(journal))


async def test_another_past_of_the_same_length_is_noticed(
    journal: Journal, wire: Wire, pool: Pool
) -> None:
    await take_many(journal, 2)
    await pool.execute("DELETE FROM event WHERE seq = 3")
    await write_silently(pool, take(ticket="of the other past"))
    wire.cut()
    await take_many(journal, 1)
    assert "of the other past" in (await journal.read(BRANCH, DATE)).tickets


async def test_a_broken_stream_is_told_and_the_others_go_on(database_url: str, pool: Pool) -> None:
    async with journal_on(database_url) as writer:
        await open_days(writer, BRANCH, "astana")
    await pool.execute("UPDATE event SET body = '{}' WHERE branch = 'astana'")
    async with journal_on(database_url) as journal:
        for work in (journal.read("astana", DATE), journal.submit("astana", DATE, take())):
            with pytest.raises(JournalBroken, match="kezek journal verify --branch astana"):
                await work
        assert (await journal.submit(BRANCH, DATE, take())).entries
        await pool.execute(
            "UPDATE event SET body = (SELECT body FROM event WHERE branch <> 'astana' LIMIT 1)"
            " WHERE branch = 'astana'"
        )
        assert (await journal.submit("astana", DATE, take())).entries, "once it is mended"


# --- a server that dies ---------------------------------------------------------------------------


@pytest.fixture
def mortal(own_server: EmbeddedPostgres) -> EmbeddedPostgres:
    """A migrated server of its own for a test that kills it."""
    asyncio.run(migrated(own_server.url))
    return own_server


async def test_a_killed_server_loses_nothing_that_was_told(mortal: EmbeddedPostgres) -> None:
    async with journal_on(mortal.url, patience=30) as journal:
        await open_days(journal, BRANCH)
        outcomes = await take_many(journal, 50)
        asked = [asyncio.ensure_future(journal.submit(BRANCH, DATE, take())) for _ in range(50)]
        await asyncio.sleep(0)
        mortal.kill()
        await asyncio.to_thread(mortal.restart)
        outcomes += await asyncio.gather(*asked)
        entries = await all_entries(journal)
        assert [entry.seq for entry in entries] == list(range(1, 102))
        told = {outcome.entries[0] for outcome in outcomes}
        assert told == set(entries[1:])


async def test_without_a_database_everybody_is_told_in_time(mortal: EmbeddedPostgres) -> None:
    async with journal_on(mortal.url, patience=0.3) as journal:
        await open_days(journal, BRANCH)
        mortal.kill()
        written, unknown = await _submit_until_refused(journal)
        with pytest.raises(JournalUnavailable):
            await journal.submit("a branch never seen", DATE, take())
        with pytest.raises(JournalUnavailable):
            await journal.read(BRANCH, DATE)
        with pytest.raises(JournalUnavailable):
            await journal.entries(BRANCH, DATE)
        await asyncio.to_thread(mortal.restart)
        assert (await _submit_until_taken(journal, unknown)).seq == written + 1
        assert len(await all_entries(journal)) == written + 1


async def _submit_until_refused(journal: Journal) -> tuple[int, TakeTicket]:
    """The last entry that was told, and the first command whose outcome is not known.

    The server's processes outlive their killed parent a little.
    """
    written = 1
    while True:
        command = take()
        try:
            written = (await journal.submit(BRANCH, DATE, command)).entries[0].seq
        except JournalUnavailable:
            return written, command


async def _submit_until_taken(journal: Journal, command: TakeTicket) -> Entry:
    async with asyncio.timeout(60):
        while True:
            with contextlib.suppress(JournalUnavailable):
                return (await journal.submit(BRANCH, DATE, command)).entries[0]


async def test_a_journal_starts_before_its_database(mortal: EmbeddedPostgres) -> None:
    mortal.kill()
    async with journal_on(mortal.url, patience=30) as journal:
        opened = asyncio.ensure_future(open_days(journal, BRANCH))
        await asyncio.to_thread(mortal.restart)
        await opened
        assert (await journal.read(BRANCH, DATE)).seq == 1


async def test_stopping_answers_what_is_under_way_and_takes_nothing_new(database_url: str) -> None:
    async with journal_on(database_url) as journal:
        await open_days(journal, BRANCH)
        asked = [asyncio.ensure_future(journal.submit(BRANCH, DATE, take())) for _ in range(10)]
        await asyncio.sleep(0)
        await journal.stop()
        assert [(await one).entries[0].seq for one in asked] == list(range(2, 12))
        with pytest.raises(JournalUnavailable, match="stopping"):
            await journal.submit(BRANCH, DATE, take())
