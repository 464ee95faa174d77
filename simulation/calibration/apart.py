"""Services that are not wanted alike on all weekdays, such as passports in a rush for them.

A service whose visits are spread over the weekdays as all visits are belongs to the mix. Of the
others the least likely one is taken out, and the rest is looked at anew: who comes for it makes
the shares of all others smaller too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import numpy as np
from msgspec import Struct
from scipy.special import chdtrc

from simulation.calibration.arrivals import Arrivals, Numbers, best_weight
from simulation.calibration.kinds import by_kind
from simulation.calibration.observed import Observed

_CHANCE = 0.01
"""Of taking out any service at all where every one belongs to the mix."""
_FEWEST_EXPECTED = 5.0


class Apart(Struct, frozen=True):
    """A service with visits of its own on each kind of day, and the chance of such a spread."""

    service: str
    chance: float
    visits: Mapping[str, float]
    """Kind of day -> mean visits a day."""


def services_apart(observed: Observed, arrivals: Arrivals) -> tuple[Apart, ...]:
    """Those that do not belong to the mix, in order of their codes."""
    groups = [*by_kind(observed).values()]
    counted = [Counter(one.service for day in group for one in day.arrivals) for group in groups]
    counts = {
        service: np.array([here[service] for here in counted], float)
        for service in sorted(set().union(*counted))
    }
    nobody = np.zeros(len(groups))
    apart: dict[str, float] = {}
    while len(apart) < len(counts) - 1:
        mixed = {name: row for name, row in counts.items() if name not in apart}
        chance, service = min(
            (_chance(row, sum(mixed.values(), start=nobody)), name) for name, row in mixed.items()
        )
        if chance * len(counts) >= _CHANCE:
            break
        apart[service] = chance
    return tuple(
        Apart(name, chance, _visits(counts[name], arrivals))
        for name, chance in sorted(apart.items())
    )


def _chance(counts: Numbers, totals: Numbers) -> float:
    """Pearson's chi squared against the spread of all; 1 where it is expected too seldom."""
    counts, expected = _pooled(counts, counts.sum() * totals / totals.sum())
    if len(counts) == 1:
        return 1.0
    squared = float(((counts - expected) ** 2 / expected).sum())
    return float(chdtrc(len(counts) - 1, squared))


def _pooled(counts: Numbers, expected: Numbers) -> tuple[Numbers, Numbers]:
    """The kinds of days put together, from the one with the fewest expected on, where too few are.

    (Cochran, "Some methods for strengthening the common chi squared tests", Biometrics 10, 1954.)
    """
    while len(expected) > 1 and expected.min() < _FEWEST_EXPECTED:
        order = np.argsort(expected, kind="stable")
        counts, expected = (
            np.array([one[order[:2]].sum(), *one[order[2:]]]) for one in (counts, expected)
        )
    return counts, expected


def _visits(counts: Numbers, arrivals: Arrivals) -> dict[str, float]:
    """Drawn towards the mean of all days, as all visits are."""
    days = np.array([one.days for one in arrivals.weekdays], float)
    usual = np.full(len(days), counts.sum() / days.sum())
    weight = best_weight(counts, days, usual)
    means = (counts + weight * usual) / (days + weight)
    return {one.name: float(mean) for one, mean in zip(arrivals.weekdays, means, strict=True)}
