"""What a compiled day is made of: numbers in records. Instants and durations are ms, as everywhere.

A visitor, a counter, a service and a plan are known by their places in the tables of the day.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from simulation.twin.compiled import inlined
from simulation.visitors import NEXT_STEPS, VISITOR

NOBODY = -1
"""In place of a ticket, a counter or a service."""
SERVICES_A_VISIT = 2

# States of a ticket; those from `SERVED` on are ends.
NONE, ISSUED, RELEASED, ENTERED, CALLED, SERVING, ON_HOLD = range(7)
SERVED, MISSED, NO_SHOW, CANCELLED, EXPIRED = range(7, 12)

# Phases of the day and of the sanitation.
PLANNED, CLOSED, ENDED = range(3)
QUIET, DRAINING, CLEANING = range(3)

_STATE = (
    # The day that is to come.
    *("people", "plans", "counters", "operators", "other_work", "street_until", "tells"),
    # The clock, the plan in force, and who is where.
    *("now", "plan", "version", "phase", "closes_at"),
    *("issued", "unended", "street_people", "released_people", "occupancy"),
    *("emptied_at", "work_ahead", "went_ahead"),
    *("counters_open", "openings", "group", "group_at"),
    # The sanitation.
    *("next_pause", "sanitation", "clean_from", "empty_by", "cleaning", "clean_until", "alarmed"),
    # The command being carried out, and what is told of it.
    *("asked", "part", "by", "told", "heard", "loud"),
    # What is to come, and who rests.
    *("rings_at", "origin", "comer", "comes", "pending", "width"),
    *("watch", "resting", "chosen", "back", "full"),
)
STATE = np.dtype([(name, np.int64) for name in _STATE])
"""The scalars; `people`, `plans`, `counters`, `operators`, `other_work`, `told`, `heard`,
`pending` (of `moments`), `resting`, `chosen` and `back` are how many rows of a table are in use;
`full`: one of them has no room for more, so that the day is none; `unended`: tickets that have not
come to an end; `went_ahead`: who last stood before others in the street; `width`: places of the
operators' tournament, the first half of `rounds` being those of its winners."""

LINE = np.dtype([("first", np.int64), ("last", np.int64), ("length", np.int64)])

TICKET = np.dtype(
    [
        ("place", np.int64),
        ("arrive_by", np.int64),
        ("ahead", np.int64),
        ("behind", np.int64),
        ("times", np.int32, (SERVICES_A_VISIT,)),
        ("work", np.int32),
        ("services", np.int16, (SERVICES_A_VISIT,)),
        ("counter", np.int16),
        ("party", np.int16),
        ("operator", np.int16),
        ("state", np.int8),
        ("asked", np.int8),
        ("step", np.int8),
        ("missed", np.int8),
        ("returned", np.int8),
        ("inside", np.int8),
        ("rejoins", np.int8),
        ("attentive", np.int8),
        ("fetched", np.int8),
    ],
    align=True,
)
"""`place`: in the order; `ahead`, `behind`: who stands so in the one line in which it waits;
`work`: service time still ahead while it waits; `asked`: how many services; `counter`, `operator`:
where it is, and with whom; `rejoins`: stands behind the next group; `attentive`: the visitor hears
every call from now on; `fetched`: has asked for what is awaited.

A visit touches a row for hours: it is as short as can be, to stay near the processor.
"""

PLAN = np.dtype(
    [
        ("at", np.int64),
        ("opens_at", np.int64),
        ("closes_at", np.int64),
        ("last_admission_at", np.int64),
        ("tickets_from", np.int64),
        ("ends_at", np.int64),
        ("hall_limit", np.int64),
        ("party_limit", np.int64),
        ("ageing", np.int64),
        ("carry_over", np.int64),
        ("ordinary", np.int64),
        ("priority", np.int64),
        ("closed", np.int64),
        ("non_online_only", np.int64),
        ("accepts_reason", np.int64),
        ("group_admission", np.int64),
        ("release_by_clock", np.int64),
        ("group_size", np.int64),
        ("group_interval", np.int64),
        ("arrive_within", np.int64),
        ("exits_counted", np.int64),
        ("pauses", np.int64),
        ("counters", np.int64),
        ("confirm_within", np.int64),
    ],
    align=True,
)
"""A day plan; `carry_over`, `ordinary` and `priority` are the ranks of these classes (`NOBODY`:
there is none), `accepts_reason` says whether the reason why somebody cannot go online is."""

