"""The service as those who run it know it: ready, measured, several, stopped."""

from __future__ import annotations

import asyncio
import json
import socket
import sys
from typing import TYPE_CHECKING

from tests.contract.http_client import HERE, THURSDAY, Client
from tests.contract.http_process import clients, environment, load_catalogue, serving

if TYPE_CHECKING:
    from pathlib import Path


async def test_metrics_tell_requests_commits_and_the_state_of_branches(client: Client) -> None:
    client.clock(THURSDAY)
    for _ in range(2):
        await client.take(party_size=2)
    await client.release()
    await client.post(f"{HERE}/sanitation/start", None, "attendant")
    text = (await client.get("/metrics", None)).raw.decode()
    lines = dict(line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#"))
    assert lines['kezek_request_seconds_count{route="take_ticket",status="201"}'] == "2.0"
    assert lines['kezek_released_people{branch="uralsk-2"}'] == "4.0"
    assert lines['kezek_street_people{branch="uralsk-2"}'] == "0.0"
    assert lines['kezek_hall_limit_people{branch="uralsk-2"}'] == "40.0"
    assert lines['kezek_sanitation_phase{branch="uralsk-2",phase="draining"}'] == "1.0"
    assert lines['kezek_sanitation_phase{branch="uralsk-2",phase="none"}'] == "0.0"
    # The day's plan, two tickets, a group, the drain: five commits, one command each.
    assert lines["kezek_commits_total"] == "5.0"
    assert float(lines["kezek_batch_commands_sum"]) >= 5
    assert lines["kezek_conflicts_total"] == "0.0"


async def test_an_empty_database_is_brought_up_to_date(
    empty_database_url: str, tmp_path: Path
) -> None:
    async with (
        serving(empty_database_url, tmp_path / "log") as process,
        clients(empty_database_url, process.api) as (client,),
    ):
        ready = (await client.get("/readyz", None)).body
        assert (ready["status"], ready["checks"]["database"]) == ("ok", "ok")
        await load_catalogue(empty_database_url)
        async with asyncio.timeout(60):
            while not (await client.get("/v1/branches", "admin")).body["branches"]:
                pass
        await client.take()


async def test_two_replicas_are_one_service(database_url: str, tmp_path: Path) -> None:
    await load_catalogue(database_url)
    async with (
        serving(database_url, tmp_path / "1") as first,
        serving(database_url, tmp_path / "2") as second,
        clients(database_url, first.api, second.api) as (one, two),
    ):
        taken = await asyncio.gather(*(client.take() for client in (one, two) * 20))
        numbers = sorted(ticket["number"] for ticket in taken)
        assert numbers == [f"P-{number:03d}" for number in range(1, 41)]
        seen = await two.get(f"{HERE}/tickets/{taken[0]['id']}")
        assert (seen.status, seen.body["number"]) == (200, taken[0]["number"])
        version = (await two.get(f"{HERE}/plan")).headers["ETag"]
        change = {"reason": "narrow corridor", "hall_limit": 30}
        await one.ask("PATCH", f"{HERE}/plan", change, "manager", If_Match=version)
        assert (await two.get(f"{HERE}/board")).body["hall"]["limit"] == 30


async def test_a_replica_that_is_told_to_stop_finishes_and_ends_well(
    database_url: str, tmp_path: Path
) -> None:
    await load_catalogue(database_url)
    async with (
        serving(database_url, tmp_path / "log") as process,
        clients(database_url, process.api) as (client,),
    ):
        under_way = [asyncio.create_task(client.take()) for _ in range(20)]
        await asyncio.wait(under_way, return_when=asyncio.FIRST_COMPLETED)
        stopped = asyncio.create_task(process.stop())
        answers = await asyncio.gather(*under_way, return_exceptions=True)
        assert await stopped == 0
    told = {answer["number"] for answer in answers if isinstance(answer, dict)}
    assert told
    lines = [json.loads(line) for line in (tmp_path / "log").read_text().splitlines()]
    events = [line["event"] for line in lines]
    assert events[0] == "listening"
    assert "stopping" in events
    assert "unexpected" not in events
    assert all(line["replica"] for line in lines)


async def test_a_port_that_is_taken_is_told_in_a_sentence(database_url: str) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "queue_service", "serve"),
            env=environment(database_url, port),
            stderr=asyncio.subprocess.PIPE,
        )
        _, said = await process.communicate()
    assert process.returncode == 1
    last = said.decode().splitlines()[-1]
    assert last.startswith(f"Nothing can listen on 127.0.0.1 port {port}: ")
    assert "set KEZEK_PORT" in last
