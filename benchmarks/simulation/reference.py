"""The reference day: one day of one hall, the same visitors for every library's model.

10 h, 16 counters that give all of 4 services, 1,200 visitors on average, groups every 10 minutes, a
hall for 60 people, 15 minutes of cleaning after every 2 h, 8 % who do not come when called. Whoever
comes waits as long as it takes. All of it is assumed.
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from schemas.branch import Branch, Counter, OpenHours, WeeklyHours
from schemas.catalogue import Catalogue
from schemas.fields import Texts
from schemas.plan_values import PlanValues
from schemas.scenario import Scenario
from schemas.scenario_parts import (
    Between,
    Day,
    HourOfArrival,
    Mix,
    PartyShare,
    PriorityShare,
    Profile,
    ServingTime,
    Shift,
    Staff,
    TurnedAway,
    Visitors,
    Wanted,
)
from schemas.service import Category, Channels, Service, Source
from simulation.demand import draw
from simulation.visitors import MINUTE, SECOND, Table

OPENS, CLOSES = 8, 18
COUNTERS = tuple(str(number) for number in range(1, 17))
MINUTES = {"passport": 8, "identity-card": 6, "pension": 10, "certificate": 4}
HALL_LIMIT = 60
INTERVAL, EVERY, CLEANING, DRAIN = 10, 120, 15, 15
WAITS_FOR_CALLED, TIDIES = 90, 12
_HERE = Texts(kk="Сынақ", ru="Проба", en="Trial")
_ASSUMED = Source(mark="A", note="the reference day")
_GOES = TurnedAway(online=0.0, phone=0.0, tomorrow=0.0, gives_up=1.0)


def scenario(group_size: int) -> Scenario:
    """The reference day with groups of so many people."""
    hours = tuple(
        HourOfArrival(at=f"{hour:02d}:00", quarters=(1.0,) * 4) for hour in range(OPENS, CLOSES)
    )
    return Scenario(
        name="reference-day",
        title="The reference day",
        branch="reference",
        seed=1,
        days=(Day(date=date(2026, 3, 2), visits=1200.0, profile="even"),),
        profiles=(Profile(code="even", source=_ASSUMED, hours=hours),),
        mix=Mix(
            source=_ASSUMED,
            services=tuple(Wanted(service=code, weight=1.0) for code in MINUTES),
        ),
        serving=ServingTime(spread=0.5),
        visitors=_visitors(),
        staff=_staff(),
        rules=_rules(group_size),
    )


def _visitors() -> Visitors:
    return Visitors(
        source=_ASSUMED,
        parties=(PartyShare(people=1, weight=1.0),),
        priorities=(PriorityShare(priority="priority", share=0.08),),
        can_go_online=0.0,
        sent_online=_GOES,
        turned_away=_GOES,
        insists=1.0,
        tolerates_people_ahead=Between(least=100_000, most=100_000),
        patience_minutes=Between(least=1440, most=1440),
        misses_group=0.0,
        no_show=0.08,
        walks_in_seconds=Between(least=20, most=240),
        walks_to_counter_seconds=Between(least=15, most=60),
        walks_out_seconds=Between(least=20, most=90),
        back_after_opening_minutes=Between(least=0, most=0),
        carried_over_come_back=0.0,
    )


def _staff() -> Staff:
    return Staff(
        source=_ASSUMED,
        shifts=(Shift(counters=COUNTERS),),
        waits_for_called_seconds=WAITS_FOR_CALLED,
        tidies_seconds=TIDIES,
        looks_every_seconds=30,
        confirms_after_seconds=0,
    )


def _rules(group_size: int) -> PlanValues:
    return PlanValues(
        group_admission=True,
        group_size=group_size,
        group_interval_minutes=INTERVAL,
        arrive_within_minutes=10,
        hall_limit=HALL_LIMIT,
        last_admission_minutes=0,
        overtime_minutes=120,
        sanitation_every_minutes=EVERY,
        sanitation_minutes=CLEANING,
        drain_minutes=DRAIN,
    )


def catalogue() -> Catalogue:
    """The one branch and its services."""
    hours = OpenHours(opens=f"{OPENS:02d}:00", closes=f"{CLOSES:02d}:00")
    branch = Branch(
        code="reference",
        name=_HERE,
        country="kz",
        region="reference",
        city="reference",
        time_zone="UTC",
        address=_HERE,
        weekly_hours=WeeklyHours(**dict.fromkeys(WeeklyHours.__struct_fields__, hours)),
        counters=tuple(Counter(id=counter, skills=("*",)) for counter in COUNTERS),
    )
    category = Category(code="reference", letter="R", name=_HERE)
    services = tuple(_service(code, minutes) for code, minutes in MINUTES.items())
    return Catalogue(categories=(category,), services=services, branches=(branch,), regimes=())


def _service(code: str, minutes: int) -> Service:
    return Service(
        code=code,
        letter="R",
        category="reference",
        name=_HERE,
        channels=Channels(),
        usual_minutes=minutes,
        in_person_only_march_2020=True,
        source=_ASSUMED,
    )


def table(group_size: int, replication: int) -> Table:
    """The visitors of one replication, drawn as the model draws them; the group makes no odds."""
    usual = {code: minutes * MINUTE for code, minutes in MINUTES.items()}
    return draw(scenario(group_size), 0, replication, usual)


class Crowd(NamedTuple):
    """What other models need of the visitors, in minutes from the opening; a number a visitor."""

    arrives: list[float]
    walks_in: list[float]
    at_counter: list[float]
    """From the call until the counter is free for the next one."""
    walks_out: list[float]
    first_class: list[bool]


def crowd(visitors: Table) -> Crowd:
    """The visitors of a table as other models take them."""
    came = visitors["walks_to_counter"] + visitors["serving"]
    busy = np.where(visitors["no_show"], WAITS_FOR_CALLED * SECOND, came)
    return Crowd(
        arrives=_minutes(visitors["arrives_at"] - OPENS * 60 * MINUTE),
        walks_in=_minutes(visitors["walks_in"]),
        at_counter=_minutes(busy + TIDIES * SECOND),
        walks_out=_minutes(visitors["walks_out"]),
        first_class=(visitors["priority"] != 0).tolist(),
    )


def _minutes(milliseconds: NDArray[np.int64]) -> list[float]:
    return [float(one) for one in milliseconds / MINUTE]


def door_times() -> list[float]:
    """When a group may go in, in minutes from the opening: every interval, pauses left out."""
    times: list[float] = []
    begins, length = 0, 60 * (CLOSES - OPENS)
    while begins < length:
        drains = min(begins + EVERY - DRAIN, length)
        times += [float(minute) for minute in range(begins, drains, INTERVAL)]
        begins += EVERY + CLEANING
    return times
