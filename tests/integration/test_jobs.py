"""Leases of jobs: one owner at a time, who has lost it stores nothing, who dies thrice ends it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from queue_service import store
from queue_service.simulations.jobs import Chunk, Job, Jobs, LostError, Progress
from schemas.simulated import Found
from tests.contract.http_client import Client, client_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.conftest import Furnished

FOUND = Found({}, 5, {})


@pytest.fixture
async def client(database_url: str, furnished: Furnished) -> AsyncIterator[Client]:
    async with client_of(database_url, furnished.tokens) as running:
        yield running


@pytest.fixture
async def pool(database_url: str) -> AsyncIterator[store.Pool]:
    async with await store.open_pool(database_url, most=4) as opened:
        yield opened


async def asked(client: Client) -> str:
    scenario = (await client.get("/v1/scenarios/ordinary-week")).body["scenario"]
    body = {"title": "A try", "scenario": scenario}
    return str((await client.post("/v1/simulations", body)).body["id"])


async def seen(client: Client, simulation: str) -> dict[str, Any]:
    shown: dict[str, Any] = (await client.get(f"/v1/simulations/{simulation}")).body
    return shown


async def expire(pool: store.Pool) -> None:
    await pool.execute("UPDATE simulation SET leased_until = now() - interval '1 second'")


async def keep(jobs: Jobs, job: Job, first: int) -> None:
    await jobs.store(job, Chunk(first, b"x"), Progress(first + 1, 100, 3.0, FOUND))


async def test_a_job_has_one_owner_and_the_oldest_comes_first(
    client: Client, pool: store.Pool
) -> None:
    ids = [await asked(client) for _ in range(3)]
    jobs = Jobs(pool)
    taken = await asyncio.gather(*(jobs.take() for _ in range(4)))
    assert sorted(one.id for one in taken if one) == sorted(ids)
    assert taken.count(None) == 1
    assert await jobs.take() is None


async def test_whoever_has_lost_a_job_can_store_nothing(client: Client, pool: store.Pool) -> None:
    simulation, jobs = await asked(client), Jobs(pool)
    first = await jobs.take()
    assert first is not None
    await keep(jobs, first, 0)
    await expire(pool)
    second = await jobs.take()
    assert second is not None
    assert [one.first for one in await jobs.chunks(second)] == [0]
    for attempt in (keep(jobs, first, 1), jobs.renew(first), jobs.finish(first)):
        with pytest.raises(LostError):
            await attempt
    await keep(jobs, second, 1)
    assert (await seen(client, simulation))["progress"]["done"] == 2


async def test_what_is_cancelled_can_be_stored_no_more(client: Client, pool: store.Pool) -> None:
    simulation, jobs = await asked(client), Jobs(pool)
    job = await jobs.take()
    assert job is not None
    await client.post(f"/v1/simulations/{simulation}/cancel")
    with pytest.raises(LostError):
        await keep(jobs, job, 0)
    assert await jobs.take() is None


async def test_a_job_that_brings_down_three_workers_fails(client: Client, pool: store.Pool) -> None:
    simulation, jobs = await asked(client), Jobs(pool)
    for _ in range(3):
        assert await jobs.take()
        await expire(pool)
    assert await jobs.take() is None
    failed = await seen(client, simulation)
    assert (failed["state"], "three times" in failed["failure"]) == ("failed", False)
    english = await client.get(f"/v1/simulations/{simulation}", Accept_Language="en")
    assert "three times" in english.body["failure"]


async def test_a_job_that_gets_on_may_be_taken_any_number_of_times(
    client: Client, pool: store.Pool
) -> None:
    await asked(client)
    jobs = Jobs(pool)
    for turn in range(6):
        job = await jobs.take()
        assert job is not None
        await keep(jobs, job, turn)
        await expire(pool)


async def test_a_finished_job_keeps_its_sum_alone(client: Client, pool: store.Pool) -> None:
    simulation, jobs = await asked(client), Jobs(pool)
    job = await jobs.take()
    assert job is not None
    await keep(jobs, job, 0)
    await jobs.finish(job)
    assert await jobs.chunks(job) == []
    shown = await seen(client, simulation)
    assert (shown["state"], shown["progress"]["done"]) == ("done", 1)
    over = await client.post(f"/v1/simulations/{simulation}/cancel")
    assert (over.status, over.kind) == (409, "simulation-over")
