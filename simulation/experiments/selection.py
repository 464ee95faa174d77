"""The best of some candidates with a known chance of being right: ranking and selection.

Kim and Nelson, "A fully sequential procedure for indifference-zone selection in simulation",
ACM TOMACS 11 (2001), which allows common random numbers; the limits by Batur and Kim, "Finding
feasible systems in the presence of constraints on multiple performance measures", ACM TOMACS 20
(2010); both at once, the chance of error shared between them, as in Andradottir and Kim, "Fully
sequential procedures for comparing constrained systems via simulation", Naval Research Logistics
57 (2010). All stop where a sum of observations leaves the same triangle. Of a limit that a share of
the replications must keep it is known how they vary: Wald, "Sequential tests of statistical
hypotheses", Annals of Mathematical Statistics 16 (1945).

A triangle is as long as the difference that one does not care about is small. What lies clear of
it need not wait for its tip: a sum without drift ever crosses a rising line a + bn with a chance
of exp(-2ab / variance) at most (Doob, "Heuristic approach to the Kolmogorov-Smirnov theorems",
Annals of Mathematical Statistics 20 (1949)), whatever one cares about.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import isfinite, log, sqrt
from statistics import variance
from typing import Literal

from msgspec import Struct

from schemas.scenario import Scenario
from simulation.experiments.bundles import Task
from simulation.experiments.crews import Crew
from simulation.experiments.figures import Figures, of_day, together
from simulation.experiments.search import Question
from simulation.experiments.space import Limit

FIRST_STAGE = 10
"""Replications from which the variances are taken."""
_CLEAR_SHARE = 0.1
"""Of the chance of error, spent on what lies clear: the triangle grows by some 5 % for it."""
Standing = Literal["keeps", "open", "breaks"]


def scale(error: float, first_stage: int) -> float:
    """h squared of the triangle, for a chance of error and c = 1: Kim and Nelson (2001), eq. 6."""
    freedom = first_stage - 1
    return freedom * float((2 * error) ** (-2 / freedom) - 1)


def border(count: int, squared: float, variance_: float, zone: float) -> float:
    """Half the width of the triangle after so many observations; 0 from its tip on.

    `squared` is `scale`, `zone` the difference that one does not care about.
    """
    return max(0.0, squared * variance_ / (2 * zone) - zone * count / 2)


def clear(count: int, squared: float, variance_: float, most: int) -> float:
    """The rising line that asks least at observation `most`; `squared` is `scale` for half the
    chance of error, since there is no other side to leave by."""
    return sqrt(squared * variance_ * most) / 2 * (1 + count / most)


def odds(kept: int, broken: int, share: float, zone: float) -> float:
    """Log of how much likelier that is where `zone` more than `share` keep a limit than where so
    many fewer do; where that would be all or nobody, half of what is left."""
    many = min(share + zone, (1 + share) / 2)
    few = max(share - zone, share / 2)
    return kept * log(many / few) - broken * log((1 - few) / (1 - many))


class Borders(Struct, frozen=True):
    """How far from 0 a sum of observations says enough."""

    odds: float
    triangle: float
    line: float
    most: int

    @classmethod
    def of(cls, error: float, most: int) -> Borders:
        """For a chance of error, in so many observations at most."""
        triangle = scale((1 - _CLEAR_SHARE) * error, FIRST_STAGE)
        line = scale(_CLEAR_SHARE * error / 2, FIRST_STAGE)
        return cls(log(1 / error), triangle, line, most)

    def at(self, count: int, variance_: float, zone: float) -> float:
        """After so many observations, with the variance of the first stage."""
        return min(
            border(count, self.triangle, variance_, zone),
            clear(count, self.line, variance_, self.most),
        )


class Rules(Struct, frozen=True):
    """How sure, how fine and how long."""

    error: float = 0.05
    """Chance that what is chosen is not the best or breaks a limit, by more than the zones."""
    zone: float = 1.0
    """Difference of the aim that one does not care about, in its unit."""
    most: int = 200
    """Replications of each candidate."""


class Contestant:
    """A candidate among the finalists."""

    def __init__(self, number: int, limits: int) -> None:
        self.number = number
        self.observed: list[Figures] = []
        self.costs: list[float] = []
        self.excess: list[list[float]] = [[] for _ in range(limits)]
        self.standing: list[Standing] = ["open"] * limits
        self.beaten_by: int | None = None
        self.lacks = False
        """Whether a replication had no value of the aim or of a limit: nobody came so far."""

    @property
    def keeps(self) -> bool:
        """Whether it is known to keep every limit."""
        return all(one == "keeps" for one in self.standing)

    @property
    def stays(self) -> bool:
        """Whether it may still be the best."""
        return self.beaten_by is None and not self.lacks and "breaks" not in self.standing

    def add(self, figures: Figures, question: Question) -> None:
        """Takes a replication in."""
        self.observed.append(figures)
        self.costs.append(question.aim.cost(figures))
        for one, values in zip(question.limits, self.excess, strict=True):
            values.append(one.excess(figures))
        last = [self.costs[-1], *(values[-1] for values in self.excess)]
        self.lacks = self.lacks or not all(map(isfinite, last))


class Outcome(Struct, frozen=True):
    """What became of a contestant: the limits that it breaks, or the number of who beats it.

    Where nothing is decided, `broken` has the limits of which it is not known.
    """

    kind: Literal["chosen", "breaks", "beaten", "without_value", "undecided"]
    broken: tuple[str, ...] = ()
    beaten_by: int | None = None


class Selection:
    """The finalists, and what is known of them."""

    def __init__(self, count: int, question: Question, rules: Rules) -> None:
        self.contestants = [Contestant(number, len(question.limits)) for number in range(count)]
        self._question = question
        self.rules = rules
        self._variances: dict[tuple[int, int], float] = {}
        share = rules.error if not question.limits else rules.error / 2
        self._between = Borders.of(share / max(1, count - 1), rules.most)
        tests = max(1, count * len(question.limits))
        self._of_limits = Borders.of(rules.error / 2 / tests, rules.most)

    @property
    def under_way(self) -> list[Contestant]:
        """Who needs another replication; nobody when all is decided."""
        stay = [one for one in self.contestants if one.stays]
        decided = len(stay) <= 1 and all(one.keeps for one in stay)
        return [] if decided else stay

    @property
    def best(self) -> Contestant | None:
        """The chosen one: None where no candidate is known to keep the limits.

        Where the replications came to their end first, the cheapest of those that do.
        """
        keep = [one for one in self.contestants if one.stays and one.keeps and one.costs]
        return min(keep, key=lambda one: (_mean(one.costs), one.number), default=None)

    def outcome(self, one: Contestant) -> Outcome:
        """What has become of a contestant so far."""
        standings = zip(self._question.limits, one.standing, strict=True)
        if broken := tuple(limit.text for limit, how in standings if how == "breaks"):
            return Outcome("breaks", broken)
        if one.lacks:
            return Outcome("without_value")
        if one.beaten_by is not None:
            return Outcome("beaten", beaten_by=one.beaten_by)
        if one is self.best:
            return Outcome("chosen")
        standings = zip(self._question.limits, one.standing, strict=True)
        return Outcome("undecided", tuple(limit.text for limit, how in standings if how == "open"))

    @property
    def sure(self) -> bool:
        """Whether all was decided before the replications came to their end."""
        return not self.under_way

    def judge(self) -> None:
        """Looks at the limits and at the pairs, everybody having as many replications."""
        for one in self.contestants:
            if one.stays:
                self._judge_limits(one)
        keep = [one for one in self.contestants if one.stays and one.keeps]
        for better in keep:
            for worse in self.contestants:
                if better.stays and worse.stays and better is not worse:
                    self._judge_pair(better, worse)

    def _judge_limits(self, one: Contestant) -> None:
        limits = zip(self._question.limits, one.excess, strict=True)
        for place, (limit, values) in enumerate(limits):
            if one.standing[place] == "open":
                one.standing[place] = self._standing(limit, values)

    def _standing(self, limit: Limit, values: Sequence[float]) -> Standing:
        if limit.share is None:
            over, varies = sum(values), variance(values[:FIRST_STAGE])
            width = self._of_limits.at(len(values), varies, limit.tolerance)
        else:
            broken = sum(value > 0 for value in values)
            over = -odds(len(values) - broken, broken, limit.share, limit.tolerance)
            width = self._of_limits.odds
        if abs(over) < width:
            return "open"
        return "keeps" if over <= 0 else "breaks"

    def _judge_pair(self, better: Contestant, worse: Contestant) -> None:
        count = len(better.costs)
        width = self._between.at(count, self._variance(better, worse), self.rules.zone)
        apart = sum(worse.costs) - sum(better.costs)
        alike = not width and not apart and better.number < worse.number
        if apart > width or alike:
            worse.beaten_by = better.number

    def _variance(self, one: Contestant, other: Contestant) -> float:
        """Of the differences in the first stage."""
        key = (one.number, other.number)
        if key not in self._variances:
            pairs = zip(one.costs[:FIRST_STAGE], other.costs[:FIRST_STAGE], strict=True)
            self._variances[key] = variance(a - b for a, b in pairs)
        return self._variances[key]


def select(
    scenarios: Sequence[Scenario],
    selection: Selection,
    question: Question,
    crew: Crew,
    told: Callable[[], None],
) -> None:
    """Lets the finalists happen until the selection is decided, or as often as its rules say.

    The replications are others than those of the screening, whose luck must not count again.
    """
    done = 0
    while done < selection.rules.most and (under_way := selection.under_way):
        batch = FIRST_STAGE if not done else 1
        numbers = range(question.replications + done, question.replications + done + batch)
        tasks = [(one, number) for number in numbers for one in under_way]
        answers = crew.run(
            Task(scenarios[one.number], number, question.engine) for one, number in tasks
        )
        for (one, _), answer in zip(tasks, answers, strict=True):
            one.add(together([of_day(day) for day in answer.days]), question)
            told()
        done += batch
        selection.judge()


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)
