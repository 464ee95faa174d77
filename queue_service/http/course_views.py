"""A simulated day minute by minute, as the wire has it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from queue_service.http.simulation_texts import day_text
from schemas import wire_simulations as wire

if TYPE_CHECKING:
    import datetime as dt

    from schemas.simulated import CourseFound, RulesFrom, Which

_MINUTES_OF_HOUR: Final = 60


def course(
    simulation: str, which: Which, day: dt.date, found: CourseFound, language: str
) -> wire.Course:
    """A day of the first replication."""
    minutes = range(found.first_minute, found.first_minute + len(found.hall))
    return wire.Course(
        simulation=simulation,
        which=which,
        date=day.isoformat(),
        date_text=day_text(day, language),
        clock=tuple(map(_clock, minutes)),
        street=found.street,
        hall=found.hall,
        waiting=found.waiting,
        at_counters=found.at_counters,
        served=found.served,
        sent_away=found.sent_away,
        counters=tuple(
            wire.CounterCourse(counter=one.counter, states=one.states) for one in found.counters
        ),
        groups=tuple(wire.GroupLetIn(minute=one.minute, people=one.people) for one in found.groups),
        pauses=tuple(
            wire.PauseSeen(kind=one.kind, first=one.begins, last=one.until) for one in found.pauses
        ),
        opens=found.opens,
        closes=found.closes,
        rules=tuple(_rules_then(one, found.first_minute) for one in found.rules),
    )


def _clock(minute: int) -> str:
    return f"{minute // _MINUTES_OF_HOUR % 24:02d}:{minute % _MINUTES_OF_HOUR:02d}"


def _rules_then(one: RulesFrom, first_minute: int) -> wire.RulesThen:
    return wire.RulesThen(
        minute=one.minute,
        hall_limit=one.hall_limit,
        group_size=one.group_size,
        group_interval=one.group_interval,
        online_only=one.online_only,
        pauses=tuple(
            wire.PauseToCome(
                first=_clock(first_minute + begins), last=_clock(first_minute + ends), minute=begins
            )
            for begins, ends in one.pauses
        ),
    )
