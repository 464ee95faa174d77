"""Requests and answers of the HTTP contract around figures, logs and a branch's own regimes.

A `..._minutes` with a fraction is a measured span; counts are visits unless `people` is said.
"""

from datetime import date
from typing import Literal

import msgspec

from schemas.fields import Code, CounterId
from schemas.wire import Answer, BusinessDate, Instant, Reason, Request, TicketNumber

# --- figures -------------------------------------------------------------------------------------


class Spread(Answer, frozen=True, kw_only=True, omit_defaults=False):
    """Spans in minutes, one decimal; null where there are none."""

    count: int
    mean: float | None
    median: float | None
    p90: float | None
    """Nine in ten were not longer (nearest rank)."""


class Line(Answer, frozen=True, kw_only=True, omit_defaults=False):
    """One row of figures: the whole, a service, a counter, an hour or a date."""

    key: str
    name: str
    """The key as people read it, in the asked language."""
    arrivals: int
    """Tickets issued and visits refused."""
    people: int
    refused_online: int
    refused_hours: int
    """Could not be served before closing."""
    served: int
    missed: int
    no_shows: int
    carried_over: int
    cancelled: int
    redirected: int
    given: int
    """Services given; a visit may have several."""
    outside: Spread
    inside: Spread
    total: Spread
    service: Spread
    """From the start to the end at a counter."""
    worded: dict[str, str]
    """The figures as the asked language writes them: a count by its name, spans such as
    `total_mean`; empty where there is none."""


class PeriodFigures(Answer, frozen=True, kw_only=True, omit_defaults=False):
    """Figures of the dates from the first to the last, both included.

    A visit counts under its first service; arrivals, refusals and waits in the hour of arrival,
    ends in the hour in which they came.
    """

    branch: Code
    first: BusinessDate = msgspec.field(name="from")
    last: BusinessDate = msgspec.field(name="until")
    days: int
    """Dates on which anybody came."""
    total: Line
    by_service: tuple[Line, ...]
    by_counter: tuple[Line, ...]
    by_hour: tuple[Line, ...]
    by_day: tuple[Line, ...]


class UsualHour(Answer, frozen=True, kw_only=True, omit_defaults=False):
    """Means of one hour over the days that the usual day stands on."""

    hour: str
    arrivals: float
    served: float
    wait: float | None
    """Mean minutes from arrival to call; null where nobody was called."""
    worded: dict[str, str]
    """The figures by name as the asked language writes them; empty where there is none."""


class UsualDay(Answer, frozen=True, kw_only=True, omit_defaults=False):
    """The mean of the same weekday in the last weeks."""

    branch: Code
    date: BusinessDate
    weeks: int
    """Weeks looked at."""
    days: int
    """Days with visits among them."""
    hours: tuple[UsualHour, ...]


class CounterNow(Answer, frozen=True, kw_only=True, omit_defaults=False):
    """A counter now, and what it has done today."""

    counter: CounterId
    open: bool
    operator: str
    number: TicketNumber | None
    state: Literal["closed", "free", "called", "serving"]
    since: Instant | None
    given: int
    service: Spread


class PauseNow(Answer, frozen=True, kw_only=True, omit_defaults=False):
    """A sanitation: as it went where it has begun, else as planned. None is told that never was."""

    drain_at: Instant
    starts_at: Instant
    minutes: int
    state: Literal["past", "now", "next", "later"]


class OverviewAlarm(Answer, frozen=True, kw_only=True):
    """Something that needs a person now; `text` says it in the asked language."""

    kind: Literal[
        "hall_not_empty",
        "confirmation_overdue",
        "hall_above_limit",
        "no_counter_open",
        "party_too_large",
        "not_served_by_closing",
    ]
    text: str


class Overview(Answer, frozen=True, kw_only=True, omit_defaults=False):
    """The branch now, for whoever runs it."""

    branch: Code
    date: BusinessDate
    seq: int
    at: Instant
    now_ms: int
    """The same instant in epoch milliseconds."""
    alarms: tuple[OverviewAlarm, ...]
    counters: tuple[CounterNow, ...]
    pauses: tuple[PauseNow, ...]
    waiting_outside: int
    """Tickets."""
    waiting_inside: int
    longest_outside: float | None
    """Minutes that the one who waits longest has waited; null where nobody waits."""
    longest_inside: float | None
    total: Line
    by_hour: tuple[Line, ...]


# --- logs ----------------------------------------------------------------------------------------


class AuditLine(Answer, frozen=True, kw_only=True, omit_defaults=False):
    """Who did what when; `text` in the asked language."""

    date: BusinessDate
    at: Instant
    by: str
    who: str
    """The same as people read it."""
    kind: str
    name: str
    """The kind as people read it."""
    text: str
    reason: str


class Audit(Answer, frozen=True, kw_only=True, omit_defaults=False):
    branch: Code
    first: BusinessDate = msgspec.field(name="from")
    last: BusinessDate = msgspec.field(name="until")
    lines: tuple[AuditLine, ...]


class SanitationLine(Answer, frozen=True, kw_only=True, omit_defaults=False):
    """One sanitation of the hall; null where it has not come to that."""

    date: BusinessDate
    begun_at: Instant
    begun_by: str
    begun_who: str
    """The same as people read it."""
    cleaned_from: Instant | None
    due_at: Instant | None
    confirmed_at: Instant | None
    confirmed_by: str
    confirmed_who: str
    cleaning_minutes: float | None
    lasted: str
    """The same in words, empty where nobody has confirmed it."""
    hall_not_empty: bool
    """People were inside when the hall had to be empty."""
    confirmation_overdue: bool
    text: str
    """What an inspector should know, empty where all went as planned."""


class SanitationLog(Answer, frozen=True, kw_only=True, omit_defaults=False):
    branch: Code
    first: BusinessDate = msgspec.field(name="from")
    last: BusinessDate = msgspec.field(name="until")
    lines: tuple[SanitationLine, ...]


# --- regimes of a branch -------------------------------------------------------------------------


class BranchRegime(Request, frozen=True, kw_only=True):
    """Puts the rules of a known regime in force over the own branch, from now on.

    They hold to the end of the business date `until`.
    """

    template: Code
    until: date
    reason: Reason
    redirect_issued: bool = False
    """Cancels tickets still outside of whose services each one is then given only online."""


class EndBranchRegime(Request, frozen=True, kw_only=True):
    """Ends, at once, a regime that the branch has put in force itself."""

    reason: Reason


class RegimeRule(Answer, frozen=True, kw_only=True):
    """A value that a regime sets, in words."""

    name: str
    label: str
    text: str


class RegimeHere(Answer, frozen=True, kw_only=True, omit_defaults=False):
    """A regime as the branch sees it."""

    id: Code
    name: str
    scope: Literal["country", "region", "city", "branch"]
    first: BusinessDate = msgspec.field(name="from")
    last: BusinessDate | None = msgspec.field(name="until")
    from_time: str
    until_time: str
    in_force: bool
    applies: bool
    """Its rules are in force, be it under another name."""
    own: bool
    """Put in force by the branch itself."""
    actions: tuple[Literal["use", "end"], ...]
    """What the asker may do with it now."""
    by: str
    rules: tuple[RegimeRule, ...]


class BranchRegimes(Answer, frozen=True, kw_only=True, omit_defaults=False):
    """The regimes in force at a branch, and those whose rules it can put in force."""

    branch: Code
    date: BusinessDate
    last_until: BusinessDate
    """The last date until which a branch may put one in force."""
    in_force: tuple[RegimeHere, ...]
    templates: tuple[RegimeHere, ...]
