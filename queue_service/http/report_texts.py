"""The words of plans, reports and logs: one data file per language."""

from __future__ import annotations

from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import msgspec
from babel.numbers import format_decimal

from queue_service.http.languages import spoken
from queue_service.policy.rules import MINUTE
from schemas.fields import Texts as Named
from schemas.yaml_file import read_yaml

if TYPE_CHECKING:
    from collections.abc import Mapping

    from queue_service.policy.model import DayPlan
    from queue_service.timing.localtime import LocalTime

_FOLDER: Final = Path(__file__).parent / "messages" / "reports"


@lru_cache(maxsize=4096)
def number_text(value: float | None, language: str) -> str:
    """A number as a language writes it, one decimal at most; empty for None."""
    return "" if value is None else format_decimal(value, format="#,##0.#", locale=language)


def actor_text(by: str, language: str) -> str:
    """Whom the journal names by role and name, or the service itself, as people read it."""
    role, _, name = by.partition(":")
    actors = report_texts(language).actors
    if not name:
        return actors["service"]
    return f"{actors[role]} {name}" if role in actors else name


class ReportTexts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All of it in one language."""

    minutes: str
    never: str
    nothing: str
    more: str
    labels: dict[str, str]
    """By the name of a value of the plan, as a layer states it or as the journal has it."""
    kinds: dict[str, str]
    deeds: dict[str, str]
    alarms: dict[str, str]
    sanitation: dict[str, str]
    actors: dict[str, str]
    """By role; `service` is the product itself."""
    counter: str
    columns: dict[str, str]
    sheets: dict[str, str]


@cache
def report_texts(language: str) -> ReportTexts:
    """The texts of a language; raises `msgspec.ValidationError` for a broken file."""
    return msgspec.convert(read_yaml(_FOLDER / f"{language}.yaml"), ReportTexts)


_SPANS: Final = frozenset(
    {"ageing", "group_interval", "arrive_within", "drain", "cleaning", "confirm_within"}
)
"""Values of the journal's plan in milliseconds."""
INSTANTS: Final = ("_at", "_from")
"""How the names of instants in the journal's plan end."""
_COUNTED: Final = frozenset({"services", "priorities"})
_EACH: Final = frozenset({"counters", "pauses", "regimes"})


def held(plan: DayPlan, name: str) -> Any:  # noqa: ANN401
    """A value of the journal's plan; a day without opening hours has no instants."""
    return None if plan.closed_reason and name.endswith(INSTANTS) else getattr(plan, name)


class PlanWords:
    """Values of plans as people read them, in one language and zone.

    `regimes` are the names of the regimes by id.
    """

    def __init__(
        self, language: str, zone: LocalTime, regimes: Mapping[str, Named] | None = None
    ) -> None:
        self.language = language
        self._texts = report_texts(language)
        self._zone = zone
        self._regimes = regimes or {}

    def label(self, name: str) -> str:
        """What a value is called; empty for one that people need not know."""
        return self._texts.labels.get(name, "")

    def change(self, name: str, before: object, after: object) -> str:
        """From what to what a value has changed; empty where people see no difference."""
        if not self.label(name):
            return ""
        earlier, later = self.value(name, before), self.value(name, after)
        return "" if earlier == later else self._texts.more.format(before=earlier, after=later)

    def value(self, name: str, value: Any) -> str:  # noqa: ANN401 - any value of a plan
        """A value in words."""
        if name.endswith("_minutes") or name in _SPANS:
            minutes = value // MINUTE if name in _SPANS and value else value
            return self._minutes(minutes)
        if name.endswith(INSTANTS):
            return self._texts.nothing if value is None else self._zone.clock(value)
        return self._listed(name, value)

    def _minutes(self, minutes: int | None) -> str:
        if minutes is None:
            return self._texts.nothing
        return self._texts.minutes.format(n=minutes) if minutes else self._texts.never

    def _listed(self, name: str, value: Any) -> str:  # noqa: ANN401
        if value is None or value in ((), {}, ""):
            return self._texts.nothing
        if name in _COUNTED:
            return str(len(value))
        if isinstance(value, dict):
            return str(value.get(self.language, ""))
        if name in _EACH:
            return ", ".join(self._one(name, one) for one in value)
        return spoken(value, self.language)

    def _one(self, name: str, one: Any) -> str:  # noqa: ANN401
        if name == "counters":
            return str(one.code)
        if name == "pauses":
            return self._zone.clock(one.starts_at)
        return f"«{spoken(self._regimes.get(one, one), self.language)}»"
