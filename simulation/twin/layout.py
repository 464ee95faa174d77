"""What a compiled day is made of: numbers in records. Instants and durations are ms, as everywhere.

A visitor, a counter, a service and a plan are known by their places in the tables of the day.
"""

from __future__ import annotations

from functools import cache
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from queue_service.policy.deadlines import MOST_AT_ONCE
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

STATE = np.dtype(
    [
        ("now", np.int64),
        ("at", np.int64),
        ("plan", np.int64),
        ("version", np.int64),
        ("phase", np.int64),
        ("closes_at", np.int64),
        ("issued", np.int64),
        ("street", np.int64),
        ("rejoining", np.int64),
        ("released", np.int64),
        ("hall", np.int64),
        ("street_people", np.int64),
        ("released_people", np.int64),
        ("occupancy", np.int64),
        ("emptied_at", np.int64),
        ("work_ahead", np.int64),
        ("counters_open", np.int64),
        ("openings", np.int64),
        ("group", np.int64),
        ("group_at", np.int64),
        ("next_pause", np.int64),
        ("sanitation", np.int64),
        ("clean_from", np.int64),
        ("empty_by", np.int64),
        ("cleaning", np.int64),
        ("clean_until", np.int64),
        ("alarmed", np.int64),
        ("asked", np.int64),
        ("part", np.int64),
        ("by", np.int64),
        ("told", np.int64),
        ("rings_at", np.int64),
        ("pending", np.int64),
        ("scheduled", np.int64),
        ("resting", np.int64),
        ("ready", np.int64),
        ("chosen", np.int64),
        ("heard", np.int64),
        ("loud", np.int64),
        ("back", np.int64),
        ("watch", np.int64),
        ("street_until", np.int64),
        ("people", np.int64),
        ("plans", np.int64),
        ("counters", np.int64),
        ("operators", np.int64),
        ("other_work", np.int64),
    ],
    align=True,
)
"""The scalars; `street`, `rejoining`, `released`, `hall`, `resting`, `ready`, `chosen`, `pending`,
`told`, `heard`, `back`, `people`, `plans`, `counters`, `operators` and `other_work` are how many
stand in the queue, or rows in the table, of that name."""

TICKET = np.dtype(
    [
        ("state", np.int64),
        ("services", np.int64, (SERVICES_A_VISIT,)),
        ("times", np.int64, (SERVICES_A_VISIT,)),
        ("asked", np.int64),
        ("step", np.int64),
        ("party", np.int64),
        ("order", np.int64),
        ("index", np.int64),
        ("missed", np.int64),
        ("returned", np.int64),
        ("inside", np.int64),
        ("arrive_by", np.int64),
        ("counter", np.int64),
    ],
    align=True,
)
"""`asked`: how many services; `counter`: where it is, or the only one that it waits for."""

PERSON = np.dtype([(name, np.int64) for name in VISITOR.names or ()])
"""A row of the table of visitors."""
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
MOMENT = np.dtype(
    [
        ("at", np.int64),
        ("order", np.int64),
        ("turn", np.int64),
        ("action", np.int64),
        ("whom", np.int64),
    ],
    align=True,
)
"""Something arranged: when, in which order among what falls on the same ms, and what to do."""

OPERATOR = np.dtype(
    [
        ("stage", np.int64),
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
"""What an operator is about: `serves` while the counter is open, `told` the service for which
somebody waits, `calls` how often the visitor is called again, `worked` other work done so far."""
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
COURSE = np.dtype([("attentive", np.int64), ("fetched", np.int64)])
"""Whether a visitor hears every call from now on, and has asked for what is awaited."""

Rows = NDArray[Any]
Day: TypeAlias = Any
"""A record of the type that `day_type` gives; numba is handed it as one address."""

MOST_PLANS = 16
MOST_PAUSES = 48
MOST_SERVICES = 64
MOST_COUNTERS = 64
MOST_OPERATORS = 128
MOST_SPELLS = 16
MOST_TIMES = 2048
"""Of other work."""
EVENTS_A_VISIT = 12
EVENTS_A_DAY = 4000
MOMENTS_A_VISIT = 5
MOMENTS_A_DAY = 1000
STEPS = len(NEXT_STEPS)


@cache
def day_type(visitors: int, *, told: bool) -> np.dtype[Any]:
    """All of a day with so many visitors at most; `told`: with room for what happens."""
    events = EVENTS_A_VISIT * visitors + EVENTS_A_DAY if told else 1
    number = np.int64
    return np.dtype(
        [
            ("state", STATE),
            ("habits", HABITS),
            # What visitors bring along.
            ("people", PERSON, (visitors,)),
            ("comes_at", number, (visitors,)),
            ("carried", number, (visitors,)),
            ("id_rank", number, (visitors,)),
            # The rules: by plan, and by service or counter.
            ("plans", PLAN, (MOST_PLANS,)),
            ("pauses", PAUSE, (MOST_PLANS, MOST_PAUSES)),
            ("services", SERVICE, (MOST_PLANS, MOST_SERVICES)),
            ("skills", number, (MOST_PLANS, MOST_COUNTERS, MOST_SERVICES)),
            ("in_plan", number, (MOST_PLANS, MOST_COUNTERS)),
            ("letters", number, (MOST_SERVICES,)),
            # Tickets, in the order of visitors and of their issue, and where they wait.
            ("tickets", TICKET, (visitors,)),
            ("courses", COURSE, (visitors,)),
            ("numbers", number, (MOST_SERVICES,)),
            ("issue", number, (visitors,)),
            ("street", number, (visitors,)),
            ("rejoining", number, (visitors,)),
            ("released", number, (visitors,)),
            ("hall", number, (visitors,)),
            ("ready", number, (visitors,)),
            ("chosen", number, (visitors,)),
            # Counters and who works at them.
            ("counters", COUNTER, (MOST_COUNTERS,)),
            ("can", number, (MOST_COUNTERS, MOST_SERVICES)),
            ("operators", OPERATOR, (MOST_OPERATORS,)),
            ("spells", SPELL, (MOST_OPERATORS, MOST_SPELLS)),
            ("resting", number, (MOST_OPERATORS,)),
            ("other_work", number, (MOST_TIMES,)),
            # What is to come, what has happened, who hears of it, and what came of it.
            ("moments", MOMENT, (MOMENTS_A_VISIT * visitors + MOMENTS_A_DAY,)),
            ("told", TOLD, (events,)),
            ("heard", number, (visitors + MOST_AT_ONCE + 16, 2)),
            ("next_steps", number, (STEPS,)),
            ("back", number, (2 * visitors, 2)),
        ],
        align=True,
    )
