"""What is searched: values of some changes, limits of some measures, and what is best."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice, product
from math import inf, isfinite, prod
from pathlib import Path
from typing import Annotated, Literal

from msgspec import Meta, Struct

from schemas.catalogue import Catalogue, CatalogueError
from schemas.catalogue.document import compose
from schemas.catalogue.reader import Reader
from schemas.scenario import Scenario
from simulation.experiments.changes import changed
from simulation.experiments.figures import Figures, require
from simulation.live.scenario import ScenarioError

_LIMIT = re.compile(r"([a-z0-9_]+)(<=|>=)([^@]+)(?:@(0?[1-9]|[1-9][0-9]))?")
_CLOCK = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])")
_MOST_VALUES = 100
_USUAL_SHARE = 0.02
Place = tuple[int, ...]
"""A candidate: the position of its value in each dimension."""


class Limit(Struct, frozen=True):
    """A bound that a candidate must keep: its mean over replications, or a share of them.

    `share` is how large a part of the replications must keep to the bound, None for the mean.
    """

    measure: str
    at_most: bool
    bound: float
    share: float | None
    text: str

    def excess(self, figures: Figures) -> float:
        """By how much a replication is over, below 0 where the bound is kept; its mean counts.

        With a share: that share less 1 for each that keeps the bound. Infinite where nobody came
        so far that there is a value.
        """
        value = figures.get(self.measure)
        if value is None:
            return inf
        over = value - self.bound if self.at_most else self.bound - value
        return over if self.share is None else self.share - (over <= 0)

    @property
    def scale(self) -> float:
        """What an excess is set against."""
        return abs(self.bound) or 1.0 if self.share is None else 1.0

    @property
    def tolerance(self) -> float:
        """By less than that a bound may be missed unnoticed: 2 % of it, or of 1 where it is 0."""
        return _USUAL_SHARE * self.scale


def limit(text: str) -> Limit:
    """Reads "wait_hall_p95<=40" or "last_out_minute<=17:00@95"; raises ScenarioError."""
    found = _LIMIT.fullmatch(text.replace(" ", ""))
    if not found:
        sentence = "write one like wait_hall_p95<=40 or last_out_minute<=17:00@95"
        raise ScenarioError(f"limit: {text!r} is not accepted, {sentence}")
    require(found[1])
    share = int(found[4]) / 100 if found[4] else None
    return Limit(found[1], found[2] == "<=", _bound(found[3], text), share, text)


def _bound(value: str, text: str) -> float:
    clock = _CLOCK.fullmatch(value)
    if clock:
        return int(clock[1]) * 60.0 + int(clock[2])
    try:
        bound = float(value)
    except ValueError:
        bound = float("nan")
    if not isfinite(bound):
        raise ScenarioError(f"limit: {text!r}: {value} is no number and no time of day")
    return bound


class Aim(Struct, frozen=True):
    """The measure whose mean is to be as small, or as great, as can be."""

    measure: str
    way: Literal["least", "most"] = "least"

    def cost(self, figures: Figures) -> float:
        """Of a replication: the smaller the better; infinite where there is no value."""
        value = figures.get(self.measure)
        if value is None:
            return inf
        return value if self.way == "least" else -value


class Dimension(Struct, frozen=True):
    """A change, such as `group_size`, and its values in order."""

    field: str
    values: tuple[str, ...]

    def __post_init__(self) -> None:
        if not 1 <= len(self.values) <= _MOST_VALUES or len(set(self.values)) < len(self.values):
            sentence = f"write 1 to {_MOST_VALUES} values, each once"
            raise ScenarioError(f"{self.field}: {', '.join(self.values)}: {sentence}")


def dimension(text: str) -> Dimension:
    """Reads "group_size=5,10,20"; raises ScenarioError."""
    field, equals, values = text.partition("=")
    if not equals or not values:
        raise ScenarioError(f"vary: {text!r} is not accepted, write one like group_size=5,10,20")
    return Dimension(field, tuple(values.split(",")))


class Space:
    """Every candidate; a scenario is made of one only when it is asked for."""

    def __init__(
        self, scenario: Scenario, dimensions: Iterable[Dimension], catalogue: Catalogue
    ) -> None:
        """Raises ScenarioError where a value of a dimension cannot be, in itself."""
        self.scenario = scenario
        self.dimensions = tuple(dimensions)
        self._catalogue = catalogue
        self.ruled_out: dict[Place, str] = {}
        """Candidates that cannot be, and why: a service that nobody could give, for example."""
        fields = [one.field for one in self.dimensions]
        twice = next((field for field in fields if fields.count(field) > 1), None)
        if twice:
            raise ScenarioError(f"{twice}: is varied twice, write its values in one list")
        for one in self.dimensions:
            self._check(one)

    def _check(self, one: Dimension) -> None:
        """A dimension of which nothing can be is a mistake of whoever wrote it."""
        problems: list[ScenarioError] = []
        for value in one.values:
            try:
                changed(self.scenario, [f"{one.field}={value}"], self._catalogue)
            except ScenarioError as problem:
                problems.append(problem)
        if len(problems) == len(one.values) or (problems and one.field != "counters"):
            raise problems[0]

    def __len__(self) -> int:
        return prod(len(one.values) for one in self.dimensions)

    def changes(self, place: Place) -> list[str]:
        """The changes that make a candidate."""
        named = zip(self.dimensions, place, strict=True)
        return [f"{one.field}={one.values[at]}" for one, at in named]

    def name(self, place: Place) -> str:
        """The changes in a line."""
        return ", ".join(self.changes(place)) or "as it is"

    def candidate(self, place: Place) -> Scenario | None:
        """The scenario of a candidate, None where it cannot be."""
        try:
            return changed(self.scenario, self.changes(place), self._catalogue)
        except ScenarioError as problem:
            self.ruled_out[place] = problem.reason
            return None

    def every(self) -> Iterator[Place]:
        """All candidates, in order."""
        return product(*(range(len(one.values)) for one in self.dimensions))

    def some(self, count: int) -> list[Place]:
        """So many different candidates, drawn by the scenario's seed."""
        draw = random.Random(f"{self.scenario.seed}/candidates")  # noqa: S311 - no secret
        sizes = [len(one.values) for one in self.dimensions]
        drawn: Iterator[Place] = iter(lambda: tuple(map(draw.randrange, sizes)), None)
        return list(islice(dict.fromkeys(islice(drawn, 20 * count)), count))

    def neighbours(self, place: Place) -> Iterator[Place]:
        """Candidates that differ by one step of one dimension."""
        for at, one in enumerate(self.dimensions):
            for step in (-1, 1):
                if 0 <= place[at] + step < len(one.values):
                    yield (*place[:at], place[at] + step, *place[at + 1 :])


class SearchFile(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a file says of a search: the options of the command by the same names."""

    vary: Annotated[tuple[Varied, ...], Meta(min_length=1, description="one change or more")]
    limits: tuple[str, ...] = ()
    least: str | None = None
    most: str | None = None


class Varied(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The values of one change."""

    field: str
    values: Annotated[tuple[str, ...], Meta(min_length=1, description="one value or more")]


def search_file(path: Path) -> SearchFile:
    """Reads a search; raises ScenarioError with the line of every fault."""
    reader = Reader(path.name)
    try:
        found = reader.read(compose(path), SearchFile)
    except CatalogueError as problem:
        raise ScenarioError(str(problem)) from None
    if reader.problems or not isinstance(found, SearchFile):
        raise ScenarioError("\n".join(map(str, sorted(reader.problems))))
    return found


def varied(found: SearchFile) -> list[Dimension]:
    """The dimensions of a file."""
    return [Dimension(one.field, one.values) for one in found.vary]


def violation(limits: Iterable[Limit], means: Mapping[str, float]) -> float:
    """How far all the means of excesses are over, each set against its bound."""
    return sum(max(0.0, means[one.text]) / one.scale for one in limits)
