"""Inputs that do not go together, and what would take years: refused before anything runs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from simulation.validity.budget import visits_of_a_long_run
from simulation.validity.families import STATIONARY, TIMED
from simulation.validity.stationary import BATCHES_BEFORE_CLOSING, Inputs
from simulation.validity.stripped import LONGEST_RUN
from simulation.validity.table import Known, TableError
from simulation.validity.transient import ends, greatest_rate

_MOST_AT_ONCE = 1_000_000
"""Visits that are drawn at once for one run of many."""
_LEAST_SHARE = 0.01
"""Visits for each look at the street or each turn to other work: with fewer all time goes there."""
_MOST_BUSY = 1_250
"""Of those at counters on average; there are four times as many counters."""

_LONGEST_DRAIN = 1_000_000
"""Minutes."""


class Condition(NamedTuple):
    """What inputs have to be, and the field that is named where they are not."""

    field: str
    says: str
    holds: Callable[[Inputs], bool]
    otherwise: str = "the queue would grow without end"


def _seldom(field: str, says: str, share: Callable[[Inputs], float]) -> Condition:
    otherwise = "waiting for somebody to come would take years"
    return Condition(field, says, lambda of: share(of) >= _LEAST_SHARE, otherwise)


def _mean_with_no_shows(of: Inputs) -> float:
    return float((1 - of["p_noshow"]) * of["mean"] + of["p_noshow"] * of["callout"])


_ONE_SERVER = Condition("lam", "lam < 1/mean", lambda of: of["lam"] * of["mean"] < 1)
_MANY_SERVERS = Condition("lam", "lam < c*mu", lambda of: of["lam"] < of["c"] * of["mu"])
_ONE_INSTANT = Condition(
    "t", "one number", lambda of: not isinstance(of["t"], list), "several are no instant"
)
_GENERAL_SERVERS = Condition("lam", "lam < c/mean", lambda of: of["lam"] * of["mean"] < of["c"])
_CONSTANT_SERVER = Condition("lam", "lam < 1/D", lambda of: of["lam"] * of["D"] < 1)
_WITH_NO_SHOWS = Condition(
    "lam",
    "lam*((1 - p_noshow)*mean + p_noshow*callout) < 1",
    lambda of: of["lam"] * _mean_with_no_shows(of) < 1,
)
_PRIORITIES = Condition(
    "lam_low",
    "lam_high + lam_low < c*mu",
    lambda of: of["lam_high"] + of["lam_low"] < of["c"] * of["mu"],
)
_NOBODY_WAITS = Condition(
    "mean",
    f"lam_bar*(1 + A)*mean <= {_MOST_BUSY}",
    lambda of: of["lam_bar"] * (1 + of["A"]) * of["mean"] <= _MOST_BUSY,
    "too many counters would be needed",
)
_DRAIN = Condition(
    "mu",
    f"n0/(c*mu) <= {_LONGEST_DRAIN}",
    lambda of: of["n0"] / of["c"] / of["mu"] <= _LONGEST_DRAIN,
    "serving them would take years",
)
CONDITIONS: Mapping[frozenset[str], tuple[Condition, ...]] = {
    frozenset({"c", "lam", "mu", "t"}): (_MANY_SERVERS, _ONE_INSTANT),
    frozenset({"c", "lam", "mu"}): (_MANY_SERVERS,),
    frozenset({"lam", "mean", "cv"}): (_ONE_SERVER,),
    frozenset({"lam", "mean", "k"}): (_ONE_SERVER,),
    frozenset({"lam", "D"}): (_CONSTANT_SERVER,),
    frozenset({"lam", "mean", "cv", "p_noshow", "callout"}): (_WITH_NO_SHOWS,),
    frozenset({"lam", "mean", "cv", "V"}): (
        _ONE_SERVER,
        _seldom("V", f"lam*V >= {_LEAST_SHARE}", lambda of: of["lam"] * of["V"]),
    ),
    frozenset({"lam", "mu", "vacation", "EV"}): (
        Condition("lam", "lam < mu", lambda of: of["lam"] < of["mu"]),
        _seldom("EV", f"lam*EV >= {_LEAST_SHARE}", lambda of: of["lam"] * of["EV"]),
    ),
    frozenset({"c", "lam", "mean", "cv"}): (_GENERAL_SERVERS,),
    frozenset({"lam", "X", "mu"}): (
        Condition("lam", "lam < mu/X", lambda of: of["lam"] * of["X"] < of["mu"]),
    ),
    frozenset({"c", "lam_high", "lam_low", "mu"}): (_PRIORITIES,),
    frozenset({"lam", "mu", "K"}): (
        Condition("lam", "lam < K*mu", lambda of: of["lam"] < of["K"] * of["mu"]),
        _seldom("lam", f"lam/mu >= {_LEAST_SHARE}", lambda of: of["lam"] / of["mu"]),
    ),
    frozenset({"m", "K", "T"}): (
        Condition("m", "m < K", lambda of: of["m"] < of["K"]),
        _seldom("m", f"m >= {_LEAST_SHARE}", lambda of: of["m"]),
    ),
    frozenset({"lam_bar", "A", "omega", "mean", "t"}): (_NOBODY_WAITS,),
    frozenset({"c", "mu", "n0"}): (_DRAIN,),
}
"""What a family needs; queues that lose visitors, or that end, are never too heavily loaded."""


def refuse_disproportion(entries: Iterable[Known], visits: int) -> None:
    """Raises TableError for the first entry that cannot be run with so many visits."""
    for entry in entries:
        names = frozenset(entry.inputs)
        for one in CONDITIONS.get(names, ()):
            if not one.holds(entry.inputs):
                place = f"{entry.id}: inputs.{one.field}"
                raise TableError(f"{place}: {one.otherwise}, write {one.says}")
        if names in STATIONARY:
            _refuse_years(entry, visits_of_a_long_run(visits))
        elif names in TIMED:
            _refuse_crowd(entry)


def _refuse_years(entry: Known, visits: int) -> None:
    field, rate = _rate(entry.inputs)
    if visits / rate + _until_closing(entry.inputs) > LONGEST_RUN:
        sentence = f"{visits} visits at this rate take years"
        way_out = "write a greater one (another unit of time) or fewer --visits"
        raise TableError(f"{entry.id}: inputs.{field}: {sentence}, {way_out}")


def _rate(of: Inputs) -> tuple[str, float]:
    """The field of the rate at which visitors come, and that rate."""
    if "m" in of:
        return "m", of["m"] / of["T"]
    if "lam_high" in of:
        return "lam_high", of["lam_high"] + of["lam_low"]
    field = "a" if "a" in of else "lam"
    return field, of[field] * of.get("X", 1)


def _until_closing(of: Inputs) -> float:
    """Minutes in which all who came are served."""
    if "T" in of:
        return float(BATCHES_BEFORE_CLOSING * of["T"])
    return BATCHES_BEFORE_CLOSING / of["mu"] if of.keys() == {"lam", "mu", "K"} else 0.0


def _refuse_crowd(entry: Known) -> None:
    rate = greatest_rate(entry.inputs)
    for name, until in ends(entry.inputs, entry.expected).items():
        if rate * until > _MOST_AT_ONCE or until > LONGEST_RUN:
            sentence = "what happens until then would take years"
            way_out = "write an earlier instant or a lower rate of arrival"
            raise TableError(f"{entry.id}: expected.{name}: {sentence}, {way_out}")
