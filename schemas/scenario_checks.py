"""What within a scenario contradicts itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING

from schemas.fields import Sentence, minute_of

if TYPE_CHECKING:
    from schemas.scenario import Break, Scenario

MOST_DAYS = 366
FIRST, LAST = date(2000, 1, 1), date(2099, 12, 31)
"""Between them calendars and ids know every date."""
Problem = tuple[str, str]


def problems_of(scenario: Scenario) -> Iterator[Problem]:
    """What of a scenario contradicts another part of it: the dotted path, and what to write."""
    yield from _problems_of_dates(scenario)
    yield from _special_days_twice(scenario)
    yield from _unknown_profiles(scenario)
    yield from _unknown_services(scenario)
    yield from _unmanned_outages(scenario)


def _problems_of_dates(scenario: Scenario) -> Iterator[Problem]:
    dates = [day.date for day in scenario.days]
    if len(dates) > MOST_DAYS:
        yield (
            "days",
            Sentence("are {count}, write {most} at most", count=len(dates), most=MOST_DAYS),
        )
    for at, on in enumerate(dates):
        if not FIRST <= on <= LAST:
            sentence = Sentence(
                "{date} is out of range, write a date from {least} to {most}",
                date=on,
                least=FIRST,
                most=LAST,
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


def _special_days_twice(scenario: Scenario) -> Iterator[Problem]:
    special = [one.date for one in scenario.special_days]
    for at, on in enumerate(special):
        if on in special[:at]:
            sentence = Sentence("{name} is written twice, keep one of the two", name=on)
            yield f"special_days.{at}.date", sentence


def problems_of_breaks(breaks: Sequence[Break]) -> Iterator[Problem]:
    """What of a shift's breaks contradicts the break before it."""
    for at, (before, one) in enumerate(pairwise(breaks), start=1):
        if one.at <= before.at:
            sentence = Sentence(
                "{at} is not after {before}, write the breaks in order of time",
                at=one.at,
                before=before.at,
            )
            yield f"breaks.{at}.at", sentence
        elif minute_of(one.at) < before.ends:
            sentence = Sentence(
                "{at} is within the break that begins at {before} and lasts {minutes} min, "
                "write a later time or make that break shorter",
                at=one.at,
                before=before.at,
                minutes=before.minutes,
            )
            yield f"breaks.{at}.at", sentence


def _unknown_profiles(scenario: Scenario) -> Iterator[Problem]:
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


def _unknown_services(scenario: Scenario) -> Iterator[Problem]:
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


def _unmanned_outages(scenario: Scenario) -> Iterator[Problem]:
    manned = {counter for shift in scenario.staff.shifts for counter in shift.counters}
    for at, day in enumerate(scenario.days):
        for place, outage in enumerate(day.outages):
            for counter in sorted({*outage.counters} - manned):
                field = f"days.{at}.outages.{place}.counters"
                sentence = Sentence(
                    "{counter} is on no shift, write counters that are on one", counter=counter
                )
                yield field, sentence
