"""Workers run what planners ask for: killed, stopped, two at a time, and to the same numbers."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from queue_service import store
from simulation.experiments.crews import SETTING
from tests.acceptance.waiting import wait_until
from tests.conftest import migrated
from tests.contract.http_client import client_of
from tests.dask_cluster import Dask
from tests.ports import free_port
from tests.worker_process import working

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    from tests.conftest import Furnished
    from tests.contract.http_client import Client

SCENARIOS, SIMULATIONS = "/v1/scenarios", "/v1/simulations"
PATIENCE = 150.0
Shown = dict[str, Any]


@pytest.fixture
async def client(database_url: str, furnished: Furnished) -> AsyncIterator[Client]:
    async with client_of(database_url, furnished.tokens) as running:
        yield running


async def short(client: Client, **changes: object) -> Shown:
    """A Saturday, and rules that let groups in and have the hall cleaned."""
    found: Shown = (await client.get(f"{SCENARIOS}/ordinary-week")).body["scenario"]
    rules = {"group_admission": True, "group_size": 10, "sanitation_every_minutes": 60}
    return found | {"days": found["days"][-1:], "rules": rules} | changes


async def start(client: Client, scenario: Shown, **more: Any) -> str:  # noqa: ANN401
    body = {"title": "A try", "scenario": scenario, "replications": 6} | more
    answer = await client.post(SIMULATIONS, body)
    assert answer.status == 201, answer.raw
    return str(answer.body["id"])


async def until(client: Client, simulation: str, reached: Callable[[Shown], bool]) -> Shown:
    """The simulation as soon as it has come so far."""
    async with asyncio.timeout(PATIENCE):
        while True:
            shown: Shown = (await client.get(f"{SIMULATIONS}/{simulation}")).body
            if reached(shown):
                return shown
            await asyncio.sleep(0.1)


async def done(client: Client, simulation: str) -> Shown:
    shown = await until(client, simulation, lambda one: one["state"] not in ("queued", "running"))
    assert shown["state"] == "done", shown["failure"]
    return shown


def figures(shown: Shown, which: int = 0) -> dict[str, tuple[float, float | None]]:
    (day,) = shown["results"][which]["days"]
    return {one["name"]: (one["mean"], one["half_width"]) for one in day["figures"]}


async def simulated(folder: Path, scenario: Shown, replications: int) -> Shown:
    """What `kezek simulate` prints of the same."""
    file = folder / "scenario.yaml"
    file.write_bytes(msgspec.json.encode(scenario))
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "simulation.simulate", str(file)),
        *("--reps", str(replications), "--json", "--workers", "1"),
        stdout=asyncio.subprocess.PIPE,
        env=dict(os.environ),
    )
    printed, _ = await process.communicate()
    found: Shown = msgspec.json.decode(printed)
    return found


# --- what comes out ------------------------------------------------------------------------------


async def test_a_worker_comes_to_the_numbers_of_the_command(
    client: Client, database_url: str, tmp_path: Path
) -> None:
    scenario = await short(client)
    simulation = await start(client, scenario)
    async with working(database_url, tmp_path / "worker.log", processes=2):
        shown = await done(client, simulation)
    printed = (await simulated(tmp_path, scenario, 6))["estimates"]["all"]
    expected = {name: (one["mean"], one["half_width"]) for name, one in printed.items()}
    assert figures(shown) == expected
    assert (shown["progress"]["done"], shown["progress"]["of"]) == (6, 6)
    assert (shown["actions"], shown["differences"]) == (["draft", "delete"], [])
    (day,) = shown["results"][0]["days"]
    assert day["bands"]
    assert sum(day["histograms"][0]["shares"]) == pytest.approx(1)
    kinds = [one["kind"] for one in day["groups"]]
    order = ["service", "priority", "counter", "next_step"]
    assert kinds == sorted(kinds, key=order.index)
    assert {*kinds} >= {"service", "counter"}


async def test_two_policies_meet_the_same_people_and_are_compared(
    client: Client, database_url: str, tmp_path: Path
) -> None:
    scenario = await short(client)
    tight = scenario | {"title": "Tight", "rules": scenario["rules"] | {"group_size": 3}}
    first = await start(client, scenario, versus=tight)
    second = await start(client, scenario, seed=9)
    async with working(database_url, tmp_path / "worker.log"):
        shown, other = await done(client, first), await done(client, second)
    (between,) = shown["differences"]
    came = next(one for one in between["differences"] if one["name"] == "came")
    assert came["correlation"] > 0.9
    wait = next(one for one in between["differences"] if one["name"] == "wait_total_mean")
    assert (wait["differs"], wait["mean"] > 0) == (True, True)
    assert figures(other)["came"] != figures(shown)["came"]
    compared = await client.get(f"/v1/comparison?of={first},{first}:versus,{second}")
    assert [one["which"] for one in compared.body["runs"]] == ["scenario", "versus", "scenario"]
    waits = next(one for one in compared.body["figures"] if one["name"] == "wait_street_p90")
    assert [one["differs"] for one in waits["cells"]] == [False, True, False]


async def test_the_first_replication_can_be_watched_minute_by_minute(
    client: Client, database_url: str, tmp_path: Path
) -> None:
    simulation = await start(client, await short(client), replications=1)
    async with working(database_url, tmp_path / "worker.log"):
        (date,) = (await done(client, simulation))["courses"]
    course = (await client.get(f"{SIMULATIONS}/{simulation}/course?date={date}")).body
    minutes = len(course["clock"])
    for name in ("street", "hall", "waiting", "at_counters", "served", "sent_away"):
        assert len(course[name]) == minutes
    assert all(len(one["states"]) == minutes for one in course["counters"])
    assert course["clock"][course["opens"]] == "09:00"
    for minute in range(minutes):
        inside = course["waiting"][minute] + course["at_counters"][minute]
        assert inside == course["hall"][minute]
    assert (course["hall"][-1], course["street"][-1]) == (0, 0)
    assert course["served"] == sorted(course["served"])
    assert {one["kind"] for one in course["pauses"]} == {"emptying", "cleaning"}
    assert all(0 < one["people"] <= 10 for one in course["groups"])


# --- who runs it ---------------------------------------------------------------------------------


async def test_a_killed_workers_job_is_resumed_from_what_is_stored(
    client: Client, database_url: str, tmp_path: Path
) -> None:
    scenario, replications = await short(client), 150
    simulation = await start(client, scenario, replications=replications)
    async with working(database_url, tmp_path / "first.log") as first:
        before = await until(client, simulation, lambda one: one["progress"]["done"] > 1)
        assert before["state"] == "running"
        assert before["results"][0]["replications"] == before["progress"]["done"]
        await first.stop(signal.SIGKILL)
    stored = (await client.get(f"{SIMULATIONS}/{simulation}")).body["progress"]["done"]
    assert 1 < stored < replications
    async with working(database_url, tmp_path / "second.log"):
        again = await until(client, simulation, lambda one: one["progress"]["done"] != stored)
        assert again["progress"]["done"] > stored
        shown = await done(client, simulation)
    printed = (await simulated(tmp_path, scenario, replications))["estimates"]["all"]
    expected = {name: (one["mean"], one["half_width"]) for name, one in printed.items()}
    assert figures(shown) == expected


async def test_a_worker_that_is_told_to_stop_leaves_its_job_to_another_at_once(
    client: Client, database_url: str, tmp_path: Path
) -> None:
    simulation = await start(client, await short(client), replications=1000)
    async with working(database_url, tmp_path / "first.log") as first:
        await until(client, simulation, lambda one: one["progress"]["done"] > 1)
        assert await first.stop() == 0
    left = (await client.get(f"{SIMULATIONS}/{simulation}")).body
    assert (left["state"], left["progress"]["done"] > 1) == ("queued", True)


async def test_two_workers_take_each_job_once(
    client: Client, database_url: str, tmp_path: Path
) -> None:
    scenario = await short(client)
    simulations = [await start(client, scenario, replications=2) for _ in range(4)]
    async with (
        working(database_url, tmp_path / "first.log") as first,
        working(database_url, tmp_path / "second.log") as second,
    ):
        results = [figures(await done(client, one)) for one in simulations]
        taken = [*first.taken(), *second.taken()]
    assert sorted(taken) == sorted(simulations)
    assert all(one == results[0] for one in results)


async def test_a_worker_waits_for_a_database_that_is_not_ready_and_says_so_once(
    empty_database_url: str, tmp_path: Path
) -> None:
    async with working(empty_database_url, tmp_path / "worker.log") as worker:
        await wait_until(lambda: bool(worker.says("database_away")), "the worker says so")
        assert "does not exist" in worker.cause("database_away")
        await migrated(empty_database_url)
        async with client_of(empty_database_url) as client:
            await done(client, await start(client, await short(client), replications=1))
        assert worker.says("database_away") == 1
        assert await worker.stop() == 0


async def test_a_cancelled_simulation_is_let_go_and_the_next_one_taken(
    client: Client, database_url: str, tmp_path: Path
) -> None:
    scenario = await short(client)
    long = await start(client, scenario, replications=1000)
    async with working(database_url, tmp_path / "worker.log"):
        await until(client, long, lambda one: one["progress"]["done"] > 0)
        assert (await client.post(f"{SIMULATIONS}/{long}/cancel")).body["state"] == "cancelled"
        await done(client, await start(client, scenario, replications=1))
    left = (await client.get(f"{SIMULATIONS}/{long}")).body
    assert (left["state"], left["actions"]) == ("cancelled", ["draft", "delete"])
    assert 0 < left["results"][0]["replications"] < 1000
    over = await client.post(f"{SIMULATIONS}/{long}/cancel")
    assert over.body["progress"]["done"] == left["progress"]["done"]


async def test_a_simulation_that_is_deleted_under_way_is_let_go(
    client: Client, database_url: str, tmp_path: Path
) -> None:
    scenario = await short(client)
    long = await start(client, scenario, replications=1000)
    async with working(database_url, tmp_path / "worker.log") as worker:
        await until(client, long, lambda one: one["progress"]["done"] > 0)
        assert (await client.ask("DELETE", f"{SIMULATIONS}/{long}")).status == 204
        await done(client, await start(client, scenario, replications=1))
        assert (worker.says("lost"), worker.says("failed")) == (1, 0)


async def test_a_job_that_cannot_be_run_fails_after_three_tries_with_its_reason(
    client: Client, database_url: str, tmp_path: Path
) -> None:
    simulation = await start(client, await short(client))
    async with await store.open_pool(database_url, most=1) as pool:
        await pool.execute(
            "UPDATE simulation SET catalogue = (catalogue::jsonb || '{\"branches\": []}')::json"
        )
    async with working(database_url, tmp_path / "worker.log") as worker:
        failed = await until(client, simulation, lambda one: one["state"] == "failed")
        assert worker.taken() == [simulation] * 3
    assert "uralsk-2" in failed["failure"]


@pytest.mark.long
async def test_a_worker_comes_to_the_same_numbers_on_a_cluster(
    client: Client, database_url: str, tmp_path: Path
) -> None:
    scenario = await short(client)
    alone = await start(client, scenario)
    async with working(database_url, tmp_path / "alone.log"):
        here = await done(client, alone)
    together = await start(client, scenario)
    with ExitStack() as ends:
        dask = await asyncio.to_thread(Dask, ends)
        await asyncio.to_thread(dask.work, "one")
        cluster = {SETTING: dask.address}
        async with working(database_url, tmp_path / "log", processes=2, **cluster):
            there = await done(client, together)
        assert dask.done_by("one")
    assert figures(there) == figures(here)


async def test_a_cluster_that_is_not_there_is_told_to_who_asked(
    client: Client, database_url: str, tmp_path: Path
) -> None:
    simulation = await start(client, await short(client))
    nobody = f"tcp://127.0.0.1:{free_port()}"
    async with working(database_url, tmp_path / "log", processes=2, **{SETTING: nobody}):
        failed = await until(client, simulation, lambda one: one["state"] == "failed")
    assert f"{SETTING}: nobody answers at {nobody}" in failed["failure"]
