"""Replications: as many as are needed, and the same numbers whoever runs them."""

from __future__ import annotations

import msgspec
import pytest

from simulation.experiments.bundles import Task
from simulation.experiments.engine import Kept, simpy_engine
from simulation.experiments.figures import FIGURES, of_day, require, together
from simulation.experiments.intervals import Tally
from simulation.experiments.replications import FEWEST, Plan, replications
from simulation.experiments.summary import BAND, Summary
from simulation.experiments.workers import crew
from simulation.live.scenario import ScenarioError
from tests.simulation.experiments.small import GROUPS, MONDAY, TWO_DAYS, run
from tests.simulation.test_model import CATALOGUE


def summary_of(plan: Plan, workers: int = 1) -> Summary:
    summary = Summary()
    with crew(CATALOGUE, workers) as people:
        for _ in replications(MONDAY, plan, people, summary):
            pass
    return summary


def as_told(summary: Summary) -> bytes:
    date = summary.dates[0]
    waits = summary.histogram("total", date)
    return msgspec.json.encode((summary.estimates(), summary.bands(date), waits))


def test_the_numbers_do_not_depend_on_how_many_work_at_them() -> None:
    plan = Plan(12)
    assert as_told(summary_of(plan)) == as_told(summary_of(plan, workers=2))


def test_answers_come_in_order_and_only_those_that_are_wanted() -> None:
    tasks = [Task(MONDAY, number) for number in (4, 2, 3)]
    with crew(CATALOGUE, 2) as people:
        answers = people.run(tasks)
        assert [next(answers).number, next(answers).number] == [4, 2]


def test_replications_end_when_the_interval_is_narrow_enough() -> None:
    wide, limit = 40.0, 60
    tally = Tally()
    needed = 0
    for number in range(limit):
        (day,) = run(MONDAY, number).days
        tally.add(day.tickets)
        if number + 1 >= FEWEST and (tally.half_width or wide) <= 3.5:
            needed = number + 1
            break
    found = summary_of(Plan(limit, 3.5, "tickets"))
    assert FEWEST < found.replications == needed < limit
    assert (found.tally("tickets").half_width or wide) <= 3.5


def test_the_limit_ends_what_would_take_for_ever() -> None:
    assert summary_of(Plan(FEWEST + 1, 1e-9)).replications == FEWEST + 1
    assert summary_of(Plan(3, 1e9)).replications == 3


def test_days_together_are_sums_means_and_the_worst_of_them() -> None:
    days = [of_day(day) for day in run(TWO_DAYS).days]
    whole = together(days)
    assert whole["tickets"] == sum(day["tickets"] for day in days)
    assert whole["wait_hall_p95"] == max(day["wait_hall_p95"] for day in days)
    assert whole["counter_use"] == pytest.approx(sum(day["counter_use"] for day in days) / 2)
    assert whole.keys() <= FIGURES.keys()


def test_a_day_without_pauses_does_not_make_those_of_others_more_punctual() -> None:
    late, none, early = {"pauses": 3.0, "pause_delay": 10.0}, {"pauses": 0.0}, {"pauses": 1.0}
    whole = together([late, none, early | {"pause_delay": 2.0}])
    assert (whole["pauses"], whole["pause_delay"]) == (4.0, 8.0)
    assert together([none])["pause_delay"] == 0.0
    assert together([{"pauses": 3.0, "pause_delay": 13.822}])["pause_delay"] == 13.822
    assert "pause_delay" not in of_day(run(MONDAY).days[0])


def test_bands_lie_in_order_and_about_the_mean() -> None:
    summary = summary_of(Plan(20))
    moments = summary.bands(summary.dates[0])
    assert {len(one.hall) for one in moments} == {len(BAND)}
    assert all(list(one.hall) == sorted(one.hall) for one in moments)
    busiest = max(moments, key=lambda one: one.mean_hall)
    assert busiest.hall[0] <= busiest.mean_hall <= busiest.hall[-1]
    assert "09:00" <= busiest.at <= "12:00"


def test_visits_and_journals_are_kept_only_where_they_are_wanted() -> None:
    assert (run(GROUPS).visits, run(GROUPS).journals) == (b"", {})
    kept = simpy_engine(GROUPS, CATALOGUE, 0, Kept(visits=True, journals=1))
    (day,) = kept.days
    assert len(kept.visits.splitlines()) == day.tickets
    assert list(kept.journals) == ["journal-uralsk-2-2026-03-02.jsonl"]
    assert simpy_engine(GROUPS, CATALOGUE, 1, Kept(journals=1)).journals == {}


def test_an_unknown_measure_brings_the_nearest_known_one() -> None:
    with pytest.raises(ScenarioError, match="Did you mean wait_hall_p95"):
        require("wait_hal_p95")
