"""The product's own processes: started, watched, started again when they die, stopped in order."""

from __future__ import annotations

import asyncio
import contextlib
import os
import secrets
import signal
import socket
import sys
from typing import TYPE_CHECKING, TypeVar

import aiohttp

from queue_service.machine.parent_death import die_with_parent
from queue_service.settings import LARGEST_PORT, cannot_listen, is_no_address_here

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Coroutine, Iterable, Mapping, Sequence
    from pathlib import Path

    from queue_service.machine.postgres import EmbeddedPostgres

T = TypeVar("T")
STOP_SECONDS = 15.0
READY_SECONDS = 90.0
POLL_SECONDS = 0.05
DATABASE_POLL_SECONDS = 0.1
RESTART_SECONDS = (0.1, 0.5, 1.0, 2.0, 5.0)
STEADY_SECONDS = 30.0
PORTS_TRIED = 50
UNASSIGNED = range(10_000, 32_768)
"""Ports that Linux hands to nobody: one of its own choice may be another's before we listen."""


class ProcessError(Exception):
    """A process of the product does not run; the message says why and what to do."""


class Child:
    """One Python process of the product that dies with this one and is started again when it dies.

    `environment` is added to this process's own. What it prints goes to the end of `log`, or
    where this process prints.
    """

    def __init__(
        self,
        name: str,
        arguments: Sequence[str],
        environment: Mapping[str, str],
        log: Path | None = None,
    ) -> None:
        self.name = name
        self.environment = dict(environment)
        self._command = [sys.executable, "-P", *arguments]
        self._log = log
        self._process: asyncio.subprocess.Process | None = None

    @property
    def is_running(self) -> bool:
        """Whether the process is there now."""
        return self._process is not None and self._process.returncode is None

    @property
    def pid(self) -> int | None:
        """The process's id, None before the first start."""
        return self._process.pid if self._process else None

    async def start(self) -> None:
        """Starts the process; call it from the main thread only."""
        with self._log.open("ab") if self._log else contextlib.nullcontext() as output:
            self._process = await asyncio.create_subprocess_exec(
                *self._command,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env={**os.environ, **self.environment},
                process_group=0,
                preexec_fn=die_with_parent(signal.SIGKILL),
            )

    async def ended(self) -> int:
        """Waits for the process's end and gives its exit status."""
        return 0 if self._process is None else await self._process.wait()

    async def keep_running(self) -> None:
        """Starts the process whenever it ends, more slowly each time in a row; never returns."""
        clock = asyncio.get_running_loop().time
        failures = 0
        while True:
            began = clock()
            await self.ended()
            failures = 1 if clock() - began > STEADY_SECONDS else failures + 1
            await asyncio.sleep(RESTART_SECONDS[min(failures, len(RESTART_SECONDS)) - 1])
            await self.start()

    async def stop(self) -> None:
        """Asks the process to end and waits; one that does not listen is killed."""
        process = self._process
        if process is None or process.returncode is not None:
            return
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
            try:
                await asyncio.wait_for(process.wait(), STOP_SECONDS)
            except TimeoutError:
                process.kill()
                await process.wait()

    def last_words(self) -> str:
        """The last line that the process printed, for the sentence about its end."""
        said: list[str] = []
        with contextlib.suppress(OSError):
            said = self._log.read_text(errors="replace").split("\n") if self._log else []
        return next((line for line in reversed(said) if line.strip()), "it said nothing")


def service_child(
    database_url: str, address: tuple[str, int], clock: str, secret: str, log: Path
) -> Child:
    """A replica of the service on its own port; `clock` as in KEZEK_CLOCK."""
    environment = {
        "KEZEK_DATABASE_URL": database_url,
        "KEZEK_HOST": address[0],
        "KEZEK_PORT": str(address[1]),
        "KEZEK_CLOCK": clock,
        "KEZEK_SECRET": secret,
    }
    log.unlink(missing_ok=True)
    return Child("service", ["-m", "queue_service", "serve"], environment, log)


