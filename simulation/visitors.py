"""Everybody who comes on a day, drawn before anything happens, as one table.

A row is one visit and all that it will do: whatever the rules are, they meet the same people.
Instants are milliseconds from the local midnight, durations milliseconds, parties people.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from schemas.fields import minute_of
from schemas.scenario import Between, Day, Profile, Scenario, ServingTime, TurnedAway
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

VISITOR = np.dtype(
    [
        ("arrives_at", np.int64),
        ("service", np.int16),
        ("serving", np.int64),
        ("party", np.int16),
        ("priority", np.bool_),
        ("online", np.bool_),
        ("sent_online", np.int8),
        ("turned_away", np.int8),
        ("insists", np.bool_),
        ("tolerates", np.int32),
        ("patience", np.int64),
        ("misses_group", np.bool_),
        ("no_show", np.bool_),
        ("answers_recall", np.bool_),
        ("comes_late", np.bool_),
        ("comes_late_after", np.int64),
        ("second", np.int16),
        ("second_serving", np.int64),
        ("sent_on", np.bool_),
        ("sent_on_after", np.int64),
        ("held", np.bool_),
        ("held_for", np.int64),
        ("walks_in", np.int32),
        ("walks_to_counter", np.int32),
        ("walks_out", np.int32),
        ("back_after_opening", np.int64),
        ("comes_back", np.bool_),
    ]
)
Table = NDArray[np.void]
Visits: TypeAlias = tuple[NDArray[np.int64], NDArray[np.int64]]
"""Service and instant of each visit."""
Law: TypeAlias = Callable[[np.random.Generator, int], NDArray[np.float64]]
"""Draws so many numbers; of more of them the first ones are the same."""
_EVENLY: Law = np.random.Generator.random


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


def visitors(table: Table) -> list[Visitor]:
    """The rows of a table."""
    return [*map(Visitor._make, table.tolist())]


def empty(rows: int) -> Table:
    """A table of visitors who come alone, want the first service and put up with everything."""
    table = np.zeros(rows, VISITOR)
    table["party"] = 1
    table["tolerates"] = np.iinfo(np.int32).max
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
    table = empty(len(order))
    table["arrives_at"], table["service"] = instants[order], service[order]
    table["serving"] = _serving(scenario, draws, "serving", service[order], usual)
    for name, column in _columns(scenario, draws):
        table[name] = column
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
    due = steps < whole
    counts, load = due.sum(axis=1), steps[due]
    service = np.repeat(np.arange(len(rates)), counts)
    ends = np.split(load, np.cumsum(counts)[:-1])
    found = [np.searchsorted(*both, side="right") for both in zip(until, ends, strict=True)]
    quarter = np.concatenate(found)
    share = 1 - (until[service, quarter] - load) / rates[service, quarter]
    within = np.clip((share * QUARTER_HOUR).astype(np.int64), 0, QUARTER_HOUR - 1)
    return service, quarter * QUARTER_HOUR + within


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
    """The draws of a day's visits: one stream a purpose. What is certain is not drawn.

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

    def share(self, purpose: str, share: float) -> NDArray[np.bool_]:
        if share in (0, 1):
            return np.full(self.count, bool(share))
        return self.evenly(purpose) < share

    def between(self, purpose: str, bounds: Between, unit: int) -> NDArray[np.int64]:
        low, high = bounds.least * unit, bounds.most * unit
        if low == high:
            return np.full(self.count, low)
        return low + (self.evenly(purpose) * (high - low + 1)).astype(np.int64)

    def choice(self, purpose: str, weights: list[float]) -> NDArray[np.int64]:
        if sum(weight > 0 for weight in weights) == 1:
            return np.full(self.count, int(np.argmax(weights)))
        steps = np.cumsum(weights)
        found = np.searchsorted(steps, self.evenly(purpose) * steps[-1], side="right")
        return np.asarray(np.minimum(found, len(weights) - 1))


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
    kinds = draws.choice("second kind", [one.weight for one in mix])
    wanted = (chance < how.second_service + how.wrong_service) & (kinds != table["service"])
    table["second"] = np.where(wanted, kinds, NONE)
    table["sent_on"] = wanted & (chance >= how.second_service)
    table["sent_on_after"] = draws.between("sent on after", how.sent_on_after_seconds, SECOND)
    times = _serving(scenario, draws, "second serving", kinds, usual)
    table["second_serving"] = np.where(wanted, times, 0)


def _columns(scenario: Scenario, draws: _Draws) -> Iterator[tuple[str, NDArray[Any]]]:
    how = scenario.visitors
    sizes = np.array([one.people for one in how.parties])
    yield "party", sizes[draws.choice("party", [one.weight for one in how.parties])]
    yield "priority", draws.share("priority", sum(one.share for one in how.priorities))
    online = draws.share("can go online", how.can_go_online)
    yield "online", online
    yield "sent_online", _next_step(draws, "sent online", how.sent_online, online)
    yield "turned_away", _next_step(draws, "turned away", how.turned_away, online)
    yield "insists", draws.share("insists", how.insists)
    yield "tolerates", draws.between("tolerates", how.tolerates_people_ahead, 1)
    yield "patience", draws.between("patience", how.patience_minutes, MINUTE)
    yield "misses_group", draws.share("misses group", how.misses_group)
    yield "no_show", draws.share("no show", how.no_show)
    yield "answers_recall", draws.share("answers recall", how.answers_recall)
    yield "comes_late", draws.share("comes late", how.comes_late)
    late = draws.between("comes late after", how.comes_late_after_minutes, MINUTE)
    yield "comes_late_after", late
    yield "held", draws.share("held", how.held)
    yield "held_for", draws.between("held for", how.held_minutes, MINUTE)
    yield "walks_in", draws.between("walks in", how.walks_in_seconds, SECOND)
    yield (
        "walks_to_counter",
        draws.between("walks to counter", how.walks_to_counter_seconds, SECOND),
    )
    yield "walks_out", draws.between("walks out", how.walks_out_seconds, SECOND)
    back = draws.between("back after opening", how.back_after_opening_minutes, MINUTE)
    yield "back_after_opening", back
    yield "comes_back", draws.share("comes back", how.carried_over_come_back)


def _next_step(
    draws: _Draws, purpose: str, weights: TurnedAway, online: NDArray[np.bool_]
) -> NDArray[np.int64]:
    steps = draws.choice(purpose, [getattr(weights, step) for step in NEXT_STEPS])
    return np.where((steps == _ONLINE) & ~online, _GIVES_UP, steps)


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
