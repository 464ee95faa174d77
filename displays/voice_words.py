"""What is said when a number is called, part by part, in each language.

The parts are whole breaths ("бесінші терезеге келіңіз"), lest a call sound like a list of words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from string import ascii_uppercase
from typing import Final

import msgspec

from schemas.yaml_file import read_yaml

COUNTERS: Final = 40
"""Counters 1 to 40 have a phrase of their own, other codes are spelled."""
_FILE: Final = Path(__file__).with_name("voice_words.yaml")


class Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The words of a language; the place in a list is the digit or the number."""

    ticket: str
    letters: tuple[str, ...]
    low: tuple[str, ...]
    tens: tuple[str, ...]
    hundreds: tuple[str, ...]
    thousands: tuple[str, ...]
    to_counter: str
    counter: str
    ordinal_low: tuple[str, ...] = ()
    ordinal_tens: tuple[str, ...] = ()
    respelled: dict[str, str] = {}
    """What the voice would say wrong -> how it is to be written for it."""


@cache
def words() -> dict[str, Words]:
    """Language -> its words; raises `msgspec.ValidationError` for a broken data file."""
    return msgspec.convert(read_yaml(_FILE), dict[str, Words])


def phrases(language: str) -> dict[str, str]:
    """Name of a part -> what is said; raises KeyError for a language without a voice."""
    return dict(_parts(words()[language]))


def for_the_voice(language: str, text: str) -> str:
    """What is said, spelled so that the voice says it right."""
    respelled = words()[language].respelled
    if not respelled:
        return text
    wrong = "|".join(map(re.escape, sorted(respelled, key=len, reverse=True)))
    return re.sub(rf"(?<![\w-])({wrong})(?![\w-])", lambda found: respelled[found[0]], text)


def _parts(said: Words) -> Iterator[tuple[str, str]]:
    for letter, name in zip(ascii_uppercase, said.letters, strict=True):
        yield f"ticket-{letter}", f"{said.ticket} {name},"
        yield f"letter-{letter}", f"{name}."
    for number in range(100):
        yield str(number), f"{_cardinal(said, number)},"
    for digit in range(1, 10):
        yield str(digit * 100), said.hundreds[digit]
        yield str(digit * 1000), said.thousands[digit]
    for counter in range(1, COUNTERS + 1):
        yield f"counter-{counter}", f"{said.to_counter.format(_ordinal(said, counter))}."
    yield "counter", f"{said.counter}."


def _cardinal(said: Words, number: int) -> str:
    return _below_100(number, said.low, said.tens)


def _ordinal(said: Words, number: int) -> str:
    """The ordinal where the language names a window by it."""
    if not said.ordinal_low:
        return _cardinal(said, number)
    if number % 10 == 0:
        return said.ordinal_tens[number // 10]
    return _below_100(number, said.ordinal_low, said.tens)


def _below_100(number: int, low: Sequence[str], tens: Sequence[str]) -> str:
    if number < len(low):
        return low[number]
    ten, one = divmod(number, 10)
    return f"{tens[ten]} {low[one]}" if one else tens[ten]
