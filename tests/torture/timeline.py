"""What was true after each entry of a stream: the state of every ticket, the people in the hall."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, Any, NamedTuple

from tests.torture.hall import Hall, tickets_of

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


class People(NamedTuple):
    """People of a branch after an entry."""

    inside: int
    released: int
    limit: int
    outside: int


class Timeline:
    """One stream; `rows` are in order."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self._places: dict[str, list[int]] = {}
        self._states: dict[str, list[str]] = {}
        self._people = {0: People(0, 0, 0, 0)}
        self._services: dict[str, int] = {}
        hall = Hall()
        for row in rows:
            hall.follow(row)
            self._people[row.seq] = People(hall.inside, hall.released, hall.limit, hall.outside)
            for ticket, state in self._after(row.kind, row.body):
                self._places.setdefault(ticket, []).append(row.seq)
                self._states.setdefault(ticket, []).append(state)

    def state_at(self, ticket: str, seq: int) -> str:
        """State of a ticket after entry `seq`; empty before it was issued."""
        place = bisect_right(self._places.get(ticket, ()), seq)
        return self._states[ticket][place - 1] if place else ""

    def was_ever(self, ticket: str, state: str, since: int) -> bool:
        """Whether a ticket was in a state after entry `since` or after a later one."""
        place = bisect_right(self._places.get(ticket, ()), since)
        return state in self._states.get(ticket, [])[max(0, place - 1) :]

    def people_at(self, seq: int) -> People | None:
        """The people after entry `seq`, None where there is no such entry."""
        return self._people.get(seq)

    def _after(self, kind: str, body: dict[str, Any]) -> Iterator[tuple[str, str]]:
        if kind == "TicketIssued":
            self._services[body["ticket"]] = len(body["services"])
        if kind in STATES:
            yield from ((ticket, STATES[kind]) for ticket in tickets_of(body))
        elif kind == "ServiceFinished":
            yield body["ticket"], self._after_service(body["ticket"])
        elif kind == "TicketsMissed":
            for ticket in body["tickets"]:
                again = "released" in self._states.get(ticket, ())[:-1]
                yield ticket, "missed" if again else "issued"
        elif kind in ("DayClosed", "DayEnded"):
            yield from ((ticket, "expired") for ticket in body.get("expired", ()))
            yield from ((ticket, "served") for ticket in body.get("finished", ()))

    def _after_service(self, ticket: str) -> str:
        self._services[ticket] = self._services.get(ticket, 1) - 1
        return "entered" if self._services[ticket] > 0 else "served"
