"""Stationary queues with known answers, each as a case of the stripped model in one long run.

Every family gives samples: a value a batch of the run, whose mean estimates what a table expects.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from math import nan
from typing import Any

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from queue_service.policy.model import DayPlan
from schemas.scenario_parts import Law
from simulation.validity.budget import Budget
from simulation.validity.stripped import ENDLESS_DAY, Case, Numbers, Observed, closing_after
from simulation.visitors import MINUTE

Inputs = Mapping[str, Any]
Samples = dict[str, Numbers]
_WARM_UP = 0.1
"""Share of a long run's visits that is left out at its beginning."""
_BATCHES = 20
BATCHES_BEFORE_CLOSING = 1_000
"""Enough for all who came to be served."""
_OVER_THE_THRESHOLD = 50 / MINUTE
"""Minutes: longer than serving a hall takes, too short to be seen in any mean."""


@dataclass
class Batch:
    """Some visits of a long run that follow one another."""

    seen: Observed
    visits: slice

    @property
    def duration(self) -> float:
        """Minutes from the first arrival to the last one, which opens the next batch."""
        begins, ends = self._hours
        return ends - begins

    @property
    def mean_present(self) -> float:
        """Time average of visitors present."""
        return self.seen.mean_present(*self._hours)

    @property
    def in_use(self) -> float:
        """Share of the time in which anybody is present."""
        return self.seen.share_of_time_in_use(*self._hours)

    @property
    def _hours(self) -> tuple[float, float]:
        issued = self.seen.issued
        return float(issued[self.visits.start]), float(issued[self.visits.stop])


def batches(seen: Observed) -> Iterator[Batch]:
    """A long run in equal parts, its beginning left out."""
    count = len(seen.issued) - 1
    borders = np.linspace(int(_WARM_UP * count), count, _BATCHES + 1).astype(int).tolist()
    for begins, ends in pairwise(borders):
        yield Batch(seen, slice(begins, ends))


def sampled(seen: Observed, **of: Callable[[Batch], float]) -> Samples:
    """A value of each function for every batch."""
    parts = list(batches(seen))
    return {name: np.array([function(part) for part in parts]) for name, function in of.items()}


def _mean(values: Numbers) -> float:
    """Of those of whom there is a value; NaN where there is nobody."""
    told = values[~np.isnan(values)]
    return float(np.mean(told)) if len(told) else nan


def _mean_wait(batch: Batch) -> float:
    return _mean(batch.seen.waits[batch.visits])


def _mean_stay(batch: Batch) -> float:
    seen = batch.seen
    here = ~seen.gone[batch.visits]
    return _mean((seen.ended - seen.issued)[batch.visits][here])


def _mean_waiting(batch: Batch) -> float:
    return float(np.nansum(batch.seen.waits[batch.visits])) / batch.duration


def _mean_wait_outside(batch: Batch) -> float:
    return float(np.mean(batch.seen.outside[batch.visits]))


def _mean_outside(batch: Batch) -> float:
    return float(np.sum(batch.seen.outside[batch.visits])) / batch.duration


def _share_gone(batch: Batch) -> float:
    return float(np.mean(batch.seen.gone[batch.visits]))


def _at_counter(batch: Batch) -> Numbers:
    return (batch.seen.ended - batch.seen.called)[batch.visits]


def _use(counters: int) -> Callable[[Batch], float]:
    return lambda batch: float(np.nansum(_at_counter(batch))) / batch.duration / counters


def erlang_b(inputs: Inputs, budget: Budget) -> Samples:
    """M/M/c/c: the hall holds as many as there are counters, and nobody waits."""
    plan = replace(ENDLESS_DAY, hall_limit=inputs["c"])
    arrives = budget.poisson(inputs["a"], budget.visits)
    serving = budget.exponential(budget.visits, 1.0)
    case = Case(arrives=arrives, serving=serving, counters=inputs["c"], plan=plan, balks=True)
    return sampled(budget.observe(case), B=_share_gone)


def many_servers(inputs: Inputs, budget: Budget) -> Samples:
    """M/M/c: Erlang C, the waits, their tail, and Little's law."""
    arrives = budget.poisson(inputs["lam"], budget.visits)
    serving = budget.exponential(budget.visits, inputs["mu"])
    seen = budget.observe(Case(arrives=arrives, serving=serving, counters=inputs["c"]))
    late = inputs.get("t", 0.0)
    return sampled(
        seen,
        C=lambda batch: float(np.mean(seen.waits[batch.visits] > 0)),
        P_W_gt_t=lambda batch: float(np.mean(seen.waits[batch.visits] > late)),
        Wq=_mean_wait,
        Lq=_mean_waiting,
        W=_mean_stay,
        L=lambda batch: batch.mean_present,
    )


