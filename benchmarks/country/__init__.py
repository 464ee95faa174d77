"""The synthetic country of the benchmark: two branches, read from files and multiplied.

At `street-...` people are let in by groups, as in an emergency: an issued ticket waits outside. At
`hall-...` an issued ticket walks straight in and can be called.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from queue_service.policy.plan import plan_day
from queue_service.timing.localtime import in_zone
from schemas.catalogue import load_directory

if TYPE_CHECKING:
    from queue_service.policy.model import DayPlan
    from schemas.branch import Branch
    from schemas.catalogue import Catalogue

DAY = date(2025, 2, 12)
"""A Wednesday and no holiday, so that the branches work whatever the real date."""
BEGIN = in_zone("Asia/Oral").instant(DAY, 10 * 60)
"""Epoch milliseconds at which the benchmark's clock begins: an hour after opening."""
SERVICE = "passport"


def street_branches(count: int) -> tuple[str, ...]:
    """Codes of the branches that let people in by groups."""
    return tuple(f"street-{number}" for number in range(1, count + 1))


def hall_branches(count: int) -> tuple[str, ...]:
    """Codes of the branches where a ticket walks straight in."""
    return tuple(f"hall-{number}" for number in range(1, count + 1))


def catalogue(count: int) -> Catalogue:
    """The country with `count` branches of either kind."""
    read = load_directory(Path(__file__).parent)
    street, hall = read.branches
    branches = _copies(street, street_branches(count)) + _copies(hall, hall_branches(count))
    return replace(read, branches=branches)


def street_plan() -> DayPlan:
    """The day plan of a branch that lets people in by groups."""
    return _plan(0)


def hall_plan() -> DayPlan:
    """The day plan of a branch where a ticket walks straight in."""
    return _plan(1)


def counters() -> tuple[str, ...]:
    """Counters of each branch."""
    return tuple(counter.code for counter in hall_plan().counters)


def _plan(place: int) -> DayPlan:
    read = load_directory(Path(__file__).parent)
    return plan_day(read.branches[place], DAY, read.services, ())[0]


def _copies(branch: Branch, codes: tuple[str, ...]) -> tuple[Branch, ...]:
    return tuple(replace(branch, code=code) for code in codes)
