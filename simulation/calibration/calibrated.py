"""The estimates put together: a scenario of the days that were observed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from scipy.special import betaincinv

from schemas.catalogue import Catalogue
from schemas.scenario import Scenario
from schemas.scenario_parts import (
    Between,
    Day,
    HourOfArrival,
    Mix,
    MoreOf,
    PartyShare,
    PriorityShare,
    Profile,
    Shift,
    Staff,
    Visitors,
    Wanted,
)
from schemas.service import Source
from simulation.calibration.absences import beyond_shifts, outages_of, seldom_there
from simulation.calibration.again import visits_again
from simulation.calibration.apart import Apart, services_apart
from simulation.calibration.arrivals import Arrivals, Weekday, estimate_arrivals
from simulation.calibration.busy import shifts_of_visits
from simulation.calibration.in_force import under_their_rules
from simulation.calibration.kinds import by_kind
from simulation.calibration.observed import Observed, Tried, services_of
from simulation.calibration.serving import ServiceFit, fit_services
from simulation.calibration.skills import skills_of
from simulation.calibration.staffing import shifts_of
from simulation.live.scenario import ScenarioError

_FEWEST_TIMES = 20
_TOLD = 0.05
"""Visits a day: fewer are none to a tenth."""


class Share(Struct, frozen=True):
    """A share with the bounds that hold it with a chance of 95 % (Jeffreys')."""

    mean: float
    low: float
    high: float
    did: int
    of: int


class Calibrated(Struct, frozen=True):
    """What was found: the scenario, and what it rests on."""

    scenario: Scenario
    arrivals: Arrivals
    serving: tuple[ServiceFit, ...]
    shares: dict[str, Share]
    apart: tuple[Apart, ...]
    days: int
    visits: int
    kept: tuple[str, ...]
    """What the days say nothing of: taken from the scenario that was the base."""
    notes: tuple[str, ...]
    """Sentences on what is assumed besides, and on what was seen and no scenario can say."""

    @property
    def basis(self) -> str:
        """What was seen, for people."""
        return f"{self.visits} visits on {self.days} day{'' if self.days == 1 else 's'}"


def calibrate(branch: str, observed: Observed, base: Scenario, catalogue: Catalogue) -> Calibrated:
    """Raises ScenarioError where the days say too little."""
    if not observed.days or not services_of(observed):
        raise ScenarioError(f"{branch}: nobody came on these days, name others")
    known = {one.code: float(one.usual_minutes) for one in catalogue.services}
    strange = sorted({*services_of(observed), *observed.serving} - known.keys())
    if strange:
        raise ScenarioError(
            f"service: {strange[0]} is not in the catalogue, add it or leave it out"
        )
    arrivals = estimate_arrivals(observed)
    kinds = _kinds(observed, arrivals)
    apart = services_apart(observed, arrivals)
    fits = tuple(fit_services(observed.serving, known))
    shares = {name: share for name in _SHARES if (share := share_of(getattr(observed, name)))}
    visitors, kept = _visitors(observed, base.visitors, shares)
    skills, of_skills = skills_of(observed.days, catalogue.branch(branch), catalogue)
    of_visits, of_shifts = shifts_of_visits(observed.days, base.staff.shifts, skills)
    shifts = shifts_of(observed.days, skills) or of_visits
    again = visits_again(observed, visitors)
    staff, of_staff = _staff(observed, base.staff, shifts)
    mix, of_mix = _mix(observed, fits, apart, base.mix)
    kept = (*of_mix, *kept, *of_staff)
    scenario = replace(
        base,
        name=f"{branch}-{observed.days[0].date}"[:64],
        title=f"{branch} as observed, {observed.days[0].date} to {observed.days[-1].date}",
        branch=branch,
        days=tuple(
            replace(_day(day.date, kinds[day.date], apart, again), outages=outages_of(day, shifts))
            for day in observed.days
        ),
        profiles=tuple(_profile(one) for one in arrivals.weekdays),
        mix=mix,
        visitors=visitors,
        staff=staff,
    )
    scenario, of_rules = under_their_rules(scenario, observed.days, catalogue)
    return Calibrated(
        scenario=scenario,
        arrivals=arrivals,
        serving=fits,
        shares=shares,
        apart=apart,
        days=len(observed.days),
        visits=sum(len(day.arrivals) for day in observed.days),
        kept=kept,
        notes=(
            *of_skills,
            *of_shifts,
            *seldom_there(observed.days, shifts),
            *beyond_shifts(observed.days, shifts),
            *of_rules,
            *_of_those_again(again),
        ),
    )


def _of_those_again(again: Mapping[str, float]) -> Iterator[str]:
    told = ", ".join(f"{kind} {mean:.1f}" for kind, mean in again.items() if mean >= _TOLD)
    if told:
        yield (
            "Left out as visits of those who had come in vain the day before, by the shares of the "
            f"base: {told} a day. In the simulation they come again by themselves."
        )


_SHARES = (
    "priority", "no_show", "answers_recall", "comes_late", "misses_group", "assisted",
    "second_service", "wrong_service", "held",
)  # fmt: skip


def share_of(tried: Tried) -> Share | None:
    """None where nobody could have done it."""
    if not tried.of:
        return None
    did, others = tried.did + 0.5, tried.of - tried.did + 0.5
    low = float(betaincinv(did, others, 0.025)) if tried.did else 0.0
    high = float(betaincinv(did, others, 0.975)) if tried.did < tried.of else 1.0
    return Share(tried.did / tried.of, low, high, tried.did, tried.of)


def _kinds(observed: Observed, arrivals: Arrivals) -> dict[date, Weekday]:
    found = zip(arrivals.weekdays, by_kind(observed).values(), strict=True)
    return {day.date: kind for kind, days in found for day in days}


def _day(on: date, kind: Weekday, apart: Sequence[Apart], again: Mapping[str, float]) -> Day:
    """A date that was observed, with the means of its kind, but for those who come again."""
    total = kind.total.mean
    new = max(0.0, 1 - again[kind.name] / total)
    more = tuple(
        MoreOf(service=one.service, visits=round(new * one.visits[kind.name], 3)) for one in apart
    )
    by_mix = max(0.0, new * total - sum(one.visits for one in more))
    return Day(date=on, visits=round(by_mix, 3), profile=kind.name, more=more)


def _profile(weekday: Weekday) -> Profile:
    note = f"estimated from {weekday.days} days and the share of the quarter hour on all days"
    means = [one.mean for one in weekday.quarters]
    hours = tuple(
        HourOfArrival(
            at=f"{hour:02d}:00",
            quarters=tuple(round(one, 4) for one in means[4 * hour : 4 * hour + 4]),
        )
        for hour in range(24)
        if any(round(one, 4) for one in means[4 * hour : 4 * hour + 4])
    )
    return Profile(code=weekday.name, source=Source(mark="A", note=note), hours=hours)


def _mix(
    observed: Observed, fits: Sequence[ServiceFit], apart: Sequence[Apart], base: Mix
) -> tuple[Mix, tuple[str, ...]]:
    """What was wanted, and the name of what the days do not tell of it."""
    laws = {one.service: one.time for one in fits}
    assumed = {one.service: one.time for one in base.services}
    counts = services_of(observed)
    untimed = sorted(counts.keys() - laws.keys())
    for one in apart:
        counts[one.service] = 0
    # A service that was only ever a second one is in the mix with weight 0, too.
    wanted = tuple(
        Wanted(
            service=service,
            weight=float(counts[service]),
            time=laws.get(service) or assumed.get(service),
        )
        for service in sorted({*counts, *laws})
    )
    times = "times at the counter fitted service by service" if laws else "times as in the base"
    note = f"counted: {services_of(observed).total()} visits; {times}"
    of = f" of {', '.join(untimed)}" if laws else ""
    kept = (f"mix.services.time{of}",) if untimed else ()
    return Mix(source=Source(mark="A", note=note), services=wanted), kept


def _visitors(
    observed: Observed, base: Visitors, shares: dict[str, Share]
) -> tuple[Visitors, tuple[str, ...]]:
    """The habits that the days tell, and the names of those that they do not."""
    found: dict[str, Any] = {
        name: round(shares[name].mean, 5)
        for name in _SHARES
        if name in shares and name not in ("priority", "assisted")
    }
    if "assisted" in shares:
        found["can_go_online"] = round(1 - shares["assisted"].mean, 5)
    if observed.parties:
        weights = sorted(observed.parties.items())
        found["parties"] = tuple(PartyShare(people=size, weight=count) for size, count in weights)
    if "priority" in shares:
        share = round(shares["priority"].mean, 5)
        found["priorities"] = (PriorityShare(priority="priority", share=share),)
    for name, seconds in (
        ("sent_on_after_seconds", observed.sent_on_after),
        ("walks_in_seconds", observed.walks_in),
        ("walks_to_counter_seconds", observed.walks_to_counter),
        ("walks_out_seconds", observed.walks_out),
    ):
        if len(seconds) >= _FEWEST_TIMES:
            found[name] = _between(seconds)
    found["source"] = Source(mark="A", note="shares and ways as observed, the rest as in the base")
    kept = tuple(f"visitors.{one}" for one in base.__struct_fields__ if one not in found)
    return replace(base, **found), kept


def _staff(
    observed: Observed, base: Staff, shifts: tuple[Shift, ...]
) -> tuple[Staff, tuple[str, ...]]:
    """The habits that the days tell, and the names of those that they do not."""
    found: dict[str, Any] = {
        "source": Source(mark="A", note="as observed, the rest as in the base")
    }
    if shifts:
        found["shifts"] = shifts
    if len(observed.recalls) >= _FEWEST_TIMES:
        found["recalls"] = round(float(np.median(observed.recalls)))
        found["waits_for_called_seconds"] = round(float(np.median(observed.waits_for_called)))
    if len(observed.tidies) >= _FEWEST_TIMES:
        found["tidies_seconds"] = round(float(np.median(observed.tidies)))
    kept = tuple(f"staff.{one}" for one in base.__struct_fields__ if one not in found)
    return replace(base, **found), kept


def _between(seconds: Sequence[float]) -> Between:
    """The bounds of a uniform law with the same mean and spread, within what was seen."""
    mean, spread = float(np.mean(seconds)), float(np.std(seconds))
    half = spread * 3**0.5
    least = max(min(seconds), mean - half, 0.0)
    most = min(max(seconds), mean + half)
    return Between(least=round(least), most=max(round(least), round(most)))
