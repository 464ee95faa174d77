"""Where the machine code of the twin is kept, and whether it is there: without loading numba.

The folder is named after all that is compiled and the compiler, so that a rule which has changed is
never run as it was.
"""

from __future__ import annotations

import inspect
import os
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from hashlib import blake2b
from importlib.metadata import version
from pathlib import Path
from shutil import rmtree

from queue_service.policy import rules
from simulation import drawing, ledger, sums

RULES, NOTED = rules, (drawing, ledger, sums)
"""Modules whose functions are compiled as they are."""
_WHOLES = (
    *("drawer.arrive", "drawer.choose", "day.run"),
    *("noting.note", "noting.add_up", "noting.rank"),
)
_MOST_VERSIONS = 5
"""That are kept, the last ones used: of a version that is worked on there are many."""


@cache
def folder() -> Path:
    """For this version of everything."""
    return _folders() / _made_from()


def _folders() -> Path:
    """Under the temporary folder where the home is read-only."""
    if given := os.environ.get("NUMBA_CACHE_DIR"):
        return Path(given)
    caches = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "kezek" / "numba"
    try:
        caches.mkdir(parents=True, exist_ok=True)
        writable = os.access(caches, os.W_OK)
    except OSError:
        writable = False
    return caches if writable else Path(tempfile.gettempdir()) / f"kezek-numba-{os.getuid()}"


def _made_from() -> str:
    """What it is compiled from, by what, and for what processor."""
    import llvmlite.binding as llvm  # noqa: PLC0415 - who imports this module may never ask

    by = (sys.version, version("numba"), llvm.get_host_cpu_name())
    mark = blake2b(digest_size=12)
    for one in (*by, str(sorted(llvm.get_host_cpu_features().items()))):
        mark.update(one.encode())
    sources = [Path(inspect.getfile(one)) for one in (RULES, *NOTED)]
    for source in (*sources, *sorted(Path(__file__).parent.glob("*.py"))):
        mark.update(source.read_bytes())
    return mark.hexdigest()


def is_interpreted() -> bool:
    """Whether numba is told to compile nothing."""
    return os.environ.get("NUMBA_DISABLE_JIT", "0") not in ("", "0")


def is_there() -> bool:
    """Whether everything has been compiled."""
    return all(_place(name).is_file() for name in _WHOLES)


def name_of(function: Callable[..., None]) -> str:
    """Of a whole: its module and its own."""
    return f"{function.__module__.rpartition('.')[2]}.{function.__name__}"


def _place(name: str) -> Path:
    return folder() / f"{name}.o"


def found(name: str) -> tuple[str, bytes] | None:
    """The name in machine code and the object file of a whole, where they are kept."""
    try:
        inside, _, code = _place(name).read_bytes().partition(b"\n")
    except OSError:
        return None
    with suppress(OSError):
        os.utime(folder())
    return inside.decode(), code


def keep(name: str, inside: str, code: bytes) -> None:
    """Keeps it for the processes to come; where that cannot be, each compiles for itself."""
    place = _place(name)
    with suppress(OSError):
        place.parent.mkdir(parents=True, exist_ok=True)
        begun = place.with_suffix(f".{os.getpid()}")
        begun.write_bytes(inside.encode() + b"\n" + code)
        begun.replace(place)
        _forget_old_versions()


def _forget_old_versions() -> None:
    length = len(folder().name)
    versions = [one for one in _folders().iterdir() if len(one.name) == length and one.is_dir()]
    versions.sort(key=lambda one: one.stat().st_mtime, reverse=True)
    for old in versions[_MOST_VERSIONS:]:
        rmtree(old, ignore_errors=True)
