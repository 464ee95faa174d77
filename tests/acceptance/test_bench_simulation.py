"""`kezek bench simulation` in short: every model is measured, and they tell of the same day."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

COMMAND = (sys.executable, "-P", "-m", "queue_service", "bench", "simulation")


def test_a_short_run_measures_every_model_on_the_same_day(tmp_path: Path) -> None:
    file = tmp_path / "figures.json"
    short = ("--rounds", "1", "--days", "1", "--json", str(file))
    done = subprocess.run([*COMMAND, *short], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    report = json.loads(file.read_bytes())
    lines = {(line["model"], line["group_size"]): line for line in report["lines"]}
    assert {model for model, _ in lines} == {"Kezek, SimPy", "Ciw", "salabim"}
    assert {size for _, size in lines} == {10, 30}
    assert all(line["days_per_second"] > 0 for line in lines.values())
    for size in (10, 30):
        mine, other = lines["Kezek, SimPy", size], lines["salabim", size]
        assert mine["called"] == pytest.approx(other["called"], rel=0.1)
        assert mine["mean_wait"] == pytest.approx(other["mean_wait"], rel=0.5)
    assert {"Python", "kezek", "simpy", "ciw", "salabim"} <= {*report["versions"]}
    assert report["machine"]["cores"] >= 1
    assert "Aim: 10/s with groups of 30" in done.stdout
    assert max(map(len, done.stdout.splitlines()[2:])) <= 80
