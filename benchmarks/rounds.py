"""The rounds of the benchmark: what is measured, in which order.

Timings on a shared machine wander, so the measures take turns and each is repeated.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import msgspec

from benchmarks import country
from benchmarks.jobs import Job

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from benchmarks.jobs import Result
    from benchmarks.plain import PlainTransactions
    from benchmarks.stage import Stage

Measure = Literal["issue", "plain", "issue_and_enter", "call_next", "hot_branch"]
CLIENTS = (1, 16, 64)
MOST_CLIENTS = CLIENTS[-1]
HOT = "street-1"
STOCK = 15
"""Tickets that wait in each hall before a round of calls: more than it has counters."""
LIVE_TICKETS = 50
"""Tickets in each street by which the memory of the service is measured."""


class Round(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One measure once: right answers, how many a second, delays in milliseconds, errors counted.

    `mean` is there for plain transactions, which pgbench counts in its own way. `service_us` and
    `generator_us` are processor microseconds for each right answer.
    """

    measure: Measure
    clients: int
    rate: float
    done: int = 0
    p50: float | None = None
    p99: float | None = None
    longest: float | None = None
    mean: float | None = None
    errors: dict[str, int] = {}
    service_us: float | None = None
    generator_us: float | None = None


class Memory(msgspec.Struct, frozen=True, kw_only=True):
    """Resident memory of the service in bytes, before and after so many more live tickets."""

    tickets: int
    before: int
    after: int

    @property
    def mib_per_thousand(self) -> float:
        """MiB for each 1,000 live tickets."""
        return (self.after - self.before) / 2**20 / self.tickets * 1000


class Benchmark:
    """Measures one stage with `branches` branches of either kind, `seconds` each time."""

    def __init__(
        self, stage: Stage, plain: PlainTransactions, branches: int, seconds: float
    ) -> None:
        self._stage = stage
        self._plain = plain
        self._seconds = seconds
        self._streets = country.street_branches(branches)
        self._halls = country.hall_branches(branches)
        self._waiting = 0

    async def warm_up(self) -> Memory:
        """Opens every branch and counter, fills the halls, and weighs live tickets."""
        await self._do(self._take(self._streets, most=len(self._streets)))
        before = self._stage.service_bytes()
        result = await self._do(self._take(self._streets, most=LIVE_TICKETS * len(self._streets)))
        memory = Memory(tickets=result.done, before=before, after=self._stage.service_bytes())
        await self._fill_halls()
        open_all = Job(
            kind="open", clients=MOST_CLIENTS, branches=self._halls, counters=country.counters()
        )
        await self._do(open_all)
        return memory

    async def rounds(self, repetitions: int) -> AsyncIterator[Round]:
        """Every measure at every number of clients, all of it `repetitions` times."""
        for _ in range(repetitions):
            for clients in CLIENTS:
                yield await self._http("issue", self._take(self._streets, clients))
                yield await self._plain_round(clients)
                yield await self._enter_round(clients)
                yield await self._call_round(clients)
            yield await self._http("hot_branch", self._take((HOT,), MOST_CLIENTS))

    async def _enter_round(self, clients: int) -> Round:
        entered = await self._http("issue_and_enter", self._take(self._halls, clients))
        self._waiting += entered.done
        return entered

    async def _call_round(self, clients: int) -> Round:
        """Ends early where every counter has called; then all of them are made free."""
        await self._fill_halls()
        called = await self._http(
            "call_next", Job(kind="call", clients=clients, seconds=self._seconds)
        )
        self._waiting -= called.done
        await self._do(Job(kind="release", clients=MOST_CLIENTS))
        return called

    async def _fill_halls(self) -> None:
        missing = STOCK * len(self._halls) - self._waiting
        if missing > 0:
            result = await self._do(self._take(self._halls, most=missing))
            self._waiting += result.done

    def _take(
        self, branches: tuple[str, ...], clients: int = MOST_CLIENTS, most: int | None = None
    ) -> Job:
        """Takes `most` tickets, or as many as there is time for."""
        job = Job(kind="issue", clients=clients, branches=branches, service=country.SERVICE)
        if most is None:
            return msgspec.structs.replace(job, seconds=self._seconds)
        return msgspec.structs.replace(job, most=most)

    async def _do(self, job: Job) -> Result:
        """A job that prepares: it must succeed whole."""
        result = await self._stage.run(job)
        if result.errors:
            raise PreparationError(f"{job.kind} failed: {result.errors}")
        return result

    async def _http(self, measure: Measure, job: Job) -> Round:
        result = await self._stage.run(job)
        each = 1e6 / max(result.done, 1)
        return Round(
            measure=measure,
            clients=job.clients,
            rate=result.rate,
            done=result.done,
            p50=result.p50,
            p99=result.p99,
            longest=result.longest,
            errors=result.errors,
            service_us=result.service_cpu * each,
            generator_us=result.cpu * each,
        )

    async def _plain_round(self, clients: int) -> Round:
        result = await self._plain.measure(clients, self._seconds)
        return Round(measure="plain", clients=clients, rate=result.rate, mean=result.mean)


class PreparationError(Exception):
    """What comes before the measuring failed; the message has the answers of the service."""
