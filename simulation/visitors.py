"""Everybody who comes on a day, drawn before anything happens, as one table.

A row is one visit and all that it will do: whatever the rules are, they meet the same people.
Instants are milliseconds from the local midnight, durations milliseconds, parties people.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import accumulate
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from schemas.fields import minute_of
from schemas.scenario import Between, Day, Profile, Scenario, ServingTime, TurnedAway, Visitors
from simulation.streams import stream

SECOND = 1000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
QUARTER_HOUR = 15 * MINUTE
NEXT_STEPS = ("online", "phone", "tomorrow", "gives_up")
"""What a visitor does who gets no service, by number, in the order of `TurnedAway`'s fields."""
NONE = -1
_BLOCK = 16
"""Places next to each other in a stream that the visits for one service have."""
_ONLINE, _GIVES_UP = NEXT_STEPS.index("online"), NEXT_STEPS.index("gives_up")

Table = NDArray[np.void]
Visits: TypeAlias = tuple[NDArray[np.int64], NDArray[np.int64]]
"""Service and instant of each visit."""
Law: TypeAlias = Callable[[np.random.Generator, int], NDArray[np.float64]]
"""Draws so many numbers; of more of them the first ones are the same."""
_EVENLY: Law = np.random.Generator.random
Column: TypeAlias = "Callable[[_Draws, Table], NDArray[Any]]"
"""Draws one for each visit; the columns before it are in the table already."""


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


def visitors(table: Table) -> list[Visitor]:
    """The rows of a table."""
    return [*map(Visitor._make, table.tolist())]


def empty(rows: int) -> Table:
    """A table of visitors who come alone, want the first service and put up with everything."""
    table = np.zeros(rows, VISITOR)
    table["party"] = 1
    table["tolerates"] = 2**31 - 1
    table["patience"] = 2**53
    table["second"] = NONE
    return table


def draw(scenario: Scenario, day: int, replication: int, usual: Mapping[str, int]) -> Table:
    """Everybody who comes on the scenario's day number `day`, in order of arrival.

    `usual` are the catalogue's times at the counter by service, ms.
    """
    key = _Key(scenario.seed, replication, day)
    arrivals = [_arrivals(_rates(scenario, day), key.stream("arrivals"))]
    arrivals += _surges(scenario, scenario.days[day], key)
    service, instants = (np.concatenate(column) for column in zip(*arrivals, strict=True))
    order = np.argsort(instants, kind="stable")
    draws = _Draws(key, service, len(scenario.mix.services), order)
    certain, columns = _habits(scenario)
    table = np.frombuffer(bytearray(certain) * len(order), VISITOR)
    table["arrives_at"], table["service"] = instants[order], service[order]
    table["serving"] = _serving(scenario, draws, "serving", service[order], usual)
    for name, column in columns:
        table[name] = column(draws, table)
    _draw_second_services(scenario, draws, table, usual)
    return table


def arrival_rates(scenario: Scenario, day: Day, place: int) -> NDArray[np.float64]:
    """Mean visits in each of the 96 quarter hours of `day` for the mix's service number `place`."""
    wanted = scenario.mix.services[place]
    whole = sum(one.weight for one in scenario.mix.services)
    profiles = {profile.code: profile for profile in scenario.profiles}
    rates = _shape(profiles[wanted.profile or day.profile]) * (day.visits * wanted.weight / whole)
    more = sum(one.visits for one in day.more if one.service == wanted.service)
    return rates + _shape(profiles[day.profile]) * more


def _shape(profile: Profile) -> NDArray[np.float64]:
    weights = np.zeros(96)
    for hour in profile.hours:
        first = int(hour.at[:2]) * 4
        weights[first : first + 4] = hour.quarters
    return np.asarray(weights / weights.sum())


@lru_cache(maxsize=256)
def _rates(scenario: Scenario, day: int) -> NDArray[np.float64]:
    """A row a service of the mix."""
    places = range(len(scenario.mix.services))
    return np.array([arrival_rates(scenario, scenario.days[day], place) for place in places])


class _Key(NamedTuple):
    """What tells the streams of one day of one replication from all others."""

    seed: int
    replication: int
    day: int

    def stream(self, purpose: str, *place: int) -> np.random.Generator:
        return stream(*self, *place, purpose=purpose)


