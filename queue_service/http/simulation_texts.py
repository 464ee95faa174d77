"""The words of simulations, one data file per language, and numbers as a language writes them."""

from __future__ import annotations

import datetime as dt
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

import msgspec
from babel.dates import format_date, format_interval, format_time, format_timedelta
from babel.numbers import format_decimal

from queue_service.timing.localtime import LocalTime
from schemas.yaml_file import read_yaml

_FOLDER: Final = Path(__file__).parent / "messages" / "simulations"
_CLOCK: Final = "minutes from midnight"
_MINUTES_OF_HOUR: Final = 60
_NO_DECIMALS_FROM: Final = 100


class SimulationTexts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All of it in one language."""

    states: dict[str, str]
    progress: dict[str, str]
    kinds: dict[str, str]
    failures: dict[str, str]
    outcomes: dict[str, str]
    """Of a finalist of a search."""
    inputs: dict[str, str]
    """Of an exploration, by what the simulation calls them."""
    drafts: dict[str, str]
    phrases: dict[str, str]
    units: dict[str, str]
    """By the unit of a figure, or of a field of the form."""
    figures: dict[str, str]
    parts: dict[str, str]
    priorities: dict[str, str]
    next_steps: dict[str, str]
    counter: str
    presets: dict[str, str]
    about: dict[str, str]
    profiles: dict[str, str]
    """By the code that shipped scenarios and calibrated ones have."""
    scopes: dict[str, str]
    new: dict[str, str]
    """What a new entry of a form is called, by the field of its name."""
    fields: dict[str, str]
    """By the type that has the field and its name, such as Visitors.no_show."""
    hints: dict[str, str]
    words: dict[str, str]


@cache
def simulation_texts(language: str) -> SimulationTexts:
    """The texts of a language; raises `msgspec.ValidationError` for a broken file."""
    return msgspec.convert(read_yaml(_FOLDER / f"{language}.yaml"), SimulationTexts)


class Numbers:
    """Figures as people read them, in one language."""

    def __init__(self, language: str, units: dict[str, str]) -> None:
        self._language = language
        self._units = units
        self._texts = simulation_texts(language)

    def unit(self, name: str) -> str:
        """The unit of a figure in words; empty for a time of day."""
        return self._texts.units[self._units[name]]

    def value(self, name: str, value: float) -> str:
        """A mean."""
        if self._units[name] == _CLOCK:
            return f"{int(value) // _MINUTES_OF_HOUR:02d}:{int(value) % _MINUTES_OF_HOUR:02d}"
        return self._number(value * self._scale(name))

    def interval(self, name: str, mean: float, half_width: float | None) -> str:
        """A mean and the half-width of its interval."""
        return self.value(name, mean) + self._wide(name, half_width)

    def signed(self, mean: float, half_width: float | None) -> str:
        """A plain number with its sign and the half-width of its interval."""
        width = "" if half_width is None else f" ± {_fine(half_width, self._language)}"
        number = _fine(mean, self._language)
        sign = "+" if mean > 0 and number != _fine(0, self._language) else ""
        return f"{sign}{number}{width}"

    def difference(self, name: str, mean: float, half_width: float | None) -> str:
        """How much more or less, with the half-width of its interval and the unit."""
        number = self._number(mean * self._scale(name))
        sign = "+" if mean > 0 and number != "0" else ""
        unit = self._unit_of_difference(name)
        return f"{sign}{number}{self._wide(name, half_width)} {unit}".strip()

    def _unit_of_difference(self, name: str) -> str:
        if self._scale(name) != 1:
            return self._texts.phrases["points"]
        return self._texts.units["min"] if self._units[name] == _CLOCK else self.unit(name)

    def _wide(self, name: str, half_width: float | None) -> str:
        return "" if half_width is None else f" ± {self._number(half_width * self._scale(name))}"

    def _scale(self, name: str) -> int:
        return 100 if self._units[name].startswith("share") else 1

    def _number(self, value: float) -> str:
        return _written(round(value, 0 if abs(value) >= _NO_DECIMALS_FROM else 1), self._language)


@lru_cache(maxsize=65536)
def _written(value: float, language: str) -> str:
    return str(format_decimal(value + 0.0, format="#,##0.#", locale=language)).replace("-", "−")


def _fine(value: float, language: str) -> str:
    rounded = round(value, 2) + 0.0
    return str(format_decimal(rounded, format="0.00", locale=language)).replace("-", "−")


def dates_text(first: dt.date, last: dt.date, language: str) -> str:
    """From one date to another, as people read it."""
    if first == last:
        return format_date(first, "long", locale=language)
    return str(format_interval(first, last, "yMMMd", locale=language))


def day_text(day: dt.date, language: str) -> str:
    """A date with its weekday."""
    return format_date(day, "full", locale=language)


def moment_text(at: int, zone: LocalTime, language: str) -> str:
    """An instant (epoch ms) as a date and a time of day."""
    moment = zone.moment(at)
    time = format_time(moment, "short", locale=language)
    return f"{format_date(moment, locale=language)}, {time}"


def span_text(seconds: float, language: str) -> str:
    """A time to wait, roughly."""
    return format_timedelta(dt.timedelta(seconds=max(1.0, seconds)), locale=language)
