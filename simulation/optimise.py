"""`python -m simulation.optimise`: the best of many policies for a scenario, under limits."""

from __future__ import annotations

import csv
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec
from msgspec import Struct
from rich.console import Console

from schemas.catalogue import Catalogue
from schemas.scenario import Scenario
from simulation.experiments.changes import changed
from simulation.experiments.console import Bar, interval_said, progress_bar
from simulation.experiments.engine import ENGINES
from simulation.experiments.figures import FIGURES, require
from simulation.experiments.options import failing, positive, whole
from simulation.experiments.search import Question, Screened, estimates_of, search
from simulation.experiments.selection import FIRST_STAGE, Contestant, Rules, Selection, select
from simulation.experiments.space import Aim, Limit, Space, dimension, limit, search_file, varied
from simulation.experiments.workers import Crew, crew
from simulation.live.scenario import ScenarioError
from simulation.reports.optimised import Finalist, Optimised, front, optimised_page
from simulation.scenario_file import presets, scenario_of, shipped_catalogue
from simulation.scenario_writer import written

_INTERRUPTED, _NOTHING_FOUND = 130, 3
_ZONE_SHARE = 0.01


class Options(Struct, frozen=True):
    """What is asked for."""

    scenario: Scenario
    space: Space
    question: Question
    against: str
    candidates: int
    finalists: int
    most: int
    zone: float | None
    error: float
    workers: int | None
    as_json: bool
    out: Path | None


class Course(Struct):
    """How far the search has come: what Ctrl-C keeps."""

    screened: list[Screened]
    finalists: list[Screened]
    selection: Selection | None = None
    finished: bool = False


def main(arguments: Sequence[str]) -> int:
    """Runs the command; gives the exit status: 3 where no candidate keeps the limits."""
    found = asked(arguments)
    with failing("--out") as status:
        catalogue = shipped_catalogue()
        options = _options(found, catalogue)
        if options.out:
            options.out.mkdir(parents=True, exist_ok=True)
        course = Course([], [])
        with crew(catalogue, options.workers) as people:
            _run(options, people, course)
        status.code = _tell(options, course)
    return status.code


def _run(options: Options, people: Crew, course: Course) -> None:
    looked_at = min(options.candidates, len(options.space))
    expected = looked_at * options.question.replications
    try:
        with progress_bar("Screening", expected) as bar:
            _screen(options, people, course, bar, expected)
        most = len(course.finalists) * options.most
        with progress_bar("Selecting", most) as bar:
            _select(options, people, course, bar, most)
        course.finished = True
    except KeyboardInterrupt:
        sys.stderr.write("Stopped: what is finished follows.\n")


def _screen(options: Options, people: Crew, course: Course, bar: Bar, expected: int) -> None:
    batches = search(
        options.space,
        options.question,
        people,
        options.candidates,
        course.screened,
        lambda: bar.advance(expected),
    )
    for _ in batches:
        pass
    if not course.screened:
        raise ScenarioError(f"vary: no candidate can be: {_reasons(options.space)}")
    course.finalists = course.screened[: options.finalists]


def _reasons(space: Space) -> str:
    return "; ".join(sorted(set(space.ruled_out.values())))[:500]


def _select(options: Options, people: Crew, course: Course, bar: Bar, expected: int) -> None:
    made = [options.space.candidate(one.place) for one in course.finalists]
    zone = options.zone or _ZONE_SHARE * (abs(course.finalists[0].cost) or 1.0)
    rules = Rules(options.error, zone, options.most)
    course.selection = Selection(len(made), options.question, rules)
    rounds = select(
        [one for one in made if one],
        course.selection,
        options.question,
        people,
        lambda: bar.advance(expected),
    )
    for _ in rounds:
        pass


# --- telling -------------------------------------------------------------------------------------


def _tell(options: Options, course: Course) -> int:
    finalists = [*_finalists(options, course)]
    found = _optimised(options, course, tuple(finalists))
    document: dict[str, object] = {
        "scenario": options.scenario.name,
        "verdict": found.verdict,
        "chosen": next((one.name for one in finalists if one.chosen), None),
        "finalists": finalists,
        "screened": course.screened,
        "front": [one.name for one in front(course.screened, found.aim, found.against)],
        "ruled_out": found.ruled_out,
    }
    if options.out:
        _write(options, course, found, document)
    if options.as_json:
        sys.stdout.write(msgspec.json.encode(document).decode() + "\n")
    else:
        _print(found)
    if not course.finished:
        return _INTERRUPTED
    return 0 if document["chosen"] else _NOTHING_FOUND


def _finalists(options: Options, course: Course) -> Iterator[Finalist]:
    if course.selection is None:
        return
    best = course.selection.best
    for one in course.selection.contestants:
        name = course.finalists[one.number].name
        outcome = _outcome(options, course, one)
        yield Finalist(name, outcome, one is best, estimates_of(one.observed))


