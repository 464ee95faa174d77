"""The clock on a real journal: everything due happens, once, and at its own instant."""

from __future__ import annotations

import asyncio
import os
import tempfile
import time
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from queue_service.policy import commands as asked
from queue_service.policy.rules import NEVER
from queue_service.settings import ClockSetting
from queue_service.timing.clock import Clock, DrivenTime
from queue_service.timing.wallclock import DrivenClock, RealClock, ScaledClock, from_setting
from tests.integration.days import (
    BRANCH,
    DATE,
    all_entries,
    driven,
    journal_on,
    open_days,
    take_many,
    until,
)
from tests.integration.wire import Wire
from tests.policy.branch_day import clock

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from queue_service.journal import Journal
    from queue_service.policy.events import Entry


def running_from(text: str, hours_a_second: int = 1) -> ScaledClock:
    """So many hours of 19 March 2020 each second, from a time of that day on."""
    return ScaledClock(clock(text), time.time_ns() // 1_000_000, 3600 * hours_a_second)


DAY = 86_400_000


async def no_plans() -> int:
    return NEVER


@asynccontextmanager
async def ticking(
    url: str, wall: RealClock, patience: float = 5, look_every: float = 30
) -> AsyncIterator[tuple[Journal, Clock]]:
    async with journal_on(url, now=wall.now, patience=patience) as journal:
        ticks = Clock(journal, wall, no_plans, look_every)
        await ticks.start()
        yield journal, ticks
        await ticks.stop()


async def first(journal: Journal, kind: str) -> Entry:
    """The first entry of a kind, as soon as it is there."""
    tail = journal.tail(BRANCH, DATE)
    async with asyncio.timeout(60):
        async for entry in tail:
            if type(entry.event).__name__ == kind:
                await tail.aclose()
                return entry
    raise AssertionError


def kinds(entries: list[Entry]) -> list[str]:
    return [type(entry.event).__name__ for entry in entries]


async def release(journal: Journal) -> None:
    await journal.submit(BRANCH, DATE, asked.ReleaseGroup(id=os.urandom(16), by="attendant"))


async def test_the_day_closes_and_ends_by_itself(database_url: str) -> None:
    async with ticking(database_url, running_from("17:00")) as (journal, _):
        await open_days(journal, BRANCH)
        closed = await first(journal, "DayClosed")
        ended = await first(journal, "DayEnded")
    assert clock("18:00") <= closed.at < ended.at
    assert closed.by == "clock"


async def test_an_earlier_deadline_comes_first(database_url: str) -> None:
    async with ticking(database_url, running_from("12:00")) as (journal, _):
        await open_days(journal, BRANCH)
        await take_many(journal, 2)
        await release(journal)
        missed = await first(journal, "TicketsMissed")
        assert clock("12:10") <= missed.at < clock("18:00")


async def test_streams_of_an_earlier_run_are_woken(database_url: str) -> None:
    async with journal_on(database_url) as before:
        await open_days(before, BRANCH)
    async with ticking(database_url, running_from("18:30")) as (journal, _):
        await first(journal, "DayClosed")


async def test_the_streams_of_a_replica_that_is_gone_are_woken(database_url: str) -> None:
    async with ticking(database_url, running_from("18:30"), look_every=0.2):
        async with journal_on(database_url) as gone:
            await open_days(gone, BRANCH)
        async with journal_on(database_url) as witness:
            await first(witness, "DayClosed")


async def test_a_day_missed_for_weeks_is_ended_and_no_ended_one_is_read(database_url: str) -> None:
    wall = ScaledClock(clock("18:30") + 20 * DAY, time.time_ns() // 1_000_000, 1)
    async with journal_on(database_url) as before:
        await open_days(before, BRANCH, "astana")
        for _ in range(2):
            end = asked.Tick(id=os.urandom(16), by="clock")
            await before.submit("astana", DATE, end, clock("23:00"))
    async with ticking(database_url, wall) as (journal, _):
        await first(journal, "DayEnded")
        assert [branch for (branch, _), _ in journal.loaded()] == [BRANCH]


async def test_two_replicas_do_everything_once(database_url: str) -> None:
    wall = running_from("11:00", hours_a_second=4)
    async with ticking(database_url, wall) as (one, _), ticking(database_url, wall) as (other, _):
        await open_days(one, BRANCH)
        await take_many(other, 4)
        await release(one)
        await first(other, "DayEnded")
        assert kinds(await all_entries(one))[-4:] == [
            "GroupReleased",
            "TicketsMissed",
            "DayClosed",
            "DayEnded",
        ]


async def test_a_database_that_was_away_is_ticked_later(database_url: str) -> None:
    with tempfile.TemporaryDirectory(prefix="kezek-wire-") as folder:
        async with (
            Wire(database_url, Path(folder)) as wire,
            ticking(wire.url, running_from("17:00"), patience=0.2) as (journal, _),
        ):
            await open_days(journal, BRANCH)
            wire.losing = True
            await asyncio.sleep(1.2)
            wire.cut()
            await first(journal, "DayEnded")


async def test_what_is_due_before_a_driven_instant_happens_at_its_own(database_url: str) -> None:
    wall = driven("12:00")
    async with journal_on(database_url, now=wall.now) as journal:
        await open_days(journal, BRANCH)
        await take_many(journal, 2)
        await release(journal)
        drive = DrivenTime(journal, wall, no_plans)
        await drive.run_due(BRANCH, DATE, clock("18:30"))
        told = [(type(entry.event).__name__, entry.at) for entry in await all_entries(journal)]
        assert told[4:] == [("TicketsMissed", clock("12:10")), ("DayClosed", clock("18:00"))]
        assert wall.now() == clock("18:30")
        await drive.run_due(BRANCH, DATE, clock("12:00"))
        assert wall.now() == clock("18:30")


async def test_plans_are_renewed_on_the_way_of_a_driven_clock(database_url: str) -> None:
    wall = driven("12:00")
    renewed: list[int] = []

    async def renew() -> int:
        renewed.append(wall.now())
        return clock("15:00") if wall.now() < clock("15:00") else NEVER

    async with journal_on(database_url, now=wall.now) as journal:
        await open_days(journal, BRANCH)
        await DrivenTime(journal, wall, renew).run_due(BRANCH, DATE, clock("18:00"))
        assert renewed == [clock("12:00"), clock("15:00")]
        assert kinds(await all_entries(journal)) == ["PlanChanged", "DayClosed"]


async def test_plans_are_renewed_at_the_start_and_when_their_instant_comes(
    database_url: str,
) -> None:
    wall = running_from("12:00")
    calls: asyncio.Queue[int] = asyncio.Queue()

    async def renew() -> int:
        calls.put_nowait(wall.now())
        if calls.qsize() == 1:
            raise OSError("the database is away")
        return clock("14:00") if wall.now() < clock("14:00") else NEVER

    async with journal_on(database_url, now=wall.now) as journal:
        ticks = Clock(journal, wall, renew)
        await ticks.start()
        await until(lambda: calls.qsize() >= 3)
        await ticks.stop()
    instants = [calls.get_nowait() for _ in range(3)]
    assert instants[2] >= clock("14:00")


@pytest.mark.parametrize(
    ("setting", "kind"),
    [
        (ClockSetting(), RealClock),
        (ClockSetting("scaled", 5_000_000, 0, 2.0), ScaledClock),
        (ClockSetting("driven"), DrivenClock),
    ],
)
def test_the_setting_names_the_clock(setting: ClockSetting, kind: type) -> None:
    assert type(from_setting(setting)) is kind


def test_a_scaled_clock_runs_faster_from_its_origin() -> None:
    real = time.time_ns() // 1_000_000
    wall = ScaledClock(1_000_000, real - 500, 100.0)
    assert wall.now() >= 1_000_000 + 50_000
    assert 9 < wall.seconds_until(wall.now() + 1_000_000) <= 10
    assert wall.after(10) - wall.now() == pytest.approx(1_000_000, abs=1000)


def test_a_driven_clock_never_goes_back() -> None:
    wall = DrivenClock(1000)
    wall.move(2000)
    wall.move(1500)
    assert wall.now() == 2000
