"""The figures of one run of the simulation's benchmark, and the aim held against them."""

from __future__ import annotations

import platform
from collections.abc import Iterable, Iterator
from importlib.metadata import version

import msgspec

from benchmarks.machine import Machine, commit

KEZEK = "Kezek, SimPy"
GROUP_SIZES = (10, 30)
DAYS_AIM = 10.0
"""Branch-days a second and core of our model on the live policy, with groups of 30."""
_PACKAGES = {KEZEK: ("simpy", "numpy", "msgspec"), "Ciw": ("ciw",), "salabim": ("salabim",)}


class Measured(msgspec.Struct, frozen=True, kw_only=True):
    """One round: some days of one model, one after another."""

    model: str
    group_size: int
    days_per_second: float
    called: float
    """Visits called to a counter, mean over the days."""
    mean_wait: float
    """Minutes from the arrival to the call."""


class Line(Measured, frozen=True, kw_only=True):
    """The median over the rounds, and their extremes."""

    lowest: float
    highest: float


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """All that was measured, and on what."""

    date: str
    machine: Machine
    versions: dict[str, str]
    lines: tuple[Line, ...]
    rounds: tuple[Measured, ...]

    def as_json(self) -> bytes:
        """The report as one JSON document."""
        return msgspec.json.format(msgspec.json.encode(self))

    def as_text(self) -> str:
        """The report as people read it, 80 columns wide."""
        return "\n".join(self._text())

    def _text(self) -> Iterator[str]:
        machine = self.machine
        yield f"{machine.cores} x {machine.processor}, {machine.memory} GiB, {machine.system}"
        yield ", ".join(f"{name} {number}" for name, number in self.versions.items())
        yield ""
        yield "The reference day, branch-days a second of one core's time:"
        headings = ("groups of", "median", "lowest", "highest", "called")
        yield f"{'':14}{''.join(f'{heading:>9}' for heading in headings)}{'wait':>8}"
        for line in self.lines:
            rates = (line.days_per_second, line.lowest, line.highest)
            cells = "".join(f"{rate:9.2f}" for rate in rates)
            counts = f"{line.called:9.0f}{line.mean_wait:8.1f}"
            yield f"{line.model:14}{line.group_size:9d}{cells}{counts}"
        yield ""
        yield "Called: visits of the day. Wait: minutes from the arrival to the call, mean."
        yield self._aim()

    def _aim(self) -> str:
        rates = {(line.model, line.group_size): line.days_per_second for line in self.lines}
        mine = rates[KEZEK, max(GROUP_SIZES)]
        kept = "kept" if mine >= DAYS_AIM else "missed"
        return f"Aim: {DAYS_AIM:.0f}/s with groups of {max(GROUP_SIZES)}: {kept} ({mine:.1f}/s)."


def versions(models: Iterable[str]) -> dict[str, str]:
    """Versions of what the figures depend on."""
    packages = [package for model in models for package in _PACKAGES[model]]
    found = {"Python": platform.python_version(), "kezek": commit()}
    return found | {package: version(package) for package in packages}
