"""What is asked of workers and would not end, or cannot be: refused before it is queued."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from queue_service.faults import Fault, wrong
from queue_service.scenarios.faults import faults
from queue_service.scenarios.plans import branch_of, planned
from schemas.fields import Sentence
from schemas.question import Sensitivity

if TYPE_CHECKING:
    from schemas.catalogue import Catalogue
    from schemas.question import Question, Vary
    from schemas.scenario import Scenario
    from schemas.wire_simulations import StartSimulation

MOST_DAYS: Final = 31
"""[A] Of a simulation that is asked for over HTTP: what a page shows and an answer holds."""
MOST_BRANCH_DAYS: Final = 20_000
"""[A] Days by replications, of all policies together: about an hour of one processor."""
_STEP: Final = re.compile(r"(?:..:../)?([0-9]+)")
_OF_GROUPS: Final = ("group_size", "group_interval_minutes")


def refuse_too_long(scenario: Scenario, request: StartSimulation) -> None:
    """Raises Fault where there is more to do than a planner waits for."""
    days = len(scenario.days)
    if days > MOST_DAYS:
        sentence = Sentence("write a list of {least} to {most} entries", least=1, most=MOST_DAYS)
        raise wrong("invalid_field", "scenario.days", sentence)
    if request.question is not None:
        _refuse_long_question(request.question, days)
        return
    most = MOST_BRANCH_DAYS // days // (2 if request.versus else 1)
    if request.replications > most:
        raise _too_many("replications", 1, most)


def _refuse_long_question(question: Question, days: int) -> None:
    if question.runs * days > MOST_BRANCH_DAYS:
        field, least, most = question.field_within(MOST_BRANCH_DAYS // days)
        raise _too_many(f"question.{field}", least, most)


def _too_many(field: str, least: int, most: int) -> Fault:
    return wrong(
        "invalid_field",
        field,
        Sentence(
            "with so many days write a whole number from {least} to {most}", least=least, most=most
        ),
    )


def refuse_other_dates(scenario: Scenario, versus: Scenario) -> None:
    """Raises Fault where two policies are not of the same days."""
    ours, theirs = ([day.date for day in one.days] for one in (scenario, versus))
    if ours != theirs or scenario.branch != versus.branch:
        sentence = Sentence("is of another branch or of other dates, write those of the first")
        raise wrong("invalid_field", "versus.days", sentence)


def refuse_question(scenario: Scenario, request: StartSimulation, catalogue: Catalogue) -> None:
    """Raises Fault where a question is not one of this scenario."""
    if request.question is None:
        return
    if request.versus is not None:
        raise wrong("invalid_field", "versus", Sentence("is not known here, leave it out"))
    if isinstance(request.question, Sensitivity):
        return
    _refuse_counters(scenario, request.question.vary)
    _refuse_hours(scenario, request.question.vary, catalogue)
    _refuse_groups(scenario, request.question.vary, catalogue)


def _refuse_counters(scenario: Scenario, vary: Vary) -> None:
    most = sum(len(shift.counters) for shift in scenario.staff.shifts)
    for place, text in enumerate(vary.counters):
        if max(map(int, _STEP.findall(text))) > most:
            sentence = Sentence("{most} are on a shift, write no more of them", most=most)
            raise wrong("invalid_field", f"question.vary.counters.{place}", sentence)


def _refuse_hours(scenario: Scenario, vary: Vary, catalogue: Catalogue) -> None:
    for place, closes in enumerate(vary.closes):
        rules = replace(scenario.rules, closes=closes)
        tried = replace(scenario, rules=rules, rules_over_regimes=True)
        if found := [sentence for _, sentence in faults(tried, catalogue)]:
            field = f"question.vary.closes.{place}"
            fields = [{"field": field, "detail": found[0]}]
            raise Fault("invalid_field", field=field, fields=fields)


def _refuse_groups(scenario: Scenario, vary: Vary, catalogue: Catalogue) -> None:
    """What is said of groups changes nothing where people go in as they come."""
    tried = next((name for name in _OF_GROUPS if getattr(vary, name)), None)
    if tried is None or _has_groups(scenario, catalogue):
        return
    sentence = Sentence("nobody is let in by groups on these days, switch that on in the rules")
    raise wrong("invalid_field", f"question.vary.{tried}", sentence)


def _has_groups(scenario: Scenario, catalogue: Catalogue) -> bool:
    branch = branch_of(scenario, catalogue.branch(scenario.branch))
    return any(
        plan.group_admission
        for day in scenario.days
        for _, plan, _ in planned(scenario, catalogue, branch, day)
    )
