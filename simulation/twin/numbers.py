"""The numbers of NumPy's PCG64, to the bit, without those that nobody asks for.

O'Neill, PCG: A Family of Simple Fast Space-Efficient Statistically Good Algorithms, 2014, as NumPy
has it: 128 bits of state, of which XSL-RR makes 64. The visits for a service have blocks of places
in a stream of their own, and whole blocks can be jumped over: NumPy draws them all.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np

from simulation.drawing import BLOCK, Choices
from simulation.ledger import Numbers
from simulation.twin.compiled import inlined, part

Word = np.uint64
Wide: TypeAlias = tuple[np.uint64, np.uint64]
"""128 bits, the higher ones first."""

_WORD, _HALF = 2**64 - 1, Word(2**32 - 1)
_MULTIPLIER = 0x2360ED051FC65DA44385DF649FCCF645


def _wide(number: int) -> Wide:
    return Word(number >> 64 & _WORD), Word(number & _WORD)


_STEP = _wide(_MULTIPLIER)
_JUMP = _wide(_MULTIPLIER**BLOCK)
_JUMPED = _wide(sum(_MULTIPLIER**power for power in range(BLOCK)))
"""A block of steps at once: the state times `_JUMP` and the increment times `_JUMPED`."""
_SHARE = 2.0**-53
_C1, _C11, _C32, _C58, _C63, _C64 = (Word(number) for number in (1, 11, 32, 58, 63, 64))


@part
def draw_numbers(choices: Choices, seeds: Numbers) -> None:
    """Of every column the numbers that the visits have; a row of `seeds` a column."""
    for column in range(len(choices.columns)):
        draw_row(choices, column, seeds)


@part
def draw_row(choices: Choices, column: int, seeds: Numbers) -> None:
    """Block by block, for one service after the other in each."""
    counts = choices.counts
    increment = _odd((Word(seeds[column, 2]), Word(seeds[column, 3])))
    jumped = _times(increment, _JUMPED)
    seed = (Word(seeds[column, 0]), Word(seeds[column, 1]))
    state = _plus(_times(_plus(increment, seed), _STEP), increment)
    most = 0
    for service in range(len(counts)):
        most = max(most, counts[service])
    for begins in range(0, most, BLOCK):
        for service in range(len(counts)):
            draw_block(choices, column, service, begins, state, increment)
            state = _plus(_times(state, _JUMP), jumped)


@inlined
def draw_block(
    choices: Choices, column: int, service: int, begins: int, state: Wide, increment: Wide
) -> None:
    """The numbers of some visits for one service."""
    slot, counts = choices.begins[service], choices.counts
    for number in range(begins, min(begins + BLOCK, counts[service])):
        state = _plus(_times(state, _STEP), increment)
        choices.numbers[column, slot + number] = _share(state)


@inlined
def _share(state: Wide) -> float:
    """From 0 up to 1."""
    high, low = state
    mixed, turn = high ^ low, high >> _C58
    turned = (mixed >> turn) | (mixed << ((_C64 - turn) & _C63))
    return float(turned >> _C11) * _SHARE


@inlined
def _odd(number: Wide) -> Wide:
    """Twice that and one."""
    high, low = number
    return (high << _C1) | (low >> _C63), (low << _C1) | _C1


@inlined
def _plus(one: Wide, other: Wide) -> Wide:
    low = one[1] + other[1]
    return one[0] + other[0] + Word(low < other[1]), low


@inlined
def _times(one: Wide, other: Wide) -> Wide:
    low = one[1] * other[1]
    return _high(one[1], other[1]) + one[0] * other[1] + one[1] * other[0], low


@inlined
def _high(one: np.uint64, other: np.uint64) -> np.uint64:
    """The higher half of a product."""
    one_low, one_high = one & _HALF, one >> _C32
    other_low, other_high = other & _HALF, other >> _C32
    middle = one_high * other_low + (one_low * other_low >> _C32)
    other_middle = one_low * other_high + (middle & _HALF)
    return one_high * other_high + (middle >> _C32) + (other_middle >> _C32)
