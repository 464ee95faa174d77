"""Figures for Prometheus: requests, commits, and how full the branches are when it asks."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator
from itertools import accumulate
from typing import TYPE_CHECKING, Final

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, HistogramMetricFamily

if TYPE_CHECKING:
    import datetime as dt

    from queue_service.journal import Journal
    from queue_service.journal.writer import Written
    from queue_service.policy.model import State

_SECONDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
_BOUNDS: Final = (*map(str, _SECONDS), "+Inf")
_COMMANDS: Final = (1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024)
_PHASES: Final = ("none", "draining", "cleaning")

Today = Callable[[str], "dt.date | None"]


class Metrics:
    """All metrics of one process."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._requests = Requests()
        self.registry.register(self._requests)
        self._commits = Counter(
            "kezek_commits", "Transactions that wrote to the journal", registry=self.registry
        )
        self._commands = Histogram(
            "kezek_batch_commands",
            "Commands answered by one transaction",
            registry=self.registry,
            buckets=_COMMANDS,
        )
        self._conflicts = Counter(
            "kezek_conflicts", "Commands decided anew after a conflict", registry=self.registry
        )
        self._commit_seconds = Histogram(
            "kezek_commit_seconds",
            "Time of one transaction",
            registry=self.registry,
            buckets=_SECONDS,
        )

    def answered(self, route: str, status: int, seconds: float) -> None:
        """A request has been answered."""
        self._requests.count(route, status, seconds)

    def written(self, written: Written) -> None:
        """The journal has written a batch."""
        if written.entries:
            self._commits.inc()
        self._commands.observe(written.commands)
        self._conflicts.inc(written.conflicts)
        self._commit_seconds.observe(written.seconds)

    def watch(self, journal: Journal, today: Today) -> None:
        """Shows the loaded states of today; `today` gives the business date of a branch code."""
        self.registry.register(Branches(journal, today))

    def text(self) -> bytes:
        """Everything in the exposition format."""
        return generate_latest(self.registry)


class Requests:
    """Delays of requests by route and status.

    One event loop counts and shows them, so no lock is needed, which costs more than the counting.
    """

    def __init__(self) -> None:
        self._counted: dict[tuple[str, int], list[int]] = {}
        self._seconds: dict[tuple[str, int], float] = {}

    def count(self, route: str, status: int, seconds: float) -> None:
        """One more request."""
        key = (route, status)
        counted = self._counted.get(key)
        if counted is None:
            counted = self._counted[key] = [0] * (len(_SECONDS) + 1)
            self._seconds[key] = 0.0
        counted[bisect_left(_SECONDS, seconds)] += 1
        self._seconds[key] += seconds

    def collect(self) -> Iterator[HistogramMetricFamily]:
        """The histogram of each route and status."""
        family = HistogramMetricFamily(
            "kezek_request_seconds", "Time to answer a request", labels=["route", "status"]
        )
        for (route, status), counted in self._counted.items():
            buckets = list(zip(_BOUNDS, accumulate(counted), strict=True))
            family.add_metric([route, str(status)], buckets, self._seconds[route, status])
        yield family


class Branches:
    """Reads the committed states whenever Prometheus asks."""

    def __init__(self, journal: Journal, today: Today) -> None:
        self._journal = journal
        self._today = today

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """One family for each figure, one sample for each branch."""
        states = [
            (branch, state)
            for (branch, day), state in self._journal.loaded()
            if day == self._today(branch) and state.plan is not None
        ]
        for name, text, value in _GAUGES:
            family = GaugeMetricFamily(name, text, labels=["branch"])
            for branch, state in states:
                family.add_metric([branch], value(state))
            yield family
        yield _phases(states)

    def describe(self) -> Iterator[GaugeMetricFamily]:
        """Nothing to check at registration: the states are not there yet."""
        return iter(())


def _phases(states: list[tuple[str, State]]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(
        "kezek_sanitation_phase", "1 for the phase that holds", labels=["branch", "phase"]
    )
    for branch, state in states:
        for phase in _PHASES:
            family.add_metric([branch, phase], float(state.sanitation.phase == phase))
    return family


_GAUGES: Final[tuple[tuple[str, str, Callable[[State], float]], ...]] = (
    ("kezek_hall_people", "People in the hall", lambda state: state.occupancy),
    ("kezek_released_people", "People released, not yet in", lambda state: state.released_people),
    ("kezek_street_people", "People waiting outside", lambda state: state.street_people),
    (
        "kezek_hall_waiting_tickets",
        "Tickets waiting for a counter",
        lambda state: sum(map(len, state.hall.values())),
    ),
    ("kezek_hall_limit_people", "Limit of the hall", lambda s: s.plan.hall_limit if s.plan else 0),
    ("kezek_open_counters", "Counters at work", lambda state: len(state.counters)),
)
