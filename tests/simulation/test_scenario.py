"""The shipped scenarios: complete, marked, and true to what was published."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import msgspec
import pytest

import schemas.catalogue
from simulation.live.demand import PASSPORT
from simulation.live.scenario import (
    Crowd,
    Marked,
    ScenarioError,
    known_scenarios,
    load_scenario,
    load_traffic,
)

STORY = "uralsk-2020-03"
CATALOGUE = schemas.catalogue.load_directory(Path(schemas.catalogue.__file__).parent / "kazakhstan")


def test_the_story_is_known_and_the_traffic_is_no_story() -> None:
    assert known_scenarios() == (STORY,)


def test_an_unknown_story_is_answered_with_the_known_ones() -> None:
    with pytest.raises(ScenarioError, match=f"Did you mean {STORY}.* Known are: {STORY}"):
        load_scenario("uralsk-2020")


def test_more_than_500_people_came_for_passports_from_16_to_19_march() -> None:
    days = load_scenario(STORY).days
    assert [day.date for day in days] == [date(2020, 3, day) for day in range(16, 21)]
    assert sum(day.passports.value for day in days[:4]) > 500


@pytest.mark.parametrize(
    "crowd", [load_scenario(STORY), load_traffic()], ids=lambda each: each.name
)
def test_every_service_of_the_mix_is_in_the_catalogue(crowd: Crowd) -> None:
    known = {service.code for service in CATALOGUE.services}
    assert {PASSPORT, *crowd.mix.shares} <= known


def test_the_story_names_its_branch_and_regimes_as_the_catalogue_does() -> None:
    story = load_scenario(STORY)
    assert story.branch in {branch.code for branch in CATALOGUE.branches}
    assert set(story.regimes) <= {regime.id for regime in CATALOGUE.regimes}


@pytest.mark.parametrize(
    "crowd", [load_scenario(STORY), load_traffic()], ids=lambda each: each.name
)
def test_every_parameter_says_where_it_comes_from(crowd: Crowd) -> None:
    marked = [*_marked(crowd)]
    assert len(marked) > 20
    assert all(note.strip() for note in marked)


def _marked(part: object) -> Iterator[str]:
    """Notes of all marked values, however deep."""
    if isinstance(part, Marked):
        yield part.note
    elif isinstance(part, msgspec.Struct):
        if hasattr(part, "note"):
            yield part.note
        for name in part.__struct_fields__:
            yield from _marked(getattr(part, name))
    elif isinstance(part, dict):
        for each in part.values():
            yield from _marked(each)
    elif isinstance(part, tuple):
        for each in part:
            yield from _marked(each)
