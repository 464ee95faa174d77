"""Listens, and lets requests under way end when the service stops."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from queue_service.http.connection import Connection

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from queue_service.http.answers import Answer
    from queue_service.http.connection import Request

LOOK_AT_CONNECTIONS: Final = 5.0
BACKLOG: Final = 1024


class Server:
    """Gives the requests of all connections to `answer`, which raises nothing."""

    def __init__(self, answer: Callable[[Request], Awaitable[Answer]]) -> None:
        self._answer = answer
        self._connections: set[Connection] = set()
        self._listening: asyncio.Server | None = None
        self._watch: asyncio.Task[None] | None = None
        self._lost = asyncio.Event()

    async def start(self, host: str, port: int) -> str:
        """Listens and gives its address, such as http://127.0.0.1:8080; raises OSError."""
        loop = asyncio.get_running_loop()
        self._listening = await loop.create_server(self._connection, host, port, backlog=BACKLOG)
        self._watch = loop.create_task(self._close_what_is_stuck())
        name, chosen = self._listening.sockets[0].getsockname()[:2]
        return f"http://{f'[{name}]' if ':' in name else name}:{chosen}"

    async def stop(self, grace: float) -> None:
        """Takes no more requests; those under way have `grace` seconds to end."""
        if self._listening is not None:
            self._listening.close()
        if self._watch is not None:
            self._watch.cancel()
        for connection in list(self._connections):
            connection.close()
        try:
            async with asyncio.timeout(grace):
                while self._connections:
                    self._lost.clear()
                    await self._lost.wait()
        except TimeoutError:
            for connection in list(self._connections):
                connection.abort()

    def _connection(self) -> Connection:
        connection = Connection(self._answer, self._forget)
        self._connections.add(connection)
        return connection

    def _forget(self, connection: Connection) -> None:
        self._connections.discard(connection)
        self._lost.set()

    async def _close_what_is_stuck(self) -> None:
        while True:
            await asyncio.sleep(LOOK_AT_CONNECTIONS)
            now = asyncio.get_running_loop().time()
            for connection in list(self._connections):
                connection.close_if_stuck(now)
