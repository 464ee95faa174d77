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
    "TicketPostponed": (("released",), "outside"),
    "TicketsRedirected": (("outside",), "gone"),
    "TicketEntered": (("outside", "released"), "inside"),
    "TicketLeft": (("inside",), "gone"),
    "TicketReturned": (("inside", "gone"), "inside"),
    "TicketRecalled": (("inside", "gone"), "inside"),
    "TicketResumed": (("inside", "gone"), "inside"),
    "DayClosed": (("outside", "released"), "gone"),
    "DayEnded": (ANYWHERE, "gone"),
}
MISSES = frozenset({"TicketsMissed", "TicketPostponed"})
"""Who gives the turn back has missed the group as well."""


class Hall:
    """The people of one branch-day. `entered - left + released` may not grow past the limit.

    What a recount finds is what counts, and of those who were inside then no more can go out than
    it found.
    """

    def __init__(self) -> None:
        self.limit = 0
        self._exits_counted = False
        self._where: dict[str, Where] = {}
        self._missed: set[str] = set()
        self._party: dict[str, int] = {}
        self._people: dict[Where, int] = dict.fromkeys(ANYWHERE, 0)
        self._inside_at_recount: set[str] = set()
        self._still_found = 0
        """People that the last recount found and who have not gone out since."""

    def findings(self, rows: Iterable[Row]) -> Iterator[Finding]:
        """Follows the rows of one stream, in order."""
        for row in rows:
            before = self.inside + self.released
            for sentence in self.follow(row):
                yield Finding("wrong_door", f"{row.branch} entry {row.seq}: {sentence}")
            let_in = self.inside + self.released
            if before < let_in > self.limit and not self._needs_no_room(row.kind):
                sentence = f"{row.kind} makes {let_in} people, limit {self.limit}"
                yield Finding("hall_limit", f"{row.branch} entry {row.seq}: {sentence}")

    @property
    def inside(self) -> int:
        return self._people["inside"]

    @property
    def released(self) -> int:
        return self._people["released"]

    @property
    def outside(self) -> int:
        return self._people["outside"]

    def where(self, ticket: str) -> Where | None:
        """Where a ticket is, None for one that was never issued."""
        return self._where.get(ticket)

    def _needs_no_room(self, kind: str) -> bool:
        """A recount finds what it finds; who was given up may never have gone, exits uncounted."""
        back = kind in ("TicketReturned", "TicketRecalled")
        return kind == "HallRecounted" or (back and not self._exits_counted)

    def follow(self, row: Row) -> list[str]:
        """Goes on by one event; returns what is wrong with it, in sentences."""
        return [*self._follow(row)]

    def _follow(self, row: Row) -> Iterator[str]:
        body = row.body
        if row.kind == "PlanChanged":
            self.limit = body["plan"]["hall_limit"]
            self._exits_counted = body["plan"].get("exits_counted", False)
        elif row.kind == "TicketIssued":
            self._where[body["ticket"]] = "outside"
            self._party[body["ticket"]] = body.get("party", 1)
            self._people["outside"] += body.get("party", 1)
        elif row.kind == "TicketCancelled":
            self._give_up(body["ticket"])
        elif row.kind == "HallRecounted":
            self._recount(body["occupancy"])
        elif row.kind in MOVES:
            yield from self._move(row.kind, body)

    def _recount(self, occupancy: int) -> None:
        self._people["inside"] = self._still_found = occupancy
        self._inside_at_recount = {
            ticket for ticket, where in self._where.items() if where == "inside"
        }

    def _move(self, kind: str, body: dict[str, Any]) -> Iterator[str]:
        allowed, to = MOVES[kind]
        for ticket in tickets_of(body):
            where = self._where.get(ticket)
            if where is None:
                yield f"{kind} of ticket {ticket}, which was never issued"
                continue
            if where not in allowed:
                yield f"{kind} of ticket {ticket}, which is {where}"
            self._put(ticket, self._after_miss(ticket) if kind in MISSES else to)
        if kind == "DayEnded":
            self._empty()

    def _after_miss(self, ticket: str) -> Where:
        """Whoever misses a group waits for a second one, and for no third."""
        again = ticket in self._missed
        self._missed.add(ticket)
        return "gone" if again else "outside"

    def _give_up(self, ticket: str) -> None:
        """Whoever gives up inside is counted until gone through the door."""
        if self._where.get(ticket) in ("outside", "released"):
            self._put(ticket, "gone")

    def _put(self, ticket: str, to: Where) -> None:
        where = self._where[ticket]
        if where != to:
            self._people[where] = max(0, self._people[where] - self._going(ticket))
            self._people[to] += self._party[ticket]
            self._where[ticket] = to

    def _going(self, ticket: str) -> int:
        """People of a ticket that are taken off where it was."""
        if ticket not in self._inside_at_recount:
            return self._party[ticket]
        self._inside_at_recount.remove(ticket)
        people = min(self._party[ticket], self._still_found)
        self._still_found -= people
        return people

    def _empty(self) -> None:
        inside = [ticket for ticket, where in self._where.items() if where == "inside"]
        self._where |= dict.fromkeys(inside, "gone")
        self._people["inside"] = 0


def tickets_of(body: dict[str, Any]) -> Iterable[str]:
    """The tickets that an event is about."""
    if "ticket" in body:
        return (body["ticket"],)
    return (*body.get("tickets", ()), *body.get("expired", ()), *body.get("finished", ()))
