from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from queue_service import sql, store
from queue_service.migrations import MigrationError, available, migrate, pending

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

FIRST = "CREATE TABLE visited (place text);"


@pytest.fixture
async def connection(empty_database_url: str) -> AsyncIterator[store.Connection]:
    opened = await store.connect(empty_database_url)
    yield opened
    await opened.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "0001_visited.sql").write_text(FIRST)
    return tmp_path


async def test_second_start_finds_nothing_to_do(connection: store.Connection) -> None:
    names = [migration.name for migration in available()]
    assert await pending(connection) == names
    assert await migrate(connection) == names
    assert await migrate(connection) == []
    assert await pending(connection) == []


async def test_replicas_that_start_together_run_each_migration_once(
    empty_database_url: str, folder: Path
) -> None:
    connections = [await store.connect(empty_database_url) for _ in range(4)]
    ran = await asyncio.gather(*(migrate(one, folder) for one in connections))
    assert sorted(ran) == [[], [], [], ["visited"]]
    for one in connections:
        await one.close()


async def test_a_changed_migration_is_refused_by_name(
    connection: store.Connection, folder: Path
) -> None:
    await migrate(connection, folder)
    (folder / "0001_visited.sql").write_text(FIRST + " -- changed")
    with pytest.raises(MigrationError, match=r"0001 \(visited\) has changed.*restore its file"):
        await migrate(connection, folder)


async def test_an_older_version_refuses_a_newer_database(
    connection: store.Connection, folder: Path
) -> None:
    (folder / "0002_later.sql").write_text("SELECT 1;")
    await migrate(connection, folder)
    (folder / "0002_later.sql").unlink()
    with pytest.raises(MigrationError, match=r"0002 \(later\).*at least as new"):
        await pending(connection, folder)


async def test_a_failing_migration_leaves_the_database_as_it_was(
    connection: store.Connection, folder: Path
) -> None:
    (folder / "0002_wrong.sql").write_text("CREATE TABLE good (n int); SELECT * FROM nowhere;")
    with pytest.raises(Exception, match="nowhere"):
        await migrate(connection, folder)
    assert await connection.fetchval("SELECT to_regclass('visited')") is None
    assert await pending(connection, folder) == ["visited", "wrong"]


@pytest.mark.parametrize("name", ["0003_gap.sql", "2_short.sql", "0001_twice.sql"])
def test_misnamed_migrations_are_refused(folder: Path, name: str) -> None:
    (folder / name).write_text("SELECT 1;")
    with pytest.raises(MigrationError, match=r"0001|0007_what_it_does"):
        available(folder)


CATALOGUE = """
SELECT 'column', table_name, column_name, concat_ws(' ', data_type, is_nullable, column_default,
    collation_name, is_generated, generation_expression)
FROM information_schema.columns WHERE table_schema = 'public'
UNION ALL
SELECT 'constraint', conrelid::regclass::text, conname, pg_get_constraintdef(oid)
FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND contype <> 'n'
UNION ALL
SELECT 'index', tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
UNION ALL
SELECT 'function', '', proname, pg_get_functiondef(oid)
FROM pg_proc WHERE pronamespace = 'public'::regnamespace
UNION ALL
SELECT 'trigger', tgrelid::regclass::text, tgname, pg_get_triggerdef(oid)
FROM pg_trigger WHERE NOT tgisinternal
ORDER BY 1, 2, 3
"""


async def test_the_schema_file_equals_the_summed_migrations(
    connection: store.Connection, database_url: str
) -> None:
    await connection.execute(sql.SCHEMA.read_text("utf-8"))
    migrated = await store.connect(database_url)
    summed = await migrated.fetch(CATALOGUE)
    await migrated.close()
    assert [tuple(row) for row in await connection.fetch(CATALOGUE)] == [tuple(r) for r in summed]
