"""The page of the story holds what the model comes to."""

from __future__ import annotations

import json

from tests.acceptance.command import kezek
from tests.pages import table_of

FIGURES = ("came", "refused_online", "served", "peak_hall", "peak_street")


def test_the_page_of_the_story_says_what_the_model_comes_to() -> None:
    done = kezek("simulate", "uralsk-2020-03", "--reps", "8", "--engine", "simpy", "--json")
    assert done.returncode == 0, done.stderr
    days = json.loads(done.stdout)["estimates"]
    found = [
        [f"{days[f'2020-03-{row[0][:2]}'][figure]['mean']:.0f}" for figure in FIGURES]
        for row in table_of("uralsk.md", "day | came")
    ]
    told = [
        [cell.partition(" / ")[2] for cell in row[1:]]
        for row in table_of("uralsk.md", "day | came")
    ]
    assert told == found
