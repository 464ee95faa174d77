"""The dates of a scenario: the plans in force on each, and who works when."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from msgspec import Struct

from queue_service.policy.model import DayPlan
from queue_service.policy.rules import NEVER
from queue_service.scenarios.plans import Change, branch_of, changes_of, instant, working
from schemas.branch import Branch
from schemas.catalogue import Catalogue
from schemas.scenario import Scenario
from schemas.scenario_parts import Break, Day, Outage, Shift
from simulation.visitors import MINUTE

__all__ = ["Change", "DayWorld", "Spell", "branch_of", "worlds"]


class Spell(Struct, frozen=True):
    """A time at a counter, epoch ms; `ends` is None where it lasts until the hall is empty."""

    counter: str
    begins: int
    ends: int | None


class DayWorld(Struct, frozen=True):
    """One date: the plans in force one after another, and who works when."""

    date: date
    midnight: int
    """The local midnight before, epoch ms."""
    changes: tuple[Change, ...]
    spells: tuple[tuple[Spell, ...], ...]
    """Of each counter that is staffed, in order of time."""

    @property
    def plan(self) -> DayPlan:
        """The first plan under which the branch opens, or the first of all."""
        return working(self.changes)

    @property
    def closed_from(self) -> int:
        """The latest closing that any of the plans can bring about, epoch ms."""
        return max(max(change.at, change.plan.closes_at) for change in self.changes)

    @property
    def tickets_until(self) -> int:
        """The end of the last time at which tickets are given, epoch ms; `NEVER` without one."""
        ends = (*(change.at for change in self.changes[1:]), NEVER)
        found = (_gives_tickets(*one) for one in zip(self.changes, ends, strict=True))
        return max((until for begins, until in found if begins < until), default=NEVER)

    @property
    def opens(self) -> bool:
        """Whether the branch opens at all."""
        return not self.plan.closed_reason


def worlds(scenario: Scenario, catalogue: Catalogue) -> list[DayWorld]:
    """The dates of a scenario, one after another."""
    branch = catalogue.branch(scenario.branch)
    return [_world(scenario, catalogue, branch_of(scenario, branch), day) for day in scenario.days]


def _gives_tickets(change: Change, until: int) -> tuple[int, int]:
    """From when until when the plan that holds `until` gives tickets; empty where it does not."""
    plan = change.plan
    if plan.closed_reason:
        return until, until
    return max(change.at, plan.tickets_from), min(plan.closes_at, until)


def _world(scenario: Scenario, catalogue: Catalogue, branch: Branch, day: Day) -> DayWorld:
    midnight = instant(day.date, "00:00", branch.time_zone)
    changes = changes_of(scenario, catalogue, branch, day)
    spells = tuple(
        tuple(_spells(shift, counter, working(changes), day))
        for shift in scenario.staff.shifts
        for counter in shift.counters
    )
    return DayWorld(day.date, midnight, changes, spells)


def _spells(shift: Shift, counter: str, plan: DayPlan, day: Day) -> Iterator[Spell]:
    """What the breaks and the outages leave of a shift."""
    begins = max(_time(shift.begins, plan, day) or 0, plan.opens_at)
    until = _time(shift.until, plan, day)
    for pause in _pauses(shift, counter, day):
        at = instant(day.date, pause.at, plan.time_zone)
        if begins < at < (until or NEVER):
            yield Spell(counter, begins, at)
        begins = max(begins, at + pause.minutes * MINUTE)
    if begins < (until or NEVER):
        yield Spell(counter, begins, until)


def _pauses(shift: Shift, counter: str, day: Day) -> Sequence[Break | Outage]:
    here = [one for one in day.outages if not one.counters or counter in one.counters]
    return sorted([*shift.breaks, *here], key=lambda pause: pause.at)


def _time(time: str | None, plan: DayPlan, day: Day) -> int | None:
    return instant(day.date, time, plan.time_zone) if time else None
