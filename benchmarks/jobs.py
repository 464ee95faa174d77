"""What the benchmark and its generator of load say to each other, one JSON line each."""

from __future__ import annotations

import sys
from typing import Literal

import msgspec

Kind = Literal["open", "issue", "call", "release"]


class Login(msgspec.Struct, frozen=True, kw_only=True):
    """The first line: where the replicas of the service are, and tokens of two roles."""

    host: str
    ports: tuple[int, ...]
    kiosk: str
    operator: str


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """`clients` connections at work for `seconds`, or until `most` requests are sent.

    `open` opens `counters` at every branch, `issue` takes tickets at the branches in turn, `call`
    calls the next visitor to a counter that is free, `release` frees every counter that has called.
    """

    kind: Kind
    clients: int
    seconds: float = 600.0
    most: int = sys.maxsize
    branches: tuple[str, ...] = ()
    counters: tuple[str, ...] = ()
    service: str = ""


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """`done` right answers in `seconds`; delays in milliseconds; `errors` counted by what they say.

    `cpu` and `service_cpu` are the processor time of the generator and of the service, in seconds.
    """

    done: int
    seconds: float
    p50: float
    p99: float
    longest: float
    errors: dict[str, int]
    cpu: float
    service_cpu: float = 0.0

    @property
    def rate(self) -> float:
        """Right answers a second."""
        return self.done / self.seconds if self.seconds else 0.0
