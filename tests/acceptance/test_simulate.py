"""`kezek simulate` from the command line."""

from __future__ import annotations

import asyncio
import json
import signal
import subprocess
import sys
from asyncio.subprocess import PIPE
from pathlib import Path

import msgspec

from queue_service.audit.verify import findings
from schemas.wire_plan import JournalEntry
from simulation.live.folded import entry
from tests.acceptance.waiting import wait_until


def kezek(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "queue_service", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_a_scenario_is_simulated_into_measures_visits_and_sound_journals(tmp_path: Path) -> None:
    done = kezek("simulate", "ordinary-week", "--reps", "1", "--json", "--out", str(tmp_path))
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    assert len(document["days"]) == 6
    assert document["estimates"]["2026-03-02"]["served"]["mean"] > 400
    journals = sorted(tmp_path.glob("journal-uralsk-2-*.jsonl"))
    assert len(journals) == 6
    written = journals[0].read_bytes().splitlines()
    assert findings(entry(msgspec.json.decode(line, type=JournalEntry)) for line in written) == []
    tickets = sum(day["tickets"] for day in document["days"])
    assert len((tmp_path / "visits.csv").read_text().splitlines()) == tickets + 1


def test_a_table_has_a_row_a_day() -> None:
    done = kezek("simulate", "uralsk-2020-03", "--reps", "1")
    assert done.returncode == 0, done.stderr
    assert [f"03-{day}" in done.stdout for day in range(16, 21)] == [True] * 5
    assert max(map(len, done.stdout.splitlines())) <= 80


async def test_ctrl_c_keeps_the_replications_that_are_over(tmp_path: Path) -> None:
    program = (sys.executable, "-m", "queue_service", "simulate", "ordinary-week")
    arguments = ("--reps", "100000", "--out", str(tmp_path))
    running = await asyncio.create_subprocess_exec(*program, *arguments, stdout=PIPE)
    saturday = "journal-*-2026-03-07.jsonl"
    await wait_until(lambda: any(tmp_path.glob(saturday)), "the first replication is over")
    running.send_signal(signal.SIGINT)
    printed, _ = await running.communicate()
    assert running.returncode == 130
    assert "03-07" in printed.decode()


def test_what_cannot_be_simulated_is_refused_in_a_sentence(tmp_path: Path) -> None:
    wrong = tmp_path / "mine.yaml"
    wrong.write_text("name: mine\n")
    for arguments, sentence in (
        (["uralsk"], "No scenario 'uralsk'."),
        ([str(wrong)], "mine.yaml:1: title: is missing"),
        (["ordinary-week", "--reps", "0"], "from 1 to 100000"),
        (["ordinary-week", "--seed", "-3"], "--seed is negative"),
        (["ordinary-week", "--out", str(wrong)], "--out cannot be written to"),
    ):
        refused = kezek("simulate", *arguments)
        assert refused.returncode in (1, 2)
        assert sentence in refused.stderr
        assert "Traceback" not in refused.stderr
