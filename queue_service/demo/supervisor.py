"""`kezek demo`: one supervisor that runs the database, the service and simulated visitors."""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import click

from queue_service.demo.clock import ZONE, following_morning, start_clock
from queue_service.demo.data import BRANCH, START_PAGE, SignIns, demo_catalogue, open_demo
from queue_service.machine.postgres import EmbeddedPostgres, PostgresError
from queue_service.machine.processes import (
    Child,
    ProcessError,
    asked_to_stop,
    choose_port,
    gateway_child,
    http_url,
    keep_database_running,
    run_unless,
    service_child,
    wait_until_ready,
    worker_child,
    ws_url,
)

if TYPE_CHECKING:
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
        # A taken port is no reason to stop: pages learn the gateway's from the service.
        gateway_port = choose_port(settings.host, 0 if options.port == 0 else None, port + 1)
        # Never KEZEK_DATABASE_URL: visitors and tokens made up here must not reach real branches.
        with EmbeddedPostgres(state_dir, options.pg_bin) as server:
            place = _Place(settings.host, port, gateway_port, state_dir)
            asyncio.run(_Supervisor(options, place, server).run(server.url))
    except (ProcessError, PostgresError) as problem:
        raise click.ClickException(str(problem)) from None


def _wanted_port(options: DemoOptions, settings: Settings) -> int | None:
    if options.port is None and "KEZEK_PORT" in os.environ:
        return settings.port
    return options.port


class _Place(NamedTuple):
    """Where the demo listens and keeps its data."""

    host: str
    port: int
    gateway_port: int
    state_dir: Path


class _Supervisor:
    def __init__(self, options: DemoOptions, place: _Place, server: EmbeddedPostgres) -> None:
        self._options = options
        self._place = place
        self._state_dir = place.state_dir
        self._server = server
        self._api = http_url(place.host, place.port)
        self._gateway = ws_url(place.host, place.gateway_port)
        self._children: list[Child] = []

    async def run(self, database_url: str) -> None:
        async with asked_to_stop() as stop:
            try:
                await run_unless(stop, self._work(database_url))
            finally:
                for child in reversed(self._children):
                    await child.stop()

    async def _work(self, database_url: str) -> None:
        now = _real_ms()
        content = partial(demo_catalogue, ZONE.date(now))
        demo = await open_demo(database_url, self._state_dir, content)
        clock = start_clock(demo.last_instant, now, self._options.clock_speed)
        service, gateway = self._servers(database_url, clock, demo.sign_ins.secret)
        await self._start(service)
        await self._start(gateway)
        await wait_until_ready(f"{self._api}/readyz", service)
        await wait_until_ready(f"{self._gateway.replace('ws', 'http', 1)}/readyz", gateway)
        await self._start(worker_child(database_url, self._state_dir / "worker.log"))
        if self._options.traffic:
            await self._start(self._traffic(demo.sign_ins))
        self._announce(demo.sign_ins, clock, database_url)
        await self._watch((service, gateway), clock)

    def _servers(self, url: str, clock: ClockSetting, secret: str) -> tuple[Child, Child]:
        host, port, gateway_port, folder = self._place
        service = service_child(url, (host, port), str(clock), secret, folder / "service.log")
        service.environment["KEZEK_GATEWAY_URL"] = self._gateway
        service.environment["KEZEK_DEMO_SIGN_INS"] = str(folder / START_PAGE)
        log = folder / "gateway.log"
        return service, gateway_child(url, (host, gateway_port), str(clock), log)

    def _traffic(self, sign_ins: SignIns) -> Child:
        operators = {f"operator:{one}": token for one, token in sign_ins.operators.items()}
        tokens = json.dumps(sign_ins.tokens | operators)
        environment = {"KEZEK_API": self._api, "KEZEK_TOKENS": tokens}
        log = self._state_dir / "traffic.log"
        log.unlink(missing_ok=True)
        return Child("traffic", ["-m", "simulation.live.traffic"], environment, log)

    async def _start(self, child: Child) -> None:
        self._children.append(child)
        await child.start()

    async def _watch(self, servers: tuple[Child, ...], clock: ClockSetting) -> None:
        watches = [child.keep_running() for child in self._children]
        watches.append(self._skip_nights(servers, clock))
        watches.append(keep_database_running(self._server))
        try:
            async with asyncio.TaskGroup() as group:
                for watch in watches:
                    group.create_task(watch)
        except ExceptionGroup as failures:
            raise failures.exceptions[0] from None

    async def _skip_nights(self, servers: tuple[Child, ...], clock: ClockSetting) -> None:
        """Nobody watches a closed branch: at night the clock goes on from the next morning."""
        while True:
            await asyncio.sleep(NIGHT_CHECK_SECONDS)
            morning = following_morning(clock, _real_ms())
            if morning is not None:
                clock = morning
                for server in servers:
                    server.environment["KEZEK_CLOCK"] = str(clock)
                    await server.stop()

    def _announce(self, sign_ins: SignIns, clock: ClockSetting, database_url: str) -> None:
        if self._options.as_json:
            tokens = sign_ins.tokens
            servers = {"api": self._api, "gateway": self._gateway}
            ready = servers | {"branch": BRANCH, "tokens": tokens}
            click.echo(json.dumps(ready))
        else:
            lines = _describe(self._api, self._gateway, sign_ins, clock)
            lines += [
                f"  data      {self._state_dir}",
                f"  database  KEZEK_DATABASE_URL='{database_url}'",
                "",
                "Ctrl-C stops everything; the next start carries on with the same data.",
            ]
            click.echo("\n".join(lines))
        sys.stdout.flush()


def _describe(api: str, gateway: str, sign_ins: SignIns, clock: ClockSetting) -> list[str]:
    began = ZONE.text(clock.virtual_ms // 1000 * 1000)
    pace = "at the real pace" if clock.speed == 1 else f"{clock.speed:g} times as fast as yours"
    take = f"""curl -H "Authorization: Bearer {sign_ins.tokens["kiosk"]}" """
    return [
        "Kezek runs. Open this page in a browser:",
        f"  {api}/",
        "",
        f"  service   {api}  (what it answers to: {api}/openapi.json)",
        f"  gateway   {gateway}  (tells boards and pages what is new)",
        f"  branch    {BRANCH}; its clock began at {began} and runs {pace}",
        "  sign-ins  as the header 'Authorization: Bearer ...'",
        *(f"    {role:<11} {token}" for role, token in sign_ins.tokens.items()),
        f"  staff     the logins are the roles, the password of each is {sign_ins.password}",
        f"  try       {take}{api}/v1/branches/{BRANCH}/board",
    ]


def _real_ms() -> int:
    return time.time_ns() // 1_000_000
