"""What a planner waits for: a first result, and a thousand replications on two cores."""

from __future__ import annotations

import resource
import subprocess
import sys
import time

import msgspec

from benchmarks.simulation.reference import catalogue, scenario
from simulation.experiments.choice import make_ready
from simulation.experiments.crews import Crew
from simulation.experiments.replications import Plan, replications
from simulation.experiments.summary import Summary
from simulation.experiments.workers import crew

PROCESSES = 2
GROUP_SIZE = 30
_FIRST = ("simulate", "ordinary-week", "--reps", "1", "--engine", "compiled", "--json")
_STARTED = 8
"""Replications that wake every process."""


class Experiment(msgspec.Struct, frozen=True, kw_only=True):
    """Seconds of wall time, and MiB that this process had at most before and after."""

    first_result: float
    """Of a command that lets a week happen once, from its start to its end."""
    replications: int
    seconds: float
    """By processes that are there."""
    memory_before: float
    memory_after: float


def experiment(count: int) -> Experiment:
    """Measures both; the twin has been compiled before."""
    make_ready()
    first = _first_result()
    with crew(catalogue(), PROCESSES) as people:
        _replicate(people, _STARTED)
        before = _memory()
        seconds = _replicate(people, count)
    return Experiment(
        first_result=first,
        replications=count,
        seconds=seconds,
        memory_before=before,
        memory_after=_memory(),
    )


def _first_result() -> float:
    command = (sys.executable, "-m", "queue_service", *_FIRST)
    began = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began


def _replicate(people: Crew, count: int) -> float:
    plan = Plan(count, engine="compiled")
    began = time.perf_counter()
    for _ in replications(scenario(GROUP_SIZE), plan, people, Summary()):
        pass
    return time.perf_counter() - began


def _memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
