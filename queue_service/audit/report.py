"""What `kezek journal verify` prints: every finding, then how much was examined."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from queue_service.audit.verify import has_journal, verify
from queue_service.catalogue.content import require_branch

if TYPE_CHECKING:
    import datetime as dt

    from queue_service.audit.verify import StreamReport
    from queue_service.store import Pool


_NO_TABLES = (
    "There is no journal in this database, nothing was examined: "
    "name the database of the service in KEZEK_DATABASE_URL."
)


class NothingToExamineError(Exception):
    """No journal is there for what was asked; the message says for what."""


async def examine(
    pool: Pool, branch: str | None, day: dt.date | None, *, as_json: bool
) -> tuple[list[str], bool]:
    """Gives the lines to print and whether every stream is sound; it only reads.

    Raises UnknownBranchError, and NothingToExamineError where the database, a branch or a date has
    no journal.
    """
    if not await has_journal(pool):
        raise NothingToExamineError(_NO_TABLES)
    reports = [report async for report in verify(pool, branch, day)]
    if not reports and (branch or day):
        await _refuse_nothing(pool, branch, day)
    return said(reports, as_json=as_json)


def said(reports: list[StreamReport], *, as_json: bool) -> tuple[list[str], bool]:
    """The lines to print, and whether every stream is sound."""
    sound = not any(report.findings for report in reports)
    return ([_document(reports)] if as_json else _lines(reports)), sound


async def _refuse_nothing(pool: Pool, branch: str | None, day: dt.date | None) -> None:
    if branch:
        await require_branch(pool, branch)
    place, time = branch and f" of {branch}", day and f" on {day}"
    raise NothingToExamineError(
        f"There is no journal{place or ''}{time or ''}: nothing was examined."
    )


def _lines(reports: list[StreamReport]) -> list[str]:
    found = [line for report in reports for line in report.lines()]
    entries = sum(report.entries for report in reports)
    end = _counted(len(found), "finding", "findings") if found else "sound"
    streams = _counted(len(reports), "stream", "streams")
    return [*found, f"{streams}, {_counted(entries, 'entry', 'entries')}: {end}"]


def _counted(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"


def _document(reports: list[StreamReport]) -> str:
    findings: list[dict[str, Any]] = [
        {"branch": report.branch, "date": report.date, **msgspec.to_builtins(found)}
        for report in reports
        for found in report.findings
    ]
    entries = sum(report.entries for report in reports)
    document = {"streams": len(reports), "entries": entries, "findings": findings}
    return msgspec.json.encode(document).decode()
