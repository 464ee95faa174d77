"""The hours of past days, where they are not those that the branch has on such a date."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from msgspec.structs import replace

from queue_service.planning.public_holidays import holiday
from queue_service.scenarios.plans import branch_of, changes_of, working
from schemas.branch import OpenHours, SpecialDay
from schemas.catalogue import Catalogue
from schemas.fields import Texts
from schemas.plan_values import PlanValues
from schemas.scenario import Scenario
from simulation.calibration.held import is_closed, values_of
from simulation.calibration.observed import ObservedDay

_EARLY = 60
"""Minutes before the opening: some wait at the door."""
_AS_SEEN = Texts(
    kk="Байқалған жұмыс уақыты", ru="Часы работы, как наблюдалось", en="Hours as observed"
)
_ON_A_HOLIDAY = Texts(
    kk="Мереке күні де ашық болды",
    ru="В праздничный день было открыто",
    en="Open on a public holiday",
)


def with_hours_assumed(
    scenario: Scenario, days: Sequence[ObservedDay], catalogue: Catalogue
) -> tuple[Scenario, tuple[str, ...]]:
    """With hours for every day on which somebody came although the branch would be closed.

    They are those of the observed days; a sentence on each tells so.
    """
    branch = branch_of(scenario, catalogue.branch(scenario.branch))
    special = {one.date: one for one in scenario.special_days}
    notes = []
    for day, seen in zip(scenario.days, days, strict=True):
        if is_closed(working(changes_of(scenario, catalogue, branch, day))):
            hours = OpenHours(opens=_clock(seen.opens), closes=_clock(seen.closes))
            special[seen.date] = _special_day(hours, seen.date, branch.country)
            occasion = holiday(branch.country, seen.date) or "closed"
            notes.append(
                f"{seen.date} ({occasion}) was open, as its visits show; its hours are those of "
                f"an ordinary {seen.date:%A}, {hours.opens} to {hours.closes}, assumed."
            )
    return replace(scenario, special_days=tuple(special.values())), tuple(notes)


def while_closed(days: Sequence[ObservedDay]) -> Iterator[str]:
    """A sentence on visits at hours at which nobody comes, as a wrong clock has them."""
    counts = {
        day.date: sum(not day.opens - _EARLY <= one.at < day.closes for one in day.arrivals)
        for day in days
    }
    told = ", ".join(f"{on} {count}" for on, count in counts.items() if count)
    if told:
        yield (
            f"Visits more than {_EARLY} minutes before the opening or after the closing, counted "
            f"nevertheless: {told}. Correct their times, or the hours of the branch."
        )


def with_hours(scenario: Scenario, days: Sequence[ObservedDay], catalogue: Catalogue) -> Scenario:
    """With special days for hours that no rule makes of the branch's own: longer ones, or any."""
    own = replace(scenario, catalogue_regimes=False, special_days=())
    branch = branch_of(own, catalogue.branch(own.branch))
    special = []
    for day, seen in zip(own.days, days, strict=True):
        opens = min(one.values.opens or "" for one in seen.plans)
        closes = max(one.values.closes or "" for one in seen.plans)
        plan = working(changes_of(own, catalogue, branch, day))
        if is_closed(plan) or _is_longer(opens, closes, values_of(plan)):
            hours = OpenHours(opens=opens, closes=closes)
            special.append(_special_day(hours, seen.date, branch.country))
    return replace(own, catalogue_regimes=scenario.catalogue_regimes, special_days=tuple(special))


def _is_longer(opens: str, closes: str, own: PlanValues) -> bool:
    return opens < (own.opens or "") or closes > (own.closes or "")


def _special_day(hours: OpenHours, on: date, country: str) -> SpecialDay:
    reason = _ON_A_HOLIDAY if holiday(country, on) else _AS_SEEN
    return SpecialDay(date=on, hours=hours, reason=reason)


def _clock(minute: float) -> str:
    return f"{int(minute) // 60:02d}:{int(minute) % 60:02d}"
