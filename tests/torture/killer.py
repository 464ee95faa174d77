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

from tests.torture.replicas import POLL_SECONDS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from random import Random

    from queue_service.machine.postgres import EmbeddedPostgres
    from tests.torture.replicas import Replica

PEACE = (0.0, 1.5)
"""Seconds between two kills."""
LONGEST_DEATH, LONGEST_OUTAGE = 0.3, 0.7
"""Seconds for which a replica and the database stay dead."""
MERCY, LONGEST_MERCY = 0.8, 5.0
"""How often the next kill waits until everything serves again, and for how many seconds."""
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
        self._wait_until_they_collide(until - seconds / 2)
        for kill in self._kills():
            if self._random.random() < MERCY:
                self._wait_until_all_serve(min(until, time.monotonic() + LONGEST_MERCY))
            self._peace(self._random.uniform(*PEACE))
            self._count()
            if time.monotonic() > until or self._crowd.poll() is not None:
                return
            kill()

    def _kills(self) -> Iterator[Callable[[], None]]:
        """One of each first, so that a slow machine sees them all; then what the dice say."""
        first = [self._kill_replica, self._kill_backend, self._kill_database]
        self._random.shuffle(first)
        yield from first
        often = [self._kill_replica] * 6 + [self._kill_backend] * 3 + [self._kill_database] * 3
        while True:
            yield self._random.choice([*often, self._kill_all_replicas, self._kill_everything])

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
        self._peace(self._random.uniform(0, LONGEST_OUTAGE))
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
                self._peace(self._random.uniform(0, LONGEST_DEATH))
                replica.start()

    def _count(self) -> None:
        for replica in self._replicas:
            if replica.is_running:
                replica.count_conflicts()
            else:
                self.fell_by_itself.append(f"{replica.name}: {replica.last_words()}")
                replica.start()

    def _wait_until_they_collide(self, until: float) -> None:
        """From then on the crowd is at work and all replicas write: there is something to break."""
        while not any(replica.conflicts for replica in self._replicas):
            if time.monotonic() > until or self._crowd.poll() is not None:
                return
            self._peace(POLL_SECONDS)
            self._count()

    def _wait_until_all_serve(self, until: float) -> None:
        for replica in self._replicas:
            while replica.is_running and not replica.is_ready() and time.monotonic() < until:
                self._peace(POLL_SECONDS)

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
