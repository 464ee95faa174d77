"""Named emergency rules in force for an interval over a scope."""

from datetime import date

import msgspec

from schemas.fields import Code, FieldsError, Sentence, Texts, TimeOfDay
from schemas.plan_values import PlanValues

Moment = tuple[date, str]
"""A local date and time of day, "HH:MM"; compares in order of time."""


class Scope(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True
):
    """Exactly one of a country, a region, a city or a branch, by its code."""

    country: Code | None = None
    region: Code | None = None
    city: Code | None = None
    branch: Code | None = None

    def __post_init__(self) -> None:
        named = [place for place in msgspec.structs.astuple(self) if place is not None]
        if len(named) != 1:
            sentence = Sentence(
                "{places} places are named, write one country, region, city or branch",
                places=len(named),
            )
            raise FieldsError([("", sentence)])


class Regime(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Plan values in force from one instant to another, in each branch's own time zone.

    Whole business dates, both included, unless `from_time` or `until_time` ("HH:MM") say from when
    on the first date and until when on the last. Without `until` the regime has no end yet. One
    that ends at the very minute at which it begins has been withdrawn: it is never in force.
    """

    id: Code
    name: Texts
    scope: Scope
    from_date: date = msgspec.field(name="from")
    until_date: date | None = msgspec.field(name="until", default=None)
    from_time: TimeOfDay | None = None
    until_time: TimeOfDay | None = None
    rules: PlanValues

    def __post_init__(self) -> None:
        if self.until_date is None and self.until_time is not None:
            raise FieldsError([("until_time", Sentence("has no date, write until too"))])
        if self.until_date is not None and self.until_date < self.from_date:
            sentence = Sentence(
                "{until} is before {begin}, write a later date",
                until=self.until_date,
                begin=self.from_date,
            )
            raise FieldsError([("until", sentence)])
        if self.ends < self.begins:
            raise FieldsError([("until_time", self.not_after)])
        wrong = [(f"rules.{one.field}", one.sentence) for one in self.rules.contradictions()]
        if wrong:
            raise FieldsError(wrong)

    @property
    def is_withdrawn(self) -> bool:
        """Whether it was ended before it was in force for a minute."""
        return self.begins == self.ends

    @property
    def not_after(self) -> Sentence:
        """What is wrong with an end that is not after the beginning."""
        return Sentence(
            "{until} is not after {begin}, write a later time",
            until=self.until_time,
            begin=self.begins[1],
        )

    @property
    def begins(self) -> Moment:
        """The first local minute at which the regime is in force."""
        return (self.from_date, self.from_time or "00:00")

    @property
    def ends(self) -> Moment:
        """The first local minute at which the regime is no longer in force."""
        return (self.until_date or date.max, self.until_time or "24:00")

    def in_force(self, day: date, time: str) -> bool:
        """Whether it is in force at a local time of day, "HH:MM"."""
        return self.begins <= (day, time) < self.ends
