"""`kezek calibrate` from the command line: from journals, from a table, from the database."""

from __future__ import annotations

import csv
import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from simulation import calibrate
from simulation.scenario_file import read, shipped_catalogue
from tests.acceptance.command import kezek, refusal

DATES = ("--from", "2026-03-02", "--to", "2026-03-07")


@pytest.fixture(scope="module")
def week(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The journals of an ordinary week."""
    folder = tmp_path_factory.mktemp("week")
    done = kezek("simulate", "ordinary-week", "--reps", "1", "--out", str(folder))
    assert done.returncode == 0, done.stderr
    return folder


def test_journals_become_a_scenario_that_can_be_simulated(week: Path, tmp_path: Path) -> None:
    out = tmp_path / "mine.yaml"
    where = ("--journals", str(week), "--out", str(out), "--json")
    done = kezek("calibrate", "uralsk-2", *DATES, *where)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert (told["days"], len(told["arrivals"]["weekdays"])) == (6, 6)
    scenario = read(out, shipped_catalogue())
    assert 2300 < sum(day.visits for day in scenario.days) < 2900
    assert "chi2" in out.with_suffix(".html").read_text()
    again = kezek("simulate", str(out), "--reps", "1", "--json")
    assert again.returncode == 0, again.stderr
    assert json.loads(again.stdout)["estimates"]["2026-03-02"]["served"]["mean"] > 300


@pytest.mark.parametrize("delimiter", [",", ";"])
def test_a_table_of_visits_becomes_a_scenario(tmp_path: Path, delimiter: str) -> None:
    table, out = tmp_path / "visits.csv", tmp_path / "mine.yaml"
    begins = datetime.fromisoformat("2026-03-02T09:00:00")
    with table.open("w", newline="") as file:
        rows = csv.writer(file, delimiter=delimiter)
        rows.writerow(("arrived_at", "service", "started_at", "finished_at", "counter", "no_show"))
        for number in range(200):
            came = begins + timedelta(minutes=2 * number)
            called = came + timedelta(minutes=5)
            over = called + timedelta(minutes=4 + number % 9)
            absent = number % 10 == 0
            times = ("", "") if absent else (called.isoformat(), over.isoformat())
            rows.writerow((came, "passport", *times, "1", int(absent)))
    done = kezek("calibrate", "uralsk-2", *DATES, "--csv", str(table), "--out", str(out))
    assert done.returncode == 0, done.stderr
    scenario = read(out, shipped_catalogue())
    assert [day.visits for day in scenario.days] == [pytest.approx(200, rel=0.01)]
    assert scenario.visitors.no_show == pytest.approx(0.1)
    assert scenario.staff.shifts[0].counters == ("1",)
    (passport,) = scenario.mix.services
    assert passport.time is not None
    assert passport.time.mean_minutes == pytest.approx(8, abs=0.5)
    assumed = "each counter has the skills that the catalogue says, assumed"
    assert assumed in out.read_text().replace("\n# ", " ")
    assert assumed in out.with_suffix(".html").read_text()
    assert assumed in " ".join(done.stdout.split())


def test_what_cannot_be_calibrated_is_refused_in_a_sentence(
    week: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("KEZEK_DATABASE_URL", raising=False)
    bad = tmp_path / "bad.csv"
    bad.write_text("arrived_at,service\n2026-03-02T09:00,passport\nyesterday,passport\n")
    lacks = tmp_path / "lacks.csv"
    lacks.write_text("arrived_at,servise\n")
    strange = tmp_path / "strange.csv"
    strange.write_text("arrived_at,service\n2026-03-02T09:00,moon-landing\n")
    binary = tmp_path / "binary.csv"
    binary.write_bytes(bytes(range(256)))
    sunday = tmp_path / "sunday.csv"
    sunday.write_text("arrived_at,service\n2026-03-08T09:00,passport\n")
    out = ("--out", str(tmp_path / "mine.yaml"))
    journals = ("--journals", str(week))
    for arguments, sentence in (
        (["uralsk-22", *DATES, *journals, *out], "no branch uralsk-22"),
        (["uralsk-2", *DATES, "--csv", str(bad), *out], "bad.csv:3: arrived_at: 'yesterday'"),
        (["uralsk-2", *DATES, "--csv", str(lacks), *out], "lacks.csv:1: no column service"),
        (["uralsk-2", *DATES, "--csv", str(strange), *out], "csv:2: no service moon-landing"),
        (["uralsk-2", *DATES, "--csv", str(binary), *out], "save it as CSV in UTF-8"),
        (["uralsk-2", "--from", "2026-03-02", "--to", "2026-03-09", "--csv", str(sunday), *out],
         "the branch is closed on 2026-03-08"),
        (["uralsk-2", "--from", "2026-03-07", "--to", "2026-03-02", *journals, *out], "--to:"),
        (["uralsk-2", "--from", "2026-3-7", "--to", "2026-03-02", *journals, *out], "not a date"),
        (["uralsk-2", "--from", "2025-03-02", "--to", "2025-03-07", *journals, *out],
         "no journal-uralsk-2-DATE.jsonl"),
        (["uralsk-2", *DATES, *journals, "--out", "mine"], "end it in .yaml"),
        (["uralsk-2", *DATES, *journals, "--base", "ordinary-wek", *out], "Did you mean"),
        (["uralsk-2", *DATES, *out], "KEZEK_DATABASE_URL is not set"),
    ):  # fmt: skip
        assert sentence in refusal(calibrate.main, arguments, capsys)
    assert not (tmp_path / "mine.yaml").exists()


def test_more_than_a_scenario_can_say_is_refused_before_anything_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table, out = tmp_path / "crowd.csv", tmp_path / "mine.yaml"
    visit = "2026-03-02T10:00,passport\n"
    table.write_text("arrived_at,service\n" + 20_100 * visit)
    arguments = ["uralsk-2", *DATES, "--csv", str(table), "--out", str(out)]
    told = refusal(calibrate.main, arguments, capsys)
    assert "What was observed makes no scenario:\ndays[0].visits: '20100.0'" in told
    assert "0 to 20000" in told
    assert not out.exists()
