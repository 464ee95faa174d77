"""A search for the best of many policies, as a job."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Literal

from queue_service.simulations.jobs import Course, Job, Policy
from schemas.question import Limit, Pauses, Search, Vary
from schemas.simulated import CandidateFound, FinalistFound, Mean, RuledOut, SearchFound, Why
from simulation.experiments.changes import PAUSES
from simulation.experiments.choice import engine_for
from simulation.experiments.crews import Crew
from simulation.experiments.engine import Replication
from simulation.experiments.figures import FIGURES
from simulation.experiments.found import mean_of, units
from simulation.experiments.intervals import Estimate
from simulation.experiments.optimisation import Course as Progress
from simulation.experiments.optimisation import Search as Wanted
from simulation.experiments.optimisation import choose, screen, zone_of
from simulation.experiments.search import Question, estimates_of, front
from simulation.experiments.selection import Contestant, Selection
from simulation.experiments.space import Aim, Dimension, Space, limit

SHOWN = (
    "served", "unserved", "not_admitted_at_closing", "wait_street_p90", "wait_hall_p95",
    "wait_total_mean", "peak_hall", "staff_hours", "last_out_minute",
)  # fmt: skip
"""Measures of a candidate that are told beside those that were asked about."""


class Searched:
    """A search and what it has come to."""

    def __init__(self, job: Job, asked: Search) -> None:
        self._job = job
        self._asked = asked
        self._progress = Progress()
        self._wanted: Wanted | None = None
        self._told: set[int] = set()
        self.done = 0
        self.most = asked.runs

    def run(self, people: Crew) -> None:
        wanted = self._wanted = wanted_of(self._job, self._asked)
        screen(wanted, people, self._progress, self._counted)
        finalists = len(self._progress.finalists)
        self.most = self.done + finalists * wanted.most
        choose(wanted, people, self._progress, self._counted)
        self.most = self.done

    def _counted(self, _: int) -> None:
        self.done += 1

    def found(self) -> SearchFound:
        wanted, progress = self._wanted, self._progress
        if wanted is None:
            return SearchFound(
                "screening", {}, self._asked.vary.candidates, (), (), 0.0, sure=False
            )
        return SearchFound(
            stage=self._stage(),
            units=units(self._shown()),
            space=len(wanted.space),
            candidates=tuple(self._candidates(wanted)),
            finalists=tuple(self._finalists()),
            zone=zone_of(wanted, progress),
            sure=progress.sure,
            impossible=tuple(
                RuledOut(_changes(wanted.space, place), Why.of(why))
                for place, why in wanted.space.ruled_out.items()
            ),
        )

    def _stage(self) -> Literal["screening", "selecting", "over"]:
        if self._progress.finished:
            return "over"
        return "selecting" if self._progress.selection else "screening"

    def _shown(self) -> list[str]:
        """In the order of the figures."""
        asked = self._asked
        names = {asked.aim, asked.against, *SHOWN, *(one.measure for one in asked.limits)}
        return [name for name in FIGURES if name in names]

    def _figures(self, found: dict[str, Estimate]) -> dict[str, Mean]:
        return {name: mean_of(found[name]) for name in self._shown() if name in found}

    def _candidates(self, wanted: Wanted) -> Iterator[CandidateFound]:
        """In the order in which they were looked at, by which policies are numbered."""
        asked, screened = self._asked, self._progress.screened
        best = {one.place for one in front(screened, asked.aim, asked.against)}
        for one in screened:
            yield CandidateFound(
                changes=_changes(wanted.space, one.place),
                breaks=bool(one.violation),
                on_front=one.place in best,
                figures=self._figures(one.estimates),
            )

    def _finalists(self) -> Iterator[FinalistFound]:
        selection = self._progress.selection
        if selection:
            known = (one for one in selection.contestants if one.observed)
            yield from (self._finalist(selection, one) for one in known)

    def _finalist(self, selection: Selection, one: Contestant) -> FinalistFound:
        outcome = selection.outcome(one)
        detail = ", ".join(outcome.broken)
        if outcome.beaten_by is not None:
            detail = str(self._place(outcome.beaten_by))
        figures = self._figures(estimates_of(one.observed))
        return FinalistFound(self._place(one.number), outcome.kind, detail, figures)

    def _place(self, number: int) -> int:
        """Of a finalist among the candidates."""
        return self._progress.screened.index(self._progress.finalists[number])

    def courses(self, _: Sequence[Replication]) -> list[Course]:
        """None: a policy that was found is run to be watched."""
        return []

    def policies(self) -> list[Policy]:
        """The finalists, once they are known."""
        return [*self._new(self._wanted.space)] if self._wanted else []

    def _new(self, space: Space) -> Iterator[Policy]:
        for place, one in enumerate(self._progress.finalists):
            number = self._place(place)
            if number not in self._told and (made := space.candidate(one.place)):
                self._told.add(number)
                yield Policy(number, made)


def wanted_of(job: Job, asked: Search) -> Wanted:
    """The search as the command line has it; raises ScenarioError."""
    engine = engine_for(None, job.scenario, asked.runs)
    limits = tuple(dict.fromkeys(limit(_text(one)) for one in asked.limits))
    aim = Aim(asked.aim, asked.way)
    return Wanted(
        scenario=job.scenario,
        space=Space(job.scenario, _dimensions(asked.vary), job.catalogue),
        question=Question(aim, limits, asked.screen, engine),
        against=asked.against,
        candidates=asked.candidates,
        finalists=asked.finalists,
        most=asked.replications,
        zone=None,
        error=1 - asked.sure / 100,
    )


def _text(one: Limit) -> str:
    """As the command line writes it."""
    sign = "<=" if one.way == "at_most" else ">="
    share = "" if one.of_hundred is None else f"@{one.of_hundred:02d}"
    return f"{one.measure}{sign}{one.bound}{share}"


def _dimensions(vary: Vary) -> Iterator[Dimension]:
    for name in vary.__struct_fields__:
        values = getattr(vary, name)
        if name == PAUSES:
            yield from _dimension(PAUSES, map(_pauses, values))
        else:
            yield from _dimension(name, map(str, values))


def _dimension(name: str, values: Iterable[str]) -> Iterator[Dimension]:
    """None where the rule stays as it is."""
    found = tuple(dict.fromkeys(values))
    if found:
        yield Dimension(name, found)


def _pauses(one: Pauses) -> str:
    return f"{one.every_minutes}/{one.minutes}" if one.every_minutes else "none"


def _changes(space: Space, place: tuple[int, ...]) -> dict[str, str]:
    return dict(one.split("=", 1) for one in space.changes(place))
