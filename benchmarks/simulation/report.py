"""The figures of one run of the simulation's benchmark, and the aim held against them."""

from __future__ import annotations

import platform
from collections.abc import Iterable, Iterator
from importlib.metadata import version

import msgspec

from benchmarks.machine import Machine, commit
from benchmarks.simulation.experiment import PROCESSES, Experiment

KEZEK, TWIN, MEASURED = "Kezek, SimPy", "Kezek, twin", "with measures"
CIW = "Ciw"
GROUP_SIZES = (10, 30)
_PACKAGES = {
    KEZEK: ("simpy", "numpy", "msgspec"),
    TWIN: ("numba",),
    MEASURED: (),
    CIW: ("ciw",),
    "salabim": ("salabim",),
}
MODEL_AIM, TWIN_AIM, CIW_AIM = 10.0, 3000.0, 300.0
"""Branch-days a second and core with groups of 30: of the model on the live policy, of the twin
with nothing told, and this in days of Ciw."""
FIRST_AIM, WHOLE_AIM = 3.0, 2.0
"""Seconds until a first result, and of `WHOLE` replications on two cores."""
WHOLE = 1000


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
    experiment: Experiment

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
        yield f"Twin: the day alone. {MEASURED.capitalize()}: people drawn, all figures taken."
        yield from self._of_experiment()
        yield from self._aims()

    def _of_experiment(self) -> Iterator[str]:
        found = self.experiment
        yield ""
        yield f"A week's first result, warm: {found.first_result:.1f} s."
        yield (
            f"{found.replications} replications with all measures on {PROCESSES} cores: "
            f"{found.seconds:.1f} s,"
        )
        yield f"memory {found.memory_before:.0f} MiB before, {found.memory_after:.0f} MiB after."
        yield ""

    def _aims(self) -> Iterator[str]:
        of_30 = {
            line.model: line.days_per_second
            for line in self.lines
            if line.group_size == max(GROUP_SIZES)
        }
        yield f"Aims, with groups of {max(GROUP_SIZES)}:"
        yield _aim("days/s of the model", of_30[KEZEK], MODEL_AIM)
        yield _aim("days/s of the twin", of_30[TWIN], TWIN_AIM)
        if CIW in of_30:
            yield _aim("days of the twin for one of Ciw", of_30[TWIN] / of_30[CIW], CIW_AIM)
        yield _aim("s to the first result", self.experiment.first_result, FIRST_AIM, most=True)
        seconds = self.experiment.seconds / self.experiment.replications * WHOLE
        yield _aim(f"s for {WHOLE} replications", seconds, WHOLE_AIM, most=True)


def _aim(what: str, found: float, aim: float, *, most: bool = False) -> str:
    kept = found <= aim if most else found >= aim
    bound = "at most" if most else "at least"
    return f"  {bound} {aim:g} {what}: {found:.4g}, {'kept' if kept else 'missed'}"


def versions(models: Iterable[str]) -> dict[str, str]:
    """Versions of what the figures depend on."""
    packages = [package for model in models for package in _PACKAGES[model]]
    found = {"Python": platform.python_version(), "kezek": commit()}
    return found | {package: version(package) for package in packages}
