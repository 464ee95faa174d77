"""`kezek demo`: one supervisor that runs the database, the service and simulated visitors."""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from queue_service.demo_clock import ZONE, following_morning, start_clock
from queue_service.demo_data import BRANCH, SignIns, open_demo
from queue_service.postgres import EmbeddedPostgres, PostgresError
from queue_service.processes import (
    Child,
    ProcessError,
    asked_to_stop,
    choose_port,
    keep_database_running,
    wait_until_ready,
)

if TYPE_CHECKING:
    from collections.abc import Coroutine
    from pathlib import Path

    from queue_service.settings import ClockSetting, Settings

SPEED_WITH_TRAFFIC = 30.0
SPEED_WITHOUT = 1.0
NIGHT_CHECK_SECONDS = 1.0


@dataclass(frozen=True, kw_only=True)
class DemoOptions:
    """What the command line said; None leaves the choice to the demo."""

    port: int | None
    state_dir: Path | None
    traffic: bool
    speed: float | None
    as_json: bool
    pg_bin: Path | None

    @property
    def clock_speed(self) -> float:
        """Virtual seconds in a real second."""
        return self.speed or (SPEED_WITH_TRAFFIC if self.traffic else SPEED_WITHOUT)


def run_demo(options: DemoOptions, settings: Settings) -> None:
    """Runs until it is asked to stop; a click error says in a sentence why it cannot."""
    state_dir = (options.state_dir or settings.state_dir).absolute()
    try:
        port = choose_port(settings.host, _wanted_port(options, settings), settings.port)
        if settings.database_url:
            state_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
            asyncio.run(_Supervisor(options, settings, state_dir, port).run(settings.database_url))
            return
        with EmbeddedPostgres(state_dir, options.pg_bin) as server:
            asyncio.run(_Supervisor(options, settings, state_dir, port, server).run(server.url))
    except (ProcessError, PostgresError) as problem:
        raise click.ClickException(str(problem)) from None


def _wanted_port(options: DemoOptions, settings: Settings) -> int | None:
    if options.port is None and "KEZEK_PORT" in os.environ:
        return settings.port
    return options.port


class _Supervisor:
    def __init__(
        self,
        options: DemoOptions,
        settings: Settings,
        state_dir: Path,
        port: int,
        server: EmbeddedPostgres | None = None,
    ) -> None:
        self._options = options
        self._settings = settings
        self._state_dir = state_dir
        self._server = server
        self._port = port
        host = settings.host
        self._api = f"http://{f'[{host}]' if ':' in host else host}:{port}"
        self._children: list[Child] = []

    async def run(self, database_url: str) -> None:
        async with asked_to_stop() as stop:
            try:
                await _unless(stop, self._work(database_url))
            finally:
                for child in reversed(self._children):
                    await child.stop()

    async def _work(self, database_url: str) -> None:
        demo = await open_demo(database_url, self._state_dir, ZONE.date(_real_ms()))
        clock = start_clock(demo.last_instant, _real_ms(), self._options.clock_speed)
        service = await self._start_service(database_url, demo.sign_ins, clock)
        if self._options.traffic:
            await self._start_traffic(demo.sign_ins)
        self._announce(demo.sign_ins, clock, database_url)
        await self._watch(service, clock)

    async def _watch(self, service: Child, clock: ClockSetting) -> None:
        watches = [child.keep_running() for child in self._children]
        watches.append(self._skip_nights(service, clock))
        if self._server:
            watches.append(keep_database_running(self._server))
        try:
            async with asyncio.TaskGroup() as group:
                for watch in watches:
                    group.create_task(watch)
        except ExceptionGroup as failures:
            raise failures.exceptions[0] from None

    async def _start_service(
        self, database_url: str, sign_ins: SignIns, clock: ClockSetting
    ) -> Child:
        environment = {
            "KEZEK_DATABASE_URL": database_url,
            "KEZEK_HOST": self._settings.host,
            "KEZEK_PORT": str(self._port),
            "KEZEK_CLOCK": str(clock),
            "KEZEK_SECRET": sign_ins.secret,
        }
        service = await self._start("service", ["-m", "queue_service", "serve"], environment)
        await wait_until_ready(f"{self._api}/readyz", service)
        return service

    async def _start_traffic(self, sign_ins: SignIns) -> None:
        environment = {"KEZEK_API": self._api, "KEZEK_TOKENS": json.dumps(sign_ins.tokens)}
        await self._start("traffic", ["-m", "simulation.traffic"], environment)

    async def _start(self, name: str, arguments: list[str], environment: dict[str, str]) -> Child:
        log = self._state_dir / f"{name}.log"
        log.unlink(missing_ok=True)
        child = Child(name, arguments, {**os.environ, **environment}, log)
        self._children.append(child)
        await child.start()
        return child

    async def _skip_nights(self, service: Child, clock: ClockSetting) -> None:
        """Nobody watches a closed branch: at night the clock goes on from the next morning."""
        while True:
            await asyncio.sleep(NIGHT_CHECK_SECONDS)
            morning = following_morning(clock, _real_ms())
            if morning is not None:
                clock = morning
                service.environment["KEZEK_CLOCK"] = str(clock)
                await service.stop()

    def _announce(self, sign_ins: SignIns, clock: ClockSetting, database_url: str) -> None:
        if self._options.as_json:
            tokens = sign_ins.tokens
            ready = {"api": self._api, "gateway": None, "branch": BRANCH, "tokens": tokens}
            click.echo(json.dumps(ready))
        else:
            lines = _describe(self._api, sign_ins, clock)
            lines += [
                f"  data      {self._state_dir}",
                f"  database  KEZEK_DATABASE_URL='{database_url}'",
                "",
                "Ctrl-C stops everything; the next start carries on with the same data.",
            ]
            click.echo("\n".join(lines))
        sys.stdout.flush()


def _describe(api: str, sign_ins: SignIns, clock: ClockSetting) -> list[str]:
    began = ZONE.text(clock.virtual_ms // 1000 * 1000)
    take = f"""curl -H "Authorization: Bearer {sign_ins.tokens["kiosk"]}" """
    return [
        "Kezek runs.",
        f"  service   {api}  (what it answers to: {api}/openapi.json)",
        f"  branch    {BRANCH}; its clock began at {began} and runs {clock.speed:g} times as fast",
        "  sign-ins  as the header 'Authorization: Bearer ...'",
        *(f"    {role:<11} {token}" for role, token in sign_ins.tokens.items()),
        f"  try       {take}{api}/v1/branches/{BRANCH}/board",
    ]


async def _unless(stop: asyncio.Event, work: Coroutine[None, None, None]) -> None:
    """Runs the work until it fails or until the event is set."""
    tasks = {asyncio.ensure_future(work), asyncio.ensure_future(_wait(stop))}
    done, left = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in left:
        task.cancel()
    await asyncio.gather(*left, return_exceptions=True)
    for task in done:
        task.result()


async def _wait(stop: asyncio.Event) -> None:
    await stop.wait()


def _real_ms() -> int:
    return time.time_ns() // 1_000_000
