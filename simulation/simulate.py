"""`python -m simulation.simulate`: the days of a scenario, replicated, alone or beside another."""

from __future__ import annotations

import re
import sys
from argparse import ArgumentParser
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec
from msgspec import Struct
from rich.console import Console, RenderableType

from schemas.catalogue import Catalogue
from schemas.scenario import MOST_SEED, Scenario
from simulation.experiments.changes import changed
from simulation.experiments.choice import add_engine_option, engine_for
from simulation.experiments.comparison import Pairs, compare, same_people
from simulation.experiments.console import comparison_table, days_table, progress_bar
from simulation.experiments.engine import Kept
from simulation.experiments.figures import ALL_DAYS, FIGURES, require
from simulation.experiments.intervals import FEWEST_FOR_INTERVAL
from simulation.experiments.options import INTERRUPTED, failing, positive, stoppable, whole
from simulation.experiments.replications import FEWEST, Plan, replications
from simulation.experiments.summary import Summary
from simulation.experiments.workers import crew
from simulation.reports.files import Folder, require_parquet
from simulation.reports.simulated import compared_page, simulated_page
from simulation.scenario_file import add_catalogue_option, catalogue_in, presets, scenario_of

_MOST = 100_000
_USUAL, _USUAL_LIMIT = 5, 1000
_MEASURE = "wait_total_mean"
_COMMA = re.compile(r",(?=[a-z_0-9.]+=)")
"""Between two changes, not within the value of one."""


class Options(Struct, frozen=True):
    """What is asked for."""

    scenario: str
    catalogue: Path | None
    changes: tuple[str, ...]
    versus: str | None
    plan: Plan
    engine: str | None
    seed: int | None
    workers: int | None
    as_json: bool
    out: Path | None
    parquet: bool


def main(arguments: Sequence[str]) -> int:
    """Runs the command; gives the exit status."""
    options = asked(arguments)
    with failing("--out") as status:
        status.code = _run(options)
    return status.code


def _run(options: Options) -> int:
    if options.parquet:
        require_parquet()
    require(options.plan.measure)
    catalogue = catalogue_in(options.catalogue)
    first = _scenario(options, catalogue)
    second = _versus(first, options.versus, catalogue) if options.versus else None
    engine = engine_for(options.engine, first, options.plan.most * (2 if second else 1))
    plan = msgspec.structs.replace(options.plan, engine=engine)
    options = msgspec.structs.replace(options, plan=plan)
    if second is None:
        return _simulate(first, options, catalogue)
    return _compare(first, second, options, catalogue)


def _scenario(options: Options, catalogue: Catalogue) -> Scenario:
    scenario = changed(scenario_of(options.scenario, catalogue), options.changes, catalogue)
    if options.seed is not None:
        scenario = msgspec.structs.replace(scenario, seed=options.seed)
    return scenario


def _versus(first: Scenario, versus: str, catalogue: Catalogue) -> Scenario:
    """Another scenario, or the first one with changes."""
    if "=" not in versus:
        return same_people(first, scenario_of(versus, catalogue))
    second = changed(first, _COMMA.split(versus), catalogue)
    return msgspec.structs.replace(second, title=f"{first.title}, {versus}"[:500])


# --- running -------------------------------------------------------------------------------------


def _simulate(scenario: Scenario, options: Options, catalogue: Catalogue) -> int:
    summary = Summary()
    folder = _folder(options, options.out)
    told = folder.add if folder else lambda _: None
    # A single replication needs no process of its own.
    workers = 1 if options.plan.most == 1 else options.workers
    with (
        stoppable() as stop,
        crew(catalogue, workers) as people,
        progress_bar(scenario.name, options.plan.most) as bar,
    ):
        for _ in replications(scenario, options.plan, people, summary, told):
            bar.advance(options.plan.expected(summary))
    if not summary.replications:
        return _nothing(folder)
    stopped_of = options.plan.most if stop.asked else 0
    document = _document(scenario, summary, options) | _short(stopped_of)
    if folder:
        folder.close(document, simulated_page(scenario, summary, stopped_of))
    _print(options, document, lambda: days_table(scenario.title, summary.estimates()))
    _say_what_is_short(options.plan, summary.tally(options.plan.measure).half_width)
    return INTERRUPTED if stop.asked else 0


def _compare(first: Scenario, second: Scenario, options: Options, catalogue: Catalogue) -> int:
    pairs = Pairs()
    folder = _folder(options, options.out)
    other = _folder(options, options.out and options.out / "versus")
    with (
        stoppable() as stop,
        crew(catalogue, options.workers) as people,
        progress_bar(f"{first.name} / {second.name}", options.plan.most) as bar,
    ):
        for one, two in compare(first, second, options.plan, people, pairs):
            bar.advance(pairs.expected(options.plan))
            if folder and other:
                folder.add(one)
                other.add(two)
    if not pairs.first.replications:
        return _nothing(other, folder)
    stopped_of = options.plan.most if stop.asked else 0
    document = _pairs_document(first, second, pairs, options) | _short(stopped_of)
    if folder and other:
        folder.close(document, compared_page(first, second, pairs, stopped_of))
        other.close_visits()
    names = (first.title, second.title)
    found = pairs.differences()[ALL_DAYS]
    _print(options, document, lambda: comparison_table(names, found))
    _say_what_is_short(options.plan, pairs.half_width(options.plan.measure))
    return INTERRUPTED if stop.asked else 0


