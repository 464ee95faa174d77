"""Ports for servers of tests: none that the kernel hands to clients, none of other workers."""

from __future__ import annotations

import os
import socket
from itertools import cycle

_FIRST, _OF_A_WORKER = 12_000, 2_000
_WORKER = int(os.environ.get("PYTEST_XDIST_WORKER", "gw9").removeprefix("gw")) % 10
_ports = cycle(range(_FIRST + _WORKER * _OF_A_WORKER, _FIRST + (_WORKER + 1) * _OF_A_WORKER))
for _ in range(os.getpid() % _OF_A_WORKER):
    next(_ports)


def free_port() -> int:
    """A port on which nothing listens, another one each time."""
    for port in _ports:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise AssertionError
