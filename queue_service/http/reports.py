"""Routes of reports: the branch now, figures, a usual day, the audit and sanitation logs, files."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Final

from queue_service.faults import wrong
from queue_service.http.call import Call, Reply
from queue_service.http.exports import download
from queue_service.http.report_texts import report_texts
from queue_service.http.report_views import (
    COUNTS,
    SHOWN,
    SPANS,
    AuditText,
    Figures,
    cleaning_line,
    usual,
)
from queue_service.http.tables import Cell, Row, Sheet
from queue_service.reports import Period
from schemas import wire_reports
from schemas.fields import Sentence

if TYPE_CHECKING:
    from schemas.wire_reports import Line

LONGEST_PERIOD: Final = 92
"""Days in one report."""


def period(call: Call) -> Period:
    """The dates asked for: today without any, one date with one. Raises Fault."""
    first, last = call.day("from"), call.day("until")
    today = call.service.today(call.at)
    asked = Period(first or last or today, last or first or today)
    if not 0 <= (asked.last - asked.first).days < LONGEST_PERIOD:
        sentence = Sentence(
            "write a date from {first} on, {most} days later at most",
            first=asked.first,
            most=LONGEST_PERIOD - 1,
        )
        raise wrong("invalid_parameter", "until", sentence)
    return asked


# --- what programs and pages read ----------------------------------------------------------------


async def figures(call: Call) -> Reply:
    """GET figures."""
    return Reply(200, await _figures(call))


async def usual_day(call: Call) -> Reply:
    """GET usual-day."""
    day = call.date()
    return Reply(200, usual(call, day, await call.parts.reports.usual(call.at, day)))


async def audit(call: Call) -> Reply:
    """GET audit."""
    return Reply(200, await _audit(call))


async def sanitation(call: Call) -> Reply:
    """GET sanitation-log."""
    return Reply(200, await _sanitation(call))


async def _figures(call: Call) -> wire_reports.PeriodFigures:
    asked = period(call)
    return Figures(call).period(asked, await call.parts.reports.figures(call.at, asked))


async def _audit(call: Call) -> wire_reports.Audit:
    asked = period(call)
    text = AuditText(call, await call.parts.reports.reverts(call.at, asked))
    found = await call.parts.reports.deeds(call.at, asked)
    return wire_reports.Audit(
        branch=call.at.code,
        first=asked.first.isoformat(),
        last=asked.last.isoformat(),
        lines=tuple(text.line(day, deed) for day, deed in found),
    )


async def _sanitation(call: Call) -> wire_reports.SanitationLog:
    asked = period(call)
    found = await call.parts.reports.cleanings(call.at, asked)
    today = call.service.today(call.at)
    return wire_reports.SanitationLog(
        branch=call.at.code,
        first=asked.first.isoformat(),
        last=asked.last.isoformat(),
        lines=tuple(cleaning_line(call, day, one, over=day < today) for day, one in found),
    )


# --- files ---------------------------------------------------------------------------------------

Draw = Callable[[Call], Awaitable[tuple[str, list[Sheet]]]]


def file(kind: str, draw: Draw) -> Callable[[Call], Awaitable[Reply]]:
    """The handler that gives what `draw` makes as a file of a kind."""

    async def handle(call: Call) -> Reply:
        name, sheets = await draw(call)
        return await asyncio.to_thread(download, kind, name, sheets)

    return handle


async def figures_sheets(call: Call) -> tuple[str, list[Sheet]]:
    """Name and tables of the figures."""
    shown, texts = await _figures(call), report_texts(call.language)
    parts: tuple[tuple[str, Sequence[Line]], ...] = (
        ("total", (shown.total,)),
        ("by_service", shown.by_service),
        ("by_counter", shown.by_counter),
        ("by_hour", shown.by_hour),
        ("by_day", shown.by_day),
    )
    columns = _columns(call.language)
    sheets = [Sheet(texts.sheets[name], (columns, *map(_row, lines))) for name, lines in parts]
    return _file_name("figures", shown), sheets


def _columns(language: str) -> Row:
    named = report_texts(language).columns
    minutes = report_texts(language).minutes.format(n="").strip()
    spans = [f"{named[span]}, {named[one]}, {minutes}" for span in SPANS for one in SHOWN]
    return (named["name"], *(named[name] for name in COUNTS), *spans)


def _row(one: Line) -> Row:
    spans: list[Cell] = [getattr(getattr(one, span), name) for span in SPANS for name in SHOWN]
    return (one.name, *(getattr(one, name) for name in COUNTS), *spans)


async def audit_sheets(call: Call) -> tuple[str, list[Sheet]]:
    """Name and table of the audit."""
    shown, texts = await _audit(call), report_texts(call.language)
    names = ("date", "at", "by", "kind", "text", "reason")
    rows = [
        (one.date, _clock(one.at), one.who, one.name, one.text, one.reason) for one in shown.lines
    ]
    columns = tuple(texts.columns[name] for name in names)
    return _file_name("audit", shown), [Sheet(texts.sheets["audit"], (columns, *rows))]


async def sanitation_sheets(call: Call) -> tuple[str, list[Sheet]]:
    """Name and table of the sanitation log."""
    shown, texts = await _sanitation(call), report_texts(call.language)
    columns = tuple(texts.columns[name] for name in _OF_SANITATION)
    rows = [_sanitation_row(one) for one in shown.lines]
    return _file_name("sanitation", shown), [Sheet(texts.sheets["sanitation"], (columns, *rows))]


_OF_SANITATION: Final = (
    "date",
    "begun_at",
    "begun_by",
    "cleaned_from",
    "confirmed_at",
    "confirmed_by",
    "cleaning_minutes",
    "note",
)


def _sanitation_row(one: wire_reports.SanitationLine) -> Row:
    begun, cleaned, confirmed = map(_clock, (one.begun_at, one.cleaned_from, one.confirmed_at))
    return (
        one.date,
        begun,
        one.begun_who,
        cleaned,
        confirmed,
        one.confirmed_who,
        one.cleaning_minutes,
        one.text,
    )


def _clock(instant: str | None) -> str:
    """Time of day of an instant on the wire."""
    return instant[11:19] if instant else ""


_Report = wire_reports.PeriodFigures | wire_reports.Audit | wire_reports.SanitationLog


def _file_name(kind: str, shown: _Report) -> str:
    return f"{shown.branch}-{kind}-{shown.first}-{shown.last}"
