"""What boards and visitors' pages are told: snapshots, changes, every call, nothing personal."""

from __future__ import annotations

import json
import os
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, NamedTuple, get_args

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosedError

from displays.gateway import UNKNOWN, Target, target
from queue_service.policy import commands as asked
from queue_service.settings import ClockSetting
from schemas.wire_live import Frame
from tests.integration.days import BRANCH, DATE, NEXT_DATE, driven, journal_on, open_days
from tests.integration.frames import board_faults, contract, faults
from tests.integration.gateway_stage import (
    BOARD,
    Branch,
    branch_on,
    clock_at,
    gateway_on,
    ticket_path,
    watching,
)

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.integration.gateway_stage import Watcher


A_DAY = 24 * 3_600_000


class Stage(NamedTuple):
    gateway: str
    branch: Branch


@asynccontextmanager
async def stage_at(database_url: str, clock: str, speed: float = 1) -> AsyncIterator[Stage]:
    setting = clock_at(clock, speed)
    async with gateway_on(database_url, setting) as gateway, branch_on(database_url, setting) as on:
        yield Stage(gateway, on)


def numbers(watcher: Watcher) -> list[str]:
    return [call["number"] for call in watcher.called]


async def test_a_board_gets_a_snapshot_and_then_what_changes(database_url: str) -> None:
    async with stage_at(database_url, "12:00") as (gateway, branch):
        await branch.open("1", "2")
        async with watching(gateway) as board:
            await board.reaches(3)
            await branch.visit()
            place, _ = await branch.call("2")
            await board.reaches(place)
    first, *changes = board.frames
    assert (first["type"], first["seq"], first["speed"]) == ("snapshot", 3, 1)
    assert first["board"]["day"] == "open"
    assert {frame["type"] for frame in changes} == {"change"}
    told = set().union(*(frame["board"] for frame in changes))
    assert "calls" in told
    assert told.isdisjoint({"branch", "opens_at", "regimes"})
    (call,) = board.view["calls"]
    assert (call["number"], call["counter"], call["state"]) == ("P-001", "2", "called")
    assert [(call["number"], call["counter"], call["again"]) for call in board.called] == [
        ("P-001", "2", False)
    ]


async def test_a_recall_is_told_as_one(database_url: str) -> None:
    async with stage_at(database_url, "12:00") as (gateway, branch), watching(gateway) as board:
        await branch.open("1")
        await branch.visit()
        _, ticket = await branch.call("1")
        recall = asked.RecallTicket(id=os.urandom(16), by="operator", ticket=ticket)
        entry = (await branch.do(recall)).entries[0]
        await board.reaches(entry.seq)
        assert [call["again"] for call in board.called] == [False, True]
        assert numbers(board) == ["P-001", "P-001"]


async def test_calls_in_quick_succession_are_all_told(database_url: str) -> None:
    async with stage_at(database_url, "12:00") as (gateway, branch), watching(gateway) as board:
        await branch.open("1")
        await board.reaches(2)
        places = await branch.visits_called("1", 30)
        await board.reaches(places[-1])
        assert [call["seq"] for call in board.called] == places


async def test_who_comes_back_is_told_the_calls_it_missed(database_url: str) -> None:
    async with stage_at(database_url, "12:00") as (gateway, branch):
        await branch.open("1")
        places = await branch.visits_called("1", 20)
        resumed = f"{BOARD}?after={places[2]}&date={DATE}"
        of_another_day = f"{BOARD}?after={places[2]}&date=2020-03-18"
        called = {}
        for path in (BOARD, resumed, of_another_day):
            async with watching(gateway, path) as board:
                await board.reaches(places[-1])
                called[path] = [call["seq"] for call in board.frames[0]["called"]]
    assert called == {BOARD: places[-12:], resumed: places[3:], of_another_day: places[-12:]}


async def test_many_boards_of_a_branch_are_told_the_same(database_url: str) -> None:
    async with stage_at(database_url, "12:00") as (gateway, branch):
        await branch.open("1")
        async with watching(gateway) as one, watching(gateway) as other:
            await one.reaches(2)
            await other.reaches(2)
            place = (await branch.visits_called("1", 3))[-1]
            await one.reaches(place)
            await other.reaches(place)
            assert one.view == other.view
            assert numbers(one) == numbers(other) == ["P-001", "P-002", "P-003"]


async def test_a_visitor_sees_the_own_ticket_move_and_own_calls_only(database_url: str) -> None:
    async with stage_at(database_url, "12:00") as (gateway, branch):
        await branch.open("1")
        first, second = await branch.visit(), await branch.visit()
        async with watching(gateway, ticket_path(second)) as page:
            await page.until(lambda: page.view)
            assert (page.view["number"], page.view["people_ahead"]) == ("P-002", 1)
            assert page.view["actions"] == ["cancel"]
            await branch.call("1")
            await page.until(lambda: page.view["people_ahead"] == 0)
            assert page.called == []
            await branch.dismiss(first)
            await branch.call("1")
            await page.until(lambda: page.view["state"] == "called")
            assert page.view["counter"] == "1"
            assert numbers(page) == ["P-002"]


