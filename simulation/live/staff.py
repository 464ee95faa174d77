"""Staff: an attendant at the door, an operator at each counter. They ask, the service decides."""

from __future__ import annotations

from functools import partial

from queue_service.policy.model import Counter
from schemas import wire
from schemas.wire_plan import Problem
from simulation.live.demand import MINUTE, SECOND, Calendar, Visitor
from simulation.live.scene import Answer, Hall, Scene
from simulation.live.service import Method, instant
from simulation.live.visits import Visits

_REACTION = 2 * SECOND
_LONGEST_REST = 15 * MINUTE
_QUIET_LOOK = 15 * MINUTE


class Operator:
    """Works at one counter: calls, waits, serves, calls again."""

    def __init__(self, scene: Scene, hall: Hall, visits: Visits, counter: str) -> None:
        self.skills: tuple[str, ...] = ()
        self._scene = scene
        self._hall = hall
        self._visits = visits
        self._counter = counter
        self._path = f"counters/{counter}"
        self._rests = 0
        """Odd while the operator rests."""

    async def begins(self) -> None:
        """Opens the counter."""
        answer = await self._asks("POST", f"{self._path}/open", wire.Counter)
        if isinstance(answer, wire.Counter):
            self.skills = answer.skills
            await self._calls()

    async def takes_over(self, counter: Counter) -> None:
        """Sits down at a counter that is open already and goes on with the visit at it."""
        self.skills = counter.skills
        if not counter.ticket:
            await self._calls()
            return
        path = f"tickets/{counter.ticket}"
        ticket = await self._asks("GET", path, wire.Ticket)
        if isinstance(ticket, wire.Ticket):
            self._goes_on_with(ticket)

    def wake(self) -> None:
        """Somebody waits whom this operator can serve."""
        self._rests += 1
        self._scene.timeline.after(_REACTION, self._calls)

    async def _calls(self) -> None:
        answer = await self._asks("POST", f"{self._path}/call-next", wire.Ticket)
        if isinstance(answer, wire.Ticket):
            self._waits_for(answer)
        elif self._scene.timeline.now < self._scene.hours.closes_at or self._visits.people_inside:
            self._begins_rest()
        else:
            await self._asks("POST", f"{self._path}/close", wire.Counter)

    def _begins_rest(self) -> None:
        self._rests += 1
        self._hall.rests(self)
        self._scene.timeline.after(_LONGEST_REST, partial(self._ends_rest, self._rests))

    async def _ends_rest(self, rest: int) -> None:
        if self._rests == rest:
            self._hall.stands_up(self)
            self._rests += 1
            await self._calls()

    def _waits_for(self, ticket: wire.Ticket) -> None:
        visitor = self._visits.called(ticket)
        if visitor.ignores_call:
            wait = self._scene.staff.waits_for_called_seconds.value * SECOND
            self._scene.timeline.after(wait, partial(self._recalls, ticket))
        else:
            starts = partial(self._starts, ticket, visitor)
            self._scene.timeline.after(visitor.walks_to_counter, starts)

    async def _recalls(self, ticket: wire.Ticket) -> None:
        await self._of_ticket(ticket, "recall")
        wait = self._scene.staff.waits_for_called_seconds.value * SECOND
        self._scene.timeline.after(wait, partial(self._gives_up, ticket))

    async def _gives_up(self, ticket: wire.Ticket) -> None:
        answer = await self._of_ticket(ticket, "no-show")
        if isinstance(answer, wire.Ticket):
            self._visits.given_up(answer)
        self._tidies()

    async def _starts(self, ticket: wire.Ticket, visitor: Visitor) -> None:
        answer = await self._of_ticket(ticket, "start")
        if isinstance(answer, wire.Ticket):
            self._serves(answer, visitor)
        else:
            self._tidies()

    def _serves(self, ticket: wire.Ticket, visitor: Visitor) -> None:
        usual = self._scene.usual_times.get(ticket.service, 10 * MINUTE)
        duration = round(_work(visitor, ticket.service) * usual)
        self._scene.timeline.after(duration, partial(self._finishes, ticket))

    async def _finishes(self, ticket: wire.Ticket) -> None:
        answer = await self._of_ticket(ticket, "finish")
        if isinstance(answer, wire.Ticket):
            self._visits.finished(answer)
        self._tidies()

    def _goes_on_with(self, ticket: wire.Ticket) -> None:
        if ticket.state == "serving":
            self._serves(ticket, self._visits.called(ticket))
        elif ticket.state == "called":
            self._waits_for(ticket)
        else:
            self._tidies()

    def _tidies(self) -> None:
        bounds = self._scene.staff.tidies_seconds.value
        self._scene.timeline.after(
            self._scene.streams.between("tidies", bounds, SECOND), self._calls
        )

    async def _asks(
        self, method: Method, path: str, answer: type[Answer]
    ) -> Answer | Problem | None:
        return await self._scene.ask("operator", method, path, answer, name=self._counter)

    async def _of_ticket(self, ticket: wire.Ticket, action: str) -> wire.Ticket | Problem | None:
        path = f"tickets/{ticket.id}/{action}"
        return await self._asks("POST", path, wire.Ticket)


