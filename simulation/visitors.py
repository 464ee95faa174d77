"""Everybody who comes on a day, drawn before anything happens, as one table.

A row is one visit and all that it will do: whatever the rules are, they meet the same people.
Instants are milliseconds from the local midnight, durations milliseconds, parties people.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import accumulate
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

SECOND = 1000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
QUARTER_HOUR = 15 * MINUTE
NEXT_STEPS = ("online", "phone", "tomorrow", "gives_up")
"""What a visitor does who gets no service, by number, in the order of `TurnedAway`'s fields."""
NONE = -1

Table = NDArray[np.void]


class Visitor(NamedTuple):
    """One row of the table; `service` is its place in the scenario's mix."""

    arrives_at: int
    service: int
    serving: int
    party: int
    priority: bool
    online: bool
    """Can use an online channel."""
    sent_online: int
    """What it does next (`NEXT_STEPS`) when told that the service is given only online."""
    turned_away: int
    """The same when there is no service today, or after leaving the street."""
    insists: bool
    tolerates: int
    """People ahead in the street that it puts up with."""
    patience: int
    misses_group: bool
    no_show: bool
    answers_recall: bool
    comes_late: bool
    comes_late_after: int
    """From the way out to the wish to be taken back."""
    second: int
    """Place in the mix of the other service that is needed; `NONE` where one is enough."""
    second_serving: int
    sent_on: bool
    """Needs the second service in place of the first, as turns out at the counter."""
    sent_on_after: int
    held: bool
    held_for: int
    walks_in: int
    walks_to_counter: int
    walks_out: int
    back_after_opening: int
    comes_back: bool
    """Brings an expired ticket on the next day."""


_INT32 = ("tolerates", "walks_in", "walks_to_counter", "walks_out")
_INT16 = ("service", "party", "second")
_INT8 = (
    *("priority", "online", "sent_online", "turned_away", "insists", "misses_group"),
    *("no_show", "answers_recall", "comes_late", "sent_on", "held", "comes_back"),
)
_WIDTHS = {
    **dict.fromkeys(_INT32, "i4"),
    **dict.fromkeys(_INT16, "i2"),
    **dict.fromkeys(_INT8, "i1"),
}
_TYPES = [np.dtype(_WIDTHS.get(name, "i8")) for name in Visitor._fields]


def _offsets() -> list[int]:
    """Wide columns first, so that each is aligned and nothing lies between them."""
    places = sorted(range(len(_TYPES)), key=lambda place: -_TYPES[place].itemsize)
    before = accumulate((_TYPES[place].itemsize for place in places), initial=0)
    offsets = dict(zip(places, before, strict=False))
    return [offsets[place] for place in range(len(_TYPES))]


_LONG = -(-sum(one.itemsize for one in _TYPES) // 8) * 8
VISITOR = np.dtype(
    {
        "names": Visitor._fields,
        "formats": _TYPES,
        "offsets": _offsets(),
        "itemsize": _LONG,
    }
)
"""A row is as short as can be: the compiled day looks at each of them from the beginning to the
end of a visit."""
ROW = np.dtype((np.void, VISITOR.itemsize))
"""A visitor as so many bytes: what has columns NumPy copies column by column, which takes long."""


_visitor: Callable[[tuple[int, ...]], Visitor] = partial(tuple.__new__, Visitor)
"""`Visitor._make` without a call of Python, of which a day makes a thousand."""


def visitors(table: Table) -> list[Visitor]:
    """The rows of a table."""
    columns = [table[name].tolist() for name in Visitor._fields]
    return [*map(_visitor, zip(*columns, strict=True))]


def empty(rows: int) -> Table:
    """A table of visitors who come alone, want the first service and put up with everything."""
    table = np.zeros(rows, VISITOR)
    table["party"] = 1
    table["tolerates"] = 2**31 - 1
    table["patience"] = 2**53
    table["second"] = NONE
    return table
