"""What a search has come to, in words and in files."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import msgspec

from queue_service.scenarios.writing import written
from simulation.experiments.console import interval_said
from simulation.experiments.figures import FIGURES
from simulation.experiments.optimisation import Course, Search, zone_of
from simulation.experiments.search import estimates_of, front
from simulation.experiments.selection import Outcome
from simulation.reports.optimised import Finalist, Optimised, optimised_page


def _finalists(course: Course) -> Iterator[Finalist]:
    if course.selection is None:
        return
    for one in course.selection.contestants:
        outcome = course.selection.outcome(one)
        name = course.finalists[one.number].name
        chosen = outcome.kind == "chosen"
        yield Finalist(name, _said(course, outcome), chosen, estimates_of(one.observed))


def _said(course: Course, outcome: Outcome) -> str:
    if outcome.beaten_by is not None:
        return f"beaten by {course.finalists[outcome.beaten_by].name}"
    limits = ", ".join(outcome.broken)
    if outcome.kind == "breaks":
        return f"breaks {limits}"
    if limits:
        return f"undecided, not known yet to keep {limits}"
    if outcome.kind == "without_value":
        return "nobody came so far that there is a value"
    return outcome.kind


def optimised(wanted: Search, course: Course) -> Optimised:
    """Everything that there is to tell."""
    finalists = tuple(_finalists(course))
    question = wanted.question
    return Optimised(
        title=f"{wanted.scenario.title}: a policy",
        verdict=_verdict(wanted, course, finalists),
        aim=question.aim.measure,
        against=wanted.against,
        limited=tuple(dict.fromkeys(one.measure for one in question.limits)),
        screened=tuple(sorted(course.screened, key=lambda one: one.rank)),
        screening=_screening(wanted, course),
        finalists=finalists,
        method=_method(wanted, course),
        ruled_out={
            wanted.space.name(place): str(why)
            for place, why in wanted.space.ruled_out.items()
        },
    )  # fmt: skip


def _verdict(wanted: Search, course: Course, finalists: Sequence[Finalist]) -> str:
    chosen = next((one for one in finalists if one.chosen), None)
    aim = wanted.question.aim
    goal = f"{aim.way} {FIGURES[aim.measure].label}"
    under = " and ".join(one.text for one in wanted.question.limits)
    under = f" under {under}" if under else ""
    if not course.finalists:
        return f"Stopped in the screening: nothing is known of {goal} yet."
    if chosen is None:
        return f"No finalist is known to keep the limits ({goal}{under})."
    value = interval_said(aim.measure, chosen.estimates[aim.measure])
    how = "" if course.sure else " Not decided when the replications ended: the best so far."
    return f"{chosen.name}: {goal}{under}, {value} {FIGURES[aim.measure].unit}.{how}"


def _screening(wanted: Search, course: Course) -> str:
    whole = len(wanted.space)
    part = "all" if len(course.screened) + len(wanted.space.ruled_out) >= whole else "a search"
    return (
        f"{len(course.screened)} of {whole} candidates ({part}), "
        f"{wanted.question.replications} replications each before the same people: a screening, "
        f"which may miss a good one. The {len(course.finalists)} best went on."
    )


def _method(wanted: Search, course: Course) -> str:
    zone = zone_of(wanted, course)
    return (
        "Fresh replications, as many as the decision takes. With a chance of at least "
        f"{1 - wanted.error:.0%} the chosen one keeps the limits (a bound missed by less than 2 % "
        f"of it, of 1 where it is 0, may pass) and no other finalist that does is better by more "
        f"than {zone:.3g} "
        f"{FIGURES[wanted.question.aim.measure].unit}; the daily values are taken as normal. "
        "Kim and Nelson (2001), Batur and Kim (2010), Wald (1945)."
    )


def document_of(wanted: Search, found: Optimised) -> dict[str, object]:
    """The same for programs."""
    return {
        "scenario": wanted.scenario.name,
        "verdict": found.verdict,
        "chosen": next((one.name for one in found.finalists if one.chosen), None),
        "finalists": found.finalists,
        "screened": found.screened,
        "front": [one.name for one in front(found.screened, found.aim, found.against)],
        "ruled_out": found.ruled_out,
    }


def write(
    folder: Path,
    wanted: Search,
    course: Course,
    found: Optimised,
    document: Mapping[str, object],
) -> None:
    """The page, all candidates as a table, the chosen one as a scenario."""
    text = msgspec.json.format(msgspec.json.encode(document))
    (folder / "optimised.json").write_bytes(text)
    (folder / "report.html").write_text(optimised_page(found), encoding="utf-8")
    with (folder / "candidates.csv").open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(("candidate", "violation", *FIGURES))
        for one in found.screened:
            means = (one.estimates[name].mean if name in one.estimates else "" for name in FIGURES)
            table.writerow((one.name, one.violation, *means))
    best = course.selection and course.selection.best
    made = best and wanted.space.candidate(course.finalists[best.number].place)
    if made:
        (folder / "chosen.yaml").write_text(written(made, found.verdict), encoding="utf-8")
