"""Tables as files that an office opens: CSV and XLSX."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Final

from queue_service.http.answers import Head
from queue_service.http.call import Reply
from queue_service.http.tables import Cell, Row, Sheet, printable

CSV: Final = "text/csv"
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_LEADS_A_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def as_csv(sheets: Iterable[Sheet]) -> bytes:
    """One table after another, UTF-8 with the mark by which spreadsheets know it."""
    text = io.StringIO()
    writer = csv.writer(text)
    for place, sheet in enumerate(sheets):
        if place:
            writer.writerow(())
            writer.writerow((sheet.title,))
        writer.writerows(map(_harmless_row, sheet.rows))
    return text.getvalue().encode("utf-8-sig")


def _harmless_row(row: Row) -> list[Cell]:
    return [_harmless(cell) for cell in row]


def _harmless(cell: Cell) -> Cell:
    """A text that a spreadsheet would take for a formula stays a text."""
    cell = printable(cell)
    if isinstance(cell, str) and cell.startswith(_LEADS_A_FORMULA):
        return f"'{cell}"
    return cell


def download(kind: str, name: str, sheets: Sequence[Sheet]) -> Reply:
    """The answer with a file of a kind, `CSV` or `XLSX`; `name` is the file's, without its end."""
    content, end = (as_csv(sheets), "csv") if kind == CSV else (_as_xlsx(sheets), "xlsx")
    charset = "; charset=utf-8" if kind == CSV else ""
    head: Head = (
        ("Content-Type", f"{kind}{charset}"),
        ("Content-Disposition", f'attachment; filename="{name}.{end}"'),
    )
    return Reply(200, content, head)


def _as_xlsx(sheets: Iterable[Sheet]) -> bytes:
    # The library takes as long to import as a third of the service, and few days see a workbook.
    from queue_service.http.workbook import as_xlsx  # noqa: PLC0415

    return as_xlsx(sheets)
