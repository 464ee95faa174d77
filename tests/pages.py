"""Tables of the documentation, held against what commands come to."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def text_of(page: str) -> str:
    """What a page of docs says, its lines joined."""
    return " ".join((ROOT / "docs" / page).read_text(encoding="utf-8").split())


def table_of(page: str, heading: str) -> list[list[str]]:
    """The rows of the table whose first line begins so, a text a cell."""
    lines = (ROOT / "docs" / page).read_text(encoding="utf-8").splitlines()
    first = next(place for place, line in enumerate(lines) if line.startswith(f"| {heading}"))
    rows = []
    for line in lines[first + 2 :]:
        if not line.startswith("|"):
            break
        rows.append([cell.strip() for cell in line.strip("|").split("|")])
    return rows
