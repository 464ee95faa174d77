"""`kezek bench tickets` in short: everything is measured, nothing is wrong, nothing is left."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import signal
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from benchmarks.machine import disk_folder

if TYPE_CHECKING:
    from collections.abc import Iterator

COMMAND = (sys.executable, "-P", "-m", "queue_service", "bench", "tickets")
SHORT = ("--seconds", "0.2", "--rounds", "1", "--branches", "8")
MEASURES = {"issue", "plain", "issue_and_enter", "call_next"}


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder for temporary files that any user may enter, as the database's must."""
    path = Path(tempfile.mkdtemp(dir=disk_folder()))
    path.chmod(0o711)
    yield path
    shutil.rmtree(path)


def left_in(folder: Path) -> list[Path]:
    return [*folder.iterdir()]


async def bench(folder: Path, *arguments: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        *COMMAND,
        *arguments,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={**os.environ, "TMPDIR": str(folder)},
    )


async def test_a_short_run_measures_everything(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "figures.json"
    process = await bench(folder, *SHORT, "--json", str(file))
    said, complaints = await process.communicate()
    assert file.exists(), complaints.decode()
    report: dict[str, Any] = json.loads(file.read_bytes())
    measured = {(line["measure"], line["clients"]) for line in report["medians"]}
    every = {(measure, clients) for measure in MEASURES for clients in (1, 16, 64)}
    assert measured == every | {("hot_branch", 64)}
    assert all(line["rate"] > 0 and not line.get("errors") for line in report["medians"])
    assert report["ratio"] > 0
    assert report["memory"]["tickets"] == 8 * 50
    assert report["bare"]["loaded"] == 10_000
    assert [cost["tickets"] for cost in report["bare"]["costs"]] == [100, 1_000, 10_000]
    assert {"Python", "PostgreSQL", "aiohttp", "asyncpg", "msgspec", "kezek"} <= {
        *report["versions"]
    }
    text = said.decode()
    for part in ("durable tickets/s", "cores", "errors and duplicates", "FQM", "TheQ"):
        assert part in text
    assert not left_in(folder)


async def test_an_interrupted_run_leaves_nothing(folder: Path) -> None:
    process = await bench(folder, "--seconds", "30", "--branches", "8")
    assert process.stderr is not None
    async with asyncio.timeout(60):
        await process.stderr.readuntil(b"Warming up")
        assert left_in(folder)
        process.send_signal(signal.SIGINT)
        assert await process.wait() == 130
    assert not left_in(folder)
