"""`kezek bench gateway` in short: everything is measured, no call is missed, nothing is left."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from benchmarks.crowd import Heard, Report
from benchmarks.gateway_report import Outage, delays, recovered
from benchmarks.machine import disk_folder
from benchmarks.returning import Doubt

if TYPE_CHECKING:
    from collections.abc import Iterator

COMMAND = (sys.executable, "-P", "-m", "queue_service", "bench", "gateway")
SHORT = ["--boards", "40", "--branches", "8", "--rate", "20", "--seconds", "1", "--idle", "50"]
SHORT += ["--painted", "5"]


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder for temporary files that any user may enter, as the database's must."""
    path = Path(tempfile.mkdtemp(dir=disk_folder()))
    path.chmod(0o711)
    yield path
    shutil.rmtree(path)


def left_in(folder: Path) -> list[Path]:
    return [*folder.iterdir()]


@pytest.mark.long
async def test_a_short_run_measures_everything(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "figures.json"
    process = await asyncio.create_subprocess_exec(
        *(*COMMAND, *SHORT, "--json", str(file)),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={**os.environ, "TMPDIR": str(folder)},
    )
    said, complaints = await process.communicate()
    assert file.exists(), complaints.decode()
    report: dict[str, Any] = json.loads(file.read_bytes())
    called, idle = report["called"], report["idle"]
    assert (called["calls"], called["expected"]) == (20, 100)
    assert (called["missed"], called["twice"], idle["lost"]) == (0, 0, 0)
    assert called["p50"] <= called["p99"] <= called["longest"]
    assert report["kib_per_connection"] > 0
    assert [(one["what"], one["boards"]) for one in report["recovered"]] == [
        ("gateway", 40),
        ("database", 40),
    ]
    for one in report["recovered"]:
        assert 0 < one["p50"] <= one["longest"]
        assert (one["missed"], one["twice"]) == (0, 0)
    if shutil.which("chromium"):
        assert report["painted"]["calls"] == 5
        assert 0 < report["painted"]["p50"] <= report["painted"]["p99"]
    else:
        assert report["painted"] is None
    for part in ("p99 at most 250 ms", "KiB each", "websockets", "cores", "database killed"):
        assert part in said.decode()
    assert not left_in(folder)


def test_a_call_that_is_not_heard_or_heard_twice_is_counted() -> None:
    heard = [Heard("a", "P-001", 5_000_000), Heard("a", "P-001", 7_000_000), Heard("b", "P-001", 4)]
    acknowledged = {("a", "P-001"): 4_000_000, ("b", "P-001"): 4, ("b", "P-002"): 4}
    found = delays(acknowledged, Report(heard, 0), 2, ("a", "b"))
    assert (found.calls, found.expected, found.missed, found.twice) == (3, 3, 1, 1)
    assert (found.p50, found.longest) == (1.0, 3.0)


def test_a_recovery_lasts_until_the_last_board_is_right() -> None:
    second = 1_000_000_000
    doubts = [Doubt(10 * second, 14 * second), Doubt(11 * second, 13 * second)]
    of_others = [Doubt(2 * second, 90 * second), Doubt(21 * second, 99 * second)]
    heard = delays({}, Report([], 0), 2, ("a", "b"))
    outage = Outage("gateway", 10 * second, 12 * second, 20 * second)
    found = recovered(outage, doubts + of_others, heard)
    assert (found.away, found.boards, found.p50, found.longest) == (2.0, 2, 2.0, 2.0)