def full_hall(inputs: Inputs, budget: Budget) -> Samples:
    """M/M/c/K: the hall limit turns visitors away."""
    plan = replace(ENDLESS_DAY, hall_limit=inputs["K"])
    arrives = budget.poisson(inputs["lam"], budget.visits)
    serving = budget.exponential(budget.visits, inputs["mu"])
    case = Case(arrives=arrives, serving=serving, counters=inputs["c"], plan=plan, balks=True)
    present: Callable[[Batch], float] = lambda batch: batch.mean_present  # noqa: E731
    return sampled(budget.observe(case), block=_share_gone, L=present, W=_mean_stay)


def one_server(inputs: Inputs, budget: Budget) -> Samples:
    """M/G/1 of Pollaczek and Khinchine: log-normal, Erlang or constant times."""
    if "k" in inputs:
        serving = budget.serving(budget.visits, inputs["mean"], inputs["k"] ** -0.5, "gamma")
    elif "D" in inputs:
        serving = budget.serving(budget.visits, inputs["D"], 0.0)
    else:
        serving = budget.serving(budget.visits, inputs["mean"], inputs["cv"])
    arrives = budget.poisson(inputs["lam"], budget.visits)
    return _one_server(Case(arrives=arrives, serving=serving, counters=1), budget)


def vacations(inputs: Inputs, budget: Budget) -> Samples:
    """M/G/1 whose server turns to other work of random or fixed length whenever nobody waits."""
    mean = inputs["mean"] if "mean" in inputs else 1 / inputs["mu"]
    spread = inputs.get("cv", 1.0)
    if "V" in inputs:
        away = np.full(1, float(inputs["V"]))
    else:
        phases = int(str(inputs["vacation"]).removeprefix("Erlang-"))
        numbers = budget.numbers("walks out")
        away = numbers.gamma(phases, inputs["EV"] / phases, budget.visits)
    law: Law = "lognormal" if "cv" in inputs else "exponential"
    arrives = budget.poisson(inputs["lam"], budget.visits)
    return _one_server(
        Case(
            arrives=arrives,
            plan=closing_after(arrives),
            serving=budget.serving(budget.visits, mean, spread, law),
            counters=1,
            vacations=away,
        ),
        budget,
    )


def with_no_shows(inputs: Inputs, budget: Budget) -> Samples:
    """M/G/1 where some do not come and hold the counter for a fixed time."""
    draws = budget.numbers("no show").random(budget.visits)
    return _one_server(
        Case(
            arrives=budget.poisson(inputs["lam"], budget.visits),
            serving=budget.serving(budget.visits, inputs["mean"], inputs["cv"]),
            counters=1,
            no_show=draws < inputs["p_noshow"],
            callout=inputs["callout"],
        ),
        budget,
    )


def _one_server(case: Case, budget: Budget) -> Samples:
    return sampled(
        budget.observe(case),
        rho=_use(1),
        Wq=_mean_wait,
        Lq=_mean_waiting,
        ES=lambda batch: float(np.mean(_at_counter(batch))),
        ES2=lambda batch: float(np.mean(_at_counter(batch) ** 2)),
    )


def many_servers_general(inputs: Inputs, budget: Budget) -> Samples:
    """M/G/c, for which only approximations are known."""
    serving = budget.serving(budget.visits, inputs["mean"], inputs["cv"])
    arrives = budget.poisson(inputs["lam"], budget.visits)
    return sampled(
        budget.observe(Case(arrives=arrives, serving=serving, counters=inputs["c"])), Wq=_mean_wait
    )


