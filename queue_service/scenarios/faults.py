"""What of a scenario contradicts the catalogue, found before anything runs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from queue_service.policy.plan import reach
from queue_service.scenarios.plans import branch_of, changes_of, working
from schemas.branch import Branch
from schemas.catalogue import Catalogue
from schemas.catalogue.reader import suggestion
from schemas.fields import Sentence
from schemas.plan_values import PlanValues
from schemas.scenario import Scenario

MOST_VISITS = 1_000_000
Place = tuple[str | int, ...]
Fault = tuple[Place, str]


def faults(scenario: Scenario, catalogue: Catalogue) -> Iterator[Fault]:
    """What of a scenario contradicts the catalogue: where, and what to write instead."""
    branches = {branch.code: branch for branch in catalogue.branches}
    branch = branches.get(scenario.branch)
    if branch is None:
        hint = suggestion(scenario.branch, branches)
        yield ("branch",), Sentence("no branch {code}, {hint}", code=scenario.branch, hint=hint)
        return
    yield from _unknown_services(scenario, catalogue)
    yield from _unknown_counters(scenario, branch)
    yield from _unknown_skills(scenario, catalogue)
    yield from _unable(scenario, branch, catalogue)
    yield from _elsewhere(scenario, branch)
    yield from _without_hours(scenario, branch, catalogue)
    visits = sum(day.visits + sum(one.visits for one in day.on_top) for day in scenario.days)
    if visits > MOST_VISITS:
        sentence = Sentence(
            "have {visits} visits together, write {most} at most",
            visits=round(visits),
            most=MOST_VISITS,
        )
        yield ("days",), sentence


def _unknown_services(scenario: Scenario, catalogue: Catalogue) -> Iterator[Fault]:
    known = [service.code for service in catalogue.services if service.channels.in_person]
    for place, wanted in enumerate(scenario.mix.services):
        if wanted.service not in known:
            hint = suggestion(wanted.service, known)
            sentence = Sentence("no service {code}, {hint}", code=wanted.service, hint=hint)
            yield ("mix", "services", place, "service"), sentence


def _unknown_counters(scenario: Scenario, branch: Branch) -> Iterator[Fault]:
    known = [counter.id for counter in branch.counters]
    for place, shift in enumerate(scenario.staff.shifts):
        for at, counter in enumerate(shift.counters):
            if counter not in known:
                hint = suggestion(counter, known)
                sentence = Sentence("no counter {code}, {hint}", code=counter, hint=hint)
                yield ("staff", "shifts", place, "counters", at), sentence
    for where, rules in _all_rules(scenario):
        for at, counter in enumerate(rules.counters_in_use or ()):
            if counter not in known:
                hint = suggestion(counter, known)
                sentence = Sentence("no counter {code}, {hint}", code=counter, hint=hint)
                yield (*where, "counters_in_use", at), sentence


def _all_rules(scenario: Scenario) -> Iterator[tuple[Place, PlanValues]]:
    yield ("rules",), scenario.rules
    for at, day in enumerate(scenario.days):
        yield ("days", at, "rules"), day.rules


def _unknown_skills(scenario: Scenario, catalogue: Catalogue) -> Iterator[Fault]:
    codes = [service.code for service in catalogue.services]
    known = {"*", *codes, *(service.letter for service in catalogue.services)}
    for place, shift in enumerate(scenario.staff.shifts):
        for at, skill in enumerate(shift.skills):
            if skill not in known:
                hint = suggestion(skill, codes)
                sentence = Sentence("no service or letter {code}, {hint}", code=skill, hint=hint)
                yield ("staff", "shifts", place, "skills", at), sentence


def _unable(scenario: Scenario, branch: Branch, catalogue: Catalogue) -> Iterator[Fault]:
    """Services that are wanted and that nobody on a shift can give."""
    manned = {one for shift in scenario.staff.shifts for one in shift.counters}
    staffed = branch_of(scenario, branch)
    skills = {skill for one in staffed.counters if one.id in manned for skill in one.skills}
    letters = {service.code: service.letter for service in catalogue.services}
    for place, wanted in enumerate(scenario.mix.services):
        able = {"*", wanted.service, letters.get(wanted.service, "*")} & skills
        if wanted.service in letters and not able and _is_asked_for(scenario, wanted.service):
            sentence = Sentence(
                "nobody on a shift can give {service}, give a shift the skill",
                service=wanted.service,
            )
            yield ("mix", "services", place, "service"), sentence


def _elsewhere(scenario: Scenario, branch: Branch) -> Iterator[Fault]:
    for place, regime in enumerate(scenario.regimes):
        if not reach(regime, branch):
            sentence = Sentence("is not over {branch}, write branch: {branch}", branch=branch.code)
            yield ("regimes", place, "scope"), sentence


def _without_hours(scenario: Scenario, branch: Branch, catalogue: Catalogue) -> Iterator[Fault]:
    """Rules that leave no time between opening and closing on a date."""
    staffed = branch_of(scenario, branch)
    for place, rules in _all_rules(scenario):
        if rules.opens or rules.closes:
            field = "closes" if rules.closes else "opens"
            numbers = [place[1]] if len(place) > 1 else range(len(scenario.days))
            for day in (scenario.days[int(number)] for number in numbers):
                plan = working(changes_of(scenario, catalogue, staffed, day))
                if plan.closed_reason == "manager":
                    sentence = Sentence(
                        "leaves no time between opening and closing on {date}, "
                        "write other hours or leave it out",
                        date=day.date,
                    )
                    yield (*place, field), sentence
                    break


def _is_asked_for(scenario: Scenario, service: str) -> bool:
    by_mix: Iterable[float] = (
        one.weight for one in scenario.mix.services if one.service == service
    )
    extra = (one.visits for day in scenario.days for one in day.on_top if one.service == service)
    return any(by_mix) or any(extra)
