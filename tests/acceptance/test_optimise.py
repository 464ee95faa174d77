"""`kezek optimise` and `kezek sensitivity` from the command line."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from simulation import optimise, sensitivity
from simulation.scenario_file import read, shipped_catalogue
from tests.acceptance.command import kezek, refusal

DAY = 'days=[{"date": "2026-03-02", "visits": 220, "profile": "weekday"}]'


def test_the_cheapest_hall_that_keeps_the_limits_is_chosen(tmp_path: Path) -> None:
    vary = ("--vary", "hall_limit=8,14,40", "--vary", "counters=14,16")
    limits = ("peak_hall<=20", "unserved<=40", "wait_street_median<=600")
    aim = ("--least", "staff_hours", *(f"--limit={one}" for one in limits))
    how = ("--screen", "2", "--finalists", "3", "--reps", "20", "--out", str(tmp_path))
    done = kezek("optimise", "ordinary-week", "--set", DAY, *vary, *aim, *how)
    assert done.returncode == 0, done.stderr
    assert max(map(len, done.stdout.splitlines())) <= 80
    found = json.loads((tmp_path / "optimised.json").read_bytes())
    assert "counters=14" in found["chosen"]
    assert "hall_limit=40" not in found["chosen"]
    chosen = read(tmp_path / "chosen.yaml", shipped_catalogue())
    assert sum(len(shift.counters) for shift in chosen.staff.shifts) == 14
    assert len((tmp_path / "candidates.csv").read_text().splitlines()) == 7
    page = (tmp_path / "report.html").read_text()
    assert "Pareto front" in page
    assert "wait in the street, median, min" in page
    said = " ".join(done.stdout.split())
    assert re.search(r"\* hall_limit=\d+, counters=14: staff_hours \d+[^;]+; peak_hall \d", said)
    assert re.search(r"; wait_street_median \d", said)


def test_where_nothing_keeps_the_limits_that_is_said() -> None:
    how = ("--vary", "hall_limit=8,14", "--least", "staff_hours", "--limit", "served>=9999")
    done = kezek("optimise", "ordinary-week", "--set", DAY, *how, "--screen", "2", "--json")
    assert done.returncode == 3, done.stderr
    document = json.loads(done.stdout)
    assert document["chosen"] is None
    assert "No finalist is known to keep the limits" in document["verdict"]


def test_the_inputs_are_told_in_the_order_in_which_they_matter(tmp_path: Path) -> None:
    how = ("--reps", "4", "--measure", "served", "--json", "--out", str(tmp_path))
    done = kezek("sensitivity", "ordinary-week", "--set", DAY, *how)
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    assert document["effects"][0]["label"] == "visits"
    assert "What matters most" in (tmp_path / "report.html").read_text()


def test_of_a_measure_that_is_0_a_sentence_is_told(tmp_path: Path) -> None:
    how = ("--reps", "4", "--measure", "refused_online", "--out", str(tmp_path))
    done = kezek("sensitivity", "ordinary-week", "--set", DAY, *how)
    assert done.returncode == 0, done.stderr
    told = "ent online at the door is 0, and of nothing there are no per cent; take another"
    assert told in " ".join(done.stdout.split())
    assert told in (tmp_path / "report.html").read_text()


def test_what_cannot_be_searched_is_refused_in_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for command, arguments, sentence in (
        (optimise.main, [], "nothing is varied"),
        (optimise.main, ["--vary", "hall_limit=20"], "--least MEASURE and --most MEASURE"),
        (optimise.main, ["--vary", "hall_limit=0", "--least", "gone"], "hall_limit"),
        (optimise.main, ["--vary", "hall_limit=9", "--least", "gon"], "Did you mean gone?"),
        (optimise.main, ["--vary", "hall_limit=9", "--least", "gone", "--limit", "x<=1"], "'x'"),
        (optimise.main, ["--search", str(tmp_path / "none.yaml")], "none.yaml"),
        (sensitivity.main, ["--measure", "gon"], "Did you mean gone?"),
        (sensitivity.main, ["--by", "0"], "from 1 to 50"),
        (sensitivity.main, ["--set", "no_show=1"], "no such field"),
    ):
        assert sentence in refusal(command, ["ordinary-week", *arguments], capsys)
