"""The composition root: builds the service from its settings and runs it until told to stop."""

from __future__ import annotations

import asyncio
import gc
import signal
import sys
from contextlib import asynccontextmanager
from functools import cache, partial
from typing import TYPE_CHECKING, Final

import asyncpg
import msgspec
import structlog
import uvloop
from aiohttp import web

from queue_service import logs, store
from queue_service.access import guesses
from queue_service.access.tokens import Tokens
from queue_service.catalogue.directory import Directory
from queue_service.http.call import Parts, Readiness
from queue_service.http.connections import Server
from queue_service.http.endpoint import Endpoint
from queue_service.http.openapi import document
from queue_service.http.pages import Pages
from queue_service.http.rate import RateLimit
from queue_service.http.routes import ROUTES
from queue_service.journal import Journal, JournalUnavailable
from queue_service.metrics import Metrics
from queue_service.migrations import MigrationError, migrate
from queue_service.origins import Origins
from queue_service.planning.branch_regimes import BranchRegimes
from queue_service.planning.changes import PlanChanges
from queue_service.planning.planner import Planner
from queue_service.planning.regimes import Regimes
from queue_service.reports import Reports
from queue_service.settings import cannot_listen
from queue_service.simulations.drafts import Drafts
from queue_service.simulations.planning import Simulations
from queue_service.timing.clock import Clock, DrivenTime
from queue_service.timing.driving import Driver
from queue_service.timing.wallclock import DrivenClock, WallClock, WatchedClock, from_setting
from queue_service.usecases import Service

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import AsyncIterator, Awaitable, Callable

    from queue_service.settings import Settings

LOOK_AT_CATALOGUE: Final = 2.0
ERASE_CONTACTS: Final = 600.0
FORGET_GUESSES: Final = 600.0
TRY_AGAIN: Final = 0.5
LONGEST_PAUSE: Final = 2.0
GRACE: Final = 10.0
"""Seconds in which requests under way may finish when the service is told to stop."""
_AWAY: Final = (JournalUnavailable, asyncpg.PostgresError, *store.AWAY)
YOUNG_OBJECTS: Final = 50_000
"""New containers between two searches for cyclic garbage; Python's own number is 700."""
_log = structlog.get_logger(__name__)


class App(msgspec.Struct, frozen=True):
    """The parts of one process, put together."""

    url: str
    pool: store.Pool
    journal: Journal
    service: Service
    regimes: Regimes
    clock: Clock | None
    """None where the time is driven by requests, or somebody else writes what happens."""
    readiness: Readiness
    endpoint: Endpoint


class Running(msgspec.Struct, frozen=True):
    """A service that listens."""

    address: str
    readiness: Readiness
    work: asyncio.Task[None]
    """What it does unasked; it ends by an error alone."""


async def build(settings: Settings) -> App:
    """Puts the parts together; raises SettingsError for what production cannot do without."""
    url, secret = settings.require_production()
    wall = from_setting(settings.clock)
    statements = settings.database_statement_cache
    pool = await store.open_pool(
        url,
        most=settings.database_connections,
        name="kezek service",
        statement_cache=statements,
    )
    journal = Journal(url, wall.now, statement_cache=statements)
    directory = Directory(pool)
    planner = Planner(directory, pool, journal)
    service = Service(
        journal, directory, planner, pool, secret=secret, contact_hours=settings.contact_hours
    )
    regimes = Regimes(service, directory, planner, pool)
    clock, driver = _time(wall, journal, regimes)
    plans = PlanChanges(service, planner)
    branch_regimes = BranchRegimes(service, directory, planner, regimes, plans)
    simulations = Simulations(service, directory, pool)
    parts = Parts(
        service=service,
        plans=plans,
        regimes=regimes,
        branch_regimes=branch_regimes,
        reports=Reports(service, planner),
        simulations=simulations,
        drafts=Drafts(service, simulations, branch_regimes, pool),
        pool=pool,
        origins=Origins(settings.trusted_proxies),
        metrics=_metrics(journal, directory, service),
        readiness=Readiness(),
        contract=_contract(),
        session_hours=settings.session_hours,
    )
    rate = RateLimit(settings.rate_limit)
    pages = Pages(settings.gateway_url, settings.demo_sign_ins)
    endpoint = Endpoint(ROUTES, parts, Tokens(pool), rate, driver, pages)
    endpoint.only_reads = isinstance(wall, WatchedClock)
    return App(url, pool, journal, service, regimes, clock, parts.readiness, endpoint)


@cache
def _contract() -> bytes:
    """The OpenAPI document as JSON: it is the same for every service of this process."""
    return msgspec.json.encode(document(ROUTES))


