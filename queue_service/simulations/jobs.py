"""Jobs as a worker has them: taken under a lease, what is finished stored, given back or ended.

A lease names its owner: whoever has lost it can store nothing any more.
"""

from __future__ import annotations

import datetime as dt
import os
from typing import TYPE_CHECKING, Final

import msgspec
from msgspec import Struct

from queue_service.sql import blocks
from schemas.catalogue import Catalogue
from schemas.question import Question
from schemas.scenario import Scenario
from schemas.simulated import Why

if TYPE_CHECKING:
    from collections.abc import Iterable

    from queue_service.store import Pool
    from schemas.simulated import AnyFound, CourseFound, Which

_SQL: Final = blocks("simulations")
LEASE_SECONDS: Final = 10.0
"""A job whose worker has died waits so long for another one."""
MOST_TRIES: Final = 3
"""Of a job in which nothing has been finished since."""
DIED: Final = "worker_died"
_IMPOSSIBLE: Final = "impossible: "
"""Begins the reason of what no worker can do."""
_scenarios = msgspec.json.Decoder(Scenario)
_questions: msgspec.json.Decoder[Question] = msgspec.json.Decoder(Question)
_catalogues = msgspec.json.Decoder(Catalogue)


def impossible(reason: str) -> str:
    """The failure of a job that no worker can do; a `Sentence` keeps what translates it."""
    return f"{_IMPOSSIBLE}{msgspec.json.encode(Why.of(reason)).decode()}"


def why_impossible(failure: str) -> Why | None:
    """The reason why no worker can do a job, None where it failed otherwise."""
    marked, found = failure.startswith(_IMPOSSIBLE), failure.removeprefix(_IMPOSSIBLE)
    return msgspec.json.decode(found, type=Why) if marked else None


class LostError(Exception):
    """The job is not this worker's any more: cancelled, or taken by another one."""


class Job(Struct, frozen=True):
    """A simulation to be run by one worker."""

    id: str
    owner: bytes
    scenario: Scenario
    versus: Scenario | None
    question: Question | None
    """None: the scenario is to be run."""
    catalogue: Catalogue
    replications: int
    tries: int


class Course(Struct, frozen=True):
    """A day of the first replication."""

    which: Which
    date: dt.date
    found: CourseFound


class Policy(Struct, frozen=True):
    """A policy that a search has found: the scenario that has it."""

    number: int
    scenario: Scenario


class Chunk(Struct, frozen=True):
    """Replications that are finished, from `first` on, encoded by whoever runs them."""

    first: int
    body: bytes


class Progress(Struct, frozen=True):
    """How far a job has come and what it has come to so far."""

    done: int
    of: int
    """At most."""
    seconds_left: float | None
    found: AnyFound


class Jobs:
    """The jobs of one database. Methods raise LostError, and what asyncpg raises."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def take(self) -> Job | None:
        """The oldest job that nobody runs; None where there is none.

        One that has brought down too many workers is failed in place of being taken.
        """
        owner = os.urandom(16)
        row = await self._pool.fetchrow(_SQL["take"], owner, LEASE_SECONDS)
        if row is None:
            return None
        job = Job(
            id=row["id"],
            owner=owner,
            scenario=_scenarios.decode(row["scenario"]),
            versus=_scenarios.decode(row["versus"]) if row["versus"] else None,
            question=_questions.decode(row["question"]) if row["question"] else None,
            catalogue=_catalogues.decode(row["catalogue"]),
            replications=row["replications"],
            tries=row["tries"],
        )
        if job.tries <= MOST_TRIES:
            return job
        await self.fail(job, row["failure"] or DIED)
        return await self.take()

    async def renew(self, job: Job) -> None:
        """Keeps the job for another `LEASE_SECONDS`."""
        await self._mine("renew", job, LEASE_SECONDS)

    async def chunks(self, job: Job) -> list[Chunk]:
        """What is finished, in order of the replications."""
        rows = await self._pool.fetch(_SQL["chunks"], job.id)
        return [Chunk(row["first"], row["body"]) for row in rows]

    async def store(
        self,
        job: Job,
        chunk: Chunk | None,
        progress: Progress,
        *,
        courses: Iterable[Course] = (),
        policies: Iterable[Policy] = (),
    ) -> None:
        """Keeps what has been finished, and the lease."""
        found = msgspec.json.encode(progress.found).decode()
        async with self._pool.acquire() as connection, connection.transaction():
            row = await connection.fetchrow(
                _SQL["progress"],
                *(job.id, job.owner, progress.done, progress.seconds_left, found, LEASE_SECONDS),
                progress.of,
            )
            if row is None:
                raise LostError
            if chunk:
                await connection.execute(_SQL["add_chunk"], job.id, chunk.first, chunk.body)
            for one in courses:
                body = msgspec.json.encode(one.found).decode()
                await connection.execute(_SQL["add_course"], job.id, one.which, one.date, body)
            for policy in policies:
                body = msgspec.json.encode(policy.scenario).decode()
                await connection.execute(_SQL["add_policy"], job.id, policy.number, body)

    async def finish(self, job: Job) -> None:
        """All replications are stored: their sum stays, they are deleted."""
        async with self._pool.acquire() as connection, connection.transaction():
            if await connection.fetchrow(_SQL["finish"], job.id, job.owner) is None:
                raise LostError
            await connection.execute(_SQL["delete_chunks"], job.id)

    async def fail(self, job: Job, reason: str) -> None:
        """The job cannot be run."""
        await self._mine("fail", job, reason)

    async def give_back(self, job: Job, reason: str = "") -> None:
        """Leaves the job to another worker: at once without a reason, as a failed try with one."""
        await self._mine("give_back", job, 0 if reason else 1, reason)

    async def _mine(self, statement: str, job: Job, *values: object) -> None:
        if await self._pool.fetchrow(_SQL[statement], job.id, job.owner, *values) is None:
            raise LostError
