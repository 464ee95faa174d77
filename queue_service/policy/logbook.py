"""What people did to a branch-day, and every sanitation of its hall, from its journal. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from queue_service.policy import events as happened
from queue_service.policy.model import DayPlan

DeedKind = Literal[
    "plan_changed",
    "tickets_redirected",
    "hall_recounted",
    "sanitation_started",
    "cleaning_started",
    "cleaning_confirmed",
    "alarm_raised",
    "counter_opened",
    "counter_closed",
]


class Deed(Struct, frozen=True):
    """Something worth an inspector's look; `before` and `plan` only where a plan was changed."""

    at: int
    by: str
    kind: DeedKind
    command: bytes
    event: happened.AnyEvent
    before: DayPlan | None = None


_KINDS: dict[type[happened.AnyEvent], DeedKind] = {
    happened.PlanChanged: "plan_changed",
    happened.TicketsRedirected: "tickets_redirected",
    happened.HallRecounted: "hall_recounted",
    happened.DrainStarted: "sanitation_started",
    happened.CleaningStarted: "cleaning_started",
    happened.CleaningConfirmed: "cleaning_confirmed",
    happened.AlarmRaised: "alarm_raised",
    happened.CounterOpened: "counter_opened",
    happened.CounterClosed: "counter_closed",
}


def deeds(entries: Iterable[happened.Entry]) -> Iterator[Deed]:
    """The deeds in one day's journal, in order."""
    before: DayPlan | None = None
    for entry in entries:
        kind = _KINDS.get(type(entry.event))
        if kind is not None:
            yield Deed(_at(entry), entry.by, kind, entry.command, entry.event, before)
        if isinstance(entry.event, happened.PlanChanged):
            before = entry.event.plan


class Cleaning(Struct, frozen=True):
    """One sanitation of the hall; instants in epoch ms, 0 where it has not come to that."""

    begun_at: int
    begun_by: str
    empty_by: int = 0
    cleaned_from: int = 0
    due_at: int = 0
    """When the least time of cleaning is over."""
    confirmed_at: int = 0
    confirmed_by: str = ""
    hall_not_empty: bool = False
    confirmation_overdue: bool = False


class SanitationLog:
    """Give it every entry of one journal in order (`add`); the last of `lines` may not be over."""

    def __init__(self) -> None:
        self.lines: list[Cleaning] = []

    def add(self, entry: happened.Entry) -> None:
        """Takes the next entry of the journal."""
        begun = _begun(entry, self.lines)
        if begun is not None:
            self.lines.append(begun)
        elif self.lines:
            self.lines[-1] = _gone_on(self.lines[-1], entry)


def cleanings(entries: Iterable[happened.Entry]) -> tuple[Cleaning, ...]:
    """Every sanitation in one day's journal; the last one may not be over."""
    log = SanitationLog()
    for entry in entries:
        log.add(entry)
    return tuple(log.lines)


def _begun(entry: happened.Entry, found: list[Cleaning]) -> Cleaning | None:
    """A new sanitation, where the entry begins one."""
    event = entry.event
    if isinstance(event, happened.DrainStarted):
        return Cleaning(_at(entry), entry.by, empty_by=event.empty_by)
    under_way = found and not found[-1].cleaned_from
    if isinstance(event, happened.CleaningStarted) and not under_way:
        return Cleaning(_at(entry), entry.by, cleaned_from=_at(entry), due_at=event.until)
    return None


def _gone_on(cleaning: Cleaning, entry: happened.Entry) -> Cleaning:
    match entry.event:
        case happened.CleaningStarted(until=until):
            return replace(cleaning, cleaned_from=_at(entry), due_at=until)
        case happened.CleaningConfirmed():
            return replace(cleaning, confirmed_at=_at(entry), confirmed_by=entry.by)
        case happened.AlarmRaised(alarm=alarm):
            return replace(cleaning, **{alarm: True})
    return cleaning


def _at(entry: happened.Entry) -> int:
    """When it was done, be it told later."""
    return entry.event.done_at or entry.at
