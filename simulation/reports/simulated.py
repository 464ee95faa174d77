"""The page of `kezek simulate`: one scenario, or two before the same people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from schemas.scenario import Scenario
from simulation.experiments.comparison import Difference, Pairs
from simulation.experiments.console import COMPARED, interval_said, is_instant, said
from simulation.experiments.figures import ALL_DAYS, FIGURES
from simulation.experiments.intervals import Estimate
from simulation.experiments.summary import Summary
from simulation.measures import PARTS
from simulation.reports.page import Html, page, paragraph, plots, section, table
from simulation.reports.plots import crowd_plot, difference_plot, heat_map, wait_plot

_ASSUMED = (
    "Figures of a model. What it assumes stands in the scenario, each part marked R (published) or "
    "A (assumed); intervals cover the chance of the model's draws, not errors of its assumptions."
)


def simulated_page(scenario: Scenario, summary: Summary, stopped_of: int = 0) -> str:
    """What a scenario came to; `stopped_of` is how many replications it was stopped short of."""
    said = _count(summary.replications, "replications", stopped_of)
    about = f"{said}, seed {scenario.seed}; means with 95 % intervals."
    return page(
        scenario.title,
        (
            paragraph(about),
            paragraph(_ASSUMED),
            section("Measures", [_measures(summary)]),
            section("Over the day", [_days(summary, None)]),
            section("Waits", [_waits(summary, None), *_groups(summary)]),
        ),
    )


def _count(finished: int, of_what: str, stopped_of: int) -> str:
    if stopped_of:
        return f"{finished} {of_what}, stopped before the {stopped_of} that were asked for"
    return f"{finished} {of_what}"


def compared_page(first: Scenario, second: Scenario, pairs: Pairs, stopped_of: int = 0) -> str:
    """What two scenarios came to, and their difference."""
    count = _count(pairs.first.replications, "pairs of replications", stopped_of)
    about = (
        f"First: {first.title}. Second: {second.title}. {count}, each before "
        f"the same people (seed {first.seed}). Solid and filled: the first; dashed: the second."
    )
    found = pairs.differences()
    return page(
        f"{first.title} / {second.title}" if first.title != second.title else first.title,
        (
            paragraph(about),
            paragraph(_ASSUMED),
            section("Differences", [difference_plot(found[ALL_DAYS]), *_differences(found)]),
            section("Over the day", [_days(pairs.first, pairs.second)]),
            section("Waits", [_waits(pairs.first, pairs.second)]),
        ),
    )


def _measures(summary: Summary) -> Html:
    found = summary.estimates()
    dates = summary.dates
    columns = dates if len(dates) == 1 else [*dates, ALL_DAYS]
    rows = (
        [
            _label(name),
            *(_cell(name, found[date].get(name)) for date in columns),
        ]
        for name in FIGURES
    )
    return table(["", *("all days" if one == ALL_DAYS else one for one in columns)], rows)


def _label(name: str) -> str:
    """What stands before the values of a measure, which are times of day where it is an instant."""
    figure = FIGURES[name]
    return f"{figure.label}, {'time of day ± min' if is_instant(name) else figure.unit}"


def _cell(name: str, one: Estimate | None) -> str:
    return "-" if one is None else interval_said(name, one)


def _days(first: Summary, second: Summary | None) -> Html:
    return plots(_of_days(first, second))


def _of_days(first: Summary, second: Summary | None) -> Iterator[Html]:
    if len(first.dates) > 1:
        yield heat_map(first, "street")
        yield heat_map(first, "hall")
    for date in first.dates:
        yield crowd_plot(date, "street", first, second)
        yield crowd_plot(date, "hall", first, second)


def _waits(first: Summary, second: Summary | None) -> Html:
    return plots(wait_plot(part, first, second) for part in PARTS)


def _groups(summary: Summary) -> Iterable[Html]:
    """Waits by service and priority, and the use of each counter, day by day taken together."""
    names = sorted({name for date in summary.dates for name in summary.estimates()[date]})
    groups = sorted(
        {name[name.index("[") + 1 : -1] for name in names if name.startswith("wait_total_mean[")}
    )
    yield paragraph("Minutes, by service and by priority: means of the daily values.")
    yield table(
        ["", *(f"{part} {name}" for part in PARTS for name in ("mean", "p90"))],
        (
            [group, *(_mean(summary, f"wait_{part}_{name}[{group}]") for part in PARTS
                      for name in ("mean", "p90"))]
            for group in groups
        ),
    )  # fmt: skip
    counters = [name[12:-1] for name in names if name.startswith("counter_use[")]
    counters.sort(key=lambda code: (len(code), code))
    yield paragraph("Use of each counter, share of the time that it is open.")
    yield table(
        ["counter", *counters],
        [["use", *(_mean(summary, f"counter_use[{one}]", 100, " %") for one in counters)]],
    )


def _mean(summary: Summary, name: str, scale: float = 1, unit: str = "") -> str:
    tallies = [summary.tally(name, date) for date in summary.dates]
    whole = sum(one.count for one in tallies)
    if not whole:
        return "-"
    return f"{scale * sum(one.mean * one.count for one in tallies) / whole:.1f}{unit}"


def _differences(found: Mapping[str, Mapping[str, Difference]]) -> Iterator[Html]:
    dates = sorted(date for date in found if date != ALL_DAYS)
    for date in dates if len(dates) == 1 else (ALL_DAYS, *dates):
        yield paragraph("All days together" if date == ALL_DAYS else date)
        yield table(
            ["", "first", "second", "second - first", "correlation"],
            (_row(name, found[date][name]) for name in COMPARED if name in found[date]),
        )


def _row(name: str, one: Difference) -> list[str]:
    between = interval_said(name, one.difference, signed=True)
    mark = " *" if one.difference.differs else ""
    correlation = "-" if one.correlation is None else f"{one.correlation:.2f}"
    return [
        _label(name),
        said(name, one.first.mean),
        said(name, one.second.mean),
        between + mark,
        correlation,
    ]
