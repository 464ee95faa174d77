"""Who comes on a day, drawn before anything happens: the same seed brings the same people.

What a visitor will do is drawn with him, so that a change of the rules meets the same crowd.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Self
from zoneinfo import ZoneInfo

import msgspec

from schemas.fields import minute_of
from schemas.plan_values import AcceptedReason
from schemas.wire import Language
from simulation.live.scenario import Behaviour, Crowd, Day, Profile, Scenario, Traffic
from simulation.live.streams import Streams

SECOND = 1000
MINUTE = 60 * SECOND
QUARTER_HOUR = 15 * MINUTE
PASSPORT = "passport"


class Visitor(msgspec.Struct, frozen=True, kw_only=True):
    """One visit and what it will do. Instants are epoch ms, durations ms."""

    arrives_at: int
    services: tuple[str, ...]
    work: tuple[float, ...]
    """Time at the counter for each service, in units of its usual time."""
    party: int
    language: Language
    assisted_reason: AcceptedReason | None
    """Why no online channel can be used; None when one can."""
    insists: bool
    tolerates_ahead: int
    patience: int
    comes_back: bool
    walks_in: int
    misses_group: bool
    walks_to_counter: int
    walks_out: int
    ignores_call: bool
    returns_after: int
    carried_from: str | None = None
    """Yesterday's ticket that expired."""


class Calendar:
    """Instants of one business date in one zone."""

    def __init__(self, on: date, zone: str) -> None:
        self.date = on
        self._zone = ZoneInfo(zone)

    @classmethod
    def of(cls, instant: int, zone: str) -> Self:
        """The calendar of the date that it is in `zone` at `instant` (epoch ms)."""
        return cls(datetime.fromtimestamp(instant / SECOND, ZoneInfo(zone)).date(), zone)

    @property
    def tomorrow(self) -> Calendar:
        return Calendar(self.date + timedelta(days=1), self._zone.key)

    def at(self, minute: int) -> int:
        """Epoch ms of a minute of the day."""
        hour, minute = divmod(minute, 60)
        day = self.date
        moment = datetime(day.year, day.month, day.day, hour, minute, tzinfo=self._zone)
        return int(moment.timestamp()) * SECOND

    def time(self, text: str) -> int:
        """Epoch ms of an "HH:MM" of the day."""
        return self.at(minute_of(text))


def story_day(
    scenario: Scenario, day: Day, calendar: Calendar, back: Sequence[Visitor]
) -> list[Visitor]:
    """Everybody who comes on a day of the story, by arrival; `back` are yesterday's who return."""
    streams = Streams(scenario.name, scenario.seed, day.date)
    wanted = [PASSPORT] * day.passports.value + _others(scenario, streams, day.others.value)
    arrivals = _Arrivals(scenario.profiles[day.profile], calendar, streams)
    fresh = [_visitor(scenario, streams, arrivals.one(), service) for service in wanted]
    again = [msgspec.structs.replace(one, arrives_at=arrivals.one()) for one in back]
    return _by_arrival([*fresh, *again])


def traffic_day(traffic: Traffic, calendar: Calendar, branch: str) -> list[Visitor]:
    """Everybody who comes to a branch on an ordinary day with surges."""
    streams = Streams(traffic.name, branch, calendar.date)
    arrivals = _Arrivals(traffic.profiles[traffic.profile], calendar, streams)
    shares = traffic.mix.shares
    instants = [arrivals.one() for _ in range(traffic.visits.value)]
    instants += _surges(traffic, arrivals, streams)
    return _by_arrival(
        _visitor(traffic, streams, at, streams.choice("service", shares)) for at in instants
    )


def _others(crowd: Crowd, streams: Streams, count: int) -> list[str]:
    return [streams.choice("service", crowd.mix.shares) for _ in range(count)]


def _surges(traffic: Traffic, arrivals: _Arrivals, streams: Streams) -> Iterator[int]:
    surges = traffic.surges
    for _ in range(surges.per_day):
        begins_at = arrivals.one("surge")
        for _ in range(streams.between("surge size", surges.visits)):
            yield begins_at + streams.between("surge", (0, surges.within_minutes), MINUTE)


def _by_arrival(visitors: Iterator[Visitor] | list[Visitor]) -> list[Visitor]:
    return sorted(visitors, key=lambda visitor: visitor.arrives_at)


class _Arrivals:
    """Instants of arrival, by a profile of quarter hours."""

    def __init__(self, profile: Profile, calendar: Calendar, streams: Streams) -> None:
        self._quarters = {calendar.at(at): weight for at, weight in profile.minutes.items()}
        self._streams = streams

    def one(self, purpose: str = "arrival") -> int:
        quarter = self._streams.choice(purpose, self._quarters)
        return quarter + self._streams[purpose].randrange(QUARTER_HOUR)


def _visitor(crowd: Crowd, streams: Streams, arrives_at: int, service: str) -> Visitor:
    behaviour = crowd.behaviour
    services = _services(crowd, streams, service)
    return Visitor(
        arrives_at=arrives_at,
        services=services,
        work=tuple(_work(behaviour, streams) for _ in services),
        party=streams.choice("party", behaviour.parties.value),
        language=streams.choice("language", behaviour.languages.value),
        assisted_reason=_assisted_reason(behaviour, streams),
        insists=streams.happens("insists", behaviour.insists.value),
        tolerates_ahead=streams.between("tolerates", behaviour.tolerates_ahead.value),
        patience=streams.between("patience", behaviour.patience_minutes.value, MINUTE),
        comes_back=streams.happens("comes back", behaviour.comes_back.value),
        walks_in=streams.between("walks in", behaviour.walks_in_seconds.value, SECOND),
        misses_group=streams.happens("misses", behaviour.misses_group.value),
        walks_to_counter=streams.between(
            "walks to counter", behaviour.walks_to_counter_seconds.value, SECOND
        ),
        walks_out=streams.between("walks out", behaviour.walks_out_seconds.value, SECOND),
        ignores_call=streams.happens("ignores", behaviour.ignores_call.value),
        returns_after=streams.between("returns", behaviour.returns_after_minutes.value, MINUTE),
    )


def _services(crowd: Crowd, streams: Streams, first: str) -> tuple[str, ...]:
    second = streams.choice("second service", crowd.mix.shares)
    wants = streams.happens("wants second", crowd.behaviour.second_service.value)
    return (first, second) if wants and second != first else (first,)


def _work(behaviour: Behaviour, streams: Streams) -> float:
    factor, spread = behaviour.service_time_factor.value, behaviour.service_time_spread.value
    return streams.factor("work", factor, spread)


def _assisted_reason(behaviour: Behaviour, streams: Streams) -> AcceptedReason | None:
    shares = behaviour.cannot_go_online.value
    reasons: list[AcceptedReason | None] = [*shares, None]
    weights = [*shares.values(), 1 - sum(shares.values())]
    return streams.choice("online", dict(zip(reasons, weights, strict=True)))
