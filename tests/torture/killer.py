"""Kills replicas, the database, or a single backend of it at random moments, and restores them."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import subprocess
import time
from collections import Counter
from typing import TYPE_CHECKING

import asyncpg

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    from queue_service.postgres import EmbeddedPostgres
    from tests.torture.replicas import Replica

SHORTEST_PEACE, LONGEST_PEACE = 0.2, 1.6
"""Seconds between two kills; a dead one stays dead for up to a second."""
WITHOUT_DATABASE = 0.3
"""How often a replica is killed, and started, while the database is away."""
BACKENDS = (
    "SELECT pid FROM pg_stat_activity WHERE application_name LIKE 'kezek%' AND pid IS NOT NULL"
)


class Killer:
    """Works from the main thread, beside a crowd that is another process.

    `kills` counts by victim. `fell_by_itself` tells of replicas that ended though nobody killed
    them: a replica must outlive its database.
    """

    def __init__(
        self,
        random: Random,
        replicas: list[Replica],
        server: EmbeddedPostgres,
        crowd: subprocess.Popen[bytes],
    ) -> None:
        self.kills: Counter[str] = Counter()
        self.fell_by_itself: list[str] = []
        self._random = random
        self._replicas = replicas
        self._server = server
        self._crowd = crowd

    def work(self, seconds: float) -> None:
        """Kills for that long; at the end everything runs again."""
        until = time.monotonic() + seconds
        while time.monotonic() < until and self._crowd.poll() is None:
            self._peace(self._random.uniform(SHORTEST_PEACE, LONGEST_PEACE))
            self._count()
            (kill,) = self._random.choices(*zip(*self._weights(), strict=True))
            kill()
        self._count()

    def _weights(self) -> list[tuple[Callable[[], None], int]]:
        return [
            (self._kill_replica, 8),
            (self._kill_all_replicas, 1),
            (self._kill_backend, 3),
            (self._kill_database, 3),
            (self._kill_everything, 1),
        ]

    def _kill_replica(self) -> None:
        self._end(self._random.choice(self._replicas))
        self._restore()

    def _kill_all_replicas(self) -> None:
        for replica in self._replicas:
            self._end(replica)
        self._restore()

    def _kill_backend(self) -> None:
        """PostgreSQL ends every connection and recovers when one of its processes is killed."""
        backends = asyncio.run(_backends(self._server.url))
        if backends:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._random.choice(backends), signal.SIGKILL)
                self.kills["backend"] += 1

    def _kill_database(self) -> None:
        self._server.kill()
        self.kills["database"] += 1
        self._peace(self._random.uniform(0, 1))
        if self._random.random() < WITHOUT_DATABASE:
            self._kill_replica()
        self._server.restart()

    def _kill_everything(self) -> None:
        for replica in self._replicas:
            self._end(replica)
        self._kill_database()
        self._restore()

    def _end(self, replica: Replica) -> None:
        replica.kill()
        self.kills["replica"] += 1

    def _restore(self) -> None:
        for replica in self._replicas:
            if not replica.is_running:
                self._peace(self._random.uniform(0, 0.5))
                replica.start()

    def _count(self) -> None:
        for replica in self._replicas:
            if replica.is_running:
                replica.count_conflicts()
            else:
                self.fell_by_itself.append(f"{replica.name}: {replica.last_words()}")
                replica.start()

    def _peace(self, seconds: float) -> None:
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._crowd.wait(seconds)


async def _backends(url: str) -> list[int]:
    try:
        connection = await asyncpg.connect(url, timeout=2)
    except (OSError, asyncpg.PostgresError, TimeoutError):
        return []
    try:
        return [row["pid"] for row in await connection.fetch(BACKENDS)]
    finally:
        await connection.close()
