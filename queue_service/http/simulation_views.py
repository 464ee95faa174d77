"""Simulations as the wire has them, in the asked language."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final, Literal, get_args

from queue_service.http.languages import spoken, translated
from queue_service.http.question_views import SearchView, figure, sensitivity
from queue_service.http.report_texts import actor_text
from queue_service.http.simulation_texts import (
    Numbers,
    dates_text,
    day_text,
    moment_text,
    simulation_texts,
    span_text,
)
from queue_service.simulations.jobs import DIED, why_impossible
from queue_service.simulations.planning import (
    Kept,
    Listed,
    Seen,
    may_cancel,
    may_delete,
    may_remove,
)
from queue_service.timing.localtime import LocalTime, in_zone
from schemas import wire_scenarios
from schemas import wire_simulations as wire
from schemas.kazakh import sort_key
from schemas.question import Search, Sensitivity
from schemas.simulated import (
    ALL_DAYS,
    DayFound,
    DifferenceFound,
    Found,
    Mean,
    SearchFound,
    SensitivityFound,
    Which,
)
from schemas.wire_questions import Figure, SearchResult, SensitivityResult

if TYPE_CHECKING:
    from queue_service.access.identity import Identity
    from queue_service.catalogue.directory import Directory

_GROUP: Final = re.compile(r"(?P<figure>\w+)\[(?P<key>.+)\]")
Group = Literal["service", "priority", "counter", "next_step"]
_KINDS: Final[tuple[Group, ...]] = get_args(Group)


class Views:
    """Draws simulations for one asker."""

    def __init__(self, who: Identity, language: str, directory: Directory) -> None:
        self._who = who
        self._language = language
        self._directory = directory
        self._texts = simulation_texts(language)

    # --- scenarios

    def scenario(self, kept: Kept) -> wire_scenarios.ScenarioSummary:
        """A scenario in a list."""
        return wire_scenarios.ScenarioSummary(**self._scenario(kept))

    def document(self, kept: Kept, text: str) -> wire_scenarios.ScenarioDocument:
        """A scenario as a whole."""
        return wire_scenarios.ScenarioDocument(
            **self._scenario(kept), scenario=kept.scenario, text=text
        )

    def _scenario(self, kept: Kept) -> dict[str, Any]:
        scenario = kept.scenario
        days = scenario.days[0].date, scenario.days[-1].date
        title = self._texts.presets.get(kept.id, "") if kept.is_preset else ""
        return {
            "id": kept.id,
            "kind": "preset" if kept.is_preset else "saved",
            "title": title or scenario.title,
            "about": self._about(kept),
            **self._branch(scenario.branch),
            **self._dates(*days),
            "days": len(scenario.days),
            "actions": ("delete",) if may_delete(self._who, kept) else (),
        }

    def _about(self, kept: Kept) -> str:
        if kept.is_preset:
            return self._texts.about.get(kept.id, "")
        by = actor_text(kept.by, self._language)
        return self._texts.phrases["saved"].format(
            by=by, at=self._moment(kept.scenario.branch, kept.at)
        )

    # --- simulations

    def summary(self, listed: Listed) -> wire.SimulationSummary:
        """A simulation in a list."""
        return wire.SimulationSummary(**self._summary(listed))

    def simulation(self, seen: Seen) -> wire.Simulation:
        """A simulation with all that is known."""
        titles: dict[Which, str] = {
            "scenario": seen.scenario.title,
            "versus": seen.versus.title if seen.versus else "",
        }
        found = seen.found
        figures = (
            _Figures(self._language, found, self._directory) if isinstance(found, Found) else None
        )
        return wire.Simulation(
            **self._summary(seen.listed),
            failure=self._failure(seen.listed.failure) if seen.listed.state == "failed" else "",
            scenario=seen.scenario,
            versus=seen.versus,
            results=figures.results(titles) if figures else (),
            differences=figures.differences() if figures else (),
            courses=tuple(one.isoformat() for one in seen.courses),
            question=seen.question,
            search=self._search(seen),
            sensitivity=self._sensitivity(seen),
        )

    def _search(self, seen: Seen) -> SearchResult | None:
        found, asked = seen.found, seen.question
        if not isinstance(found, SearchFound) or not isinstance(asked, Search):
            return None
        return SearchView(self._language, seen, asked, found).result()

    def _sensitivity(self, seen: Seen) -> SensitivityResult | None:
        found, asked = seen.found, seen.question
        if not isinstance(found, SensitivityFound) or not isinstance(asked, Sensitivity):
            return None
        return sensitivity(self._language, asked, found)

    def _summary(self, listed: Listed) -> dict[str, Any]:
        zone = self._zone(listed.branch)
        return {
            "id": listed.id,
            "title": listed.title,
            "kind": listed.kind,
            "kind_text": self._texts.kinds[listed.kind],
            "state": listed.state,
            "state_text": self._texts.states[listed.state],
            **self._branch(listed.branch),
            **self._dates(listed.first_date, listed.last_date),
            "days": listed.days,
            "scenario_title": listed.scenario_title,
            "versus_title": listed.versus_title,
            "seed": listed.seed,
            "progress": self._progress(listed),
            "by": actor_text(listed.actor, self._language),
            "at": zone.text(listed.at),
            "at_text": self._moment(listed.branch, listed.at),
            "actions": (
                *_own_actions(listed),
                *(("delete",) if may_remove(self._who, listed) else ()),
            ),
        }

    def _progress(self, listed: Listed) -> wire.Progress:
        left = listed.seconds_left if listed.state == "running" else None
        state = "over" if listed.state not in ("queued", "running") else listed.state
        text = self._texts.progress["left" if left else state].format(
            done=listed.done, of=listed.replications, left=span_text(left or 0, self._language)
        )
        seconds = None if left is None else round(left)
        return wire.Progress(
            done=listed.done, of=listed.replications, seconds_left=seconds, text=text
        )

    def _failure(self, reason: str) -> str:
        texts = self._texts.failures
        if why := why_impossible(reason):
            return texts["impossible"].format(reason=translated(why.sentence, self._language))
        return texts[DIED] if reason == DIED else texts["other"].format(reason=reason)

    # --- what both have

    def _branch(self, code: str) -> dict[str, str]:
        known = self._directory.branches.get(code)
        name = spoken(known.record.name, self._language) if known else code
        return {"branch": code, "branch_name": name}

    def _dates(self, first: dt.date, last: dt.date) -> dict[str, str]:
        text = dates_text(first, last, self._language)
        return {"first": first.isoformat(), "last": last.isoformat(), "dates": text}

    def _zone(self, branch: str) -> LocalTime:
        known = self._directory.branches.get(branch)
        return known.zone if known else in_zone("UTC")

    def _moment(self, branch: str, at: int) -> str:
        return moment_text(at, self._zone(branch), self._language)


def _own_actions(listed: Listed) -> tuple[Literal["cancel", "draft"], ...]:
    """A search has drafts of each policy that it finds."""
    if may_cancel(listed):
        return ("cancel",)
    return ("draft",) if listed.kind == "run" else ()


class _Figures:
    """Draws what a simulation has come to."""

    def __init__(self, language: str, found: Found, directory: Directory) -> None:
        self._language = language
        self._found = found
        self._directory = directory
        self._texts = simulation_texts(language)
        # Figures of groups have no unit of their own: waits and use have that of their figure.
        self._numbers = Numbers(language, found.units | {"next_step": "visits"})

    def results(self, titles: Mapping[Which, str]) -> tuple[wire.PolicyResult, ...]:
        return tuple(
            wire.PolicyResult(
                which=which,
                title=titles[which],
                replications=policy.replications,
                days=tuple(self._day(one) for one in policy.days),
            )
            for which, policy in self._found.policies.items()
        )

    def _day(self, day: DayFound) -> wire.DayResult:
        plain = {name: one for name, one in day.figures.items() if "[" not in name}
        return wire.DayResult(
            date=day.date,
            text=self._date(day.date),
            figures=tuple(self._figure(name, one) for name, one in plain.items()),
            groups=tuple(self._groups(day.figures)),
            bands=tuple(
                wire.Band(
                    at=one.at,
                    street=one.street,
                    hall=one.hall,
                    mean_street=one.mean_street,
                    mean_hall=one.mean_hall,
                )
                for one in day.people
            ),
            histograms=tuple(self._histograms(day.histograms)),
        )

    def _date(self, date: str) -> str:
        if date == ALL_DAYS:
            return self._texts.phrases["all_days"]
        return day_text(dt.date.fromisoformat(date), self._language)

    def _figure(self, name: str, one: Mean) -> Figure:
        return figure(name, one, self._numbers, self._language)

    def _groups(self, figures: Mapping[str, Mean]) -> Iterator[wire.FigureGroup]:
        groups: dict[tuple[Group, str], list[Figure]] = {}
        for name, one in figures.items():
            if found := _GROUP.fullmatch(name):
                place = self._kind(found["figure"], found["key"]), found["key"]
                groups.setdefault(place, []).append(self._figure(found["figure"], one))
        shown = [
            wire.FigureGroup(kind=kind, key=key, name=self._name(kind, key), figures=tuple(found))
            for (kind, key), found in groups.items()
        ]
        yield from sorted(shown, key=_order)

    def _kind(self, figure: str, key: str) -> Group:
        if figure == "counter_use":
            return "counter"
        if figure == "next_step":
            return "next_step"
        return "priority" if key in self._texts.priorities else "service"

    def _name(self, kind: Group, key: str) -> str:
        match kind:
            case "service":
                service = self._directory.services.get(key)
                return spoken(service.name, self._language) if service else key
            case "priority":
                return self._texts.priorities[key]
            case "counter":
                return self._texts.counter.format(counter=key)
            case "next_step":
                return self._texts.next_steps[key]

    def _histograms(self, piles: Mapping[str, tuple[int, ...]]) -> Iterator[wire.Histogram]:
        parts: tuple[Literal["street", "hall", "total"], ...] = ("street", "hall", "total")
        for part in parts:
            pile = piles.get(part, ())
            whole = sum(pile)
            used = max((place + 1 for place, count in enumerate(pile) if count), default=0)
            yield wire.Histogram(
                part=part,
                label=self._texts.parts[part],
                bin_minutes=self._found.bin_minutes,
                shares=tuple(count / whole for count in pile[:used]),
            )

    def differences(self) -> tuple[wire.DayDifferences, ...]:
        shown = sorted(self._found.differences, key=lambda date: (date != ALL_DAYS, date))
        # One day alone is all of them.
        dates = shown[1:] if len(shown) == 2 else shown  # noqa: PLR2004
        return tuple(
            wire.DayDifferences(
                date=date,
                text=self._date(date),
                differences=tuple(
                    self._difference(name, one)
                    for name, one in self._found.differences[date].items()
                ),
            )
            for date in dates
        )

    def _difference(self, name: str, one: DifferenceFound) -> wire.FigureDifference:
        between = one.difference
        return wire.FigureDifference(
            name=name,
            label=self._texts.figures[name],
            unit=self._numbers.unit(name),
            first=self._numbers.value(name, one.first.mean),
            second=self._numbers.value(name, one.second.mean),
            text=self._numbers.difference(name, between.mean, between.half_width),
            mean=between.mean,
            half_width=between.half_width,
            differs=differs(between.mean, between.half_width),
            correlation=one.correlation,
        )


def _order(group: wire.FigureGroup) -> tuple[object, ...]:
    """By kind, and within one as people look for it; numbers of counters as numbers."""
    by_name = len(group.key) if group.kind == "counter" else 0
    return (_KINDS.index(group.kind), by_name, sort_key(group.name))


def differs(mean: float, half_width: float | None) -> bool:
    """Whether zero lies outside the interval."""
    return half_width is not None and abs(mean) > half_width
