"""What rules come to on the dates of a scenario, as people read them."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from msgspec.structs import asdict

from queue_service.http.branch_regimes import rules_shown
from queue_service.http.call import Call, Reply
from queue_service.http.simulation_texts import day_text, simulation_texts
from queue_service.scenarios.plans import branch_of, planned
from schemas import wire_scenarios

if TYPE_CHECKING:
    from queue_service.policy.model import DayPlan
    from schemas.catalogue import Catalogue
    from schemas.plan_values import PlanValues
    from schemas.scenario import Scenario
    from schemas.scenario_parts import Day

_MOST_DAYS = 31
_MIDNIGHT = "00:00"
_Held = tuple["Day", str, "DayPlan", "PlanValues"]


async def rules(call: Call) -> Reply:
    """POST rules of a scenario: of its first dates, a month at most."""
    scenario: Scenario = call.body.scenario
    simulations = call.parts.simulations
    await simulations.check(scenario, "scenario")
    call.branch = call.service.directory.branch(scenario.branch)
    found = await asyncio.to_thread(_held, scenario, simulations.catalogue)
    shown = tuple(_shown(call, *one) for one in found)
    return Reply(200, wire_scenarios.ScenarioRules(held=shown))


def _held(scenario: Scenario, catalogue: Catalogue) -> list[_Held]:
    branch = branch_of(scenario, catalogue.branch(scenario.branch))
    held: list[_Held] = []
    for day in scenario.days[:_MOST_DAYS]:
        for time, plan, resolved in planned(scenario, catalogue, branch, day):
            if time == _MIDNIGHT or resolved.values != held[-1][-1]:
                held.append((day, time, plan, resolved.values))
    return held


def _shown(
    call: Call, day: Day, time: str, plan: DayPlan, values: PlanValues
) -> wire_scenarios.RulesHeld:
    language = call.language
    date = day_text(day.date, language)
    since = simulation_texts(language).phrases["since"].format(date=date, time=time)
    return wire_scenarios.RulesHeld(
        date=plan.date,
        text=date if time == _MIDNIGHT else since,
        closed=plan.closed_text.get(language, "") if plan.closed_reason else "",
        rules=() if plan.closed_reason else rules_shown(call, asdict(values)),
    )
