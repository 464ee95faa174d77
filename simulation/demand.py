"""Who comes on a day of a scenario: drawn before anything happens, one random stream a purpose."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from schemas.fields import minute_of
from schemas.scenario import Scenario
from schemas.scenario_parts import Day, Profile, ServingTime
from simulation import drawing
from simulation.drawing import BLOCK, NOBODY, Choices, Shares, choices_of, flow_of
from simulation.ledger import Numbers
from simulation.streams import stream
from simulation.visitors import MINUTE, NEXT_STEPS, NONE, QUARTER_HOUR, VISITOR, Table
from simulation.wishes import INSTEAD, KIND, NEEDS, wishes

Visits: TypeAlias = tuple[Numbers, Numbers]
"""Service and instant of each visit."""
Law: TypeAlias = Callable[[np.random.Generator, int], NDArray[np.float64]]
"""Draws so many numbers; of more of them the first ones are the same."""

_ONLINE, _GIVES_UP = NEXT_STEPS.index("online"), NEXT_STEPS.index("gives_up")


def draw(scenario: Scenario, day: int, replication: int, usual: Mapping[str, int]) -> Table:
    """Everybody who comes on the scenario's day number `day`, in order of arrival.

    `usual` are the catalogue's times at the counter by service, ms.
    """
    return Drawer(scenario, day, usual).draw(replication)


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


class Key(NamedTuple):
    """What tells the streams of one day of one replication from all others."""

    seed: int
    replication: int
    day: int

    def stream(self, purpose: str, *place: int) -> np.random.Generator:
        return stream(*self, *place, purpose=purpose)


class Drawer:
    """Draws those who come on one day of a scenario, for any replication, by NumPy.

    Machine code draws the same ones to the bit, by the loops of `drawing`, which take Python itself
    a dozen times as long.
    """

    def __init__(self, scenario: Scenario, day: int, usual: Mapping[str, int]) -> None:
        """As for `draw`."""
        mix, serving = scenario.mix.services, scenario.serving
        self._scenario, self._number, self._day = scenario, day, scenario.days[day]
        rates = _rates(scenario, self._day)
        self.flow = flow_of(rates, _blocks(rates))
        self._wishes = wishes(scenario)
        self.purposes = self._wishes.purposes
        self._times = _law(serving)
        self._own_times = {place: _law(one.time) for place, one in enumerate(mix) if one.time}
        self._means = np.array([_mean(one.time or serving, usual[one.service]) for one in mix])
        self._only_kind = int(np.argmax([one.weight for one in mix]))
        self._make_room(0)

    def draw(self, replication: int) -> Table:
        """Everybody who comes, in order of arrival."""
        key = Key(self._scenario.seed, replication, self._number)
        service, instants = self._arrivals(key)
        if self._day.surges:
            surges = _surges(self._scenario, self._day, key)
            both = zip((service, instants), *surges, strict=True)
            service, instants = (np.concatenate(column) for column in both)
        order = np.argsort(instants, kind="stable")
        self._choose(key, service, order)
        return self._table(key, service.take(order), instants.take(order))

    def _table(self, key: Key, service: Numbers, instants: Numbers) -> Table:
        wanted, found, number = self._wishes, self.choices.found, len(service)
        table = np.frombuffer(bytearray(wanted.certain) * number, VISITOR)
        table["arrives_at"], table["service"] = instants, service
        table["serving"] = self._serving(key, "serving", service)
        for name, column in wanted.columns.items():
            table[name] = found[column, :number]
        if wanted.second:
            self._second_services(key, table)
        return table

    # --- arrivals ---

    def _arrivals(self, key: Key) -> Visits:
        """Those of the usual flow; more gaps are drawn in the seldom case that there are few."""
        numbers, flow, drawn = key.stream("arrivals"), self.flow, 0
        while True:
            numbers.standard_exponential(out=flow.gaps[drawn:])
            self.arrive()
            came = int(flow.came[0])
            if came != NOBODY:
                return flow.service[:came], flow.instants[:came]
            gaps, drawn = flow.gaps, len(flow.gaps)
            flow = flow_of(flow.rates, drawn // (len(flow.rates) * BLOCK) + 1)
            flow.gaps[:drawn], self.flow = gaps, flow

    def arrive(self) -> None:
        """Fills the flow from its gaps."""
        flow, until = self.flow, self.flow.until
        gaps = flow.gaps.reshape(-1, len(until), BLOCK).transpose(1, 0, 2)
        loads = gaps.reshape(len(until), -1).cumsum(axis=1)
        before = loads < until[:, -1:]
        if before[:, -1].any():
            flow.came[0] = NOBODY
            return
        came = before.sum(axis=1)
        service, load = np.repeat(np.arange(len(until)), came), loads[before]
        rows = np.split(load, came.cumsum()[:-1])
        found = [one.searchsorted(row, side="right") for one, row in zip(until, rows, strict=True)]
        quarter = np.concatenate(found)
        share = 1 - (until[service, quarter] - load) / flow.rates[service, quarter]
        within = np.clip((share * QUARTER_HOUR).astype(np.int64), 0, QUARTER_HOUR - 1)
        flow.came[0] = visits = len(load)
        flow.service[:visits], flow.instants[:visits] = service, quarter * QUARTER_HOUR + within

    # --- what they want and do ---

    def _make_room(self, visits: int) -> None:
        wanted, services = self._wishes, len(self.flow.rates)
        self.choices = choices_of(
            wanted.rows, wanted.steps, wanted.values, visits=visits, services=services
        )
        self.choices.whole[[drawing.ONLINE, drawing.CAN]] = wanted.online, wanted.can

    def _choose(self, key: Key, service: Numbers, order: NDArray[np.intp]) -> None:
        visits = len(service)
        if visits > len(self.choices.service):
            self._make_room(visits + visits // 4)
        choices = self.choices
        choices.whole[drawing.VISITS] = visits
        choices.service[:visits], choices.order[:visits] = service, order
        self.choose(key)

    def choose(self, key: Key) -> None:
        """Finds the places of the visits in the streams, and what stands there."""
        choices = self.choices
        self._find_places()
        visits, room = choices.whole[drawing.VISITS], choices.whole[drawing.ROOM]
        places = choices.places.take(choices.wanted[:visits])
        for column, purpose in enumerate(self.purposes):
            numbers = key.stream(purpose).random(room).take(places)
            choices.found[column, :visits] = _chosen(choices, column, numbers)

    def _find_places(self) -> None:
        """As `drawing.find_places` does."""
        choices, services = self.choices, len(self.choices.counts)
        visits = choices.whole[drawing.VISITS]
        service, every = choices.service[:visits], np.arange(visits)
        order = service.argsort(kind="stable")
        choices.slots[order] = every
        counts = np.bincount(service, minlength=services)
        service = service.take(order)
        which = every - (counts.cumsum() - counts).take(service)
        places = (which // BLOCK * services + service) * BLOCK + which % BLOCK
        choices.places[:visits] = places
        choices.whole[drawing.ROOM] = places.max(initial=-1) + 1
        choices.wanted[:visits] = choices.slots.take(choices.order[:visits])

    def _by(self, law: Law, numbers: np.random.Generator) -> NDArray[np.float64]:
        """A number a visit, in order of arrival."""
        choices = self.choices
        wanted = choices.wanted[: choices.whole[drawing.VISITS]]
        return law(numbers, int(choices.whole[drawing.ROOM])).take(choices.places.take(wanted))

    def _serving(self, key: Key, purpose: str, service: Numbers) -> Numbers:
        """Times at the counter, ms; services of one law share a stream, one of its own has one."""
        times = self._by(self._times, key.stream(purpose)) * self._means.take(service)
        for place, law in self._own_times.items():
            these = service == place
            own = self._by(law, key.stream(purpose, place))
            times[these] = own[these] * self._means[place]
        return _whole(times)

    def _second_services(self, key: Key, table: Table) -> None:
        """Whoever would want the same service twice has enough with it once."""
        rows, found, number = self._wishes.second, self.choices.found, len(table)
        needs = found[rows[NEEDS], :number]
        kinds = found[rows[KIND], :number] if KIND in rows else np.full(number, self._only_kind)
        wanted = (needs != NOBODY) & (kinds != table["service"])
        table["second"] = np.where(wanted, kinds, NONE)
        table["sent_on"] = wanted & (needs == INSTEAD)
        times = self._serving(key, "second serving", kinds)
        table["second_serving"] = np.where(wanted, times, 0)


def _chosen(choices: Choices, column: int, numbers: Shares) -> Numbers:
    """What numbers, one a visitor, make of them: as `drawing.chosen` does of one."""
    kind, least, first, many = choices.columns[column].tolist()
    steps = choices.steps[first : first + many]
    if kind == drawing.BETWEEN:
        return np.asarray(least + (numbers * steps[0]).astype(np.int64))
    which = steps[:-1].searchsorted(numbers * steps[-1], side="right")
    values: Numbers = choices.values[first : first + many].take(which)
    if kind == drawing.NEXT_STEP:
        online = choices.whole[drawing.ONLINE]
        can = choices.whole[drawing.CAN]
        able = np.asarray(can if online == NOBODY else choices.found[online, : len(numbers)])
        values[(values == _ONLINE) & (able == 0)] = _GIVES_UP
    return values


def _rates(scenario: Scenario, day: Day) -> Shares:
    """A row a service of the mix."""
    places = range(len(scenario.mix.services))
    return np.array([arrival_rates(scenario, day, place) for place in places])


def _blocks(rates: Shares) -> int:
    """So many nearly always reach to the end of the day."""
    most = float(np.cumsum(rates, axis=1)[:, -1].max())
    return int(most + 4 * math.sqrt(most)) // BLOCK + 1


def _surges(scenario: Scenario, day: Day, key: Key) -> Iterator[Visits]:
    for place, wanted in enumerate(scenario.mix.services):
        surges = [one for one in day.surges if one.service == wanted.service]
        if not surges:
            continue
        numbers = key.stream("surges", place)
        for one in surges:
            instants = numbers.integers(0, one.minutes * MINUTE, numbers.poisson(one.visits))
            yield np.full(len(instants), place), minute_of(one.at) * MINUTE + instants


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