def gateway_child(database_url: str, address: tuple[str, int], clock: str, log: Path) -> Child:
    """A process of the gateway on its own port; `clock` is that of the service."""
    environment = {
        "KEZEK_DATABASE_URL": database_url,
        "KEZEK_HOST": address[0],
        "KEZEK_GATEWAY_PORT": str(address[1]),
        "KEZEK_CLOCK": clock,
    }
    log.unlink(missing_ok=True)
    return Child("gateway", ["-m", "displays"], environment, log)


def worker_child(database_url: str, log: Path) -> Child:
    """A worker that runs simulations; it leaves a processor to those who serve people."""
    environment = {
        "KEZEK_DATABASE_URL": database_url,
        "KEZEK_WORKER_PROCESSES": str(max(1, len(os.sched_getaffinity(0)) - 1)),
    }
    log.unlink(missing_ok=True)
    return Child("worker", ["-m", "simulation.worker"], environment, log)


def http_url(host: str, port: int) -> str:
    """The address of a service on this machine."""
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"


def ws_url(host: str, port: int) -> str:
    """The address of a gateway on this machine, as browsers reach it."""
    return http_url(host, port).replace("http", "ws", 1)


async def run_unless(stop: asyncio.Event, work: Coroutine[None, None, T]) -> T | None:
    """Runs the work until it is done or fails; None where the event was set before."""
    task = asyncio.ensure_future(work)
    stopper = asyncio.ensure_future(stop.wait())
    await asyncio.wait({task, stopper}, return_when=asyncio.FIRST_COMPLETED)
    for each in (task, stopper):
        each.cancel()
    await asyncio.wait({task, stopper})
    return None if task.cancelled() else task.result()


async def wait_until_ready(url: str, child: Child) -> None:
    """Returns when `url` answers 200; raises ProcessError when the child ends or takes too long."""
    try:
        async with asyncio.timeout(READY_SECONDS), aiohttp.ClientSession() as session:
            while not await _answers(session, url):
                if not child.is_running:
                    raise ProcessError(f"The {child.name} did not start: {child.last_words()}")
                await asyncio.sleep(POLL_SECONDS)
    except TimeoutError:
        raise ProcessError(
            f"The {child.name} was not ready within {READY_SECONDS:g} s: {child.last_words()}"
        ) from None


async def _answers(session: aiohttp.ClientSession, url: str) -> bool:
    with contextlib.suppress(aiohttp.ClientError):
        async with session.get(url) as response:
            return response.status == 200  # noqa: PLR2004
    return False


async def keep_database_running(server: EmbeddedPostgres) -> None:
    """Starts the database again whenever it dies; never returns."""
    while True:
        await asyncio.sleep(DATABASE_POLL_SECONDS)
        if server.pid is None:
            # In this very thread on purpose: the server would end with any shorter-lived one.
            server.restart()


@contextlib.asynccontextmanager
async def asked_to_stop() -> AsyncIterator[asyncio.Event]:
    """Gives the event that SIGINT, SIGTERM or SIGHUP sets."""
    loop, event = asyncio.get_running_loop(), asyncio.Event()
    signals = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    for each in signals:
        loop.add_signal_handler(each, event.set)
    try:
        yield event
    finally:
        for each in signals:
            loop.remove_signal_handler(each)


def choose_port(host: str, wanted: int | None, default: int) -> int:
    """The port to listen on: the wanted one, any free one for 0, else the first free from default.

    Raises ProcessError when the wanted one is taken.
    """
    default = min(default, LARGEST_PORT + 1 - PORTS_TRIED)
    free = next((port for port in _candidates(wanted, default) if _is_free(host, port)), None)
    if free is not None:
        return free
    if wanted is None:
        raise ProcessError(
            f"No free port from {default} to {default + PORTS_TRIED - 1} on {host}: "
            "choose one with --port."
        )
    raise ProcessError(
        f"Port {wanted} on {host} is taken or not allowed: choose another with --port."
    )


def _candidates(wanted: int | None, default: int) -> Iterable[int]:
    if wanted is None:
        return range(default, default + PORTS_TRIED)
    if wanted == 0:
        return (UNASSIGNED.start + secrets.randbelow(len(UNASSIGNED)) for _ in range(PORTS_TRIED))
    return (wanted,)


def _is_free(host: str, port: int) -> bool:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as problem:
            if is_no_address_here(problem):
                raise ProcessError(cannot_listen(host, port, problem)) from None
            return False
    return True
