"""Compiles the twin before anything is asked of it."""

from __future__ import annotations

from typing import Any

import numpy as np

from simulation.drawing import choices_of, flow_of
from simulation.twin.day import run
from simulation.twin.desk import Desk
from simulation.twin.drawer import arrive, choose
from simulation.twin.layout import TOLD
from simulation.twin.noting import add_up, note, rank
from simulation.twin.tables import blank as blank_day


def make() -> None:
    """Compiles whatever is not yet, and keeps it for the processes to come."""
    desk = Desk(np.zeros((0, len(TOLD.names or ())), np.int64), counters=0)
    shares, numbers = np.zeros(0), np.zeros((0, 4), np.int64)
    flow = flow_of(np.zeros((1, 1)), 0)
    choices = choices_of(numbers, shares, numbers.ravel(), visits=0, services=0)
    wholes: tuple[tuple[Any, tuple[Any, ...]], ...] = (
        (arrive, (flow,)),
        (choose, (choices, numbers)),
        (run, (blank_day(),)),
        (note, (desk.rows, desk.known, desk.ledger)),
        (add_up, (desk.ledger, desk.sums)),
        (rank, (desk.sums,)),
    )
    for whole, given in wholes:
        whole.made_for(*given)
