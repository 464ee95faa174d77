"""What is kept of an experiment is what its summary says, and everything in it has words."""

from __future__ import annotations

import pytest

from queue_service.http.languages import LANGUAGES
from queue_service.http.simulation_texts import simulation_texts
from queue_service.scenarios.reading import presets
from schemas.simulated import ALL_DAYS
from simulation.experiments.comparison import Pairs
from simulation.experiments.figures import FIGURES
from simulation.experiments.found import found_of, found_of_pairs
from simulation.experiments.summary import Summary
from simulation.visitors import NEXT_STEPS
from tests.simulation.experiments.small import GROUPS, MONDAY, TWO_DAYS, run


def test_of_several_days_all_come_first_and_a_day_alone_is_all() -> None:
    one, two = Summary(), Summary()
    one.add(run(MONDAY))
    two.add(run(TWO_DAYS))
    dates = [[day.date for day in found_of(each).policies["scenario"].days] for each in (one, two)]
    assert dates == [["2026-03-02"], [ALL_DAYS, "2026-03-02", "2026-03-03"]]


def test_the_kept_numbers_are_those_of_the_summary() -> None:
    summary = Summary()
    for number in range(4):
        summary.add(run(MONDAY, number))
    (day,) = found_of(summary).policies["scenario"].days
    for name, one in day.figures.items():
        tally = summary.tally(name, day.date)
        assert (one.mean, one.half_width, one.count) == (tally.mean, tally.half_width, tally.count)
    assert [one.at for one in day.people] == [one.at for one in summary.bands(day.date)]
    assert sum(day.histograms["total"]) == sum(summary.histogram("total", day.date))


def test_of_two_policies_the_paired_differences_are_kept() -> None:
    pairs = Pairs()
    for number in range(4):
        pairs.add(run(MONDAY, number), run(GROUPS, number))
    found = found_of_pairs(pairs)
    assert [*found.policies] == ["scenario", "versus"]
    kept = found.differences[ALL_DAYS]["groups"]
    assert kept.difference.mean == kept.second.mean - kept.first.mean > 0


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_figure_unit_and_preset_has_words(language: str) -> None:
    texts = simulation_texts(language)
    assert {*FIGURES} < {*texts.figures}
    assert {figure.unit for figure in FIGURES.values()} <= {*texts.units}
    assert {*NEXT_STEPS} <= {*texts.next_steps}
    assert {*presets()} == {*texts.presets} == {*texts.about}