async def test_a_ticket_that_is_guessed_shows_nothing(database_url: str) -> None:
    async with stage_at(database_url, "12:00") as (gateway, branch):
        await branch.open("1")
        real = await branch.visit()
        guesses = [ticket_path(guess) for guess in ("x", real[:-1] + "_", "ticket-of-nobody")]
        elsewhere = f"/v1/branches/almaty-1/tickets/{real}"
        for path in (*guesses, elsewhere, "/v1/branches/nowhere/board", "/v1/anything"):
            async with connect(gateway + path, compression=None) as connection:
                with pytest.raises(ConnectionClosedError):
                    await connection.recv()
                assert connection.close_code == UNKNOWN


async def test_nothing_personal_is_on_a_board(database_url: str) -> None:
    async with stage_at(database_url, "12:00") as (gateway, branch), watching(gateway) as board:
        await branch.open("1", group_admission=True)
        secrets = {"visitor": "keyed-hash-of-an-iin", "by": "kiosk:who-took-it"}
        tickets = [await branch.visit(**secrets, party=2) for _ in range(3)]
        released = await branch.do(asked.ReleaseGroup(id=os.urandom(16), by="attendant:somebody"))
        entering = asked.EnterTicket(id=os.urandom(16), by="attendant:x", ticket=tickets[0])
        await branch.do(entering)
        place, _ = await branch.call("1")
        await board.reaches(place)
        told = json.dumps(board.frames)
        assert released.entries
        assert "P-001" in told
        hidden = [*tickets, *secrets.values(), "attendant:", "operator"]
        assert [secret for secret in hidden if secret in told] == []


async def test_a_day_that_nobody_has_begun_shows_its_plan(database_url: str) -> None:
    async with stage_at(database_url, "08:00") as (gateway, branch), watching(gateway) as board:
        await board.until(lambda: board.view)
        assert (board.view["seq"], board.view["day"]) == (0, "before_opening")
        assert board.view["opens_at"] == f"{DATE}T09:00:00+05:00"
        await branch.open("1")
        await board.reaches(2)
        assert board.view["plan_version"] == 1


async def test_the_board_opens_though_nothing_happens(database_url: str) -> None:
    async with stage_at(database_url, "08:52", speed=60) as (gateway, branch):
        await branch.open()
        async with watching(gateway) as board:
            await board.until(lambda: board.view)
            assert board.view["day"] == "before_opening"
            await board.until(lambda: board.view["day"] == "open")
            change = next(frame for frame in board.frames if frame["type"] == "change")
            assert change["board"]["at"] < f"{DATE}T09:03"


async def test_a_new_business_date_comes_as_a_snapshot(database_url: str) -> None:
    time = driven("12:00")
    async with (
        gateway_on(database_url, ClockSetting("driven")) as gateway,
        journal_on(database_url, now=time.now) as journal,
    ):
        await Branch(journal).open("1")
        async with watching(gateway) as board:
            await board.reaches(2)
            assert (board.frames[-1]["now_ms"], board.frames[-1]["speed"]) == (time.now(), 0)
            time.move(time.now() + A_DAY)
            await open_days(journal, BRANCH, date=NEXT_DATE)
            await board.until(lambda: board.view["date"] == NEXT_DATE.isoformat())
            assert board.frames[-1]["type"] == "snapshot"
            assert (board.view["seq"], board.frames[-1]["now_ms"]) == (1, time.now())


async def test_a_quiet_board_hears_that_all_is_well(database_url: str) -> None:
    async with stage_at(database_url, "12:00") as (gateway, branch), watching(gateway) as board:
        await branch.open("1")
        await board.reaches(2)
        await board.until(lambda: board.frames[-1]["type"] == "heartbeat")
        assert board.frames[-1]["seq"] == 2
        assert board.frames[-1]["now_ms"] > board.frames[0]["now_ms"]


async def test_frames_are_as_the_contract_says(database_url: str) -> None:
    async with stage_at(database_url, "12:00") as (gateway, branch):
        await branch.open("1", group_admission=True, message={"kk": "Қош келдіңіздер"})
        ticket = await branch.visit()
        async with watching(gateway) as board, watching(gateway, ticket_path(ticket)) as page:
            await board.reaches(3)
            await page.reaches(3)
            await branch.do(asked.ReleaseGroup(id=os.urandom(16), by="attendant"))
            await branch.do(asked.EnterTicket(id=os.urandom(16), by="attendant", ticket=ticket))
            place, _ = await branch.call("1")
            for watcher in (board, page):
                await watcher.reaches(place)
                await watcher.until(lambda one=watcher: one.frames[-1]["type"] == "heartbeat")
                assert {frame["type"] for frame in watcher.frames} == SEEN
                assert faults(watcher.frames) == []
            assert board_faults(board.view) == []


SEEN = {"snapshot", "change", "heartbeat"}


def test_the_contract_names_every_frame_and_both_addresses() -> None:
    messages = contract()["components"]["messages"]
    assert list(messages) == [kind.__name__ for kind in get_args(Frame)]
    addresses = [channel["address"] for channel in contract()["channels"].values()]
    branch, ticket = "uralsk-2", "AbC"
    wanted = [target(address.format(branch=branch, ticket=ticket)) for address in addresses]
    assert wanted == [Target(branch), Target(branch, ticket)]


@pytest.mark.parametrize(
    ("query", "after"),
    [("after=7&date=2020-03-19", 7), ("after=7", None), ("after=-1&date=2020-03-19", None)],
)
def test_a_place_counts_only_with_its_date(query: str, after: int | None) -> None:
    wanted = target(f"/v1/branches/x/board?{query}")
    assert wanted is not None
    assert wanted.after == after
