"""What a scenario is made of: its days, who comes and what for, who works, the place.

Times of day are "HH:MM" in the branch's time zone, shares are fractions of 1, counts are visits (a
party is one visit). What is drawn between two bounds is drawn uniformly, both included.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from fractions import Fraction
from itertools import pairwise
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from schemas.branch import Skill
from schemas.fields import Code, CounterId, FieldsError, Sentence, TimeOfDay, minute_of
from schemas.plan_values import AcceptedReason, PlanValues
from schemas.service import Source

Share = Annotated[float, Meta(ge=0, le=1, description="a share from 0 to 1, such as 0.08")]
Weight = Annotated[float, Meta(ge=0, le=1e6, description="a weight, a number of 0 or more")]
Visits = Annotated[
    float, Meta(ge=0, le=20_000, description="visits a day, a number from 0 to 20000")
]
ServingMinutes = Annotated[
    float, Meta(gt=0, le=480, description="minutes, a number above 0 and at most 480")
]
Spread = Annotated[
    float, Meta(ge=0, le=5, description="standard deviation over mean, a number from 0 to 5")
]
Seconds = Annotated[int, Meta(ge=0, le=7200, description="seconds, a whole number from 0 to 7200")]
WaitingMinutes = Annotated[
    int, Meta(ge=0, le=1440, description="minutes, a whole number from 0 to 1440")
]
People = Annotated[int, Meta(ge=0, le=100_000, description="people, a whole number of 0 or more")]
Metres = Annotated[
    float, Meta(gt=0, le=100_000, description="metres or square metres, a number above 0")
]
Party = Annotated[int, Meta(ge=1, le=20, description="people, a whole number from 1 to 20")]
Law = Literal["lognormal", "gamma", "exponential", "constant", "empirical"]


class Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Of a scenario; without fields that nobody knows."""


class Between(Part, frozen=True, kw_only=True):
    """Bounds of something drawn uniformly; the unit is in the name of the field that has them."""

    least: People
    most: People

    def __post_init__(self) -> None:
        if self.most < self.least:
            sentence = Sentence(
                "{most} is below least, write {least} or more", most=self.most, least=self.least
            )
            raise FieldsError([("most", sentence)])


class ServingTime(Part, frozen=True, kw_only=True):
    """Time at the counter: a law with a mean and a spread, or measured times to draw from."""

    law: Law = "lognormal"
    mean_minutes: ServingMinutes | None = None
    """Left out: the catalogue's usual minutes."""
    spread: Spread = 0.5
    minutes: tuple[ServingMinutes, ...] = ()
    """Measured times, for the law `empirical` alone."""

    def __post_init__(self) -> None:
        if (self.law == "empirical") != bool(self.minutes):
            sentence = Sentence("measured times go with the law empirical, write both or neither")
            raise FieldsError([("minutes", sentence)])
        if self.law in ("lognormal", "gamma") and not self.spread:
            raise FieldsError([("spread", Sentence("is 0, write the law constant instead"))])


class Wanted(Part, frozen=True, kw_only=True):
    """A service among the visits: its weight, and when it is asked for if not as the others."""

    service: Code
    weight: Weight
    profile: Code | None = None
    time: ServingTime | None = None


class Mix(Part, frozen=True, kw_only=True):
    source: Source
    services: Annotated[tuple[Wanted, ...], Meta(min_length=1, description="one service or more")]

    def __post_init__(self) -> None:
        _refuse_repeated("services", [wanted.service for wanted in self.services])
        _refuse_nothing("services", [wanted.weight for wanted in self.services])


class HourOfArrival(Part, frozen=True, kw_only=True):
    """Relative weights of the four quarter hours from a full hour on."""

    at: TimeOfDay
    quarters: Annotated[tuple[Weight, ...], Meta(description="four weights, one a quarter hour")]

    def __post_init__(self) -> None:
        if not self.at.endswith(":00"):
            sentence = Sentence(
                "{at} is not a full hour, write {full}", at=self.at, full=f"{self.at[:3]}00"
            )
            raise FieldsError([("at", sentence)])
        if len(self.quarters) != 4:  # noqa: PLR2004 - an hour has four quarters
            sentence = Sentence(
                "has {count} weights, write four, one a quarter hour", count=len(self.quarters)
            )
            raise FieldsError([("quarters", sentence)])


