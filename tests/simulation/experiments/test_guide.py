"""The guide names every measure, and its commands and its search file are accepted."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from simulation import calibrate, optimise, sensitivity, simulate
from simulation.experiments.changes import changed
from simulation.experiments.figures import FIGURES
from simulation.experiments.space import limit, search_file
from tests.simulation.test_model import CATALOGUE, URALSK

GUIDE = Path(__file__).parents[3] / "docs" / "experiments.md"
TEXT = GUIDE.read_text(encoding="utf-8")
COMMANDS = re.search(r"```\n(\./kezek.*?)```", TEXT, re.DOTALL)
PARSERS: dict[str, Callable[[list[str]], object]] = {
    "simulate": simulate.asked,
    "optimise": optimise.asked,
    "sensitivity": sensitivity.asked,
    "calibrate": calibrate.asked,
}


def commands() -> list[list[str]]:
    assert COMMANDS
    lines = COMMANDS[1].replace("\\\n", " ").splitlines()
    return [shlex.split(line)[1:] for line in lines]


@pytest.mark.parametrize("words", commands(), ids=lambda words: words[0])
def test_a_command_of_the_guide_is_understood(words: list[str]) -> None:
    assert PARSERS[words[0]](words[1:])


def test_the_guide_names_every_measure() -> None:
    for name in FIGURES:
        if not name.startswith("wait_"):
            assert f"`{name}`" in TEXT, name


def test_every_change_of_the_guide_can_be_made() -> None:
    table = TEXT[TEXT.index("| change | means |") : TEXT.index("Groups are let in only")]
    found = re.findall(r"`([a-z_0-9.]+=[^`]+)`", table)
    assert len(found) >= 9
    for change in found:
        assert changed(URALSK, [change], CATALOGUE) != URALSK


def test_the_search_file_of_the_guide_is_read(tmp_path: Path) -> None:
    text = TEXT[TEXT.index("```yaml") + 7 :].split("```")[0]
    path = tmp_path / "search.yaml"
    path.write_text(text)
    found = search_file(path)
    assert len(found.vary) == len(yaml.safe_load(text)["vary"])
    assert [limit(one).measure for one in found.limits] == ["wait_hall_p95", "wait_street_p90"]
