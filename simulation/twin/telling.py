"""What happened, written down as the journal has it: a row an event."""

from __future__ import annotations

from simulation.twin.compiled import part
from simulation.twin.layout import Day

(
    PLAN_CHANGED,
    TICKET_ISSUED,
    VISIT_REFUSED,
    GROUP_RELEASED,
    TICKETS_MISSED,
    TICKET_ENTERED,
    TICKET_LEFT,
    TICKET_CANCELLED,
    TICKET_CALLED,
    TICKET_RECALLED,
    SERVICE_STARTED,
    SERVICE_FINISHED,
    TICKET_NOT_SHOWN,
    TICKET_RETURNED,
    TICKET_HELD,
    TICKET_RESUMED,
    TICKET_TRANSFERRED,
    DRAIN_STARTED,
    CLEANING_STARTED,
    CLEANING_CONFIRMED,
    ALARM_RAISED,
    COUNTER_OPENED,
    COUNTER_CLOSED,
    DAY_CLOSED,
    DAY_ENDED,
    AMONG_THEM,
) = range(26)
"""Kinds of rows. `AMONG_THEM` names one of the tickets or services of the event before it."""

HEARD = (
    TICKET_ENTERED,
    TICKET_TRANSFERRED,
    TICKET_RETURNED,
    CLEANING_STARTED,
    DAY_CLOSED,
    DAY_ENDED,
)
"""Kinds that somebody always acts on; who is let in with a group hears of it as `AMONG_THEM`."""

SILENT = (
    TICKET_ENTERED,
    TICKET_CALLED,
    SERVICE_STARTED,
    SERVICE_FINISHED,
    TICKET_NOT_SHOWN,
    COUNTER_OPENED,
    COUNTER_CLOSED,
)
"""After these no deadline is earlier than before, as `simulation.floor` has it."""

FAINT = (TICKET_ISSUED, TICKET_LEFT)
"""After these only the next release may be due earlier than before, and the hall's cleaning."""
AT_THE_DOOR, EVERYWHERE = 1, 2
"""How far what is told is heard, beyond those who act on it: where somebody lets people in, or by
whoever waits for anything at all."""

BY_SERVICE, BY_CLOCK, BY_KIOSK, BY_ATTENDANT, BY_OPERATOR = range(5)
"""Who asks; an operator is `BY_OPERATOR` and the place of the counter."""

ONLINE_ONLY, CANNOT_BE_SERVED = range(2)
QUEUE_TOO_LONG, WAITED_TOO_LONG, LEFT = range(3)
HALL_NOT_EMPTY, CONFIRMATION_OVERDUE = range(2)


@part
def begin(day: Day, by: int) -> None:
    """Somebody asks for something."""
    state = day.state
    if state.tells:
        state.asked += 1
        state.part = 0
        state.by = by


@part
def tell(day: Day, kind: int, a: int = 0, b: int = 0, c: int = 0, d: int = 0) -> None:
    """An event of the command that was begun last."""
    state = day.state
    if state.tells:
        _row(day, kind, a, b, c, d)
        state.part += 1
    if kind in FAINT:
        state.loud |= AT_THE_DOOR
    elif kind not in SILENT:
        state.loud = EVERYWHERE
    if kind in HEARD:
        hear(day, kind, a)


@part
def hear(day: Day, kind: int, ticket: int) -> None:
    """Somebody acts on it once the command is carried out."""
    state = day.state
    if state.heard == len(day.heard):
        state.full = 1
        return
    day.heard[state.heard, 0] = kind
    day.heard[state.heard, 1] = ticket
    state.heard += 1


@part
def among_them(day: Day, one: int, which: int = 0) -> None:
    """A ticket, or a service, of the event told last."""
    if day.state.tells:
        _row(day, AMONG_THEM, one, which, 0, 0)


@part
def _row(day: Day, kind: int, a: int, b: int, c: int, d: int) -> None:
    state = day.state
    if state.told == len(day.told):
        state.full = 1
        return
    row = day.told[state.told]
    row.at, row.kind = state.now, kind
    row.asked, row.part, row.by = state.asked, state.part, state.by
    row.a, row.b, row.c, row.d = a, b, c, d
    state.told += 1
