"""What `kezek journal verify` prints, and that it only reads."""

from __future__ import annotations

import asyncio
import datetime as dt
import os
import sys

import asyncpg
import pytest

from queue_service.audit.report import said
from queue_service.audit.verify import Finding, StreamReport

DAY = dt.date(2020, 3, 19)


@pytest.mark.parametrize(
    ("entries", "found", "line"),
    [
        (1, 0, "1 stream, 1 entry: sound"),
        (2, 1, "1 stream, 2 entries: 1 finding"),
        (2, 2, "1 stream, 2 entries: 2 findings"),
    ],
)
def test_one_is_counted_as_one(entries: int, found: int, line: str) -> None:
    report = StreamReport("uralsk-2", DAY, entries, (Finding(1, "time", "late"),) * found)
    lines, sound = said([report], as_json=False)
    assert (lines[-1], sound) == (line, not found)


async def test_an_empty_database_has_no_journal_and_gets_no_tables(empty_database_url: str) -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "queue_service", "journal", "verify"),
        env=os.environ | {"KEZEK_DATABASE_URL": empty_database_url},
        stderr=asyncio.subprocess.PIPE,
    )
    _, told = await process.communicate()
    assert (process.returncode, "no journal in this database" in told.decode()) == (1, True)
    connection = await asyncpg.connect(empty_database_url)
    tables = await connection.fetchval("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
    await connection.close()
    assert tables == 0
