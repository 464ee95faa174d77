"""The figures of one run, their medians, and the aims held against them."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING

import msgspec

from benchmarks.bare import Bare
from benchmarks.machine import Machine
from benchmarks.rounds import CLIENTS, MOST_CLIENTS, Measure, Memory, Round

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

TITLES: dict[Measure, str] = {
    "issue": "issue a ticket (waits outside)",
    "plain": "plain transaction, no HTTP",
    "issue_and_enter": "issue a ticket and walk in",
    "call_next": "call the next visitor",
    "hot_branch": "issue at one branch only",
}
COMPARISON = (
    "For comparison, measured on the same kind of machine: FQM 47-114 tickets/s with up to 12 % "
    "duplicate numbers, TheQ 8-11 tickets/s with up to 52 %."
)
TICKETS_AIM = 4000
RATIO_AIM = 1.0
P99_AIM = 100
HOT_AIM = 1500
LOAD_AIM = 0.2


class Line(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Medians over the rounds of one measure; `lowest` and `highest` are rates; errors add up."""

    measure: Measure
    clients: int
    rounds: int
    rate: float
    lowest: float
    highest: float
    p50: float | None = None
    p99: float | None = None
    mean: float | None = None
    errors: int = 0
    service_us: float | None = None
    generator_us: float | None = None


