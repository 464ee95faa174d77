"""The reference day in Kezek's own model: SimPy drives the clock, the live policy decides."""

from __future__ import annotations

from benchmarks.simulation.outcome import Outcome, outcome
from benchmarks.simulation.reference import catalogue, scenario
from simulation.ledger import CALLED_AT, ISSUED_AT
from simulation.record import Record
from simulation.run import replicate
from simulation.visitors import MINUTE


def day(group_size: int, replication: int) -> Outcome:
    """Draws the visitors, lets the day happen once, and reads its journal."""
    (run,) = replicate(scenario(group_size), catalogue(), replication)
    visits = Record.of(run.day.journal).ledger.visits
    called = visits[visits[:, CALLED_AT] > 0]
    return outcome(((called[:, CALLED_AT] - called[:, ISSUED_AT]) / MINUTE).tolist())
