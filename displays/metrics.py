"""Figures of one gateway for Prometheus: who watches, what is sent, how old the boards are."""

from __future__ import annotations

from collections import Counter as Count
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Histogram,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

Refusal = Literal["unknown", "address"]
_LAGS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class Watched(NamedTuple):
    """A view that somebody watches: `age` is the seconds since it was last known to be true."""

    face: Literal["board", "ticket"]
    branch: str
    clients: int
    age: float


class Metrics:
    """All metrics of one process."""

    def __init__(self) -> None:
        self.registry = registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        self.frames = Counter(
            "kezek_gateway_frames", "Frames handed to connections", registry=registry
        )
        self.sent = Counter("kezek_gateway_sent_bytes", "Bytes of those frames", registry=registry)
        self.fallen_behind = Counter(
            "kezek_gateway_fallen_behind",
            "Clients that did not keep up and must wait for a snapshot",
            registry=registry,
        )
        self.hung_up = Counter(
            "kezek_gateway_hung_up", "Clients hung up on: they took nothing", registry=registry
        )
        self._refused = Counter(
            "kezek_gateway_refused", "Connections refused", ["reason"], registry=registry
        )
        self._lag = Histogram(
            "kezek_gateway_tail_lag_seconds",
            "Time from an event to its being known here",
            registry=registry,
            buckets=_LAGS,
        )
        for reason in ("unknown", "address"):
            self._refused.labels(reason)

    def refused(self, reason: Refusal) -> None:
        """A connection led to nothing, or its address has too many."""
        self._refused.labels(reason).inc()

    def heard_after(self, seconds: float) -> None:
        """News came so long after it had happened; clocks of two machines may differ a little."""
        self._lag.observe(max(0.0, seconds))

    def watch(self, watched: Callable[[], Iterable[Watched]], stale: Callable[[], bool]) -> None:
        """Shows who watches what, and whether the journal is out of reach."""
        self.registry.register(Audiences(watched, stale))

    def text(self) -> bytes:
        """Everything in the exposition format."""
        return generate_latest(self.registry)


class Audiences:
    """Looks at the views whenever Prometheus asks; branches are as many as the catalogue has."""

    def __init__(self, watched: Callable[[], Iterable[Watched]], stale: Callable[[], bool]) -> None:
        self._watched = watched
        self._stale = stale

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Connections by face, the age of each branch's board, and whether all is stale."""
        clients = Count({"board": 0, "ticket": 0})
        ages = GaugeMetricFamily(
            "kezek_gateway_board_age_seconds",
            "Time since a branch's watched board was last known to be true",
            labels=["branch"],
        )
        for one in self._watched():
            clients[one.face] += one.clients
            if one.face == "board":
                ages.add_metric([one.branch], one.age)
        connections = GaugeMetricFamily(
            "kezek_gateway_connections", "Clients that watch a face", labels=["face"]
        )
        for face, number in clients.items():
            connections.add_metric([face], number)
        stale = "1 while the journal cannot be read"
        yield from (connections, ages)
        yield GaugeMetricFamily("kezek_gateway_stale", stale, value=float(self._stale()))

    def describe(self) -> Iterator[GaugeMetricFamily]:
        """Nothing to check at registration: nobody watches yet."""
        return iter(())
