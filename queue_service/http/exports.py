"""Tables as files that an office opens: CSV and XLSX."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Final

from msgspec import Struct
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from queue_service.http.answers import Head
from queue_service.http.call import Reply

Cell = str | int | float | None
Row = Sequence[Cell]
CSV: Final = "text/csv"
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_LEADS_A_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
_WIDEST: Final = 60
"""Characters in a column."""


class Sheet(Struct, frozen=True):
    """A table under a title; the first row names the columns."""

    title: str
    rows: Sequence[Row]


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
    cell = _printable(cell)
    if isinstance(cell, str) and cell.startswith(_LEADS_A_FORMULA):
        return f"'{cell}"
    return cell


def _printable(cell: Cell) -> Cell:
    """Without what no sheet can show: a reason in the journal may hold control characters."""
    if isinstance(cell, str) and not cell.isprintable():
        return "".join(one if one.isprintable() else " " for one in cell)
    return cell


def as_xlsx(sheets: Iterable[Sheet]) -> bytes:
    """A workbook with a sheet for each table; texts are never formulas."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for sheet in sheets:
        _fill(book, sheet)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _fill(book: Workbook, sheet: Sheet) -> None:
    drawn = book.create_sheet(sheet.title[:31])
    for number, row in enumerate(sheet.rows, start=1):
        for place, value in enumerate(row, start=1):
            cell = drawn.cell(row=number, column=place, value=_printable(value))
            if isinstance(value, str):
                cell.data_type = "s"
    for cell in drawn[1]:
        cell.font = Font(bold=True)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    drawn.freeze_panes = "B2"
    for place, width in enumerate(_widths(sheet.rows), start=1):
        drawn.column_dimensions[get_column_letter(place)].width = width


def _widths(rows: Sequence[Row]) -> list[int]:
    columns = zip(*rows[1:], strict=True) if len(rows) > 1 else ((cell,) for cell in rows[0])
    return [min(_WIDEST, 4 + max(len(str(cell)) for cell in column)) for column in columns]


def download(kind: str, name: str, sheets: Sequence[Sheet]) -> Reply:
    """The answer with a file of a kind, `CSV` or `XLSX`; `name` is the file's, without its end."""
    content, end = (as_csv(sheets), "csv") if kind == CSV else (as_xlsx(sheets), "xlsx")
    charset = "; charset=utf-8" if kind == CSV else ""
    head: Head = (
        ("Content-Type", f"{kind}{charset}"),
        ("Content-Disposition", f'attachment; filename="{name}.{end}"'),
    )
    return Reply(200, content, head)
