"""Workers answer what planners ask of many policies: to the command's numbers, killed or not."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from tests.contract.http_client import client_of
from tests.integration.test_simulations import SIMULATIONS, done, short, until
from tests.worker_process import working

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from tests.conftest import Furnished
    from tests.contract.http_client import Client

SEARCH = {
    "kind": "search",
    "vary": {
        "group_size": [5, 30],
        "hall_limit": [20, 60],
        "counters": ["12", "09:00/12+10:00/2+15:00/12"],
    },
    "limits": [{"measure": "peak_hall", "bound": "60"}],
    "aim": "wait_street_p90",
    "screen": 2,
    "finalists": 2,
    "replications": 10,
}


@pytest.fixture
async def client(database_url: str, furnished: Furnished) -> AsyncIterator[Client]:
    async with client_of(database_url, furnished.tokens) as running:
        yield running


async def ask(client: Client, question: dict[str, Any]) -> str:
    scenario = await short(client)
    few = [scenario["days"][0] | {"visits": 60}]
    body = {"title": "Which?", "scenario": scenario | {"days": few}, "question": question}
    answer = await client.post(SIMULATIONS, body)
    assert answer.status == 201, answer.raw
    return str(answer.body["id"])


async def printed(folder: Path, scenario: dict[str, Any], *command: str) -> dict[str, Any]:
    """What a command says of the same scenario as JSON."""
    file = folder / "scenario.yaml"
    file.write_bytes(msgspec.json.encode(scenario))
    program, *options = command
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", program, str(file), "--json", "--workers", "1", *options),
        stdout=asyncio.subprocess.PIPE,
        env=dict(os.environ),
    )
    text, _ = await process.communicate()
    found: dict[str, Any] = msgspec.json.decode(text)
    return found


def means(found: list[dict[str, Any]], name: str = "wait_street_p90") -> list[float]:
    figures = [{one["name"]: one["mean"] for one in each["figures"]} for each in found]
    return [one[name] for one in figures]


async def test_a_search_goes_on_where_its_worker_was_killed_and_finds_what_the_command_finds(
    client: Client, database_url: str, tmp_path: Path
) -> None:
    simulation = await ask(client, SEARCH)
    async with working(database_url, tmp_path / "first.log") as first:
        await until(client, simulation, lambda one: one["progress"]["done"] > 0)
        await first.stop(signal.SIGKILL)
    async with working(database_url, tmp_path / "second.log"):
        shown = await done(client, simulation)
    expected = await printed(
        tmp_path,
        shown["scenario"],
        *("simulation.optimise", "--vary", "group_size=5,30", "--vary", "hall_limit=20,60"),
        *("--limit", "peak_hall<=60", "--least", "wait_street_p90", "--screen", "2"),
        *("--vary", "counters=12,09:00/12+10:00/2+15:00/12", "--finalists", "2"),
        *("--reps", "10", "--against", "staff_hours"),
    )
    found = shown["search"]
    assert means(found["candidates"]) == [
        one["estimates"]["wait_street_p90"]["mean"] for one in expected["screened"]
    ]
    assert sorted(means(found["finalists"])) == sorted(
        one["estimates"]["wait_street_p90"]["mean"] for one in expected["finalists"]
    )
    assert (found["finalists"][0]["outcome"] == "chosen") == bool(expected["chosen"])
    assert shown["progress"]["done"] == shown["progress"]["of"]
    assert (found["stage"], shown["actions"]) == ("over", ["delete"])
    russian = await client.get(f"{SIMULATIONS}/{simulation}", Accept_Language="ru")
    ruled_out = russian.body["search"]["ruled_out"]
    assert [one["why"].partition(" с ")[2] for one in ruled_out] == [
        "10:00 до 15:00, а перерыв длится не больше 240 мин"
    ] * 4
    await policy_of(client, simulation, found["finalists"][0])


async def policy_of(client: Client, simulation: str, finalist: dict[str, Any]) -> None:
    """A found policy is opened as a scenario, run beside the first one, and proposed."""
    assert finalist["actions"] == ["open", "draft"]
    path = f"{SIMULATIONS}/{simulation}"
    policy = (await client.get(f"{path}/policies/{finalist['number']}")).body["scenario"]
    again = {"title": "Again", "scenario": policy, "replications": 1}
    assert (await client.post(SIMULATIONS, again)).status == 201
    draft = {"branch": "uralsk-2", "from": "2027-03-16", "policy": finalist["number"]}
    made = await client.post(f"{path}/regime", draft)
    rules = {one["name"]: one["text"] for one in made.body["rules"]}
    assert rules["group_size"] == str(policy["rules"]["group_size"])
    assert rules["hall_limit"] == str(policy["rules"]["hall_limit"])
    none = await client.post(f"{path}/regime", draft | {"policy": 99})
    assert none.kind == "unknown-policy"


async def test_what_matters_most_is_what_the_command_says(
    client: Client, database_url: str, tmp_path: Path
) -> None:
    simulation = await ask(client, {"kind": "sensitivity", "by": 20, "replications": 4})
    async with working(database_url, tmp_path / "worker.log", processes=2):
        shown = await done(client, simulation)
    expected = await printed(
        tmp_path, shown["scenario"], "simulation.sensitivity", "--by", "20", "--reps", "4"
    )
    effects = shown["sensitivity"]["effects"]
    assert [one["elasticity"] for one in effects] == [
        one["elasticity"]["mean"] for one in expected["effects"]
    ]
    assert shown["progress"]["done"] == 4 * (1 + 2 * len(effects)) == shown["progress"]["of"]


async def test_a_search_in_which_nothing_can_be_fails_at_once_with_the_reason(
    client: Client, database_url: str, tmp_path: Path
) -> None:
    simulation = await ask(client, {"kind": "search", "vary": {"counters": ["0"]}})
    async with working(database_url, tmp_path / "worker.log") as worker:
        failed = await until(client, simulation, lambda one: one["state"] == "failed")
        assert worker.taken() == [simulation]
    assert failed["failure"].endswith(
        ": 0: в сменах никого не остаётся, укажите хотя бы одно окно."
    )
    english = (await client.get(f"{SIMULATIONS}/{simulation}", Accept_Language="en")).body
    assert english["failure"].endswith(": 0: nobody is left on a shift, write one or more.")
