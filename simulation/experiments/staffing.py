"""How many counters are staffed at which hour: those whose skills are needed most come first."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from msgspec.structs import replace

from schemas.catalogue import Catalogue
from schemas.fields import Sentence, minute_of
from schemas.scenario import Scenario
from schemas.scenario_parts import Break, Shift
from simulation.live.scenario import FaultyScenarioError
from simulation.world import branch_of

_STEP = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])/([0-9]{1,3})")
_LONGEST_BREAK = 240
"""Minutes, as scenarios have them."""
Step = tuple[int, int]
"""Minute of the day, and counters from then on."""


def counters_by_hour(scenario: Scenario, text: str, catalogue: Catalogue) -> Scenario:
    """The scenario with so many counters: "12", or "09:00/8+11:00/16", each until the next.

    Their operators keep the breaks and skills that they have. Raises FaultyScenarioError.
    """
    singles = [
        replace(shift, counters=(counter,))
        for shift in scenario.staff.shifts
        for counter in shift.counters
    ]
    order = needed_first(scenario, catalogue)
    singles.sort(key=lambda shift: order.index(shift.counters[0]))
    steps = _steps(text, len(singles))
    shifts = [one for place, shift in enumerate(singles) for one in _worked(shift, steps, place)]
    if not shifts:
        sentence = Sentence("{text}: nobody is left on a shift, write one or more", text=text)
        raise FaultyScenarioError([("counters", sentence)])
    return replace(scenario, staff=replace(scenario.staff, shifts=tuple(shifts)))


def needed_first(scenario: Scenario, catalogue: Catalogue) -> list[str]:
    """The counters on a shift; each next one relieves the most work beside those before it.

    The work of a service counts in equal parts for all counters that can give it.
    """
    work = _work(scenario, catalogue)
    skills = _skills(scenario, catalogue)
    able = dict.fromkeys(work, 0)
    order: list[str] = []
    while skills:
        gains = {
            counter: sum(work[one] / (1 + able[one]) for one in work.keys() & can)
            for counter, can in skills.items()
        }
        chosen = max(gains, key=lambda counter: (round(gains[counter], 6), _number(counter)))
        order.append(chosen)
        for one in work.keys() & skills.pop(chosen):
            able[one] += 1
    return order


def _work(scenario: Scenario, catalogue: Catalogue) -> dict[str, float]:
    """Service -> minutes of work in all, up to a factor."""
    minutes = {one.code: one.usual_minutes for one in catalogue.services}
    on_top = [one for day in scenario.days for one in day.on_top]
    visits = sum(day.visits for day in scenario.days)
    whole = sum(one.weight for one in scenario.mix.services)
    found = {
        one.service: one.weight / whole * visits
        + sum(more.visits for more in on_top if more.service == one.service)
        for one in scenario.mix.services
    }
    return {service: count * minutes.get(service, 1) for service, count in found.items()}


def _skills(scenario: Scenario, catalogue: Catalogue) -> dict[str, frozenset[str]]:
    """Counter on a shift -> services that it can give."""
    branches = [one for one in catalogue.branches if one.code == scenario.branch]
    on_shift = {one for shift in scenario.staff.shifts for one in shift.counters}
    return {
        counter.id: frozenset(
            service.code
            for service in catalogue.services
            if {"*", service.code, service.letter} & {*counter.skills}
        )
        for branch in branches
        for counter in branch_of(scenario, branch).counters
        if counter.id in on_shift
    }


def _number(counter: str) -> int:
    """So that of two alike the one with the lower number comes first."""
    return -int(counter) if counter.isdecimal() else -(10**6)


def _steps(text: str, most: int) -> list[Step]:
    if text.isdecimal():
        return [(0, _count(text, most))]
    found = [_STEP.fullmatch(part) for part in text.split("+")]
    steps = [(int(one[1]) * 60 + int(one[2]), _count(one[3], most)) for one in found if one]
    if len(steps) != len(found) or steps != sorted(set(steps)):
        sentence = Sentence(
            "{text} is not accepted, write a number, or steps in order of time such as {example}",
            text=text,
            example="09:00/8+11:00/16",
        )
        raise FaultyScenarioError([("counters", sentence)])
    return steps


def _count(text: str, most: int) -> int:
    if not 0 <= int(text) <= most:
        sentence = Sentence("{most} are on a shift, write no more of them", most=most)
        raise FaultyScenarioError([("counters", sentence)])
    return int(text)


def _worked(shift: Shift, steps: list[Step], place: int) -> Iterator[Shift]:
    """The shift of the counter number `place`, where some step has it."""
    spans = [*_spans(steps, place)]
    if not spans:
        return
    first, last = spans[0][0], spans[-1][1]
    gaps = [(ends, begins) for (_, ends), (begins, _) in pairwise(spans)]
    for ends, begins in gaps:
        if begins - ends > _LONGEST_BREAK:
            raise FaultyScenarioError([("counters", _rests(shift.counters[0], ends, begins))])
    away = [(0, first), *gaps, *([(last, 24 * 60)] if last else [])]
    kept = [one for one in shift.breaks if not any(_overlaps(one, *span) for span in away)]
    breaks = [*kept, *(Break(at=_time(a), minutes=b - a) for a, b in gaps)]
    since = _later(shift.begins, _time(first) if first else None)
    until = _earlier(shift.until, _time(last) if last else None)
    inside = (one for one in breaks if (since or "") <= one.at < (until or "24:00"))
    in_order = tuple(sorted(inside, key=lambda one: one.at))
    yield replace(shift, begins=since, until=until, breaks=in_order)


def _rests(counter: str, ends: int, begins: int) -> Sentence:
    return Sentence(
        "counter {counter} rests from {ends} to {begins}, a break lasts {most} min at most",
        counter=counter,
        ends=_time(ends),
        begins=_time(begins),
        most=_LONGEST_BREAK,
    )


def _spans(steps: list[Step], place: int) -> Iterator[tuple[int, int]]:
    """From minute to minute; the last one is open, told by 0."""
    begins: int | None = None
    for minute, count in steps:
        if count > place and begins is None:
            begins = minute
        elif count <= place and begins is not None:
            yield begins, minute
            begins = None
    if begins is not None:
        yield begins, 0


def _overlaps(one: Break, begins: int, ends: int) -> bool:
    at = minute_of(one.at)
    return at < ends and begins < at + one.minutes


def _time(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"


def _later(one: str | None, other: str | None) -> str | None:
    return max(filter(None, (one, other)), default=None)


def _earlier(one: str | None, other: str | None) -> str | None:
    return min(filter(None, (one, other)), default=None)
