"""What a terminal shows of an experiment: progress with the time left, tables of 80 columns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from rich import box
from rich.console import Console, Group
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.table import Table
from rich.text import Text

from simulation.experiments.comparison import Difference
from simulation.experiments.figures import ALL_DAYS, FIGURES
from simulation.experiments.intervals import Estimate
from simulation.experiments.sensitivity import Effect

_COLUMNS = (
    ("Came", "came"),
    ("On-\nline", "refused_online"),
    ("Served", "served"),
    ("Gone", "gone"),
    ("Left\nover", "unserved"),
    ("Too\nlate", "not_admitted_at_closing"),
    ("Str.\nP90", "wait_street_p90"),
    ("Hall\nP90", "wait_hall_p90"),
    ("Total\nmean", "wait_total_mean"),
    ("Total\nP95", "wait_total_p95"),
    ("Peak\nstr.", "peak_street"),
    ("Peak\nhall", "peak_hall"),
    ("Use\n%", "counter_use"),
    ("Last\nout", "last_out_minute"),
)
_NOTE = (
    "Means over {reps} replications. Visits, a party being one; waits in minutes, peaks in people. "
    "Online: refused and told of it. Gone: left the street or was sent online from it. "
    "Left over: expired at closing. Too late: not admitted, could not be served before closing. "
    "Str.: the street. "
    "Use: share of the open counters' time. All: sums, means of the days, the worst of the days. "
    "The 95 % intervals are in --json and in the report of --out."
)
COMPARED = (
    "came",
    "served",
    "refused_online",
    "online_share",
    "gone",
    "unserved",
    "not_admitted_at_closing",
    "no_shows",
    "wait_street_mean",
    "wait_street_p90",
    "wait_hall_mean",
    "wait_hall_p95",
    "wait_total_mean",
    "wait_total_p90",
    "peak_street",
    "queue_metres",
    "peak_hall",
    "crowded_minutes",
    "counter_use",
    "staff_hours",
    "pauses_late",
    "last_out_minute",
)


class Bar:
    """A line with how much is done and how long the rest takes."""

    def __init__(self, progress: Progress, task: TaskID) -> None:
        self._progress = progress
        self._task = task

    def advance(self, expected: int) -> None:
        """One more is done of about so many."""
        self._progress.update(self._task, advance=1, total=expected)

    def says(self, text: str) -> None:
        """What is being done."""
        self._progress.update(self._task, description=text)


@contextmanager
def progress_bar(title: str, expected: int) -> Iterator[Bar]:
    """On standard error; gone when all is done."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        yield Bar(progress, progress.add_task(title, total=expected))


def days_table(title: str, found: Mapping[str, Mapping[str, Estimate]]) -> Group:
    """A row a date, all of them together where there are several, and what the columns count."""
    table = _table(title, 0)
    table.add_column("Day", no_wrap=True)
    for heading, _ in _COLUMNS:
        table.add_column(heading, justify="right", no_wrap=True)
    dates = sorted(date for date in found if date != ALL_DAYS)
    for date in dates if len(dates) == 1 else (*dates, ALL_DAYS):
        cells = (_short(name, found[date].get(name)) for _, name in _COLUMNS)
        table.add_row("All" if date == ALL_DAYS else date[5:], *cells)
    reps = found[ALL_DAYS]["came"].count
    return Group(table, Text(_NOTE.format(reps=reps)))


def _short(name: str, one: Estimate | None) -> str:
    if one is None:
        return "-"
    return said(name, one.mean, percent=True).removesuffix(" %")


def is_instant(name: str) -> bool:
    """Whether a figure is an instant of the day, in minutes from midnight."""
    return FIGURES[name].unit == "minutes from midnight"


def said(name: str, value: float, *, percent: bool = False) -> str:
    """A value of a figure as people read it: a time of day, a share in %, a rounded number."""
    if is_instant(name):
        return f"{int(value) // 60:02d}:{int(value) % 60:02d}"
    if FIGURES[name].unit.startswith("share"):
        return f"{100 * value:.0f} %" if percent else f"{100 * value:.1f} %"
    return f"{value:.0f}" if percent or abs(value) >= 100 else f"{value:.1f}"  # noqa: PLR2004


def interval_said(name: str, one: Estimate, *, signed: bool = False) -> str:
    """A mean and the half-width of its interval."""
    share = FIGURES[name].unit.startswith("share")
    clock = is_instant(name) and not signed
    scale = 100 if share else 1
    mean = said(name, one.mean) if clock else f"{scale * one.mean:{'+' if signed else ''}.1f}"
    width = "" if one.half_width is None else f" ± {scale * one.half_width:.1f}"
    unit = " points" if signed else " %"
    return mean.removesuffix(" %") + width + (unit if share else "")


def comparison_table(
    names: tuple[str, str], found: Mapping[str, Difference], date: str = ALL_DAYS
) -> Group:
    """A row a measure: both means, and the difference with its interval."""
    day = "" if date == ALL_DAYS else f", {date}"
    table = _table(f"First: {names[0]}{day}\nSecond: {names[1]}")
    table.add_column("", overflow="fold")
    for heading in ("First", "Second", "Second - first", ""):
        table.add_column(heading, justify="right", no_wrap=True)
    for name in COMPARED:
        if name in found:
            table.add_row(_labelled(name), *_cells(name, found[name]))
    pairs = max((one.difference.count for one in found.values()), default=0)
    note = (
        f"{pairs} pairs of replications, each before the same people; 95 % intervals. "
        "*: zero lies outside the interval."
    )
    return Group(table, Text(note))


def sensitivity_table(
    title: str, measure: str, base: Estimate | None, effects: Sequence[Effect]
) -> Group:
    """A row an input, the one that matters most first; a sentence where there is none."""
    if not effects:
        return Group(Text(f"{title}: {no_effects(measure, base)}"))
    table = _table(f"{title}: {FIGURES[measure].label}, {FIGURES[measure].unit}")
    table.add_column("")
    for heading in ("Change", "With less", "With more", "Elasticity", ""):
        table.add_column(heading, justify="right", no_wrap=True)
    for one in effects:
        width = one.elasticity.half_width
        elasticity = f"{one.elasticity.mean:+.2f}" + (f" ± {width:.2f}" if width else "")
        values = (said(measure, one.less.mean), said(measure, one.more.mean))
        table.add_row(
            one.label, one.change, *values, elasticity, "*" if one.elasticity.differs else ""
        )
    note = "Elasticity: % of the measure for 1 % of the input, with its 95 % interval. *: not zero."
    return Group(table, Text(note))


def no_effects(measure: str, base: Estimate | None) -> str:
    """Why nothing can be told of any input."""
    if base is None:
        return "no replication was finished."
    return (
        f"{FIGURES[measure].label} is 0, and of nothing there are no per cent; take another "
        "measure, or compare changes with kezek simulate --vs."
    )


def _labelled(name: str) -> str:
    figure = FIGURES[name]
    plain = figure.unit.startswith(("share", "minutes from", "visits"))
    return figure.label if plain else f"{figure.label} ({figure.unit})"


def _cells(name: str, one: Difference) -> Iterable[str]:
    yield said(name, one.first.mean)
    yield said(name, one.second.mean)
    yield interval_said(name, one.difference, signed=True)
    yield "*" if one.difference.differs else ""


def _table(title: str, gap: int = 1) -> Table:
    padding = (0, gap, 0, 0)
    return Table(
        title=title, box=box.SIMPLE_HEAD, title_justify="left", padding=padding, show_edge=False
    )
