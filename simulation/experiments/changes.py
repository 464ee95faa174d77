"""Changes of a scenario by name: a field's new value, a rule that is tried, counters by hour.

    visitors.no_show=0.1          any field of the scenario, by its dotted path
    group_size=20                 a value of the day plan, tried in place of what regimes say
    pauses=120/15                 a pause of 15 minutes every 120; none for no pauses
    counters=12                   twelve of the counters on a shift, the most needed skills first
    counters=09:00/8+11:00/16     eight from nine on, sixteen from eleven on

A regime bounds what managers do. Who asks what another regime would bring tries its values, so a
value that is tried is taken out of every regime and holds on every day.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import msgspec
from msgspec.structs import replace
from yaml import Mark
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from queue_service.scenarios.faults import faults
from schemas.catalogue import Catalogue
from schemas.catalogue.reader import Reader
from schemas.fields import FieldsError, Sentence
from schemas.plan_values import PlanValues
from schemas.scenario import Scenario
from simulation.experiments.staffing import counters_by_hour
from simulation.live.scenario import FaultyScenarioError, ScenarioError

Kind = TypeVar("Kind")
COUNTERS, PAUSES = "counters", "pauses"
_RULES = PlanValues.__struct_fields__
_NOWHERE = Mark("", 0, 0, 0, None, 0)
_FIELD = re.compile(r"[a-z_]+(\.[a-z_0-9]+)*")


def changed(scenario: Scenario, changes: Iterable[str], catalogue: Catalogue) -> Scenario:
    """The scenario with the changes made one after another.

    Raises ScenarioError with the field and the reason.
    """
    for change in changes:
        field, equals, text = change.partition("=")
        if not equals or not _FIELD.fullmatch(field):
            raise ScenarioError(f"{change!r} is no change, write one like group_size=20")
        if not text.strip():
            raise FaultyScenarioError([(field, Sentence("is empty, write a value"))])
        scenario = _changed(scenario, field, text, catalogue)
    found = [(".".join(map(str, place)), why) for place, why in faults(scenario, catalogue)]
    if found:
        raise FaultyScenarioError(found)
    return scenario


def _changed(scenario: Scenario, field: str, text: str, catalogue: Catalogue) -> Scenario:
    if field == COUNTERS:
        return counters_by_hour(scenario, text, catalogue)
    if field == PAUSES:
        return tried(scenario, _pauses(text), catalogue)
    if field in _RULES:
        return tried(scenario, {field: text}, catalogue)
    if "." not in field and field not in Scenario.__struct_fields__:
        known = [COUNTERS, PAUSES, *_RULES, *Scenario.__struct_fields__]
        raise ScenarioError(f"{field}: no such field, {_suggestion(field, known)}")
    return _with(scenario, field.split("."), text)


def tried(scenario: Scenario, values: dict[str, Any], catalogue: Catalogue) -> Scenario:
    """The scenario with plan values in place of what regimes and single days say of them."""
    nothing = dict.fromkeys(values)
    blank = restated(scenario, lambda rules: replace(rules, **nothing), catalogue)
    return replace(blank, rules=_rules(scenario.rules, values))


def restated(
    scenario: Scenario, restate: Callable[[PlanValues], PlanValues], catalogue: Catalogue
) -> Scenario:
    """The scenario with other values in all that states rules for it: regimes, itself, its days."""
    known = catalogue.regimes if scenario.catalogue_regimes else ()
    regimes = (*known, *scenario.regimes)
    return replace(
        scenario,
        catalogue_regimes=False,
        regimes=tuple(replace(one, rules=restate(one.rules)) for one in regimes),
        days=tuple(replace(day, rules=restate(day.rules)) for day in scenario.days),
        rules=restate(scenario.rules),
    )


def _pauses(text: str) -> dict[str, Any]:
    if text == "none":
        return {"sanitation_every_minutes": 0}
    every, slash, minutes = text.partition("/")
    if not slash:
        raise ScenarioError(f"{PAUSES}: {text!r} is not accepted, write one like 120/15, or none")
    return {"sanitation_every_minutes": every, "sanitation_minutes": minutes}


def _rules(rules: PlanValues, values: dict[str, Any]) -> PlanValues:
    document = msgspec.to_builtins(rules) | {name: _value(text) for name, text in values.items()}
    return _converted(document, PlanValues, "rules")


def _with(scenario: Scenario, path: list[str], text: str) -> Scenario:
    document: Any = msgspec.json.decode(msgspec.json.encode(scenario))
    part = document
    for at, step in enumerate(path[:-1]):
        part = _inside(part, step, path[: at + 1])
    last: Any = path[-1]
    if isinstance(part, list):
        _inside(part, last, path)
        last = int(last)
    elif last not in part and last not in _fields(scenario, path[:-1]):
        known = sorted({*part, *_fields(scenario, path[:-1])})
        raise ScenarioError(f"{'.'.join(path)}: no such field, {_suggestion(str(last), known)}")
    part[last] = _value(text)
    return _converted(document, Scenario)


def _inside(part: Any, step: str, path: list[str]) -> Any:  # noqa: ANN401 - a document
    if isinstance(part, list) and step.isdecimal() and int(step) < len(part):
        return part[int(step)]
    if isinstance(part, dict) and step in part:
        return part[step]
    known = list(part) if isinstance(part, dict) else [str(at) for at in range(len(part or ()))]
    raise ScenarioError(f"{'.'.join(path)}: no such field, {_suggestion(step, known)}")


def _fields(scenario: Scenario, path: list[str]) -> tuple[str, ...]:
    """Fields of the part at a path, those that are left out of a document too."""
    part: Any = scenario
    for step in path:
        part = part[int(step)] if isinstance(part, tuple) else getattr(part, step)
    return getattr(part, "__struct_fields__", ())


def _suggestion(name: str, known: list[str]) -> str:
    nearest = difflib.get_close_matches(name, known, 1)
    return f"did you mean {nearest[0]}?" if nearest else f"write one of {', '.join(known)}"


def _value(text: Any) -> Any:  # noqa: ANN401 - a document
    if isinstance(text, str) and text[:1] in ("[", "{"):
        try:
            return msgspec.json.decode(text)
        except msgspec.DecodeError as problem:
            raise ScenarioError(f"{text!r} is no JSON: {problem}") from None
    return text


def _converted(document: object, kind: type[Kind], *path: str) -> Kind:
    try:
        return msgspec.convert(document, kind, strict=False)
    except (FieldsError, msgspec.ValidationError):
        return _as_in_a_file(document, kind, path)


def _as_in_a_file(document: object, kind: type[Kind], path: tuple[str, ...]) -> Kind:
    """What a file with these values says, or its faults in the words of a file's faults."""
    reader = Reader("")
    found = reader.read(_node(document), kind, path)
    if reader.problems or not isinstance(found, kind):
        raise FaultyScenarioError((one.field, one.sentence) for one in sorted(reader.problems))
    return found


def _node(part: Any) -> Node:  # noqa: ANN401 - a document
    if isinstance(part, dict):
        pairs = [(_node(key), _node(child)) for key, child in part.items()]
        return MappingNode("tag:yaml.org,2002:map", pairs, _NOWHERE, _NOWHERE)
    if isinstance(part, list):
        return SequenceNode("tag:yaml.org,2002:seq", [*map(_node, part)], _NOWHERE, _NOWHERE)
    text = part if isinstance(part, str) else msgspec.json.encode(part).decode()
    return ScalarNode("tag:yaml.org,2002:str", text, _NOWHERE, _NOWHERE)
