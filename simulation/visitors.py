"""Everybody who comes on a day, drawn before anything happens, as one table.

A row is one visit and all that it will do: whatever the rules are, they meet the same people.
Instants are milliseconds from the local midnight, durations milliseconds, parties people.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any, NamedTuple

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


def draw(scenario: Scenario, day: int, replication: int, usual: dict[str, int]) -> Table:
    """Everybody who comes on the scenario's day number `day`, in order of arrival.

    `usual` are the catalogue's times at the counter by service, ms.
    """
    parts = [
        _of_service(scenario, day, replication, place, usual)
        for place in range(len(scenario.mix.services))
    ]
    table = np.concatenate(parts)
    return table[np.argsort(table["arrives_at"], kind="stable")]


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


class _Draws:
    """The streams of one service on one day of one replication. What is certain is not drawn."""

    def __init__(self, seed: int, replication: int, day: int, place: int) -> None:
        self._key = (seed, replication, day, place)
        self.count = 0

    def __getitem__(self, purpose: str) -> np.random.Generator:
        return stream(*self._key, purpose=purpose)

    def share(self, purpose: str, share: float) -> NDArray[np.bool_]:
        if share in (0, 1):
            return np.full(self.count, bool(share))
        return self[purpose].random(self.count) < share

    def between(self, purpose: str, bounds: Between, unit: int) -> NDArray[np.int64]:
        low, high = bounds.least * unit, bounds.most * unit
        if low == high:
            return np.full(self.count, low)
        return self[purpose].integers(low, high, self.count, endpoint=True)

    def choice(self, purpose: str, weights: list[float]) -> NDArray[np.int64]:
        if sum(weight > 0 for weight in weights) == 1:
            return np.full(self.count, int(np.argmax(weights)))
        steps = np.cumsum(weights)
        found = np.searchsorted(steps, self[purpose].random(self.count) * steps[-1], side="right")
        return np.asarray(np.minimum(found, len(weights) - 1))

    def instants(self, rates: NDArray[np.float64]) -> NDArray[np.int64]:
        """A nonhomogeneous Poisson process that is homogeneous in each quarter hour."""
        counts = self["arrivals"].poisson(rates)
        begins = np.repeat(np.arange(len(rates)) * QUARTER_HOUR, counts)
        return np.asarray(begins + self["instants"].integers(0, QUARTER_HOUR, len(begins)))

    def surges(self, day: Day, service: str) -> NDArray[np.int64]:
        numbers = self["surges"]
        parts = [
            minute_of(surge.at) * MINUTE
            + numbers.integers(0, surge.minutes * MINUTE, numbers.poisson(surge.visits))
            for surge in day.surges
            if surge.service == service
        ]
        return np.concatenate(parts) if parts else np.zeros(0, np.int64)


def _of_service(
    scenario: Scenario, day: int, replication: int, place: int, usual: dict[str, int]
) -> Table:
    wanted = scenario.mix.services[place]
    draws = _Draws(scenario.seed, replication, day, place)
    instants = draws.instants(arrival_rates(scenario, scenario.days[day], place))
    surges = draws.surges(scenario.days[day], wanted.service)
    table = empty(len(instants) + len(surges))
    draws.count = len(table)
    table["arrives_at"] = np.concatenate([instants, surges])
    table["service"] = place
    law = wanted.time or scenario.serving
    table["serving"] = serving_times(law, usual[wanted.service], draws["serving"], len(table))
    for name, column in _columns(scenario, draws):
        table[name] = column
    _draw_second_services(scenario, draws, table, usual)
    return table


def _draw_second_services(
    scenario: Scenario, draws: _Draws, table: Table, usual: dict[str, int]
) -> None:
    """Whoever would want the same service twice has enough with it once."""
    how, mix = scenario.visitors, scenario.mix.services
    if not how.second_service + how.wrong_service:
        return
    chance = draws["second service"].random(len(table))
    kinds = draws.choice("second kind", [one.weight for one in mix])
    wanted = (chance < how.second_service + how.wrong_service) & (kinds != table["service"])
    table["second"] = np.where(wanted, kinds, NONE)
    table["sent_on"] = wanted & (chance >= how.second_service)
    table["sent_on_after"] = draws.between("sent on after", how.sent_on_after_seconds, SECOND)
    numbers = draws["second serving"]
    for place in np.unique(kinds[wanted]).tolist():
        these = wanted & (kinds == place)
        law, own = mix[place].time or scenario.serving, usual[mix[place].service]
        table["second_serving"][these] = serving_times(law, own, numbers, int(these.sum()))


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
    mean = usual if time.mean_minutes is None else time.mean_minutes * MINUTE
    return np.maximum(1, np.rint(_times(time, mean, numbers, count))).astype(np.int64)


def _times(
    time: ServingTime, mean: float, numbers: np.random.Generator, count: int
) -> NDArray[np.float64]:
    match time.law:
        case "lognormal":
            variance = math.log1p(time.spread**2)
            return numbers.lognormal(math.log(mean) - variance / 2, math.sqrt(variance), count)
        case "gamma":
            shape = time.spread**-2
            return numbers.gamma(shape, mean / shape, count)
        case "exponential":
            return numbers.exponential(mean, count)
        case "constant":
            return np.full(count, mean, dtype=np.float64)
        case "empirical":
            return numbers.choice(np.array(time.minutes) * MINUTE, count)
