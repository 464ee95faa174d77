"""Routes about the day plan: see and explain it, change it, look at what a change would do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from babel.dates import format_datetime
from msgspec.structs import replace

from queue_service.faults import Fault
from queue_service.http.askers import MANAGERS
from queue_service.http.call import Call, Reply
from queue_service.http.health import JSON
from queue_service.http.languages import Texts, spoken, texts
from queue_service.http.plan_fields import entries
from queue_service.http.report_texts import INSTANTS, PlanWords, actor_text, held, report_texts
from queue_service.http.tickets import asker
from queue_service.planning.planner import OPENED_BY
from queue_service.policy.rules import MINUTE
from schemas import wire_plan
from schemas.plan_values import PlanValues

if TYPE_CHECKING:
    from collections.abc import Iterable

    from queue_service.planning.changes import PlanInForce, Preview, Version
    from queue_service.policy.model import DayPlan
    from queue_service.policy.plan import Layer, Resolved, Source
    from queue_service.timing.localtime import LocalTime

_NAMES = PlanValues.__struct_fields__
_HOURS = ("opens", "closes")
"""Values that a day without opening hours has not."""


async def see(call: Call) -> Reply:
    """GET plan."""
    return _plan(call, await call.plans.see(call.at, call.date()))


async def change(call: Call) -> Reply:
    """PATCH plan."""
    day, version = call.date(), if_match(call)
    return _plan(call, await call.plans.change(asker(call), day, call.body, version))


async def revert(call: Call) -> Reply:
    """POST plan/revert."""
    day, version = call.date(), if_match(call)
    return _plan(call, await call.plans.revert(asker(call), day, call.body, version))


async def preview(call: Call) -> Reply:
    """POST plan/preview."""
    return Reply(200, previewed(call, await call.plans.preview(call.at, call.date(), call.body)))


def previewed(call: Call, found: Preview) -> wire_plan.PlanPreview:
    """What another plan would do, as the asker reads it."""
    before, after = found.before.planned, found.after
    said, now = words(call), call.service.now()
    times = _plan_differences(("pauses",), before.plan, after.plan, now, said, call.at.zone)
    return wire_plan.PlanPreview(
        plan=_Shown(call).plan(after.plan, after.resolved, found.before.version),
        differences=(*_differences(said, before.resolved.values, after.resolved.values), *times),
        **msgspec.structs.asdict(found.consequences),
    )


def words(call: Call) -> PlanWords:
    """Values of plans in the asker's language and the branch's zone."""
    names = {one.regime.id: one.regime.name for one in call.service.directory.regimes}
    return PlanWords(call.language, call.at.zone, names)


async def versions(call: Call) -> Reply:
    """GET plan/versions."""
    day = call.date()
    found = await call.plans.versions(call.at, day)
    before = [None, *(one.event.plan for one in found)]
    shown = tuple(_version(one, earlier, call) for one, earlier in zip(found, before, strict=False))
    body = wire_plan.PlanVersions(branch=call.at.code, date=day.isoformat(), versions=shown)
    return Reply(200, body)


def if_match(call: Call) -> int | None:
    """The version in If-Match, None for any; raises Fault without it or for one that is none."""
    given = call.request.headers.get("If-Match")
    if given is None:
        raise Fault("plan_needs_version", field="If-Match")
    if given.strip() == "*":
        return None
    number = given.strip().removeprefix("W/").strip('"')
    if not (number.isascii() and number.isdigit()):
        raise Fault("stale_version", field="If-Match")
    return int(number)


def _plan(call: Call, found: PlanInForce) -> Reply:
    shown = _Shown(call).plan(found.planned.plan, found.planned.resolved, found.version)
    return Reply(200, shown, (JSON, ("ETag", f'"{found.version}"')))


def _differences(
    said: PlanWords, before: PlanValues, after: PlanValues
) -> tuple[wire_plan.PlanDifference, ...]:
    return tuple(
        wire_plan.PlanDifference(
            name=name,
            label=said.label(name),
            before=earlier,
            after=later,
            text=said.change(name, earlier, later),
        )
        for name in _NAMES
        if (earlier := getattr(before, name)) != (later := getattr(after, name))
    )


def _version(one: Version, earlier: DayPlan | None, call: Call) -> wire_plan.PlanVersion:
    plan, at, zone = one.event.plan, one.entry.at, call.at.zone
    names = plan.__struct_fields__
    return wire_plan.PlanVersion(
        version=one.event.version,
        at=zone.text(at),
        by=one.entry.by,
        who=actor_text(one.entry.by, call.language),
        reason=_reason(one, earlier, call.language),
        revertible=one.revertible,
        differences=_plan_differences(names, earlier, plan, at, words(call), zone),
    )


def _reason(one: Version, earlier: DayPlan | None, language: str) -> str:
    """What whoever changed the plan wrote; of a change that nobody made, what brought it about."""
    if one.entry.by != OPENED_BY:
        return one.event.reason
    return report_texts(language).kinds["plan_by_regime" if earlier else "plan_opened"]


def from_now_on(plan: DayPlan, at: int) -> DayPlan:
    """A plan that comes into force at an instant: its pauses before that are never held."""
    return replace(plan, pauses=tuple(one for one in plan.pauses if one.drain_at > at))


def _plan_differences(
    names: Iterable[str],
    earlier: DayPlan | None,
    plan: DayPlan,
    at: int,
    said: PlanWords,
    zone: LocalTime,
) -> tuple[wire_plan.PlanDifference, ...]:
    if earlier is None:
        return ()
    earlier, plan = from_now_on(earlier, at), from_now_on(plan, at)
    return tuple(
        wire_plan.PlanDifference(
            name=name,
            label=said.label(name),
            before=_shown(name, before, zone),
            after=_shown(name, after, zone),
            text=said.change(name, before, after),
        )
        for name in names
        if (before := held(earlier, name)) != (after := held(plan, name))
    )


def _shown(name: str, value: Any, zone: LocalTime) -> Any:  # noqa: ANN401
    """A value of the day plan: an instant as text, a catalogue as the number of its entries."""
    if name.endswith(INSTANTS):
        return None if value is None else zone.text(value)
    if name in ("services", "counters", "pauses"):
        return len(value)
    return value


def _is_bound(stated: object, chain: list[tuple[Source, str]]) -> bool:
    """Whether a regime in the chain states the same."""
    return any(one.layer.kind == "regime" and one.stated == stated for one, _ in chain)


class _Shown:
    """Plans in the asker's language."""

    def __init__(self, call: Call) -> None:
        self._texts: Texts = texts(call.language)
        self._language = call.language
        self._zone = call.at.zone
        self._now = call.service.now()
        self._words = words(call)
        self._may_change = call.who.role in MANAGERS
        self._today = call.service.today(call.at).isoformat()
        self._counters = tuple(counter.id for counter in call.at.record.counters)

    def plan(self, plan: DayPlan, resolved: Resolved, version: int) -> wire_plan.Plan:
        local = self._zone.text
        return wire_plan.Plan(
            branch=plan.branch,
            date=plan.date,
            version=version,
            may_change=self._may_change and plan.date >= self._today,
            opens_at=local(plan.opens_at),
            closes_at=local(plan.closes_at),
            last_admission_at=local(plan.last_admission_at),
            tickets_from=local(plan.tickets_from),
            ends_at=local(plan.ends_at),
            closed_reason=plan.closed_reason,
            closed_text=plan.closed_text.get(self._language, ""),
            values=tuple(self._value(name, resolved, plan) for name in _NAMES),
            pauses=self._pauses(plan),
            priorities=plan.priorities,
            regimes=plan.regimes,
        )

    def _pauses(self, plan: DayPlan) -> tuple[wire_plan.PlannedPause, ...]:
        return tuple(
            wire_plan.PlannedPause(
                drain_at=self._zone.text(pause.drain_at),
                starts_at=self._zone.text(pause.starts_at),
                minutes=pause.cleaning // MINUTE,
            )
            for pause in plan.pauses
            if pause.drain_at > self._now
        )

    def _value(self, name: str, resolved: Resolved, plan: DayPlan) -> wire_plan.PlanValue:
        value = getattr(resolved.values, name)
        sources = resolved.sources.get(name, ())
        counts = self._chain(sources)
        if plan.closed_reason and name in _HOURS:
            counts = self._closing(resolved) or [plan.closed_text.get(self._language, "")]
        worded = self._words.value(name, value)
        said = spoken(value, self._language) or worded
        if value is None:
            said = self._texts.words["closed"]
        return wire_plan.PlanValue(
            name=name,
            label=self._words.label(name),
            value=value,
            worded=worded,
            text=f"{said.rstrip('.')}: {', '.join(counts)}" if counts else "",
            sources=tuple(self._source(source) for source in sources),
            **self._entry(name),
        )

    def _entry(self, name: str) -> dict[str, Any]:
        entry = entries()[name]
        offered = self._counters if name == "counters_in_use" else entry.choices
        choices = tuple(
            wire_plan.Choice(value=value, text=spoken(value, self._language)) for value in offered
        )
        return {
            "kind": entry.kind,
            "least": entry.least,
            "most": entry.most,
            "choices": choices,
        }

    def _chain(self, sources: tuple[Source, ...]) -> list[str]:
        """What set a value, and what narrows it now: of a manager's changes the last one counts."""
        chain: list[tuple[Source, str]] = []
        for source in sources:
            layer = self._layer(source.layer)
            by_manager = source.layer.kind == "manager"
            if by_manager:
                chain = [one for one in chain if one[0].layer.kind != "manager"]
            if source.effect == "narrows":
                chain.append((source, self._texts.effects["chained"].format(layer=layer)))
            elif by_manager and _is_bound(source.stated, chain):
                chain.append((source, layer))
            elif source.effect == "sets":
                chain = [(source, layer)]
        return [text for _, text in chain]

    def _closing(self, resolved: Resolved) -> list[str]:
        """What left no time between opening and closing: either of them, or both."""
        chains = (self._chain(resolved.sources.get(hour, ())) for hour in _HOURS)
        return [*dict.fromkeys(one for chain in chains for one in chain)]

    def _source(self, source: Source) -> wire_plan.PlanSource:
        layer = source.layer
        phrase = self._texts.effects[source.effect]
        return wire_plan.PlanSource(
            layer=layer.kind,
            effect=source.effect,
            stated=source.stated,
            text=phrase.format(
                layer=self._layer(layer), stated=spoken(source.stated, self._language)
            ),
            id=layer.id,
            by=layer.by,
            at=self._zone.text(layer.at) if layer.at else None,
            reason=layer.reason,
        )

    def _layer(self, layer: Layer) -> str:
        at = format_datetime(self._zone.moment(layer.at), "d MMMM, HH:mm", locale=self._language)
        name = spoken(layer.name or layer.id, self._language)
        return self._texts.layers[layer.kind].format(
            by=actor_text(layer.by, self._language), at=at, reason=layer.reason, name=name
        )
