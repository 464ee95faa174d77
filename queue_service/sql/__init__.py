"""The SQL of the product: named blocks in .sql files, migrations beside them.

A block begins with a line `-- name: something` and ends where the next one begins.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent
MIGRATIONS = FOLDER / "migrations"
SCHEMA = FOLDER / "schema.sql"
_NAME = re.compile(r"^-- name: (\w+)\n", re.MULTILINE)


@cache
def blocks(name: str) -> dict[str, str]:
    """The statements of `sql/<name>.sql` by their names."""
    parts = _NAME.split((FOLDER / f"{name}.sql").read_text("utf-8"))[1:]
    return {title: text.strip() for title, text in zip(parts[::2], parts[1::2], strict=True)}
