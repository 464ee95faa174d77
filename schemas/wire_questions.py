"""Answers of the HTTP contract about many policies of one scenario.

What people read comes written in the asked language beside the number that a plot needs.
"""

from __future__ import annotations

from typing import Literal

from schemas.scenario import Scenario
from schemas.wire import Answer


class Figure(Answer, frozen=True, kw_only=True, omit_defaults=False):
    """A figure over the replications: its mean and the 95 % interval around it."""

    name: str
    label: str
    unit: str
    text: str
    """The mean and, where there is one, the half-width, as people read them."""
    mean: float
    half_width: float | None
    """None for too few replications."""
    deviation: float
    """From replication to replication."""
    least: float
    most: float
    count: int
    """Replications in which the figure existed."""


class Axis(Answer, frozen=True, kw_only=True, omit_defaults=False):
    """A measure as a scale of a plot."""

    name: str
    label: str
    unit: str
    """Empty where the numbers are minutes from midnight."""
    more_is_better: bool
    """What the front takes for better where nobody was asked: of the second measure."""


class Candidate(Answer, frozen=True, kw_only=True, omit_defaults=False):
    """A policy that the screening has looked at: means of a few replications."""

    number: int
    text: str
    """What makes it, as people read it."""
    remark: Literal["", "front", "breaks"]
    """On the Pareto front, or over a limit."""
    x: float | None
    """On the scales of the plot."""
    y: float | None
    figures: tuple[Figure, ...]


class Finalist(Answer, frozen=True, kw_only=True, omit_defaults=False):
    """A candidate of the selection, on replications of its own."""

    number: int
    text: str
    outcome: Literal["chosen", "breaks", "beaten", "without_value", "undecided"]
    outcome_text: str
    figures: tuple[Figure, ...]
    actions: tuple[Literal["open", "draft"], ...]
    """Whether its scenario is kept, and whether it has rules for a draft."""


class RuledOut(Answer, frozen=True, kw_only=True, omit_defaults=False):
    """A candidate that cannot be."""

    text: str
    why: str


class SearchResult(Answer, frozen=True, kw_only=True, omit_defaults=False):
    """What a search has come to so far."""

    stage: Literal["screening", "selecting", "over"]
    verdict: str
    sure: bool
    """Whether the verdict was decided before the replications ended."""
    screening: str
    """How many were looked at of how many."""
    limits: tuple[str, ...]
    x: Axis
    y: Axis
    """The aim."""
    candidates: tuple[Candidate, ...]
    """The best first."""
    finalists: tuple[Finalist, ...]
    ruled_out: tuple[RuledOut, ...]


class Effect(Answer, frozen=True, kw_only=True, omit_defaults=False):
    """An input: the measure with less and with more of it, and the elasticity."""

    label: str
    change: str
    """By how much less and more of the input there was."""
    less: str
    more: str
    text: str
    """Per cent of the measure for one per cent of the input, with its interval."""
    elasticity: float
    half_width: float | None
    matters: bool
    """Whether zero lies outside the interval."""


class SensitivityResult(Answer, frozen=True, kw_only=True, omit_defaults=False):
    """What an exploration of the inputs has come to so far; those first that matter most."""

    measure: str
    """Its label and unit."""
    by: int
    """Per cent less and more."""
    base: str
    effects: tuple[Effect, ...]


class FoundPolicy(Answer, frozen=True, kw_only=True, omit_defaults=False):
    """A policy that a search has found, as the scenario that has it."""

    simulation: str
    number: int
    scenario: Scenario
