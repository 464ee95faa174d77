"""A process that measures the journal and the policy without HTTP: where the time goes.

    python -m benchmarks.bare DATABASE_URL BRANCHES SECONDS     prints one JSON line, see `Bare`

The database must be empty: its streams are the benchmark's own.
"""

from __future__ import annotations

import asyncio
import sys
import time
from itertools import cycle
from statistics import median
from typing import TYPE_CHECKING

import asyncpg
import msgspec
import uvloop

from benchmarks import country
from benchmarks.policy_costs import DecideCost, decide_costs, take_ticket
from queue_service.ids import new_command_id
from queue_service.journal import Journal
from queue_service.migrations import migrate
from queue_service.policy.commands import ChangePlan
from queue_service.policy.events import TicketIssued

if TYPE_CHECKING:
    from collections.abc import Iterator

    from queue_service.policy.model import DayPlan

SUBMITTERS = 64
LONG_STREAM = 10_000
LOADS = 5
BY = "bench"


class Bare(msgspec.Struct, frozen=True, kw_only=True):
    """`rate`: tickets a second by `SUBMITTERS`; `load_seconds` of a stream of `loaded` events."""

    rate: float
    loaded: int
    load_seconds: float
    costs: tuple[DecideCost, ...]


def main() -> None:
    """Measures and prints."""
    url, branches, seconds = sys.argv[1], int(sys.argv[2]), float(sys.argv[3])
    bare = uvloop.run(_measure(url, branches, seconds))
    sys.stdout.buffer.write(msgspec.json.encode(bare) + b"\n")


async def _measure(url: str, branches: int, seconds: float) -> Bare:
    connection = await asyncpg.connect(url)
    await migrate(connection)
    await connection.close()
    streets = country.street_branches(branches)
    plan = country.street_plan()
    journal = Journal(url, _now)
    await journal.start()
    await asyncio.gather(*(_open(journal, branch, plan) for branch in streets))
    rate = await _rate(journal, streets, seconds)
    await _fill(journal, streets[0])
    await journal.stop()
    loads = [await _load(url, streets[0]) for _ in range(LOADS)]
    return Bare(
        rate=rate,
        loaded=loads[0][0],
        load_seconds=median(seconds for _, seconds in loads),
        costs=decide_costs(),
    )


async def _open(journal: Journal, branch: str, plan: DayPlan) -> None:
    await journal.submit(branch, country.DAY, ChangePlan(id=new_command_id(), by=BY, plan=plan))


async def _rate(journal: Journal, branches: tuple[str, ...], seconds: float) -> float:
    turns = cycle(branches)
    began = time.perf_counter()
    until = began + seconds
    done = sum(await asyncio.gather(*(_submit(journal, turns, until) for _ in range(SUBMITTERS))))
    return done / (time.perf_counter() - began)


async def _submit(journal: Journal, turns: Iterator[str], until: float) -> int:
    done = 0
    while time.perf_counter() < until:
        await _issue(journal, next(turns))
        done += 1
    return done


async def _issue(journal: Journal, branch: str) -> int:
    """Takes a ticket and gives the stream's new length."""
    outcome = await journal.submit(branch, country.DAY, take_ticket(BY))
    if not isinstance(outcome.entries[0].event, TicketIssued):
        raise TypeError(f"no ticket was issued: {outcome}")
    return outcome.state.seq


async def _fill(journal: Journal, branch: str) -> None:
    missing = LONG_STREAM - (await journal.read(branch, country.DAY)).seq
    await asyncio.gather(*(_issue(journal, branch) for _ in range(missing)))


async def _load(url: str, branch: str) -> tuple[int, float]:
    """Events of the stream, and the seconds that a new process takes until it knows them."""
    journal = Journal(url, _now)
    await journal.start()
    await journal.read("nobody", country.DAY)
    began = time.perf_counter()
    state = await journal.read(branch, country.DAY)
    took = time.perf_counter() - began
    await journal.stop()
    return state.seq, took


def _now() -> int:
    return country.BEGIN


if __name__ == "__main__":
    main()
