"""Tallies, deeds and cleanings as the wire has them, named in the asked language."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from statistics import fmean
from typing import TYPE_CHECKING, Any, Final

from babel.dates import format_date
from msgspec.structs import asdict

from queue_service.http.languages import spoken
from queue_service.http.plans import from_now_on, words
from queue_service.http.report_texts import actor_text, held, number_text, report_texts
from queue_service.planning.planner import OPENED_BY
from queue_service.policy import events as happened
from queue_service.policy.breakdown import Axis, Tallies, Tally, together
from queue_service.policy.rules import MINUTE
from queue_service.reports import WEEKS
from schemas import wire_reports
from schemas.kazakh import sort_key

if TYPE_CHECKING:
    from queue_service.http.call import Call
    from queue_service.policy.logbook import Cleaning, Deed
    from queue_service.policy.model import DayPlan
    from queue_service.reports import DayTallies, Period

COUNTS: Final = (
    "arrivals",
    "people",
    "refused_online",
    "refused_hours",
    "served",
    "missed",
    "no_shows",
    "carried_over",
    "cancelled",
    "redirected",
    "given",
)
SPANS: Final = ("outside", "inside", "total", "service")
SHOWN: Final = ("mean", "median", "p90")


class Figures:
    """Draws the figures for one asker."""

    def __init__(self, call: Call) -> None:
        self._call = call
        self._language = call.language
        self._texts = report_texts(call.language)

    def period(self, period: Period, days: list[DayTallies]) -> wire_reports.PeriodFigures:
        """All lines of a period."""
        tallies = together([one.tallies for one in days])
        return wire_reports.PeriodFigures(
            branch=self._call.at.code,
            first=period.first.isoformat(),
            last=period.last.isoformat(),
            days=len(days),
            total=self.total(tallies),
            by_service=self._services(tallies),
            by_counter=self._counters(tallies),
            by_hour=self.hours(tallies),
            by_day=tuple(self._day(one) for one in days),
        )

    def total(self, tallies: Tallies) -> wire_reports.Line:
        """The whole of some tallies."""
        name = self._texts.sheets["total"]
        return line("", name, tallies.get(("all", "")), self._language)

    def hours(self, tallies: Tallies) -> tuple[wire_reports.Line, ...]:
        """The hours in which anything happened, in order."""
        return self._lines(tallies, "hour", sorted, lambda hour: f"{hour}:00")

    def _services(self, tallies: Tallies) -> tuple[wire_reports.Line, ...]:
        """The most wanted first."""
        lines = self._lines(tallies, "service", list, self._service)
        return tuple(sorted(lines, key=lambda one: (-one.arrivals, sort_key(one.name))))

    def _service(self, code: str) -> str:
        known = self._call.service.directory.services.get(code)
        return spoken(known.name, self._language) if known else code

    def _counters(self, tallies: Tallies) -> tuple[wire_reports.Line, ...]:
        order = [one.id for one in self._call.at.record.counters]
        places = {code: place for place, code in enumerate(order)}

        def in_order(codes: Iterable[str]) -> list[str]:
            return sorted(codes, key=lambda code: (places.get(code, len(places)), code))

        return self._lines(tallies, "counter", in_order, self.counter)

    def counter(self, code: str) -> str:
        """What a counter is called."""
        return self._texts.counter.format(id=code)

    def _lines(
        self,
        tallies: Tallies,
        axis: Axis,
        order: Callable[[Iterable[str]], list[str]],
        name: Callable[[str], str],
    ) -> tuple[wire_reports.Line, ...]:
        found = {key: tally for (kind, key), tally in tallies.items() if kind == axis}
        return tuple(line(key, name(key), found[key], self._language) for key in order(found))

    def _day(self, one: DayTallies) -> wire_reports.Line:
        name = format_date(one.day, "d MMMM, EEE", locale=self._language)
        return line(one.day.isoformat(), name, one.tallies.get(("all", "")), self._language)


def line(key: str, name: str, tally: Tally | None, language: str) -> wire_reports.Line:
    """A tally as a row; all zeros without one."""
    tally = tally or Tally()
    counts: dict[str, Any] = {name: tally.counts[name] for name in COUNTS}
    spans: dict[str, Any] = {name: asdict(tally.spread(name)) for name in SPANS}
    read = counts | {
        f"{span}_{one}": spread[one] for span, spread in spans.items() for one in SHOWN
    }
    drawn: dict[str, Any] = {name: wire_reports.Spread(**spread) for name, spread in spans.items()}
    return wire_reports.Line(key=key, name=name, **counts, **drawn, worded=_worded(read, language))


def _worded(figures: dict[str, Any], language: str) -> dict[str, str]:
    return {name: number_text(value, language) for name, value in figures.items()}


# --- a usual day ---------------------------------------------------------------------------------


def usual(call: Call, day: dt.date, days: list[Tallies]) -> wire_reports.UsualDay:
    """The mean of some days by hour."""
    hours = sorted({key for one in days for axis, key in one if axis == "hour"})
    return wire_reports.UsualDay(
        branch=call.at.code,
        date=day.isoformat(),
        weeks=WEEKS,
        days=len(days),
        hours=tuple(_usual_hour(hour, days, call.language) for hour in hours),
    )


def _usual_hour(hour: str, days: list[Tallies], language: str) -> wire_reports.UsualHour:
    found = [one.get(("hour", hour), Tally()) for one in days]
    waits = [span for one in found for span in one.spans["total"]]
    figures: dict[str, Any] = {
        "arrivals": round(fmean(one.counts["arrivals"] for one in found), 1),
        "served": round(fmean(one.counts["served"] for one in found), 1),
        "wait": round(fmean(waits) / MINUTE, 1) if waits else None,
    }
    return wire_reports.UsualHour(hour=hour, **figures, worded=_worded(figures, language))


# --- the audit -----------------------------------------------------------------------------------


class AuditText:
    """Says deeds in words; `reverts` are the commands that put a plan back."""

    def __init__(self, call: Call, reverts: frozenset[bytes]) -> None:
        self._language = call.language
        self._texts = report_texts(call.language)
        self._words = words(call)
        self._zone = call.at.zone
        self._reverts = reverts

    def line(self, day: dt.date, deed: Deed) -> wire_reports.AuditLine:
        """One deed."""
        kind = self._kind(deed)
        return wire_reports.AuditLine(
            date=day.isoformat(),
            at=self._zone.text(deed.at),
            by=deed.by,
            who=actor_text(deed.by, self._language),
            kind=kind,
            name=self._texts.kinds[kind],
            text=self._text(deed),
            reason="" if kind == "plan_by_regime" else getattr(deed.event, "reason", ""),
        )

    def _kind(self, deed: Deed) -> str:
        if deed.kind != "plan_changed":
            return deed.kind
        if deed.before is None:
            return "plan_opened"
        if deed.command in self._reverts:
            return "plan_reverted"
        if deed.by == OPENED_BY:
            return "plan_by_regime"
        return self._by_person(deed.before, deed.event)

    def _by_person(self, before: DayPlan, event: happened.AnyEvent) -> str:
        """A manager puts regimes in force and ends them, besides changing values."""
        if not isinstance(event, happened.PlanChanged):
            return "plan_changed"
        held, holds = set(before.regimes), set(event.plan.regimes)
        if holds - held:
            return "regime_declared"
        return "regime_ended" if held - holds else "plan_changed"

    def _text(self, deed: Deed) -> str:
        event = deed.event
        if isinstance(event, happened.PlanChanged):
            return self.changes(deed.before, event.plan, deed.at)
        if isinstance(event, happened.AlarmRaised):
            return self._texts.alarms[event.alarm].format(people=event.people)
        said = self._texts.deeds.get(deed.kind, "")
        values = asdict(event)
        if isinstance(event, happened.TicketsRedirected):
            values["tickets"] = len(event.tickets)
        return said.format(**values | self._instants(values))

    def _instants(self, values: dict[str, int]) -> dict[str, str]:
        return {
            name: self._zone.clock(values[name]) for name in ("until", "empty_by") if name in values
        }

    def changes(self, before: DayPlan | None, plan: DayPlan, at: int) -> str:
        """What a plan changed at `at` of the one before: no plan has a pause in its past."""
        if before is None:
            return ""
        before, plan = from_now_on(before, at), from_now_on(plan, at)
        return "; ".join(
            f"{label}: {change}"
            for name in plan.__struct_fields__
            if (label := self._words.label(name))
            and (change := self._words.change(name, held(before, name), held(plan, name)))
        )


# --- sanitation ----------------------------------------------------------------------------------


def cleaning_line(
    call: Call, day: dt.date, cleaning: Cleaning, *, over: bool
) -> wire_reports.SanitationLine:
    """One sanitation; `over`: its day is, so that an unconfirmed one will stay so."""
    local, language = call.at.zone.text, call.language
    span = cleaning.confirmed_at - cleaning.cleaned_from
    minutes = round(span / MINUTE, 1) if cleaning.confirmed_at else None
    said = report_texts(language)
    return wire_reports.SanitationLine(
        date=day.isoformat(),
        begun_at=local(cleaning.begun_at),
        begun_by=cleaning.begun_by,
        begun_who=actor_text(cleaning.begun_by, language),
        cleaned_from=local(cleaning.cleaned_from) if cleaning.cleaned_from else None,
        due_at=local(cleaning.due_at) if cleaning.due_at else None,
        confirmed_at=local(cleaning.confirmed_at) if cleaning.confirmed_at else None,
        confirmed_by=cleaning.confirmed_by,
        confirmed_who=actor_text(cleaning.confirmed_by, language) if cleaning.confirmed_by else "",
        cleaning_minutes=minutes,
        lasted="" if minutes is None else said.minutes.format(n=number_text(minutes, language)),
        hall_not_empty=cleaning.hall_not_empty,
        confirmation_overdue=cleaning.confirmation_overdue,
        text=_cleaning_note(said.sanitation, cleaning, over=over),
    )


def _cleaning_note(said: dict[str, str], cleaning: Cleaning, *, over: bool) -> str:
    notes = [name for name in ("hall_not_empty", "confirmation_overdue") if getattr(cleaning, name)]
    if not cleaning.confirmed_at:
        notes.append("abandoned" if over else "under_way")
    return ", ".join(said[name] for name in notes)
