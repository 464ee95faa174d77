"""`kezek bench simulation` in short: every model is measured, and they tell of the same day.

Here the twin is compiled as it is for users: about 20 s where that has not been done yet.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

OURS = ("Kezek, SimPy", "Kezek, twin", "with measures")
COMMAND = (sys.executable, "-P", "-m", "queue_service", "bench", "simulation")


@pytest.mark.long
def test_a_short_run_measures_every_model_on_the_same_day(tmp_path: Path) -> None:
    file = tmp_path / "figures.json"
    short = ("--rounds", "1", "--days", "1", "--reps", "2", "--json", str(file))
    compiled = os.environ | {"NUMBA_DISABLE_JIT": "0"}
    done = subprocess.run(
        [*COMMAND, *short], capture_output=True, text=True, check=False, env=compiled
    )
    assert done.returncode == 0, done.stderr
    report = json.loads(file.read_bytes())
    lines = {(line["model"], line["group_size"]): line for line in report["lines"]}
    assert {model for model, _ in lines} == {*OURS, "Ciw", "salabim"}
    assert {size for _, size in lines} == {10, 30}
    assert all(line["days_per_second"] > 0 for line in lines.values())
    for size in (10, 30):
        mine, *twins = (lines[model, size] for model in OURS)
        for twin in twins:
            assert (twin["called"], twin["mean_wait"]) == (mine["called"], mine["mean_wait"])
        other = lines["salabim", size]
        assert mine["called"] == pytest.approx(other["called"], rel=0.1)
        assert mine["mean_wait"] == pytest.approx(other["mean_wait"], rel=0.7)
    assert {"Python", "kezek", "simpy", "numba", "ciw", "salabim"} <= {*report["versions"]}
    assert report["machine"]["cores"] >= 1
    assert report["experiment"]["replications"] == 2
    assert "at least 3000 days/s of the twin" in done.stdout
    assert max(map(len, done.stdout.splitlines()[2:])) <= 80
