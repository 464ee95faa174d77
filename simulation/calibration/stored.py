"""Past days from the database of the service: the only place of the simulation that reads it."""

from __future__ import annotations

import asyncio
import os
from datetime import date
from typing import TYPE_CHECKING

from asyncpg import PostgresError

from queue_service import sql
from queue_service.journal.rows import entry_of
from queue_service.policy.events import Entry
from queue_service.store import AWAY, connect, in_words
from simulation.calibration.observed import Observed, observe, together
from simulation.calibration.sources import Period
from simulation.live.scenario import ScenarioError

if TYPE_CHECKING:
    from queue_service.store import Connection

_PAGE = 2000
_SQL = sql.blocks("verify")
_URL = "KEZEK_DATABASE_URL"


def from_database(branch: str, period: Period) -> Observed:
    """What the journals of a branch tell; raises ScenarioError."""
    url = os.environ.get(_URL)
    if not url:
        raise ScenarioError(
            f"{_URL} is not set: give the database's address (a running demo prints its own), or "
            "name a folder with --journals or a table with --csv"
        )
    try:
        observed = asyncio.run(_observe(url, branch, period))
    except (PostgresError, *AWAY) as problem:
        raise ScenarioError(f"The database cannot be used: {in_words(problem)}") from None
    if not observed.days:
        raise ScenarioError(
            f"There is no journal of {branch} from {period[0]} to {period[1]}: name other dates"
        )
    return observed


async def _observe(url: str, branch: str, period: Period) -> Observed:
    connection = await connect(url, statement_cache=0)
    try:
        found = await connection.fetch(_SQL["streams"], branch, None)
        dates = [row["date"] for row in found if period[0] <= row["date"] <= period[1]]
        return together([observe(await _entries(connection, branch, on)) for on in dates])
    finally:
        await connection.close()


async def _entries(connection: Connection, branch: str, on: date) -> list[Entry]:
    entries: list[Entry] = []
    after = 0
    while rows := await connection.fetch(_SQL["page"], branch, on, after, _PAGE):
        entries += map(entry_of, rows)
        after = rows[-1]["seq"]
    return entries
