"""Brings a database up to date: numbered SQL files, each run once, each with its checksum.

All missing migrations run in one transaction under an advisory lock: a second start or a second
replica waits and finds them done; a failure leaves the database as it was.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import asyncpg

from queue_service import sql
from queue_service.store import AWAY, connect

if TYPE_CHECKING:
    from collections.abc import Iterable

    from queue_service.store import Connection, Pool

LOCK = 0x6B657A656B
_READY_SECONDS = 2.0
_NAME = re.compile(r"(\d{4})_(\w+)\.sql")
_SQL = sql.blocks("migrations")


class MigrationError(Exception):
    """The database and the migrations of this version do not fit; the message says what to do."""


class Migration(NamedTuple):
    """One file `NNNN_name.sql`."""

    number: int
    name: str
    text: str

    @property
    def checksum(self) -> str:
        """SHA-256 of the text in hexadecimal digits."""
        return hashlib.sha256(self.text.encode()).hexdigest()


def available(folder: Path = sql.MIGRATIONS) -> list[Migration]:
    """The migrations of this version by number; MigrationError for a wrong or repeated name."""
    found = [_read(path) for path in sorted(folder.glob("*.sql"))]
    numbers = [migration.number for migration in found]
    if numbers != list(range(1, len(found) + 1)):
        raise MigrationError(f"Migrations must be numbered 0001, 0002, ... once each: {numbers}.")
    return found


async def migrate(connection: Connection, folder: Path = sql.MIGRATIONS) -> list[str]:
    """Runs what is missing and returns the names of what was run."""
    migrations = available(folder)
    async with connection.transaction():
        await connection.execute("SET LOCAL client_min_messages = warning")
        await connection.fetch(_SQL["lock"], LOCK)
        await connection.execute(_SQL["create_table"])
        missing = _missing(migrations, await connection.fetch(_SQL["applied"]))
        for migration in missing:
            await connection.execute(migration.text)
            await connection.execute(_SQL["note"], *migration[:2], migration.checksum)
    return [migration.name for migration in missing]


async def migrate_at(url: str) -> None:
    """Runs what is missing over a connection of its own, which any pgbouncer lets through."""
    connection = await connect(url, statement_cache=0)
    try:
        await migrate(connection)
    finally:
        await connection.close()


async def pending(connection: Connection, folder: Path = sql.MIGRATIONS) -> list[str]:
    """Names of the migrations that this database still lacks; MigrationError where they differ."""
    exists = await connection.fetchval(_SQL["exists"])
    applied = await connection.fetch(_SQL["applied"]) if exists else []
    return [migration.name for migration in _missing(available(folder), applied)]


async def unready(pool: Pool) -> str:
    """Why the database cannot serve yet, as a sentence; empty when it can."""
    try:
        async with pool.acquire(timeout=_READY_SECONDS) as connection:
            missing = await pending(connection)
    except MigrationError as problem:
        return str(problem)
    except (asyncpg.PostgresError, *AWAY) as problem:
        return f"The database does not answer: {str(problem) or type(problem).__name__}."
    return f"The database lacks migrations: {', '.join(missing)}." if missing else ""


def _read(path: Path) -> Migration:
    named = _NAME.fullmatch(path.name)
    if named is None:
        raise MigrationError(f"{path.name}: a migration's name is like 0007_what_it_does.sql.")
    return Migration(int(named[1]), named[2], path.read_text("utf-8"))


def _missing(migrations: list[Migration], applied: Iterable[Iterable[Any]]) -> list[Migration]:
    known = {migration.number: migration for migration in migrations}
    for number, name, checksum in applied:
        if number not in known:
            raise MigrationError(
                f"The database has migration {number:04} ({name}), which this version does not "
                "know: start a version of kezek at least as new as the one that made it."
            )
        if known[number].checksum != checksum:
            raise MigrationError(
                f"Migration {number:04} ({name}) has changed since it was run on this database: "
                "restore its file, and write the change as a new migration."
            )
        del known[number]
    return list(known.values())