def batch_arrivals(inputs: Inputs, budget: Budget) -> Samples:
    """M^[X]/M/1: visitors come several at once."""
    together = inputs["X"]
    instants = budget.poisson(inputs["lam"], max(_BATCHES + 1, budget.visits // together))
    arrives = np.repeat(instants, together)
    serving = budget.exponential(len(arrives), inputs["mu"])
    seen = budget.observe(Case(arrives=arrives, serving=serving, counters=1))
    return sampled(seen, L=lambda batch: batch.mean_present, W=_mean_stay)


def reneging(inputs: Inputs, budget: Budget) -> Samples:
    """M/M/c+M, Erlang A: in a street of impatient people the hall holds those being served."""
    plan = replace(ENDLESS_DAY, hall_limit=inputs["c"])
    patience = budget.numbers("patience").exponential(1 / inputs["theta"], budget.visits)
    case = Case(
        arrives=budget.poisson(inputs["lam"], budget.visits),
        serving=budget.exponential(budget.visits, inputs["mu"]),
        counters=inputs["c"],
        plan=plan,
        patience=patience,
    )
    seen = budget.observe(case)
    return sampled(
        seen,
        P_wait=lambda batch: float(np.mean(seen.outside[batch.visits] > 0)),
        P_abandon=_share_gone,
        EW=_mean_wait_outside,
        Lq=_mean_outside,
        occupancy=_use(inputs["c"]),
    )


def priorities(inputs: Inputs, budget: Budget) -> Samples:
    """Cobham's non-preemptive priorities."""
    rates = inputs["lam_high"], inputs["lam_low"]
    first = budget.numbers("priority").random(budget.visits) < rates[0] / sum(rates)
    case = Case(
        arrives=budget.poisson(sum(rates), budget.visits),
        serving=budget.exponential(budget.visits, inputs["mu"]),
        counters=inputs["c"],
        priority=first,
    )
    seen = budget.observe(case)
    samples: Samples = {}
    for name, of_class in (("high", seen.first_class), ("low", ~seen.first_class)):
        samples |= sampled(
            seen,
            **{
                f"Wq_{name}": _mean_of(seen.waits, of_class),
                f"W_{name}": _mean_of(seen.ended - seen.issued, of_class),
            },
        )
    return samples


def _mean_of(values: Numbers, which: NDArray[np.bool_]) -> Callable[[Batch], float]:
    return lambda batch: _mean(values[batch.visits][which[batch.visits]])


def _in_groups(size: int, day: DayPlan) -> DayPlan:
    """At most so many people go in together, and another group whenever there is one."""
    return replace(
        day,
        group_admission=True,
        release_by_clock=True,
        group_size=size,
        group_interval=1,
        arrive_within=MINUTE,
    )


def bulk_service(inputs: Inputs, budget: Budget) -> Samples:
    """M/M^[K]/1 whose batch takes in who comes while there is room.

    The hall is the batch. An operator who is there for an instant at a time, and then serves all
    who are inside in no time, ends it: having no memory, a batch that begins later is as long.
    """
    arrives = budget.poisson(inputs["lam"], budget.visits)
    closing = closing_after(arrives + BATCHES_BEFORE_CLOSING / inputs["mu"])
    case = Case(
        arrives=arrives,
        serving=np.zeros(budget.visits),
        counters=1,
        plan=replace(_in_groups(inputs["K"], closing), hall_limit=inputs["K"]),
        walks_in=_OVER_THE_THRESHOLD,
        vacations=budget.exponential(budget.visits, inputs["mu"]),
    )
    return sampled(
        budget.observe(case),
        r0=lambda batch: batch.in_use,
        p0=lambda batch: 1 - batch.in_use,
        L=lambda batch: batch.mean_present,
        Lq=_mean_outside,
        W=_mean_stay,
    )


def groups_by_the_clock(inputs: Inputs, budget: Budget) -> Samples:
    """Bailey's bulk queue: every T minutes a group of at most K people goes in.

    The attendant looks by the clock. The policy counts its interval from the last group instead, so
    after a look at an empty street it would let in whoever comes next at once.
    """
    period, size = inputs["T"], inputs["K"]
    arrives = budget.poisson(inputs["m"] / period, budget.visits)
    closing = closing_after(arrives + BATCHES_BEFORE_CLOSING * period)
    case = Case(
        arrives=arrives,
        serving=np.zeros(budget.visits),
        counters=1,
        plan=replace(_in_groups(size, closing), release_by_clock=False),
        attendant_looks_every=period,
    )
    seen = budget.observe(case)
    before, after = seen.street_around(_looks(seen, period))
    ticks = np.linspace(int(_WARM_UP * len(before)), len(before), _BATCHES + 1).astype(int)
    parts = [slice(*ticks[place : place + 2]) for place in range(_BATCHES)]
    return sampled(seen, door_wait=_mean_wait_outside, time_avg=_mean_outside) | {
        "just_before": np.array([_mean(before[part]) for part in parts]),
        "left_after": np.array([_mean(after[part]) for part in parts]),
    }


def _looks(seen: Observed, period: float) -> Numbers:
    """Instants between the first visitor and the last one at which the attendant looks."""
    whole = round(period * MINUTE)
    first, last = seen.issued[[0, -1]] * MINUTE // whole
    return np.arange(first + 1, last + 1) * whole / MINUTE
