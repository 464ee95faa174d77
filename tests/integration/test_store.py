from __future__ import annotations

import asyncio
import datetime as dt
import uuid
from typing import TYPE_CHECKING

import asyncpg
import pytest

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


async def why_not(url: str) -> str:
    """What is told of an address to which nobody can connect."""
    with pytest.raises((asyncpg.PostgresError, *store.AWAY)) as raised:
        await store.connect(url)
    return store.in_words(raised.value)


async def test_an_option_that_the_server_does_not_know_is_told(database_url: str) -> None:
    said = await why_not(f"{database_url}&connect_timeout=5")
    assert '"connect_timeout": correct the options after the ? in KEZEK_DATABASE_URL' in said
    said = await why_not(f"{database_url}&statement_timeout=soon")
    assert said.endswith(": correct the options after the ? in KEZEK_DATABASE_URL")


async def test_a_host_of_no_such_name_is_to_be_corrected() -> None:
    said = await why_not("postgresql://nobody.invalid/kezek")
    assert said.endswith(": correct the host in KEZEK_DATABASE_URL")


async def test_a_server_without_tls_is_told() -> None:
    async def refuse(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"N")
        writer.close()

    async with await asyncio.start_server(refuse, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        said = await why_not(f"postgresql://u:p@127.0.0.1:{port}/kezek?sslmode=require")
    assert said.endswith(": turn TLS on there, or correct sslmode in KEZEK_DATABASE_URL")


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
