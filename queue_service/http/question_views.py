"""What a search and an exploration of inputs have come to, as the wire has them, in a language."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

from queue_service.http.languages import translated
from queue_service.http.report_texts import report_texts
from queue_service.http.simulation_texts import Numbers, simulation_texts
from schemas import wire_questions as wire
from schemas.question import MORE_IS_BETTER, SHARES, Limit, Search, Sensitivity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from queue_service.simulations.planning import Seen
    from schemas.simulated import (
        CandidateFound,
        EffectFound,
        FinalistFound,
        Mean,
        RuledOut,
        SearchFound,
        SensitivityFound,
    )

_OF_PEOPLE: Final = ("counters",)
"""Changes of the staff, which no regime says."""


def figure(name: str, one: Mean, numbers: Numbers, language: str) -> wire.Figure:
    """A figure over replications."""
    return wire.Figure(
        name=name,
        label=simulation_texts(language).figures[name],
        unit=numbers.unit(name),
        text=numbers.interval(name, one.mean, one.half_width),
        mean=one.mean,
        half_width=one.half_width,
        deviation=one.deviation,
        least=one.least,
        most=one.most,
        count=one.count,
    )


class SearchView:
    """Draws a search."""

    def __init__(self, language: str, seen: Seen, asked: Search, found: SearchFound) -> None:
        self._language = language
        self._texts = simulation_texts(language)
        self._numbers = Numbers(language, found.units)
        self._seen = seen
        self._asked = asked
        self._found = found

    def result(self) -> wire.SearchResult:
        found, asked = self._found, self._asked
        return wire.SearchResult(
            stage=found.stage,
            verdict=self._verdict(),
            sure=found.sure and any(one.outcome == "chosen" for one in found.finalists),
            screening=self._say("screening", n=len(found.candidates), of=found.space),
            limits=tuple(map(self._limit, asked.limits)),
            x=self._axis(asked.against),
            y=self._axis(asked.aim),
            candidates=tuple(self._candidate(place, one) for place, one in self._ranked()),
            finalists=tuple(self._finalist(one) for one in self._sorted()),
            ruled_out=tuple(map(self._ruled_out, found.impossible)),
        )

    def _say(self, phrase: str, **values: object) -> str:
        return self._texts.phrases[phrase].format(**values)

    def _verdict(self) -> str:
        found = self._found
        if found.stage != "over":
            return ""
        chosen = next((one for one in found.finalists if one.outcome == "chosen"), None)
        if chosen is None:
            return self._texts.phrases["no_policy"]
        return self._say(
            "best_policy" if found.sure else "best_so_far",
            policy=self._changes(found.candidates[chosen.candidate].changes),
            sure=self._asked.sure,
        )

    def _ranked(self) -> list[tuple[int, CandidateFound]]:
        """Those that keep the limits first, among them the best."""
        sign = 1 if self._asked.way == "least" else -1
        aim = self._asked.aim

        def rank(numbered: tuple[int, CandidateFound]) -> tuple[bool, float]:
            mean = numbered[1].figures.get(aim)
            return numbered[1].breaks, sign * mean.mean if mean else float("inf")

        return sorted(enumerate(self._found.candidates), key=rank)

    def _sorted(self) -> list[FinalistFound]:
        """The chosen one first."""
        return sorted(self._found.finalists, key=lambda one: one.outcome != "chosen")

    def _candidate(self, number: int, one: CandidateFound) -> wire.Candidate:
        remark: Literal["", "front", "breaks"] = "front" if one.on_front else ""
        return wire.Candidate(
            number=number,
            text=self._changes(one.changes),
            remark="breaks" if one.breaks else remark,
            x=_scaled(self._asked.against, one.figures),
            y=_scaled(self._asked.aim, one.figures),
            figures=self._figures(one.figures),
        )

    def _finalist(self, one: FinalistFound) -> wire.Finalist:
        changes = self._found.candidates[one.candidate].changes
        has_rules = any(name not in _OF_PEOPLE for name in changes)
        kept = one.candidate in self._seen.policies
        return wire.Finalist(
            number=one.candidate,
            text=self._changes(changes),
            outcome=one.outcome,
            outcome_text=self._outcome(one),
            figures=self._figures(one.figures),
            actions=("open", *(("draft",) if has_rules else ())) if kept else (),
        )

    def _outcome(self, one: FinalistFound) -> str:
        detail = one.detail
        if one.outcome == "beaten":
            detail = self._changes(self._found.candidates[int(detail)].changes)
        elif detail:
            detail = self._limits(detail)
        kind = "may_break" if one.outcome == "undecided" and detail else one.outcome
        return self._texts.outcomes[kind].format(detail=detail)

    def _limits(self, texts: str) -> str:
        """The limits as people read them; the simulation names them as the command does."""
        said = {_as_command(one): self._limit(one) for one in self._asked.limits}
        return ", ".join(said.get(text, text) for text in texts.split(", "))

    def _ruled_out(self, one: RuledOut) -> wire.RuledOut:
        why = translated(one.why.sentence, self._language)
        return wire.RuledOut(text=self._changes(one.changes), why=why)

    def _figures(self, found: Mapping[str, Mean]) -> tuple[wire.Figure, ...]:
        return tuple(
            figure(name, one, self._numbers, self._language) for name, one in found.items()
        )

    def _axis(self, name: str) -> wire.Axis:
        unit = self._numbers.unit(name) if name in self._found.units else ""
        better = name in MORE_IS_BETTER
        label = self._texts.figures[name]
        return wire.Axis(name=name, label=label, unit=unit, more_is_better=better)

    def _limit(self, one: Limit) -> str:
        sign = "≤" if one.way == "at_most" else "≥"
        text = f"{self._texts.figures[one.measure]} {sign} {one.bound}"
        return text if one.of_hundred is None else self._say("share", limit=text, n=one.of_hundred)

    def _changes(self, changes: Mapping[str, str]) -> str:
        return ", ".join(f"{self._name(name)}: {self._value(name, value)}"
                         for name, value in changes.items())  # fmt: skip

    def _name(self, name: str) -> str:
        return report_texts(self._language).labels.get(name) or self._texts.fields[f"Vary.{name}"]

    def _value(self, name: str, value: str) -> str:
        if name != "pauses":
            return value.replace("+", ", ").replace("/", " – ")
        if value == "none":
            return self._texts.phrases["no_pauses"]
        every, minutes = value.split("/")
        return self._say("pauses", every=every, minutes=minutes)


def _as_command(one: Limit) -> str:
    sign = "<=" if one.way == "at_most" else ">="
    share = "" if one.of_hundred is None else f"@{one.of_hundred:02d}"
    return f"{one.measure}{sign}{one.bound}{share}"


def _scaled(name: str, figures: Mapping[str, Mean]) -> float | None:
    """As people read it: shares in per cent."""
    one = figures.get(name)
    return None if one is None else one.mean * (100 if name in SHARES else 1)


def sensitivity(
    language: str, asked: Sensitivity, found: SensitivityFound
) -> wire.SensitivityResult:
    """Draws an exploration of the inputs."""
    texts, numbers = simulation_texts(language), Numbers(language, found.units)
    unit = numbers.unit(asked.measure)
    label = texts.figures[asked.measure]
    base = found.base
    return wire.SensitivityResult(
        measure=f"{label}, {unit}" if unit else label,
        by=asked.by,
        base=numbers.interval(asked.measure, base.mean, base.half_width) if base else "",
        effects=tuple(_effect(one, asked.measure, numbers, language) for one in found.effects),
    )


def _change(one: EffectFound) -> str:
    """Such as −10 %, +4 %."""
    parts = (("−", one.below), ("+", one.above))
    return ", ".join(
        f"{sign}{share * 100:.0f}\N{NO-BREAK SPACE}%" for sign, share in parts if share
    )


def _effect(one: EffectFound, measure: str, numbers: Numbers, language: str) -> wire.Effect:
    mean, half = one.elasticity.mean, one.elasticity.half_width
    return wire.Effect(
        label=simulation_texts(language).inputs[one.label],
        change=_change(one),
        less=numbers.interval(measure, one.less.mean, one.less.half_width),
        more=numbers.interval(measure, one.more.mean, one.more.half_width),
        text=numbers.signed(mean, half),
        elasticity=mean,
        half_width=half,
        matters=half is not None and abs(mean) > half,
    )
