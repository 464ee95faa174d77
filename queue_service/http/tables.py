"""Tables, before they become a file of some kind."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

Cell = str | int | float | None
Row = Sequence[Cell]


class Sheet(Struct, frozen=True):
    """A table under a title; the first row names the columns."""

    title: str
    rows: Sequence[Row]


def printable(cell: Cell) -> Cell:
    """The cell without what no sheet can show: a reason may hold control characters."""
    if isinstance(cell, str) and not cell.isprintable():
        return "".join(one if one.isprintable() else " " for one in cell)
    return cell