class Profile(Part, frozen=True, kw_only=True):
    """When visitors arrive in a day."""

    code: Code
    source: Source
    hours: Annotated[tuple[HourOfArrival, ...], Meta(min_length=1, description="one hour or more")]

    def __post_init__(self) -> None:
        _refuse_repeated("hours", [hour.at for hour in self.hours])
        _refuse_nothing("hours", [sum(hour.quarters) for hour in self.hours])


class Surge(Part, frozen=True, kw_only=True):
    """Visits for one service that come on top, evenly spread over some minutes."""

    service: Code
    at: TimeOfDay
    minutes: Annotated[int, Meta(ge=1, le=480, description="minutes, a whole number from 1 to 480")]
    visits: Visits

    def __post_init__(self) -> None:
        left = 24 * 60 - minute_of(self.at)
        if self.minutes > left:
            sentence = Sentence("go past midnight, write {left} at most", left=left)
            raise FieldsError([("minutes", sentence)])


class MoreOf(Part, frozen=True, kw_only=True):
    """Visits for one service on top of the mix, when the day's profile says."""

    service: Code
    visits: Visits


class Outage(Part, frozen=True, kw_only=True):
    """Counters at which nobody can work for a time; a visit under way is finished."""

    at: TimeOfDay
    minutes: Annotated[int, Meta(ge=1, le=720, description="minutes, a whole number from 1 to 720")]
    counters: tuple[CounterId, ...] = ()
    """Left out: all of them."""


class Day(Part, frozen=True, kw_only=True):
    """A business date: the mean number of visits and when they come."""

    date: date
    visits: Visits
    """By the mix; `more` and `surges` come on top."""
    profile: Code
    more: tuple[MoreOf, ...] = ()
    surges: tuple[Surge, ...] = ()
    outages: tuple[Outage, ...] = ()
    rules: PlanValues = PlanValues()
    """What the manager changes on this day alone."""

    @property
    def on_top(self) -> tuple[MoreOf | Surge, ...]:
        """All that comes in addition to the mix."""
        return (*self.more, *self.surges)


class PartyShare(Part, frozen=True, kw_only=True):
    people: Party
    weight: Weight


class PriorityShare(Part, frozen=True, kw_only=True):
    """Visitors of a priority class other than the ordinary one."""

    priority: Literal["priority"]
    share: Share


class TurnedAway(Part, frozen=True, kw_only=True):
    """What a visitor does who gets no service; the weights are relative."""

    online: Weight
    """Only those who can."""
    phone: Weight
    """Calls the contact centre."""
    tomorrow: Weight
    gives_up: Weight

    def __post_init__(self) -> None:
        _refuse_nothing("", [self.online, self.phone, self.tomorrow, self.gives_up])


class Visitors(Part, frozen=True, kw_only=True):
    """How visitors come, wait, walk and give up."""

    source: Source
    parties: Annotated[tuple[PartyShare, ...], Meta(min_length=1, description="one size or more")]
    priorities: tuple[PriorityShare, ...] = ()
    can_go_online: Share
    cannot_because: AcceptedReason = "no_digital_signature"
    """The reason given at the kiosk by those who cannot."""
    sent_online: TurnedAway
    """Refused because the service is given only online."""
    turned_away: TurnedAway
    """Refused because of the hour, or gone from the street."""
    insists: Share
    """Takes a ticket although told that today may be too late."""
    tolerates_people_ahead: Between
    """A longer queue in the street makes the visitor go at once."""
    patience_minutes: Between
    """In the street."""
    misses_group: Share
    no_show: Share
    """Does not come when called to a counter."""
    answers_recall: Share = 0.0
    """Of those: comes when called once more."""
    comes_late: Share = 0.0
    """Of those given up: turns up later and asks to be taken back."""
    comes_late_after_minutes: Between = Between(least=2, most=20)
    second_service: Share = 0.0
    """Needs another service of the mix too, and says so when taking the ticket."""
    wrong_service: Share = 0.0
    """Needs another service than the ticket says, as turns out at the counter: is sent on."""
    sent_on_after_seconds: Between = Between(least=30, most=180)
    held: Share = 0.0
    """Half-way through the work something is awaited: the counter serves others meanwhile."""
    held_minutes: Between = Between(least=5, most=30)
    walks_in_seconds: Between
    walks_to_counter_seconds: Between
    walks_out_seconds: Between
    back_after_opening_minutes: Between
    """Those who come again the next day."""
    carried_over_come_back: Share

    def __post_init__(self) -> None:
        _refuse_repeated("priorities", [one.priority for one in self.priorities])
        _refuse_repeated("parties", [str(party.people) for party in self.parties])
        _refuse_nothing("parties", [party.weight for party in self.parties])
        if self.second_service + self.wrong_service > 1:
            sentence = Sentence(
                "is above 1 together with second_service, write {most} or less",
                most=f"{1 - self.second_service:g}",
            )
            raise FieldsError([("wrong_service", sentence)])


