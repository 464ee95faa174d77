"""Requests and answers of the HTTP contract around simulations and drafts of regimes.

What people read comes written in the asked language beside the number that a plot needs. Waits are
minutes, counts are visits unless people are said, shares are fractions of 1.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from schemas.fields import Code, CounterId, Text, Texts
from schemas.question import Question
from schemas.scenario import Scenario, Seed
from schemas.wire import Answer, BusinessDate, Instant, Reason, Request
from schemas.wire_questions import Figure, SearchResult, SensitivityResult
from schemas.wire_reports import RegimeRule

MOST_REPLICATIONS = 1000

Replications = Annotated[
    int,
    Meta(
        ge=1,
        le=MOST_REPLICATIONS,
        description=f"replications, a whole number from 1 to {MOST_REPLICATIONS}",
    ),
]
Kind = Literal["run", "search", "sensitivity"]
State = Literal["queued", "running", "done", "failed", "cancelled"]
Which = Literal["scenario", "versus"]
Time = Annotated[str, Meta(description="a time of day, HH:MM, such as 09:15")]

# --- simulations ---------------------------------------------------------------------------------


class StartSimulation(Request, frozen=True, kw_only=True):
    """Asks for the days of a scenario, replicated; with `versus` both before the same people."""

    title: Text
    scenario: Scenario
    versus: Scenario | None = None
    replications: Replications = 100
    seed: Seed | None = None
    """In place of the scenario's own."""
    question: Question | None = None
    """Asks something of many policies of the scenario; it has its own replications."""


class Progress(Answer, frozen=True, kw_only=True, omit_defaults=False):
    """How far a simulation has come, in replications."""

    done: int
    of: int
    seconds_left: int | None
    """None where nobody can tell yet."""
    text: str


class SimulationSummary(Answer, frozen=True, kw_only=True, omit_defaults=False):
    """A simulation in a list."""

    id: str
    """Whoever has it may open it: a link to share."""
    title: str
    kind: Kind
    kind_text: str
    state: State
    state_text: str
    branch: Code
    branch_name: str
    first: BusinessDate = msgspec.field(name="from")
    last: BusinessDate = msgspec.field(name="until")
    dates: str
    days: int
    scenario_title: str
    versus_title: str
    """Empty without a second policy."""
    seed: int
    progress: Progress
    by: str
    """Who asked for it, as people read it."""
    at: Instant
    at_text: str
    actions: tuple[Literal["cancel", "draft", "delete"], ...]
    """What the asker may do now."""


class Simulations(Answer, frozen=True, kw_only=True, omit_defaults=False):
    """A page of simulations, the newest first."""

    simulations: tuple[SimulationSummary, ...]
    older: str
    """`before` of the next page; empty on the last one."""
    most_compared: int
    """Variants that a comparison may have; a run of two policies has two."""


class Band(Answer, frozen=True, kw_only=True, omit_defaults=False):
    """People in a quarter hour: below each number lie 5, 25, 50, 75 and 95 % of replications."""

    at: Time
    street: tuple[float, ...]
    hall: tuple[float, ...]
    mean_street: float
    mean_hall: float


class Histogram(Answer, frozen=True, kw_only=True, omit_defaults=False):
    """Visits of all replications by their wait; the last bin is open above."""

    part: Literal["street", "hall", "total"]
    label: str
    bin_minutes: int
    shares: tuple[float, ...]
    """Of all visits; without the empty bins at the end."""


class FigureGroup(Answer, frozen=True, kw_only=True, omit_defaults=False):
    """Figures of a service, a priority class, a counter, or of what those did who got nothing."""

    kind: Literal["service", "priority", "counter", "next_step"]
    key: str
    name: str
    figures: tuple[Figure, ...]


class DayResult(Answer, frozen=True, kw_only=True, omit_defaults=False):
    """A business date, or `all` of them together, where bands and groups are empty."""

    date: str
    text: str
    figures: tuple[Figure, ...]
    groups: tuple[FigureGroup, ...]
    bands: tuple[Band, ...]
    histograms: tuple[Histogram, ...]


class PolicyResult(Answer, frozen=True, kw_only=True, omit_defaults=False):
    """What a policy has come to so far; with several days the first entry is `all`."""

    which: Which
    title: str
    replications: int
    days: tuple[DayResult, ...]


class FigureDifference(Answer, frozen=True, kw_only=True, omit_defaults=False):
    """The second policy less the first, pair by pair, with the 95 % interval."""

    name: str
    label: str
    unit: str
    first: str
    second: str
    text: str
    mean: float
    half_width: float | None
    differs: bool
    """Whether zero lies outside the interval."""
    correlation: float | None


class DayDifferences(Answer, frozen=True, kw_only=True, omit_defaults=False):
    date: str
    text: str
    differences: tuple[FigureDifference, ...]


class Simulation(SimulationSummary, frozen=True, kw_only=True, omit_defaults=False):
    """A simulation with what is known so far: complete once its state is done."""

    failure: str
    """Why it failed, in the asked language."""
    scenario: Scenario
    versus: Scenario | None
    results: tuple[PolicyResult, ...]
    differences: tuple[DayDifferences, ...]
    """With `versus` alone."""
    courses: tuple[BusinessDate, ...]
    """Dates whose course can be watched."""
    question: Question | None
    search: SearchResult | None
    sensitivity: SensitivityResult | None


