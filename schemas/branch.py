"""One service centre: where it is, when it is open, its counters and its default plan values."""

from collections.abc import Hashable, Iterable, Iterator
from datetime import date
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Meta
from msgspec.structs import replace

from schemas.fields import Code, CounterId, FieldsError, Texts, TimeOfDay, refuse_unless_later
from schemas.plan_values import PlanValues

Skill = Annotated[
    str,
    Meta(
        pattern=r"^(\*|[A-Z]|[a-z0-9]+(-[a-z0-9]+)*)$",
        max_length=64,
        description="a service code, the letter of a category, or '*' for every service",
    ),
]


class OpenHours(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Times of day in the branch's time zone, "HH:MM"; closing is later than opening."""

    opens: TimeOfDay
    closes: TimeOfDay

    def __post_init__(self) -> None:
        refuse_unless_later(self.opens, self.closes)


Hours = OpenHours | Literal["closed"]


class WeeklyHours(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The hours of an ordinary week."""

    monday: Hours
    tuesday: Hours
    wednesday: Hours
    thursday: Hours
    friday: Hours
    saturday: Hours
    sunday: Hours

    def on(self, weekday: int) -> Hours:
        """Give the hours of a weekday, Monday being 0 as in `date.weekday()`."""
        week: tuple[Hours, ...] = msgspec.structs.astuple(self)
        return week[weekday]


class SpecialDay(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A date whose hours differ from the week's and from the public holidays'."""

    date: date
    hours: Hours
    reason: Texts


class Counter(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A window; its skills are service codes, category letters, or "*" for every service."""

    id: CounterId
    skills: Annotated[tuple[Skill, ...], Meta(min_length=1, description="one skill or more")]


class Branch(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One service centre with one hall and one door."""

    code: Code
    name: Texts
    country: Code
    region: Code
    city: Code
    time_zone: str
    """An IANA name such as Asia/Oral."""
    address: Texts
    weekly_hours: WeeklyHours
    counters: Annotated[tuple[Counter, ...], Meta(min_length=1, description="one counter or more")]
    special_days: tuple[SpecialDay, ...] = ()
    rules: PlanValues = PlanValues()

    def __post_init__(self) -> None:
        problems = [*self._problems()]
        if problems:
            raise FieldsError(problems)

    def _problems(self) -> Iterator[tuple[str, str]]:
        if not _is_time_zone(self.time_zone):
            yield "time_zone", f"{self.time_zone!r} is no IANA time zone, write one like Asia/Oral"
        for index in _repeated(counter.id for counter in self.counters):
            sentence = f"{self.counters[index].id} is listed twice, give each counter its own id"
            yield f"counters.{index}.id", sentence
        for one in replace(self.rules, opens=None, closes=self._latest_closing).contradictions():
            yield f"rules.{one.field}", one.sentence
        known = {counter.id for counter in self.counters}
        for index, counter in enumerate(self.rules.counters_in_use or ()):
            if counter not in known:
                sentence = f"{counter} is no counter of the branch, write one of its counters"
                yield f"rules.counters_in_use.{index}", sentence
        for index in _repeated(day.date for day in self.special_days):
            sentence = f"{self.special_days[index].date} is listed twice, keep one entry for a date"
            yield f"special_days.{index}.date", sentence

    @property
    def _latest_closing(self) -> str | None:
        """The hours of a date go before those that the branch states among its rules."""
        days = (
            *msgspec.structs.astuple(self.weekly_hours),
            *(one.hours for one in self.special_days),
        )
        return max((hours.closes for hours in days if isinstance(hours, OpenHours)), default=None)


def _is_time_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ValueError, OSError, LookupError):
        return False
    # The machine's own files hold more than places: localtime is another zone on every machine.
    return "/" in name or name == "UTC"


def _repeated(names: Iterable[Hashable]) -> Iterator[int]:
    seen: set[Hashable] = set()
    for index, name in enumerate(names):
        if name in seen:
            yield index
        seen.add(name)
