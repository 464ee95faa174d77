"""The search for candidates worth a closer look: all of them, or a sample and its neighbours.

What is found here is only a screening on few replications: which is best is for `selection`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from msgspec import Struct

from schemas.question import MORE_IS_BETTER
from schemas.scenario import Scenario
from simulation.experiments.bundles import Task
from simulation.experiments.crews import Crew
from simulation.experiments.figures import Figures, of_day, together
from simulation.experiments.intervals import Estimate, Tally
from simulation.experiments.space import Aim, Limit, Place, Space, violation

_LEADERS = 3
Told = Callable[[], None]


class Screened(Struct, frozen=True):
    """A candidate on the replications of the screening."""

    place: Place
    name: str
    cost: float
    """Mean of the aim; smaller is better."""
    violation: float
    """Sum of what the means are over the limits, in parts of these; 0 where all are kept."""
    estimates: dict[str, Estimate]

    @property
    def rank(self) -> tuple[float, float, Place]:
        """Those that keep the limits first, among them the cheapest."""
        return (self.violation, self.cost, self.place)


class Question(Struct, frozen=True):
    """What is asked of candidates; `engine` answers it."""

    aim: Aim
    limits: tuple[Limit, ...]
    replications: int
    engine: str = "simpy"


def search(
    space: Space, question: Question, crew: Crew, most: int, screened: list[Screened], told: Told
) -> None:
    """Adds at most `most` candidates to `screened`, each as soon as it has been looked at.

    Where there are more in the space, half of them are drawn and the rest are neighbours of the
    best so far. `told` hears of every replication.
    """
    batch: Iterable[Place] = space.every() if len(space) <= most else space.some(most // 2)
    seen: set[Place] = set()
    while places := [place for place in batch if place not in seen]:
        places = places[: most - len(seen)]
        seen.update(places)
        screened.extend(_screen(space, question, crew, places, told))
        if len(seen) >= min(most, len(space)):
            return
        leaders = sorted(screened, key=lambda one: one.rank)[:_LEADERS]
        batch = dict.fromkeys(near for one in leaders for near in space.neighbours(one.place))


def _screen(
    space: Space, question: Question, crew: Crew, places: Sequence[Place], told: Told
) -> Iterator[Screened]:
    known = [(place, made) for place in places if (made := space.candidate(place))]
    answers = crew.run(_tasks([made for _, made in known], question))
    for place, _ in known:
        observed = []
        for _ in range(question.replications):
            observed.append(together([of_day(day) for day in next(answers).days]))
            told()
        yield _screened(space, question, place, observed)


def _tasks(scenarios: Iterable[Scenario], question: Question) -> Iterator[Task]:
    for scenario in scenarios:
        for number in range(question.replications):
            yield Task(scenario, number, question.engine)


def _screened(
    space: Space, question: Question, place: Place, observed: Sequence[Figures]
) -> Screened:
    means = {one.text: sum(map(one.excess, observed)) / len(observed) for one in question.limits}
    cost = sum(map(question.aim.cost, observed)) / len(observed)
    return Screened(
        place, space.name(place), cost, violation(question.limits, means), estimates_of(observed)
    )


def estimates_of(observed: Iterable[Figures]) -> dict[str, Estimate]:
    """Means of the figures of some replications."""
    tallies: dict[str, Tally] = {}
    for figures in observed:
        for name, value in figures.items():
            tallies.setdefault(name, Tally()).add(value)
    return {name: one for name, tally in tallies.items() if (one := tally.estimate)}


def pareto(points: Iterable[tuple[float, float, Place]]) -> list[Place]:
    """Places that no other one beats in one of two costs without being worse in the other."""
    front: list[Place] = []
    best = float("inf")
    for _, second, place in sorted(points):
        if second < best:
            front.append(place)
            best = second
    return front


def front(screened: Sequence[Screened], aim: str, against: str) -> list[Screened]:
    """Those that keep the limits and that no other such candidate beats in both measures."""
    by_place = {one.place: one for one in screened}
    sign = -1 if against in MORE_IS_BETTER else 1
    points = [
        (one.cost, sign * one.estimates[against].mean, one.place)
        for one in screened
        if not one.violation and against in one.estimates and aim in one.estimates
    ]
    return [by_place[place] for place in pareto(points)]
