from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING

from queue_service import migrations, sql, store

if TYPE_CHECKING:
    from queue_service.store import Pool


async def test_a_migrated_database_is_ready(pool: Pool) -> None:
    assert await migrations.unready(pool) == ""


async def test_an_empty_database_names_what_it_lacks(empty_database_url: str) -> None:
    async with await store.open_pool(empty_database_url) as pool:
        assert (
            await migrations.unready(pool)
            == "The database lacks migrations: "
            + ", ".join(
                path.stem.partition("_")[2] for path in sorted(sql.MIGRATIONS.glob("*.sql"))
            )
            + "."
        )


async def test_a_newer_database_is_not_used(pool: Pool) -> None:
    await pool.execute("INSERT INTO migration (number, name, checksum) VALUES (9999, 'later', '')")
    assert "9999 (later)" in await migrations.unready(pool)


async def test_an_absent_database_is_told(tmp_path: object) -> None:
    async with await store.open_pool(f"postgresql://kezek@/kezek?host={tmp_path}") as pool:
        assert (await migrations.unready(pool)).startswith("The database does not answer: ")


async def test_uuids_are_sixteen_bytes(pool: Pool) -> None:
    given = uuid.uuid4()
    assert await pool.fetchval("SELECT $1::uuid", given.bytes) == given.bytes
    assert await pool.fetchval("SELECT ($1::uuid)::text", given.bytes) == str(given)


async def test_connections_tell_who_they_are(database_url: str) -> None:
    connection = await store.connect(database_url, name="kezek test", statement_cache=0)
    assert await connection.fetchval("SHOW application_name") == "kezek test"
    assert await connection.fetchval("SELECT $1::date", dt.date(2020, 3, 19)) == dt.date(
        2020, 3, 19
    )
    await connection.close()


def test_blocks_of_sql_have_names() -> None:
    assert set(sql.blocks("migrations")) == {"create_table", "lock", "applied", "exists", "note"}
    assert sql.blocks("migrations")["exists"] == "SELECT to_regclass('migration') IS NOT NULL"
