"""`kezek watch`: a simulated day on the real boards, over a database that is thrown away."""

from __future__ import annotations

import asyncio
import json
import secrets
import signal
import subprocess
import sys
import time
from collections import deque
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import urlencode

import click

from queue_service.access import tokens
from queue_service.catalogue import content
from queue_service.journal import JournalError
from queue_service.journal.copying import Copyist
from queue_service.machine.parent_death import die_with_parent
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
    ws_url,
)
from queue_service.machine.replay import forgo_durability
from queue_service.machine.state_folder import temporary_state_folder
from queue_service.migrations import migrate
from queue_service.played_day import PlayedDay
from queue_service.policy.events import TicketIssued
from queue_service.settings import ClockSetting
from queue_service.store import open_pool
from queue_service.timing.localtime import in_zone
from queue_service.timing.wallclock import WatchedClock

if TYPE_CHECKING:
    from collections.abc import Sequence

    from queue_service.journal import StreamKey
    from queue_service.policy.events import Entry
    from queue_service.settings import Settings

MODULE: Final = "simulation.watch"
HEAD_START_SECONDS: Final = 6.0
"""From the start of the processes until the day begins: they get ready, and pages are opened."""
GATHERED_SECONDS: Final = 0.02
"""What happens within it is written together."""


class WatchOptions(NamedTuple):
    """What the command line said; `day` are the arguments that choose the simulated day."""

    day: tuple[str, ...]
    speed: float
    port: int | None
    until_end: bool
    as_json: bool
    pg_bin: Path | None


def run_watch(options: WatchOptions, settings: Settings) -> int:
    """Plays until it is asked to stop; gives the exit status.

    A click error says in a sentence why it cannot.
    """
    try:
        with temporary_state_folder("kezek-watch-") as folder:
            day_file = folder / "day"
            if failed := _simulate(options.day, day_file):
                return failed
            day = PlayedDay.decode(day_file.read_bytes())
            port = choose_port(settings.host, options.port, settings.port)
            gateway_port = choose_port(settings.host, 0, 0)
            with EmbeddedPostgres(folder, options.pg_bin) as server:
                player = _Player(options, day, server, (settings.host, port, gateway_port))
                asyncio.run(player.run())
    except (ProcessError, PostgresError, JournalError) as problem:
        raise click.ClickException(str(problem)) from None
    return 0


def _simulate(arguments: Sequence[str], day: Path) -> int:
    """Has the day simulated into a file; gives the exit status."""
    command = [sys.executable, "-P", "-m", MODULE, *arguments, "--out", str(day)]
    return subprocess.run(
        command,
        check=False,
        process_group=0,
        preexec_fn=die_with_parent(signal.SIGKILL),
    ).returncode


