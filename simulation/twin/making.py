"""Compiles the twin before anything is asked of it."""

from __future__ import annotations

from typing import Any

import numpy as np

from simulation.twin.day import run
from simulation.twin.desk import Desk
from simulation.twin.layout import TOLD
from simulation.twin.noting import add_up, note, rank
from simulation.twin.tables import blank as blank_day


def make() -> None:
    """Compiles whatever is not yet, and keeps it for the processes to come."""
    desk = Desk(np.zeros((0, len(TOLD.names or ())), np.int64), counters=0)
    wholes: tuple[tuple[Any, tuple[Any, ...]], ...] = (
        (run, (blank_day(),)),
        (note, (desk.rows, desk.known, desk.ledger)),
        (add_up, (desk.ledger, desk.sums)),
        (rank, (desk.sums,)),
    )
    for whole, given in wholes:
        whole.made_for(*given)
