"""The journal on a real PostgreSQL: what is told, what is written, what others wrote meanwhile."""

from __future__ import annotations

import asyncio
import os
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from queue_service import sql
from queue_service.journal.errors import UnwritableEntry
from queue_service.policy import commands as asked
from queue_service.policy.events import TicketIssued
from queue_service.policy.evolve import fold
from tests.integration.days import (
    BRANCH,
    DATE,
    NEXT_DATE,
    PLAN,
    all_entries,
    noon,
    open_days,
    opening,
    take,
    take_many,
    write_over,
    write_silently,
)

if TYPE_CHECKING:
    from queue_service.journal import Journal, Outcome
    from queue_service.journal.writer import Written
    from queue_service.store import Pool


def numbers(outcomes: list[Outcome]) -> list[str]:
    events = [outcome.entries[0].event for outcome in outcomes]
    return [event.number for event in events if isinstance(event, TicketIssued)]


# --- what is told and what is written ---------------------------------------------------------


async def test_a_command_is_answered_with_what_is_in_the_database(
    journal: Journal, pool: Pool
) -> None:
    outcome = await journal.submit(BRANCH, DATE, take())
    rows = await pool.fetch("SELECT seq, kind, at, actor, body FROM event ORDER BY seq")
    assert [row["kind"] for row in rows] == ["PlanChanged", "TicketIssued"]
    assert rows[1]["at"] == noon()
    assert rows[1]["actor"] == "kiosk"
    assert outcome.entries[0].seq == 2
    assert outcome.state.seq == 2
    assert not outcome.repeated
    assert await journal.entries(BRANCH, DATE, after=1) == list(outcome.entries)


async def test_a_command_may_cause_several_entries(journal: Journal) -> None:
    await take_many(journal, 3)
    outcome = await journal.submit(
        BRANCH, DATE, asked.ReleaseGroup(id=os.urandom(16), by="attendant")
    )
    assert [entry.seq for entry in outcome.entries] == [5]
    assert len(outcome.state.released) == 3


async def test_a_refusal_changes_nothing(journal: Journal) -> None:
    outcome = await journal.submit(BRANCH, DATE, take(services=("nothing",)))
    assert outcome.refusal is not None
    assert outcome.refusal.kind == "unknown_service"
    assert outcome.entries == ()
    assert (await journal.read(BRANCH, DATE)).seq == 1


async def test_an_unopened_day_refuses_and_stays_empty(journal: Journal) -> None:
    outcome = await journal.submit(BRANCH, NEXT_DATE, take())
    assert outcome.refusal is not None
    assert outcome.refusal.kind == "no_plan"
    assert await all_entries(journal, date=NEXT_DATE) == []


async def test_the_instant_may_be_given(journal: Journal) -> None:
    outcome = await journal.submit(BRANCH, DATE, take(), noon() + 60_000)
    assert outcome.entries[0].at == noon() + 60_000


async def test_memory_equals_the_replay(journal: Journal) -> None:
    await take_many(journal, 50)
    state = await journal.read(BRANCH, DATE)
    assert state == fold(await all_entries(journal))


@pytest.mark.parametrize("words", ["\0", "\ud800"], ids=["NUL", "half a character"])
async def test_words_that_cannot_be_stored_fail_alone(journal: Journal, words: str) -> None:
    good = [take() for _ in range(9)]
    bad = take(language=words)
    results = await asyncio.gather(
        *(journal.submit(BRANCH, DATE, command) for command in (*good[:5], bad, *good[5:])),
        return_exceptions=True,
    )
    failed = [result for result in results if isinstance(result, BaseException)]
    assert [type(problem) for problem in failed] == [UnwritableEntry]
    assert (await journal.read(BRANCH, DATE)).seq == 1 + len(good)


async def test_a_command_that_breaks_the_policy_fails_alone(journal: Journal) -> None:
    nonsense = asked.Command(id=os.urandom(16), by="nobody")
    results = await asyncio.gather(
        journal.submit(BRANCH, DATE, take()),
        journal.submit(BRANCH, DATE, nonsense),
        journal.submit(BRANCH, DATE, take()),
        return_exceptions=True,
    )
    assert [isinstance(one, Exception) for one in results] == [False, True, False]
    assert (await journal.read(BRANCH, DATE)).seq == 3


# --- group commit -----------------------------------------------------------------------------


