"""`kezek simulate` from the command line."""

from __future__ import annotations

import asyncio
import csv
import json
import os
import shutil
import signal
import sys
from asyncio.subprocess import PIPE
from pathlib import Path

import msgspec
import polars as pl
import pytest

from queue_service.audit.verify import findings
from queue_service.journal_lines import entry
from schemas.catalogue import SHIPPED
from schemas.wire_plan import JournalEntry
from simulation import simulate
from tests.acceptance.command import kezek, refusal
from tests.acceptance.waiting import wait_until


def test_a_scenario_is_simulated_into_measures_visits_and_sound_journals(tmp_path: Path) -> None:
    done = kezek("simulate", "ordinary-week", "--reps", "1", "--json", "--out", str(tmp_path))
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    assert len(document["people"]) == 6
    assert document["estimates"]["2026-03-02"]["served"]["mean"] > 400
    journals = sorted(tmp_path.glob("journal-uralsk-2-*.jsonl"))
    assert len(journals) == 6
    written = journals[0].read_bytes().splitlines()
    assert findings(entry(msgspec.json.decode(line, type=JournalEntry)) for line in written) == []
    tickets = document["estimates"]["all"]["tickets"]["mean"]
    assert len((tmp_path / "visits.csv").read_text().splitlines()) == tickets + 1


def test_a_catalogue_of_ones_own_takes_the_place_of_the_shipped_one(tmp_path: Path) -> None:
    folder = shutil.copytree(SHIPPED, tmp_path / "catalogue")
    branches = folder / "branches.yaml"
    text = branches.read_text(encoding="utf-8")
    assert "opens: 09:00" in text
    branches.write_text(text.replace("opens: 09:00", "opens: 11:00"), encoding="utf-8")
    day = ("ordinary-week", "--reps", "1", "--json")
    usual = json.loads(kezek("simulate", *day).stdout)
    own = json.loads(kezek("simulate", *day, "--catalogue", str(folder)).stdout)
    hours = [one["estimates"]["all"]["staff_hours"]["mean"] for one in (usual, own)]
    assert hours[1] < hours[0] - 50


def test_journals_in_files_are_verified(tmp_path: Path) -> None:
    assert kezek("simulate", "ordinary-week", "--reps", "1", "--out", str(tmp_path)).returncode == 0
    verify = ("journal", "verify", "--folder", str(tmp_path))
    whole = kezek(*verify)
    assert (whole.returncode, whole.stdout[:9], "sound" in whole.stdout) == (0, "6 streams", True)
    damaged = tmp_path / "journal-uralsk-2-2026-03-03.jsonl"
    lines = damaged.read_bytes().splitlines(keepends=True)
    damaged.write_bytes(b"".join([*lines[:50], *lines[51:-1], b"{}\n"]))
    found = kezek(*verify, "--branch", "uralsk-2", "--date", "2026-03-03")
    assert found.returncode == 1
    assert "uralsk-2 2026-03-03, entry 52: gapless: entry 51 was expected here" in found.stdout
    assert "the body is no event" in found.stdout
    other = kezek(*verify, "--date", "1999-01-01")
    assert (other.returncode, "nothing was examined" in other.stderr) == (1, True)


def test_a_table_has_a_row_a_day() -> None:
    done = kezek("simulate", "uralsk-2020-03", "--reps", "1")
    assert done.returncode == 0, done.stderr
    assert [f"03-{day}" in done.stdout for day in range(16, 21)] == [True] * 5
    assert max(map(len, done.stdout.splitlines())) <= 80
    words = [line.split() for line in done.stdout.splitlines()]
    late = next(line for line in words if line[0:1] == ["Day"]).index("late")
    tuesday, thursday = (
        next(line for line in words if line[0:1] == [f"03-{day}"]) for day in (17, 19)
    )
    assert int(tuesday[late]) == 0 < int(thursday[late])


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
    assert "stopped before the 100000 that were asked for" in (tmp_path / "report.html").read_text()
    assert json.loads((tmp_path / "measures.json").read_bytes())["stopped_of"] == 100000


async def test_ctrl_c_before_anything_is_over_leaves_a_sentence_and_no_folder(
    tmp_path: Path,
) -> None:
    program = (sys.executable, "-m", "queue_service", "simulate", "ordinary-week")
    arguments = ("--reps", "3000", "--workers", "2", "--engine", "simpy")
    out = tmp_path / "out"
    running = await asyncio.create_subprocess_exec(
        *program, *arguments, "--out", str(out), stdout=PIPE, stderr=PIPE, start_new_session=True
    )
    await wait_until(lambda: any(map(_hears_ctrl_c, _children(running.pid))), "a worker begins")
    os.killpg(running.pid, signal.SIGINT)
    printed, told = await running.communicate()
    assert (running.returncode, printed) == (130, b"")
    assert "Traceback" not in told.decode()
    assert told.decode().endswith("Nothing is finished yet.\n")
    assert not out.exists()


async def test_ctrl_c_while_the_twin_is_made_ends_in_a_sentence(tmp_path: Path) -> None:
    program = (sys.executable, "-m", "queue_service", "simulate", "ordinary-week")
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(tmp_path), "NUMBA_DISABLE_JIT": "0"}
    running = await asyncio.create_subprocess_exec(
        *program, "--engine", "compiled", stdout=PIPE, stderr=PIPE, env=environment
    )
    assert running.stderr
    assert b"Compiling the model once" in await running.stderr.readline()
    running.send_signal(signal.SIGINT)
    printed, told = await running.communicate()
    assert (running.returncode, printed) == (130, b"")
    assert told.decode() == "Stopped: nothing is finished yet.\n"


