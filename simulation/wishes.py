"""What the visitors of a scenario want and do: how each column of their table is drawn."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import accumulate
from typing import NamedTuple

import numpy as np

from schemas.scenario import Scenario
from schemas.scenario_parts import Between, TurnedAway, Visitors
from simulation.drawing import BETWEEN, CHOICE, MANY, NEXT_STEP, NOBODY, Shares
from simulation.ledger import Numbers
from simulation.visitors import MINUTE, NEXT_STEPS, SECOND, empty

_ONLINE = NEXT_STEPS.index("online")
NEEDS, KIND = "second service", "second kind"
TOO, INSTEAD = range(2)
"""Another service is needed as well, or in place of the first."""


class Column(NamedTuple):
    """One that is drawn, by the numbers of a purpose."""

    purpose: str
    kind: int
    least: int
    steps: Sequence[float]
    values: Sequence[int]


class Wishes(NamedTuple):
    """Columns are known by their rows."""

    certain: bytes
    """A visitor with what is certain of everybody."""
    purposes: tuple[str, ...]
    columns: Mapping[str, int]
    """Of the visitors' table."""
    second: Mapping[str, int]
    """`NEEDS` and `KIND`; nothing where nobody needs a second service. One that is certain is left
    out."""
    rows: Numbers
    steps: Shares
    values: Numbers
    online: int
    """Row of that column, or `NOBODY`."""
    can: int
    """What holds of everybody where there is no such row."""


@lru_cache(maxsize=64)
def wishes(scenario: Scenario) -> Wishes:
    """Those of a scenario."""
    how = scenario.visitors
    certain, drawn = empty(1), dict[str, Column]()
    for name, column in _columns(how):
        if isinstance(column, Column):
            drawn[name] = column
        else:
            certain[name] = column
    second = _second(scenario)
    every = (*drawn.values(), *second.values())
    return Wishes(
        certain=certain.tobytes(),
        purposes=tuple(column.purpose for column in every),
        columns={name: row for row, name in enumerate(drawn)},
        second={name: row for row, name in enumerate(second, len(drawn))},
        rows=_rows(every),
        steps=np.array([step for column in every for step in column.steps], np.float64),
        values=np.array([value for column in every for value in column.values], np.int64),
        online=[*drawn].index("online") if "online" in drawn else NOBODY,
        can=int(certain["online"][0]),
    )


def _rows(columns: Sequence[Column]) -> Numbers:
    sizes = [len(column.steps) for column in columns]
    firsts = accumulate(sizes, initial=0)
    rows = [
        (column.kind, column.least, first, many)
        for column, first, many in zip(columns, firsts, sizes, strict=False)
    ]
    return np.array(rows, np.int64).reshape(-1, MANY + 1)


def _columns(how: Visitors) -> Iterator[tuple[str, Column | int]]:
    sizes = [one.people for one in how.parties]
    yield "party", _choice("party", [one.weight for one in how.parties], sizes)
    yield "priority", _share("priority", sum(one.share for one in how.priorities))
    yield "online", _share("can go online", how.can_go_online)
    yield "sent_online", _next_step("sent online", how.sent_online)
    yield "turned_away", _next_step("turned away", how.turned_away)
    yield "insists", _share("insists", how.insists)
    yield "tolerates", _between("tolerates", how.tolerates_people_ahead, 1)
    yield "patience", _between("patience", how.patience_minutes, MINUTE)
    yield "misses_group", _share("misses group", how.misses_group)
    yield "no_show", _share("no show", how.no_show)
    yield "answers_recall", _share("answers recall", how.answers_recall)
    yield "comes_late", _share("comes late", how.comes_late)
    late = _between("comes late after", how.comes_late_after_minutes, MINUTE)
    yield "comes_late_after", late
    yield "held", _share("held", how.held)
    yield "held_for", _between("held for", how.held_minutes, MINUTE)
    yield "walks_in", _between("walks in", how.walks_in_seconds, SECOND)
    yield "walks_to_counter", _between("walks to counter", how.walks_to_counter_seconds, SECOND)
    yield "walks_out", _between("walks out", how.walks_out_seconds, SECOND)
    back = _between("back after opening", how.back_after_opening_minutes, MINUTE)
    yield "back_after_opening", back
    yield "comes_back", _share("comes back", how.carried_over_come_back)
    if how.second_service + how.wrong_service:
        yield "sent_on_after", _between("sent on after", how.sent_on_after_seconds, SECOND)


def _second(scenario: Scenario) -> dict[str, Column]:
    how = scenario.visitors
    if not how.second_service + how.wrong_service:
        return {}
    steps = (how.second_service, how.second_service + how.wrong_service, 1.0)
    needs = Column(NEEDS, CHOICE, 0, steps, (TOO, INSTEAD, NOBODY))
    weights = [one.weight for one in scenario.mix.services]
    kind = _choice(KIND, weights, range(len(weights)))
    return {NEEDS: needs} | ({KIND: kind} if isinstance(kind, Column) else {})


def _share(purpose: str, share: float) -> Column | int:
    if share in (0, 1):
        return int(share)
    return Column(purpose, CHOICE, 0, (share, 1.0), (1, 0))


def _between(purpose: str, bounds: Between, unit: int) -> Column | int:
    low, high = bounds.least * unit, bounds.most * unit
    if low == high:
        return low
    return Column(purpose, BETWEEN, low, (high - low + 1,), (0,))


def _choice(purpose: str, weights: Sequence[float], values: Sequence[int]) -> Column | int:
    """One of the values; the greater its weight, the more often."""
    if sum(weight > 0 for weight in weights) == 1:
        return values[int(np.argmax(weights))]
    return Column(purpose, CHOICE, 0, np.cumsum(weights).tolist(), values)


def _next_step(purpose: str, weights: TurnedAway) -> Column | int:
    """Who cannot use an online channel gives up instead."""
    wanted = [getattr(weights, step) for step in NEXT_STEPS]
    steps = _choice(purpose, wanted, range(len(NEXT_STEPS)))
    if isinstance(steps, Column):
        return steps._replace(kind=NEXT_STEP)
    return Column(purpose, NEXT_STEP, 0, (1.0,), (steps,)) if steps == _ONLINE else steps