def _time(
    wall: WallClock, journal: Journal, regimes: Regimes
) -> tuple[Clock | None, Driver | None]:
    if isinstance(wall, DrivenClock):
        driven = DrivenTime(journal, wall, regimes.refresh_plans)
        regimes.on_changed = driven.renew_plans
        return None, Driver(driven, wall)
    if isinstance(wall, WatchedClock):
        regimes.on_changed = _nothing
        return None, None
    clock = Clock(journal, wall, regimes.refresh_plans)
    regimes.on_changed = clock.renew_plans
    return clock, None


async def _nothing() -> None: ...


def _metrics(journal: Journal, directory: Directory, service: Service) -> Metrics:
    metrics = Metrics()
    journal.on_written.append(metrics.written)

    def today(code: str) -> dt.date | None:
        branch = directory.branches.get(code)
        return service.today(branch) if branch else None

    metrics.watch(journal, today)
    return metrics


@asynccontextmanager
async def running(settings: Settings) -> AsyncIterator[Running]:
    """The service of these settings while the context lasts.

    It listens at once and answers 503 until the database is there. Raises OSError where it cannot
    listen, SettingsError.
    """
    app = await build(settings)
    await app.journal.start()
    work = asyncio.create_task(_work(app))
    try:
        async with _listening(app.endpoint, settings) as address:
            yield Running(address, app.readiness, work)
    finally:
        work.cancel()
        await asyncio.gather(work, return_exceptions=True)
        await app.journal.stop()
        await app.pool.close()


@asynccontextmanager
async def _listening(endpoint: Endpoint, settings: Settings) -> AsyncIterator[str]:
    # One line for each request would cost more than the request, and tell who asked for what.
    server = Server(
        endpoint, request_factory=endpoint.request, access_log=None, auto_decompress=False
    )
    runner = web.ServerRunner(server, shutdown_timeout=GRACE)
    await runner.setup()
    try:
        await web.TCPSite(runner, settings.host, settings.port).start()
        host, port = runner.addresses[0][:2]
        yield f"http://{f'[{host}]' if ':' in host else host}:{port}"
    finally:
        await runner.cleanup()


async def _work(app: App) -> None:
    """Prepares the database, then does what nobody asks for."""
    await _until_done(_prepare, app)
    if app.clock is not None:
        await app.clock.start()
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(_every(LOOK_AT_CATALOGUE, app.regimes.catch_up))
            group.create_task(_every(ERASE_CONTACTS, app.service.erase_contacts))
            group.create_task(_every(FORGET_GUESSES, partial(guesses.forget, app.pool)))
    finally:
        if app.clock is not None:
            await app.clock.stop()


async def _prepare(app: App) -> None:
    # Used once: it keeps no statement, and may so come through any pgbouncer.
    connection = await store.connect(app.url, statement_cache=0)
    try:
        await migrate(connection)
    finally:
        await connection.close()
    await app.service.directory.refresh()
    await app.service.planner.warm_up()
    app.readiness.announce()
    _log.info("prepared", branches=len(app.service.directory.branches))


async def _until_done(work: Callable[[App], Awaitable[None]], app: App) -> None:
    told, pause = "", TRY_AGAIN
    while True:
        try:
            return await work(app)
        except _AWAY as problem:
            cause = store.in_words(problem)
            if cause != told:
                _log.warning("not_prepared", cause=cause)
                told, pause = cause, TRY_AGAIN
            await asyncio.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)


async def _every(seconds: float, work: Callable[[], Awaitable[None]]) -> None:
    while True:
        await asyncio.sleep(seconds)
        try:
            await work()
        except _AWAY as problem:
            _log.warning("put_off", cause=type(problem).__name__)
        except Exception:  # noqa: BLE001 - the next turn may go well
            _log.exception("put_off")


def serve(settings: Settings) -> None:
    """Runs one replica until SIGTERM or SIGINT.

    Exits with a sentence where it cannot listen, or the database is not one of this version.
    """
    logs.configure(settings.log_level, settings.replica)
    try:
        uvloop.run(_serve(settings))
    except OSError as problem:
        sys.exit(cannot_listen(settings.host, settings.port, problem))
    except MigrationError as problem:
        sys.exit(f"The database cannot be used: {problem}")


async def _serve(settings: Settings) -> None:
    stop = asyncio.Event()
    _collect_seldom()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    async with running(settings) as service:
        _log.info("listening", address=service.address)
        await _until_stopped(stop, service.work)
        _log.info("stopping")


async def _until_stopped(stop: asyncio.Event, work: asyncio.Task[None]) -> None:
    """Raises MigrationError for a database that waiting will not mend."""
    stopped = asyncio.create_task(stop.wait())
    await asyncio.wait((stopped, work), return_when=asyncio.FIRST_COMPLETED)
    if work.done() and isinstance(failure := work.exception(), MigrationError):
        raise failure
    await stopped


def _collect_seldom() -> None:
    """Requests leave next to no cycles, and looking for them walks through every journal."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG_OBJECTS, 20, 100)
