"""The reference day in salabim: a component for each visitor and for the door, 16 resources."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import salabim

from benchmarks.simulation.outcome import Outcome, outcome
from benchmarks.simulation.reference import COUNTERS, HALL_LIMIT, Crowd, door_times

Steps = Generator[Any, None, None]
_FIRST, _OTHER = 0, 1


class _Visitor(salabim.Component):  # type: ignore[misc]
    def setup(self, day: _Day, number: int) -> None:
        self.day = day
        self.number = number

    def process(self) -> Steps:
        day, crowd, number = self.day, self.day.crowd, self.number
        came = day.env.now()
        place = _FIRST if crowd.first_class[number] else _OTHER
        self.enter_sorted(day.street, place)
        yield self.passivate()
        yield self.hold(crowd.walks_in[number])
        yield self.request(day.counters)
        day.waits.append(day.env.now() - came)
        yield self.hold(crowd.at_counter[number])
        self.release(day.counters)
        yield self.hold(crowd.walks_out[number])
        day.inside -= 1


class _Arrivals(salabim.Component):  # type: ignore[misc]
    def setup(self, day: _Day) -> None:
        self.day = day

    def process(self) -> Steps:
        for number, arrives in enumerate(self.day.crowd.arrives):
            yield self.hold(till=arrives)
            _Visitor(env=self.day.env, day=self.day, number=number)


class _Door(salabim.Component):  # type: ignore[misc]
    def setup(self, day: _Day) -> None:
        self.day = day

    def process(self) -> Steps:
        for time in door_times():
            yield self.hold(till=time)
            room = min(self.day.group_size, HALL_LIMIT - self.day.inside, len(self.day.street))
            for _ in range(room):
                self.day.inside += 1
                self.day.street.pop().activate()


class _Day:
    def __init__(self, crowd: Crowd, group_size: int) -> None:
        self.env = salabim.Environment(trace=False, random_seed=None, yieldless=False)
        self.crowd = crowd
        self.group_size = group_size
        self.street = salabim.Queue("street", env=self.env, monitor=False)
        self.counters = salabim.Resource("counters", len(COUNTERS), env=self.env, monitor=False)
        self.inside = 0
        self.waits: list[float] = []


def day(crowd: Crowd, group_size: int) -> Outcome:
    """Lets the day happen once."""
    whole = _Day(crowd, group_size)
    _Arrivals(env=whole.env, day=whole)
    _Door(env=whole.env, day=whole)
    whole.env.run()
    return outcome(whole.waits)
