"""Who is called, served, done: one ticket at a counter, and no ticket called twice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from tests.torture.history import Finding, Row

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Stage = Literal["never issued", "away", "waiting", "called", "serving", "held", "ended"]
STAGES: dict[str, tuple[tuple[Stage, ...], Stage]] = {
    "TicketEntered": (("away",), "waiting"),
    "TicketCalled": (("waiting",), "called"),
    "TicketRecalled": (("called", "ended"), "called"),
    "ServiceStarted": (("called",), "serving"),
    "ServiceFinished": (("serving",), "ended"),
    "TicketNotShown": (("called",), "ended"),
    "TicketReturned": (("ended",), "waiting"),
    "TicketHeld": (("called", "serving"), "held"),
    "TicketResumed": (("held",), "serving"),
    "TicketTransferred": (("waiting", "called", "serving", "held"), "waiting"),
    "TicketCancelled": (("away", "waiting", "called", "held"), "ended"),
}
"""Event -> stages that a ticket may be in before it, and the stage after it."""
AT_A_COUNTER: frozenset[Stage] = frozenset({"called", "serving"})


class Counters:
    """The counters of one branch-day and the tickets at them."""

    def __init__(self) -> None:
        self._stage: dict[str, Stage] = {}
        self._services: dict[str, int] = {}
        self._at: dict[str, str] = {}
        """Ticket -> counter."""
        self._ticket: dict[str, str] = {}
        """Counter -> ticket."""

    def findings(self, rows: Iterable[Row]) -> Iterator[Finding]:
        """Follows the rows of one stream, in order."""
        for row in rows:
            for kind, sentence in self._follow(row):
                yield Finding(kind, f"{row.branch} entry {row.seq}: {sentence}")

    def _follow(self, row: Row) -> Iterator[tuple[str, str]]:
        if row.kind == "TicketIssued":
            self._stage[row.body["ticket"]] = "away"
            self._services[row.body["ticket"]] = len(row.body["services"])
        elif row.kind in STAGES:
            yield from self._step(row.kind, row.body["ticket"], row.body)
        elif row.kind in ("DayClosed", "DayEnded"):
            for ticket in (*row.body["expired"], *row.body.get("finished", ())):
                self._go_from_counter(ticket)
                self._stage[ticket] = "ended"

    def _step(self, kind: str, ticket: str, body: dict[str, Any]) -> Iterator[tuple[str, str]]:
        allowed, after = STAGES[kind]
        before = self._stage.get(ticket, "never issued")
        if before not in allowed:
            name = "called_twice" if kind == "TicketCalled" else "wrong_stage"
            yield name, f"{kind} of ticket {ticket}, which is {before}"
        self._go_from_counter(ticket)
        if kind == "ServiceFinished":
            after = self._after_service(ticket)
        self._stage[ticket] = after
        if after in AT_A_COUNTER:
            yield from self._come_to(body.get("counter") or self._at.get(ticket, ""), ticket)

    def _after_service(self, ticket: str) -> Stage:
        left = self._services.get(ticket, 1) - 1
        self._services[ticket] = left
        return "waiting" if left > 0 else "ended"

    def _go_from_counter(self, ticket: str) -> None:
        counter = self._at.get(ticket, "")
        if self._ticket.get(counter) == ticket:
            del self._ticket[counter]

    def _come_to(self, counter: str, ticket: str) -> Iterator[tuple[str, str]]:
        there = self._ticket.get(counter)
        if there is not None:
            yield "counter_busy", f"ticket {ticket} comes to counter {counter}, which has {there}"
        self._at[ticket] = counter
        self._ticket[counter] = ticket
