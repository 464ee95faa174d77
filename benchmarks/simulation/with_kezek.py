"""The reference day in Kezek's own model: SimPy drives the clock, the live policy decides."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from benchmarks.simulation.outcome import Outcome, outcome
from benchmarks.simulation.reference import catalogue, scenario
from queue_service.policy.events import Entry, TicketCalled, TicketIssued
from simulation.run import replicate
from simulation.visitors import MINUTE


def day(group_size: int, replication: int) -> Outcome:
    """Draws the visitors, lets the day happen once, and reads the waits from its journal."""
    (run,) = replicate(scenario(group_size), catalogue(), replication)
    return outcome([wait / MINUTE for wait in _waits(run.day.journal)])


def _waits(journal: Sequence[Entry]) -> Iterator[int]:
    """From each issue to the first call, ms; whoever is not called has none."""
    issued_at: dict[str, int] = {}
    for entry in journal:
        event = entry.event
        if type(event) is TicketIssued:
            issued_at[event.ticket] = entry.at
        elif type(event) is TicketCalled and event.ticket in issued_at:
            yield entry.at - issued_at.pop(event.ticket)
