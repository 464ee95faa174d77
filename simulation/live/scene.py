"""Where visitors and staff of one branch-day meet: the clock, the service, the idle counters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol, TypeVar

import msgspec

from schemas.wire import Board
from schemas.wire_plan import Problem
from simulation.live.scenario import Crowd
from simulation.live.service import Method, Role, Service
from simulation.live.streams import Streams
from simulation.live.timeline import Timeline

Answer = TypeVar("Answer")


class Hours(msgspec.Struct, frozen=True, kw_only=True):
    """Instants of the day plan, epoch ms."""

    opens_at: int
    closes_at: int
    ends_at: int
    """Whoever still waits in the hall then is carried over."""


class Scene:
    """What everybody of one branch-day shares."""

    def __init__(
        self,
        branch: str,
        service: Service,
        timeline: Timeline,
        crowd: Crowd,
        streams: Streams,
        hours: Hours,
        usual_times: Mapping[str, int],
    ) -> None:
        """`usual_times`: ms at the counter by service; `streams`: for what is drawn on the way."""
        self.branch = branch
        self.timeline = timeline
        self.behaviour = crowd.behaviour
        self.staff = crowd.staff
        self.streams = streams
        self.hours = hours
        self.usual_times = usual_times
        self.non_online_only = False
        """Whether the kiosk asks for a reason not to go online."""
        self.exits_counted = False
        """Whether the attendant counts people out, as on days with groups."""
        self._service = service

    def look_at(self, board: Board) -> None:
        """Takes over from the board what visitors and staff go by."""
        self.non_online_only = board.non_online_only
        self.exits_counted = board.group_admission

    async def ask(
        self,
        role: Role,
        method: Method,
        path: str,
        answer: type[Answer],
        body: msgspec.Struct | None = None,
        name: str = "",
    ) -> Answer | Problem | None:
        """Asks the service at `path` of the branch."""
        return await self._service.ask(
            role, method, f"/v1/branches/{self.branch}/{path}", answer, body, name
        )


class Resting(Protocol):
    """An operator without a visitor."""

    skills: tuple[str, ...]

    def wake(self) -> None: ...


class Hall:
    """Operators see who waits: the one who has rested longest calls."""

    def __init__(self) -> None:
        self._resting: list[Resting] = []

    def rests(self, operator: Resting) -> None:
        """The operator has nobody to call."""
        self._resting.append(operator)

    def stands_up(self, operator: Resting) -> None:
        """The operator rests no more."""
        if operator in self._resting:
            self._resting.remove(operator)

    def somebody_waits(self, service: str) -> None:
        """A visitor for `service` waits inside."""
        for operator in self._resting:
            if service in operator.skills:
                self._resting.remove(operator)
                operator.wake()
                return
