"""`python -m simulation.optimise`: the best of many policies for a scenario, under limits."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec
from rich.console import Console

from schemas.catalogue import Catalogue
from simulation.experiments.changes import changed
from simulation.experiments.choice import add_engine_option, engine_for
from simulation.experiments.console import interval_said, progress_bar
from simulation.experiments.figures import FIGURES, require
from simulation.experiments.optimisation import Course, Search, choose, screen
from simulation.experiments.options import INTERRUPTED, failing, positive, stoppable, whole
from simulation.experiments.search import Question
from simulation.experiments.selection import FIRST_STAGE
from simulation.experiments.space import Aim, Limit, Space, dimension, limit, search_file, varied
from simulation.experiments.workers import crew
from simulation.live.scenario import ScenarioError
from simulation.reports.optimised import Finalist, Optimised
from simulation.reports.verdict import document_of, optimised, write
from simulation.scenario_file import add_catalogue_option, catalogue_in, presets, scenario_of

_NOTHING_FOUND = 3


def main(arguments: Sequence[str]) -> int:
    """Runs the command; gives the exit status: 3 where no candidate keeps the limits."""
    options = asked(arguments)
    with failing("--out") as status:
        catalogue = catalogue_in(options.catalogue)
        wanted = _search(options, catalogue)
        if options.out:
            options.out.mkdir(parents=True, exist_ok=True)
        course = Course()
        with stoppable(), crew(catalogue, options.workers) as people:
            with progress_bar("Screening", wanted.candidates) as bar:
                screen(wanted, people, course, bar.advance)
            with progress_bar("Selecting", wanted.most) as bar:
                choose(wanted, people, course, bar.advance)
        status.code = _tell(options, wanted, course)
    return status.code


def _tell(options: Namespace, wanted: Search, course: Course) -> int:
    found = optimised(wanted, course)
    document = document_of(wanted, found)
    if options.out:
        write(options.out, wanted, course, found, document)
    if options.json:
        sys.stdout.write(msgspec.json.encode(document).decode() + "\n")
    else:
        _print(found)
    if not course.finished:
        return INTERRUPTED
    return 0 if document["chosen"] else _NOTHING_FOUND


def _print(found: Optimised) -> None:
    console = Console(highlight=False)
    console.print(found.verdict)
    for one in found.finalists:
        values = "; ".join(_values(found, one))
        console.print(f"  {'*' if one.chosen else ' '} {one.name}: {values}; {one.outcome}")
    console.print(found.screening)
    if found.finalists:
        console.print(found.method)


def _values(found: Optimised, one: Finalist) -> Iterator[str]:
    """The aim, and the measures that have limits."""
    for name in dict.fromkeys((found.aim, *found.limited)):
        estimate = one.estimates.get(name)
        yield f"{name} {interval_said(name, estimate) if estimate else '-'}"


# --- asking --------------------------------------------------------------------------------------


def _search(found: Namespace, catalogue: Catalogue) -> Search:
    file = search_file(found.search) if found.search else None
    scenario = changed(scenario_of(found.scenario, catalogue), found.set, catalogue)
    dimensions = [dimension(text) for text in found.vary] + (varied(file) if file else [])
    if not dimensions:
        raise ScenarioError("vary: nothing is varied, write one like --vary group_size=5,10,20")
    limits = (*found.limit, *(file.limits if file else ()))
    least, most = (file.least, file.most) if file else (None, None)
    aim = _aim(found.least or least, found.most or most)
    against = found.against or _against(aim)
    require(against)
    space = Space(scenario, dimensions, catalogue)
    replications = found.candidates * found.screen + found.finalists * found.reps
    engine = engine_for(found.engine, scenario, replications)
    return Search(
        scenario=scenario,
        space=space,
        question=Question(aim, _limits(limits), found.screen, engine),
        against=against,
        candidates=found.candidates,
        finalists=found.finalists,
        most=found.reps,
        zone=found.zone,
        error=1 - found.sure / 100,
    )


def _limits(texts: Sequence[str]) -> tuple[Limit, ...]:
    return tuple(limit(text) for text in dict.fromkeys(texts))


def _aim(least: str | None, most: str | None) -> Aim:
    if (least is None) == (most is None):
        raise ScenarioError("least: write one of --least MEASURE and --most MEASURE")
    aim = Aim(least, "least") if least else Aim(most or "", "most")
    require(aim.measure)
    return aim


def _against(aim: Aim) -> str:
    return "wait_total_mean" if aim.measure != "wait_total_mean" else "staff_hours"


def asked(arguments: Sequence[str]) -> Namespace:
    """The options on a command line; exits with a sentence where they are wrong."""
    parser = ArgumentParser(prog="kezek optimise", description=_about())
    parser.add_argument("scenario", help="a name or a file that ends in .yaml")
    parser.add_argument(
        "--vary",
        action="append",
        default=[],
        metavar="CHANGE=V,V,...",
        help="values to try, such as group_size=5,10,20, pauses=none,120/15, "
        "counters=12,09:00/8+11:00/16; repeatable",
    )
    parser.add_argument(
        "--limit",
        action="append",
        default=[],
        metavar="MEASURE<=BOUND",
        help="of the mean over replications; with @95 of 95 %% of them, such as "
        "last_out_minute<=17:00@95; repeatable",
    )
    parser.add_argument("--least", metavar="MEASURE", help="what is to be small")
    parser.add_argument("--most", metavar="MEASURE", help="what is to be great")
    parser.add_argument(
        "--search", type=Path, metavar="FILE", help="vary, limits, least, most from a YAML file"
    )
    parser.add_argument("--against", metavar="MEASURE", help="second measure of the Pareto front")
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="FIELD=VALUE",
        help="a change of the scenario that all candidates have; repeatable",
    )
    parser.add_argument(
        "--candidates", type=whole(1, 5000), default=60, help="looked at, at most (60)"
    )
    parser.add_argument(
        "--screen", type=whole(2, 100), default=3, help="replications of the screening (3)"
    )
    parser.add_argument("--finalists", type=whole(1, 20), default=6, help="chosen from (6)")
    parser.add_argument(
        "--reps",
        type=whole(FIRST_STAGE, 100_000),
        default=200,
        help="replications of a finalist at most (200)",
    )
    parser.add_argument(
        "--zone",
        type=positive,
        metavar="X",
        help="difference of the aim that one does not care about (1 %% of the best screened)",
    )
    parser.add_argument("--sure", type=whole(51, 99), default=95, help="per cent (95)")
    add_catalogue_option(parser)
    add_engine_option(parser)
    parser.add_argument("--workers", type=whole(1, 256), help="processes (one a processor)")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    parser.add_argument(
        "--out",
        type=Path,
        metavar="DIR",
        help="folder for a report, all candidates and the chosen scenario",
    )
    return parser.parse_args(arguments)  # fmt: skip


def _about() -> str:
    return (
        "Searches for the best policy for a scenario. Shipped: "
        f"{', '.join(presets())}. Measures: {', '.join(FIGURES)}."
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