class Aim(msgspec.Struct, frozen=True, kw_only=True):
    """What was aimed at, what was measured, and whether it was reached."""

    what: str
    measured: str
    reached: bool


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that a run found out."""

    date: str
    machine: Machine
    versions: dict[str, str]
    branches: int
    replicas: int
    seconds: float
    plain_driver: str
    rounds: tuple[Round, ...]
    memory: Memory
    bare: Bare

    def lines(self) -> tuple[Line, ...]:
        """One line for each measure and number of clients."""
        return tuple(
            _line(measure, clients, found)
            for measure in TITLES
            for clients in CLIENTS
            if (found := [r for r in self.rounds if (r.measure, r.clients) == (measure, clients)])
        )

    def ratio(self) -> float:
        """Tickets issued through HTTP for each plain transaction, at the most clients.

        The median over the rounds, each beside the other: the machine's speed wanders.
        """
        return median(
            issue.rate / plain.rate
            for issue, plain in zip(self._at_most("issue"), self._at_most("plain"), strict=True)
        )

    def _at_most(self, measure: Measure) -> list[Round]:
        return [r for r in self.rounds if (r.measure, r.clients) == (measure, MOST_CLIENTS)]

    def aims(self) -> tuple[Aim, ...]:
        """The aims, each with what was measured at the most clients."""
        issue, hot = self._busiest("issue"), self._busiest("hot_branch")
        errors = sum(line.errors for line in self.lines())
        return (
            _at_least("durable tickets/s at 64 clients", TICKETS_AIM, issue.rate, ",.0f"),
            _at_least("tickets/s for each plain transaction/s", RATIO_AIM, self.ratio(), ".2f"),
            _at_most("ms, 99th percentile at 64 clients", P99_AIM, issue.p99 or 0.0, ".1f"),
            _at_least("tickets/s at one hot branch", HOT_AIM, hot.rate, ",.0f"),
            _at_most("s to load 10,000 events", LOAD_AIM, self.bare.load_seconds, ".3f"),
            _at_most("errors and duplicates", 0, errors, "d"),
        )

    def as_json(self) -> bytes:
        """The whole, the medians and the aims for a program."""
        derived = {
            "medians": self.lines(),
            "ratio": self.ratio(),
            "mib_per_1000_live_tickets": self.memory.mib_per_thousand,
            "aims": self.aims(),
        }
        whole = msgspec.to_builtins(self) | msgspec.to_builtins(derived)
        return msgspec.json.format(msgspec.json.encode(whole), indent=2)

    def as_text(self) -> str:
        """The whole for a person."""
        return "\n".join((*self._head(), "", *self._table(), "", *self._costs(), "", *self._end()))

    def _busiest(self, measure: Measure) -> Line:
        return next(
            line for line in self.lines() if (line.measure, line.clients) == (measure, MOST_CLIENTS)
        )

    def _head(self) -> Iterator[str]:
        machine = self.machine
        yield (
            f"{self.date}, {self.replicas} replicas, {self.branches} branches of either kind, "
            f"rounds of {self.seconds:g} s"
        )
        yield (
            f"{machine.processor}, {machine.cores} cores, {machine.memory:g} GiB, "
            f"{machine.system}, {machine.filesystem} (8 KiB are written and synced in "
            f"{machine.fsync:g} ms)"
        )
        yield ", ".join(f"{name} {number}" for name, number in self.versions.items())
        yield f"plain transactions by {self.plain_driver}; fsync and synchronous_commit are on"

    def _table(self) -> Iterator[str]:
        yield (
            f"{'medians':<32} {'clients':>7} {'a second':>9} {'lowest-highest':>15} "
            f"{'p50 ms':>8} {'p99 ms':>8} {'errors':>7}"
        )
        for line in self.lines():
            spread = f"{line.lowest:,.0f}-{line.highest:,.0f}"
            yield (
                f"{TITLES[line.measure]:<32} {line.clients:>7} {line.rate:>9,.0f} {spread:>15} "
                f"{_ms(line.p50 or line.mean)} {_ms(line.p99)} {line.errors:>7}"
            )
        yield "A plain transaction has its mean delay in place of the median."

    def _costs(self) -> Iterator[str]:
        issue = self._busiest("issue")
        yield (
            f"A ticket at {MOST_CLIENTS} clients takes {issue.service_us or 0:.0f} us of processor "
            f"time in the service, {issue.generator_us or 0:.0f} us in the generator of load."
        )
        yield f"The journal without HTTP: {self.bare.rate:,.0f} tickets/s."
        yield (
            f"A stream of {self.bare.loaded:,} events is loaded in {self.bare.load_seconds:.3f} s."
        )
        yield (
            f"1,000 live tickets take {self.memory.mib_per_thousand:.2f} MiB: growth of the "
            f"service's resident memory over {self.memory.tickets:,} tickets, nothing collected."
        )
        for cost in self.bare.costs:
            yield (
                f"With {cost.tickets:,} tickets waiting: deciding an issue {cost.issue:.1f} us, "
                f"a call {cost.call_next:.1f} us; applying an issued ticket {cost.evolve:.1f} us."
            )

    def _end(self) -> Iterator[str]:
        yield f"HTTP over plain transactions at {MOST_CLIENTS} clients: {self.ratio():.2f}"
        for aim in self.aims():
            verdict = "reached" if aim.reached else "NOT REACHED"
            yield f"  {verdict:<12} {aim.what}: {aim.measured}"
        yield COMPARISON


def _line(measure: Measure, clients: int, rounds: list[Round]) -> Line:
    rates = [each.rate for each in rounds]
    return Line(
        measure=measure,
        clients=clients,
        rounds=len(rounds),
        rate=median(rates),
        lowest=min(rates),
        highest=max(rates),
        p50=_median(rounds, lambda each: each.p50),
        p99=_median(rounds, lambda each: each.p99),
        mean=_median(rounds, lambda each: each.mean),
        errors=sum(sum(each.errors.values()) for each in rounds),
        service_us=_median(rounds, lambda each: each.service_us),
        generator_us=_median(rounds, lambda each: each.generator_us),
    )


def _median(rounds: Iterable[Round], figure: Callable[[Round], float | None]) -> float | None:
    known = [value for each in rounds if (value := figure(each)) is not None]
    return median(known) if known else None


def _at_least(what: str, aim: float, measured: float, form: str) -> Aim:
    said = f"{measured:{form}} (aim: at least {aim:,g})"
    return Aim(what=what, measured=said, reached=measured >= aim)


def _at_most(what: str, aim: float, measured: float, form: str) -> Aim:
    said = f"{measured:{form}} (aim: at most {aim:,g})"
    return Aim(what=what, measured=said, reached=measured <= aim)


def _ms(delay: float | None) -> str:
    return f"{delay:>8.2f}" if delay is not None else f"{'':>8}"
