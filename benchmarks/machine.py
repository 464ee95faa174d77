"""What a measurement was made on: figures without it say nothing."""

from __future__ import annotations

import os
import platform
import re
import subprocess
import tempfile
import time
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterable

LIBRARIES = ("aiohttp", "asyncpg", "msgspec", "uvloop", "websockets")
SYNCED_WRITES = 100
PAGE_BYTES = 8192
IN_MEMORY = frozenset({"tmpfs", "ramfs"})


class Machine(msgspec.Struct, frozen=True, kw_only=True):
    """`memory` in GiB; `fsync` is the median of writing and syncing 8 KiB, in milliseconds."""

    cores: int
    processor: str
    memory: float
    system: str
    filesystem: str
    fsync: float


def describe(folder: Path) -> Machine:
    """The machine, and the disk that `folder` is on."""
    return Machine(
        cores=len(os.sched_getaffinity(0)),
        processor=_first(r"model name\s*:\s*(.+)", "/proc/cpuinfo") or platform.machine(),
        memory=round(int(_first(r"MemTotal:\s*(\d+)", "/proc/meminfo") or 0) / 2**20, 1),
        system=f"{platform.system()} {platform.release()}",
        filesystem=filesystem(folder),
        fsync=_fsync_ms(folder / "fsync"),
    )


def versions(postgres: str) -> dict[str, str]:
    """Versions of whatever the figures depend on."""
    found = {"Python": platform.python_version(), "PostgreSQL": postgres}
    return found | {name: version(name) for name in LIBRARIES} | {"kezek": commit()}


def disk_folder() -> Path:
    """Where temporary files lie on a disk rather than in memory; TMPDIR comes first."""
    folders = [Path(tempfile.gettempdir()), Path("/var/tmp"), Path.home()]  # noqa: S108
    on_disk = (path for path in folders if path.is_dir() and filesystem(path) not in IN_MEMORY)
    return next(on_disk, folders[0])


def filesystem(folder: Path) -> str:
    """Type of the file system that a folder is on, such as ext4."""
    mounts = [line.split()[1:3] for line in Path("/proc/mounts").read_text().splitlines()]
    inside = [(place, kind) for place, kind in mounts if folder.resolve().is_relative_to(place)]
    return max(inside, key=lambda mount: len(mount[0]), default=("", "unknown"))[1]


def resident_bytes(process: int) -> int:
    """Memory that a process holds now."""
    return 1024 * int(_first(r"VmRSS:\s*(\d+)", f"/proc/{process}/status") or 0)


def processor_seconds(process: int) -> float:
    """Processor time that a process has used so far, its ended children aside."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _first(pattern: str, path: str) -> str:
    found = re.search(pattern, Path(path).read_text())
    return found[1].strip() if found else ""


def _fsync_ms(path: Path) -> float:
    with path.open("wb", buffering=0) as file:
        took = median(_synced_writes(file.fileno()))
    path.unlink()
    return round(1000 * took, 3)


def _synced_writes(descriptor: int) -> Iterable[float]:
    for _ in range(SYNCED_WRITES):
        began = time.perf_counter()
        os.write(descriptor, bytes(PAGE_BYTES))
        os.fdatasync(descriptor)
        yield time.perf_counter() - began


def commit() -> str:
    """The commit that is measured, marked where something is changed since."""
    root = Path(__file__).parent.parent
    command = ["git", "-C", str(root), "describe", "--always", "--dirty", "--exclude=*"]
    try:
        said = subprocess.run(command, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return "unknown commit"
    return said.stdout.strip()