def _work(visitor: Visitor, service: str) -> float:
    """Time at the counter in units of the usual time, drawn for each service of the visit."""
    wanted = visitor.services
    return visitor.work[wanted.index(service)] if service in wanted else visitor.work[0]


class Attendant:
    """Stands at the door: lets groups in, has the hall cleaned, counts it."""

    def __init__(self, scene: Scene, visits: Visits) -> None:
        self._scene = scene
        self._visits = visits

    def begins(self, calendar: Calendar) -> None:
        """Looks round again and again; counts the hall at the set times."""
        self._scene.timeline.at(self._scene.hours.opens_at, self._looks)
        for time in self._scene.staff.counts_hall_at.value:
            self._scene.timeline.at(calendar.time(time), self._counts)

    async def _counts(self) -> None:
        if self._scene.exits_counted:
            await self._corrects("counted by the attendant")

    async def _corrects(self, reason: str) -> None:
        counted = wire.Recount(occupancy=self._visits.people_inside, reason=reason)
        await self._scene.ask("attendant", "POST", "hall/recount", wire.Hall, counted)

    async def _looks(self) -> None:
        board = await self._scene.ask("attendant", "GET", "board", wire.Board)
        if isinstance(board, wire.Board):
            await self._acts_on(board)
        if self._scene.timeline.now < self._scene.hours.ends_at:
            self._scene.timeline.after(self._next_look(board), self._looks)

    def _next_look(self, board: wire.Board | Problem | None) -> int:
        if isinstance(board, wire.Board) and _is_quiet(board):
            return _QUIET_LOOK
        return self._scene.staff.looks_every_seconds.value * SECOND

    async def _acts_on(self, board: wire.Board) -> None:
        self._scene.look_at(board)
        now = instant(board.at)
        if self._stands_in_an_empty_hall(board):
            await self._corrects("the hall is empty")
        if board.sanitation.phase == "cleaning":
            await self._confirms(board.sanitation, now)
        elif board.sanitation.phase == "none" and board.street_people:
            await self._releases(board, now)

    def _stands_in_an_empty_hall(self, board: wire.Board) -> bool:
        """Somebody went out uncounted, as when the attendant's own work was cut short."""
        somebody = board.hall.released or board.waiting_in_hall or board.calls
        return board.hall.occupancy > 0 and not somebody and not self._visits.people_inside

    async def _confirms(self, sanitation: wire.Sanitation, now: int) -> None:
        wait = self._scene.staff.confirms_after_seconds.value * SECOND
        if sanitation.clean_until and instant(sanitation.clean_until) + wait <= now:
            await self._scene.ask("attendant", "POST", "sanitation/confirm", wire.Sanitation)

    async def _releases(self, board: wire.Board, now: int) -> None:
        if board.next_group_at is None or instant(board.next_group_at) > now:
            return
        group = await self._scene.ask("attendant", "POST", "groups", wire.Group)
        if isinstance(group, wire.Group):
            await self._visits.released(group)


def _is_quiet(board: wire.Board) -> bool:
    """Neither groups nor cleaning: nothing to do at the door."""
    sanitation = board.sanitation
    planned = sanitation.phase != "none" or sanitation.next_drain_at is not None
    return not board.group_admission and not planned
