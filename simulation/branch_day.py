"""One business date of one branch: everybody who comes and everybody who works."""

from __future__ import annotations

from functools import partial

import msgspec

from schemas.wire import Board
from schemas.wire_plan import Plan, Services
from simulation.demand import MINUTE, Calendar, Visitor
from simulation.scenario import Crowd
from simulation.scene import Hall, Hours, Scene
from simulation.service import Service, instant
from simulation.staff import Attendant, Operator
from simulation.streams import Streams
from simulation.timeline import Timeline
from simulation.visits import Visits


class Branch(msgspec.Struct, frozen=True, kw_only=True):
    """A branch as its staff know it."""

    code: str
    time_zone: str
    counters: tuple[str, ...]
    usual_times: dict[str, int]
    """Usual ms at the counter of every service, by code."""


async def usual_times(service: Service) -> dict[str, int]:
    """Usual ms at the counter by service."""
    offers = (await service.get("planner", "/v1/services", Services)).services
    return {offer.code: offer.usual_minutes * MINUTE for offer in offers}


class BranchDay:
    """Sets visitors and staff going on a timeline; `begin` first, then let the timeline run."""

    def __init__(
        self, branch: Branch, calendar: Calendar, service: Service, timeline: Timeline, crowd: Crowd
    ) -> None:
        self._branch = branch
        self._calendar = calendar
        self._service = service
        self._timeline = timeline
        self._crowd = crowd

    async def begin(self, visitors: list[Visitor]) -> tuple[Hours, Visits]:
        """Lets the visitors come and the staff work; gives the hours and who can be asked later."""
        scene = await self._scene()
        hall = Hall()
        visits = Visits(scene, hall)
        visits.come(visitors)
        self._staff(scene, hall, visits)
        return scene.hours, visits

    async def _scene(self) -> Scene:
        path = f"/v1/branches/{self._branch.code}"
        plan = await self._service.get("planner", f"{path}/plan?date={self._calendar.date}", Plan)
        board = await self._service.get("attendant", f"{path}/board", Board)
        hours = Hours(
            opens_at=instant(plan.opens_at),
            closes_at=instant(plan.closes_at),
            ends_at=instant(plan.ends_at),
        )
        streams = Streams(self._branch.code, self._calendar.date, "staff")
        scene = Scene(
            self._branch.code,
            self._service,
            self._timeline,
            self._crowd,
            streams,
            hours,
            self._branch.usual_times,
        )
        scene.non_online_only = board.non_online_only
        return scene

    def _staff(self, scene: Scene, hall: Hall, visits: Visits) -> None:
        attendant = Attendant(scene, visits)
        attendant.begins()
        for time in self._crowd.staff.counts_hall_at.value:
            self._timeline.at(self._calendar.time(time), attendant.counts)
        for counter in self._branch.counters[: self._crowd.staff.counters.value]:
            operator = Operator(scene, hall, visits, counter)
            self._timeline.at(scene.hours.opens_at, partial(operator.begins))
