"""What can be watched of a day: its board, which everybody may see, and a visitor's ticket."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, Protocol, TypeVar

from queue_service.policy import views
from schemas import wire

if TYPE_CHECKING:
    from displays.day import Day
    from schemas.wire_live import Call

Shown = TypeVar("Shown", wire.Board, wire.Ticket)
BOARD_GATHERS: Final = 0.05
TICKET_GATHERS: Final = 1.0


class Face(Protocol[Shown]):
    """One view of a day."""

    @property
    def kind(self) -> Literal["board", "ticket"]:
        """The field of the frames that bears it."""
        ...

    def is_there(self, day: Day) -> bool:
        """Whether the loaded day has it."""
        ...

    def draw(self, day: Day, now: int) -> Shown:
        """How it looks at an instant."""
        ...

    def news(self, before: Shown, after: Shown) -> dict[str, object]:
        """The fields that have changed; none when nothing worth telling has."""
        ...

    def calls(self, day: Day, after: int | None) -> tuple[Call, ...]:
        """Calls after a place in the journal; the last ones for None."""
        ...

    def gathers(self, day: Day) -> float:
        """Seconds between two drawings at least, as the day stands."""
        ...

    def changes_at(self, day: Day, now: int) -> int | None:
        """The later instant (epoch ms) at which it changes though nothing happens, if known."""
        ...


class BoardFace:
    """The hall board and the street board. No ticket's id is on it."""

    kind: Final = "board"

    def is_there(self, _day: Day) -> bool:
        return True

    def draw(self, day: Day, now: int) -> wire.Board:
        branch = day.branch
        return views.board(day.shown, branch.code, day.date.isoformat(), now, branch.zone.text)

    def news(self, before: wire.Board, after: wire.Board) -> dict[str, object]:
        changed = _differing(before, after)
        at_once = after.next_group_at == after.at
        if at_once and (before.next_group_at or "") <= after.at:
            # "Now" is another instant each time, and the same news.
            changed.pop("next_group_at", None)
        return changed if changed.keys() - {"at"} else {}

    def calls(self, day: Day, after: int | None) -> tuple[Call, ...]:
        return day.calls(after)

    def gathers(self, _day: Day) -> float:
        return BOARD_GATHERS

    def changes_at(self, day: Day, now: int) -> int | None:
        plan = day.shown.plan
        return plan.opens_at if plan is not None and plan.opens_at > now else None


class TicketFace:
    """A visitor's own ticket: who knows its id may see it."""

    kind: Final = "ticket"

    def __init__(self, ticket: str) -> None:
        self._id = ticket
        self._drawn: object = None

    def is_there(self, day: Day) -> bool:
        return self._id in day.state.tickets

    def draw(self, day: Day, now: int) -> wire.Ticket:
        self._drawn = ticket = day.state.tickets[self._id]
        local = day.branch.zone.text
        return views.ticket_view(day.state, ticket, now, local, views.HOLDER_ACTIONS)

    def news(self, before: wire.Ticket, after: wire.Ticket) -> dict[str, object]:
        changed = _differing(before, after)
        return changed if changed.keys() - {"seq"} else {}

    def calls(self, day: Day, after: int | None) -> tuple[Call, ...]:
        number = day.state.tickets[self._id].number
        return tuple(call for call in day.calls(after or 0) if call.number == number)

    def gathers(self, day: Day) -> float:
        """What happens to the visitor shows at once, how the others move a little later."""
        is_same = day.state.tickets.get(self._id) is self._drawn
        return TICKET_GATHERS if is_same else 0.0

    def changes_at(self, _day: Day, _now: int) -> None:
        return None


def _differing(before: Shown, after: Shown) -> dict[str, object]:
    return {
        name: value
        for name in after.__struct_fields__
        if (value := getattr(after, name)) != getattr(before, name)
    }
