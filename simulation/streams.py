"""Random streams, one for each purpose: a change of one draw leaves all others as they were."""

from __future__ import annotations

from numpy.random import Generator, SeedSequence, default_rng

PURPOSES = (
    "arrivals",
    "instants",
    "serving",
    "party",
    "priority",
    "can go online",
    "sent online",
    "turned away",
    "insists",
    "tolerates",
    "patience",
    "misses group",
    "no show",
    "walks in",
    "walks to counter",
    "walks out",
    "back after opening",
    "comes back",
    "surges",
    "answers recall",
    "comes late",
    "comes late after",
    "second service",
    "second kind",
    "second serving",
    "sent on after",
    "held",
    "held for",
)
"""Purposes of the simulation's draws; a new one is added at the end, lest others change."""


def stream(seed: int, replication: int, *place: int, purpose: str) -> Generator:
    """The random stream of one purpose in one replication; `place` tells days and services apart.

    The scenario's rules have no part in it: two policies under one seed meet the same visitors.
    """
    key = (replication, *place, PURPOSES.index(purpose))
    return default_rng(SeedSequence(seed, spawn_key=key))