class Break(Part, frozen=True, kw_only=True):
    at: TimeOfDay
    minutes: Annotated[int, Meta(ge=1, le=240, description="minutes, a whole number from 1 to 240")]

    @property
    def ends(self) -> int:
        """Minutes since midnight."""
        return minute_of(self.at) + self.minutes


class Shift(Part, frozen=True, kw_only=True):
    """Operators of some counters; without `until` they stay until the hall is empty."""

    counters: Annotated[
        tuple[CounterId, ...], Meta(min_length=1, description="one counter or more")
    ]
    begins: TimeOfDay | None = None
    """Left out: as the branch opens."""
    until: TimeOfDay | None = None
    breaks: tuple[Break, ...] = ()
    skills: tuple[Skill, ...] = ()
    """Left out: all that the catalogue says of the counter."""

    def __post_init__(self) -> None:
        if self.begins and self.until and self.until <= self.begins:
            sentence = Sentence(
                "{until} is not after {begin}, write a later time",
                until=self.until,
                begin=self.begins,
            )
            raise FieldsError([("until", sentence)])
        problems = [*_problems_of_breaks(self.breaks)]
        if problems:
            raise FieldsError(problems)


class Staff(Part, frozen=True, kw_only=True):
    """How attendants and operators work."""

    source: Source
    shifts: Annotated[tuple[Shift, ...], Meta(min_length=1, description="one shift or more")]
    waits_for_called_seconds: Seconds
    """After each call."""
    recalls: Annotated[int, Meta(ge=0, le=5, description="calls, a whole number from 0 to 5")] = 0
    """So many more calls before a visitor is given up."""
    tidies_seconds: Seconds
    """From the end of one visit to the next call."""
    looks_every_seconds: Annotated[
        int, Meta(ge=1, le=3600, description="seconds, a whole number from 1 to 3600")
    ]
    """So often the attendant looks whether a group may go in."""
    confirms_after_seconds: Seconds
    """From the earliest end of cleaning to its confirmation."""

    def __post_init__(self) -> None:
        _refuse_repeated("shifts", [one for shift in self.shifts for one in shift.counters])


class Site(Part, frozen=True, kw_only=True):
    """The place in metres, for what is measured and no rule knows: the queue's length, crowding."""

    source: Source = Source(mark="A", note="distance kept in a queue, a hall of middling size")
    queue_metres_a_person: Metres = 1.5
    hall_square_metres: Metres = 200.0
    square_metres_a_person: Metres = 4.0
    """With less than that for everybody inside, the hall is crowded."""

    @property
    def room(self) -> int:
        """So many people do not crowd the hall: by the numbers as written, 55 / 1.1 is 50."""
        square_metres, each = self.hall_square_metres, self.square_metres_a_person
        return Fraction(str(square_metres)) // Fraction(str(each))


def _refuse_repeated(field: str, names: list[str]) -> None:
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        sentence = Sentence("{name} is written twice, keep one of the two", name=twice[0])
        raise FieldsError([(field, sentence)])


def _refuse_nothing(field: str, weights: list[float]) -> None:
    if not sum(weights):
        raise FieldsError([(field, Sentence("every weight is 0, give at least one more than 0"))])


def _problems_of_breaks(breaks: Sequence[Break]) -> Iterator[tuple[str, str]]:
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
