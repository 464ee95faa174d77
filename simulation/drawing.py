"""When visits fall, and what a number between 0 and 1 makes of a visitor.

Scalars and arrays alone, as in the ledger: Python and numba take it alike. Times are ms.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulation.ledger import Numbers
from simulation.visitors import NEXT_STEPS, QUARTER_HOUR

Shares = NDArray[np.float64]
BLOCK = 16
"""Places next to each other in a stream that the visits for one service have."""
BETWEEN, CHOICE, NEXT_STEP = range(3)
"""Kinds of columns: from a least number on; one of some values; one of `NEXT_STEPS`, of which who
cannot use an online channel gives up instead of the first."""
KIND, LEAST, FIRST, MANY = range(4)
"""Of a column; `FIRST` and `MANY`: its steps and values. Of a `BETWEEN` the step is how many
numbers there are, of others they are the sums of weights up to each value."""
VISITS, ROOM, ONLINE, CAN = range(4)
"""Whole numbers: visits, places of a stream that are in use, and who can go online: the column that
says so, or `NOBODY` and what holds of everybody."""
NOBODY = -1
_ONLINE, _GIVES_UP = NEXT_STEPS.index("online"), NEXT_STEPS.index("gives_up")


class Flow(NamedTuple):
    """A nonhomogeneous Poisson process a service: each is one of rate 1 in another time.

    Çinlar, Introduction to Stochastic Processes, 1975, 4.7.
    """

    rates: Shares
    """Mean visits: a row a service, a column a quarter hour."""
    until: Shares
    """The same from midnight to the end of each quarter hour."""
    gaps: Shares
    """Between the visits of rate 1, in blocks of services."""
    service: Numbers
    """Of each visit, those for the first service first."""
    instants: Numbers
    came: Numbers
    """How many visits, alone; `NOBODY` where gaps are wanting."""


class Choices(NamedTuple):
    """A slot is a visit's place among all, those for the first service first."""

    service: Numbers
    """Of each visit, however they are ordered."""
    order: Numbers
    """In which the visits are wanted."""
    slots: Numbers
    """Of each visit."""
    wanted: Numbers
    """Slots in the order that is wanted."""
    places: Numbers
    """In a stream, by slot."""
    counts: Numbers
    """Visits for each service."""
    begins: Numbers
    """First slot of each service."""
    columns: Numbers
    """A row each, with `KIND` and the others."""
    steps: Shares
    values: Numbers
    numbers: Shares
    """From 0 up to 1: a row a column, by slot."""
    found: Numbers
    """A row a column, in the order that is wanted."""
    whole: Numbers


def flow_of(rates: Shares, blocks: int) -> Flow:
    """Before anybody has come, with room for so many blocks of gaps a service."""
    room = blocks * len(rates) * BLOCK
    return Flow(
        rates=rates,
        until=np.cumsum(rates, axis=1),
        gaps=np.zeros(room),
        service=np.zeros(room, np.int64),
        instants=np.zeros(room, np.int64),
        came=np.zeros(1, np.int64),
    )


def choices_of(
    columns: Numbers, steps: Shares, values: Numbers, *, visits: int, services: int
) -> Choices:
    """Before anything is drawn, with room for so many visits."""
    return Choices(
        service=np.zeros(visits, np.int64),
        order=np.zeros(visits, np.int64),
        slots=np.zeros(visits, np.int64),
        wanted=np.zeros(visits, np.int64),
        places=np.zeros(visits, np.int64),
        counts=np.zeros(services, np.int64),
        begins=np.zeros(services, np.int64),
        columns=columns,
        steps=steps,
        values=values,
        numbers=np.zeros((len(columns), visits)),
        found=np.zeros((len(columns), visits), np.int64),
        whole=np.zeros(CAN + 1, np.int64),
    )


def arrive(flow: Flow) -> None:
    """Services and instants of all visits, as far as the gaps reach."""
    flow.came[0] = 0
    for service in range(len(flow.rates)):
        if flow.came[0] != NOBODY:
            flow.came[0] = come(flow, service, flow.came[0])


def come(flow: Flow, service: int, came: int) -> int:
    """Those for one service; gives how many have come by now."""
    services, rates, until = len(flow.rates), flow.rates, flow.until
    load, quarter, last = 0.0, 0, until.shape[1] - 1
    for number in range(len(flow.gaps) // services):
        block = number // BLOCK * services + service
        load += flow.gaps[block * BLOCK + number % BLOCK]
        if load >= until[service, last]:
            return came
        while until[service, quarter] <= load:
            quarter += 1
        share = 1 - (until[service, quarter] - load) / rates[service, quarter]
        within = min(max(int(share * QUARTER_HOUR), 0), QUARTER_HOUR - 1)
        flow.service[came] = service
        flow.instants[came] = quarter * QUARTER_HOUR + within
        came += 1
    return NOBODY


def find_places(choices: Choices) -> None:
    """The visits for a service have places of their own in a stream, in blocks.

    More of them leave the draws of all others as they were.
    """
    visits, counts = choices.whole[VISITS], choices.counts
    for service in range(len(counts)):
        counts[service] = 0
    for visit in range(visits):
        counts[choices.service[visit]] += 1
    slot = 0
    for service in range(len(counts)):
        choices.begins[service] = slot
        slot += counts[service]
        counts[service] = 0
    choices.whole[ROOM] = 0
    for visit in range(visits):
        find_place(choices, visit, choices.service[visit])
    for place in range(visits):
        choices.wanted[place] = choices.slots[choices.order[place]]


def find_place(choices: Choices, visit: int, service: int) -> None:
    """Of one visit, behind those for the same service."""
    which, whole = choices.counts[service], choices.whole
    choices.counts[service] = which + 1
    slot = choices.begins[service] + which
    block = which // BLOCK * len(choices.counts) + service
    choices.slots[visit], choices.places[slot] = slot, block * BLOCK + which % BLOCK
    whole[ROOM] = max(whole[ROOM], choices.places[slot] + 1)


def choose(choices: Choices) -> None:
    """What all numbers make of the visitors."""
    for column in range(len(choices.columns)):
        for place in range(choices.whole[VISITS]):
            number = choices.numbers[column, choices.wanted[place]]
            choices.found[column, place] = chosen(choices, column, number, place)


def chosen(choices: Choices, column: int, number: float, place: int) -> int:
    """What a number makes of one of them."""
    kind, first = choices.columns[column, KIND], choices.columns[column, FIRST]
    if kind == BETWEEN:
        return int(choices.columns[column, LEAST] + int(number * choices.steps[first]))
    last = first + choices.columns[column, MANY] - 1
    reached = number * choices.steps[last]
    while first < last and choices.steps[first] <= reached:
        first += 1
    value = choices.values[first]
    if kind == NEXT_STEP and value == _ONLINE and not can_go_online(choices, place):
        return _GIVES_UP
    return int(value)


def can_go_online(choices: Choices, place: int) -> bool:
    """As a column before says."""
    column = choices.whole[ONLINE]
    found = choices.whole[CAN] if column == NOBODY else choices.found[column, place]
    return bool(found != 0)