def _arrivals(rates: NDArray[np.float64], numbers: np.random.Generator) -> Visits:
    """A nonhomogeneous Poisson process a row of rates: each is one of rate 1 in another time.

    Çinlar, Introduction to Stochastic Processes, 1975, 4.7.
    """
    until = np.cumsum(rates, axis=1)
    whole = until[:, -1:]
    steps = _steps(whole, numbers)
    counts = (steps < whole).sum(axis=1)
    loads = [row[:count] for row, count in zip(steps, counts.tolist(), strict=True)]
    found = [one.searchsorted(load, side="right") for one, load in zip(until, loads, strict=True)]
    quarter, load = np.concatenate(found), np.concatenate(loads)
    service = np.repeat(np.arange(len(rates)), counts)
    # Flat: an index of two axes takes NumPy several times as long.
    place = service * rates.shape[1] + quarter
    share = 1 - (until.take(place) - load) / rates.take(place)
    within = (share * QUARTER_HOUR).astype(np.int64)
    return service, quarter * QUARTER_HOUR + np.minimum(np.maximum(within, 0), QUARTER_HOUR - 1)


def _steps(whole: NDArray[np.float64], numbers: np.random.Generator) -> NDArray[np.float64]:
    """Instants of processes of rate 1, a row each, as far as beyond `whole` in every row."""
    most = float(whole.max())
    blocks = int(most + 4 * math.sqrt(most)) // _BLOCK + 1
    gaps = np.zeros((0, len(whole), _BLOCK))
    while True:
        more = numbers.standard_exponential((blocks, len(whole), _BLOCK))
        gaps, blocks = np.concatenate([gaps, more]), 1
        steps = np.cumsum(gaps.transpose(1, 0, 2).reshape(len(whole), -1), axis=1)
        if (steps[:, -1:] >= whole).all():
            return steps


def _surges(scenario: Scenario, day: Day, key: _Key) -> Iterator[Visits]:
    for place, wanted in enumerate(scenario.mix.services):
        surges = [one for one in day.surges if one.service == wanted.service]
        if not surges:
            continue
        numbers = key.stream("surges", place)
        for one in surges:
            instants = numbers.integers(0, one.minutes * MINUTE, numbers.poisson(one.visits))
            yield np.full(len(instants), place), minute_of(one.at) * MINUTE + instants


class _Draws:
    """The draws of a day's visits: one stream a purpose.

    The visits for a service have places of their own in a stream, in blocks, so that more of them
    leave the draws of all others as they were.
    """

    def __init__(
        self, key: _Key, service: NDArray[np.int64], services: int, order: NDArray[np.intp]
    ) -> None:
        """`order`: in which the visits are wanted."""
        self.count = len(service)
        self._key = key
        block, place = np.divmod(_which(service, services), _BLOCK)
        self._places = ((block * services + service) * _BLOCK + place)[order]
        self._room = int(self._places.max(initial=-1)) + 1

    def by(self, law: Law, purpose: str, *place: int) -> NDArray[np.float64]:
        """A number a visit."""
        return law(self._key.stream(purpose, *place), self._room)[self._places]

    def evenly(self, purpose: str) -> NDArray[np.float64]:
        """The same from 0 up to 1."""
        return self.by(_EVENLY, purpose)


def _which(service: NDArray[np.int64], services: int) -> NDArray[np.int64]:
    """The how-manieth visit for its service each one is, from 0."""
    order = np.argsort(service, kind="stable")
    counts = np.bincount(service, minlength=services)
    which = np.empty_like(service)
    which[order] = np.arange(len(service)) - np.repeat(np.cumsum(counts) - counts, counts)
    return which


def _serving(
    scenario: Scenario,
    draws: _Draws,
    purpose: str,
    service: NDArray[np.int64],
    usual: Mapping[str, int],
) -> NDArray[np.int64]:
    """Times at the counter, ms; services under one law share a stream, one with its own has one."""
    mix = scenario.mix.services
    own = {place: one.time for place, one in enumerate(mix) if one.time}
    means = np.array([_mean(one.time or scenario.serving, usual[one.service]) for one in mix])
    times = draws.by(_law(scenario.serving), purpose) * means[service]
    for place, law in own.items():
        these = service == place
        times[these] = draws.by(_law(law), purpose, place)[these] * means[place]
    return _whole(times)


