"""What a real PostgreSQL holds of past days is observed as it was written."""

from __future__ import annotations

import asyncio
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

import asyncpg
import pytest

from queue_service.policy.events import encode
from simulation.calibration.calibrated import calibrate
from simulation.calibration.observed import observe, services_of, together
from simulation.calibration.stored import from_database
from simulation.live.scenario import ScenarioError
from simulation.run import Run
from tests.simulation.test_model import CATALOGUE, WEEK, days_of

if TYPE_CHECKING:
    from queue_service.policy.events import Entry

WHOLE_WEEK = (date(2026, 3, 2), date(2026, 3, 8))


async def write(database_url: str, runs: list[Run]) -> None:
    connection = await asyncpg.connect(database_url)
    try:
        for run in runs:
            rows = [_row(run, entry) for entry in run.day.journal]
            await connection.executemany(
                "INSERT INTO event (branch, date, seq, at, kind, body, command, part, actor) "
                "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
                rows,
            )
    finally:
        await connection.close()


def _row(run: Run, entry: Entry) -> tuple[object, ...]:
    kind, body = type(entry.event).__name__, encode(entry.event).decode()
    command = UUID(bytes=entry.command)
    return (run.branch, run.date, entry.seq, entry.at, kind, body, command, entry.part, entry.by)


async def test_the_days_of_a_period_come_from_the_database(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs = days_of(WEEK, 2)
    await write(database_url, runs)
    monkeypatch.setenv("KEZEK_DATABASE_URL", database_url)
    found = await asyncio.to_thread(from_database, "uralsk-2", WHOLE_WEEK)
    expected = together(observe(run.day.journal) for run in runs)
    assert [day.date for day in found.days] == [run.date for run in runs]
    assert services_of(found) == services_of(expected)
    assert found.serving == expected.serving
    scenario = calibrate("uralsk-2", found, WEEK, CATALOGUE).scenario
    assert sum(day.visits for day in scenario.days) == pytest.approx(
        services_of(expected).total(), rel=0.01
    )


async def test_dates_without_a_journal_are_told(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KEZEK_DATABASE_URL", database_url)
    with pytest.raises(ScenarioError, match="There is no journal of uralsk-2 from 2026-03-02"):
        await asyncio.to_thread(from_database, "uralsk-2", WHOLE_WEEK)


def test_a_database_that_is_away_is_told_with_the_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEZEK_DATABASE_URL", "postgresql://127.0.0.1:1/x")
    with pytest.raises(ScenarioError, match=r"start it, or correct KEZEK_DATABASE_URL$"):
        from_database("uralsk-2", WHOLE_WEEK)
