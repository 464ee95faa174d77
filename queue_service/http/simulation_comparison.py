"""Simulations side by side, each taken for independent of the others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeAlias

from queue_service.http.simulation_texts import Numbers, simulation_texts
from queue_service.http.simulation_views import differs
from queue_service.simulations.planning import Listed, Seen
from schemas import wire_simulations as wire
from schemas.simulated import Found, Mean, PolicyFound, Which

Column: TypeAlias = tuple[Seen, Which]


def comparison(columns: Iterable[Column], language: str) -> wire.RunComparison:
    """Several policies side by side, each independent of the others."""
    shown = [(seen, which, _of_all_days(seen, which)) for seen, which in columns]
    units: dict[str, str] = {}
    for seen, _, _ in shown:
        units |= seen.found.units if isinstance(seen.found, Found) else {}
    numbers = Numbers(language, units)
    texts = simulation_texts(language)
    return wire.RunComparison(
        runs=tuple(_run(seen, which) for seen, which, _ in shown),
        figures=tuple(
            wire.ComparedFigure(
                name=name,
                label=texts.figures[name],
                unit=numbers.unit(name),
                cells=tuple(_cells(name, [found.get(name) for _, _, found in shown], numbers)),
            )
            for name in units
            if any(name in found for _, _, found in shown)
        ),
    )


def _run(seen: Seen, which: Which) -> wire.ComparedRun:
    policy = _found(seen, which)
    listed = seen.listed
    return wire.ComparedRun(
        simulation=listed.id,
        which=which,
        title=_title(listed, which),
        replications=policy.replications if policy else 0,
    )


def _title(listed: Listed, which: Which) -> str:
    """Of a run of two policies each is told by its own; the run's only where it has one besides."""
    titles = {"scenario": listed.scenario_title, "versus": listed.versus_title}
    if not listed.versus_title:
        return listed.title
    return titles[which] if listed.title in titles.values() else f"{listed.title}: {titles[which]}"


def _found(seen: Seen, which: Which) -> PolicyFound | None:
    """Nothing of what is no run: it has no days."""
    return seen.found.policies.get(which) if isinstance(seen.found, Found) else None


def _of_all_days(seen: Seen, which: Which) -> dict[str, Mean]:
    """The first entry is of all days, or of the only one."""
    policy = _found(seen, which)
    return policy.days[0].figures if policy and policy.days else {}


def _cells(name: str, found: list[Mean | None], numbers: Numbers) -> Iterator[wire.ComparedCell]:
    first = found[0]
    for place, one in enumerate(found):
        if one is None:
            yield wire.ComparedCell(
                text="", mean=None, half_width=None, difference="", differs=False
            )
            continue
        mean, width = _between(first, one) if place and first else (0.0, None)
        yield wire.ComparedCell(
            text=numbers.interval(name, one.mean, one.half_width),
            mean=one.mean,
            half_width=one.half_width,
            difference=numbers.difference(name, mean, width) if place and first else "",
            differs=differs(mean, width),
        )


def _between(first: Mean, one: Mean) -> tuple[float, float | None]:
    """The difference of independent means: the squares of the half-widths add up."""
    if first.half_width is None or one.half_width is None:
        return one.mean - first.mean, None
    return one.mean - first.mean, (first.half_width**2 + one.half_width**2) ** 0.5
