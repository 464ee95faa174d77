"""Puts the gateway together from its settings and runs it until told to stop."""

from __future__ import annotations

import asyncio
import gc
import logging
import resource
import signal
import socket
import sys
from contextlib import ExitStack, asynccontextmanager
from typing import TYPE_CHECKING, Final

import structlog
import uvloop
from websockets.asyncio.server import serve

from displays.addresses import Addresses
from displays.connection import MOST_KEPT, Connection
from displays.country import Country
from displays.day import LINGER
from displays.gateway import Gateway
from displays.metrics import Metrics
from displays.reception import Reception
from displays.time import Time
from queue_service import logs, store
from queue_service.journal import Journal
from queue_service.origins import Origins

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from queue_service.settings import Settings

SEND_BUFFER: Final = 64 * 1024
"""Bytes that the system keeps for a client: what is in there can no longer be replaced."""
LARGEST_MESSAGE: Final = 1024
SIGN_OF_LIFE: Final = 30.0
"""Seconds between two pings; a connection that does not answer one is over."""
BACKLOG: Final = 2048
YOUNG_OBJECTS: Final = 50_000
"""New containers between two searches for cyclic garbage; Python's own number is 700."""
_log = structlog.get_logger(__name__)


def serve_forever(settings: Settings) -> None:
    """Runs until SIGTERM or SIGINT; exits with a sentence where it cannot listen."""
    logs.configure(settings.log_level, settings.replica)
    # Boards come and go all day: one line for each would bury the rest.
    logging.getLogger("websockets").setLevel(logging.WARNING)
    _allow_many_connections()
    try:
        uvloop.run(_run(settings))
    except OSError as problem:
        sys.exit(
            f"Nothing can listen on {settings.host} port {settings.gateway_port}: "
            f"{problem.strerror}. Stop what uses it, or set KEZEK_GATEWAY_PORT to another one."
        )


async def _run(settings: Settings) -> None:
    stop = asyncio.Event()
    _collect_seldom()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    async with running(settings) as address:
        _log.info("listening", address=address)
        await stop.wait()
        _log.info("stopping")


@asynccontextmanager
async def running(settings: Settings) -> AsyncIterator[str]:
    """A gateway that listens while the context lasts; gives its address.

    It says that it is stale until the database is there. Raises OSError where it cannot listen,
    SettingsError without a database.
    """
    url, time = settings.require_database(), Time(settings.clock)
    kept = settings.database_statement_cache
    pool = await store.open_pool(url, most=2, name="kezek gateway", statement_cache=kept)
    journal = Journal(url, time.now, statement_cache=kept, unload_after=LINGER)
    country = Country(pool, journal, time, Metrics())
    gateway = Gateway(country)
    addresses = Addresses(settings.gateway_connections_per_address)
    origins = Origins(settings.trusted_proxies)
    reception = Reception(country, addresses, origins, gateway.serve)
    listening = _listen(settings.host, settings.gateway_port)
    await journal.start()
    work = asyncio.gather(country.run(), gateway.run())
    try:
        async with serve(
            reception.admit,
            sock=listening,
            create_connection=Connection,
            process_request=reception.answer,
            compression=None,
            max_size=LARGEST_MESSAGE,
            ping_interval=SIGN_OF_LIFE,
            ping_timeout=SIGN_OF_LIFE,
            close_timeout=1,
            # Below it the library would wait for a client that does not read, even to end it.
            write_limit=MOST_KEPT,
            server_header=None,
        ):
            host, port = listening.getsockname()[:2]
            yield f"ws://{f'[{host}]' if ':' in host else host}:{port}"
    finally:
        work.cancel()
        await asyncio.gather(work, return_exceptions=True)
        await country.days.close()
        await journal.stop()
        await pool.close()


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with ExitStack() as on_failure:
        listening = on_failure.enter_context(socket.socket(family, socket.SOCK_STREAM))
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        # Connections inherit it.
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)
        listening.bind((host, port))
        listening.listen(BACKLOG)
        on_failure.pop_all()
        return listening


def _collect_seldom() -> None:
    """Looking for cyclic garbage walks through every connection and every day."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG_OBJECTS, 20, 100)


def _allow_many_connections() -> None:
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
