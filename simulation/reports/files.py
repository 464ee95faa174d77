"""The folder that an experiment leaves: every visitor, the journals, the measures, the page."""

from __future__ import annotations

import csv
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

import msgspec

from simulation.experiments.engine import VISIT_COLUMNS, Replication
from simulation.live.scenario import ScenarioError

_VISITS = "visits.csv"


def require_parquet() -> None:
    """Raises ScenarioError where what writes Parquet is not installed."""
    if find_spec("polars") is None:
        raise ScenarioError(
            "--parquet needs polars, which is not installed: "
            ".venv/bin/uv pip install 'polars>=2.1', or leave it out and take visits.csv"
        )


class Folder:
    """Takes replications in as they come and writes them at once."""

    def __init__(self, path: Path, *, parquet: bool = False) -> None:
        """Raises OSError where the folder cannot be written to."""
        self.path = path
        self._parquet = parquet
        path.mkdir(parents=True, exist_ok=True)
        with (path / _VISITS).open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerow(VISIT_COLUMNS)

    def discard(self) -> None:
        """Takes back what was begun where no replication has come."""
        (self.path / _VISITS).unlink()
        with suppress(OSError):  # What else lies in the folder is not ours.
            self.path.rmdir()

    def add(self, replication: Replication) -> None:
        """Writes what one replication has brought."""
        with (self.path / _VISITS).open("ab") as file:
            file.write(replication.visits)
        for name, journal in replication.journals.items():
            (self.path / name).write_bytes(journal)

    def close(self, measures: object, page: str) -> None:
        """Writes what there is at the end."""
        document = msgspec.json.encode(measures)
        (self.path / "measures.json").write_bytes(msgspec.json.format(document))
        (self.path / "report.html").write_text(page, encoding="utf-8")
        self.close_visits()

    def close_visits(self) -> None:
        """The visits a second time, as Parquet, where that is wanted; in bounded memory."""
        if self._parquet:
            import polars as pl  # noqa: PLC0415 - an extra that most do without

            table = pl.scan_csv(self.path / _VISITS, try_parse_dates=True)
            table.sink_parquet(self.path / "visits.parquet")
