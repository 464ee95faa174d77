"""The branches that are tortured, and what a crowd must know of them."""

from __future__ import annotations

import time
from datetime import date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace

from queue_service import store
from queue_service.access import tokens
from queue_service.catalogue import content
from queue_service.migrations import migrate
from queue_service.settings import ClockSetting
from schemas.branch import Branch, Counter, OpenHours, WeeklyHours
from schemas.catalogue import Catalogue
from schemas.fields import Texts
from schemas.plan_values import PlanValues
from schemas.service import Category, Channels, Service, Source

if TYPE_CHECKING:
    from collections.abc import Iterator

ZONE = "Asia/Oral"
DAY = date(2020, 3, 18)
FIRST_HOUR = 6
HOURS_OF_A_RUN = 15
FASTEST = 60.0
"""Virtual seconds in a second: a minute at the door is a second of the run."""
STAGE_SECONDS = 45.0
"""After that long the crowd goes on to the next branches: no stream is longer than a real day."""
COUNTERS = {"1": ("*",), "2": ("*",), "3": ("passport", "pension"), "4": ("address",)}
SERVICES = {"passport": "P", "pension": "S", "address": "A"}
ROLES = ("kiosk", "attendant", "operator")
LIMITS = (6, 9)
"""A manager changes the hall limit of a branch between these."""

DOORS = {
    "groups": PlanValues(group_admission=True, group_size=4, hall_limit=6),
    "clock": PlanValues(
        group_admission=True,
        release_by="clock",
        group_size=5,
        hall_limit=9,
        sanitation_every_minutes=15,
    ),
    "walk-in": PlanValues(group_admission=False, hall_limit=8),
    "changing": PlanValues(group_admission=True, group_size=3, hall_limit=LIMITS[0]),
    "closing": PlanValues(group_admission=True, group_size=5, hall_limit=8, overtime_minutes=2),
}
"""Groups let in by the attendant or by the clock, planned pauses, no groups, a limit that changes,
a day that ends meanwhile. Attendants pause all of them now and then.
"""
CLOSES_AFTER = 18
"""Minutes from the beginning of a stage until its branch of the kind `closing` closes."""


class TownBranch(Struct, frozen=True):
    """A branch: its code, its kind of door, its manager's token, the stage in which it is used."""

    code: str
    door: str
    stage: int
    manager: str


class Town(Struct, frozen=True, kw_only=True):
    """All that a crowd needs: where to ask, with which tokens, when to stop. Times in seconds."""

    replicas: tuple[str, ...]
    tokens: dict[str, str]
    branches: tuple[TownBranch, ...]
    seed: int
    clients: int
    seconds: float
    patience: float
    """For so long after the end a client still asks for what it was not told."""

    def at(self, elapsed: float) -> tuple[TownBranch, ...]:
        """The branches that are used `elapsed` seconds after the beginning."""
        last = self.branches[-1].stage
        stage = min(int(elapsed / STAGE_SECONDS), last)
        return tuple(branch for branch in self.branches if branch.stage == stage)


def clock_of_run(seconds: float) -> ClockSetting:
    """A clock that begins in the morning and is not over the day's end when the run ends."""
    morning = datetime(DAY.year, DAY.month, DAY.day, FIRST_HOUR, tzinfo=ZoneInfo(ZONE))
    now = int(time.time() * 1000)
    return ClockSetting("scaled", int(morning.timestamp()) * 1000, now, _speed(seconds))


def _speed(seconds: float) -> float:
    return round(min(FASTEST, HOURS_OF_A_RUN * 3600 / (seconds + 60)), 1)


async def found(
    database_url: str,
    replicas: tuple[str, ...],
    *,
    seed: int,
    clients: int,
    seconds: float,
    patience: float,
) -> Town:
    """Makes the tables, the branches and the tokens of a run of that length."""
    connection = await store.connect(database_url)
    try:
        await migrate(connection)
    finally:
        await connection.close()
    async with await store.open_pool(database_url, most=1) as pool:
        places = [*_places(seconds)]
        opened = [(code, door, _hours(door, stage, seconds)) for code, door, stage in places]
        await content.store(pool, _catalogue(opened))
        branches = [
            TownBranch(code, door, stage, await tokens.mint(pool, "manager", code, code))
            for code, door, stage in places
        ]
        signs = {role: await tokens.mint(pool, role, "", "torture") for role in ROLES}
    return Town(
        replicas=replicas,
        tokens=signs,
        branches=tuple(branches),
        seed=seed,
        clients=clients,
        seconds=seconds,
        patience=patience,
    )


def _places(seconds: float) -> Iterator[tuple[str, str, int]]:
    for stage in range(int(seconds / STAGE_SECONDS) + 1):
        for door in DOORS:
            yield f"{door}-{stage}", door, stage


def _hours(door: str, stage: int, seconds: float) -> OpenHours:
    if door != "closing":
        return OpenHours(opens="00:00", closes="23:59")
    elapsed = CLOSES_AFTER + int(stage * STAGE_SECONDS * _speed(seconds) / 60)
    hour, minute = divmod(FIRST_HOUR * 60 + elapsed, 60)
    return OpenHours(opens="00:00", closes=f"{hour:02d}:{minute:02d}")


def _catalogue(places: list[tuple[str, str, OpenHours]]) -> Catalogue:
    return Catalogue(
        categories=tuple(
            Category(code=code, letter=letter, name=_texts(code))
            for code, letter in SERVICES.items()
        ),
        services=tuple(_service(code, letter) for code, letter in SERVICES.items()),
        branches=tuple(_branch(*place) for place in places),
        regimes=(),
    )


def _service(code: str, letter: str) -> Service:
    return Service(
        code=code,
        letter=letter,
        category=code,
        name=_texts(code),
        channels=Channels(),
        usual_minutes=5,
        in_person_only_march_2020=True,
        source=Source(mark="A", note="for the test alone"),
    )


def _branch(code: str, door: str, hours: OpenHours) -> Branch:
    return Branch(
        code=code,
        name=_texts(code),
        country="kz",
        region="zko",
        city="uralsk",
        time_zone=ZONE,
        address=_texts(code),
        weekly_hours=WeeklyHours(**dict.fromkeys(WeeklyHours.__struct_fields__, hours)),
        counters=tuple(Counter(id=counter, skills=skills) for counter, skills in COUNTERS.items()),
        rules=_common(DOORS[door]),
    )


def _common(values: PlanValues) -> PlanValues:
    return replace(
        values,
        group_interval_minutes=0,
        arrive_within_minutes=2,
        party_limit=3,
        last_admission_minutes=0,
        sanitation_every_minutes=values.sanitation_every_minutes or 0,
        sanitation_minutes=1,
        drain_minutes=1,
    )


def _texts(text: str) -> Texts:
    return Texts(kk=text, ru=text, en=text)