async def test_commands_of_one_moment_share_transactions(journal: Journal, pool: Pool) -> None:
    await open_days(journal, "astana", "almaty")
    await asyncio.gather(
        take_many(journal, 40), take_many(journal, 40, "astana"), take_many(journal, 40, "almaty")
    )
    issued, transactions = await one_row(
        pool, "SELECT count(*), count(DISTINCT xmin::text) FROM event WHERE kind = 'TicketIssued'"
    )
    assert issued == 120
    assert transactions <= 2


async def test_the_commit_waits_for_the_disk_whatever_the_default(pool: Pool) -> None:
    async with pool.acquire() as connection, connection.transaction():
        await connection.execute("SET synchronous_commit = off")
        await connection.fetch("SELECT append_events('[]', '[]')")
        assert await connection.fetchval("SHOW synchronous_commit") == "on"


# --- two replicas -----------------------------------------------------------------------------


async def test_replicas_that_write_one_stream_share_its_numbers(
    journal: Journal, other: Journal
) -> None:
    outcomes = await asyncio.gather(take_many(journal, 60), take_many(other, 60))
    issued = numbers([*outcomes[0], *outcomes[1]])
    assert sorted(issued) == [f"P-{number:03}" for number in range(1, 121)]
    entries = await all_entries(journal)
    assert [entry.seq for entry in entries] == list(range(1, 122))
    assert await journal.read(BRANCH, DATE) == await other.read(BRANCH, DATE) == fold(entries)


async def test_a_conflict_spares_the_other_streams_of_its_batch(
    journal: Journal, pool: Pool
) -> None:
    await open_days(journal, "astana")
    await write_silently(pool, take(), "astana")
    outcomes = await asyncio.gather(
        *(journal.submit(branch, DATE, take()) for branch in (BRANCH, "astana") for _ in range(3))
    )
    assert [outcome.entries[0].seq for outcome in outcomes] == [2, 3, 4, 3, 4, 5]
    kept, redone = await one_row(
        pool,
        "SELECT count(DISTINCT xmin::text) FILTER (WHERE branch <> 'astana'),"
        " count(DISTINCT xmin::text) FILTER (WHERE branch = 'astana') FROM event WHERE seq > 1",
    )
    assert (kept, redone) == (1, 2)


async def test_a_batch_reports_how_it_went(journal: Journal, pool: Pool) -> None:
    written: list[Written] = []
    journal.on_written.append(written.append)
    await write_silently(pool, take())
    await take_many(journal, 3)
    told = [(batch.commands, batch.entries, batch.conflicts) for batch in written]
    assert told == [(0, 3, 3), (3, 3, 0)]


async def test_commands_that_come_one_after_the_other_go_in_one_batch(journal: Journal) -> None:
    written: list[Written] = []
    journal.on_written.append(written.append)

    async def take_after(turns: int) -> None:
        for _ in range(turns):
            await asyncio.sleep(0)
        await journal.submit(BRANCH, DATE, take())

    await asyncio.gather(*(take_after(turns) for turns in range(12)))
    assert [batch.commands for batch in written] == [12]


async def test_a_refusal_stands_on_the_last_event_of_all_replicas(
    journal: Journal, pool: Pool
) -> None:
    await write_silently(pool, take(ticket="just-taken"))
    cancel = asked.CancelTicket(id=os.urandom(16), by="kiosk", ticket="just-taken")
    outcome = await journal.submit(BRANCH, DATE, cancel)
    assert outcome.refusal is None
    assert outcome.entries


async def test_nothing_to_do_stands_on_the_last_event_too(journal: Journal, pool: Pool) -> None:
    await journal.read(BRANCH, DATE)
    other_plan = opening(plan=replace(PLAN, hall_limit=5))
    await write_silently(pool, other_plan)
    outcome = await journal.submit(BRANCH, DATE, opening())
    assert [entry.seq for entry in outcome.entries] == [3], "the plan differs from the last one"


async def test_reading_sees_what_another_replica_has_just_written(
    journal: Journal, pool: Pool
) -> None:
    for count in range(1, 6):
        await write_silently(pool, take())
        assert (await journal.read(BRANCH, DATE)).seq == 1 + count


async def test_a_reader_is_not_served_by_an_older_query(journal: Journal, pool: Pool) -> None:
    async with pool.acquire() as connection:
        async with connection.transaction():
            await connection.execute("LOCK TABLE event IN ACCESS EXCLUSIVE MODE")
            early = [asyncio.ensure_future(journal.read(BRANCH, DATE)) for _ in range(100)]
            assert await _blocked(pool, "kezek newer") == 1, "one query for all who ask"
            await write_over(connection, take())
            late = asyncio.ensure_future(journal.read(BRANCH, DATE))
            await asyncio.sleep(0)
        assert (await late).seq == 2
        await asyncio.gather(*early)


