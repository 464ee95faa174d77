"""The whole way from many policies to one: screening, selection, and how far that has come."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct, field

from schemas.scenario import Scenario
from simulation.experiments.crews import Crew
from simulation.experiments.search import Question, Screened, search
from simulation.experiments.selection import Rules, Selection, select
from simulation.experiments.space import Space
from simulation.live.scenario import FaultyScenarioError

_ZONE_SHARE = 0.01
Told = Callable[[int], None]
"""Hears of every replication, and of how many there will be at most."""


class Search(Struct, frozen=True):
    """What is searched and how thoroughly."""

    scenario: Scenario
    space: Space
    question: Question
    against: str
    """Second measure of the Pareto front."""
    candidates: int
    """Looked at in the screening, at most."""
    finalists: int
    most: int
    """Replications of a finalist."""
    zone: float | None
    """Difference of the aim that one does not care about; None for a share of the best's."""
    error: float


class Course(Struct):
    """How far the search has come: what Ctrl-C keeps."""

    screened: list[Screened] = field(default_factory=list)
    finalists: list[Screened] = field(default_factory=list)
    selection: Selection | None = None
    finished: bool = False

    @property
    def sure(self) -> bool:
        """Whether the selection was decided."""
        return self.finished and self.selection is not None and self.selection.sure


def screen(wanted: Search, people: Crew, course: Course, told: Told) -> None:
    """Finds the finalists; raises ScenarioError where no candidate can be."""
    looked_at = min(wanted.candidates, len(wanted.space))
    expected = looked_at * wanted.question.replications
    search(
        wanted.space,
        wanted.question,
        people,
        wanted.candidates,
        course.screened,
        lambda: told(expected),
    )
    if not course.screened:
        raise FaultyScenarioError(
            ("vary", why) for why in sorted({*wanted.space.ruled_out.values()})
        )
    course.finalists = sorted(course.screened, key=lambda one: one.rank)[: wanted.finalists]


def choose(wanted: Search, people: Crew, course: Course, told: Told) -> None:
    """Finds the best of the finalists."""
    made = [wanted.space.candidate(one.place) for one in course.finalists]
    rules = Rules(wanted.error, zone_of(wanted, course), wanted.most)
    course.selection = Selection(len(made), wanted.question, rules)
    expected = len(made) * wanted.most
    scenarios = [one for one in made if one]
    select(scenarios, course.selection, wanted.question, people, lambda: told(expected))
    course.finished = True


def zone_of(wanted: Search, course: Course) -> float:
    """The difference of the aim that one does not care about, in its unit."""
    best = course.finalists[0].cost if course.finalists else 0.0
    return wanted.zone or _ZONE_SHARE * (abs(best) or 1.0)
