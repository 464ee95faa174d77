"""Compiles the twin before anything is asked of it."""

from __future__ import annotations

from typing import Any

import numpy as np

from simulation import sums
from simulation.ledger import blank
from simulation.twin.day import run
from simulation.twin.layout import TOLD
from simulation.twin.noting import Known, add_up, note
from simulation.twin.tables import blank as blank_day


def make() -> None:
    """Compiles whatever is not yet, and keeps it for the processes to come."""
    rows = np.zeros((0, len(TOLD.names or ())), np.int64)
    known = Known(
        parties=np.zeros(0, np.int64),
        visits=np.zeros(0, np.int64),
        issued=np.zeros((0, 2), np.int64),
    )
    ledger = blank(visits=0, counters=0, pauses=0, steps=0)
    wholes: tuple[tuple[Any, tuple[Any, ...]], ...] = (
        (run, (blank_day(),)),
        (note, (rows, known, ledger)),
        (add_up, (ledger, 0, 0, 0, sums.blank(visits=0, groups=0, quarters=0))),
    )
    for whole, given in wholes:
        whole.made_for(*given)