# --- the same command again ---------------------------------------------------------------------


async def test_a_repeated_command_is_answered_as_before(journal: Journal) -> None:
    command = take()
    first = await journal.submit(BRANCH, DATE, command)
    await take_many(journal, 2)
    again = await journal.submit(BRANCH, DATE, command)
    assert again.repeated
    assert again.entries == first.entries
    assert (await journal.read(BRANCH, DATE)).seq == 4


async def test_a_repeated_command_is_answered_with_what_others_have_written_since(
    journal: Journal, pool: Pool
) -> None:
    command = take()
    await journal.submit(BRANCH, DATE, command)
    await write_silently(pool, take())
    again = await journal.submit(BRANCH, DATE, command)
    assert again.repeated
    assert again.state.seq == 3


async def test_a_command_repeated_while_it_is_under_way_is_done_once(journal: Journal) -> None:
    command = take()
    outcomes = await asyncio.gather(*(journal.submit(BRANCH, DATE, command) for _ in range(5)))
    assert [outcome.repeated for outcome in outcomes] == [False, True, True, True, True]
    assert len({outcome.entries for outcome in outcomes}) == 1


async def test_a_command_sent_to_two_replicas_is_done_once(
    journal: Journal, other: Journal
) -> None:
    commands = [take() for _ in range(20)]
    outcomes = await asyncio.gather(
        *(replica.submit(BRANCH, DATE, one) for one in commands for replica in (journal, other))
    )
    assert sorted(numbers(outcomes[::2])) == sorted(numbers(outcomes[1::2]))
    assert sum(outcome.repeated for outcome in outcomes) == 20
    assert (await journal.read(BRANCH, DATE)).seq == 21


@pytest.mark.parametrize("opened", [True, False], ids=["open", "not yet open"])
async def test_a_command_repeated_after_midnight_is_answered_from_the_day_before(
    journal: Journal, opened: bool
) -> None:
    command = take()
    first = await journal.submit(BRANCH, DATE, command)
    if opened:
        await open_days(journal, BRANCH, date=NEXT_DATE)
    again = await journal.submit(BRANCH, NEXT_DATE, command)
    assert again.repeated
    assert again.entries == first.entries
    assert again.date == DATE
    assert again.state.tickets.keys() == first.state.tickets.keys()
    assert len(await all_entries(journal, date=NEXT_DATE)) == opened


async def _blocked(pool: Pool, name: str) -> int:
    """How many connections of that name wait for a lock, as soon as one does."""
    async with asyncio.timeout(60):
        while True:
            count = await pool.fetchval(
                "SELECT count(*) FROM pg_stat_activity"
                " WHERE application_name = $1 AND datname = current_database()"
                " AND wait_event_type = 'Lock'",
                name,
            )
            if count:
                return int(count)


async def one_row(pool: Pool, statement: str) -> tuple[int, int]:
    (row,) = await pool.fetch(statement)
    return tuple(row)


# --- how the database finds the rows ------------------------------------------------------------


@pytest.fixture
async def filled(pool: Pool) -> Pool:
    """A table as after a month: 200 branches, 30 days, all analysed."""
    await pool.execute(
        "INSERT INTO event (branch, date, seq, at, kind, body, command, part, actor)"
        " SELECT 'branch-' || b, DATE '2020-03-01' + d, s, 0, 'Nothing', '{}',"
        " gen_random_uuid(), 0, 'nobody'"
        " FROM generate_series(1, 200) b, generate_series(0, 29) d, generate_series(1, 5) s"
    )
    await pool.execute("ANALYZE event")
    return pool


@pytest.mark.parametrize(
    ("statement", "values"),
    [
        ("newer", (["branch-7"] * 64, [DATE] * 64, list(range(64)), 2000)),
        ("page", ("branch-7", DATE, 3, 1000)),
        ("of_commands", ([bytes(16)] * 64,)),
        ("streams_since", (NEXT_DATE,)),
        ("unended_since", (NEXT_DATE,)),
    ],
)
async def test_no_statement_reads_the_whole_table(
    filled: Pool, statement: str, values: tuple[object, ...]
) -> None:
    rows = await filled.fetch(f"EXPLAIN {sql.blocks('journal')[statement]}", *values)
    plan = "\n".join(row[0] for row in rows)
    assert "on event" in plan
    assert "Seq Scan on event" not in plan, plan
