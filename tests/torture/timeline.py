"""What was true after each entry of a stream: every ticket, the people, the sanitation."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, Any, NamedTuple

from tests.torture.hall import MISSES, Hall, tickets_of
from tests.torture.pauses import Pauses
from tests.torture.turns import Turns

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tests.torture.history import Row

STATES: dict[str, str] = {
    "TicketIssued": "issued",
    "GroupReleased": "released",
    "TicketsRedirected": "cancelled",
    "TicketEntered": "entered",
    "TicketCalled": "called",
    "TicketRecalled": "called",
    "ServiceStarted": "serving",
    "TicketNotShown": "no_show",
    "TicketReturned": "entered",
    "TicketHeld": "on_hold",
    "TicketResumed": "serving",
    "TicketTransferred": "entered",
    "TicketCancelled": "cancelled",
}
"""Event -> state of its tickets after it, where that does not depend on the ticket."""


class Scene(NamedTuple):
    """A branch after an entry: people, tickets that wait in the hall, phase of the sanitation."""

    inside: int = 0
    released: int = 0
    limit: int = 0
    outside: int = 0
    waiting: int = 0
    phase: str = "none"


class Seen(NamedTuple):
    """A ticket after an entry: its state, the service it is about, the counter it is bound to."""

    state: str = ""
    service: str = ""
    counter: str = ""


class Timeline:
    """One stream; `rows` are in order."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self._places: dict[str, list[int]] = {}
        self._seen: dict[str, list[Seen]] = {}
        self._scenes = {0: Scene()}
        self._phases: list[tuple[int, str]] = [(0, "none")]
        self._hall, self._pauses, self._turns = Hall(), Pauses(), Turns()
        for row in rows:
            self._follow(row)

    def ticket_at(self, ticket: str, seq: int) -> Seen:
        """A ticket after entry `seq`; its state is empty before it was issued."""
        place = bisect_right(self._places.get(ticket, ()), seq)
        return self._seen[ticket][place - 1] if place else Seen()

    def was_ever(self, ticket: str, state: str, since: int) -> bool:
        """Whether a ticket was in a state after entry `since` or after a later one."""
        place = bisect_right(self._places.get(ticket, ()), since)
        return state in self._states(ticket)[max(0, place - 1) :]

    def scene_at(self, seq: int) -> Scene | None:
        """The branch after entry `seq`, None where there is no such entry."""
        return self._scenes.get(seq)

    def was_ever_in(self, phase: str, since: int) -> bool:
        """Whether the sanitation was in a phase after entry `since` or after a later one."""
        place = bisect_right(self._phases, since, key=lambda change: change[0])
        return phase in {later for _, later in self._phases[place - 1 :]}

    def _states(self, ticket: str) -> list[str]:
        return [seen.state for seen in self._seen.get(ticket, ())]

    def _follow(self, row: Row) -> None:
        bound = self._turns.sent_to(row.body["counter"]) if row.kind == "CounterClosed" else ()
        self._hall.follow(row)
        self._pauses.follow(row)
        self._turns.follow(row)
        for ticket, state in [*self._after(row.kind, row.body), *((each, "") for each in bound)]:
            self._see(row.seq, ticket, state)
        self._scenes[row.seq] = Scene(
            *(self._hall.inside, self._hall.released, self._hall.limit, self._hall.outside),
            self._turns.waiting,
            self._pauses.phase,
        )
        if self._pauses.phase != self._phases[-1][1]:
            self._phases.append((row.seq, self._pauses.phase))

    def _see(self, seq: int, ticket: str, state: str) -> None:
        """Without a state the ticket stays in the one that it has."""
        visit = self._turns.visit(ticket)
        if visit is None:
            return
        before = self.ticket_at(ticket, seq)
        self._places.setdefault(ticket, []).append(seq)
        now = Seen(state or before.state, visit.service, visit.counter)
        self._seen.setdefault(ticket, []).append(now)

    def _after(self, kind: str, body: dict[str, Any]) -> Iterator[tuple[str, str]]:
        if kind in STATES:
            yield from ((ticket, STATES[kind]) for ticket in tickets_of(body))
        elif kind == "ServiceFinished":
            visit = self._turns.visit(body["ticket"])
            yield body["ticket"], "entered" if visit and visit.waits else "served"
        elif kind in MISSES:
            for ticket in tickets_of(body):
                again = "released" in self._states(ticket)[:-1]
                yield ticket, "missed" if again else "issued"
        elif kind in ("DayClosed", "DayEnded"):
            yield from ((ticket, "expired") for ticket in body.get("expired", ()))
            yield from ((ticket, "served") for ticket in body.get("finished", ()))
