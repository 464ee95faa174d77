"""The form of a scenario, read from its types: what each field takes, its bounds and its words."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Final

import msgspec
from msgspec import inspect

from queue_service.http.languages import LANGUAGES, texts
from queue_service.http.report_texts import report_texts
from queue_service.http.simulation_texts import SimulationTexts, simulation_texts
from queue_service.http.wanted import bare
from schemas.fields import Texts as Named
from schemas.kazakh import sort_key
from schemas.plan_values import PlanValues
from schemas.question import Search, Sensitivity, Vary
from schemas.regime import Scope
from schemas.scenario import Scenario
from schemas.wire_scenarios import FormChoice, FormField, ScenarioForm, ScopeChoice
from schemas.wire_simulations import StartSimulation

if TYPE_CHECKING:
    from collections.abc import Iterable

    from schemas.branch import Branch
    from schemas.catalogue import Catalogue

_CODES: Final = {
    "service": "service",
    "profile": "profile",
    "branch": "branch",
    "counters": "counter",
    "counters_in_use": "counter",
    "skills": "skill",
}
"""Name of a field -> whose codes it takes."""
_NO_CODES: Final = frozenset({"Vary.counters"})
"""How many counters, not which."""
_UNITS: Final = {
    "visits": "visits",
    "people": "people",
    "tolerates_people_ahead": "people",
    "queue_metres_a_person": "m",
    "hall_square_metres": "m2",
    "square_metres_a_person": "m2",
    "recalls": "calls",
    "minutes": "min",
    "group_size": "people",
    "hall_limit": "people",
    "party_limit": "people",
    "by": "per_cent",
    "sure": "per_cent",
}
_PLAIN: Final[dict[type[inspect.Type], str]] = {
    inspect.IntType: "whole",
    inspect.FloatType: "number",
    inspect.BoolType: "yes_no",
    inspect.DateType: "date",
    inspect.LiteralType: "choice",
}
_NEW: Final = {
    "OpenHours.opens": "09:00",
    "OpenHours.closes": "18:00",
    "Pauses.every_minutes": 120,
    "Limit.measure": "wait_hall_p95",
    "Limit.bound": "40",
    "Vary.group_size": 10,
    "Vary.group_interval_minutes": 10,
    "Vary.hall_limit": 40,
    "Vary.counters": "12",
    "Vary.closes": "17:00",
}
"""What a new entry has where the type says nothing."""
_TIME, _CODE = "[01][0-9]|2[0-3]", "^[a-z0-9]+"


def scenario_form(catalogue: Catalogue, language: str) -> ScenarioForm:
    """The whole form in a language, with the codes that a catalogue knows."""
    start = {one.name: one for one in _fields(StartSimulation, language, "")}
    services = (one for one in catalogue.services if one.channels.in_person)
    return ScenarioForm(
        fields=_fields(Scenario, language, ""),
        replications=start["replications"],
        seed=start["seed"],
        title=start["title"],
        search=_fields(Search, language, ""),
        sensitivity=_fields(Sensitivity, language, ""),
        branches=_named(((one.code, one.name) for one in catalogue.branches), language),
        services=_named(((one.code, one.name) for one in services), language),
        profiles=tuple(
            FormChoice(value=code, label=name)
            for code, name in simulation_texts(language).profiles.items()
        ),
        counters={one.code: _counters(one, language) for one in catalogue.branches},
        scopes={one.code: _scopes(one, language) for one in catalogue.branches},
    )


def _counters(branch: Branch, language: str) -> tuple[FormChoice, ...]:
    name = simulation_texts(language).counter
    return tuple(
        FormChoice(value=one.id, label=name.format(counter=one.id)) for one in branch.counters
    )


def _scopes(branch: Branch, language: str) -> tuple[ScopeChoice, ...]:
    """The narrowest first."""
    names = simulation_texts(language).scopes
    return (
        ScopeChoice(value=Scope(branch=branch.code), label=names["branch"]),
        ScopeChoice(value=Scope(city=branch.city), label=names["city"]),
        ScopeChoice(value=Scope(region=branch.region), label=names["region"]),
        ScopeChoice(value=Scope(country=branch.country), label=names["country"]),
    )


def _named(known: Iterable[tuple[str, Named]], language: str) -> tuple[FormChoice, ...]:
    """In the alphabetical order of the language."""
    found = [FormChoice(value=code, label=getattr(name, language)) for code, name in known]
    return tuple(sorted(found, key=lambda one: (sort_key(one.label), one.value)))


@cache
def _fields(owner: type[msgspec.Struct], language: str, unit: str) -> tuple[FormField, ...]:
    shape = inspect.type_info(owner)
    if not isinstance(shape, inspect.StructType):
        raise TypeError("a form is made of a Struct")
    own = _Words(owner, language, unit)
    return tuple(
        own.field(one)
        for one in shape.fields
        if f"{owner.__name__}.{one.encode_name}" not in _LEFT_OUT
    )


_LEFT_OUT: Final = frozenset(
    {"StartSimulation.scenario", "StartSimulation.versus", "StartSimulation.question"}
)


class _Words:
    """Draws the fields of one type; `unit` is that of the field which holds them."""

    def __init__(self, owner: type[msgspec.Struct], language: str, unit: str) -> None:
        self._owner = owner
        self._language = language
        self._unit = unit

    @property
    def _texts(self) -> SimulationTexts:
        return simulation_texts(self._language)

    def field(self, found: inspect.Field) -> FormField:
        """What may be entered for a field."""
        name = found.encode_name
        return FormField(
            name=name,
            label=self._label(name),
            hint=self._texts.hints.get(f"{self._owner.__name__}.{name}", ""),
            required=found.required,
            default=self._new(name) if found.required else _default(found),
            **self._takes(name, found.type),
        )

    def _new(self, name: str) -> Any:  # noqa: ANN401 - any value of a scenario
        place = f"{self._owner.__name__}.{name}"
        if place not in simulation_texts(LANGUAGES[0]).new:
            return _NEW.get(place)
        return {one: simulation_texts(one).new[place] for one in LANGUAGES}

    def _label(self, name: str) -> str:
        if self._owner in (PlanValues, Vary) and name in report_texts(self._language).labels:
            return report_texts(self._language).labels[name]
        return self._texts.fields[f"{self._owner.__name__}.{name}"]

    def _takes(self, name: str, annotated: inspect.Type) -> dict[str, Any]:
        found = bare(annotated)
        if isinstance(found, inspect.StructType):
            return self._group(name, found) | self._instead(annotated)
        if isinstance(found, inspect.VarTupleType):
            return self._list(name, found)
        if isinstance(found, inspect.StrType):
            codes = None if f"{self._owner.__name__}.{name}" in _NO_CODES else _CODES.get(name)
            return {"kind": codes or _kind_of_text(found)}
        if isinstance(found, inspect.LiteralType):
            return {"kind": "choice", "choices": self._choices(found)}
        if isinstance(found, (inspect.IntType, inspect.FloatType)):
            return self._number(name, found)
        return {"kind": _PLAIN[type(found)]}

    def _group(self, name: str, found: inspect.StructType) -> dict[str, Any]:
        if found.cls in (Named, Scope):
            return {"kind": "texts" if found.cls is Named else "scope"}
        return {"kind": "group", "fields": _fields(found.cls, self._language, self._unit_of(name))}

    def _instead(self, annotated: inspect.Type) -> dict[str, Any]:
        """What a word may say in place of the parts, such as `closed`."""
        others = annotated.types if isinstance(annotated, inspect.UnionType) else ()
        words = [one for one in others if isinstance(one, inspect.LiteralType)]
        return {"kind": "hours", "choices": self._choices(words[0])} if words else {}

    def _list(self, name: str, found: inspect.VarTupleType) -> dict[str, Any]:
        item = bare(found.item_type)
        fewest = found.min_length or 0
        if isinstance(item, inspect.StructType):
            fields = _fields(item.cls, self._language, self._unit_of(name))
        else:
            new = _NEW.get(f"{self._owner.__name__}.{name}")
            fields = (FormField(name="", label="", default=new, **self._takes(name, item)),)
        return {"kind": "list", "fields": fields, "fewest": fewest}

    def _number(self, name: str, found: inspect.IntType | inspect.FloatType) -> dict[str, Any]:
        is_share = isinstance(found, inspect.FloatType) and (found.ge, found.le) == (0, 1)
        unit = "share" if is_share else self._unit_of(name) or self._unit
        return {
            "kind": "share" if is_share else _PLAIN[type(found)],
            "unit": self._texts.units[unit] if unit else "",
            "least": found.ge,
            "most": found.le,
            "above": found.gt,
        }

    def _unit_of(self, name: str) -> str:
        if name.endswith("_minutes"):
            return "min"
        return "s" if name.endswith("_seconds") else _UNITS.get(name, "")

    def _choices(self, found: inspect.LiteralType) -> tuple[FormChoice, ...]:
        words = texts(self._language).words | self._texts.figures | self._texts.words
        values = {str(one) for one in found.values}
        ordered = [*(one for one in self._texts.figures if one in values), *sorted(values)]
        return tuple(FormChoice(value=one, label=words[one]) for one in dict.fromkeys(ordered))


def _kind_of_text(found: inspect.StrType) -> str:
    pattern = found.pattern or ""
    if _TIME in pattern and found.max_length == len("17:00"):
        return "time"
    return "code" if pattern.startswith(_CODE) else "text"


def _default(found: inspect.Field) -> Any:  # noqa: ANN401 - any value of a scenario
    if found.default is not msgspec.NODEFAULT:
        return msgspec.to_builtins(found.default)
    if found.default_factory is not msgspec.NODEFAULT:
        return msgspec.to_builtins(found.default_factory())
    return None
