"""One business date of one branch: everybody who comes and everybody who works."""

from __future__ import annotations

from functools import partial

import msgspec

from schemas.wire import Board
from schemas.wire_plan import Branches, Plan, Services
from simulation.live.demand import MINUTE, Calendar, Visitor
from simulation.live.folded import folded
from simulation.live.scenario import Crowd
from simulation.live.scene import Hall, Hours, Scene
from simulation.live.service import Service, ServiceError, instant
from simulation.live.staff import Attendant, Operator
from simulation.live.streams import Streams
from simulation.live.timeline import Timeline
from simulation.live.visits import Visits


class Branch(msgspec.Struct, frozen=True, kw_only=True):
    """A branch as the people in it know it."""

    code: str
    time_zone: str
    usual_times: dict[str, int]
    """Usual ms at the counter of every service, by code."""


async def known_branch(service: Service, code: str) -> Branch:
    """The branch of that code; raises ServiceError when the service has none."""
    branches = (await service.get("planner", "/v1/branches", Branches)).branches
    zones = {branch.code: branch.time_zone for branch in branches}
    if code not in zones:
        raise ServiceError(
            f"The service has no branch {code}, only {', '.join(zones) or 'none at all'}: "
            "load the catalogue first (kezek load)."
        )
    offers = (await service.get("planner", "/v1/services", Services)).services
    usual = {offer.code: offer.usual_minutes * MINUTE for offer in offers}
    return Branch(code=code, time_zone=zones[code], usual_times=usual)


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
        """Lets the visitors come and the staff work; gives the hours and the visits."""
        path = f"/v1/branches/{self._branch.code}"
        plan = await self._service.get("planner", f"{path}/plan?date={self._calendar.date}", Plan)
        board = await self._service.get("attendant", f"{path}/board", Board)
        scene = self._scene(_hours(plan), board)
        hall = Hall()
        visits = Visits(scene, hall)
        if not plan.closed_reason:
            visits.come(visitors)
            Attendant(scene, visits).begins(self._calendar)
            counters = [counter.counter for counter in board.counters]
            await self._open(counters, scene, hall, visits)
        return scene.hours, visits

    async def _open(self, counters: list[str], scene: Scene, hall: Hall, visits: Visits) -> None:
        """Operators sit down; where the day is under way, they and the visitors carry on."""
        so_far = await folded(self._service, self._branch.code, str(self._calendar.date))
        visits.were_there(so_far.tickets.values())
        free = self._crowd.staff.left_free
        for counter in counters[: self._crowd.staff.counters.value]:
            if free and counter in free.value:
                continue
            operator = Operator(scene, hall, visits, counter)
            begins = operator.begins
            if counter in so_far.counters:
                begins = partial(operator.takes_over, so_far.counters[counter])
            self._timeline.at(scene.hours.opens_at, begins)

    def _scene(self, hours: Hours, board: Board) -> Scene:
        streams = Streams(self._branch.code, self._calendar.date, "on the way")
        usual = self._branch.usual_times
        scene = Scene(
            self._branch.code, self._service, self._timeline, self._crowd, streams, hours, usual
        )
        scene.look_at(board)
        return scene


def _hours(plan: Plan) -> Hours:
    return Hours(
        opens_at=instant(plan.opens_at),
        closes_at=instant(plan.closes_at),
        ends_at=instant(plan.ends_at),
    )
