"""From a branch, its regimes and its manager's changes to the day plan, each value explained.

Layers are merged in this order: the defaults, the branch, the hours of the date, the regimes from
the widest scope to the narrowest, the manager's changes from the oldest to the newest. A later
layer replaces an earlier one, with two exceptions. A regime is a bound: another regime or a manager
may tighten what it says and never loosen it. And no regime lengthens a branch's hours or enlarges
its hall.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from typing import Any, Literal, NamedTuple
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import asdict, replace

from queue_service.policy.instants import hours_in
from queue_service.policy.model import CounterPlan, DayPlan, ServicePlan
from queue_service.policy.rules import MINUTE
from schemas.branch import Branch, OpenHours
from schemas.closures import CLOSURES
from schemas.fields import Texts
from schemas.plan_values import PlanValues
from schemas.regime import Regime
from schemas.service import Service

CONFIRM_WITHIN = 10 * MINUTE
"""[A] Milliseconds after the least time of cleaning, before the alarm that nobody confirmed it."""
NO_AGEING = 7 * 24 * 60
"""Minutes between two classes that no wait within a day makes up for."""

DEFAULTS = PlanValues(
    non_online_only=False,
    accepted_reasons=(),
    group_admission=False,
    release_by="attendant",
    group_size=10,
    group_interval_minutes=10,
    arrive_within_minutes=10,
    hall_limit=1000,
    party_limit=5,
    last_admission_minutes=0,
    tickets_before_opening_minutes=60,
    overtime_minutes=60,
    sanitation_every_minutes=0,
    sanitation_minutes=15,
    drain_minutes=15,
    ageing_minutes=60,
)
"""What holds where nobody says otherwise, all of it assumed [A]."""

LayerKind = Literal["default", "branch", "week", "special_day", "regime", "manager"]


class Layer(Struct, frozen=True, kw_only=True):
    """Plan values and who states them; `at` is epoch ms, 0 where it has always been so.

    `name` is what people call it: a regime, or the occasion of a special day.
    """

    kind: LayerKind
    values: PlanValues
    id: str = ""
    name: Texts | None = None
    by: str = ""
    at: int = 0
    reason: str = ""


class Source(Struct, frozen=True, kw_only=True):
    """A layer that states a value, and what it did to it: a bound may keep it from mattering."""

    layer: Layer
    stated: Any
    effect: Literal["sets", "narrows", "yields"]


class Resolved(Struct, frozen=True, kw_only=True):
    """The merged values and, for each, every layer that spoke, the last one last."""

    values: PlanValues
    sources: dict[str, tuple[Source, ...]]


class Loosened(Struct, frozen=True, kw_only=True):
    """A manager's value that a regime forbids, with the bound and the regime."""

    field: str
    bound: Any
    regime: Layer


def _fewest_minutes(one: int, other: int) -> int:
    """The tighter of two periods, 0 standing for never."""
    return min(one or other, other or one)


_TIGHTER: dict[str, Callable[[Any, Any], Any]] = {
    "non_online_only": max,
    "group_admission": max,
    "group_size": min,
    "group_interval_minutes": max,
    "hall_limit": min,
    "party_limit": min,
    "opens": max,
    "closes": min,
    "last_admission_minutes": max,
    "sanitation_every_minutes": _fewest_minutes,
    "sanitation_minutes": max,
    "drain_minutes": max,
}
"""Value name -> the tighter of two values; a value that is not here has no direction."""
_OF_THE_PLACE = frozenset({"hall_limit", "opens", "closes"})
"""What no regime can stretch."""


def plan_day(
    branch: Branch,
    day: date,
    services: Iterable[Service],
    layers: Sequence[Layer],
    holiday: str = "",
) -> tuple[DayPlan, Resolved]:
    """The plan of `branch` on `day`, with the explanation of each value.

    `layers` are regimes (see `regime_layers`) and manager's changes; `holiday` is the name of the
    public holiday on that date, if any.
    """
    hours, closed = hours_of(branch, day, holiday)
    base = (*_base(branch), *hours)
    resolved = resolve((*base, *layers))
    held = [layer for layer in layers if layer.kind == "regime"]
    if resolved.values.opens:
        closed = ""
    elif hours:
        closed = "manager" if resolve((*base, *held)).values.opens else "regime"
    closure = _Closure(closed, _closed_text(branch, day, closed)) if closed else _OPEN
    return _day_plan(branch, day, tuple(services), resolved, closure, held), resolved


