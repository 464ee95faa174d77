"""The page of `kezek optimise`: who was chosen, the Pareto front, everybody looked at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from msgspec import Struct

from schemas.question import MORE_IS_BETTER
from simulation.experiments.console import interval_said, said
from simulation.experiments.figures import FIGURES
from simulation.experiments.intervals import Estimate
from simulation.experiments.search import Screened, front
from simulation.reports.drawing import Plot, axis
from simulation.reports.page import Html, figure, page, paragraph, section, table

_SHOWN = (
    "served", "unserved", "not_admitted_at_closing", "gone", "wait_street_p90", "wait_hall_p95",
    "wait_total_mean", "peak_hall", "queue_metres", "staff_hours", "last_out_minute",
)  # fmt: skip


Spot = tuple[float, float]


class Finalist(Struct, frozen=True):
    """A candidate of the selection, and what became of it."""

    name: str
    outcome: str
    """Chosen, beaten, breaks a limit, or undecided: in words."""
    chosen: bool
    estimates: Mapping[str, Estimate]


class Optimised(Struct, frozen=True):
    """Everything that the page tells."""

    title: str
    verdict: str
    aim: str
    against: str
    limited: tuple[str, ...]
    """The measures that have limits."""
    screened: tuple[Screened, ...]
    screening: str
    finalists: tuple[Finalist, ...]
    method: str
    ruled_out: Mapping[str, str]


def optimised_page(found: Optimised) -> str:
    """The document."""
    return page(
        found.title,
        (
            paragraph(found.verdict),
            section("Finalists", [paragraph(found.method), _finalists(found)]),
            section("Pareto front", [_front(found)]),
            section("Everybody who was looked at", [paragraph(found.screening), *_all(found)]),
        ),
    )


def _measures(found: Optimised) -> list[str]:
    return [*dict.fromkeys((found.aim, found.against, *found.limited, *_SHOWN))]


def _finalists(found: Optimised) -> Html:
    names = _measures(found)
    heads = [f"{FIGURES[name].label}, {FIGURES[name].unit}" for name in names]
    rows = (
        [one.name, one.outcome, *(_said(name, one.estimates.get(name)) for name in names)]
        for one in found.finalists
    )
    return table(["", "", *heads], rows, texts=2)


def _said(name: str, one: Estimate | None) -> str:
    return "-" if one is None else interval_said(name, one)


def _front(found: Optimised) -> Html:
    known = [one for one in found.screened if {found.aim, found.against} <= one.estimates.keys()]
    best = front(found.screened, found.aim, found.against)
    spots = [(_mean(one, found.against), _mean(one, found.aim)) for one in known]
    if not spots:
        return paragraph("No candidate has both measures.")
    x = axis([spot[0] for spot in spots], f"{_label(found.against)}")
    plot = Plot(x, axis([spot[1] for spot in spots], _label(found.aim)), height=400)
    line = sorted((_mean(one, found.against), _mean(one, found.aim)) for one in best)
    plot.line([*_corners(line, found.against), *line[-1:]], "first")
    for one, spot in sorted(zip(known, spots, strict=True), key=lambda pair: not pair[0].violation):
        chosen = any(final.chosen and final.name == one.name for final in found.finalists)
        kind = "dot-best" if chosen else "dot-poor" if one.violation else "dot"
        title = f"{one.name}: {said(found.against, spot[0])}, {said(found.aim, spot[1])}"
        plot.dot(*spot, kind, title, 7 if chosen else 4.5)
    title = f"{FIGURES[found.aim].label} against {FIGURES[found.against].label}"
    better = "more" if found.against in MORE_IS_BETTER else "less"
    note = (
        "a dot a candidate, means of the screening; grey: breaks a limit; yellow: the chosen one; "
        f"of {FIGURES[found.against].label} {better} is better"
    )
    return figure(title, note, plot.svg(title))


def _corners(line: Sequence[Spot], against: str) -> Iterator[Spot]:
    """Steps from one policy of the front to the next: between two there is none."""
    for (x, y), (next_x, next_y) in pairwise(line):
        yield x, y
        yield (x, next_y) if against in MORE_IS_BETTER else (next_x, y)


def _mean(one: Screened, name: str) -> float:
    return one.estimates[name].mean


def _label(name: str) -> str:
    return f"{FIGURES[name].label}, {FIGURES[name].unit}"


def _all(found: Optimised) -> Iterator[Html]:
    names = _measures(found)
    on_front = {one.place for one in front(found.screened, found.aim, found.against)}
    rows = (
        [
            one.name,
            _remark(one, on_front),
            *(_said(name, one.estimates.get(name)) for name in names),
        ]
        for one in found.screened
    )
    yield table(["", "", *(_label(name) for name in names)], rows, texts=2)
    if found.ruled_out:
        yield paragraph("Candidates that cannot be:")
        yield table(["", "why"], found.ruled_out.items(), texts=2)


def _remark(one: Screened, on_front: set[tuple[int, ...]]) -> str:
    if one.violation:
        return "breaks a limit"
    return "Pareto front" if one.place in on_front else ""
