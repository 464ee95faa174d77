"""Lives a published story through against a running service, one business date after another."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, time

from schemas.catalogue import SHIPPED, load_directory
from schemas.regime import Regime
from schemas.wire_figures import DayFigures
from schemas.wire_plan import RegimeRecord, Regimes
from simulation.live.branch_day import Branch, BranchDay
from simulation.live.demand import MINUTE, Calendar, Visitor, story_day
from simulation.live.scenario import Day, Scenario
from simulation.live.service import Service, ServiceError, granted
from simulation.live.timeline import Timeline

_FIRST_MINUTE = 7 * 60


def first_instant(scenario: Scenario) -> int:
    """Epoch ms at which everything is prepared: midnight (UTC) of the first day."""
    midnight = datetime.combine(scenario.days[0].date, time(), UTC)
    return int(midnight.timestamp()) * 1000


async def put_in_force(scenario: Scenario, service: Service) -> None:
    """Posts the regimes of the story that the service does not know yet."""
    found = await service.get("planner", "/v1/regimes", Regimes)
    known = {regime.id for regime in found.regimes}
    for regime in _regimes(scenario):
        if regime.id not in known:
            posted = await service.ask("admin", "POST", "/v1/regimes", RegimeRecord, regime)
            granted(posted, f"Regime {regime.id}")


def _regimes(scenario: Scenario) -> tuple[Regime, ...]:
    shipped = load_directory(SHIPPED).regimes
    named = {regime.id: regime for regime in shipped}
    return tuple(named[code] for code in scenario.regimes)


async def live(
    scenario: Scenario, branch: Branch, service: Service, timeline: Timeline
) -> AsyncIterator[DayFigures]:
    """The figures of each day as the service counts them, as soon as the day is over.

    Raises ServiceError when the branch has been through one of the days already.
    """
    back: list[Visitor] = []
    for day in scenario.days:
        calendar = Calendar(day.date, branch.time_zone)
        await timeline.run(calendar.at(_FIRST_MINUTE))
        await _refuse_lived(service, scenario, day)
        await _refuse_late(service, timeline, day)
        visitors = story_day(scenario, day, calendar, back)
        today = BranchDay(branch, calendar, service, timeline, scenario)
        hours, visits = await today.begin(visitors)
        await timeline.run(hours.ends_at + MINUTE)
        back = await visits.back_tomorrow()
        yield await service.get("planner", _path(scenario, day), DayFigures)
        timeline.clear()


async def _refuse_lived(service: Service, scenario: Scenario, day: Day) -> None:
    figures = await service.ask("planner", "GET", _path(scenario, day), DayFigures)
    if isinstance(figures, DayFigures) and figures.visits:
        raise ServiceError(
            f"{scenario.branch} has been through {day.date} already ({figures.visits} visits): "
            "replay without --api, or against a service with an empty database."
        )


async def _refuse_late(service: Service, timeline: Timeline, day: Day) -> None:
    """A driven clock never goes back: nobody could come on a day that is over."""
    if await service.clock() > timeline.now:
        raise ServiceError(
            f"The clock of the service is past the morning of {day.date}: replay without --api, "
            "or against a service with an empty database."
        )


def _path(scenario: Scenario, day: Day) -> str:
    return f"/v1/branches/{scenario.branch}/day?date={day.date}"
