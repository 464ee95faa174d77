"""Random streams, one for each purpose: a change of one draw leaves all others as they were."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any, cast

import numpy as np
from numpy.random import PCG64, Generator, SeedSequence
from numpy.random.bit_generator import ISeedSequence
from numpy.typing import NDArray

Words = NDArray[np.uint32]

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
    words = _words_of(seed, replication, place)[PURPOSES.index(purpose)]
    # NumPy takes whatever makes seeds; its annotations know of its own class alone.
    return Generator(PCG64(cast("SeedSequence", _Seed(words))))


def seeds(seed: int, replication: int, *place: int) -> NDArray[np.int64]:
    """Those of the streams of one replication and place: four words of 64 bits a purpose."""
    return _words_of(seed, replication, place).view(np.int64)


def _words_of(seed: int, replication: int, place: tuple[int, ...]) -> Words:
    """A row a purpose."""
    together, which = divmod(replication, _TOGETHER)
    found: Words = _seeds(seed, together, place)[which]
    return found


_TOGETHER = 64
"""Replications of which the seeds are made at once."""
_WORD, _SHIFT = 2**32 - 1, np.uint32(16)
_POOL, _STATE = 4, 8
_FILLS, _DRAINS = (0x43B0D7E5, 0x931E8875), (0x8B51F9DD, 0x58F38DED)
_LEFT, _RIGHT = np.uint32(0xCA01F9DD), np.uint32(0x4973F715)


class _Seed(ISeedSequence):
    """One that has been made already."""

    def __init__(self, words: Words) -> None:
        self._words = words

    def generate_state(self, n_words: int, dtype: object = np.uint32) -> NDArray[Any]:  # noqa: ARG002
        """Its words, of the number and the kind that PCG64 asks for."""
        return self._words.view(np.uint64)


@lru_cache(maxsize=128)
def _seeds(seed: int, together: int, place: tuple[int, ...]) -> Words:
    """What `SeedSequence(seed, spawn_key=(replication, *place, purpose))` gives: eight words each.

    A row a replication, a column a purpose. NumPy's own takes as long for ten of them as this one
    for all; the algorithm is O'Neill's seed_seq_fe (2015) with 4 words.
    """
    first = together * _TOGETHER
    replications = np.arange(first, first + _TOGETHER).astype(np.uint32)[:, None]
    purposes = np.arange(len(PURPOSES)).astype(np.uint32)[None, :]
    seeds = [*_words(seed)]
    seeds += [np.zeros((1, 1), np.uint32)] * (_POOL - len(seeds))
    places = [word for one in place for word in _words(one)]
    return _drained(_filled([*seeds, replications, *places, purposes]))


def _words(number: int) -> Iterator[Words]:
    """Of 32 bits, the lowest first."""
    for place in range(max(1, -(-number.bit_length() // 32))):
        yield np.array([[number >> 32 * place & _WORD]], np.uint32)


def _filled(entropy: Sequence[Words]) -> list[Words]:
    """The pool, with all the words in it."""
    constant, factor = _FILLS

    def scattered(word: Words) -> Words:
        nonlocal constant
        found = word ^ np.uint32(constant)
        constant = constant * factor & _WORD
        return _folded(found * np.uint32(constant))

    pool = [scattered(word) for word in entropy[:_POOL]]
    for one in range(_POOL):
        for other in range(_POOL):
            if one != other:
                pool[other] = _mixed(pool[other], scattered(pool[one]))
    for word in entropy[_POOL:]:
        pool = [_mixed(one, scattered(word)) for one in pool]
    return pool


def _drained(pool: Sequence[Words]) -> Words:
    constant, factor = _DRAINS
    words = []
    for place in range(_STATE):
        found = pool[place % _POOL] ^ np.uint32(constant)
        constant = constant * factor & _WORD
        words.append(_folded(found * np.uint32(constant)))
    return np.ascontiguousarray(np.stack(words, axis=-1))


def _mixed(one: Words, other: Words) -> Words:
    return _folded(one * _LEFT - other * _RIGHT)


def _folded(word: Words) -> Words:
    return word ^ (word >> _SHIFT)
