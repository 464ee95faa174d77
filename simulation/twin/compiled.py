"""Compiles the twin with numba, and the policy's scalar rules with it: they are not written twice.

What is compiled is kept on disk in a folder named after all that it was made from, so that a rule
which has changed is never run as it was.
"""

from __future__ import annotations

import inspect
import os
from collections.abc import Callable
from hashlib import blake2b
from pathlib import Path
from typing import Any, TypeVar, cast

import numba
from numba import config, njit
from numba.extending import register_jitable

from queue_service.policy import rules

Function = TypeVar("Function", bound=Callable[..., Any])
_CACHES = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "kezek" / "numba"


def _made_from() -> str:
    """Names the sources of all that is compiled, and the compiler."""
    sources = [Path(inspect.getfile(rules)), *sorted(Path(__file__).parent.glob("*.py"))]
    mark = blake2b(numba.__version__.encode(), digest_size=12)
    for source in sources:
        mark.update(source.read_bytes())
    return mark.hexdigest()


vars(config)["CACHE_DIR"] = os.environ.get("NUMBA_CACHE_DIR") or str(_CACHES / _made_from())
for _, _rule in inspect.getmembers(rules, inspect.isfunction):
    register_jitable(_rule)


def compiled(function: Function) -> Function:
    """The function as machine code."""
    return cast("Function", njit(cache=True, nogil=True)(function))
