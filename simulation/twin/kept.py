"""Where the machine code of the twin is kept, and whether it is there: without loading numba.

The folder is named after all that is compiled and the compiler, so that a rule which has changed is
never run as it was.
"""

from __future__ import annotations

import inspect
import os
import sys
import tempfile
from functools import cache
from hashlib import blake2b
from importlib.metadata import version
from pathlib import Path

from queue_service.policy import rules
from simulation import ledger, sums

SHARED = (rules, ledger, sums)
"""Modules whose functions are compiled as they are."""
_WHOLES = ("day.run", "noting.note", "noting.add_up")


@cache
def folder() -> Path:
    """For this version of everything; under the temporary folder where the home is read-only."""
    if given := os.environ.get("NUMBA_CACHE_DIR"):
        return Path(given)
    caches = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "kezek" / "numba"
    try:
        caches.mkdir(parents=True, exist_ok=True)
        writable = os.access(caches, os.W_OK)
    except OSError:
        writable = False
    if not writable:
        caches = Path(tempfile.gettempdir()) / f"kezek-numba-{os.getuid()}"
    return caches / _made_from()


def _made_from() -> str:
    sources = [Path(inspect.getfile(one)) for one in SHARED]
    mark = blake2b(version("numba").encode(), digest_size=12)
    for source in (*sources, *sorted(Path(__file__).parent.glob("*.py"))):
        mark.update(source.read_bytes())
    return mark.hexdigest()


def is_interpreted() -> bool:
    """Whether numba is told to compile nothing."""
    return os.environ.get("NUMBA_DISABLE_JIT", "0") not in ("", "0")


def is_there() -> bool:
    """Whether everything has been compiled for this Python."""
    python = f"py{sys.version_info.major}{sys.version_info.minor}"
    return all(any(folder().rglob(f"{whole}-*.{python}.*.nbc")) for whole in _WHOLES)
