"""What `kezek journal verify` prints: every finding, then how much was examined."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from queue_service.verify import verify

if TYPE_CHECKING:
    import datetime as dt

    from queue_service.store import Pool
    from queue_service.verify import StreamReport


async def examine(
    pool: Pool, branch: str | None, day: dt.date | None, *, as_json: bool
) -> tuple[list[str], bool]:
    """Gives the lines to print and whether every stream is sound."""
    reports = [report async for report in verify(pool, branch, day)]
    sound = not any(report.findings for report in reports)
    return ([_document(reports)] if as_json else _lines(reports)), sound


def _lines(reports: list[StreamReport]) -> list[str]:
    found = [line for report in reports for line in report.lines()]
    entries = sum(report.entries for report in reports)
    end = f"{len(found)} findings" if found else "sound"
    return [*found, f"{len(reports)} streams, {entries} entries: {end}"]


def _document(reports: list[StreamReport]) -> str:
    findings: list[dict[str, Any]] = [
        {"branch": report.branch, "date": report.date, **msgspec.to_builtins(found)}
        for report in reports
        for found in report.findings
    ]
    entries = sum(report.entries for report in reports)
    document = {"streams": len(reports), "entries": entries, "findings": findings}
    return msgspec.json.encode(document).decode()
