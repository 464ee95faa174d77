"""The space of candidates and the search in it."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from simulation.experiments.figures import of_day, together
from simulation.experiments.intervals import Estimate
from simulation.experiments.search import Question, Screened, front, pareto, search
from simulation.experiments.space import Aim, Space, dimension, limit, search_file, varied
from simulation.experiments.workers import crew
from simulation.live.scenario import ScenarioError
from tests.simulation.experiments.small import MONDAY, run
from tests.simulation.test_model import CATALOGUE

BUSY = replace(MONDAY, days=(replace(MONDAY.days[0], visits=220.0),))
HALLS = dimension("hall_limit=4,8,12,16,24,40")


def screened(space: Space, question: Question, most: int) -> list[Screened]:
    found: list[Screened] = []
    with crew(CATALOGUE, 1) as people:
        search(space, question, people, most, found, lambda: None)
    return sorted(found, key=lambda one: one.rank)


def test_all_candidates_of_a_small_space_are_ranked_those_first_that_keep_the_limits() -> None:
    space = Space(BUSY, [HALLS], CATALOGUE)
    question = Question(Aim("wait_street_mean"), (limit("peak_hall<=14"),), 2)
    found = screened(space, question, 20)
    assert len(found) == len(space) == 6
    assert found[0].name == "hall_limit=12"
    assert [one.name for one in found if one.violation] == [
        "hall_limit=16",
        "hall_limit=24",
        "hall_limit=40",
    ]


def test_a_large_space_is_searched_from_a_sample_towards_the_best() -> None:
    space = Space(BUSY, [HALLS, dimension("visitors.no_show=0,0.01,0.02,0.03,0.04")], CATALOGUE)
    found = screened(space, Question(Aim("wait_street_mean"), (), 1), 12)
    assert len(found) == 12 < len(space) == 30
    assert len({one.place for one in found}) == 12
    drawn = [one for one in found if one.place in set(space.some(6))]
    assert found[0].cost <= min(one.cost for one in drawn)


def test_who_stops_the_search_keeps_who_was_looked_at() -> None:
    found: list[Screened] = []
    replications = 0

    def counts() -> None:
        nonlocal replications
        replications += 1
        if replications == 5:
            raise KeyboardInterrupt

    question = Question(Aim("wait_street_mean"), (), 2)
    with pytest.raises(KeyboardInterrupt), crew(CATALOGUE, 1) as people:
        search(Space(BUSY, [HALLS], CATALOGUE), question, people, 20, found, counts)
    assert [one.name for one in found] == ["hall_limit=4", "hall_limit=8"]


def test_what_cannot_be_is_left_out_with_its_reason() -> None:
    space = Space(BUSY, [dimension("counters=16,09:00/16+10:00/2+15:00/16")], CATALOGUE)
    found = screened(space, Question(Aim("staff_hours"), (), 2), 5)
    assert [one.name for one in found] == ["counters=16"]
    assert "rests from 10:00 to 15:00, a break lasts 240 min at most" in space.ruled_out[(1,)]


def test_limits_are_of_means_or_of_a_share() -> None:
    figures = together([of_day(day) for day in run(MONDAY).days])
    out = figures["last_out_minute"]
    assert limit("last_out_minute <= 17:30").excess(figures) == out - 1050
    assert limit("served>=10").excess(figures) == 10 - figures["served"]
    assert limit("served>=10@95").excess(figures) == pytest.approx(-0.05)
    assert limit("served<=10@95").excess(figures) == pytest.approx(0.95)
    assert limit("unserved<=0").tolerance > 0


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("wait_hall_p95<40", "write one like"),
        ("wait_hal_p95<=40", "Did you mean wait_hall_p95?"),
        ("wait_hall_p95<=soon", "no number and no time of day"),
        ("wait_hall_p95<=inf", "no number"),
    ],
)
def test_a_limit_that_is_none_is_refused(text: str, sentence: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        limit(text)
    assert sentence in str(caught.value)


@pytest.mark.parametrize(
    ("texts", "sentence"),
    [
        (["hall_limit=5,5"], "each once"),
        (["hall_limit"], "write one like group_size=5,10,20"),
        (["hall_limit=5,0"], "hall_limit"),
        (["hall_limit=5", "hall_limit=6"], "is varied twice"),
    ],
)
def test_a_space_that_cannot_be_is_refused(texts: list[str], sentence: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        Space(BUSY, map(dimension, texts), CATALOGUE)
    assert sentence in str(caught.value)


def test_a_search_is_read_from_a_file_and_its_faults_have_lines(tmp_path: Path) -> None:
    path = tmp_path / "search.yaml"
    path.write_text(
        "vary:\n  - {field: hall_limit, values: [20, 40]}\n"
        "limits: [wait_hall_p95<=40]\nleast: staff_hours\n"
    )
    found = search_file(path)
    assert varied(found) == [dimension("hall_limit=20,40")]
    assert (found.limits, found.least) == (("wait_hall_p95<=40",), "staff_hours")
    path.write_text("vary:\n  - {field: hall_limit, valus: [20]}\n")
    with pytest.raises(ScenarioError, match=r"search\.yaml:2: .*valus.*values"):
        search_file(path)


def test_the_front_has_whoever_nobody_beats_in_both() -> None:
    points = [(1.0, 5.0, (0,)), (2.0, 3.0, (1,)), (2.5, 4.0, (2,)), (3.0, 1.0, (3,))]
    assert pareto(points) == [(0,), (1,), (3,)]


def test_a_front_takes_more_served_for_better_and_less_waiting() -> None:
    made = {  # staff hours, served, mean wait
        "few": (70.0, 110.0, 60.0),
        "enough": (72.0, 329.0, 20.0),
        "dear": (90.0, 320.0, 20.0),
        "many": (103.0, 389.0, 5.0),
    }
    screened = [
        Screened(
            (place,),
            name,
            hours,
            0.0,
            {
                "staff_hours": Estimate(hours, None, 1, 0.0),
                "served": Estimate(served, None, 1, 0.0),
                "wait_total_mean": Estimate(wait, None, 1, 0.0),
            },
        )
        for place, (name, (hours, served, wait)) in enumerate(made.items())
    ]
    for against in ("served", "wait_total_mean"):
        found = [one.name for one in front(screened, "staff_hours", against)]
        assert found == ["few", "enough", "many"]
