"""A branch-day in figures: one fold over its journal. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

from queue_service.policy import events as happened
from queue_service.policy.evolve import evolve
from queue_service.policy.model import State
from schemas.wire_figures import DayFigures


class Figures:
    """Give it every entry of one journal in order (`add`), then ask (`shown`)."""

    def __init__(self) -> None:
        self._state = State()
        self._peak_hall = (0, 0)
        self._peak_street = (0, 0)
        self._last_served_at = 0
        self._people: Counter[str] = Counter()
        self._count: Counter[str] = Counter()
        self._refused: Counter[str] = Counter()
        self._refused_people: Counter[str] = Counter()

    def add(self, entry: happened.Entry) -> None:
        """Takes the next entry of the journal."""
        if entry.part == 0:
            self._note_peaks()
        evolve(self._state, entry)
        self._count[type(entry.event).__name__] += 1
        note = _NOTES.get(type(entry.event))
        if note:
            note(self, entry.event, entry.at)

    def _note_peaks(self) -> None:
        """Between two commands: who walks straight in has not stood in the street."""
        state = self._state
        self._peak_hall = _higher(self._peak_hall, state.occupancy, state.at)
        self._peak_street = _higher(self._peak_street, state.street_people, state.at)

    def shown(self, branch: str, date: str, local: Callable[[int], str]) -> DayFigures:
        """The figures so far; `local` turns epoch ms into the text on the wire."""
        self._note_peaks()
        refused = sum(self._refused.values())
        ends = Counter(ticket.state for ticket in self._state.tickets.values())
        return DayFigures(
            branch=branch,
            date=date,
            seq=self._state.seq,
            arrivals=self._people["issued"] + sum(self._refused_people.values()),
            visits=self._count["TicketIssued"] + refused,
            refused=dict(self._refused),
            refused_people=dict(self._refused_people),
            issued=self._count["TicketIssued"],
            issued_people=self._people["issued"],
            assisted=sum(1 for ticket in self._state.tickets.values() if ticket.assisted),
            groups=self._count["GroupReleased"],
            entered=self._count["TicketEntered"],
            peak_hall=self._peak_hall[0],
            peak_hall_at=_instant(self._peak_hall[1], local),
            peak_street=self._peak_street[0],
            peak_street_at=_instant(self._peak_street[1], local),
            pauses=self._count["CleaningConfirmed"],
            alarms=self._count["AlarmRaised"],
            served=ends["served"],
            cancelled=ends["cancelled"] - self._count["redirected"],
            redirected=self._count["redirected"],
            missed=ends["missed"],
            no_shows=ends["no_show"],
            carried_over=ends["expired"],
            waiting_now=sum(1 for ticket in self._state.tickets.values() if not ticket.ended),
            hall_now=self._state.occupancy,
            last_served_at=_instant(self._last_served_at, local),
        )

    def note_issued(self, event: happened.TicketIssued, _at: int) -> None:
        self._people["issued"] += event.party

    def note_refused(self, event: happened.VisitRefused, _at: int) -> None:
        self._refused[event.reason] += 1
        self._refused_people[event.reason] += event.party

    def note_redirected(self, event: happened.TicketsRedirected, _at: int) -> None:
        self._count["redirected"] += len(event.tickets)

    def note_finished(self, event: happened.ServiceFinished, at: int) -> None:
        if self._state.tickets[event.ticket].ended:
            self._last_served_at = at

    def note_day_ended(self, event: happened.DayEnded, at: int) -> None:
        if event.finished:
            self._last_served_at = at


def _higher(peak: tuple[int, int], people: int, at: int) -> tuple[int, int]:
    return (people, at) if people > peak[0] else peak


def _instant(at: int, local: Callable[[int], str]) -> str | None:
    return local(at) if at else None


_NOTES: dict[type[happened.AnyEvent], Callable[[Figures, Any, int], None]] = {
    happened.TicketIssued: Figures.note_issued,
    happened.VisitRefused: Figures.note_refused,
    happened.TicketsRedirected: Figures.note_redirected,
    happened.ServiceFinished: Figures.note_finished,
    happened.DayEnded: Figures.note_day_ended,
}
