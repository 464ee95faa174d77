"""What an experiment has come to, as numbers to be kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from schemas.simulated import (
    Crowd,
    DayFound,
    DifferenceFound,
    Found,
    Mean,
    PolicyFound,
    Which,
)
from simulation.experiments.comparison import Difference, Pairs
from simulation.experiments.figures import ALL_DAYS, FIGURES
from simulation.experiments.intervals import Estimate
from simulation.experiments.summary import Summary
from simulation.measures import PARTS
from simulation.sums import BIN_MINUTES

_SHOWN_OF_GROUPS = ("_mean[", "_p90[", "counter_use[", "next_step[")


def units(names: Iterable[str]) -> dict[str, str]:
    """Figure -> its unit."""
    return {name: FIGURES[name].unit for name in names}


def found_of(summary: Summary) -> Found:
    """What one policy has come to."""
    return Found(units(FIGURES), BIN_MINUTES, {"scenario": _policy(summary)})


def found_of_pairs(pairs: Pairs) -> Found:
    """What two policies have come to before the same people."""
    policies: dict[Which, PolicyFound] = {
        "scenario": _policy(pairs.first),
        "versus": _policy(pairs.second),
    }
    differences = {
        date: {name: _difference(found[name]) for name in FIGURES if name in found}
        for date, found in pairs.differences().items()
    }
    return Found(units(FIGURES), BIN_MINUTES, policies, differences)


def _policy(summary: Summary) -> PolicyFound:
    return PolicyFound(summary.replications, tuple(_days(summary)))


def _days(summary: Summary) -> Iterator[DayFound]:
    estimates = summary.estimates()
    if len(summary.dates) > 1:
        yield DayFound(ALL_DAYS, _figures(estimates[ALL_DAYS]))
    for date in summary.dates:
        people = tuple(
            Crowd(one.at, one.street, one.hall, one.mean_street, one.mean_hall)
            for one in summary.bands(date)
        )
        piles = {part: tuple(summary.histogram(part, date)) for part in PARTS}
        yield DayFound(date, _figures(estimates[date]), people, piles)


def _figures(found: Mapping[str, Estimate]) -> dict[str, Mean]:
    """In the order of the figures; of groups, what is shown of them."""
    groups = [name for name in sorted(found) if any(part in name for part in _SHOWN_OF_GROUPS)]
    names = [*(name for name in FIGURES if name in found), *groups]
    return {name: mean_of(found[name]) for name in names}


def mean_of(one: Estimate) -> Mean:
    """An estimate as it is kept."""
    return Mean(one.mean, one.half_width, one.count, one.deviation, one.least, one.most)


def _difference(one: Difference) -> DifferenceFound:
    return DifferenceFound(
        mean_of(one.first), mean_of(one.second), mean_of(one.difference), one.correlation
    )
