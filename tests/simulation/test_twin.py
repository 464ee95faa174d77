"""The compiled twin writes the very journal of the model on the live policy, to the byte.

Interpreted, as an ordinary run has it, the twin is the same code without numba's machine code;
`--twin-scenarios 1000` compiles it first.
"""

from __future__ import annotations

import inspect
import os
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from msgspec.structs import replace

from simulation.run import replicate
from simulation.scenario_file import presets, scenario_of
from simulation.twin.room import TooLargeError
from tests.simulation.test_any_rules import on_any_scenario
from tests.simulation.test_model import CATALOGUE

if TYPE_CHECKING:
    from schemas.scenario import Scenario
    from simulation.run import RunDay

SOME = 6


@pytest.fixture(scope="module")
def twin(request: pytest.FixtureRequest) -> RunDay:
    if not request.config.getoption("twin_scenarios"):
        os.environ["NUMBA_DISABLE_JIT"] = "1"
    from simulation.twin.run import run_day  # noqa: PLC0415 - numba is told before it is loaded

    return run_day


def assert_same(twin: RunDay, scenario: Scenario, replication: int = 0) -> None:
    model = [*replicate(scenario, CATALOGUE, replication)]
    for ours, theirs in zip(replicate(scenario, CATALOGUE, replication, twin), model, strict=True):
        assert ours.day.journal == theirs.day.journal
        assert (ours.day.next_steps, ours.day.back) == (theirs.day.next_steps, theirs.day.back)


def test_any_rules_regimes_and_courses(twin: RunDay, request: pytest.FixtureRequest) -> None:
    examples = request.config.getoption("twin_scenarios") or SOME
    on_any_scenario(partial(assert_same, twin), examples)


@pytest.mark.parametrize(("table", "rows"), [("told", 100), ("moments", 8), ("heard", 1)])
def test_a_day_on_which_more_happens_than_there_is_room_for_is_refused(
    table: str, rows: int, twin: RunDay, monkeypatch: pytest.MonkeyPatch
) -> None:
    from simulation.twin import day  # noqa: PLC0415 - numba is told before it is loaded

    monkeypatch.setattr("simulation.twin.tables.DAY", narrowed(table, rows))
    # Machine code is made for tables of one size.
    monkeypatch.setattr(day, "run", inspect.unwrap(day.run))
    scenario = scenario_of("ordinary-week", CATALOGUE)
    with pytest.raises(TooLargeError, match="More happens on this day"):
        next(replicate(scenario, CATALOGUE, 0, twin))


def narrowed(table: str, rows: int) -> np.dtype[Any]:
    """The tables of a day, one of them with so many rows."""
    from simulation.twin.layout import DAY  # noqa: PLC0415 - numba is told before it is loaded

    formats = {name: DAY[name] for name in DAY.names or ()}
    whole = formats[table]
    formats[table] = np.dtype((whole.base, (rows, *whole.shape[1:])))
    return np.dtype({"names": [*formats], "formats": [*formats.values()]}, align=True)


@pytest.mark.parametrize("name", presets())
def test_the_presets(name: str, twin: RunDay, request: pytest.FixtureRequest) -> None:
    scenario = scenario_of(name, CATALOGUE)
    if not request.config.getoption("twin_scenarios"):
        days = tuple(replace(day, visits=day.visits / 8) for day in scenario.days[:2])
        scenario = replace(scenario, days=days)
    assert_same(twin, scenario)
