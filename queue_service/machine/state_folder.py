"""The folder that the embedded PostgreSQL and the processes beside it keep their files in.

Root's server runs as another account, which must pass through the folder and has nothing to list.
"""

from __future__ import annotations

import stat
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

PASSABLE = 0o711
PRIVATE = 0o700
OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH


@contextmanager
def temporary_state_folder(prefix: str, parent: Path | None = None) -> Iterator[Path]:
    """A new state folder, gone in the end; `parent` is where, else where temporary files go."""
    with tempfile.TemporaryDirectory(prefix=prefix, dir=parent, ignore_cleanup_errors=True) as name:
        folder = Path(name)
        folder.chmod(PASSABLE)
        yield folder


def make_state_folder(folder: Path, *, passable: bool) -> None:
    """Makes the folder where there is none; one that is there keeps its mode."""
    if not folder.exists():
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(PASSABLE if passable else PRIVATE)


def others_write_to(folder: Path) -> bool:
    """Whether anybody but the owner may put files into a folder."""
    return bool(folder.stat().st_mode & OTHERS_WRITE)
