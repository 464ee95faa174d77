"""`python -m simulation.calibrate`: a scenario from the past days of a branch."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import msgspec
from rich.console import Console

from queue_service.scenarios.reading import FaultyScenario, read_text
from queue_service.scenarios.writing import written
from schemas.catalogue import Catalogue
from schemas.catalogue.reader import suggestion
from simulation.calibration.calibrated import Calibrated, calibrate
from simulation.calibration.observed import Observed
from simulation.calibration.sources import from_journals, from_table
from simulation.experiments.options import failing
from simulation.live.scenario import ScenarioError
from simulation.reports.calibrated import calibrated_page
from simulation.scenario_file import add_catalogue_option, catalogue_in, presets, scenario_of

_MOST_DAYS = 366


def main(arguments: Sequence[str]) -> int:
    """Runs the command; gives the exit status."""
    options = asked(arguments)
    with failing("--out") as status:
        catalogue = catalogue_in(options.catalogue)
        base = scenario_of(options.base, catalogue)
        found = calibrate(options.branch, _observed(options, catalogue), base, catalogue)
        options.out.write_text(_document(options, found, catalogue), encoding="utf-8")
        options.out.with_suffix(".html").write_text(calibrated_page(found), encoding="utf-8")
        _print(options, found)
    return status.code


def _observed(options: Namespace, catalogue: Catalogue) -> Observed:
    period = (options.since, options.until)
    if options.since > options.until:
        raise ScenarioError(f"--to: {options.until} is before {options.since}, write a later date")
    if (options.until - options.since).days >= _MOST_DAYS:
        raise ScenarioError(f"--to: {_MOST_DAYS} days at most, write an earlier date")
    branches = {one.code: one for one in catalogue.branches}
    if options.branch not in branches:
        raise ScenarioError(f"no branch {options.branch}, {suggestion(options.branch, branches)}")
    if options.csv:
        services = {one.code for one in catalogue.services}
        return from_table(options.csv, branches[options.branch], period, services)
    if options.journals:
        return from_journals(options.journals, options.branch, period)
    from simulation.calibration.stored import from_database  # noqa: PLC0415 - drivers of its own

    return from_database(options.branch, period)


def _document(options: Namespace, found: Calibrated, catalogue: Catalogue) -> str:
    """The file of the scenario; raises ScenarioError where no command would read it.

    What was observed may be more than a scenario can say, or name counters that there are not.
    """
    remarks = (
        f"Estimated from {found.basis}. Each day has the mean of its weekday, "
        f"or of those with its hours.\nTaken from {options.base}, assumed: {', '.join(found.kept)}."
    )
    remarks = "\n".join((remarks, *found.notes))
    text = written(found.scenario, remarks)
    try:
        read_text(text, catalogue)
    except FaultyScenario as faulty:
        lines = "\n".join(f"{one.field}: {one.sentence}" for one in faulty.problems)
        raise ScenarioError(f"What was observed makes no scenario:\n{lines}") from None
    return text


def _print(options: Namespace, found: Calibrated) -> None:
    if options.json:
        document = {
            "scenario": str(options.out),
            "days": found.days,
            "visits": found.visits,
            "arrivals": found.arrivals,
            "serving": [msgspec.structs.replace(one, times=()) for one in found.serving],
            "apart": found.apart,
            "shares": found.shares,
            "kept": found.kept,
            "notes": found.notes,
        }
        sys.stdout.write(msgspec.json.encode(document).decode() + "\n")
        return
    console = Console(highlight=False)
    console.print(f"{found.basis}: {options.out}")
    for one in found.arrivals.weekdays:
        total = one.total
        span = f"{total.mean:.1f} visits a day ({total.low:.1f} to {total.high:.1f})"
        days = f"{one.days} day{'' if one.days == 1 else 's'}"
        console.print(f"  {one.name}: {span}, {days}")
    for service in found.apart:
        means = ", ".join(f"{kind} {mean:.1f}" for kind, mean in service.visits.items())
        console.print(f"  {service.service}, apart from the mix: {means}")
    for name, share in found.shares.items():
        span = f"{100 * share.mean:.1f} % ({100 * share.low:.1f} to {100 * share.high:.1f})"
        console.print(f"  {name}: {span}")
    poor = [one.service for one in found.serving if one.chance is not None and one.chance < 0.05]  # noqa: PLR2004
    console.print(f"  times at the counter: {len(found.serving)} services, "
                  f"{len(poor)} fit badly (p < 0.05)")  # fmt: skip
    for note in found.notes:
        console.print(note, markup=False)
    console.print(f"How well it fits: {options.out.with_suffix('.html')}")


def asked(arguments: Sequence[str]) -> Namespace:
    """The options on a command line; exits with a sentence where they are wrong."""
    parser = ArgumentParser(
        prog="kezek calibrate",
        description="Makes a scenario of the past days of a branch: from the journals of the "
        "database KEZEK_DATABASE_URL, of a folder, or from a table.",
    )
    parser.add_argument("branch", help="its code, such as uralsk-2")
    parser.add_argument("--from", dest="since", type=_date, required=True, metavar="DATE")
    parser.add_argument("--to", dest="until", type=_date, required=True, metavar="DATE")
    source = parser.add_mutually_exclusive_group()
    source.add_argument(
        "--journals",
        type=Path,
        metavar="DIR",
        help="folder of journal-BRANCH-DATE.jsonl, as kezek simulate --out writes",
    )
    source.add_argument(
        "--csv",
        type=Path,
        metavar="FILE",
        help="a line a visit: arrived_at, service and, if known, party, counter, "
        "called_at, started_at, finished_at, no_show",
    )
    add_catalogue_option(parser)
    parser.add_argument(
        "--base",
        default="ordinary-week",
        metavar="SCENARIO",
        help="for what the days do not tell, such as patience (ordinary-week); "
        f"shipped: {', '.join(presets())}",
    )
    parser.add_argument(
        "--out",
        type=_yaml,
        required=True,
        metavar="FILE.yaml",
        help="the scenario; how well it fits is told beside it in FILE.html",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    return parser.parse_args(arguments)  # fmt: skip


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        message = f"{text!r} is not a date, write one like 2026-03-02"
        raise ArgumentTypeError(message) from None


def _yaml(text: str) -> Path:
    if not text.endswith((".yaml", ".yml")):
        raise ArgumentTypeError(f"{text!r} is no name of a scenario's file, end it in .yaml")
    return Path(text)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
