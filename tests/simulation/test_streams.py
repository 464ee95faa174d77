"""The streams are those of NumPy's seed sequences, which are the same on every machine."""

from __future__ import annotations

import pytest
from numpy.random import SeedSequence, default_rng

from simulation.streams import PURPOSES, stream


@pytest.mark.parametrize("seed", [0, 1, 2**32, 2**100 + 7, 2**200 + 7])
@pytest.mark.parametrize("replication", [0, 63, 64, 70_001])
@pytest.mark.parametrize("place", [(), (0,), (30, 2), (2**40, 1, 1)])
def test_a_stream_is_that_of_its_seed_replication_place_and_purpose(
    seed: int, replication: int, place: tuple[int, ...]
) -> None:
    for number in (0, 5, len(PURPOSES) - 1):
        ours = stream(seed, replication, *place, purpose=PURPOSES[number])
        key = (replication, *place, number)
        theirs = default_rng(SeedSequence(seed, spawn_key=key))
        assert ours.random(3).tolist() == theirs.random(3).tolist()


def test_streams_that_are_drawn_from_in_turns_do_not_meet() -> None:
    one, other = (stream(1, 0, 0, purpose=purpose) for purpose in PURPOSES[:2])
    alone = stream(1, 0, 0, purpose=PURPOSES[0]).random(2).tolist()
    turns = [one.random(), other.random(), one.random()]
    assert turns[::2] == alone
