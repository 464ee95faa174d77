"""Those who come on one day, as columns: what `simulation.guests.Comes` is, a number a visitor."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulation.guests import Comes
from simulation.ledger import Numbers
from simulation.twin.layout import Day
from simulation.visitors import ROW, VISITOR, Table


class Crowd(NamedTuple):
    """Visitors in order of arrival."""

    comes_at: Numbers
    """Epoch ms; of those who come again on the next day, after its opening."""
    carried: NDArray[np.bool_]
    """Brings an expired ticket along."""
    visitors: Table

    def then(self, others: Crowd) -> Crowd:
        """Others after these."""
        return Crowd(
            np.concatenate([self.comes_at, others.comes_at]),
            np.concatenate([self.carried, others.carried]),
            _rows(np.concatenate([self.visitors.view(ROW), others.visitors.view(ROW)])),
        )

    def of(self, which: NDArray[np.intp]) -> Crowd:
        """Some of these, in another order perhaps."""
        rows = self.visitors.view(ROW)[which]
        return Crowd(self.comes_at[which], self.carried[which], _rows(rows))


def _rows(rows: NDArray[np.void]) -> Table:
    return rows.view(VISITOR)


NO_CROWD = Crowd(np.zeros(0, np.int64), np.zeros(0, np.bool_), np.zeros(0, VISITOR))


def crowd_of(people: Sequence[Comes]) -> Crowd:
    """The same people as columns."""
    return Crowd(
        np.array([one.at for one in people], np.int64),
        np.array([bool(one.carried_from) for one in people], np.bool_),
        np.array([tuple(one.visitor) for one in people], VISITOR),
    )


def drawn(table: Table, midnight: int) -> Crowd:
    """Those of a table of visitors."""
    return Crowd(midnight + table["arrives_at"], np.zeros(len(table), np.bool_), table)


def with_those_of_yesterday(crowd: Crowd, back: Crowd, opens_at: int) -> Crowd:
    """All of them in order of arrival."""
    if not len(back.comes_at):
        return crowd
    both = crowd.then(back._replace(comes_at=opens_at + back.comes_at))
    return both.of(np.argsort(both.comes_at, kind="stable"))


def back(day: Day, crowd: Crowd) -> Crowd:
    """Who comes again on the day after one that is over."""
    number = day["state"]["back"]
    if not number:
        return NO_CROWD
    who, carried = day["back"][:number].T
    visitors = _rows(crowd.visitors.view(ROW)[who])
    return Crowd(visitors["back_after_opening"], carried != 0, visitors)
