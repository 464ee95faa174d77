"""A simulated day played by the real command: the same journal, told by the real gateway."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import signal
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, unquote, urlsplit

import aiohttp
import msgspec
import pytest
from websockets.asyncio.client import connect

from queue_service import sql, store
from queue_service.journal.rows import entry_of
from queue_service.policy.events import TicketCalled, TicketIssued, TicketRecalled
from queue_service.settings import ClockSetting, Settings
from queue_service.timing.wallclock import WatchedClock
from simulation.watch import main
from tests.acceptance.command import kezek, refusal
from tests.acceptance.watching import DAY, SCENARIO, Watch, simulated, watching

if TYPE_CHECKING:
    from queue_service.policy.events import Entry

FAST = ("--from", "17:00", "--speed", "600")
Calls = list[tuple[int, str]]


class Played(msgspec.Struct):
    """What the day left behind when it was over."""

    ready: dict[str, Any]
    over: dict[str, Any]
    calls: Calls
    """Seq and counter of each call, as a board heard of them."""
    journal: list[Entry]
    now_ms: int
    answers: list[int]
    """To a visitor who cancels, a manager who changes the plan, and one who looks at the day."""
    verified: int
    ended: int
    """The exit status after Ctrl-C."""


@pytest.fixture(scope="module")
def played() -> Played:
    return asyncio.run(_play())


async def _play() -> Played:
    async with watching(*FAST) as watch:
        hearing = asyncio.create_task(_calls(watch))
        answers = await _ask(watch)
        over = await watch.line()
        calls = await hearing
        url = watch.ready["database"]
        verified = await asyncio.to_thread(kezek, "journal", "verify", KEZEK_DATABASE_URL=url)
        return Played(
            watch.ready,
            over,
            calls,
            await _journal(url, watch.ready["branch"]),
            await _now(watch),
            answers,
            verified.returncode,
            await watch.end(signal.SIGINT),
        )


async def _calls(watch: Watch) -> Calls:
    """Everything that is called from the beginning of the day until its end."""
    calls: Calls = []
    board = f"{watch.ready['gateway']}/v1/branches/{watch.ready['branch']}/board"
    async with connect(f"{board}?after=0&date={DAY}") as connection:
        async for text in connection:
            frame = json.loads(text)
            calls += ((call["seq"], call["counter"]) for call in frame.get("called", ()))
            if frame["seq"] >= len(simulated()):
                break
    return calls


async def _ask(watch: Watch) -> list[int]:
    branch = f"{watch.ready['api']}/v1/branches/{watch.ready['branch']}"
    ticket = parse_qs(urlsplit(watch.ready["ticket"]).query)["id"][0]
    token = parse_qs(urlsplit(watch.ready["manager"]).fragment)["token"][0]
    manager = {"Authorization": f"Bearer {token}"}
    change = {"group_size": 5, "reason": "a try"}
    async with aiohttp.ClientSession() as session:
        cancelled = await session.delete(f"{branch}/tickets/{ticket}")
        changed = await session.patch(f"{branch}/plan", json=change, headers=manager)
        seen = await session.get(f"{branch}/day", headers=manager)
    return [cancelled.status, changed.status, seen.status]


async def _now(watch: Watch) -> int:
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"{watch.ready['api']}/healthz") as response,
    ):
        now: int = (await response.json())["now_ms"]
        return now


async def _journal(url: str, branch: str) -> list[Entry]:
    connection = await store.connect(url)
    try:
        page = sql.blocks("journal")["page"]
        rows = await connection.fetch(page, branch, dt.date.fromisoformat(DAY), 0, 100_000)
        return [entry_of(row) for row in rows]
    finally:
        await connection.close()


def test_the_journal_is_the_simulated_one_to_the_byte_and_sound(played: Played) -> None:
    # PostgreSQL keeps the names of an object in an order of its own.
    written, wanted = (
        msgspec.json.encode(journal, order="sorted") for journal in (played.journal, simulated())
    )
    assert written == wanted
    assert played.over["entries"] == len(played.journal)
    assert played.verified == 0


def test_a_board_hears_of_every_call(played: Played) -> None:
    assert played.calls == [
        (entry.seq, entry.event.counter)
        for entry in simulated()
        if isinstance(entry.event, TicketCalled | TicketRecalled)
    ]


def test_visitors_and_managers_see_the_day_and_do_not_change_it(played: Played) -> None:
    assert played.answers == [403, 403, 200]


def test_the_clock_stands_when_the_day_is_over(played: Played) -> None:
    assert played.now_ms == simulated()[-1].at


def test_ctrl_c_ends_it_and_nothing_is_kept(played: Played) -> None:
    assert played.ended == 0
    sockets = Path(unquote(played.ready["database"]).partition("host=")[2])
    assert not sockets.exists()


def test_the_ticket_that_is_named_is_there_from_the_beginning(played: Played) -> None:
    numbers = {
        entry.event.number
        for entry in simulated()
        if isinstance(entry.event, TicketIssued) and entry.event.ticket in played.ready["ticket"]
    }
    assert numbers == {played.ready["number"]}


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ((SCENARIO, "--day=2020-03-21"), "--day 2020-03-21 is no day on which the branch opens"),
        ((SCENARIO, "--from=25:00"), "--from: '25:00' is no time of day, write one such as 13:30"),
        ((SCENARIO, "--from=23:30"), "--from is too late: write a time before 18:30"),
        ((SCENARIO, "--replication=-1"), "'-1' is not a whole number from 0 to 100000"),
        ((SCENARIO, "--set=visitors.no_show=2"), "visitors.no_show"),
        (("uralsk",), "Did you mean uralsk-2020-03?"),
    ],
)
def test_bad_input_is_named_with_the_way_out(
    options: tuple[str, ...], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert said in refusal(main, [*options, "--out", str(tmp_path / "day")], capsys)


def test_the_command_refuses_before_anything_runs() -> None:
    done = kezek("watch", SCENARIO, "--day", "2020-03-21")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert kezek("watch", SCENARIO, "--speed", "0").returncode == 2


def test_a_watched_clock_is_read_and_written_alike() -> None:
    text = "watched:1584381600000:1584345600000:1700000000000:30"
    clock = Settings.from_environment({"KEZEK_CLOCK": text}).clock
    assert clock == ClockSetting(
        "watched", 1584345600000, 1700000000000, 30.0, until_ms=1584381600000
    )
    assert str(clock) == text


@pytest.mark.parametrize(("ahead_ms", "shown"), [(60_000, 1_000), (-60_000, 9_000)])
def test_a_watched_clock_stands_before_its_beginning_and_at_its_end(
    ahead_ms: int, shown: int
) -> None:
    clock = WatchedClock(1_000, time.time_ns() // 1_000_000 + ahead_ms, 60.0, 9_000)
    assert (clock.now(), clock.speed) == (shown, 0.0)
    assert (clock.seconds_until(1_060) > 0) is (ahead_ms > 0)


def test_a_watched_clock_runs_in_between() -> None:
    clock = WatchedClock(1_000, time.time_ns() // 1_000_000 - 60_000, 60.0, 10**12)
    assert clock.speed == 60
    assert clock.now() >= 1_000 + 60 * 60_000