class _Player:
    """Starts the service and the gateway, and writes the day into the journal at its own times."""

    def __init__(
        self,
        options: WatchOptions,
        day: PlayedDay,
        server: EmbeddedPostgres,
        place: tuple[str, int, int],
    ) -> None:
        host, port, gateway_port = place
        self._options = options
        self._day = day
        self._server = server
        self._address = (host, port)
        self._gateway_address = (host, gateway_port)
        self._api = http_url(host, port)
        self._children: list[Child] = []
        self._manager = ""
        """The token of whoever looks at the manager's page."""

    async def run(self) -> None:
        async with asked_to_stop() as stop:
            try:
                await run_unless(stop, self._work())
            finally:
                for child in reversed(self._children):
                    await child.stop()

    async def _work(self) -> None:
        await self._prepare()
        async with Copyist(self._server.url) as copyist:
            await copyist.append(_key(self._day), before := _before(self._day))
            begins_at = time.time_ns() // 1_000_000 + round(HEAD_START_SECONDS * 1000)
            times = self._day.begins_at, begins_at, self._options.speed, self._day.ends_at
            await self._start(str(ClockSetting("watched", *times)))
            self._announce()
            rest = self._day.entries[len(before) :]
            await self._beside_the_watches(copyist, rest, WatchedClock(*times))

    async def _prepare(self) -> None:
        await forgo_durability(self._server.url)
        async with await open_pool(self._server.url, most=1, name="kezek watch") as pool:
            async with pool.acquire() as connection:
                await migrate(connection)
            await content.store(pool, self._day.catalogue)
            self._manager = await tokens.mint(pool, "manager", self._day.branch, "watch")

    async def _start(self, clock: str) -> None:
        url, folder = self._server.url, self._server.home.parent
        gateway = http_url(*self._gateway_address)
        secret, log = secrets.token_urlsafe(32), folder / "service.log"
        service = service_child(url, self._address, clock, secret, log)
        service.environment["KEZEK_GATEWAY_URL"] = ws_url(*self._gateway_address)
        self._children = [
            service,
            gateway_child(url, self._gateway_address, clock, folder / "gateway.log"),
        ]
        for child in self._children:
            await child.start()
        for address, child in zip((self._api, gateway), self._children, strict=True):
            await wait_until_ready(f"{address}/readyz", child)

    async def _beside_the_watches(
        self, copyist: Copyist, rest: Sequence[Entry], wall: WatchedClock
    ) -> None:
        """Plays while whatever dies is started again; then stays, unless the end was asked for."""
        watches = [child.keep_running() for child in self._children]
        watches.append(keep_database_running(self._server))
        try:
            async with asyncio.TaskGroup() as group:
                tasks = [group.create_task(watch) for watch in watches]
                await _play(copyist, _key(self._day), rest, wall)
                self._tell_end()
                if self._options.until_end:
                    for task in tasks:
                        task.cancel()
        except ExceptionGroup as failures:
            raise failures.exceptions[0] from None

    # --- telling --------------------------------------------------------------------------------

    def _announce(self) -> None:
        ready = self._ready()
        described = _described(ready, self._day, self._options.speed)
        click.echo(json.dumps(ready) if self._options.as_json else described)
        sys.stdout.flush()

    def _ready(self) -> dict[str, object]:
        local, branch = in_zone(self._day.zone), self._day.branch
        board = urlencode({"branch": branch})
        manager = urlencode({"token": self._manager, "branch": branch, "role": "manager"})
        addresses: dict[str, object] = {
            "api": self._api,
            "gateway": ws_url(*self._gateway_address),
            "hall": f"{self._api}/hall/?{board}",
            "street": f"{self._api}/street/?{board}",
            "manager": f"{self._api}/manager/#{manager}",
        }
        if ticket := _ticket(self._day):
            query = urlencode({"branch": branch, "id": ticket.ticket})
            addresses["ticket"] = f"{self._api}/ticket/?{query}"
            addresses["number"] = ticket.number
        return addresses | {
            "branch": branch,
            "date": str(self._day.date),
            "begins": local.text(self._day.begins_at),
            "ends": local.text(self._day.ends_at),
            "speed": self._options.speed,
            "database": self._server.url,
        }

    def _tell_end(self) -> None:
        count = len(self._day.entries)
        end = {"over": in_zone(self._day.zone).text(self._day.ends_at), "entries": count}
        stays = "." if self._options.until_end else "; the boards stay as they are until Ctrl-C."
        click.echo(json.dumps(end) if self._options.as_json else f"The day is over{stays}")
        sys.stdout.flush()


async def _play(
    copyist: Copyist, key: StreamKey, entries: Sequence[Entry], wall: WatchedClock
) -> None:
    """Writes each entry when the clock shows its time."""
    rest = deque(entries)
    while rest:
        seconds = wall.seconds_until(rest[0].at)
        await asyncio.sleep(max(0.0, seconds) + GATHERED_SECONDS)
        now = wall.now()
        due: list[Entry] = []
        while rest and rest[0].at <= now:
            due.append(rest.popleft())
        await copyist.append(key, due)


def _key(day: PlayedDay) -> StreamKey:
    return (day.branch, day.date)


def _before(day: PlayedDay) -> list[Entry]:
    return [entry for entry in day.entries if entry.at <= day.begins_at]


def _ticket(day: PlayedDay) -> TicketIssued | None:
    """A ticket to be followed: the last one that is there from the start, or the first after."""
    issued = [one for one in day.entries if isinstance(one.event, TicketIssued)]
    there = [one.event for one in issued if one.at <= day.begins_at]
    chosen = there[-1:] or [one.event for one in issued[:1]]
    return next((one for one in chosen if isinstance(one, TicketIssued)), None)


def _described(ready: dict[str, object], day: PlayedDay, speed: float) -> str:
    local = in_zone(day.zone)
    times = f"{local.clock(day.begins_at)} to {local.clock(day.ends_at)}"
    lasts = (day.ends_at - day.begins_at) / speed / 60_000
    pace = f"{speed:g} times as fast, which takes {lasts:.1f} minutes"
    lines = [
        f"{day.title}: {day.date}, {times}, {pace}.",
        "Open in a browser:",
        f"  hall board    {ready['hall']}",
        f"  street board  {ready['street']}",
    ]
    if "ticket" in ready:
        lines.append(f"  a ticket      {ready['ticket']}  ({ready['number']})")
    lines.append(f"  manager       {ready['manager']}")
    return "\n".join(
        [
            *lines,
            "",
            f"  database      KEZEK_DATABASE_URL='{ready['database']}'",
            "",
            "Ctrl-C stops everything; nothing is kept.",
        ]
    )
