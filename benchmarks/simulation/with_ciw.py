"""The reference day in Ciw: a slotted node is the door, a node with 16 servers the counters.

What Ciw has no words for is left out: a group may be let in when the hall is full, and its last
people then wait at the door; who waits outside at the closing stays there.
"""

from __future__ import annotations

from itertools import pairwise
from math import inf

import ciw

from benchmarks.simulation.outcome import Outcome, outcome
from benchmarks.simulation.reference import COUNTERS, HALL_LIMIT, Crowd, door_times

_END = 24 * 60.0
_FIRST, _OTHERS = "first", "others"


class _Drawn(ciw.dists.Distribution):  # type: ignore[misc]
    """The times that were drawn for each visitor, by the order of arrival."""

    def __init__(self, times: list[float]) -> None:
        self._times = times

    def sample(
        self,
        t: float | None = None,  # noqa: ARG002 - Ciw names it
        ind: ciw.Individual | None = None,
    ) -> float:
        return self._times[ind.id_number - 1] if ind else 0.0


def day(crowd: Crowd, group_size: int) -> Outcome:
    """Lets the day happen once."""
    network = ciw.create_network(
        arrival_distributions={
            _FIRST: [_arrivals(crowd, first_class=True), None],
            _OTHERS: [_arrivals(crowd, first_class=False), None],
        },
        service_distributions={
            name: [_Drawn(crowd.walks_in), _Drawn(crowd.at_counter)] for name in (_FIRST, _OTHERS)
        },
        number_of_servers=[_door(group_size), len(COUNTERS)],
        queue_capacities=[inf, HALL_LIMIT - len(COUNTERS)],
        priority_classes={_FIRST: 0, _OTHERS: 1},
        routing={name: [[0.0, 1.0], [0.0, 0.0]] for name in (_FIRST, _OTHERS)},
    )
    simulation = ciw.Simulation(network)
    simulation.simulate_until_max_time(_END)
    records = simulation.get_all_records()
    arrived = {one.id_number: one.arrival_date for one in records if one.node == 1}
    calls = (one for one in records if one.node == 2)  # noqa: PLR2004 - the counters
    return outcome([one.service_start_date - arrived[one.id_number] for one in calls])


def _door(group_size: int) -> ciw.Slotted:
    """No slot may begin at 0, and the list of slots begins anew behind its last one."""
    times = [max(time, 0.001) for time in door_times()]
    return ciw.Slotted(slots=[*times, _END], slot_sizes=[*[group_size] * len(times), 0])


def _arrivals(crowd: Crowd, *, first_class: bool) -> ciw.dists.Distribution:
    both = zip(crowd.arrives, crowd.first_class, strict=True)
    instants = [at for at, first in both if first == first_class]
    between = [later - before for before, later in pairwise((0.0, *instants))]
    return ciw.dists.Sequential([*between, inf])
