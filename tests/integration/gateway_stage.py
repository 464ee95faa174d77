"""Gateways, boards that watch them, and days that are written meanwhile."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidMessage

from displays.app import running
from displays.gateway import UNKNOWN
from queue_service import store
from queue_service.catalogue import content
from queue_service.ids import new_ticket_id
from queue_service.journal import JournalUnavailable
from queue_service.policy import commands as asked
from queue_service.policy import events as happened
from queue_service.settings import ClockSetting, Settings
from queue_service.timing.wallclock import from_setting
from schemas.catalogue import SHIPPED, load_directory
from tests.integration.days import BRANCH, DATE, journal_on, opening, take
from tests.policy.branch_day import a_plan, clock
from tests.ports import free_port

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from queue_service.journal import Journal, Outcome

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60.0
RECOVERY = 5.0
"""Seconds in which a board must be right again."""
PLAN = a_plan(hall_limit=1000, group_size=2, arrive_within=600_000)
Frame = dict[str, Any]


def clock_at(text: str, speed: float = 1.0) -> ClockSetting:
    """A clock that shows a time of 19 March 2020 now and goes on."""
    return ClockSetting("scaled", clock(text), time.time_ns() // 1_000_000, speed)


class Gateway:
    """One process on a port of its own."""

    def __init__(self, database_url: str, setting: ClockSetting) -> None:
        self.port = free_port()
        self.address = f"ws://127.0.0.1:{self.port}"
        self._environment = {
            "KEZEK_DATABASE_URL": database_url,
            "KEZEK_GATEWAY_PORT": str(self.port),
            "KEZEK_CLOCK": str(setting),
        }
        self.process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        """Begins a process; whoever connects waits until it listens."""
        kept = {name: value for name, value in os.environ.items() if "KEZEK" not in name}
        self.process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "queue_service", "gateway"),
            cwd=ROOT,
            env=kept | self._environment,
            stderr=asyncio.subprocess.DEVNULL,
        )

    async def end(self, request: signal.Signals = signal.SIGTERM) -> int:
        """Sends a signal and waits for the end; gives the exit status."""
        assert self.process is not None
        with suppress(ProcessLookupError):
            self.process.send_signal(request)
        async with asyncio.timeout(PATIENCE):
            return await self.process.wait()


async def prepared(url: str) -> None:
    """Puts the shipped catalogue into a database."""
    async with await store.open_pool(url) as pool:
        await content.store(pool, load_directory(SHIPPED))


@asynccontextmanager
async def gateway_on(
    url: str,
    setting: ClockSetting,
    **more: Any,  # noqa: ANN401
) -> AsyncIterator[str]:
    """A gateway in this process, over a database with the shipped catalogue; gives its address.

    `more` are fields of the settings.
    """
    await prepared(url)
    named = {"KEZEK_DATABASE_URL": url, "KEZEK_CLOCK": str(setting)}
    settings = Settings.from_environment(named)
    async with running(msgspec.structs.replace(settings, gateway_port=0, **more)) as address:
        yield address


@asynccontextmanager
async def gateway_process_on(url: str, setting: ClockSetting) -> AsyncIterator[Gateway]:
    """A gateway that can be killed."""
    await prepared(url)
    gateway = Gateway(url, setting)
    await gateway.start()
    try:
        yield gateway
    finally:
        await gateway.end(signal.SIGKILL)


class Branch:
    """A branch-day that is written as a service would, over a journal of its own."""

    def __init__(self, journal: Journal, branch: str = BRANCH) -> None:
        self.journal = journal
        self.branch = branch

    async def do(self, command: asked.Command) -> Outcome:
        """Carries out a command, again while the database is too slow; a refusal fails the test."""
        while True:
            with suppress(JournalUnavailable):
                outcome = await self.journal.submit(self.branch, DATE, command)
                assert outcome.refusal is None, outcome.refusal
                return outcome

    async def open(self, *counters: str, **plan: Any) -> None:  # noqa: ANN401
        """Opens the day and its counters."""
        await self.do(opening(plan=msgspec.structs.replace(PLAN, branch=self.branch, **plan)))
        for counter in counters:
            await self.do(asked.OpenCounter(id=os.urandom(16), by="operator", counter=counter))

    async def visit(self, **changes: Any) -> str:  # noqa: ANN401
        """Somebody comes; returns the id of the ticket."""
        ticket = new_ticket_id(DATE)
        event = (await self.do(take(ticket=ticket, **changes))).entries[0].event
        assert isinstance(event, happened.TicketIssued)
        return event.ticket

    async def call(self, counter: str) -> tuple[int, str]:
        """Calls the next visitor; returns the place of the call, and the ticket."""
        command = asked.CallNext(id=os.urandom(16), by="operator", counter=counter)
        entry = (await self.do(command)).entries[0]
        assert isinstance(entry.event, happened.TicketCalled)
        return entry.seq, entry.event.ticket

    async def dismiss(self, ticket: str) -> None:
        """Who was called did not come."""
        await self.do(asked.MarkNoShow(id=os.urandom(16), by="operator", ticket=ticket))

    async def visits_called(self, counter: str, count: int) -> list[int]:
        """Visitors come and are called, one after the other; the places of the calls."""
        places = []
        for _ in range(count):
            await self.visit()
            place, ticket = await self.call(counter)
            await self.dismiss(ticket)
            places.append(place)
        return places


@asynccontextmanager
async def branch_on(url: str, setting: ClockSetting) -> AsyncIterator[Branch]:
    """A branch whose journal takes the time from the same clock as the gateway."""
    async with journal_on(url, now=from_setting(setting).now) as journal:
        yield Branch(journal)


class Watcher:
    """A client as `live.js` is one: it folds frames, comes back, and resumes."""

    def __init__(self, address: str) -> None:
        self._address = address
        self.frames: list[Frame] = []
        self.view: Frame = {}
        self.called: list[Frame] = []
        self.stale_since: int | None = None
        self.closed_with: int | None = None
        self.heard = asyncio.Condition()
        self._seq = 0

    async def run(self) -> None:
        """Watches for ever, or until it is told that there is nothing to watch."""
        while self.closed_with != UNKNOWN:
            with suppress(OSError, InvalidHandshake, InvalidMessage):
                await self._watch()
            async with self.heard:
                self.heard.notify_all()
            await asyncio.sleep(0.1)

    async def _watch(self) -> None:
        date = self.view.get("date")
        resumption = f"?after={self._seq}&date={date}" if date else ""
        address = self._address + resumption
        async with connect(address, compression=None, open_timeout=2) as connection:
            try:
                async for message in connection:
                    await self._hear(msgspec.json.decode(message))
            except ConnectionClosed:
                pass
            self.closed_with = connection.close_code

    async def _hear(self, frame: Frame) -> None:
        self.frames.append(frame)
        self.stale_since = frame.get("since_ms")
        if "called" in frame:
            self._take(frame)
        async with self.heard:
            self.heard.notify_all()

    def _take(self, frame: Frame) -> None:
        view = frame.get("board") or frame.get("ticket") or {}
        is_new_day = view.get("date", self.view.get("date")) != self.view.get("date")
        after = 0 if is_new_day else self._seq
        self.called += [call for call in frame["called"] if call["seq"] > after]
        is_part = frame["type"] == "change" and "board" in frame
        self.view = self.view | view if is_part else view
        self._seq = frame["seq"]

    async def until(self, holds: Any, seconds: float = PATIENCE) -> None:  # noqa: ANN401
        """Returns when something holds; fails when it does not come to hold."""
        try:
            async with asyncio.timeout(seconds), self.heard:
                await self.heard.wait_for(holds)
        except TimeoutError:
            raise AssertionError(f"not within {seconds} s; last: {self.frames[-2:]}") from None

    async def reaches(self, seq: int, seconds: float = PATIENCE) -> None:
        """Returns when the frames have told all up to a place in the journal."""
        await self.until(lambda: self._seq >= seq and self.stale_since is None, seconds)


BOARD = f"/v1/branches/{BRANCH}/board"


def ticket_path(ticket: str) -> str:
    """The address of a ticket of the branch."""
    return f"/v1/branches/{BRANCH}/tickets/{ticket}"


@asynccontextmanager
async def watching(gateway: str, path: str = BOARD) -> AsyncIterator[Watcher]:
    """A watcher of what `path` names."""
    watcher = Watcher(gateway + path)
    task = asyncio.create_task(watcher.run())
    try:
        yield watcher
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