class CounterCourse(Answer, frozen=True, kw_only=True, omit_defaults=False):
    counter: CounterId
    states: str
    """A letter a minute: `.` closed, `o` open and free, `c` called, `s` serving."""


class GroupLetIn(Answer, frozen=True, kw_only=True, omit_defaults=False):
    minute: int
    people: int


class PauseSeen(Answer, frozen=True, kw_only=True, omit_defaults=False):
    """The hall empties, then it is cleaned; minutes of the course, `until` not included."""

    kind: Literal["emptying", "cleaning"]
    first: int = msgspec.field(name="from")
    last: int = msgspec.field(name="until")


class PauseToCome(Answer, frozen=True, kw_only=True, omit_defaults=False):
    """When the rules of a moment want the hall cleaned; times of day."""

    first: Time = msgspec.field(name="from")
    last: Time = msgspec.field(name="until")
    """At the soonest."""
    minute: int
    """Of the course, in which the cleaning is to begin."""


class RulesThen(Answer, frozen=True, kw_only=True, omit_defaults=False):
    """What held from a minute of the course on, until the next of them."""

    minute: int
    hall_limit: int | None
    """People in the hall and on their way to it; null where nobody limits them."""
    group_size: int | None
    """People; null where everybody goes in as they come."""
    group_interval: int
    """Minutes from one group to the next."""
    online_only: bool
    """Whether what is given online is given only there."""
    pauses: tuple[PauseToCome, ...]


class Course(Answer, frozen=True, kw_only=True, omit_defaults=False):
    """One day of the first replication, minute by minute; numbers are people.

    Every list has an entry for each minute of `clock`.
    """

    simulation: str
    which: Which
    date: BusinessDate
    date_text: str
    clock: tuple[Time, ...]
    street: tuple[int, ...]
    hall: tuple[int, ...]
    """Everybody inside, those at counters included."""
    waiting: tuple[int, ...]
    """Inside and not yet called."""
    at_counters: tuple[int, ...]
    """Called or being served."""
    served: tuple[int, ...]
    """Visits ended so far."""
    sent_away: tuple[int, ...]
    """Visits refused or given up so far."""
    counters: tuple[CounterCourse, ...]
    groups: tuple[GroupLetIn, ...]
    pauses: tuple[PauseSeen, ...]
    opens: int | None
    """Minute of the course in which the branch opens."""
    closes: int | None
    rules: tuple[RulesThen, ...]
    """Empty where a day was simulated before they were kept."""


# --- runs side by side ---------------------------------------------------------------------------


class ComparedRun(Answer, frozen=True, kw_only=True, omit_defaults=False):
    """A policy of a simulation: a column of the comparison."""

    simulation: str
    which: Which
    title: str
    replications: int


class ComparedCell(Answer, frozen=True, kw_only=True, omit_defaults=False):
    text: str
    """The mean and its half-width; empty where the figure does not exist."""
    mean: float | None
    half_width: float | None
    difference: str
    """To the first column with its half-width; empty in that column."""
    differs: bool
    """Whether zero lies outside the interval of the difference."""


class ComparedFigure(Answer, frozen=True, kw_only=True, omit_defaults=False):
    name: str
    label: str
    unit: str
    cells: tuple[ComparedCell, ...]
    """One a run, in their order."""


class RunComparison(Answer, frozen=True, kw_only=True, omit_defaults=False):
    """Figures of all days together of several runs, each taken for independent of the others.

    The interval of a difference is as wide as that of independent runs. Two policies in one
    simulation meet the same people, and their paired differences are sharper.
    """

    runs: tuple[ComparedRun, ...]
    figures: tuple[ComparedFigure, ...]


# --- drafts of regimes ---------------------------------------------------------------------------


class DraftRegime(Request, frozen=True, kw_only=True):
    """Makes the rules of a simulated policy a draft for a branch; nothing is put in force."""

    branch: Code
    which: Which = "scenario"
    policy: int | None = None
    """Number of a policy that a search has found, in the place of `which`."""
    name: Texts | None = None
    """As the regime will be called; else after the simulation."""
    from_date: date = msgspec.field(name="from")
    until_date: date | None = msgspec.field(name="until", default=None)
    note: Reason | None = None


class DeclareDraft(Request, frozen=True, kw_only=True):
    """Puts a draft in force from its first day on, or from now."""

    reason: Reason
    redirect_issued: bool = False
    """Cancels tickets still outside of whose services each one is then given only online."""


class RegimeDraft(Answer, frozen=True, kw_only=True, omit_defaults=False):
    """Rules that somebody proposes for a branch; they hold once a person puts them in force."""

    id: str
    branch: Code
    branch_name: str
    name: str
    first: BusinessDate = msgspec.field(name="from")
    last: BusinessDate | None = msgspec.field(name="until")
    dates: str
    rules: tuple[RegimeRule, ...]
    note: str
    simulation: str
    """Empty once it has been deleted."""
    simulation_title: str
    state: Literal["draft", "declared", "withdrawn"]
    state_text: str
    by: str
    at: Instant
    at_text: str
    actions: tuple[Literal["preview", "declare", "withdraw"], ...]
    """What the asker may do with it now."""


class RegimeDrafts(Answer, frozen=True, kw_only=True, omit_defaults=False):
    """Of a branch, the newest first."""

    branch: Code
    drafts: tuple[RegimeDraft, ...]
