"""`python -m simulation.worker`: runs the simulations that planners ask for.

Any number of workers may run over one database. Each takes a job, lets its replications happen in
processes of its own and stores them as they come, so that another worker goes on from there when
this one dies. What comes out does not depend on who ran what.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
import zlib
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from threading import Event

import asyncpg
import msgspec
import structlog

from queue_service import logs, store
from queue_service.settings import Settings, SettingsError
from queue_service.simulations.jobs import (
    MOST_TRIES,
    Chunk,
    Job,
    Jobs,
    LostError,
    Progress,
    impossible,
)
from simulation.asked.recalling import Recalling
from simulation.asked.work import Work, work_of
from simulation.experiments.crews import CrewError
from simulation.experiments.engine import Replication
from simulation.experiments.intervals import SURE, student
from simulation.experiments.workers import crew
from simulation.live.scenario import ScenarioError

LOOK_SECONDS = 0.5
"""So often an idle worker looks for a job, and a busy one whether its job is still wanted."""
STORE_SECONDS = 2.0
"""So much work at most is lost when a worker is killed, replications under way apart."""
AWAY_SECONDS = 1.0
"""Before a database that does not answer is asked again."""
CREW_SECONDS = 3.0
"""Before a job is tried again whose replications nobody runs now."""
_AWAY = (asyncpg.PostgresError, *store.AWAY)
_log = structlog.get_logger(__name__)
_chunks = msgspec.msgpack.Decoder(list[Replication])


class _Unwanted(Exception):  # noqa: N818 - says what is the matter
    """The job has been cancelled or lost, or the worker is to stop."""


class _Keeping:
    """Stores what a job comes to, as it comes; it lives in the thread that carries the job out."""

    def __init__(self, job: Job, jobs: Jobs, work: Work, unwanted: Event) -> None:
        self._job = job
        self._jobs = jobs
        self._work = work
        self._unwanted = unwanted
        self._fresh: list[Replication] = []
        """Answers that are not stored yet."""
        self._stored = 0
        self._next = 0.0
        """When something is to be stored again."""
        self._began, self._before = time.monotonic(), 0

    def recalled(self, chunks: list[Chunk]) -> Iterator[Replication]:
        """What has been stored, chunk by chunk."""
        for chunk in chunks:
            found = _decoded(chunk)
            self._stored += len(found)
            self._next = time.monotonic() + STORE_SECONDS
            yield from found
        self._began, self._before = time.monotonic(), self._work.done

    def took(self, answer: Replication) -> None:
        """A new answer has come; raises _Unwanted where nobody waits for more."""
        if self._unwanted.is_set():
            raise _Unwanted
        self._fresh.append(answer)

    def counts(self, loop: asyncio.AbstractEventLoop) -> None:
        """The newest answer has its part in what the job has come to."""
        if self._work.done and time.monotonic() >= self._next:
            self.keep(loop)

    def keep(self, loop: asyncio.AbstractEventLoop) -> None:
        """Stores what has not been stored yet."""
        work, fresh = self._work, self._fresh
        progress = Progress(work.done, work.most, self._seconds_left(), work.found())
        chunk = Chunk(self._stored, _encoded(fresh)) if fresh else None
        storing = self._jobs.store(
            self._job, chunk, progress, courses=work.courses(fresh), policies=work.policies()
        )
        asyncio.run_coroutine_threadsafe(storing, loop).result()
        self._stored, self._fresh = self._stored + len(fresh), []
        self._next = time.monotonic() + STORE_SECONDS

    def _seconds_left(self) -> float | None:
        done = self._work.done - self._before
        pace = (time.monotonic() - self._began) / done if done else None
        return None if pace is None else pace * (self._work.most - self._work.done)


class _Run:
    """One job in the hands of this worker."""

    def __init__(self, job: Job, jobs: Jobs, stop: asyncio.Event) -> None:
        self._job = job
        self._jobs = jobs
        self._stop = stop
        self._unwanted = Event()
        self._loop = asyncio.get_running_loop()

    async def run(self, processes: int | None) -> None:
        """Until the job is finished or unwanted; raises LostError where it is another's."""
        known = await self._jobs.chunks(self._job)
        work = asyncio.create_task(asyncio.to_thread(self._carry_out, known, processes))
        watch = asyncio.create_task(self._watch())
        try:
            await asyncio.wait({work, watch}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._unwanted.set()
            watch.cancel()
            await asyncio.wait({work, watch})
        try:
            work.result()
        except _Unwanted:
            await self._jobs.give_back(self._job)
        else:
            await self._jobs.finish(self._job)

    async def _watch(self) -> None:
        """Keeps the lease; returns when the worker is to stop or the job is lost."""
        stopped = asyncio.create_task(self._stop.wait())
        try:
            while not stopped.done():
                await asyncio.wait({stopped}, timeout=LOOK_SECONDS)
                with suppress(*_AWAY):
                    await self._jobs.renew(self._job)
        except LostError:
            return
        finally:
            stopped.cancel()

    def _carry_out(self, known: list[Chunk], processes: int | None) -> None:
        """In a thread of its own: the lease is kept meanwhile."""
        work = work_of(self._job)
        keeping = _Keeping(self._job, self._jobs, work, self._unwanted)
        with crew(self._job.catalogue, processes) as people:
            told = partial(keeping.counts, self._loop)
            work.run(Recalling(people, keeping.recalled(known), keeping.took, told))
            keeping.keep(self._loop)


def _encoded(found: list[Replication]) -> bytes:
    """Without the journals, of which nothing more is needed."""
    plain = [msgspec.structs.replace(one, journals={}) for one in found]
    return zlib.compress(msgspec.msgpack.encode(plain), 1)


def _decoded(chunk: Chunk) -> list[Replication]:
    return _chunks.decode(zlib.decompress(chunk.body))


class Worker:
    """Takes one job after another until it is told to stop."""

    def __init__(self, jobs: Jobs, processes: int | None) -> None:
        self._jobs = jobs
        self._processes = processes
        self._away = ""
        """The kind of error on which the database could not be asked last, empty where it could."""
        self.stop = asyncio.Event()

    async def work(self) -> None:
        """Runs until `stop` is set; what is under way then is left to another worker."""
        while not self.stop.is_set():
            job = await self._next()
            if job:
                await self._run(job)
            else:
                await self._rest(LOOK_SECONDS)

    async def _next(self) -> Job | None:
        try:
            job = await self._jobs.take()
        except _AWAY as cause:
            await self._is_away(cause)
            return None
        self._away = ""
        return job

    async def _is_away(self, cause: BaseException) -> None:
        """Told once, not each time that somebody looks."""
        kind = type(cause).__name__
        if kind != self._away:
            _log.warning("database_away", cause=store.in_words(cause))
            self._away = kind
        await self._rest(AWAY_SECONDS)

    async def _run(self, job: Job) -> None:
        _log.info("took", simulation=job.id, replications=job.replications)
        try:
            await _Run(job, self._jobs, self.stop).run(self._processes)
        except LostError:
            _log.info("lost", simulation=job.id)
        except store.AWAY as cause:
            # Its lease ends by itself, and what was stored is there.
            await self._is_away(cause)
        except CrewError as cause:
            _log.warning("crew_away", simulation=job.id, cause=str(cause))
            await self._rest(CREW_SECONDS)
            await self._failed(job, str(cause).removesuffix("."))
        except ScenarioError as cause:
            # Another try would come to the same.
            with suppress(LostError, *_AWAY):
                await self._jobs.fail(job, impossible(cause.reason))
        except Exception as cause:  # noqa: BLE001 - it is told to whoever asked
            _log.exception("failed", simulation=job.id)
            await self._failed(job, f"{type(cause).__name__}: {cause}"[:500])

    async def _failed(self, job: Job, reason: str) -> None:
        """Another try may go well; the last one ends the job."""
        with suppress(LostError, *_AWAY):
            if job.tries < MOST_TRIES:
                await self._jobs.give_back(job, reason)
            else:
                await self._jobs.fail(job, reason)

    async def _rest(self, seconds: float) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self.stop.wait()


async def _serve(settings: Settings) -> None:
    url = settings.require_database()
    pool = await store.open_pool(
        url,
        most=settings.database_connections,
        name="kezek worker",
        statement_cache=settings.database_statement_cache,
    )
    worker = Worker(Jobs(pool), settings.worker_processes or None)
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, worker.stop.set)
    async with pool:
        # What quantiles need takes seconds to load, which the first planner should not wait for.
        await asyncio.to_thread(student, SURE, 1)
        _log.info("working")
        await worker.work()
        _log.info("stopping")


def main() -> None:
    """Works until SIGTERM or SIGINT; exits with a sentence where a setting is wrong."""
    try:
        settings = Settings.from_environment(os.environ)
        settings.require_database()
    except SettingsError as problem:
        sys.exit(str(problem))
    logs.configure(settings.log_level, settings.replica)
    asyncio.run(_serve(settings))


if __name__ == "__main__":
    main()
