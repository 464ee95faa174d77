"""The page of `kezek sensitivity`: the inputs in the order in which they matter."""

from __future__ import annotations

from collections.abc import Sequence

from simulation.experiments.console import interval_said, no_effects
from simulation.experiments.figures import FIGURES
from simulation.experiments.intervals import Estimate
from simulation.experiments.sensitivity import Effect
from simulation.reports.drawing import FOOT, TOP, Axis, Plot, axis
from simulation.reports.page import Html, figure, page, paragraph, table

_METHOD = (
    "Elasticity: per cent of the measure for one per cent of the input, from as much less as more "
    "of it, each before the same people; 95 % intervals. One input at a time: how two act together "
    "is not seen. Whole numbers move by whole steps, shares up to 1, and counters are taken off a "
    "shift, none put on: what each came to stands beside it."
)


def sensitivity_page(
    title: str, measure: str, by: int, base: Estimate | None, effects: Sequence[Effect]
) -> str:
    """The document; `by` in per cent."""
    told = interval_said(measure, base) if base else "-"
    label = f"{FIGURES[measure].label}, {FIGURES[measure].unit}"
    about = f"{label}: {told}. Each input about {by} % less and more. {_METHOD}"
    heading = f"{title}: what {FIGURES[measure].label} depends on"
    if not effects:
        return page(heading, (paragraph(about), paragraph(_sentence(no_effects(measure, base)))))
    rows = (
        [one.label, one.change, interval_said(measure, one.less),
         interval_said(measure, one.more), elasticity_said(one)]
        for one in effects
    )  # fmt: skip
    return page(
        heading,
        (
            paragraph(about),
            _tornado(effects),
            table(["", "change", "with less", "with more", "elasticity"], rows),
        ),
    )


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def elasticity_said(one: Effect) -> str:
    """An elasticity with its interval, marked where zero lies outside."""
    width = one.elasticity.half_width
    known = "" if width is None else f" ± {width:.2f}"
    return f"{one.elasticity.mean:+.2f}{known}{' *' if one.elasticity.differs else ''}"


def _tornado(effects: Sequence[Effect]) -> Html:
    places = [(len(effects) - place - 0.5, one) for place, one in enumerate(effects)]
    y = Axis(0, len(effects), "", tuple((at, one.label) for at, one in places))
    bounds = [
        one.elasticity.mean + sign * (one.elasticity.half_width or 0)
        for one in effects
        for sign in (-1, 1)
    ]
    height = 26 * len(effects) + TOP + FOOT
    plot = Plot(axis(bounds, "elasticity", from_zero=True), y, height=height, left=190)
    plot.level(0, "zero", upright=True)
    for at, one in places:
        said = f"{one.label}: {elasticity_said(one)}"
        plot.box((0, one.elasticity.mean), (at - 0.32, at + 0.32), "bar", said, 0.75)
        width = one.elasticity.half_width or 0
        plot.whisker((one.elasticity.mean - width, one.elasticity.mean + width), at, "limit-span")
    return figure("What matters most", "elasticities with 95 % intervals", plot.svg("Elasticities"))
