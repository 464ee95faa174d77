"""Where the tests' servers keep their data: in memory where there is room.

On a disk it is the making of a database that most tests wait for.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from queue_service.machine.state_folder import temporary_state_folder

if TYPE_CHECKING:
    from collections.abc import Iterator

MEMORY = Path("/dev/shm")
ROOM = 2 << 30
"""Bytes that some servers need at a time, with a copy each of PostgreSQL's programs."""
DISK = Path("/tmp")


def _has_room(folder: Path) -> bool:
    """Whether it is there, programs run from it, and servers' data have room in it."""
    if not os.access(folder, os.W_OK | os.X_OK):
        return False
    found = os.statvfs(folder)
    return not found.f_flag & os.ST_NOEXEC and found.f_bavail * found.f_frsize > ROOM


@contextmanager
def server_folder() -> Iterator[Path]:
    """A folder for a server, gone in the end, though a server that was killed still writes."""
    with temporary_state_folder("kezek-", MEMORY if _has_room(MEMORY) else DISK) as folder:
        yield folder
