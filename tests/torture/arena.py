"""One run: replicas of the service, a crowd, perhaps a killer; and what they leave behind."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
import time
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from queue_service import store
from queue_service.machine.parent_death import die_with_parent
from tests.torture.history import Row, Told, read_told
from tests.torture.killer import Killer
from tests.torture.replicas import POLL_SECONDS, READY_SECONDS, Replica
from tests.torture.town import clock_of_run, found

if TYPE_CHECKING:
    from queue_service.machine.postgres import EmbeddedPostgres

ROOT = Path(__file__).parents[2]
CLIENTS = 32
REPLICAS = 2
EVENTS = """
SELECT branch, date::text, seq, at, kind, body::text, command, part, actor
FROM event ORDER BY branch, date, seq
"""


class Left(Struct, frozen=True, kw_only=True):
    """What a run leaves behind."""

    rows: list[Row]
    told: list[Told]
    conflicts: int
    kills: dict[str, int]
    fell_by_itself: list[str]


class Arena:
    """Runs of one seed in one folder; `seconds` is how long the crowd works."""

    def __init__(self, folder: Path, database_url: str, seed: int, seconds: float) -> None:
        self._folder = folder
        self._url = database_url
        self._seed = seed
        self._seconds = seconds
        self.clock = clock_of_run(seconds)
        self._replicas = [
            Replica(f"replica-{number}", database_url, self.clock, folder / f"{number}.log")
            for number in range(REPLICAS)
        ]

    def peaceful_run(self, plant: str, patience: float = 1.0) -> Left:
        """A run in which nobody is killed, on a database in which a fault is planted by SQL."""
        self._found(patience, plant)
        try:
            self._start_replicas()
            self._start_crowd().wait(self._seconds + patience + READY_SECONDS)
            self._count_conflicts()
        finally:
            self._stop()
        return self._left()

    def run(self, server: EmbeddedPostgres, patience: float = 20.0) -> Left:
        """A run under the killer's hands."""
        self._found(patience)
        try:
            self._start_replicas()
            crowd = self._start_crowd()
            killer = Killer(Random(f"{self._seed} killer"), self._replicas, server, crowd)
            killer.work(self._seconds)
            status = crowd.wait(patience + READY_SECONDS)
            assert status == 0, "the crowd failed"
            self._count_conflicts()
        finally:
            self._stop()
        return self._left(killer)

    def _found(self, patience: float, plant: str = "") -> None:
        urls = tuple(replica.url for replica in self._replicas)
        town = asyncio.run(
            found(
                *(self._url, urls),
                seed=self._seed,
                clients=CLIENTS,
                seconds=self._seconds,
                patience=patience,
            )
        )
        self._town_file.write_bytes(msgspec.json.encode(town))
        if plant:
            asyncio.run(_execute(self._url, plant))

    def _start_replicas(self) -> None:
        for replica in self._replicas:
            replica.start()
        until = time.monotonic() + READY_SECONDS
        for replica in self._replicas:
            while not replica.is_ready():
                if not replica.is_running or time.monotonic() > until:
                    raise AssertionError(f"{replica.name} did not start: {replica.last_words()}")
                time.sleep(POLL_SECONDS)

    def _start_crowd(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-m", "tests.torture.crowd", self._town_file, self._told_file],
            # From the root, and it comes first: an installed package has `tests` of its own.
            cwd=ROOT,
            preexec_fn=die_with_parent(signal.SIGKILL),  # noqa: PLW1509 - two system calls
        )

    def _count_conflicts(self) -> None:
        for replica in self._replicas:
            replica.count_conflicts()

    def _stop(self) -> None:
        for replica in self._replicas:
            replica.kill()

    def _left(self, killer: Killer | None = None) -> Left:
        return Left(
            rows=asyncio.run(_read_rows(self._url)),
            told=[*read_told(self._told_file)],
            conflicts=sum(replica.conflicts for replica in self._replicas),
            kills=dict(killer.kills) if killer else {},
            fell_by_itself=killer.fell_by_itself if killer else [],
        )

    @property
    def _town_file(self) -> Path:
        return self._folder / "town.json"

    @property
    def _told_file(self) -> Path:
        return self._folder / "told.jsonl"


async def _execute(url: str, statements: str) -> None:
    connection = await store.connect(url)
    try:
        await connection.execute(statements)
    finally:
        await connection.close()


async def _read_rows(url: str) -> list[Row]:
    connection = await store.connect(url)
    try:
        records = await connection.fetch(EVENTS)
    finally:
        await connection.close()
    return [
        Row(**{**dict(record), "body": msgspec.json.decode(record["body"])}) for record in records
    ]
