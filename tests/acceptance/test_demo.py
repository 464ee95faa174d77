"""`kezek demo`: ready, usable, restarted, killed, carried on; its clock and its data."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import socket
import sys
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import aiohttp
import asyncpg
import holidays
import pytest

from queue_service.demo.clock import ZONE, following_morning, start_clock
from queue_service.demo.data import BRANCH, demo_catalogue
from queue_service.machine.postgres import EmbeddedPostgres
from queue_service.machine.processes import ProcessError, choose_port
from queue_service.settings import ClockSetting
from tests.acceptance import command
from tests.acceptance.demo_process import (
    Demo,
    ask,
    is_alive,
    only_sentence,
    running,
)
from tests.acceptance.waiting import wait_until
from tests.folders import server_folder

if TYPE_CHECKING:
    from collections.abc import Iterator

ROLES = ["kiosk", "attendant", "operator", "manager", "planner", "admin"]
TICKET = {"service": "passport"}
SUNDAY = date(2026, 11, 22)


@pytest.fixture(scope="module")
def state_dir() -> Iterator[Path]:
    """One state directory for all: a demo starts quickly where there is a database."""
    with server_folder() as folder:
        yield folder


async def wait_until_ready(demo: Demo) -> None:
    async with aiohttp.ClientSession() as session:

        async def ready() -> bool:
            try:
                async with session.get(f"{demo.ready['api']}/readyz") as answer:
                    return answer.status == 200
            except aiohttp.ClientError:
                return False

        await wait_until(ready, "the service is ready again")


async def test_one_line_when_ready_then_a_ticket_then_a_clean_end(state_dir: Path) -> None:
    async with running(state_dir, "--no-traffic") as demo:
        assert list(demo.ready) == ["api", "gateway", "branch", "tokens"]
        assert demo.ready["branch"] == BRANCH
        assert demo.ready["gateway"].startswith("ws://127.0.0.1:")
        assert list(demo.ready["tokens"]) == ROLES
        children = demo.children()
        assert sorted(children) == ["database", "displays", "serve", "simulation.worker"]
        status, ticket = await ask(demo, "tickets", **TICKET)
        assert (status, ticket["state"]) == (201, "issued")
        assert await demo.end(signal.SIGINT) == 0
        assert demo.process.stdout is not None
        assert await demo.process.stdout.read() == b""
        assert not any(map(is_alive, children.values()))


async def test_kill_9_leaves_no_orphan_and_the_next_start_carries_on(state_dir: Path) -> None:
    async with running(state_dir, "--no-traffic") as demo:
        _, ticket = await ask(demo, "tickets", **TICKET)
        children = demo.children()
        assert await demo.end(signal.SIGKILL) == -signal.SIGKILL
        await wait_until(lambda: not any(map(is_alive, children.values())), "no orphans")
    async with running(state_dir, "--no-traffic") as again:
        assert again.ready["tokens"] == demo.ready["tokens"]
        status, kept = await ask(again, f"tickets/{ticket['id']}")
        assert (status, kept["number"]) == (200, ticket["number"])
        _, following = await ask(again, "tickets", **TICKET)
        assert following["issued_at"] > ticket["issued_at"]
        assert number(following) == number(ticket) + 1


def number(ticket: dict[str, str]) -> int:
    return int(ticket["number"].partition("-")[2])


async def test_what_dies_is_started_again(state_dir: Path) -> None:
    async with running(state_dir, "--no-traffic") as demo:
        _, ticket = await ask(demo, "tickets", **TICKET)
        for name in ("serve", "displays", "simulation.worker", "database"):
            before = demo.children()[name]
            os.kill(before, signal.SIGKILL)
            await wait_until(partial(is_replaced, demo, name, before), f"{name} runs again")
            await wait_until_ready(demo)
            status, _ = await ask(demo, f"tickets/{ticket['id']}")
            assert status == 200


def is_replaced(demo: Demo, name: str, before: int) -> bool:
    return demo.children().get(name, before) != before


async def test_a_database_of_production_is_left_alone(state_dir: Path) -> None:
    production = "postgresql://127.0.0.1:1/production"
    async with running(state_dir, "--no-traffic", KEZEK_DATABASE_URL=production) as demo:
        assert "database" in demo.children()
        assert (await ask(demo, "tickets", **TICKET))[0] == 201


async def test_a_taken_port_is_said_so(state_dir: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        said = await only_sentence("--state-dir", str(state_dir), "--port", str(port))
    assert said.startswith(f"Error: Port {port} on 127.0.0.1 is taken or not allowed: choose")


async def test_a_database_of_a_newer_version_is_said_so(state_dir: Path) -> None:
    await change(state_dir, "INSERT INTO migration VALUES (9999, 'of_tomorrow', 'x')")
    said = await only_sentence("--state-dir", str(state_dir), "--port", "0")
    assert said.startswith("Error: The database cannot be used: The database has migration 9999")
    await change(state_dir, "DELETE FROM migration WHERE number = 9999")


def test_a_service_ends_where_its_database_is_of_a_newer_version(state_dir: Path) -> None:
    with EmbeddedPostgres(state_dir) as server:
        settings = {"KEZEK_DATABASE_URL": server.url, "KEZEK_SECRET": "0123456789abcdef"}
        asyncio.run(execute(server, "INSERT INTO migration VALUES (9999, 'of_tomorrow', 'x')"))
        done = command.kezek("serve", KEZEK_PORT=str(choose_port("127.0.0.1", 0, 0)), **settings)
        asyncio.run(execute(server, "DELETE FROM migration WHERE number = 9999"))
    assert done.returncode == 1
    assert "The database cannot be used: The database has migration 9999" in done.stderr


async def change(state_dir: Path, statement: str) -> None:
    with EmbeddedPostgres(state_dir) as server:
        await execute(server, statement)


async def execute(server: EmbeddedPostgres, statement: str) -> None:
    connection = await asyncpg.connect(server.url)
    await connection.execute(statement)
    await connection.close()


def test_any_port_is_one_that_linux_gives_to_nobody_else() -> None:
    first_handed_out = 32_768
    chosen = {choose_port("127.0.0.1", 0, 8080) for _ in range(20)}
    assert len(chosen) > 15
    assert max(chosen) < first_handed_out


def test_the_next_free_port_after_the_last_one_is_one_that_there_is() -> None:
    assert 1024 < choose_port("127.0.0.1", None, 65_536) <= 65_535


def test_without_a_wish_the_next_free_port_is_taken() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert port < choose_port("127.0.0.1", None, port) < port + 50
        with pytest.raises(ProcessError, match="choose another with --port"):
            choose_port("127.0.0.1", port, 8080)


async def test_lost_sign_ins_are_made_anew_and_the_old_ones_end(state_dir: Path) -> None:
    async with running(state_dir, "--no-traffic") as demo:
        pass
    (state_dir / "sign-ins.json").write_text("{")
    async with running(state_dir, "--no-traffic") as again:
        assert (await ask(again, "board"))[0] == 200
        old = Demo(again.process, again.ready | {"tokens": demo.ready["tokens"]})
        assert (await ask(old, "board"))[0] == 401


async def test_visitors_come_by_themselves(state_dir: Path) -> None:
    async with running(state_dir, "--speed", "300") as demo:

        async def came() -> bool:
            _, day = await ask(demo, "day", "manager")
            return bool(day["issued"])

        assert "simulation.live.traffic" in demo.children()
        await wait_until(came, "a visitor takes a ticket")


async def test_simulated_operators_have_names_of_their_own_and_leave_counters_free(
    state_dir: Path,
) -> None:
    async with running(state_dir, "--speed", "300") as demo:
        found: list[dict[str, Any]] = []

        async def all_sit_down() -> bool:
            _, answer = await ask(demo, "counters", "operator")
            found[:] = answer["counters"]
            return len([one for one in found if one["open"]]) == 14

        await wait_until(all_sit_down, "operators sit down")
        taken = {one["counter"]: one["operator"] for one in found if one["open"]}
        assert taken == {counter: f"operator:robot-{counter}" for counter in taken}
        assert [one["counter"] for one in found if not one["open"]] == ["3", "16"]
        assert not any(one["yours"] for one in found)


async def test_the_journal_is_verified_and_a_damaged_one_is_not_sound(state_dir: Path) -> None:
    with EmbeddedPostgres(state_dir) as server:
        status, said = await kezek("journal", "verify", database=server.url)
        assert status == 0
        assert re.fullmatch(r"\d+ streams?, [1-9]\d* entries: sound\n", said)
        connection = await asyncpg.connect(server.url)
        await connection.execute("UPDATE event SET seq = seq + 500 WHERE seq = 2")
        await connection.close()
        status, said = await kezek("journal", "verify", "--json", database=server.url)
        assert status == 1
        assert {found["branch"] for found in json.loads(said)["findings"]} == {BRANCH}
        status, said = await kezek("journal", "verify", database=server.url)
        assert (status, "gapless" in said) == (1, True)


async def test_an_unknown_branch_or_a_day_without_a_journal_is_refused(state_dir: Path) -> None:
    with EmbeddedPostgres(state_dir) as server:
        for command, sentence in (
            ("token mint kiosk --branch nobranch", f"No branch nobranch; known are: {BRANCH}, "),
            ("journal verify --branch nobranch", f"No branch nobranch; known are: {BRANCH}, "),
            (f"journal verify --branch {BRANCH} --date 1999-01-01", "no journal of uralsk-2 on"),
        ):
            status, said = await kezek(*command.split(), database=server.url)
            assert (status, sentence in said) == (1, True), said


async def kezek(*arguments: str, database: str) -> tuple[int | None, str]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "queue_service", *arguments),
        env=os.environ | {"KEZEK_DATABASE_URL": database},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await process.communicate()
    return process.returncode, said.decode()


def instant(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp()) * 1000


REAL = instant("2026-11-22T03:00:00Z")


@pytest.mark.parametrize(
    ("last", "start"),
    [
        (None, "2026-11-22T09:30:00+05:00"),
        ("2026-11-20T12:00:00+05:00", "2026-11-22T09:30:00+05:00"),
        ("2026-11-22T12:00:00+05:00", "2026-11-22T12:00:00.001+05:00"),
        ("2026-11-25T12:00:00+05:00", "2026-11-25T12:00:00.001+05:00"),
        ("2026-11-25T18:20:00+05:00", "2026-11-26T08:30:00+05:00"),
    ],
)
def test_the_clock_begins_in_the_morning_and_never_goes_back(last: str | None, start: str) -> None:
    clock = start_clock(instant(last) if last else None, REAL, 30)
    assert ZONE.text(clock.virtual_ms) == start
    assert (clock.real_ms, clock.speed) == (REAL, 30)


def test_nights_are_left_out() -> None:
    clock = ClockSetting("scaled", instant("2026-11-22T18:00:00+05:00"), REAL, 30)
    assert following_morning(clock, REAL + 29_000) is None
    morning = following_morning(clock, REAL + 30_000)
    assert morning is not None
    assert ZONE.text(morning.virtual_ms) == "2026-11-23T08:30:00+05:00"
    assert morning.real_ms == REAL + 30_000


def test_the_demo_branch_is_open_on_every_date() -> None:
    branch = next(each for each in demo_catalogue(SUNDAY).branches if each.code == BRANCH)
    special = {day.date: day.hours for day in branch.special_days}
    public = holidays.country_holidays("KZ", years=[2026, 2027])
    for ahead in range(365):
        day = SUNDAY + timedelta(days=ahead)
        hours = special.get(day) if day in public else branch.weekly_hours.on(day.weekday())
        assert hours not in {None, "closed"}, day


def test_the_emergency_holds_for_the_demo_branch_from_today() -> None:
    regimes = [each for each in demo_catalogue(SUNDAY).regimes if each.id.startswith("demo-")]
    assert {regime.scope.branch for regime in regimes} == {BRANCH}
    assert {(regime.from_date, regime.until_date) for regime in regimes} == {(SUNDAY, None)}
    rules = [regime.rules for regime in regimes]
    assert any(each.non_online_only for each in rules)
    assert any(each.group_size == 10 and each.hall_limit for each in rules)


async def test_a_service_without_its_database_says_what_to_do(state_dir: Path) -> None:
    with EmbeddedPostgres(state_dir) as server:
        settings = {
            "KEZEK_DATABASE_URL": server.url_of("nosuch"),
            "KEZEK_SECRET": "s" * 32,
            "KEZEK_PORT": str(choose_port("127.0.0.1", 0, 8080)),
        }
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "queue_service", "serve"),
            env=os.environ | settings,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        assert process.stdout is not None
        async with asyncio.timeout(60):
            while b"create it, or name another one in" not in await process.stdout.readline():
                assert process.returncode is None
        process.terminate()
        await process.communicate()
