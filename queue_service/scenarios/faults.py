"""What of a scenario contradicts the catalogue, found before anything runs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

from queue_service.policy.model import DayPlan
from queue_service.policy.plan import reach
from queue_service.scenarios.plans import branch_of, changes_of, instant, working
from schemas.branch import Branch
from schemas.catalogue import Catalogue
from schemas.catalogue.reader import suggestion
from schemas.fields import Sentence
from schemas.plan_values import PlanValues
from schemas.scenario import Scenario
from schemas.scenario_parts import Day, Shift

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
    yield from _breaks_outside(scenario)
    plans = _Plans(scenario, branch, catalogue)
    yield from _unable(scenario, catalogue, plans)
    yield from _elsewhere(scenario, branch)
    yield from _without_hours(scenario, plans)
    yield from _regimes_without_hours(scenario, plans)
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


def _breaks_outside(scenario: Scenario) -> Iterator[Fault]:
    """Breaks at hours that the shift has not."""
    for place, shift in enumerate(scenario.staff.shifts):
        for at, one in enumerate(shift.breaks):
            if why := _outside(one.at, shift):
                yield ("staff", "shifts", place, "breaks", at, "at"), why


def _outside(at: str, shift: Shift) -> Sentence | None:
    if shift.until and at >= shift.until:
        return Sentence(
            "{at} is not before the shift ends at {until}, "
            "write an earlier time or leave the break out",
            at=at,
            until=shift.until,
        )
    if shift.begins and at < shift.begins:
        return Sentence(
            "{at} is before the shift begins at {begin}, write a later time or leave the break out",
            at=at,
            begin=shift.begins,
        )
    return None


class _Plans:
    """What the dates of a scenario come to, looked up only where something depends on it."""

    def __init__(self, scenario: Scenario, branch: Branch, catalogue: Catalogue) -> None:
        self.staffed = branch_of(scenario, branch)
        self._scenario = scenario
        self._catalogue = catalogue

    @cached_property
    def of_days(self) -> Sequence[DayPlan]:
        """The plan of each day."""
        return [self.of(day) for day in self._scenario.days]

    def of(self, day: Day) -> DayPlan:
        """The plan under which a day opens, or the first of all."""
        return working(changes_of(self._scenario, self._catalogue, self.staffed, day))


def _unable(scenario: Scenario, catalogue: Catalogue, plans: _Plans) -> Iterator[Fault]:
    """Services that are wanted and that nobody at work can give."""
    manned = set(_manned(scenario, plans))
    skills = {skill for one in plans.staffed.counters if one.id in manned for skill in one.skills}
    letters = {service.code: service.letter for service in catalogue.services}
    for place, wanted in enumerate(scenario.mix.services):
        able = {"*", wanted.service, letters.get(wanted.service, "*")} & skills
        if wanted.service in letters and not able and _is_asked_for(scenario, wanted.service):
            sentence = Sentence(
                "nobody on a shift can give {service}, give a shift the skill",
                service=wanted.service,
            )
            yield ("mix", "services", place, "service"), sentence


def _manned(scenario: Scenario, plans: _Plans) -> Iterator[str]:
    """Counters at which somebody works on a day of the scenario, if it has a working day."""
    if not _may_be_unmanned(scenario):
        yield from (one for shift in scenario.staff.shifts for one in shift.counters)
        return
    opened = [(day, plan) for day, plan in zip(scenario.days, plans.of_days, strict=True)]
    opened = [(day, plan) for day, plan in opened if not plan.closed_reason] or opened
    for day, plan in opened:
        in_use = {counter.code for counter in plan.counters}
        for shift in scenario.staff.shifts:
            if _falls_into_hours(shift, day, plan):
                yield from in_use & {*shift.counters}


def _may_be_unmanned(scenario: Scenario) -> bool:
    """Whether a counter on a shift may be left empty for want of hours, or by a rule."""
    rules = (
        *(rules for _, rules in _all_rules(scenario)),
        *(one.rules for one in scenario.regimes),
    )
    return any(rules.counters_in_use is not None for rules in rules) or any(
        shift.begins or shift.until for shift in scenario.staff.shifts
    )


def _falls_into_hours(shift: Shift, day: Day, plan: DayPlan) -> bool:
    begins, until = (
        time and instant(day.date, time, plan.time_zone) for time in (shift.begins, shift.until)
    )
    return bool(plan.closed_reason) or (
        (not begins or begins < plan.closes_at) and (not until or until > plan.opens_at)
    )


def _elsewhere(scenario: Scenario, branch: Branch) -> Iterator[Fault]:
    for place, regime in enumerate(scenario.regimes):
        if not reach(regime, branch):
            sentence = Sentence("is not over {branch}, write branch: {branch}", branch=branch.code)
            yield ("regimes", place, "scope"), sentence


def _without_hours(scenario: Scenario, plans: _Plans) -> Iterator[Fault]:
    """Rules that leave no time between opening and closing on a date."""
    for place, rules in _all_rules(scenario):
        if rules.opens or rules.closes:
            numbers = [place[1]] if len(place) > 1 else range(len(scenario.days))
            days = [scenario.days[int(number)] for number in numbers]
            closed = next((day for day in days if plans.of(day).closed_reason == "manager"), None)
            if closed:
                yield (*place, _bound(rules)), _no_time_on(closed)


def _regimes_without_hours(scenario: Scenario, plans: _Plans) -> Iterator[Fault]:
    """Regimes of the scenario's own under which the branch does not open on any date."""
    for place, regime in enumerate(scenario.regimes):
        if regime.rules.opens or regime.rules.closes:
            pairs = zip(scenario.days, plans.of_days, strict=True)
            under = [(day, plan) for day, plan in pairs if regime.id in plan.regimes]
            if under and all(plan.closed_reason == "regime" for _, plan in under):
                yield ("regimes", place, "rules", _bound(regime.rules)), _no_time_on(under[0][0])


def _bound(rules: PlanValues) -> str:
    return "closes" if rules.closes else "opens"


def _no_time_on(day: Day) -> Sentence:
    return Sentence(
        "leaves no time between opening and closing on {date}, write other hours or leave it out",
        date=day.date,
    )


def _is_asked_for(scenario: Scenario, service: str) -> bool:
    by_mix: Iterable[float] = (
        one.weight for one in scenario.mix.services if one.service == service
    )
    extra = (one.visits for day in scenario.days for one in day.on_top if one.service == service)
    return any(by_mix) or any(extra)
