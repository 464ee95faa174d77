"""`python -m simulation.sensitivity`: which input of a scenario matters most to a measure."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from pathlib import Path

import msgspec
from rich.console import Console

from simulation.experiments.changes import changed
from simulation.experiments.choice import add_engine_option, engine_for
from simulation.experiments.console import progress_bar, sensitivity_table
from simulation.experiments.figures import FIGURES, require
from simulation.experiments.intervals import FEWEST_FOR_INTERVAL
from simulation.experiments.options import INTERRUPTED, failing, stoppable, whole
from simulation.experiments.sensitivity import Sensitivity, explore, varied
from simulation.experiments.workers import crew
from simulation.reports.sensitive import sensitivity_page
from simulation.scenario_file import add_catalogue_option, catalogue_in, presets, scenario_of


def main(arguments: Sequence[str]) -> int:
    """Runs the command; gives the exit status."""
    options = asked(arguments)
    with failing("--out") as status:
        status.code = _run(options)
    return status.code


def _run(options: Namespace) -> int:
    require(options.measure)
    catalogue = catalogue_in(options.catalogue)
    scenario = changed(scenario_of(options.scenario, catalogue), options.set, catalogue)
    if options.out:
        options.out.mkdir(parents=True, exist_ok=True)
    variations = varied(scenario, options.by / 100, catalogue)
    found = Sensitivity(variations, options.measure)
    runs = options.reps * (1 + 2 * len(variations))
    engine = engine_for(options.engine, scenario, runs)
    with (
        stoppable() as stop,
        crew(catalogue, options.workers) as people,
        progress_bar(scenario.name, runs) as bar,
    ):
        for _ in explore(scenario, variations, found, people, engine, options.reps):
            bar.advance(runs)
    _tell(options, scenario.title, found)
    return INTERRUPTED if stop.asked else 0


def _tell(options: Namespace, title: str, found: Sensitivity) -> None:
    effects = found.effects()
    document = {
        "scenario": title,
        "measure": options.measure,
        "by": options.by / 100,
        "base": found.base.estimate,
        "effects": effects,
    }
    text = msgspec.json.encode(document)
    if options.out:
        (options.out / "sensitivity.json").write_bytes(msgspec.json.format(text))
        page = sensitivity_page(title, options.measure, options.by, found.base.estimate, effects)
        (options.out / "report.html").write_text(page, encoding="utf-8")
    if options.json:
        sys.stdout.write(text.decode() + "\n")
    else:
        Console().print(sensitivity_table(title, options.measure, found.base.estimate, effects))


def asked(arguments: Sequence[str]) -> Namespace:
    """The options on a command line; exits with a sentence where they are wrong."""
    parser = ArgumentParser(prog="kezek sensitivity", description=_about())
    parser.add_argument("scenario", help="a name or a file that ends in .yaml")
    parser.add_argument(
        "--measure",
        default="wait_total_mean",
        metavar="NAME",
        help=f"over all days: {', '.join(FIGURES)}",
    )
    parser.add_argument(
        "--by",
        type=whole(1, 50),
        default=10,
        metavar="PERCENT",
        help="less and more of each input (10)",
    )
    parser.add_argument(
        "--reps",
        type=whole(FEWEST_FOR_INTERVAL, 10_000),
        default=10,
        help="replications of each (10)",
    )
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="FIELD=VALUE",
        help="a change of the scenario, such as group_size=20; repeatable",
    )
    add_catalogue_option(parser)
    add_engine_option(parser)
    parser.add_argument("--workers", type=whole(1, 256), help="processes (one a processor)")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    parser.add_argument("--out", type=Path, metavar="DIR", help="folder for a report")
    return parser.parse_args(arguments)  # fmt: skip


def _about() -> str:
    return (
        "Varies one input at a time, before the same people. The elasticity is the change of the "
        f"measure in per cent for one per cent of the input. Shipped: {', '.join(presets())}."
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
