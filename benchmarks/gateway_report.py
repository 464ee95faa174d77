"""The figures of one run of `kezek bench gateway`, and the aims held against them."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final, NamedTuple

import msgspec

from benchmarks.generator import quantile
from benchmarks.machine import Machine

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from benchmarks.crowd import Report as CrowdReport
    from benchmarks.returning import Doubt

P99_AIM: Final = 250.0
RECOVERY_AIM: Final = 5.0


class Delays(msgspec.Struct, frozen=True, kw_only=True):
    """Milliseconds from the service's answer to a call to the frame at each board.

    `expected` frames should have come, `missed` did not, `twice` came more than once; `processor`
    is the share of one core that the gateway used, `held_up` the longest time for which the machine
    let the calling process wait, which says how busy it was with other things.
    """

    calls: int
    expected: int
    missed: int
    twice: int
    p50: float
    p99: float
    longest: float
    processor: float = 0.0
    held_up: float = 0.0


class Idle(msgspec.Struct, frozen=True, kw_only=True):
    """Connections that only hear heartbeats; memory of the gateway in bytes before and after them.

    `connecting` is the seconds until all had their first frame, `processor` the share of one core.
    """

    connections: int
    lost: int
    connecting: float
    before: int
    after: int
    processor: float

    @property
    def kib_each(self) -> float:
        """KiB of resident memory for each connection."""
        return (self.after - self.before) / 1024 / self.connections


class Painted(msgspec.Struct, frozen=True, kw_only=True):
    """Milliseconds from the service's answer to a call to the painted hall board in Chromium."""

    calls: int
    p50: float
    p99: float
    longest: float


class Outage(NamedTuple):
    """Something was `killed`, `started` again, and `over` when all boards were right again
    (nanoseconds of the machine's clock)."""

    what: str
    killed: int
    started: int
    over: int


class Recovered(msgspec.Struct, frozen=True, kw_only=True):
    """Seconds after something that was killed was started again until the boards were right.

    `away` is the seconds for which it was not there, `boards` how many came to be in doubt;
    `missed` and `twice` count calls, of all recoveries, that a board did not hear or heard again.
    """

    what: str
    away: float
    boards: int
    p50: float
    longest: float
    missed: int
    twice: int


class GatewayReport(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that a run found out."""

    date: str
    machine: Machine
    versions: dict[str, str]
    boards: int
    branches: int
    seconds: float
    called: Delays
    idle: Idle
    recovered: tuple[Recovered, ...]
    painted: Painted | None

    def as_json(self) -> bytes:
        """The whole and the memory of a connection, for a program."""
        whole = msgspec.to_builtins(self) | {"kib_per_connection": round(self.idle.kib_each, 1)}
        return msgspec.json.format(msgspec.json.encode(whole))

    def as_text(self) -> str:
        """The whole for a person."""
        return "\n".join((*self._head(), "", *self._found(), "", *self._aims()))

    def _head(self) -> Iterator[str]:
        machine = self.machine
        yield f"{self.date}, {self.boards:,} boards of {self.branches} branches, one gateway"
        yield (
            f"{machine.processor}, {machine.cores} cores, {machine.memory} GiB, {machine.system}"
        )
        yield ", ".join(f"{name} {version}" for name, version in self.versions.items())

    def _found(self) -> Iterator[str]:
        called, idle = self.called, self.idle
        yield (
            f"{called.calls:,} calls in {self.seconds:g} s ({called.calls / self.seconds:,.0f} a "
            f"second, with as many tickets taken and given up), {called.expected:,} frames:"
        )
        yield (
            f"from the answer to the board p50 {called.p50:.0f} ms, p99 {called.p99:.0f} ms, "
            f"longest {called.longest:.0f} ms; the gateway used {called.processor:.0%} of a core; "
            f"the machine let the callers wait for up to {called.held_up:.0f} ms"
        )
        yield (
            f"{idle.connections:,} idle connections in one process, connected in "
            f"{idle.connecting:.1f} s: {idle.kib_each:.1f} KiB each "
            f"({idle.before / 2**20:.0f} -> {idle.after / 2**20:.0f} MiB resident), "
            f"{idle.processor:.0%} of a core for their heartbeats"
        )
        if seen := self.painted:
            yield (
                f"{seen.calls:,} calls, one by one, before a hall board in Chromium: painted after "
                f"p50 {seen.p50:.0f} ms, p99 {seen.p99:.0f} ms, longest {seen.longest:.0f} ms"
            )
        for one in self.recovered:
            yield (
                f"{one.what} killed, away for {one.away:.1f} s, started again: {one.boards:,} "
                f"boards right after p50 {one.p50:.1f} s, all after {one.longest:.1f} s"
            )

    def _aims(self) -> Iterator[str]:
        called, idle = self.called, self.idle
        yield _aim(f"p99 at most {P99_AIM:.0f} ms", f"{called.p99:.0f} ms", called.p99 <= P99_AIM)
        wrong = called.missed + called.twice
        yield _aim("every board hears every call once", f"{wrong} did not", not wrong)
        yield _aim("no idle connection is lost", f"{idle.lost} were", not idle.lost)
        slowest = max((one.longest for one in self.recovered), default=0.0)
        aim = f"every board is right {RECOVERY_AIM:g} s after a kill's restart at most"
        yield _aim(aim, f"{slowest:.1f} s", slowest <= RECOVERY_AIM)
        wrong = max((one.missed + one.twice for one in self.recovered), default=0)
        yield _aim("no call is missed or told twice meanwhile", f"{wrong} were", not wrong)


def delays(
    acknowledged: Mapping[tuple[str, str], int],
    report: CrowdReport,
    boards: int,
    codes: tuple[str, ...],
) -> Delays:
    """What a crowd heard of the acknowledged calls; boards stand at the branches in turn."""
    boards_of = Counter(codes[number % len(codes)] for number in range(boards))
    heard = Counter((one.branch, one.number) for one in report.heard)
    took = sorted(
        one.at - acknowledged[one.branch, one.number]
        for one in report.heard
        if (one.branch, one.number) in acknowledged
    )
    wanted = {call: boards_of[call[0]] for call in acknowledged}
    return Delays(
        calls=len(acknowledged),
        expected=sum(wanted.values()),
        missed=sum(max(0, number - heard[call]) for call, number in wanted.items()),
        twice=sum(max(0, heard[call] - number) for call, number in wanted.items()),
        p50=quantile(took, 0.5),
        p99=quantile(took, 0.99),
        longest=quantile(took, 1.0),
    )


def recovered(outage: Outage, doubts: Iterable[Doubt], heard: Delays) -> Recovered:
    """What became of the boards that came to be in doubt in an outage."""
    took = sorted(
        one.until - outage.started for one in doubts if outage.killed <= one.since <= outage.over
    )
    return Recovered(
        what=outage.what,
        away=(outage.started - outage.killed) / 1e9,
        boards=len(took),
        p50=quantile(took, 0.5) / 1000,
        longest=quantile(took, 1.0) / 1000,
        missed=heard.missed,
        twice=heard.twice,
    )


def _aim(what: str, measured: str, reached: bool) -> str:
    return f"{'reached    ' if reached else 'NOT REACHED'} {what}: {measured}"
