"""Requests and answers of the HTTP contract around scenarios and their form.

What people read comes in the asked language.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from schemas.fields import Code
from schemas.regime import Scope
from schemas.scenario import Scenario
from schemas.wire import Answer, BusinessDate, Request
from schemas.wire_reports import RegimeRule

LONGEST_SCENARIO = 200_000
"""Characters of a scenario's text."""


class ScenarioSummary(Answer, frozen=True, kw_only=True, omit_defaults=False):
    """A scenario that may be picked: shipped, or saved by somebody."""

    id: str
    """Of a shipped one its name; whoever has the id of a saved one may open it."""
    kind: Literal["preset", "saved"]
    title: str
    about: str
    """Of a shipped one, what it shows; of a saved one, by whom and when."""
    branch: Code
    branch_name: str
    first: BusinessDate = msgspec.field(name="from")
    last: BusinessDate = msgspec.field(name="until")
    dates: str
    """The same as people read it."""
    days: int
    actions: tuple[Literal["delete"], ...] = ()
    """What the asker may do with it."""


class Scenarios(Answer, frozen=True, kw_only=True, omit_defaults=False):
    """Shipped ones first, then saved ones, the newest first."""

    scenarios: tuple[ScenarioSummary, ...]


class ScenarioDocument(ScenarioSummary, frozen=True, kw_only=True, omit_defaults=False):
    """A scenario as a whole."""

    scenario: Scenario
    text: str
    """The same as a file in YAML, which may be edited and checked again."""


class SaveScenario(Request, frozen=True, kw_only=True):
    """Keeps a scenario under an id of its own; its title is what lists show."""

    scenario: Scenario


class CheckScenario(Request, frozen=True, kw_only=True):
    """A scenario as the text of a file (YAML or JSON), or as an object, of a form; one of both.

    A text may be `like` a shipped scenario in all that it does not say.
    """

    text: Annotated[str, Meta(min_length=1, max_length=LONGEST_SCENARIO)] | None = None
    scenario: dict[str, Any] | None = None


class CheckedScenario(Answer, frozen=True, kw_only=True, omit_defaults=False):
    """The scenario that was meant: all that was left out is there."""

    scenario: Scenario
    text: str
    """The same in YAML."""


class RulesHeld(Answer, frozen=True, kw_only=True, omit_defaults=False):
    """What holds in the branch on a date, from a time of day on where a regime begins or ends."""

    date: BusinessDate
    text: str
    """The date, and the time where it is not the whole day, as people read them."""
    closed: str
    """Why the branch is closed on that date; empty where it is open."""
    rules: tuple[RegimeRule, ...]


class ScenarioRules(Answer, frozen=True, kw_only=True, omit_defaults=False):
    """What the branch's own rules, regimes and the scenario's rules come to, date by date."""

    held: tuple[RulesHeld, ...]


# --- the form of a scenario ----------------------------------------------------------------------


class FormChoice(Answer, frozen=True, kw_only=True, omit_defaults=False):
    value: str
    label: str


class ScopeChoice(Answer, frozen=True, kw_only=True, omit_defaults=False):
    """A part of the country over which a regime may be."""

    value: Scope
    label: str


class FormField(Answer, frozen=True, kw_only=True):
    """What may be entered for one value of a scenario."""

    name: str
    """Key in the object that holds it; empty for an entry of a list that is no object."""
    label: str
    hint: str = ""
    kind: Literal[
        "whole",
        "number",
        "share",
        "yes_no",
        "text",
        "texts",
        "code",
        "time",
        "date",
        "choice",
        "service",
        "counter",
        "skill",
        "branch",
        "profile",
        "scope",
        "hours",
        "group",
        "list",
    ]
    """`group` has `fields`; `list` has entries, each like its one field of an empty name or with
    its several `fields`; `texts` are three languages; a share is written in per cent by people;
    `hours` are one of `choices` or an object with `fields`."""
    unit: str = ""
    least: float | None = None
    most: float | None = None
    above: float | None = None
    """The value must be greater."""
    required: bool = False
    default: Any = None
    """Of a required one, what a new entry begins with."""
    choices: tuple[FormChoice, ...] = ()
    fields: tuple[FormField, ...] = ()
    fewest: int = 0
    """Entries of a list."""


class ScenarioForm(Answer, frozen=True, kw_only=True):
    """Every field of a scenario with its words and bounds, and what codes there are."""

    fields: tuple[FormField, ...]
    replications: FormField
    seed: FormField
    title: FormField
    search: tuple[FormField, ...]
    sensitivity: tuple[FormField, ...]
    """What may be asked of many policies of the scenario."""
    branches: tuple[FormChoice, ...]
    services: tuple[FormChoice, ...]
    """Those that are given in person."""
    profiles: tuple[FormChoice, ...]
    """Codes of profiles that have a name; others are called by their code."""
    counters: dict[str, tuple[FormChoice, ...]]
    """By the code of the branch."""
    scopes: dict[str, tuple[ScopeChoice, ...]]
    """Those in which a branch is, by its code."""
