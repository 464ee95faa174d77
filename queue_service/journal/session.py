"""One connection to PostgreSQL that opens when it is needed, and anew after it was lost."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import asyncpg

from queue_service import store
from queue_service.journal.errors import UnwritableEntry

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    Row = asyncpg.Record

_BAD_VALUES = (
    asyncpg.DataError,
    asyncpg.IntegrityConstraintViolationError,
    asyncpg.exceptions._base.DataError,  # noqa: SLF001 - the client's half of DataError
)
_LOST = (asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError, OSError)


class DatabaseAway(Exception):  # noqa: N818 - says what is the matter
    """The statement has no answer: the connection is lost, refused or too slow."""


class TryAgain(Exception):  # noqa: N818
    """The statement was undone for another one's sake and may be sent again at once."""


FAILURES = (DatabaseAway, TryAgain, UnwritableEntry)
"""What a statement can end with instead of rows."""


class Session:
    """Sends one statement after the other over a connection of its own."""

    def __init__(
        self,
        url: str,
        name: str,
        statement_cache: int = 100,
        on_open: Callable[[store.Connection], Awaitable[None]] | None = None,
    ) -> None:
        self._url = url
        self._name = name
        self._statement_cache = statement_cache
        self._on_open = on_open
        self._connection: store.Connection | None = None
        self._turn = asyncio.Lock()

    async def fetch(self, statement: str, *values: object) -> Sequence[Row]:
        """Rows of a statement; raises DatabaseAway, TryAgain or UnwritableEntry."""
        async with self._turn:
            try:
                connection = self._connection or await self._open()
                return await connection.fetch(statement, *values)
            except asyncpg.TransactionRollbackError as problem:
                raise TryAgain from problem
            except _BAD_VALUES as problem:
                raise UnwritableEntry(str(problem)) from problem
            except _LOST as problem:
                self._drop()
                raise DatabaseAway(str(problem) or type(problem).__name__) from problem
            except asyncio.CancelledError:
                self._drop()
                raise

    async def read(self, statement: str, *values: object) -> Sequence[Row]:
        """The same of a statement that changes nothing: asked again where the connection was lost.

        Not for what must hear of the loss, after which the database may have another past.
        """
        try:
            return await self.fetch(statement, *values)
        except DatabaseAway:
            return await self.fetch(statement, *values)

    async def ensure_open(self) -> None:
        """Opens the connection when there is none; raises DatabaseAway."""
        await self.fetch("SELECT 1")

    async def close(self) -> None:
        """Ends the connection; the session may open another one."""
        connection, self._connection = self._connection, None
        if connection is not None:
            try:
                await connection.close(timeout=1)
            except _LOST:
                connection.terminate()

    @property
    def is_open(self) -> bool:
        """Whether there is a connection that is not known to be lost."""
        return self._connection is not None and not self._connection.is_closed()

    def pid(self) -> int:
        """Process id of the server's side; 0 without a connection."""
        return self._connection.get_server_pid() if self._connection else 0

    async def _open(self) -> store.Connection:
        connection = await store.connect(
            self._url, name=self._name, statement_cache=self._statement_cache
        )
        try:
            if self._on_open:
                await self._on_open(connection)
        except BaseException:
            connection.terminate()
            raise
        self._connection = connection
        return connection

    def _drop(self) -> None:
        connection: Any = self._connection
        self._connection = None
        if connection is not None:
            connection.terminate()
