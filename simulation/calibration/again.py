"""Visits of those who were there in vain the day before: they are no new demand."""

from __future__ import annotations

from itertools import pairwise

from schemas.scenario_parts import TurnedAway, Visitors
from simulation.calibration.kinds import by_kind
from simulation.calibration.observed import Observed, ObservedDay


def visits_again(observed: Observed, visitors: Visitors) -> dict[str, float]:
    """Kind of day -> mean visits a day of those who come again, as `visitors` do.

    In the simulation they come by themselves, on the next of its days.
    """
    again = {one.date: 0.0 for one in observed.days}
    for before, day in pairwise(observed.days):
        again[day.date] = _come_again(before, visitors)
    return {
        kind: sum(again[day.date] for day in days) / len(days)
        for kind, days in by_kind(observed).items()
    }


def _come_again(day: ObservedDay, visitors: Visitors) -> float:
    away, online = _tomorrow(visitors.turned_away), _tomorrow(visitors.sent_online)
    return day.turned_away * away + day.sent_online * online


def _tomorrow(steps: TurnedAway) -> float:
    return steps.tomorrow / (steps.online + steps.phone + steps.tomorrow + steps.gives_up)
