"""The rules under which past days went: regimes and changes, as a scenario states them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby

from msgspec import Struct
from msgspec.structs import asdict, replace

from queue_service.policy.rules import MINUTE
from queue_service.scenarios.plans import branch_of, planned
from schemas.catalogue import Catalogue
from schemas.fields import FieldsError, Texts
from schemas.plan_values import PlanValues
from schemas.regime import Regime, Scope
from schemas.scenario import Scenario
from schemas.scenario_parts import Day
from simulation.calibration.held import MIDNIGHT, Held, is_closed, values_of
from simulation.calibration.hours import while_closed, with_hours, with_hours_assumed
from simulation.calibration.observed import ObservedDay
from simulation.live.scenario import ScenarioError

_NOTHING = PlanValues()
_NO_PLANS = "No plan of these days is known: rules and regimes are those of the base, assumed."
_RULES = Texts(kk="Байқалған ережелер", ru="Правила, как наблюдалось", en="Rules as observed")
_LONGEST_NAME = 500
_Values = list[tuple[str, PlanValues]]
"""Local time ("HH:MM") from which each holds, midnight first."""


class _Span(Struct, frozen=True):
    """From when on a day something holds that is not the branch's own."""

    on: date
    begins: str
    values: PlanValues
    regimes: tuple[str, ...]
    names: tuple[Texts, ...]


def under_their_rules(
    scenario: Scenario, days: Sequence[ObservedDay], catalogue: Catalogue
) -> tuple[Scenario, tuple[str, ...]]:
    """The scenario of these days under what held on them, and sentences on what it cannot say.

    Days of which no plan is known keep the scenario's rules, and are open. Raises ScenarioError
    where rules held that no regime may have.
    """
    if not all(day.plans for day in days):
        found, notes = with_hours_assumed(scenario, days, catalogue)
        return found, (_NO_PLANS, *notes, *while_closed(days))
    bare = replace(scenario, regimes=(), rules=_NOTHING, rules_over_regimes=False)
    found = with_hours(bare, days, catalogue)
    if any(_unlike(found, days, catalogue)):
        try:
            found = _with_rules(replace(found, catalogue_regimes=False), days, catalogue)
        except FieldsError as problem:
            why = "; ".join(f"{name}: {sentence}" for name, sentence in problem.problems)
            raise ScenarioError(f"What was observed makes no scenario: {why}") from None
    return found, (*_unlike(found, days, catalogue), *_other_services(days, catalogue))


def _with_rules(scenario: Scenario, days: Sequence[ObservedDay], catalogue: Catalogue) -> Scenario:
    """A manager's change for a day under one plan and no regime, regimes for all the rest."""
    changes: list[PlanValues] = []
    spans: list[_Span] = []
    for day, seen in zip(scenario.days, days, strict=True):
        here = _spans(scenario, day, seen, catalogue)
        managed = len(here) == 1 and not here[0].regimes
        changes.append(here[0].values if managed else _NOTHING)
        spans += [replace(here[0], values=_NOTHING)] if managed else here
    found = replace(scenario, regimes=tuple(_regimes(spans, scenario.branch)))
    if not found.regimes and len({*map(repr, changes)}) == 1:
        return replace(found, rules=changes[0])
    changed = zip(scenario.days, changes, strict=True)
    return replace(found, days=tuple(replace(day, rules=rules) for day, rules in changed))


def _spans(scenario: Scenario, day: Day, seen: ObservedDay, catalogue: Catalogue) -> list[_Span]:
    (_, own), *_ = _values(scenario, day, catalogue)
    return [
        _Span(seen.date, one.begins, _difference(own, one.values), one.plan.regimes, _names(one))
        for one in seen.plans
    ]


def _names(held: Held) -> tuple[Texts, ...]:
    return tuple(Texts(**name) for name in held.plan.regime_names)


def _difference(own: PlanValues, held: PlanValues) -> PlanValues:
    stated = asdict(held).items()
    return PlanValues(**{name: value for name, value in stated if value != getattr(own, name)})


def _regimes(spans: Sequence[_Span], branch: str) -> Iterator[Regime]:
    """One for each run of spans that say the same."""
    runs = [[*run] for _, run in groupby(spans, key=lambda one: (one.values, one.regimes))]
    number = 0
    for run, after in zip(runs, [*runs[1:], []], strict=True):
        first, last = run[0], run[-1]
        if first.values == _NOTHING:
            continue
        number += 1
        ends_within = bool(after) and after[0].on == last.on
        yield Regime(
            id=f"observed-{number}",
            name=_name(first.names),
            scope=Scope(branch=branch),
            from_date=first.on,
            from_time=None if first.begins == MIDNIGHT else first.begins,
            until_date=last.on,
            until_time=after[0].begins if ends_within else None,
            rules=first.values,
        )


def _name(names: Sequence[Texts]) -> Texts:
    if not names:
        return _RULES
    texts = [asdict(one) for one in names]
    joined = {language: "; ".join(one[language] for one in texts) for language in texts[0]}
    return Texts(**{language: text[:_LONGEST_NAME] for language, text in joined.items()})


# --- what a scenario cannot say ------------------------------------------------------------------


def _values(scenario: Scenario, day: Day, catalogue: Catalogue) -> _Values:
    branch = branch_of(scenario, catalogue.branch(scenario.branch))
    return [
        (time, _NOTHING if is_closed(plan) else values_of(plan))
        for time, plan, _ in planned(scenario, catalogue, branch, day)
    ]


def _unlike(scenario: Scenario, days: Sequence[ObservedDay], catalogue: Catalogue) -> Iterator[str]:
    """A sentence for every plan that is another one in the scenario than it was."""
    for day, seen in zip(scenario.days, days, strict=True):
        here = _values(scenario, day, catalogue)
        held = [(one.begins, one.values) for one in seen.plans]
        for time in sorted({*dict(here), *dict(held)}):
            told = ", ".join(_told(_at(held, time), _at(here, time)))
            if told:
                yield f"Not said by the scenario: on {seen.date} from {time} {told}."


def _at(values: _Values, time: str) -> PlanValues:
    return next(one for begins, one in reversed(values) if begins <= time)


def _told(was: PlanValues, now: PlanValues) -> Iterator[str]:
    for name, value in asdict(was).items():
        other = getattr(now, name)
        # What people read changes no number.
        if value != other and name != "message":
            yield f"{name} was {value}, not {other}"


def _other_services(days: Sequence[ObservedDay], catalogue: Catalogue) -> Iterator[str]:
    now = {one.code: (one.online, one.usual_minutes * MINUTE) for one in catalogue.services}
    others = {
        service.code
        for day in days
        for held in day.plans
        for service in held.plan.services
        if now.get(service.code) != (service.online, service.service_time)
    }
    if others:
        names = ", ".join(sorted(others))
        yield f"Usual minutes or online channels were others than in the catalogue today: {names}."
