"""Where the days of one date are noted and added up: tables that are used over and over."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from simulation import sums as summed
from simulation.ledger import Ledger, Numbers, blank
from simulation.sums import Asked, Sums
from simulation.twin.compiled import over
from simulation.twin.noting import Known, add_up, note, rank


class Desk:
    """What it gives lasts until the next day is noted."""

    def __init__(self, rows: Numbers, counters: int) -> None:
        """`rows`: the table `told` as plain numbers."""
        self.rows, self._counters = rows, counters
        self._make_room(visits=0, told=0)

    def _make_room(self, visits: int, told: int) -> None:
        self._visits, self._told = visits, told
        self.known = Known(
            told=np.zeros(1, np.int64),
            parties=np.zeros(visits, np.int64),
            visits=np.zeros(visits, np.int64),
            issued=np.zeros((visits, 2), np.int64),
        )
        self.ledger = blank(visits=visits, counters=self._counters, pauses=told, steps=told)
        self._note: Callable[[], None] | None = None
        self._make_room_for_sums(groups=1, quarters=1)

    def note(self, told: int, parties: NDArray[np.int16]) -> Ledger:
        """A day with so many rows, and the people on the ticket of each visitor."""
        visits = len(parties)
        if visits > self._visits or told > self._told:
            self._make_room(_more(visits, self._visits), _more(told, self._told))
        ledger, known = self.ledger, self.known
        ledger.visits[:visits].fill(0)
        ledger.counters.fill(0)
        ledger.totals.fill(0)
        known.parties[:visits], known.told[0] = parties, told
        self._note = self._note or over(note, self.rows, known, ledger)
        self._note()
        return ledger.trimmed()

    def _make_room_for_sums(self, groups: int, quarters: int) -> None:
        self.sums = summed.blank(visits=self._visits, groups=groups, quarters=quarters)
        self._add_up: Callable[[], None] | None = None
        self._rank: Callable[[], None] | None = None

    def add_up(self, _ledger: Ledger, asked: Asked) -> Sums:
        """What the day that has been noted comes to."""
        groups, quarters = len(self.sums.visits), len(self.sums.people)
        if asked.groups != groups or asked.quarters > quarters:
            self._make_room_for_sums(asked.groups, _more(asked.quarters, quarters))
        sums = self.sums
        sums.begin(asked)
        self._add_up = self._add_up or over(add_up, self.ledger, sums)
        self._rank = self._rank or over(rank, sums)
        self._add_up()
        sums.sort()
        self._rank()
        return sums


def _more(wanted: int, had: int) -> int:
    """Room for some more than is wanted now, as the next days are like this one."""
    return max(had, wanted + wanted // 4)
