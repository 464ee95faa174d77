"""A table of known results: read, and each number of it looked at."""

from __future__ import annotations

import json
import re
from math import isfinite
from pathlib import Path
from typing import Any

import msgspec

_MOST_OF_A_COUNT = 5_000
_LEAST, _MOST = 1e-4, 1e4
"""Of inputs other than 0: beyond them whole numbers of ms are too coarse or too large."""
_A_PAIR = 2


class TableError(ValueError):
    """A table cannot be used; the message says where and what to write."""


class Known(msgspec.Struct, frozen=True):
    """One known result; further fields of an entry are for readers."""

    id: str
    inputs: dict[str, Any]
    expected: dict[str, float]


class _Table(msgspec.Struct, frozen=True):
    entries: list[Known]


def read(path: Path) -> list[Known]:
    """The entries of a table; raises TableError."""
    try:
        # Not msgspec's decoder: a NaN has to come through to be named with its entry and field.
        table = msgspec.convert(json.loads(path.read_bytes()), _Table)
    except OSError as problem:
        raise TableError(f"The table cannot be read: {problem}.") from None
    except (msgspec.ValidationError, ValueError) as problem:
        raise TableError(f"{path.name} is no table of known results: {problem}.") from None
    if not table.entries:
        raise TableError(f"{path.name}: entries: are none, write one or more")
    for entry in table.entries:
        if not entry.expected:
            raise TableError(f"{entry.id}: expected: is empty, write one quantity or more")
        for name, value in entry.expected.items():
            _check_finite(f"{entry.id}: expected.{name}", value)
        for name, value in entry.inputs.items():
            _check(entry.id, name, value)
    return table.entries


def _check(entry: str, name: str, value: object) -> None:
    values = value if isinstance(value, list) and name in _LISTS else [value]
    for one in values:
        if name in _WORDS:
            _check_word(entry, name, one)
        else:
            _check_number(entry, name, one)
    if name == "pause" and (len(values) != _A_PAIR or values != sorted(values)):
        sentence = "write when it begins and when it ends, such as [30, 45]"
        raise TableError(f"{entry}: inputs.pause: {value} is no pause, {sentence}")


def _check_number(entry: str, name: str, value: object) -> None:
    place = f"{entry}: inputs.{name}"
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TableError(f"{place}: {value!r} is not accepted, write a number")
    _check_finite(place, value)
    if value < 0:
        raise TableError(f"{place}: {value} is below 0, write 0 or more")
    if name in _SHARES and value > 1:
        raise TableError(f"{place}: {value} is above 1, write a share from 0 to 1")
    if name in _COUNTS and (not isinstance(value, int) or not 1 <= value <= _MOST_OF_A_COUNT):
        sentence = f"write a whole number from 1 to {_MOST_OF_A_COUNT}"
        raise TableError(f"{place}: {value} is not accepted, {sentence}")
    if value and not _LEAST <= value <= _MOST:
        sentence = f"write a number from {_LEAST} to {_MOST}"
        raise TableError(f"{place}: {value} is out of range, {sentence}")
    if name in _ABOVE_ZERO and not value:
        raise TableError(f"{place}: is 0, write a number above 0")


def _check_finite(place: str, value: float) -> None:
    if not isfinite(value):
        raise TableError(f"{place}: {value} is not accepted, write a finite number")


def _check_word(entry: str, name: str, value: object) -> None:
    known, said = _WORDS[name]
    if not known.fullmatch(str(value)):
        raise TableError(f"{entry}: inputs.{name}: {value!r} is not known, write {said}")


_WORDS = {
    "vacation": (re.compile("Erlang-[1-9][0-9]?"), "one of Erlang-1, Erlang-2 ... Erlang-99"),
    "start": (re.compile("empty"), "empty"),
}
_LISTS = frozenset({"pause", "t"})
_COUNTS = frozenset({"c", "K", "X", "n0", "k"})
_SHARES = frozenset({"A", "p_noshow"})
_ABOVE_ZERO = frozenset(
    {
        "a",
        "lam",
        "mu",
        "mean",
        "D",
        "theta",
        "m",
        "T",
        "omega",
        "lam_bar",
        "lam_high",
        "lam_low",
        "mean_service",
        "V",
        "EV",
    }
)
