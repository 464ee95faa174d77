"""Named emergency rules in force for an interval over a scope."""

from datetime import date

import msgspec

from schemas.fields import Code, FieldsError, Texts
from schemas.plan_values import PlanValues


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
            sentence = f"{len(named)} places are named, write one country, region, city or branch"
            raise FieldsError([("", sentence)])


class Regime(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Plan values in force on the business dates `from` to `until`, both included.

    Without `until` the regime has no end yet. Dates are of each branch's own time zone.
    """

    id: Code
    name: Texts
    scope: Scope
    from_date: date = msgspec.field(name="from")
    until_date: date | None = msgspec.field(name="until", default=None)
    rules: PlanValues

    def __post_init__(self) -> None:
        if self.until_date is not None and self.until_date < self.from_date:
            sentence = f"{self.until_date} is before {self.from_date}, write a later date"
            raise FieldsError([("until", sentence)])
