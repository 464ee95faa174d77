"""What a planner's job asks: the answers of the command, whoever goes on where another has died."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

import pytest

from queue_service.simulations.jobs import Job
from schemas.question import Limit, Measure, Pauses, Question, Search, Sensitivity, Vary
from simulation.asked.recalling import Recalling
from simulation.asked.search import Searched, wanted_of
from simulation.asked.work import work_of
from simulation.experiments.figures import FIGURES
from simulation.experiments.optimisation import Course, choose, screen
from simulation.experiments.workers import crew
from simulation.live.scenario import ScenarioError
from tests.simulation.experiments.small import GROUPS, MONDAY
from tests.simulation.test_model import CATALOGUE

if TYPE_CHECKING:
    from simulation.experiments.engine import Replication

VARY = Vary(
    group_size=(4, 12),
    hall_limit=(15, 25),
    pauses=(Pauses(every_minutes=90, minutes=10),),
)
SEARCH = Search(
    vary=VARY,
    limits=(Limit(measure="last_out_minute", bound="19:30", of_hundred=60),),
    aim="wait_street_p90",
    screen=2,
    finalists=2,
    replications=12,
)


def job(question: Question | None) -> Job:
    return Job(
        id="a",
        owner=b"",
        scenario=GROUPS,
        versus=MONDAY if question is None else None,
        question=question,
        catalogue=CATALOGUE,
        replications=3,
        tries=1,
    )


def test_the_measures_are_those_of_the_simulation() -> None:
    assert {*get_args(Measure)} == {*FIGURES}


def test_a_search_comes_to_what_the_command_comes_to() -> None:
    asked = job(SEARCH)
    work, course, wanted = Searched(asked, SEARCH), Course(), wanted_of(asked, SEARCH)
    with crew(CATALOGUE, 1) as people:
        work.run(people)
        screen(wanted, people, course, lambda _: None)
        choose(wanted, people, course, lambda _: None)
    found = work.found()
    assert (found.stage, found.space, work.done) == ("over", 4, work.most)
    assert [one.changes["hall_limit"] for one in found.candidates] == ["15", "25", "15", "25"]
    assert {one.changes["pauses"] for one in found.candidates} == {"90/10"}
    means = [one.figures["wait_street_p90"].mean for one in found.candidates]
    assert means == [one.estimates["wait_street_p90"].mean for one in course.screened]
    best = course.selection and course.selection.best
    chosen = [one.candidate for one in found.finalists if one.outcome == "chosen"]
    expected = [course.screened.index(course.finalists[best.number])] if best else []
    assert chosen == expected


@pytest.mark.parametrize(
    "question", [None, SEARCH, Sensitivity(replications=2)], ids=["run", "search", "inputs"]
)
def test_whoever_is_told_the_first_answers_comes_to_the_same(question: Question | None) -> None:
    answers: list[Replication] = []
    with crew(CATALOGUE, 1) as people:
        whole = work_of(job(question))
        whole.run(Recalling(people, [], answers.append, lambda: None))
        for known in (1, len(answers) // 2, len(answers)):
            fresh: list[Replication] = []
            again = work_of(job(question))
            again.run(Recalling(people, answers[:known], fresh.append, lambda: None))
            assert again.found() == whole.found()
            assert (again.done, len(fresh)) == (whole.done, len(answers) - known)


def test_the_policies_that_are_kept_are_those_of_the_finalists() -> None:
    work = Searched(job(SEARCH), SEARCH)
    with crew(CATALOGUE, 1) as people:
        work.run(people)
    kept = {one.number: one.scenario for one in work.policies()}
    found = work.found()
    assert {*kept} == {one.candidate for one in found.finalists}
    for number, scenario in kept.items():
        changes = found.candidates[number].changes
        assert str(scenario.rules.group_size) == changes["group_size"]
    assert work.policies() == []


def test_a_search_in_which_nothing_can_be_is_refused() -> None:
    question = Search(vary=Vary(counters=("0",)))
    with crew(CATALOGUE, 1) as people, pytest.raises(ScenarioError, match="nobody is left"):
        work_of(job(question)).run(people)
