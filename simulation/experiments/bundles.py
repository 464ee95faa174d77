"""Replications in bundles: to hand one over costs milliseconds, and a compiled one takes no more.

How many go together follows from how long the last ones took; the answers come one by one, in the
order of the tasks.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Protocol, TypeVar

import msgspec
from msgspec import Struct

from schemas.catalogue import Catalogue
from schemas.scenario import Scenario
from simulation.experiments.engine import ENGINES, Kept, Replication

_AHEAD = 3
"""Bundles that each of those who work may be ahead of the oldest one, so that memory is bounded."""
_LARGEST = 2000
_SHORTEST = 1e-6
Handed = TypeVar("Handed")


class Task(Struct, frozen=True):
    """A replication to be run."""

    scenario: Scenario
    number: int
    engine: str = "simpy"
    kept: Kept = Kept()


def run_task(task: Task, catalogue: Catalogue) -> Replication:
    """The replication that a task asks for."""
    return ENGINES[task.engine](task.scenario, catalogue, task.number, task.kept)


class Bundle(Struct, frozen=True):
    """What some tasks have come to, and how long they took."""

    replications: tuple[Replication, ...]
    seconds: float

    def packed(self) -> bytes:
        """For the way to another process; much quicker than pickle, and exact."""
        return msgspec.msgpack.encode(self)

    @classmethod
    def unpacked(cls, packed: bytes) -> Bundle:
        """What was packed."""
        return _bundles.decode(packed)

    def size_for(self, seconds: float) -> int:
        """How many such tasks take so long."""
        each = max(self.seconds / len(self.replications), _SHORTEST)
        return min(_LARGEST, max(1, round(seconds / each)))


_bundles = msgspec.msgpack.Decoder(Bundle)


def run_bundle(
    tasks: Iterable[Task], catalogue: Catalogue, goes_on: Callable[[], object] = lambda: None
) -> Bundle:
    """Runs tasks one after another; `goes_on` is called before each and may raise."""
    began = time.perf_counter()
    found: list[Replication] = []
    for task in tasks:
        goes_on()
        found.append(run_task(task, catalogue))
    return Bundle(tuple(found), time.perf_counter() - began)


class Hands(Protocol[Handed]):
    """Those who take bundles of about `seconds` and give back what has become of them."""

    @property
    def seconds(self) -> float: ...

    @property
    def width(self) -> int:
        """So many work at the same time, as far as is known now."""
        ...

    def take(self, tasks: tuple[Task, ...]) -> Handed:
        """Begins with a bundle, or puts it where it is begun with later."""
        ...

    def give(self, handed: Handed) -> Bundle:
        """Waits for a bundle."""
        ...

    def drop(self, handed: Sequence[Handed]) -> None:
        """Nobody wants these any more."""
        ...


def in_order(tasks: Iterable[Task], hands: Hands[Handed]) -> Iterator[Replication]:
    """The results in the order of the tasks, each as soon as those before it are there.

    Who stops asking has asked for a few bundles too many, which are dropped.
    """
    rest, size = iter(tasks), 1
    under_way: deque[Handed] = deque()
    try:
        while True:
            most = _AHEAD * max(1, hands.width)
            while len(under_way) < most and (some := tuple(islice(rest, size))):
                under_way.append(hands.take(some))
            if not under_way:
                return
            bundle = hands.give(under_way.popleft())
            size = bundle.size_for(hands.seconds)
            yield from bundle.replications
    finally:
        hands.drop(under_way)
