"""Who waits in the hall, for what, and whose turn it is at a counter."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct

from tests.torture.history import Finding, Row

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

WAITS = frozenset({"TicketEntered", "TicketReturned", "TicketTransferred"})
"""Events after which a ticket waits in the hall."""
AT_COUNTER = frozenset({"TicketCalled", "TicketRecalled", "TicketResumed"})
AWAY_FROM_COUNTER = frozenset({"TicketReturned", "TicketHeld"})


class Visit(Struct):
    """A ticket's place by time of issue, its services, and the counter that it is bound to."""

    place: tuple[int, int]
    services: list[str]
    step: int = 0
    counter: str = ""
    waits: bool = False

    @property
    def service(self) -> str:
        return self.services[self.step]


class Turns:
    """The waiting hall of one branch-day.

    A counter calls the first by place among those sent to it and those whose service it gives. A
    transfer, a return or a next service changes nobody's place.
    """

    def __init__(self) -> None:
        self._visits: dict[str, Visit] = {}
        self._skills: dict[str, list[str]] = {}

    def findings(self, rows: Iterable[Row]) -> Iterator[Finding]:
        """Follows the rows of one stream, in order."""
        for row in rows:
            if row.kind in ("TicketCalled", "TicketResumed"):
                yield from self._look(row)
            self.follow(row)

    @property
    def waiting(self) -> int:
        """Tickets that wait in the hall."""
        return sum(visit.waits for visit in self._visits.values())

    def visit(self, ticket: str) -> Visit | None:
        """A ticket as it stands, None for one that was never issued."""
        return self._visits.get(ticket)

    def sent_to(self, counter: str) -> list[str]:
        """Tickets that wait for one counter alone."""
        return [
            ticket
            for ticket, visit in self._visits.items()
            if visit.waits and visit.counter == counter
        ]

    def follow(self, row: Row) -> None:
        """Goes on by one event."""
        body = row.body
        if row.kind == "PlanChanged":
            self._skills |= {each["code"]: each["skills"] for each in _counters(body)}
        elif row.kind == "TicketIssued":
            index = len(self._visits)
            place = (body.get("order", index), index)
            self._visits[body["ticket"]] = Visit(place, [*body["services"]])
        elif row.kind == "CounterClosed":
            for ticket in self.sent_to(body["counter"]):
                self._visits[ticket].counter = ""
        elif row.kind in ("DayClosed", "DayEnded"):
            for ticket in (*body.get("expired", ()), *body.get("finished", ())):
                self._visits[ticket].waits = False
        elif body.get("ticket", "") in self._visits:
            self._of_ticket(row.kind, self._visits[body["ticket"]], body)

    def _of_ticket(self, kind: str, visit: Visit, body: dict[str, Any]) -> None:
        if kind in WAITS:
            visit.waits = True
        elif kind in AT_COUNTER or kind == "TicketCancelled":
            visit.waits = False
        if kind in AT_COUNTER:
            visit.counter = body["counter"]
        elif kind in AWAY_FROM_COUNTER:
            visit.counter = ""
        elif kind == "TicketTransferred":
            visit.services[visit.step] = body["service"]
            visit.counter = body.get("counter", "")
        elif kind == "ServiceFinished" and visit.step + 1 < len(visit.services):
            visit.step, visit.counter, visit.waits = visit.step + 1, "", True

    def _look(self, row: Row) -> Iterator[Finding]:
        ticket, counter = row.body["ticket"], row.body["counter"]
        visit = self._visits.get(ticket)
        if visit is None:
            return
        where = f"{row.branch} entry {row.seq}: {row.kind} of ticket {ticket} to counter {counter}"
        if not self._can_serve(counter, visit):
            yield Finding("wrong_counter", f"{where}, which cannot take it")
        elif row.kind == "TicketCalled" and visit.waits:
            first = min(self._candidates(counter), key=lambda other: other[0])
            if first[0] < visit.place:
                yield Finding("overtaken", f"{where}, and {first[1]} came before it")

    def _candidates(self, counter: str) -> Iterator[tuple[tuple[int, int], str]]:
        for ticket, visit in self._visits.items():
            if visit.waits and self._can_serve(counter, visit):
                yield visit.place, ticket

    def _can_serve(self, counter: str, visit: Visit) -> bool:
        """A counter that no plan tells of gives every service."""
        if visit.waits and visit.counter:
            return visit.counter == counter
        return visit.service in self._skills.get(counter, [visit.service])


def _counters(body: dict[str, Any]) -> list[dict[str, Any]]:
    counters: list[dict[str, Any]] = body["plan"].get("counters", [])
    return counters
