"""Connections to PostgreSQL."""

from __future__ import annotations

import socket
import ssl
from typing import TYPE_CHECKING, Any

import asyncpg

if TYPE_CHECKING:
    from typing import TypeAlias

    from asyncpg.pool import PoolConnectionProxy

    Connection: TypeAlias = asyncpg.Connection[asyncpg.Record] | PoolConnectionProxy[asyncpg.Record]
    Pool: TypeAlias = asyncpg.Pool[asyncpg.Record]

CONNECT_SECONDS = 5.0
COMMAND_SECONDS = 10.0
AWAY = (
    OSError,
    TimeoutError,
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.InterfaceError,
    # A connection whose end asyncpg has heard of between two statements raises this one.
    asyncpg.InternalClientError,
)
"""What a statement raises when the database does not serve now; asked again later, it may."""

_WAYS_OUT = (
    (asyncpg.InvalidCatalogNameError, "create it, or name another one in KEZEK_DATABASE_URL"),
    (
        asyncpg.InvalidAuthorizationSpecificationError,
        "set the role and its password in KEZEK_DATABASE_URL",
    ),
    (
        (
            asyncpg.UndefinedObjectError,
            asyncpg.InvalidParameterValueError,
            asyncpg.CantChangeRuntimeParamError,
        ),
        "correct the options after the ? in KEZEK_DATABASE_URL",
    ),
    (socket.gaierror, "correct the host in KEZEK_DATABASE_URL"),
    (ssl.SSLError, "correct the TLS options after the ? in KEZEK_DATABASE_URL"),
    ((OSError, TimeoutError), "start it, or correct KEZEK_DATABASE_URL"),
)
"""What helps against a problem; the first kind that it is of counts."""


def in_words(problem: BaseException) -> str:
    """Why the database cannot be used and, where the operator can mend it, how."""
    said = str(problem) or "it does not answer"
    if "rejected SSL" in said:  # asyncpg has no type of its own for it
        return f"{said}: turn TLS on there, or correct sslmode in KEZEK_DATABASE_URL"
    for kinds, way_out in _WAYS_OUT:
        if isinstance(problem, kinds):
            return f"{said}: {way_out}"
    return said


async def connect(url: str, *, name: str = "kezek", statement_cache: int = 100) -> Connection:
    """One connection; uuid columns are 16 bytes in Python.

    `statement_cache` is the number of prepared statements that it keeps. Behind a pgbouncer in
    transaction mode it must be 0, unless that pgbouncer keeps prepared statements itself.
    """
    connection: Connection = await asyncpg.connect(url, **_options(name, statement_cache))
    await _prepare(connection)
    return connection


async def open_pool(
    url: str, *, most: int = 10, name: str = "kezek", statement_cache: int = 100
) -> Pool:
    """A pool that connects when somebody needs it: it opens even while the database is away.

    Whoever takes a connection must leave its session as it was: nothing is reset on its return.
    """
    return await asyncpg.create_pool(
        url,
        min_size=0,
        max_size=most,
        init=_prepare,
        reset=_leave,
        **_options(name, statement_cache),
    )


def _options(name: str, statement_cache: int) -> dict[str, Any]:
    return {
        "timeout": CONNECT_SECONDS,
        "command_timeout": COMMAND_SECONDS,
        "statement_cache_size": statement_cache,
        "server_settings": {"application_name": name},
    }


async def _prepare(connection: Connection) -> None:
    await connection.set_type_codec(
        "uuid", encoder=bytes, decoder=bytes, schema="pg_catalog", format="binary"
    )


async def _leave(_connection: Connection) -> None:
    """Resetting costs a round trip each time, and nobody changes a session."""
