"""What each counter could do, where that is not what the catalogue says of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import groupby

from schemas.branch import Branch, Skill
from schemas.catalogue import Catalogue
from schemas.service import Service
from simulation.calibration.observed import ObservedDay

_NO_PLANS = (
    "No plan of these days is known: each counter has the skills that the catalogue says, assumed."
)
Skills = Mapping[str, tuple[Skill, ...]]
_ALL = "*"


def skills_of(
    days: Sequence[ObservedDay], branch: Branch, catalogue: Catalogue
) -> tuple[Skills, tuple[str, ...]]:
    """Counter -> its skills on most days, where they are not its own; and what that leaves out."""
    if not any(day.plans for day in days):
        return _as_given(days, branch, catalogue)
    planned = {service.code for day in days for one in day.plans for service in one.plan.services}
    services = [one for one in catalogue.services if one.code in planned]
    found: dict[str, tuple[Skill, ...]] = {}
    left_out: list[str] = []
    for counter in branch.counters:
        able = _able(days, counter.id, services)
        if not able:
            continue
        usual = Counter(able.values()).most_common(1)[0][0]
        if usual and usual != _codes(counter.skills, services):
            found[counter.id] = _in_short(usual, services)
        others = ", ".join(on for on, codes in able.items() if codes != usual)
        if others:
            left_out.append(
                f"Counter {counter.id} has the skills of most days, it had others on {others}."
            )
    return found, tuple(left_out)


def _as_given(
    days: Sequence[ObservedDay], branch: Branch, catalogue: Catalogue
) -> tuple[Skills, tuple[str, ...]]:
    """The skills of the catalogue, and of those services besides that a counter has given."""
    if not any(day.given_at for day in days):
        return {}, ()
    found: dict[str, tuple[Skill, ...]] = {}
    for counter in branch.counters:
        given = set().union(*(day.given_at.get(counter.id, ()) for day in days))
        own = _codes(counter.skills, catalogue.services)
        if given - own:
            found[counter.id] = _in_short(own | given, catalogue.services)
    more = f"Counters {', '.join(found)} gave other services besides, and have these skills, too."
    return found, (_NO_PLANS, more) if found else (_NO_PLANS,)


def _able(
    days: Sequence[ObservedDay], counter: str, services: Sequence[Service]
) -> dict[str, frozenset[str]]:
    """Date -> services that the counter could give under the last plan of that day."""
    return {
        str(day.date): frozenset(one.code for one in services if one.code in planned.skills)
        for day in days
        if day.plans
        for planned in day.plans[-1].plan.counters
        if planned.code == counter
    }


def _codes(skills: Sequence[Skill], services: Sequence[Service]) -> frozenset[str]:
    named = {*skills}
    return frozenset(one.code for one in services if named & {_ALL, one.letter, one.code})


def _in_short(able: frozenset[str], services: Sequence[Service]) -> tuple[Skill, ...]:
    """All, the letters of which every service is among them, and the codes of the rest."""
    if len(able) == len(services):
        return (_ALL,)
    by_letter = groupby(sorted(services, key=lambda one: one.letter), key=lambda one: one.letter)
    skills: list[Skill] = []
    for letter, members in by_letter:
        codes = [one.code for one in members]
        here = [code for code in codes if code in able]
        skills += [letter] if here == codes else here
    return tuple(skills)
