"""`python -m simulation.simulate`: the days of a scenario, replicated, in one table."""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec
from rich import box
from rich.console import Console, Group
from rich.progress import Progress
from rich.table import Table
from rich.text import Text

from queue_service.timing.localtime import in_zone
from schemas.scenario import Scenario
from schemas.wire_plan import JournalEntry
from simulation.live.scenario import ScenarioError
from simulation.measures import Estimate, Measures, estimates, measure
from simulation.record import Record, Visit
from simulation.run import Run, replicate
from simulation.scenario_file import presets, scenario_of, shipped_catalogue

_MOST_REPLICATIONS = 100_000
_FAILED, _INTERRUPTED = 1, 130
_COLUMNS = (
    ("Came", "came"),
    ("On-\nline", "refused_online"),
    ("Served", "served"),
    ("Gone", "gone"),
    ("Carry\nover", "unserved"),
    ("Street\nP90", "wait_street_p90"),
    ("Hall\nP90", "wait_hall_p90"),
    ("Total\nmean", "wait_total_mean"),
    ("Total\nP95", "wait_total_p95"),
    ("Peak\nstreet", "peak_street"),
    ("Peak\nhall", "peak_hall"),
    ("Use\n%", "counter_use"),
    ("Last\nout", "last_out_minute"),
)
_NOTE = (
    "Means over {reps} replications. Visits, a party being one; waits in minutes, peaks in people. "
    "Online: refused and told of it. Gone: left the street or was sent online from it. "
    "Use: share of the open counters' time. The 95 % intervals are in --json."
)


@dataclass(frozen=True)
class Options:
    """What is asked for."""

    scenario: str
    reps: int
    seed: int | None
    as_json: bool
    out: Path | None


def main(arguments: Sequence[str]) -> int:
    """Runs the command; gives the exit status."""
    options = _options(arguments)
    try:
        catalogue = shipped_catalogue()
        scenario = scenario_of(options.scenario, catalogue)
    except ScenarioError as problem:
        sys.stderr.write(f"{problem}\n")
        return _FAILED
    if options.seed is not None:
        scenario = msgspec.structs.replace(scenario, seed=options.seed)
    try:
        return _simulate(scenario, options)
    except OSError as problem:
        sys.stderr.write(f"--out cannot be written to: {problem}. Name a folder of your own.\n")
        return _FAILED


def _simulate(scenario: Scenario, options: Options) -> int:
    days: list[Measures] = []
    finished = _replicate(scenario, options, days)
    if days:
        _show(scenario, days, options)
    return 0 if finished else _INTERRUPTED


def _options(arguments: Sequence[str]) -> Options:
    parser = argparse.ArgumentParser(prog="kezek simulate", description=_about())
    parser.add_argument("scenario", help="a name or a file that ends in .yaml")
    parser.add_argument("--reps", type=_replications, default=5, help="replications (5)")
    parser.add_argument("--seed", type=int, help="in place of the scenario's own")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    parser.add_argument("--out", type=Path, help="folder for visits, measures and journals")
    found = parser.parse_args(arguments)
    if found.seed is not None and found.seed < 0:
        parser.error("--seed is negative: write a whole number of 0 or more")
    return Options(found.scenario, found.reps, found.seed, found.json, found.out)


def _about() -> str:
    return f"Simulates the days of a scenario. Shipped: {', '.join(presets())}."


def _replications(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= _MOST_REPLICATIONS:
        message = f"{text!r} is not a whole number from 1 to {_MOST_REPLICATIONS}"
        raise argparse.ArgumentTypeError(message)
    return int(text)


def _replicate(scenario: Scenario, options: Options, days: list[Measures]) -> bool:
    """Adds the measures of whole replications to `days`; False where Ctrl-C ended it."""
    files = _Files(options.out) if options.out else None
    try:
        for replication, runs in _with_progress(scenario, options.reps):
            days += [measure(run) for run in runs]
            if files:
                files.add(replication, runs)
    except KeyboardInterrupt:
        sys.stderr.write("Stopped: what is finished follows.\n")
        return False
    return True


def _with_progress(scenario: Scenario, reps: int) -> Iterator[tuple[int, list[Run]]]:
    catalogue = shipped_catalogue()
    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(scenario.name, total=reps * len(scenario.days))
        for replication in range(reps):
            runs = []
            for run in replicate(scenario, catalogue, replication):
                runs.append(run)
                progress.advance(task)
            yield replication, runs


class _Files:
    """Visits of all replications, and the journals of the first one."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        with self._visits.open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerow(("replication", "date", *Visit.__struct_fields__))

    @property
    def _visits(self) -> Path:
        return self._folder / "visits.csv"

    def add(self, replication: int, runs: Iterable[Run]) -> None:
        """Writes what one replication has brought."""
        with self._visits.open("a", newline="", encoding="utf-8") as file:
            for run in runs:
                csv.writer(file).writerows(
                    (replication, run.date, *msgspec.structs.astuple(visit))
                    for visit in Record.of(run.day.journal).visits.values()
                )
                if not replication:
                    self._write_journal(run)

    def _write_journal(self, run: Run) -> None:
        path = self._folder / f"journal-{run.branch}-{run.date}.jsonl"
        path.write_bytes(b"".join(lines(run)))


def lines(run: Run) -> Iterator[bytes]:
    """The journal of a day as the service tells it, a line of JSON an entry."""
    local = in_zone(run.zone)
    for entry in run.day.journal:
        line = JournalEntry(
            seq=entry.seq,
            at=local.text(entry.at),
            at_ms=entry.at,
            command=entry.command.hex(),
            part=entry.part,
            by=entry.by,
            event=msgspec.to_builtins(entry.event),
        )
        yield msgspec.json.encode(line) + b"\n"


def _show(scenario: Scenario, days: list[Measures], options: Options) -> None:
    found = estimates(days)
    document = {
        "scenario": scenario.name,
        "seed": scenario.seed,
        "estimates": found,
        "days": days,
    }
    if options.out:
        (options.out / "measures.json").write_bytes(msgspec.json.encode(document))
    if options.as_json:
        sys.stdout.write(msgspec.json.encode(document).decode() + "\n")
    else:
        Console().print(table(scenario, found))


def table(scenario: Scenario, found: dict[str, dict[str, Estimate]]) -> Group:
    """A row a date, and what the columns count."""
    days = Table(
        title=scenario.title,
        box=box.SIMPLE_HEAD,
        title_justify="left",
        padding=0,
        show_edge=False,
    )
    days.add_column("Day", no_wrap=True)
    for heading, _ in _COLUMNS:
        days.add_column(heading, justify="right", no_wrap=True)
    for date, of_date in found.items():
        days.add_row(date[5:], *(_cell(name, of_date.get(name)) for _, name in _COLUMNS))
    reps = max(one["came"].count for one in found.values())
    return Group(days, Text(_NOTE.format(reps=reps)))


def _cell(name: str, one: Estimate | None) -> str:
    if one is None:
        return "-"
    if name == "last_out_minute":
        return f"{int(one.mean) // 60:02d}:{int(one.mean) % 60:02d}"
    if name == "counter_use":
        return f"{100 * one.mean:.0f}"
    return f"{one.mean:.0f}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