def _draw_second_services(
    scenario: Scenario, draws: _Draws, table: Table, usual: Mapping[str, int]
) -> None:
    """Whoever would want the same service twice has enough with it once."""
    how, mix = scenario.visitors, scenario.mix.services
    if not how.second_service + how.wrong_service:
        return
    chance = draws.evenly("second service")
    kinds = _column(
        _choice("second kind", [one.weight for one in mix], range(len(mix))), draws, table
    )
    wanted = (chance < how.second_service + how.wrong_service) & (kinds != table["service"])
    table["second"] = np.where(wanted, kinds, NONE)
    table["sent_on"] = wanted & (chance >= how.second_service)
    after = _between("sent on after", how.sent_on_after_seconds, SECOND)
    table["sent_on_after"] = _column(after, draws, table)
    times = _serving(scenario, draws, "second serving", kinds, usual)
    table["second_serving"] = np.where(wanted, times, 0)


def _column(column: Column | int, draws: _Draws, table: Table) -> NDArray[Any]:
    return column(draws, table) if callable(column) else np.full(len(table), column)


@lru_cache(maxsize=64)
def _habits(scenario: Scenario) -> tuple[bytes, tuple[tuple[str, Column], ...]]:
    """A row with what is certain of everybody, and how the rest is drawn."""
    certain, drawn = empty(1), []
    for name, column in _columns(scenario.visitors):
        if callable(column):
            drawn.append((name, column))
        else:
            certain[name] = column
    return certain.tobytes(), tuple(drawn)


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


def _share(purpose: str, share: float) -> Column | int:
    if share in (0, 1):
        return int(share)
    return lambda draws, _table: draws.evenly(purpose) < share


def _between(purpose: str, bounds: Between, unit: int) -> Column | int:
    low, high = bounds.least * unit, bounds.most * unit
    if low == high:
        return low
    return lambda draws, _table: low + (draws.evenly(purpose) * (high - low + 1)).astype(np.int64)


def _choice(purpose: str, weights: Sequence[float], values: Sequence[int]) -> Column | int:
    """One of the values; the greater its weight, the more often."""
    if sum(weight > 0 for weight in weights) == 1:
        return values[int(np.argmax(weights))]
    steps, which = np.cumsum(weights), np.array(values)

    def column(draws: _Draws, _table: Table) -> NDArray[np.int64]:
        found = np.searchsorted(steps, draws.evenly(purpose) * steps[-1], side="right")
        return np.asarray(which[np.minimum(found, len(which) - 1)])

    return column


def _next_step(purpose: str, weights: TurnedAway) -> Column | int:
    """Who cannot use an online channel gives up instead."""
    wanted = [getattr(weights, step) for step in NEXT_STEPS]
    steps = _choice(purpose, wanted, range(len(NEXT_STEPS)))
    if not callable(steps) and steps != _ONLINE:
        return steps

    def column(draws: _Draws, table: Table) -> NDArray[np.int64]:
        found = steps(draws, table) if callable(steps) else steps
        return np.where((found == _ONLINE) & (table["online"] == 0), _GIVES_UP, found)

    return column


def serving_times(
    time: ServingTime, usual: int, numbers: np.random.Generator, count: int
) -> NDArray[np.int64]:
    """So many times at the counter, ms, at least 1; `usual` stands in for a mean left out."""
    return _whole(_law(time)(numbers, count) * _mean(time, usual))


def _whole(times: NDArray[np.float64]) -> NDArray[np.int64]:
    return np.maximum(1, np.rint(times)).astype(np.int64)


def _mean(time: ServingTime, usual: int) -> float:
    """What a number drawn from the law stands for, ms: measured times are minutes already."""
    if time.law == "empirical":
        return MINUTE
    return usual if time.mean_minutes is None else time.mean_minutes * MINUTE


def _law(time: ServingTime) -> Law:
    """Draws so many times of mean 1, or measured ones."""
    match time.law:
        case "lognormal":
            variance = math.log1p(time.spread**2)
            return lambda numbers, count: numbers.lognormal(
                -variance / 2, math.sqrt(variance), count
            )
        case "gamma":
            shape = time.spread**-2
            return lambda numbers, count: numbers.gamma(shape, 1 / shape, count)
        case "exponential":
            return lambda numbers, count: numbers.exponential(size=count)
        case "constant":
            return lambda _numbers, count: np.ones(count)
        case "empirical":
            minutes = np.array(time.minutes)
            return lambda numbers, count: numbers.choice(minutes, count)