def values_on(branch: Branch, day: date, layers: Sequence[Layer]) -> PlanValues:
    """The merged values of a working day, public holidays aside."""
    hours, _ = hours_of(branch, day)
    return resolve((*_base(branch), *hours, *layers)).values


class _Closure(NamedTuple):
    """Why a branch does not open: for programs, and for people by language."""

    reason: str
    text: dict[str, str]


_OPEN = _Closure("", {})


def _closed_text(branch: Branch, day: date, reason: str) -> dict[str, str]:
    occasion = next((one.reason for one in branch.special_days if one.date == day), None)
    text = occasion if occasion and reason == "special_day" else CLOSURES[reason]
    return asdict(text)


def regime_layers(
    regimes: Iterable[Regime], branch: Branch, day: date, time: str = "00:00"
) -> tuple[Layer, ...]:
    """The regimes in force at `branch` at a local time, from the widest scope to the narrowest."""
    found = [
        (scope, regime.begins, regime)
        for regime in regimes
        for scope in [reach(regime, branch)]
        if scope and regime.in_force(day, time)
    ]
    found.sort(key=lambda one: one[:2])
    return tuple(_regime_layer(regime) for *_, regime in found)


def _regime_layer(regime: Regime) -> Layer:
    return Layer(kind="regime", values=regime.rules, id=regime.id, name=regime.name)


def reach(regime: Regime, branch: Branch) -> int:
    """1 country, 2 region, 3 city, 4 branch; 0 when the regime does not cover the branch."""
    here = (branch.country, branch.region, branch.city, branch.code)
    scope = regime.scope
    named = (scope.country, scope.region, scope.city, scope.branch)
    return next((rank for rank, (a, b) in enumerate(zip(named, here, strict=True), 1) if a == b), 0)


def hours_of(branch: Branch, day: date, holiday: str = "") -> tuple[tuple[Layer, ...], str]:
    """The layer with the hours of a date, or none and why the branch is closed on it.

    A special day goes before a public holiday, a public holiday before the week.
    """
    special = next((one for one in branch.special_days if one.date == day), None)
    if special:
        if isinstance(special.hours, OpenHours):
            return (_hours_layer("special_day", special.hours, special.reason),), ""
        return (), "special_day"
    if holiday:
        return (), "holiday"
    week = branch.weekly_hours.on(day.weekday())
    if isinstance(week, OpenHours):
        return (_hours_layer("week", week),), ""
    return (), "weekly_rest"


def opens_on(branch: Branch, day: date, holiday: str = "") -> bool:
    """Whether the branch works on a date at all."""
    layers, _ = hours_of(branch, day, holiday)
    return bool(layers)


def _hours_layer(kind: LayerKind, hours: OpenHours, name: Texts | None = None) -> Layer:
    values = PlanValues(opens=hours.opens, closes=hours.closes)
    return Layer(kind=kind, values=values, name=name)


def _base(branch: Branch) -> tuple[Layer, ...]:
    every = branch.rules.counters_in_use or tuple(counter.id for counter in branch.counters)
    own = Layer(kind="branch", values=replace(branch.rules, counters_in_use=every), id=branch.code)
    return (Layer(kind="default", values=DEFAULTS), own)


def resolve(layers: Sequence[Layer]) -> Resolved:
    """Merges the layers, given in the order of this module's first paragraph."""
    merged = {name: _merge(name, layers) for name in PlanValues.__struct_fields__}
    values = {name: value for name, (value, _) in merged.items()}
    sources = {name: chain for name, (_, chain) in merged.items() if chain}
    return Resolved(values=PlanValues(**_in_order(values)), sources=sources)


def _merge(name: str, layers: Sequence[Layer]) -> tuple[object, tuple[Source, ...]]:
    value: object = None
    bound: object = None
    chain: list[Source] = []
    for layer in layers:
        stated = getattr(layer.values, name)
        if stated is None or _opens_a_closed_day(name, layer, value):
            continue
        limit = _limit(name, layer, value, bound)
        value = _tighter(name, limit, stated)
        bound = value if layer.kind == "regime" else bound
        chain.append(Source(layer=layer, stated=stated, effect=_effect(limit, stated, value)))
    return value, tuple(chain)


def _opens_a_closed_day(name: str, layer: Layer, value: object) -> bool:
    return layer.kind == "regime" and name in ("opens", "closes") and value is None