def test_an_interval_that_is_not_reached_is_told() -> None:
    week = ("simulate", "ordinary-week", "--reps", "4", "--measure", "served")
    wide = kezek(*week, "--until-halfwidth", "0.001")
    assert "The 95 % interval of served reaches " in wide.stderr
    assert "to each side; 0.001 was asked for: write more --reps" in wide.stderr
    assert "interval" not in kezek(*week, "--until-halfwidth", "1000000").stderr


async def test_the_workers_end_with_the_command_however_it_ends(tmp_path: Path) -> None:
    program = (sys.executable, "-m", "queue_service", "simulate", "ordinary-week")
    arguments = ("--reps", "100000", "--workers", "2", "--out", str(tmp_path))
    running = await asyncio.create_subprocess_exec(*program, *arguments, stdout=PIPE)
    saturday = "journal-*-2026-03-07.jsonl"
    await wait_until(lambda: any(tmp_path.glob(saturday)), "the first replication is over")
    workers = _children(running.pid)
    assert len(workers) >= 2
    running.kill()
    await running.communicate()
    await wait_until(lambda: not any(map(_lives, workers)), "the workers have ended")


def _children(process: int) -> list[str]:
    return Path(f"/proc/{process}/task/{process}/children").read_text().split()


def _hears_ctrl_c(process: str) -> bool:
    """Whether Python has begun there and would raise KeyboardInterrupt, were it let."""
    status = Path(f"/proc/{process}/status").read_text()
    caught = next(line for line in status.splitlines() if line.startswith("SigCgt:"))
    return bool(int(caught.split()[1], 16) >> (signal.SIGINT - 1) & 1)


def _lives(process: str) -> bool:
    """Whether a process runs; one that has ended may wait for its parent to take note."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_two_policies_meet_the_same_people_and_leave_a_report(tmp_path: Path) -> None:
    versus = ("--vs", "hall_limit=8", "--reps", "4", "--parquet", "--out", str(tmp_path))
    done = kezek("simulate", "ordinary-week", "--set", "counters=12", *versus)
    assert done.returncode == 0, done.stderr
    assert "4 pairs of replications" in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 80
    assert "not admitted at closing" in done.stdout
    document = json.loads((tmp_path / "measures.json").read_bytes())
    difference = document["differences"]["all"]["peak_hall"]["difference"]
    assert difference["mean"] + difference["half_width"] < 0
    page = (tmp_path / "report.html").read_text()
    assert "What the second changes" in page
    assert "not admitted at closing" in page
    for folder in (tmp_path, tmp_path / "versus"):
        rows = (folder / "visits.csv").read_text().splitlines()
        assert pl.read_parquet(folder / "visits.parquet").height == len(rows) - 1 > 4 * 2000
    with (tmp_path / "versus" / "visits.csv").open(newline="", encoding="utf-8") as file:
        visits = list(csv.DictReader(file))
    called = [one for one in visits if one["called_at"]]
    assert 0 < len(called) < len(visits)
    assert all(one["entered_at"] <= one["called_at"] <= one["ended_at"] for one in called)
    assert all(one["called_at"] != "0" != one["entered_at"] for one in visits)


def test_what_cannot_be_simulated_is_refused_in_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = tmp_path / "mine.yaml"
    wrong.write_text("name: mine\n")
    for arguments, sentence in (
        (["uralsk"], "No scenario 'uralsk'."),
        ([str(wrong)], "mine.yaml:1: title: is missing"),
        (["ordinary-week", "--reps", "0"], "from 1 to 100000"),
        (["ordinary-week", "--seed", "-3"], "is not a whole number from 0 to"),
        (["ordinary-week", "--seed", "9" * 17], "is not a whole number from 0 to"),
        (["ordinary-week", "--until-halfwidth", "nan"], "is not a number above 0"),
        (["ordinary-week", "--until-halfwidth", "1", "--reps", "3"], "write --reps 4 or more"),
        (
            ["ordinary-week", "--until-halfwidth", "1", "--measure", "wait_hal_p95"],
            "Did you mean wait_hall_p95?",
        ),
        (["ordinary-week", "--measure", "served"], "--measure says of what --until-halfwidth is"),
        (["ordinary-week", "--vs", ""], "--vs: is empty, name a scenario or changes"),
        (["ordinary-week", "--catalogue", str(tmp_path)], "branches.yaml:1: file: is missing"),
        (
            ["ordinary-week", "--set", "visitors.no_show=NaN"],
            "visitors.no_show: 'NaN' is not accepted, write a share from 0 to 1",
        ),
        (
            ["ordinary-week", "--set", "group_size=many"],
            "rules.group_size: 'many' is not accepted, write people, a whole number from 1 to 100",
        ),
        (
            ["ordinary-week", "--set", "days.1.visits=-3"],
            "days[1].visits: '-3' is not accepted, write visits a day",
        ),
        (["ordinary-week", "--vs", "uralsk-2020-03"], "compare scenarios of the same dates"),
        (["ordinary-week", "--parquet"], "--parquet needs a folder"),
        (["ordinary-week", "--out", str(wrong)], "--out cannot be written to"),
    ):
        assert sentence in refusal(simulate.main, arguments, capsys)