def _nothing(*folders: Folder | None) -> int:
    """Stopped before anything was finished."""
    sys.stderr.write("Nothing is finished yet.\n")
    for folder in folders:
        if folder:
            folder.discard()
    return INTERRUPTED


def _short(stopped_of: int) -> dict[str, object]:
    return {"stopped_of": stopped_of} if stopped_of else {}


def _folder(options: Options, path: Path | None) -> Folder | None:
    return Folder(path, parquet=options.parquet) if path else None


# --- telling -------------------------------------------------------------------------------------


def _document(scenario: Scenario, summary: Summary, options: Options) -> dict[str, object]:
    return {
        "scenario": scenario.name,
        "seed": scenario.seed,
        "engine": options.plan.engine,
        "replications": summary.replications,
        "estimates": summary.estimates(),
        "people": {date: summary.bands(date) for date in summary.dates},
    }


def _pairs_document(
    first: Scenario, second: Scenario, pairs: Pairs, options: Options
) -> dict[str, object]:
    return {
        "first": _document(first, pairs.first, options),
        "second": _document(second, pairs.second, options),
        "differences": pairs.differences(),
    }


def _print(
    options: Options, document: dict[str, object], table: Callable[[], RenderableType]
) -> None:
    if options.as_json:
        sys.stdout.write(msgspec.json.encode(document).decode() + "\n")
    else:
        Console().print(table())


def _say_what_is_short(plan: Plan, reached: float | None) -> None:
    """Where the interval that was asked for is not reached."""
    if plan.half_width is not None and (reached is None or reached > plan.half_width):
        reach = "is not known" if reached is None else f"reaches {reached:.3g} to each side"
        sys.stderr.write(
            f"The 95 % interval of {plan.measure} {reach}; {plan.half_width:g} was asked for: "
            "write more --reps or a wider --until-halfwidth.\n"
        )


# --- asking --------------------------------------------------------------------------------------


def asked(arguments: Sequence[str]) -> Options:
    """The options on a command line; exits with a sentence where they are wrong."""
    parser = ArgumentParser(prog="kezek simulate", description=_about())
    parser.add_argument("scenario", help="a name or a file that ends in .yaml")
    parser.add_argument(
        "--vs",
        metavar="OTHER",
        help="another scenario, or changes of this one "
        "such as group_size=20,hall_limit=60: compared before the same people",
    )
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="FIELD=VALUE",
        help="a change of the scenario, such as visitors.no_show=0.1; repeatable",
    )
    parser.add_argument(
        "--reps",
        type=whole(1, _MOST),
        help=f"replications ({_USUAL}; with --until-halfwidth at most, {_USUAL_LIMIT})",
    )
    parser.add_argument(
        "--until-halfwidth",
        type=positive,
        metavar="X",
        help=f"from {FEWEST} replications on, until the 95 %% interval of "
        "--measure reaches at most X to each side",
    )
    parser.add_argument(
        "--measure",
        metavar="NAME",
        help=f"for --until-halfwidth ({_MEASURE}), over all days: {', '.join(FIGURES)}",
    )
    add_catalogue_option(parser)
    add_engine_option(parser)
    parser.add_argument("--workers", type=whole(1, 256), help="processes (one a processor)")
    parser.add_argument("--seed", type=whole(0, MOST_SEED), help="in place of the scenario's own")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    parser.add_argument(
        "--out",
        type=Path,
        metavar="DIR",
        help="folder for a report, every visitor, measures and journals",
    )
    parser.add_argument("--parquet", action="store_true", help="visitors as Parquet too")
    found = parser.parse_args(arguments)
    if found.parquet and not found.out:
        parser.error("--parquet needs a folder: write --out DIR too")
    if found.vs is not None and not found.vs.strip():
        parser.error("--vs: is empty, name a scenario or changes such as group_size=20")
    if found.measure and found.until_halfwidth is None:
        parser.error("--measure says of what --until-halfwidth is: write that too")
    if found.until_halfwidth is not None and 0 < (found.reps or 0) < FEWEST_FOR_INTERVAL:
        known = f"the interval is known from {FEWEST_FOR_INTERVAL} replications on"
        parser.error(f"--until-halfwidth: {known}, write --reps {FEWEST_FOR_INTERVAL} or more")
    usual = _USUAL if found.until_halfwidth is None else _USUAL_LIMIT
    kept = Kept(visits=bool(found.out), journals=1 if found.out else 0)
    return Options(
        scenario=found.scenario,
        catalogue=found.catalogue,
        changes=tuple(found.set),
        versus=found.vs,
        plan=Plan(found.reps or usual, found.until_halfwidth, found.measure or _MEASURE, kept=kept),
        engine=found.engine,
        seed=found.seed,
        workers=found.workers,
        as_json=found.json,
        out=found.out,
        parquet=found.parquet,
    )  # fmt: skip


def _about() -> str:
    return f"Simulates the days of a scenario. Shipped: {', '.join(presets())}."


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
