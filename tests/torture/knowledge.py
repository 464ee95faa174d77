"""What a crowd knows of its branches: tickets by the state that it heard of last.

It may be out of date; asking for what is no longer possible is part of the torture.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.torture.town import COUNTERS

if TYPE_CHECKING:
    from random import Random

    from tests.torture.history import Action

WANTED: dict[Action, tuple[str, ...]] = {
    "enter": ("released",),
    "start": ("called",),
    "finish": ("serving",),
    "leave": ("served", "no_show", "entered"),
    "no-show": ("called",),
    "recall": ("called", "no_show"),
    "return": ("no_show",),
    "hold": ("called", "serving"),
    "resume": ("on_hold",),
    "transfer": ("entered", "called", "serving", "on_hold"),
    "cancel": ("issued", "released", "entered", "called", "on_hold"),
    "read": ("issued", "released", "entered", "called", "serving", "on_hold"),
}
"""Action -> states of tickets that it is tried on."""
OVER = frozenset({"missed", "cancelled", "expired"})
CROWD_OUTSIDE = 40
"""So many tickets outside are enough."""


class Knowledge:
    """One branch as its visitors and its staff see it together."""

    def __init__(self, door: str) -> None:
        self.counts_out = door != "walk-in"
        self.open_counters: set[str] = set()
        self.phase = "none"
        """Of the sanitation, as it was heard of last."""
        self._state: dict[str, str] = {}
        self._ids: dict[str, str] = {}
        """Number -> ticket: a board shows numbers."""

    def hear(self, answer: dict[str, Any]) -> None:
        """Learns from a ticket, a group, a board or a sanitation."""
        self.phase = answer.get("sanitation", answer).get("phase", self.phase)
        if "calls" in answer or "street_people" in answer:
            self._hear_board(answer)
        elif "tickets" in answer:
            for ticket in answer["tickets"]:
                self._state[ticket["id"]] = "released"
        elif "id" in answer:
            self._ids[answer["number"]] = answer["id"]
            self._note(answer["id"], answer["state"], inside="entered_at" in answer)

    def correct(self, ticket: str, problem: dict[str, Any]) -> None:
        """Learns from a refusal: a ticket in another state or out of the hall, a pause."""
        self.phase = problem.get("extra", {}).get("phase", self.phase)
        kind = problem.get("type", "").rpartition(":")[2]
        if kind == "sanitation-under-way":
            self.phase = "cleaning"
        elif kind == "counter-closed":
            self.open_counters.discard(problem["extra"]["counter"])
        elif kind == "not-inside":
            self._state.pop(ticket, None)
        elif ticket in self._state and "state" in problem:
            self._note(ticket, problem["state"], inside=False)

    def left(self, ticket: str) -> None:
        """Somebody has gone through the door."""
        self._state.pop(ticket, None)

    def choose(self, action: Action, random: Random) -> str | None:
        """A ticket on which the action may be possible, None when nobody knows of one."""
        wanted = WANTED[action]
        if action == "leave" and random.random() < 0.9:
            wanted = ("served", "no_show")
        found = [ticket for ticket, state in self._state.items() if state in wanted]
        return random.choice(found) if found else None

    @property
    def outside(self) -> int:
        """Tickets that wait outside."""
        return sum(state == "issued" for state in self._state.values())

    @property
    def closed_counters(self) -> list[str]:
        return [counter for counter in COUNTERS if counter not in self.open_counters]

    def _note(self, ticket: str, state: str, *, inside: bool) -> None:
        over = state in OVER or state == "served"
        if over and self.counts_out and inside:
            self._state[ticket] = "served"
        elif over and (state != "served" or not self.counts_out):
            self._state.pop(ticket, None)
        else:
            self._state[ticket] = state

    def _hear_board(self, board: dict[str, Any]) -> None:
        for release in board.get("released", ()):
            ticket = self._ids.get(release["number"])
            if self._state.get(ticket or "") == "issued":
                self._state[ticket or ""] = "released"
