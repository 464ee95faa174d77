"""What a simulation has come to, as a worker keeps it and the service reads it: numbers, no words.

Waits are minutes; the units of figures are named with them.
"""

from __future__ import annotations

from typing import Literal, Self, TypeAlias

from msgspec import Struct

from schemas.fields import Sentence

Which = Literal["scenario", "versus"]
ALL_DAYS = "all"
"""Stands for a date where the days of a replication are taken together."""


class Mean(Struct, frozen=True):
    """Of a figure over replications; `half_width` is of the 95 % interval, None for too few."""

    mean: float
    half_width: float | None
    count: int
    deviation: float
    least: float
    most: float


class Crowd(Struct, frozen=True):
    """People in the quarter hour from `at` ("HH:MM") on: 5, 25, 50, 75 and 95 % of replications."""

    at: str
    street: tuple[float, ...]
    hall: tuple[float, ...]
    mean_street: float
    mean_hall: float


class DayFound(Struct, frozen=True):
    """A date, or `ALL_DAYS` of which there are figures alone.

    A figure's name may end in a group, such as `wait_hall_p90[passport]`.
    """

    date: str
    figures: dict[str, Mean]
    people: tuple[Crowd, ...] = ()
    histograms: dict[str, tuple[int, ...]] = {}
    """Part of the wait -> visits of all replications by `Found.bin_minutes`."""


class PolicyFound(Struct, frozen=True):
    """What one policy came to; with several days the first entry is of `ALL_DAYS`."""

    replications: int
    days: tuple[DayFound, ...]


class DifferenceFound(Struct, frozen=True):
    """A figure under both policies, and the second less the first over the pairs."""

    first: Mean
    second: Mean
    difference: Mean
    correlation: float | None


class Found(Struct, frozen=True):
    """All of it so far. `units` names the figures in their order."""

    units: dict[str, str]
    bin_minutes: int
    policies: dict[Which, PolicyFound]
    differences: dict[str, dict[str, DifferenceFound]] = {}
    """Date, or `ALL_DAYS` -> figure; where there are two policies."""


class CounterMinutes(Struct, frozen=True):
    """A counter minute by minute: `.` closed, `o` open, `c` has called, `s` serves."""

    counter: str
    states: str


class LetIn(Struct, frozen=True):
    minute: int
    people: int


class PauseMinutes(Struct, frozen=True):
    """The hall empties, then it is cleaned; `until` is not included."""

    kind: Literal["emptying", "cleaning"]
    begins: int
    until: int


class RulesFrom(Struct, frozen=True):
    """What held from a minute on; `pauses` are those that were still to come by the plan."""

    minute: int
    hall_limit: int | None
    """People; None where nobody limits the hall."""
    group_size: int | None
    """None where people go in as they come."""
    group_interval: int
    """Minutes."""
    online_only: bool
    """Whether what is given online is given only there."""
    pauses: tuple[tuple[int, int], ...]
    """First minute of cleaning, and the first one after it at the soonest."""


class CourseFound(Struct, frozen=True):
    """A day minute by minute from `first_minute` (of the day, local) on; people and visits."""

    first_minute: int
    street: tuple[int, ...]
    hall: tuple[int, ...]
    waiting: tuple[int, ...]
    at_counters: tuple[int, ...]
    served: tuple[int, ...]
    sent_away: tuple[int, ...]
    counters: tuple[CounterMinutes, ...]
    groups: tuple[LetIn, ...]
    pauses: tuple[PauseMinutes, ...]
    opens: int | None
    closes: int | None
    rules: tuple[RulesFrom, ...] = ()
    """Each until the next; of courses kept by earlier versions nothing is known."""


class CandidateFound(Struct, frozen=True):
    """A policy on the replications of the screening; `changes` make it of the scenario."""

    changes: dict[str, str]
    breaks: bool
    """Whether its means are over a limit."""
    on_front: bool
    figures: dict[str, Mean]


class FinalistFound(Struct, frozen=True):
    """What became of a candidate in the selection, on replications of its own."""

    candidate: int
    """Its place among the candidates: a policy of that number is kept."""
    outcome: Literal["chosen", "breaks", "beaten", "without_value", "undecided"]
    detail: str
    """Limits that it breaks or, undecided, may break; or the place of who beats it."""
    figures: dict[str, Mean]


class Why(Struct, frozen=True):
    """A reason that can be told in any language: an English sentence and what its names mean."""

    template: str
    values: dict[str, str]

    @classmethod
    def of(cls, reason: str) -> Self:
        """What is no `Sentence` stays as it is."""
        if not isinstance(reason, Sentence):
            return cls("{reason}", {"reason": reason})
        return cls(reason.template, {name: str(value) for name, value in reason.values.items()})

    @property
    def sentence(self) -> Sentence:
        """In English, to be translated."""
        return Sentence(self.template, **self.values)


class RuledOut(Struct, frozen=True):
    """Changes that cannot be."""

    changes: dict[str, str]
    why: Why


class SearchFound(Struct, frozen=True):
    """What a search has come to so far. `units` names the figures in their order."""

    stage: Literal["screening", "selecting", "over"]
    units: dict[str, str]
    space: int
    """Candidates that there are."""
    candidates: tuple[CandidateFound, ...]
    finalists: tuple[FinalistFound, ...]
    zone: float
    """Difference of the aim that one does not care about, in its unit."""
    sure: bool
    """Whether the selection was decided."""
    impossible: tuple[RuledOut, ...] = ()


class EffectFound(Struct, frozen=True):
    """An input, by what shares it was varied, the measure below and above, and its elasticity."""

    label: str
    less: Mean
    more: Mean
    elasticity: Mean
    below: float = 0.0
    above: float = 0.0


class SensitivityFound(Struct, frozen=True):
    """What an exploration of the inputs has come to so far; those first that matter most."""

    units: dict[str, str]
    base: Mean | None
    effects: tuple[EffectFound, ...]


AnyFound: TypeAlias = Found | SearchFound | SensitivityFound
