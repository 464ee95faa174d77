"""When nobody may be let in: out of hours, while the hall drains, while it is cleaned."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from tests.torture.hall import Hall
from tests.torture.history import Finding, Row

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

Phase = Literal["none", "draining", "cleaning"]
COME_BACK = ("TicketReturned", "TicketRecalled", "TicketResumed")
CLOCK = "clock"
"""Who the journal says it was when nobody asked."""
NEVER = 2**62


class Pauses:
    """The hours and the sanitation of one branch-day, followed entry by entry.

    `phase` is where the sanitation stands after the last entry.
    """

    def __init__(self) -> None:
        self.phase: Phase = "none"
        self._hall = Hall()
        self._plan: dict[str, Any] = {}
        self._closed = False
        self._drain: dict[str, Any] = {}
        self._clean_until = 0
        self._had_until = -1
        """Planned pauses that drain by then are over, or were before the day was planned."""
        self._steps: dict[str, Callable[[Row], Iterator[str]]] = {
            "PlanChanged": self._plan_changed,
            "DayClosed": self._day_closed,
            "DrainStarted": self._drain_started,
            "CleaningStarted": self._cleaning_started,
            "CleaningConfirmed": self._cleaning_confirmed,
            "AlarmRaised": self._alarm_raised,
        }

    def findings(self, rows: Iterable[Row]) -> Iterator[Finding]:
        """Follows the rows of one stream, in order."""
        for row in rows:
            where = f"{row.branch} entry {row.seq}"
            for sentence in self._let_in(row):
                yield Finding("shut_door", f"{where}: {row.kind} {sentence}")
            for sentence in self.follow(row):
                yield Finding("pause_broken", f"{where}: {row.kind} {sentence}")

    def follow(self, row: Row) -> list[str]:
        """Goes on by one event; returns what is wrong with the pause in it, in sentences."""
        step = self._steps.get(row.kind)
        wrong = [*step(row)] if step else []
        self._hall.follow(row)
        return wrong

    # --- who is let in --------------------------------------------------------------------------

    def _let_in(self, row: Row) -> Iterator[str]:
        where = self._hall.where(row.body.get("ticket", ""))
        if row.kind == "GroupReleased" or (row.kind == "TicketEntered" and where == "outside"):
            yield from self._shut(row.at)
        elif self.phase == "cleaning" and (
            row.kind in ("TicketEntered", "TicketCalled")
            or (row.kind in COME_BACK and where == "gone")
        ):
            yield "while the hall is cleaned"

    def _shut(self, at: int) -> Iterator[str]:
        if self.phase != "none":
            yield f"while the hall is {self.phase}"
        elif self._is_due(at):
            yield "after the drain of a planned pause was due"
        if self._closed:
            yield "after the day was closed"
        if not self._plan.get("opens_at", 0) <= at < self._plan.get("last_admission_at", NEVER):
            yield "out of hours"

    def _is_due(self, at: int) -> bool:
        drains = (pause["drain_at"] for pause in self._plan.get("pauses", ()))
        return any(self._had_until < drain_at <= at for drain_at in drains)

    # --- the steps of a pause -------------------------------------------------------------------

    def _plan_changed(self, row: Row) -> Iterator[str]:
        if not self._is_due(row.at):
            self._had_until = row.at
        self._plan = row.body["plan"]
        if row.at < self._plan.get("closes_at", NEVER):
            self._closed = False
        yield from ()

    def _day_closed(self, _row: Row) -> Iterator[str]:
        self._closed = True
        yield from ()

    def _drain_started(self, row: Row) -> Iterator[str]:
        if self.phase != "none":
            yield f"while the hall is {self.phase}"
        self.phase = "draining"
        self._drain = row.body

    def _cleaning_started(self, row: Row) -> Iterator[str]:
        people = self._hall.inside + self._hall.released
        if people:
            yield f"with {people} people inside or on their way"
        cleaning = self._plan.get("cleaning", 0)
        if self.phase == "draining":
            cleaning = self._drain["cleaning"]
            # An attendant who sees an empty hall need not wait.
            if row.actor == CLOCK and row.at < self._drain["clean_from"]:
                yield "before its time"
        elif self.phase == "cleaning":
            yield "while the hall is cleaned already"
        if row.body["until"] < row.at + cleaning:
            yield "shorter than planned"
        self.phase = "cleaning"
        self._clean_until = row.body["until"]

    def _cleaning_confirmed(self, row: Row) -> Iterator[str]:
        if self.phase != "cleaning":
            yield f"when nobody cleans: {self.phase}"
        elif row.at < self._clean_until:
            yield f"{self._clean_until - row.at} ms before its end"
        self.phase = "none"
        self._had_until = row.at

    def _alarm_raised(self, row: Row) -> Iterator[str]:
        alarm = row.body["alarm"]
        people = self._hall.inside + self._hall.released
        since = self._drain.get("empty_by", NEVER)
        if alarm == "hall_not_empty" and not (
            self.phase == "draining" and people and row.at >= since
        ):
            yield f"{alarm} with {people} people while the sanitation is {self.phase}"
        if alarm == "confirmation_overdue" and (
            self.phase != "cleaning" or row.at < self._clean_until
        ):
            yield f"{alarm} while the sanitation is {self.phase}"