PAUSE = np.dtype([("drain_at", np.int64), ("starts_at", np.int64), ("cleaning", np.int64)])
SERVICE = np.dtype([("offered", np.int64), ("online", np.int64), ("time", np.int64)])
"""`offered`: the plan has the service and a counter that can give it."""
COUNTER = np.dtype([("open", np.int64), ("ticket", np.int64)])
"""`open`: the how-manieth opening of the day it was; 0 while it is closed."""
TOLD = np.dtype(
    [
        ("at", np.int64),
        ("kind", np.int64),
        ("asked", np.int64),
        ("part", np.int64),
        ("by", np.int64),
        ("a", np.int64),
        ("b", np.int64),
        ("c", np.int64),
        ("d", np.int64),
    ],
    align=True,
)
"""An event: when, what (`happened`), of which command which part, by whom, and its details."""

OPERATOR = np.dtype(
    [
        ("then", np.int64),
        ("spell", np.int64),
        ("spells", np.int64),
        ("counter", np.int64),
        ("ends", np.int64),
        ("serves", np.int64),
        ("told", np.int64),
        ("ticket", np.int64),
        ("calls", np.int64),
        ("worked", np.int64),
    ],
    align=True,
)
"""What an operator is about: `then` is done after a rest, `serves` while the counter is open,
`told` the service for which somebody waits, `calls` how often the visitor is called again,
`worked` other work done so far."""
SPELL = np.dtype([("counter", np.int64), ("begins", np.int64), ("ends", np.int64)])
HABITS = np.dtype(
    [
        ("waits_for_called", np.int64),
        ("recalls", np.int64),
        ("tidies", np.int64),
        ("looks_every", np.int64),
        ("confirms_after", np.int64),
    ]
)
Rows = NDArray[Any]
Day: TypeAlias = Any
"""A record of the type `DAY`; numba is handed it as one address."""
Line: TypeAlias = Any
"""A record of the type `LINE`."""

MOST_VISITORS = 1 << 16
MOST_PLANS = 16
MOST_PAUSES = 48
MOST_SERVICES = 64
MOST_COUNTERS = 256
MOST_OPERATORS = 256
MOST_SPELLS = 16
MOST_TIMES = MOST_VISITORS
"""Of other work."""
MOST_EVENTS = 12 * MOST_VISITORS
MOST_MOMENTS = 4 * MOST_VISITORS
STEPS = len(NEXT_STEPS)
_NUMBER = np.int64

DAY = np.dtype(
    [
        # Tickets, by visitor: each in a line of the processor's cache.
        ("tickets", TICKET, (MOST_VISITORS,)),
        ("state", STATE),
        ("habits", HABITS),
        # The rules: by plan, and by service or counter.
        ("plans", PLAN, (MOST_PLANS,)),
        ("pauses", PAUSE, (MOST_PLANS, MOST_PAUSES)),
        ("services", SERVICE, (MOST_PLANS, MOST_SERVICES)),
        ("skills", np.int8, (MOST_PLANS, MOST_COUNTERS, MOST_SERVICES)),
        ("in_plan", np.int8, (MOST_PLANS, MOST_COUNTERS)),
        ("letters", _NUMBER, (MOST_SERVICES,)),
        # Counters and who works at them.
        ("counters", COUNTER, (MOST_COUNTERS,)),
        ("can", np.int8, (MOST_COUNTERS, MOST_SERVICES)),
        ("operators", OPERATOR, (MOST_OPERATORS,)),
        ("spells", SPELL, (MOST_OPERATORS, MOST_SPELLS)),
        ("resting", _NUMBER, (MOST_OPERATORS,)),
        ("other_work", _NUMBER, (MOST_TIMES,)),
        # What visitors bring along.
        ("people", VISITOR, (MOST_VISITORS,)),
        ("comes_at", _NUMBER, (MOST_VISITORS,)),
        ("carried", np.int8, (MOST_VISITORS,)),
        ("id_rank", np.int32, (MOST_VISITORS,)),
        # The order of issue, and where tickets wait.
        ("numbers", _NUMBER, (MOST_SERVICES,)),
        ("issue", np.int32, (MOST_VISITORS,)),
        ("street", LINE),
        ("rejoining", LINE),
        ("released", LINE),
        ("hall", LINE),
        ("ready", LINE),
        ("chosen", _NUMBER, (MOST_VISITORS,)),
        # What is to come, what has happened, who hears of it, and what came of it.
        ("rounds", _NUMBER, (2 * MOST_OPERATORS,)),
        ("moments", _NUMBER, (MOST_MOMENTS,)),
        ("told", TOLD, (MOST_EVENTS,)),
        ("heard", _NUMBER, (2 * MOST_VISITORS, 2)),
        ("next_steps", _NUMBER, (STEPS,)),
        ("back", _NUMBER, (2 * MOST_VISITORS, 2)),
    ],
    align=True,
)
"""All of a day, always of the same size so that it is compiled once: most of it is address space
that is never touched."""


@inlined
def wide(number: int) -> int:
    """A number of a table as wide as all others are: parts are compiled once for each width."""
    return int(np.int64(number))
