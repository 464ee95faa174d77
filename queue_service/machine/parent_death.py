"""A child process that ends when its parent ends, however the parent ended (Linux)."""

from __future__ import annotations

import ctypes
import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import signal
    from collections.abc import Callable

PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)


def die_with_parent(request: signal.Signals) -> Callable[[], None]:
    """What a child runs before its program (`preexec_fn`): `request` comes at its parent's end.

    The kernel watches the thread that starts the child, not the whole process: start children from
    a thread that lives as long as they should.
    """
    parent = os.getpid()

    def arm() -> None:
        _libc.prctl(PR_SET_PDEATHSIG, int(request), 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)

    return arm
