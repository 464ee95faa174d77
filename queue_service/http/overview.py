"""The route of the branch now, for whoever runs it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import asdict

from queue_service.http.call import Call, Reply
from queue_service.http.report_texts import report_texts
from queue_service.http.report_views import Figures
from queue_service.policy import overview as policy
from queue_service.policy.breakdown import Tallies, Tally
from queue_service.policy.rules import MINUTE
from queue_service.policy.views import counters_of, plan_of
from schemas import wire_reports

if TYPE_CHECKING:
    from collections.abc import Iterator

    from queue_service.policy.logbook import Cleaning
    from queue_service.policy.model import Pause, State


async def see(call: Call) -> Reply:
    """GET overview."""
    day = call.service.today(call.at)
    found = await call.parts.reports.now(call.at, day)
    # A day that nobody has opened has no plan in its journal.
    state = found.state if found.state.plan else await call.service.state(call.at, day)
    return Reply(200, _Now(call, state, found.cleanings).shown(day.isoformat(), found.tallies))


class _Now:
    def __init__(self, call: Call, state: State, cleanings: tuple[Cleaning, ...]) -> None:
        self._call = call
        self._state = state
        self._cleanings = cleanings
        self._now = call.service.now()
        self._local = call.at.zone.text

    def shown(self, day: str, tallies: Tallies) -> wire_reports.Overview:
        outside, inside = policy.waiting_outside(self._state), policy.waiting_inside(self._state)
        figures = Figures(self._call)
        return wire_reports.Overview(
            branch=self._call.at.code,
            date=day,
            seq=self._state.seq,
            at=self._local(self._now),
            now_ms=self._now,
            alarms=self._alarms(),
            counters=self._counters(tallies),
            pauses=tuple(self._pause(*one) for one in self._pauses()),
            waiting_outside=len(outside),
            waiting_inside=len(inside),
            longest_outside=self._longest([one.issued_at for one in outside]),
            longest_inside=self._longest([one.entered_at for one in inside]),
            total=figures.total(tallies),
            by_hour=figures.hours(tallies),
        )

    def _longest(self, since: list[int]) -> float | None:
        longest = policy.longest(since, self._now)
        return None if longest is None else round(longest / MINUTE, 1)

    def _alarms(self) -> tuple[wire_reports.OverviewAlarm, ...]:
        said = report_texts(self._call.language).alarms
        found = policy.alarms(self._state, plan_of(self._state), self._now)
        return tuple(
            wire_reports.OverviewAlarm(kind=one.kind, text=said[one.kind].format(people=one.people))
            for one in found
        )

    def _counters(self, tallies: Tallies) -> tuple[wire_reports.CounterNow, ...]:
        codes = counters_of(self._state, plan_of(self._state))
        return tuple(self._counter(code, tallies) for code in codes)

    def _counter(self, code: str, tallies: Tallies) -> wire_reports.CounterNow:
        there = policy.at_counter(self._state, code)
        tally = tallies.get(("counter", code), Tally())
        return wire_reports.CounterNow(
            counter=code,
            open=there.state != "closed",
            operator=there.operator,
            number=there.number or None,
            state=there.state,
            since=self._local(there.since) if there.since else None,
            given=tally.counts["given"],
            service=wire_reports.Spread(**asdict(tally.spread("service"))),
        )

    def _pauses(self) -> Iterator[tuple[Pause, policy.PauseState]]:
        return policy.pauses(self._state, plan_of(self._state), self._cleanings)

    def _pause(self, pause: Pause, state: policy.PauseState) -> wire_reports.PauseNow:
        return wire_reports.PauseNow(
            drain_at=self._local(pause.drain_at),
            starts_at=self._local(pause.starts_at),
            minutes=pause.cleaning // MINUTE,
            state=state,
        )