def _outcome(options: Options, course: Course, one: Contestant) -> str:
    broken = [
        limit.text
        for limit, standing in zip(options.question.limits, one.standing, strict=True)
        if standing == "breaks"
    ]
    if broken:
        return f"breaks {', '.join(broken)}"
    if one.beaten_by is not None:
        return f"beaten by {course.finalists[one.beaten_by].name}"
    if course.selection and one is course.selection.best:
        return "chosen"
    return "undecided"


def _optimised(options: Options, course: Course, finalists: tuple[Finalist, ...]) -> Optimised:
    question = options.question
    return Optimised(
        title=f"{options.scenario.title}: a policy",
        verdict=_verdict(options, course, finalists),
        aim=question.aim.measure,
        against=options.against,
        limits=tuple(one.text for one in question.limits),
        screened=tuple(course.screened),
        screening=_screening(options, course),
        finalists=finalists,
        method=_method(options, course),
        ruled_out={
            options.space.name(place): why for place, why in options.space.ruled_out.items()
        },
    )  # fmt: skip


def _verdict(options: Options, course: Course, finalists: Sequence[Finalist]) -> str:
    chosen = next((one for one in finalists if one.chosen), None)
    aim = options.question.aim
    wanted = f"{aim.way} {FIGURES[aim.measure].label}"
    under = " and ".join(one.text for one in options.question.limits)
    under = f" under {under}" if under else ""
    if chosen is None:
        return f"No finalist is known to keep the limits ({wanted}{under})."
    value = interval_said(aim.measure, chosen.estimates[aim.measure])
    sure = course.selection is not None and course.selection.sure and course.finished
    how = "" if sure else " Not decided when the replications ended: the best so far."
    return f"{chosen.name}: {wanted}{under}, {value} {FIGURES[aim.measure].unit}.{how}"


def _screening(options: Options, course: Course) -> str:
    whole = len(options.space)
    part = "all" if len(course.screened) + len(options.space.ruled_out) >= whole else "a search"
    return (
        f"{len(course.screened)} of {whole} candidates ({part}), "
        f"{options.question.replications} replications each before the same people: a screening, "
        f"which may miss a good one. The {len(course.finalists)} best went on."
    )


def _method(options: Options, course: Course) -> str:
    zone = options.zone or _ZONE_SHARE * (abs(course.screened[0].cost) or 1.0)
    return (
        "Fresh replications, as many as the decision takes. With a chance of at least "
        f"{1 - options.error:.0%} the chosen one keeps the limits (a bound missed by less than 2 % "
        f"of it may pass) and no other finalist that does is better by more than {zone:.3g} "
        f"{FIGURES[options.question.aim.measure].unit}; the daily values are taken as normal. "
        "Kim and Nelson (2001), Batur and Kim (2010)."
    )


def _write(options: Options, course: Course, found: Optimised, document: dict[str, object]) -> None:
    if options.out is None:
        return
    text = msgspec.json.format(msgspec.json.encode(document))
    (options.out / "optimised.json").write_bytes(text)
    (options.out / "report.html").write_text(optimised_page(found), encoding="utf-8")
    with (options.out / "candidates.csv").open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(("candidate", "violation", *FIGURES))
        for one in course.screened:
            means = (one.estimates[name].mean if name in one.estimates else "" for name in FIGURES)
            table.writerow((one.name, one.violation, *means))
    best = course.selection and course.selection.best
    made = best and options.space.candidate(course.finalists[best.number].place)
    if made:
        (options.out / "chosen.yaml").write_text(written(made, found.verdict), encoding="utf-8")


def _print(found: Optimised) -> None:
    console = Console()
    console.print(found.verdict)
    for one in found.finalists:
        aim = interval_said(found.aim, one.estimates[found.aim])
        console.print(f"  {'*' if one.chosen else ' '} {one.name}: {aim}; {one.outcome}")
    console.print(found.screening)
    console.print(found.method)


# --- asking --------------------------------------------------------------------------------------


def _options(found: Namespace, catalogue: Catalogue) -> Options:
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
    return Options(
        scenario=scenario,
        space=Space(scenario, dimensions, catalogue),
        question=Question(aim, _limits(limits), found.screen, found.engine),
        against=against,
        candidates=found.candidates,
        finalists=found.finalists,
        most=found.reps,
        zone=found.zone,
        error=1 - found.sure / 100,
        workers=found.workers,
        as_json=found.json,
        out=found.out,
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
        default=100,
        help="replications of a finalist at most (100)",
    )
    parser.add_argument(
        "--zone",
        type=positive,
        metavar="X",
        help="difference of the aim that one does not care about (1 %% of the best screened)",
    )
    parser.add_argument("--sure", type=whole(51, 99), default=95, help="per cent (95)")
    parser.add_argument("--engine", choices=sorted(ENGINES), default="simpy")
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
