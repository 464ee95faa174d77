"""Tables as a workbook, XLSX."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Final

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from queue_service.http.tables import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from queue_service.http.tables import Row, Sheet

_WIDEST: Final = 60
"""Characters in a column."""


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
            cell = drawn.cell(row=number, column=place, value=printable(value))
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
