"""The journal of a compiled day, entry by entry as the model on the live policy writes it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from queue_service.policy import events as happened
from queue_service.policy import rules
from queue_service.policy.events import AnyEvent, Entry
from queue_service.policy.model import CARRY_OVER, DayPlan
from simulation.door import ATTENDANT
from simulation.floor import CLOCK, SERVICE, Ids
from simulation.guests import KIOSK, Comes
from simulation.habits import Habits
from simulation.twin import telling
from simulation.twin.layout import NOBODY, Day
from simulation.twin.tables import counters_of
from simulation.world import DayWorld

Row = Any
_REASONS = ("queue too long", "waited too long", "left")
_BY = (SERVICE, CLOCK, KIOSK, ATTENDANT)


class Reader:
    """Reads the rows of one day, in their order."""

    def __init__(
        self, world: DayWorld, habits: Habits, ids: Ids, people: Sequence[Comes], day: Day
    ) -> None:
        self._world = world
        self._habits = habits
        self._ids = ids
        self._people = people
        self._rows = day.told[: day.state.told]
        self._counters = counters_of(world)
        self._plan: DayPlan = world.changes[0].plan

    def journal(self) -> list[Entry]:
        """The entries, `seq` from 1."""
        heads = [at for at, row in enumerate(self._rows) if row.kind != telling.AMONG_THEM]
        ends = [*heads[1:], len(self._rows)]
        return [
            self._entry(seq, self._rows[head], self._rows[head + 1 : end])
            for seq, (head, end) in enumerate(zip(heads, ends, strict=True), 1)
        ]

    def _entry(self, seq: int, row: Row, others: Sequence[Row]) -> Entry:
        return Entry(
            seq=seq,
            at=int(row.at),
            command=self._ids.of_command(int(row.asked)),
            part=int(row.part),
            by=self._by(int(row.by)),
            event=_EVENTS[int(row.kind)](self, row, others),
        )

    def _by(self, by: int) -> str:
        if by < telling.BY_OPERATOR:
            return _BY[by]
        return f"operator:{self._counters[by - telling.BY_OPERATOR]}"

    # --- the plan and the door ------------------------------------------------------------------

    def plan_changed(self, row: Row, _others: Sequence[Row]) -> AnyEvent:
        self._plan = self._world.changes[row.a].plan
        return happened.PlanChanged(plan=self._plan, version=int(row.b))

    def issued(self, row: Row, others: Sequence[Row]) -> AnyEvent:
        comes, codes = self._people[row.a], self._codes(*(one.a for one in others))
        known = {service.code: service for service in self._plan.services}
        priority = self._plan.priorities[row.c]
        return happened.TicketIssued(
            ticket=self._ticket(row),
            number=f"{known[codes[0]].letter}-{row.b:03d}",
            services=codes,
            service_times=tuple(known[code].service_time for code in codes),
            party=comes.visitor.party,
            priority=priority,
            order=rules.order_key(int(row.at), int(row.c), self._plan.ageing),
            assisted=self._habits.cannot_because if row.d else "",
            carried_from=comes.carried_from if priority == CARRY_OVER else "",
        )

    def refused(self, row: Row, _others: Sequence[Row]) -> AnyEvent:
        services, party = self._codes(row.b, row.c), int(row.d)
        if row.a == telling.ONLINE_ONLY:
            return happened.VisitRefused(reason="online_only", services=services, party=party)
        return happened.VisitRefused(
            reason="cannot_be_served_today",
            services=services,
            party=party,
            until=self._plan.closes_at,
        )

    def released(self, row: Row, others: Sequence[Row]) -> AnyEvent:
        return happened.GroupReleased(
            group=int(row.a),
            tickets=self._tickets(others),
            people=int(row.b),
            arrive_by=int(row.c),
        )

    def missed(self, _row: Row, others: Sequence[Row]) -> AnyEvent:
        return happened.TicketsMissed(tickets=self._tickets(others))

    def cancelled(self, row: Row, _others: Sequence[Row]) -> AnyEvent:
        return happened.TicketCancelled(ticket=self._ticket(row), reason=_REASONS[row.b])

    # --- the counters ---------------------------------------------------------------------------

    def called(self, row: Row, _others: Sequence[Row]) -> AnyEvent:
        return happened.TicketCalled(ticket=self._ticket(row), counter=self._counters[row.b])

    def recalled(self, row: Row, _others: Sequence[Row]) -> AnyEvent:
        return happened.TicketRecalled(ticket=self._ticket(row), counter=self._counters[row.b])

    def resumed(self, row: Row, _others: Sequence[Row]) -> AnyEvent:
        return happened.TicketResumed(ticket=self._ticket(row), counter=self._counters[row.b])

    def finished(self, row: Row, _others: Sequence[Row]) -> AnyEvent:
        service = self._habits.services[row.b]
        return happened.ServiceFinished(ticket=self._ticket(row), service=service)

    def transferred(self, row: Row, _others: Sequence[Row]) -> AnyEvent:
        service = self._habits.services[row.b]
        return happened.TicketTransferred(
            ticket=self._ticket(row), service=service, service_time=int(row.c)
        )

    def counter_opened(self, row: Row, _others: Sequence[Row]) -> AnyEvent:
        return happened.CounterOpened(counter=self._counters[row.a])

    def counter_closed(self, row: Row, _others: Sequence[Row]) -> AnyEvent:
        return happened.CounterClosed(counter=self._counters[row.a])

    # --- sanitation and the end of the day ------------------------------------------------------

    def drain_started(self, row: Row, _others: Sequence[Row]) -> AnyEvent:
        return happened.DrainStarted(
            clean_from=int(row.a),
            empty_by=int(row.b),
            cleaning=int(row.c),
            next_pause=int(row.d),
        )

    def cleaning_started(self, row: Row, _others: Sequence[Row]) -> AnyEvent:
        return happened.CleaningStarted(until=int(row.a))

    def cleaning_confirmed(self, row: Row, _others: Sequence[Row]) -> AnyEvent:
        return happened.CleaningConfirmed(next_pause=int(row.a))

    def alarm_raised(self, row: Row, _others: Sequence[Row]) -> AnyEvent:
        if row.a == telling.HALL_NOT_EMPTY:
            return happened.AlarmRaised(alarm="hall_not_empty", people=int(row.b))
        return happened.AlarmRaised(alarm="confirmation_overdue")

    def day_closed(self, _row: Row, others: Sequence[Row]) -> AnyEvent:
        return happened.DayClosed(expired=self._tickets(others))

    def day_ended(self, _row: Row, others: Sequence[Row]) -> AnyEvent:
        return happened.DayEnded(
            expired=self._tickets([row for row in others if not row.b]),
            finished=self._tickets([row for row in others if row.b]),
        )

    # --- what they share ------------------------------------------------------------------------

    def of_ticket(self, kind: Callable[..., AnyEvent], row: Row) -> AnyEvent:
        """An event that says nothing but its ticket."""
        return kind(ticket=self._ticket(row))

    def _ticket(self, row: Row) -> str:
        return self._ids.ticket(int(row.a))

    def _tickets(self, rows: Sequence[Row]) -> tuple[str, ...]:
        return tuple(self._ticket(row) for row in rows)

    def _codes(self, *services: int) -> tuple[str, ...]:
        return tuple(self._habits.services[one] for one in services if one != NOBODY)


def _of_ticket(kind: Callable[..., AnyEvent]) -> Callable[[Reader, Row, Sequence[Row]], AnyEvent]:
    return lambda reader, row, _others: reader.of_ticket(kind, row)


_EVENTS: dict[int, Callable[[Reader, Row, Sequence[Row]], AnyEvent]] = {
    telling.PLAN_CHANGED: Reader.plan_changed,
    telling.TICKET_ISSUED: Reader.issued,
    telling.VISIT_REFUSED: Reader.refused,
    telling.GROUP_RELEASED: Reader.released,
    telling.TICKETS_MISSED: Reader.missed,
    telling.TICKET_ENTERED: _of_ticket(happened.TicketEntered),
    telling.TICKET_LEFT: _of_ticket(happened.TicketLeft),
    telling.TICKET_CANCELLED: Reader.cancelled,
    telling.TICKET_CALLED: Reader.called,
    telling.TICKET_RECALLED: Reader.recalled,
    telling.SERVICE_STARTED: _of_ticket(happened.ServiceStarted),
    telling.SERVICE_FINISHED: Reader.finished,
    telling.TICKET_NOT_SHOWN: _of_ticket(happened.TicketNotShown),
    telling.TICKET_RETURNED: _of_ticket(happened.TicketReturned),
    telling.TICKET_HELD: _of_ticket(happened.TicketHeld),
    telling.TICKET_RESUMED: Reader.resumed,
    telling.TICKET_TRANSFERRED: Reader.transferred,
    telling.DRAIN_STARTED: Reader.drain_started,
    telling.CLEANING_STARTED: Reader.cleaning_started,
    telling.CLEANING_CONFIRMED: Reader.cleaning_confirmed,
    telling.ALARM_RAISED: Reader.alarm_raised,
    telling.COUNTER_OPENED: Reader.counter_opened,
    telling.COUNTER_CLOSED: Reader.counter_closed,
    telling.DAY_CLOSED: Reader.day_closed,
    telling.DAY_ENDED: Reader.day_ended,
}
