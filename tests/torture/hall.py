"""Who is outside, let in, inside: counted from the events alone and held against the limit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from tests.torture.history import Finding, Row

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Where = Literal["outside", "released", "inside", "gone"]
Move = tuple[tuple[Where, ...], Where]
"""Where a ticket may come from, and where it is then."""

ANYWHERE: tuple[Where, ...] = ("outside", "released", "inside", "gone")
MOVES: dict[str, Move] = {
    "GroupReleased": (("outside",), "released"),
    "TicketsMissed": (("released",), "outside"),
    "TicketsRedirected": (("outside",), "gone"),
    "TicketEntered": (("outside", "released"), "inside"),
    "TicketLeft": (("inside",), "gone"),
    "TicketReturned": (ANYWHERE, "inside"),
    "TicketRecalled": (ANYWHERE, "inside"),
    "DayClosed": (("outside", "released"), "gone"),
    "DayEnded": (ANYWHERE, "gone"),
}


class Hall:
    """The people of one branch-day. `entered - left + released` may not grow past the limit."""

    def __init__(self) -> None:
        self._limit = 0
        self._where: dict[str, Where] = {}
        self._party: dict[str, int] = {}
        self._people: dict[Where, int] = dict.fromkeys(ANYWHERE, 0)

    def findings(self, rows: Iterable[Row]) -> Iterator[Finding]:
        """Follows the rows of one stream, in order."""
        for row in rows:
            before = self._let_in
            for sentence in self._follow(row):
                yield Finding("wrong_door", f"{row.branch} entry {row.seq}: {sentence}")
            if before < self._let_in > self._limit:
                sentence = f"{row.kind} makes {self._let_in} people, limit {self._limit}"
                yield Finding("hall_limit", f"{row.branch} entry {row.seq}: {sentence}")

    @property
    def _let_in(self) -> int:
        return self._people["inside"] + self._people["released"]

    def _follow(self, row: Row) -> Iterator[str]:
        body = row.body
        if row.kind == "PlanChanged":
            self._limit = body["plan"]["hall_limit"]
        elif row.kind == "TicketIssued":
            self._where[body["ticket"]] = "outside"
            self._party[body["ticket"]] = body.get("party", 1)
            self._people["outside"] += body.get("party", 1)
        elif row.kind == "TicketCancelled":
            self._give_up(body["ticket"])
        elif row.kind == "HallRecounted":
            self._people["inside"] = body["occupancy"]
        elif row.kind in MOVES:
            yield from self._move(row.kind, body)

    def _move(self, kind: str, body: dict[str, Any]) -> Iterator[str]:
        allowed, to = MOVES[kind]
        for ticket in _tickets(body):
            where = self._where.get(ticket)
            if where is None:
                yield f"{kind} of ticket {ticket}, which was never issued"
                continue
            if where not in allowed:
                yield f"{kind} of ticket {ticket}, which is {where}"
            self._put(ticket, to)
        if kind == "DayEnded":
            self._people["inside"] = 0

    def _give_up(self, ticket: str) -> None:
        """Whoever gives up inside is counted until gone through the door."""
        if self._where.get(ticket) in ("outside", "released"):
            self._put(ticket, "gone")

    def _put(self, ticket: str, to: Where) -> None:
        party, where = self._party[ticket], self._where[ticket]
        self._people[where] = max(0, self._people[where] - party)
        self._people[to] += party
        self._where[ticket] = to


def _tickets(body: dict[str, Any]) -> Iterable[str]:
    if "ticket" in body:
        return (body["ticket"],)
    return (*body.get("tickets", ()), *body.get("expired", ()), *body.get("finished", ()))
