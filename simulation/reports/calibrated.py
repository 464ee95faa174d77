"""The page of `kezek calibrate`: what was estimated, and how well it fits."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from simulation.calibration.arrivals import Arrivals, Fit, Weekday
from simulation.calibration.calibrated import Calibrated, Share
from simulation.calibration.serving import ServiceFit, density
from simulation.reports.drawing import Plot, axis, clock_axis
from simulation.reports.page import Html, figure, page, paragraph, plots, section, table

_SHARES = {
    "no_show": "not there when called first",
    "answers_recall": "came when called once more",
    "comes_late": "given up, then taken back",
    "misses_group": "missed the first group",
    "assisted": "could not go online",
    "priority": "priority",
    "second_service": "came for several services",
    "wrong_service": "sent on for another service",
    "held": "held half-way for something awaited",
}
_MOST_PLOTS = 12


def calibrated_page(found: Calibrated) -> str:
    """The document."""
    return page(
        found.scenario.title,
        (
            paragraph(f"{found.basis}."),
            section(
                "Arrivals", [_arrivals_told(found.arrivals), _rates(found.arrivals), *_apart(found)]
            ),
            section("Times at the counter", [*_serving(found.serving)]),
            section("Shares", [_shares(found.shares)]),
            section("What the days do not tell", _not_told(found)),
        ),
    )


def _not_told(found: Calibrated) -> list[Html]:
    kept = f"Taken from the base, assumed: {', '.join(found.kept)}."
    return [paragraph(text) for text in (kept, *found.notes)]


def _arrivals_told(found: Arrivals) -> Html:
    return paragraph(
        "Poisson counts with gamma distributed rates (Clayton and Kaldor, 1987). The mean of all "
        f"days counts as much as {found.weight_of_total:.2g} days of a weekday, the common share "
        f"of a quarter hour as much as {found.weight_of_shape:.2g} days of it. Daily visits vary "
        f"{found.dispersion:.2f} times as much as Poisson draws{_fit_said(found.days_fit)}; "
        f"quarter hours against the rates{_fit_said(found.shape_fit)}. A small p speaks against "
        "the model."
    )


def _apart(found: Calibrated) -> Iterator[Html]:
    """Services with visits of their own on each weekday."""
    if found.apart:
        yield paragraph(
            "Not spread over the weekdays as all visits are (Pearson's chi squared): outside the "
            "mix, with mean visits of their own."
        )
        kinds = [one.name for one in found.arrivals.weekdays]
        yield table(
            ["service", "p", *kinds],
            (
                [one.service, f"{one.chance:.1e}", *(f"{one.visits[kind]:.1f}" for kind in kinds)]
                for one in found.apart
            ),
        )


def _fit_said(fit: Fit | None) -> str:
    if fit is None:
        return ": too few days for a test"
    return f": chi2 = {fit.squared:.1f} on {fit.freedom} degrees of freedom, p = {fit.chance:.3f}"


def _rates(found: Arrivals) -> Html:
    return plots(_rate_plot(one) for one in found.weekdays)


def _rate_plot(one: Weekday) -> Html:
    used = [place for place, rate in enumerate(one.quarters) if rate.high > 0.01]  # noqa: PLR2004
    span = range(min(used, default=0), max(used, default=0) + 1)
    rates = [(15.0 * place + 7.5, one.quarters[place]) for place in span]
    highs = [rate.high for _, rate in rates] + [one.observed[place] for place in span]
    ends = [15.0 * span[0], 15.0 * (span[-1] + 1)]
    plot = Plot(clock_axis(ends), axis(highs, "visits a quarter hour", from_zero=True))
    plot.band(((x, rate.low, rate.high) for x, rate in rates), "outer")
    plot.line(((x, rate.mean) for x, rate in rates), "first")
    for place in span:
        seen = one.observed[place]
        plot.dot(15.0 * place + 7.5, seen, "dot-poor", f"seen: {seen:.2f} a day", 2.5)
    total = one.total
    title = one.name.capitalize()
    days = f"{one.days} day{'' if one.days == 1 else 's'}"
    note = f"{days}; {total.mean:.1f} visits a day ({total.low:.1f} to {total.high:.1f})"
    return figure(title, f"{note}; dots: the mean counts of these days", plot.svg(title))


def _serving(fits: tuple[ServiceFit, ...]) -> Iterator[Html]:
    yield paragraph(
        "The law by maximum likelihood; the distance of Kolmogorov and Smirnov with its chance "
        "under the fitted law (bootstrap). Few times are drawn towards the catalogue's minutes."
    )
    yield table(
        ["service", "law", "times", "mean, min", "of the law", "spread", "distance", "p"],
        (_service_row(one) for one in fits),
        texts=2,
    )
    largest = sorted(fits, key=lambda one: -one.count)[:_MOST_PLOTS]
    yield plots(_serving_plot(one) for one in largest)


def _service_row(one: ServiceFit) -> list[str]:
    width = "" if one.half_width is None else f" ± {one.half_width:.2f}"
    law = f"{one.time.law}, few times" if one.borrowed else one.time.law
    mean = "-" if one.time.mean_minutes is None else f"{one.time.mean_minutes:.2f}"
    spread = "-" if one.time.minutes else f"{one.time.spread:.2f}"
    distance = "-" if one.distance is None else f"{one.distance:.3f}"
    chance = "-" if one.chance is None else f"{one.chance:.3f}"
    return [
        one.service,
        law,
        str(one.count),
        f"{one.mean:.2f}{width}",
        mean,
        spread,
        distance,
        chance,
    ]


def _serving_plot(one: ServiceFit) -> Html:
    times = np.asarray(one.times)
    heights, edges = np.histogram(times, bins=min(30, max(5, one.count // 8)), density=True)
    x = axis(edges.tolist(), "minutes", from_zero=True)
    at = np.linspace(x.least, x.most, 120)[1:].tolist()
    law = density(one.time, at)
    plot = Plot(x, axis([*heights.tolist(), *law], "density", from_zero=True))
    for height, begins, ends in zip(
        heights.tolist(), edges[:-1].tolist(), edges[1:].tolist(), strict=True
    ):
        plot.box((begins, ends), (0, height), "bar", f"{begins:.1f}-{ends:.1f} min", 0.45)
    if law:
        plot.line(zip(at, law, strict=True), "second-solid")
    chance = "" if one.chance is None else f"; p = {one.chance:.3f}"
    return figure(one.service, f"{one.count} times, {one.time.law}{chance}", plot.svg(one.service))


def _shares(shares: dict[str, Share]) -> Html:
    return table(
        ["", "share", "95 %", "seen"],
        (
            [
                _SHARES[name],
                f"{100 * one.mean:.2f} %",
                f"{100 * one.low:.2f} to {100 * one.high:.2f} %",
                f"{one.did} of {one.of}",
            ]
            for name, one in shares.items()
        ),
    )
