"""The plots of an experiment's page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from statistics import fmean
from typing import Literal

from schemas.fields import minute_of
from simulation.experiments.comparison import Difference
from simulation.experiments.console import COMPARED, interval_said
from simulation.experiments.figures import FIGURES
from simulation.experiments.summary import Moment, Summary
from simulation.measures import PARTS
from simulation.reports.drawing import FOOT, TOP, Axis, Plot, axis, clock_axis, steps
from simulation.reports.page import Html, figure
from simulation.sums import BIN_MINUTES

Part = Literal["street", "hall"]
_PLACES: dict[Part, str] = {"street": "in the street", "hall": "in the hall"}
_WAITS = dict(zip(PARTS, ("in the street", "in the hall", "in all"), strict=True))
_QUARTER = 15


def crowd_plot(date: str, part: Part, first: Summary, second: Summary | None = None) -> Html:
    """People over a day: the median and bands over the replications."""
    bands, others = first.bands(date), second.bands(date) if second else []
    if not bands:
        return Html("")
    levels = [_band(one, part)[-1] for one in (*bands, *others)]
    middles = [minute_of(one.at) + _QUARTER / 2 for one in bands]
    plot = Plot(
        clock_axis([*middles, minute_of(bands[0].at)]), axis(levels, "people", from_zero=True)
    )
    lines = [(x, _band(one, part)) for x, one in zip(middles, bands, strict=True)]
    plot.band(((x, band[0], band[4]) for x, band in lines), "outer")
    plot.band(((x, band[1], band[3]) for x, band in lines), "inner")
    plot.line(((x, band[2]) for x, band in lines), "first")
    if others:
        other = [(minute_of(one.at) + _QUARTER / 2, _band(one, part)[2]) for one in others]
        plot.line(other, "second")
    title = f"People {_PLACES[part]}, {date}"
    note = "median, half and nine tenths of the replications, by quarter hour"
    return figure(
        title, note + ("; dashed: the second's median" if others else ""), plot.svg(title)
    )


def _band(moment: Moment, part: Part) -> tuple[float, ...]:
    return moment.street if part == "street" else moment.hall


def heat_map(summary: Summary, part: Part) -> Html:
    """Mean number of people by hour and day."""
    rows = {date: _by_hour(summary.bands(date), part) for date in summary.dates}
    hours = sorted({hour for row in rows.values() for hour in row})
    if not hours:
        return Html("")
    most = max((people for row in rows.values() for people in row.values()), default=0) or 1
    ticks = tuple((hour + 0.5, f"{hour:02d}") for hour in hours)
    dates = list(rows)
    days = tuple((place + 0.5, date) for place, date in enumerate(reversed(dates)))
    height = 28 * len(dates) + TOP + FOOT
    plot = Plot(Axis(hours[0], hours[-1] + 1, "hour", ticks), Axis(0, len(dates), "", days),
                height=height, left=92)  # fmt: skip
    for place, (date, row) in enumerate(rows.items()):
        y = len(dates) - 1 - place
        for hour, people in row.items():
            said = f"{date}, {hour:02d}:00: {people:.1f} people"
            plot.box((hour, hour + 1), (y, y + 1), "bar", said, 0.03 + 0.97 * people / most)
            dark = people / most > 0.45  # noqa: PLR2004 - where white reads better
            plot.says(hour + 0.5, y + 0.5, f"{people:.0f}", kind="on-dark" if dark else "label")
    title = f"People {_PLACES[part]} by hour and day"
    return figure(title, "means over the hour and the replications", plot.svg(title))


def _by_hour(moments: Sequence[Moment], part: Part) -> dict[int, float]:
    mean = {one.at: one.mean_street if part == "street" else one.mean_hall for one in moments}
    hours = groupby(moments, key=lambda one: int(one.at[:2]))
    return {hour: fmean(mean[one.at] for one in group) for hour, group in hours}


def wait_plot(part: str, first: Summary, second: Summary | None = None) -> Html:
    """The distribution of a wait over all days and replications: share of visits by 5 minutes."""
    shares = _shares(first, part)
    others = _shares(second, part) if second else []
    count = max(_used(shares), _used(others), 2)
    shares, others = shares[:count], others[:count]
    x = axis([0, BIN_MINUTES * count], "minutes", from_zero=True)
    plot = Plot(x, axis([*shares, *others], "% of visits", from_zero=True))
    for place, share in enumerate(shares):
        begins = BIN_MINUTES * place
        said = f"{begins}-{begins + BIN_MINUTES} min: {share:.1f} %"
        plot.box((begins, begins + BIN_MINUTES * 0.94), (0, share), "bar", said)
    if others:
        plot.line(steps(others, BIN_MINUTES), "second")
    title = f"Wait {_WAITS[part]}"
    note = "visits of all days and replications"
    return figure(title, note + ("; dashed: the second" if others else ""), plot.svg(title))


def _shares(summary: Summary, part: str) -> list[float]:
    piles = [summary.histogram(part, date) for date in summary.dates]
    counts = [sum(pile) for pile in zip(*piles, strict=True)]
    whole = sum(counts) or 1
    return [100 * count / whole for count in counts]


def _used(shares: Sequence[float]) -> int:
    return max((place + 1 for place, share in enumerate(shares) if share), default=0)


def difference_plot(found: Mapping[str, Difference]) -> Html:
    """Differences in per cent of the first's mean, with their intervals."""
    rows = [
        (name, one) for name in COMPARED if (one := found.get(name)) and abs(one.first.mean) > 0
    ]
    if not rows:
        return Html("")
    spans = [_relative(one) for _, one in rows]
    y = Axis(0, len(rows), "", tuple((len(rows) - place - 0.5, FIGURES[name].label)
                                     for place, (name, _) in enumerate(rows)))  # fmt: skip
    bounds = [value for low, _, high in spans for value in (low, high)]
    plot = Plot(axis(bounds, "% of the first", from_zero=True), y,
                height=24 * len(rows) + TOP + FOOT, left=210)  # fmt: skip
    plot.level(0, "zero", upright=True)
    for place, ((name, one), (low, mean, high)) in enumerate(zip(rows, spans, strict=True)):
        at = len(rows) - place - 0.5
        plot.whisker((low, high), at, "whisker")
        plot.dot(mean, at, "dot", f"{FIGURES[name].label}: {_said(name, one)}")
    title = "What the second changes"
    return figure(title, "paired differences with 95 % intervals", plot.svg(title))


def _relative(one: Difference) -> tuple[float, float, float]:
    scale = 100 / abs(one.first.mean)
    width = one.difference.half_width or 0.0
    mean = one.difference.mean
    return scale * (mean - width), scale * mean, scale * (mean + width)


def _said(name: str, one: Difference) -> str:
    return interval_said(name, one.difference, signed=True)
