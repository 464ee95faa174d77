"""The course of a simulated day, minute by minute, for those who watch it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import msgspec

from queue_service import journal_lines
from queue_service.policy import events as happened
from queue_service.policy.events import Entry
from queue_service.policy.evolve import evolve
from queue_service.policy.model import DayPlan, State, pauses_begun
from queue_service.policy.plan import DEFAULTS
from queue_service.timing.localtime import in_zone
from schemas.simulated import CounterMinutes, CourseFound, LetIn, PauseMinutes, RulesFrom
from schemas.wire_plan import JournalEntry
from simulation.visitors import MINUTE

_lines = msgspec.json.Decoder(JournalEntry)
_COUNTS = ("street", "hall", "waiting", "at_counters", "served", "sent_away")


def course_of(journal: bytes, zone: str, on: date) -> CourseFound | None:
    """The course that the lines of a journal tell; None of a day on which nothing happens."""
    entries = [journal_lines.entry(_lines.decode(line)) for line in journal.splitlines()]
    midnight = in_zone(zone).instant(on, 0)
    watched = [one for one in entries if not isinstance(one.event, happened.PlanChanged)]
    if not watched:
        return None
    first = max(0, (watched[0].at - midnight) // MINUTE)
    return _Course(midnight, first).told(entries)


class _Course:
    """Folds the journal and looks at the state at the end of every minute."""

    def __init__(self, midnight: int, first_minute: int) -> None:
        self._begins = midnight + first_minute * MINUTE
        self._first_minute = first_minute
        self._state = State()
        self._lists: dict[str, list[int]] = {name: [] for name in _COUNTS}
        self._counters: dict[str, list[str]] = {}
        self._groups: list[LetIn] = []
        self._pauses: list[PauseMinutes] = []
        self._rules: dict[int, RulesFrom] = {}
        self._minutes = 0

    def told(self, entries: Iterable[Entry]) -> CourseFound:
        for entry in entries:
            self._look_until(entry.at)
            evolve(self._state, entry)
            self._note(entry)
        self._look()
        return self._found()

    def _look_until(self, at: int) -> None:
        while self._begins + (self._minutes + 1) * MINUTE <= at:
            self._look()

    def _look(self) -> None:
        state = self._state
        at_counters = [one.ticket for one in state.counters.values() if one.ticket]
        states = [ticket.state for ticket in state.tickets.values()]
        people = sum(state.tickets[ticket].party for ticket in at_counters)
        counts = {
            "street": state.street_people + state.released_people,
            "hall": state.occupancy,
            "waiting": max(0, state.occupancy - people),
            "at_counters": people,
            "served": states.count("served"),
            "sent_away": sum(state.refused.values())
            + sum(one in ("cancelled", "missed", "no_show", "expired") for one in states),
        }
        for name, count in counts.items():
            self._lists[name].append(count)
        self._look_at_counters()
        self._minutes += 1

    def _look_at_counters(self) -> None:
        for code in self._state.counters:
            self._counters.setdefault(code, ["."] * self._minutes)
        for code, states in self._counters.items():
            states.append(self._at(code))

    def _at(self, code: str) -> str:
        counter = self._state.counters.get(code)
        if counter is None:
            return "."
        if not counter.ticket:
            return "o"
        return "c" if self._state.tickets[counter.ticket].state == "called" else "s"

    def _note(self, entry: Entry) -> None:
        event, minute = entry.event, (entry.at - self._begins) // MINUTE
        match event:
            case happened.PlanChanged(plan=plan):
                self._rules[max(0, minute)] = self._held(plan, entry.at, max(0, minute))
            case happened.GroupReleased():
                self._groups.append(LetIn(minute, event.people))
            case happened.DrainStarted():
                self._pauses.append(PauseMinutes("emptying", minute, minute))
            case happened.CleaningStarted():
                self._ends_pause(minute)
                self._pauses.append(PauseMinutes("cleaning", minute, minute))
            case happened.CleaningConfirmed():
                self._ends_pause(minute)

    def _held(self, plan: DayPlan, at: int, minute: int) -> RulesFrom:
        unlimited = DEFAULTS.hall_limit
        to_come = plan.pauses[pauses_begun(plan, at) :]
        begins = [(one.starts_at - self._begins) // MINUTE for one in to_come]
        return RulesFrom(
            minute=minute,
            hall_limit=None if plan.hall_limit == unlimited else plan.hall_limit,
            group_size=plan.group_size if plan.group_admission else None,
            group_interval=plan.group_interval // MINUTE,
            online_only=plan.non_online_only,
            pauses=tuple((one, one + plan.cleaning // MINUTE) for one in begins),
        )

    def _ends_pause(self, minute: int) -> None:
        if self._pauses and self._pauses[-1].begins == self._pauses[-1].until:
            last = self._pauses[-1]
            self._pauses[-1] = PauseMinutes(last.kind, last.begins, max(minute, last.begins + 1))

    def _found(self) -> CourseFound:
        plan = self._state.plan
        opens, closes = (
            None if plan is None or plan.closed_reason else (at - self._begins) // MINUTE
            for at in ((plan.opens_at, plan.closes_at) if plan else (0, 0))
        )
        codes = sorted(self._counters, key=lambda code: (len(code), code))
        return CourseFound(
            first_minute=self._first_minute,
            **{name: tuple(counts) for name, counts in self._lists.items()},
            counters=tuple(CounterMinutes(one, "".join(self._counters[one])) for one in codes),
            groups=tuple(self._groups),
            pauses=tuple(self._pauses),
            opens=opens,
            closes=closes,
            rules=tuple(self._rules.values()),
        )