def _limit(name: str, layer: Layer, value: object, bound: object) -> object:
    """What this layer may tighten and not loosen; None where it is free."""
    if name not in _TIGHTER:
        return None
    if layer.kind == "regime":
        return value if name in _OF_THE_PLACE else bound
    return bound if layer.kind == "manager" else None


def _tighter(name: str, limit: object, stated: object) -> object:
    return stated if limit is None else _TIGHTER[name](limit, stated)


def _effect(limit: object, stated: object, merged: object) -> Literal["sets", "narrows", "yields"]:
    if merged != stated:
        return "yields"
    return "sets" if limit is None or limit == merged else "narrows"


def _in_order(values: dict[str, Any]) -> dict[str, Any]:
    """Without hours where narrowing leaves no time between opening and closing."""
    opens, closes = values["opens"], values["closes"]
    if opens is None or closes is None or closes <= opens:
        return values | {"opens": None, "closes": None}
    return values


def loosened(layers: Sequence[Layer], values: PlanValues) -> tuple[Loosened, ...]:
    """What of a manager's `values` the regimes among `layers` do not allow."""
    return tuple(_loosened(layers, values))


def _loosened(layers: Sequence[Layer], values: PlanValues) -> Iterator[Loosened]:
    for name, stated in asdict(values).items():
        for layer in layers:
            bound = getattr(layer.values, name)
            if layer.kind != "regime" or stated is None or name not in _TIGHTER:
                continue
            if _tighter(name, bound, stated) != stated:
                yield Loosened(field=name, bound=bound, regime=layer)


def _day_plan(
    branch: Branch,
    day: date,
    services: tuple[Service, ...],
    resolved: Resolved,
    closure: _Closure,
    regimes: Sequence[Layer],
) -> DayPlan:
    values = asdict(resolved.values)
    known = tuple(_service_plan(service) for service in services if service.channels.in_person)
    counters = _counters(branch, known, values["counters_in_use"])
    used = {counter.code for counter in counters}
    return DayPlan(
        branch=branch.code,
        date=day.isoformat(),
        time_zone=branch.time_zone,
        services=known,
        counters=counters,
        out_of_use=tuple(one.id for one in branch.counters if one.id not in used),
        closed_reason=closure.reason,
        closed_text=closure.text,
        regimes=tuple(layer.id for layer in regimes),
        regime_names=tuple(asdict(layer.name) for layer in regimes if layer.name),
        branch_name=asdict(branch.name),
        confirm_within=CONFIRM_WITHIN,
        **hours_in(values, day, ZoneInfo(branch.time_zone)),
        **_admission(values),
        **{name: values[name] for name in _AS_THEY_ARE},
    )


_AS_THEY_ARE = (
    "hall_limit",
    "party_limit",
    "group_size",
    "group_admission",
    "non_online_only",
    "accepted_reasons",
)


def _admission(values: dict[str, Any]) -> dict[str, Any]:
    return {
        "ageing": (values["ageing_minutes"] or NO_AGEING) * MINUTE,
        "release_by_clock": values["release_by"] == "clock",
        "group_interval": values["group_interval_minutes"] * MINUTE,
        "arrive_within": values["arrive_within_minutes"] * MINUTE,
        "drain": values["drain_minutes"] * MINUTE,
        "cleaning": values["sanitation_minutes"] * MINUTE,
        # Whoever lets groups in at the door also counts people out.
        "exits_counted": values["group_admission"],
        "message": asdict(values["message"]) if values["message"] else {},
    }


def _counters(
    branch: Branch, services: tuple[ServicePlan, ...], in_use: tuple[str, ...]
) -> tuple[CounterPlan, ...]:
    """The counters in use; all of them where a regime names none that the branch has."""
    named = tuple(counter for counter in branch.counters if counter.id in in_use)
    return tuple(
        CounterPlan(code=counter.id, skills=_expand(counter.skills, services))
        for counter in named or branch.counters
    )


def _service_plan(service: Service) -> ServicePlan:
    return ServicePlan(
        code=service.code,
        letter=service.letter,
        online=service.online,
        service_time=service.usual_minutes * MINUTE,
    )


def _expand(skills: tuple[str, ...], services: tuple[ServicePlan, ...]) -> tuple[str, ...]:
    """Codes of the services that a counter's skills name: a code, a letter, or `*` for all."""
    return tuple(
        service.code
        for service in services
        if "*" in skills or service.letter in skills or service.code in skills
    )
