"""Tallies of many names at once, in columns.

A replication brings some hundred figures: taken one by one they cost a third of a compiled day.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from simulation.experiments.intervals import Tally

_COUNT, _MEAN, _SQUARES, _LEAST, _MOST = range(5)
_EMPTY = np.array([[0.0], [0.0], [0.0], [np.inf], [-np.inf]])
_Rows = NDArray[np.intp]


class Places:
    """Numbers names in the order in which they turn up."""

    def __init__(self) -> None:
        self._places: dict[str, int] = {}
        self._last: tuple[tuple[str, ...], _Rows] = ((), np.zeros(0, np.intp))

    def of(self, names: tuple[str, ...]) -> _Rows:
        """The place of each; most replications bring the same names as the one before."""
        if self._last[0] != names:
            known = self._places
            found = [known.setdefault(name, len(known)) for name in names]
            self._last = names, np.array(found, np.intp)
        return self._last[1]

    def get(self, name: str) -> int | None:
        """None for one that has not turned up."""
        return self._places.get(name)

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)


class Tallies:
    """A `Tally` for each name, to the bit."""

    def __init__(self) -> None:
        self._places = Places()
        self._columns = _EMPTY[:, :0]

    def add(self, values: Mapping[str, float]) -> None:
        """Adds the values of one replication; the order of names is that of their first ones."""
        places = self._places.of(tuple(values))
        if more := len(self._places) - self._columns.shape[1]:
            self._columns = np.hstack([self._columns, _EMPTY.repeat(more, axis=1)])
        new = np.fromiter(values.values(), np.float64, len(values))
        found = self._columns.take(places, axis=1)
        found[_COUNT] += 1
        off = new - found[_MEAN]
        found[_MEAN] += off / found[_COUNT]
        found[_SQUARES] += off * (new - found[_MEAN])
        np.minimum(found[_LEAST], new, out=found[_LEAST])
        np.maximum(found[_MOST], new, out=found[_MOST])
        self._columns[:, places] = found

    def tally(self, name: str) -> Tally:
        """An empty one for a name that has had no value."""
        place = self._places.get(name)
        return Tally() if place is None else Tally.of(*self._columns[:, place].tolist())

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)
