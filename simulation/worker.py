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
from datetime import date
from itertools import islice
from threading import Event

import asyncpg
import msgspec
import structlog

from queue_service import logs, store
from queue_service.settings import Settings, SettingsError
from queue_service.simulations.jobs import (
    MOST_TRIES,
    Chunk,
    Course,
    Job,
    Jobs,
    LostError,
    Progress,
)
from schemas.simulated import Found, Which
from simulation.course import course_of
from simulation.experiments.choice import engine_for
from simulation.experiments.comparison import Pairs
from simulation.experiments.engine import Kept, Replication
from simulation.experiments.found import found_of, found_of_pairs
from simulation.experiments.intervals import SURE, student
from simulation.experiments.summary import Summary
from simulation.experiments.workers import CrewError, Task, crew

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


class _Result:
    """What a job has come to: one policy, or two before the same people."""

    def __init__(self, job: Job) -> None:
        self._policies: tuple[Which, ...] = ("scenario", "versus") if job.versus else ("scenario",)
        self._summary = Summary()
        self._pairs = Pairs()
        self._job = job

    @property
    def done(self) -> int:
        """Replications, or pairs of them."""
        both = len(self._policies) > 1
        return self._pairs.first.replications if both else self._summary.replications

    def add(self, found: list[Replication]) -> None:
        """Takes in whole replications, in their order, each policy in turn."""
        if len(self._policies) == 1:
            for one in found:
                self._summary.add(one)
            return
        for one, other in zip(found[::2], found[1::2], strict=True):
            self._pairs.add(one, other)

    def found(self) -> Found:
        return found_of(self._summary) if len(self._policies) == 1 else found_of_pairs(self._pairs)

    def tasks(self) -> Iterator[Task]:
        """What is still to be done; of the first replication the journals are kept."""
        job = self._job
        scenarios = [job.scenario, *([job.versus] if job.versus else [])]
        engine = engine_for(None, job.scenario, (job.replications - self.done) * self.policies)
        for number in range(self.done, job.replications):
            for scenario in scenarios:
                yield Task(scenario, number, engine, Kept(journals=1))

    def courses(self, found: list[Replication]) -> list[Course]:
        """Of the first replication."""
        first = [one for one in found if one.number == 0]
        zone = self._job.catalogue.branch(self._job.scenario.branch).time_zone
        return [
            Course(which, on, course)
            for which, one in zip(self._policies, first, strict=False)
            for name, journal in one.journals.items()
            if (course := course_of(journal, zone, on := _date_of(name)))
        ]

    @property
    def policies(self) -> int:
        return len(self._policies)


def _date_of(journal: str) -> date:
    return date.fromisoformat(journal.removesuffix(".jsonl")[-10:])


class _Unwanted(Exception):  # noqa: N818 - says what is the matter
    """The job has been cancelled or lost, or the worker is to stop."""


class _Run:
    """One job in the hands of this worker."""

    def __init__(self, job: Job, jobs: Jobs, stop: asyncio.Event) -> None:
        self._job = job
        self._jobs = jobs
        self._stop = stop
        self._unwanted = Event()
        self._result = _Result(job)
        self._loop = asyncio.get_running_loop()

    async def run(self, processes: int | None) -> None:
        """Until the job is finished or unwanted; raises LostError where it is another's."""
        for chunk in await self._jobs.chunks(self._job):
            self._result.add(await asyncio.to_thread(_decoded, chunk))
        work = asyncio.create_task(asyncio.to_thread(self._replicate, processes))
        watch = asyncio.create_task(self._watch())
        try:
            await asyncio.wait({work, watch}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._unwanted.set()
            watch.cancel()
            await asyncio.wait({work, watch})
        with suppress(_Unwanted):
            work.result()
        await self._ends()

    async def _ends(self) -> None:
        if self._result.done == self._job.replications:
            await self._jobs.finish(self._job)
        else:
            await self._jobs.give_back(self._job)

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

    def _replicate(self, processes: int | None) -> None:
        """In a thread of its own: the lease is kept meanwhile."""
        with crew(self._job.catalogue, processes) as people:
            began, before = time.monotonic(), self._result.done
            answers = people.run(self._result.tasks())
            while self._result.done < self._job.replications:
                found = self._some(answers)
                pace = (time.monotonic() - began) / (self._result.done - before)
                self._keep(found, pace * (self._job.replications - self._result.done))

    def _some(self, answers: Iterator[Replication]) -> list[Replication]:
        """What comes within `STORE_SECONDS`, one at least; of two policies always both."""
        found: list[Replication] = []
        until = time.monotonic() + (STORE_SECONDS if self._result.done else 0)
        while not found or time.monotonic() < until:
            more = list(islice(answers, self._result.policies))
            if self._unwanted.is_set():
                raise _Unwanted
            if not more:
                break
            self._result.add(more)
            found += more
        return found

    def _keep(self, found: list[Replication], seconds_left: float) -> None:
        progress = Progress(self._result.done, seconds_left, self._result.found())
        chunk = Chunk(found[0].number, _encoded(found))
        courses = self._result.courses(found)
        storing = self._jobs.store(self._job, chunk, progress, courses)
        asyncio.run_coroutine_threadsafe(storing, self._loop).result()


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
        """Why the database could not be asked last, empty where it could."""
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
        said = type(cause).__name__
        if said != self._away:
            _log.warning("database_away", cause=said)
            self._away = said
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
