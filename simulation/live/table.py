"""The days of a story as a table for people and as JSON for programs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import msgspec
from rich import box
from rich.console import Group
from rich.table import Table
from rich.text import Text

from schemas.wire_figures import DayFigures
from simulation.live.scenario import Scenario

_COLUMNS = (
    "Day",
    "Came",
    "Sent\nonline",
    "Too\nlate",
    "Tick-\nets",
    "Groups",
    "Peak\nhall",
    "Peak\nstreet",
    "Pauses",
    "Served",
    "Gave\nup",
    "Carry\nover",
    "Last\nserved",
)


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One day: visits (a party is one visit) unless people are said."""

    date: str
    came: int
    people_came: int
    refused_online: int
    """Refused with a pointer to the online channels."""
    refused_too_late: int
    """Refused because the ticket could not be served before closing."""
    tickets: int
    groups: int
    peak_hall_people: int
    peak_street_people: int
    pauses: int
    """Sanitation pauses held."""
    served: int
    gave_up: int
    """Left unserved: cancelled, missed, no-shows, and sent online after the ticket was issued."""
    carried_over: int
    last_served: str | None
    """Time of day, "HH:MM"."""


def row(figures: DayFigures) -> Row:
    """The row of a day, from the figures of the service."""
    return Row(
        date=figures.date,
        came=figures.visits,
        people_came=figures.arrivals,
        refused_online=figures.refused.get("online_only", 0),
        refused_too_late=figures.refused.get("cannot_be_served_today", 0),
        tickets=figures.issued,
        groups=figures.groups,
        peak_hall_people=figures.peak_hall,
        peak_street_people=figures.peak_street,
        pauses=figures.pauses,
        served=figures.served,
        gave_up=figures.cancelled + figures.missed + figures.no_shows + figures.redirected,
        carried_over=figures.carried_over,
        last_served=figures.last_served_at and figures.last_served_at[11:16],
    )


def table(scenario: Scenario, rows: Sequence[Row]) -> Group:
    """The rows, what the columns count, and what was published and what assumed."""
    # Thirteen columns in the eighty characters of a plain terminal.
    days = Table(
        title=scenario.title,
        box=box.SIMPLE_HEAD,
        title_justify="left",
        padding=0,
        show_edge=False,
    )
    for place, column in enumerate(_COLUMNS):
        days.add_column(column, justify="right" if place else "left", no_wrap=True)
    for each in rows:
        days.add_row(*_cells(each))
    return Group(days, *_footnotes(scenario))


def _cells(of: Row) -> tuple[str, ...]:
    numbers = (
        of.came,
        of.refused_online,
        of.refused_too_late,
        of.tickets,
        of.groups,
        of.peak_hall_people,
        of.peak_street_people,
        of.pauses,
        of.served,
        of.gave_up,
        of.carried_over,
    )
    day = date.fromisoformat(of.date)
    return (f"{day:%a} {day.day}", *map(str, numbers), of.last_served or "-")


def _footnotes(scenario: Scenario) -> tuple[Text, ...]:
    holds = scenario.hall_holds.value
    counted = (
        f"Visits, a party being one; peaks are people. The hall holds some {holds} [A]. "
        "Too late: told that today is not enough. Tickets = served + gave up + carried over. "
        "All figures are the service's own."
    )
    marks = (f"[{mark}] {text}" for mark, text in scenario.footnote.items())
    return (Text(counted), *(Text(text) for text in marks))
