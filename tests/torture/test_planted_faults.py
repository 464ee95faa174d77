"""The torture finds what it is there to find: the same crowd on databases with a planted fault."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.torture import plants
from tests.torture.arena import Arena
from tests.torture.check import findings

if TYPE_CHECKING:
    from pathlib import Path

SECONDS = 2.0
MORE_SECONDS = 8.0
"""Long enough for a pause, a recount and a transfer with what follows from them."""


@pytest.mark.parametrize(
    ("plant", "expected"),
    [
        pytest.param(plants.NO_KEYS, {"gap", "duplicate_number"}, id="no keys"),
        pytest.param(plants.APPEND, {"acknowledged_lost"}, id="no look at conflicts"),
    ],
)
def test_a_broken_append_is_found(
    folder: Path, database_url: str, seed: int, plant: str, expected: set[str]
) -> None:
    left = Arena(folder, database_url, seed, SECONDS).peaceful_run(plant)
    assert {finding.kind for finding in findings(left.told, left.rows)} >= expected


def test_events_that_are_kept_as_something_else_are_found(
    folder: Path, database_url: str, seed: int
) -> None:
    plant = plants.CONFIRMATION + plants.RECOUNT + plants.TRANSFER
    left = Arena(folder, database_url, seed, MORE_SECONDS).peaceful_run(plant)
    found = {finding.kind for finding in findings(left.told, left.rows)}
    assert found >= {"answer_differs", "never_true", "shut_door", "hall_limit", "wrong_counter"}
