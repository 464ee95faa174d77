"""A scenario of the simulation: some days of one branch, who comes, who works, by which rules.

Its parts are in `schemas.scenario_parts`; here is what of them contradicts another part.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from typing import Annotated

from msgspec import Meta

from schemas.branch import SpecialDay
from schemas.fields import Code, FieldsError, Sentence, Text
from schemas.plan_values import PlanValues
from schemas.regime import Regime
from schemas.scenario_parts import Day, Mix, Part, Profile, ServingTime, Site, Staff, Visitors

MOST_SEED = 2**53
Seed = Annotated[int, Meta(ge=0, le=MOST_SEED, description="a whole number of 0 or more")]
_MOST_DAYS = 366
_FIRST, _LAST = date(2000, 1, 1), date(2099, 12, 31)
"""Between them calendars and ids know every date."""
_Problem = tuple[str, str]


class Scenario(Part, frozen=True, kw_only=True):
    """What is simulated. Every assumption names its source."""

    name: Code
    title: Text
    branch: Code
    """Of the catalogue."""
    seed: Seed
    days: Annotated[tuple[Day, ...], Meta(min_length=1, description="one day or more")]
    profiles: Annotated[tuple[Profile, ...], Meta(min_length=1, description="one profile or more")]
    mix: Mix
    serving: ServingTime
    """Of the services that have none of their own."""
    visitors: Visitors
    staff: Staff
    catalogue_regimes: bool = True
    """Whether the catalogue's regimes hold on their own dates."""
    public_holidays: bool = True
    """Whether the branch is closed on those of its country."""
    special_days: tuple[SpecialDay, ...] = ()
    """Dates with hours of their own, before those that the catalogue has for the branch."""
    regimes: tuple[Regime, ...] = ()
    """More of them."""
    rules: PlanValues = PlanValues()
    """What the manager changes on every day."""
    rules_over_regimes: bool = False
    """Whether `rules` hold in place of what regimes say of the same, which bounds a manager."""
    site: Site = Site()

    def __post_init__(self) -> None:
        problems = [*_problems_of(self)]
        if problems:
            raise FieldsError(problems)


def _problems_of(scenario: Scenario) -> Iterator[_Problem]:
    """What of a scenario contradicts another part of it: the dotted path, and what to write."""
    yield from _problems_of_dates(scenario)
    yield from _special_days_twice(scenario)
    yield from _unknown_profiles(scenario)
    yield from _unknown_services(scenario)
    yield from _unmanned_outages(scenario)


def _problems_of_dates(scenario: Scenario) -> Iterator[_Problem]:
    dates = [day.date for day in scenario.days]
    if len(dates) > _MOST_DAYS:
        yield (
            "days",
            Sentence("are {count}, write {most} at most", count=len(dates), most=_MOST_DAYS),
        )
    for at, on in enumerate(dates):
        if not _FIRST <= on <= _LAST:
            sentence = Sentence(
                "{date} is out of range, write a date from {least} to {most}",
                date=on,
                least=_FIRST,
                most=_LAST,
            )
            yield f"days.{at}.date", sentence
    for at, (before, on) in enumerate(pairwise(dates), start=1):
        if on <= before:
            sentence = Sentence(
                "{date} is not after {before}, write each date once, the earliest first",
                date=on,
                before=before,
            )
            yield f"days.{at}.date", sentence


def _special_days_twice(scenario: Scenario) -> Iterator[_Problem]:
    special = [one.date for one in scenario.special_days]
    for at, on in enumerate(special):
        if on in special[:at]:
            sentence = Sentence("{name} is written twice, keep one of the two", name=on)
            yield f"special_days.{at}.date", sentence


def _unknown_profiles(scenario: Scenario) -> Iterator[_Problem]:
    known = {profile.code for profile in scenario.profiles}
    named = [(f"days.{at}.profile", day.profile) for at, day in enumerate(scenario.days)]
    named += [
        (f"mix.services.{at}.profile", wanted.profile)
        for at, wanted in enumerate(scenario.mix.services)
        if wanted.profile
    ]
    for field, code in named:
        if code not in known:
            names = ", ".join(sorted(known))
            yield (
                field,
                Sentence("no profile {code}, write one of {known}", code=code, known=names),
            )


def _unknown_services(scenario: Scenario) -> Iterator[_Problem]:
    services = {wanted.service for wanted in scenario.mix.services}
    for at, day in enumerate(scenario.days):
        extra = [("surges", place, one.service) for place, one in enumerate(day.surges)]
        extra += [("more", place, one.service) for place, one in enumerate(day.more)]
        for kind, place, service in extra:
            if service not in services:
                field = f"days.{at}.{kind}.{place}.service"
                sentence = Sentence(
                    "{service} is not in the mix, add it there with weight 0", service=service
                )
                yield field, sentence


def _unmanned_outages(scenario: Scenario) -> Iterator[_Problem]:
    manned = {counter for shift in scenario.staff.shifts for counter in shift.counters}
    for at, day in enumerate(scenario.days):
        for place, outage in enumerate(day.outages):
            for counter in sorted({*outage.counters} - manned):
                field = f"days.{at}.outages.{place}.counters"
                sentence = Sentence(
                    "{counter} is on no shift, write counters that are on one", counter=counter
                )
                yield field, sentence
