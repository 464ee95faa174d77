"""`python -m simulation.from_story`: published stories as shipped scenarios of the simulation.

The facts stand in the stories; the scenarios' files are written from them. Languages are left out.
"""

from __future__ import annotations

from importlib import resources
from pathlib import Path

from queue_service.scenarios.writing import written
from schemas.scenario import Scenario
from schemas.scenario_parts import (
    Between,
    Day,
    HourOfArrival,
    Mix,
    MoreOf,
    PartyShare,
    Profile,
    ServingTime,
    Shift,
    Staff,
    TurnedAway,
    Visitors,
    Wanted,
)
from schemas.service import Mark, Source
from simulation.live import scenario as told
from simulation.live.demand import PASSPORT

FOLDER = Path(str(resources.files("queue_service.scenarios") / "presets"))
_REMARKS = (
    "Written by: python -m simulation.from_story\n"
    "The facts, with the source of each, are in the story of that name."
)
_BACK_WITHIN_MINUTES = 120
_RECALLS = 1
"""As the replay's operators do."""


def as_file(name: str) -> str:
    """The file of the scenario that the story of that name tells."""
    return written(of_story(told.load_scenario(name)), _REMARKS)


def of_story(story: told.Scenario) -> Scenario:
    """The scenario that a story tells."""
    return Scenario(
        name=story.name,
        title=story.title,
        branch=story.branch,
        seed=story.seed,
        days=tuple(_day(day) for day in story.days),
        profiles=tuple(_profile(code, one) for code, one in story.profiles.items()),
        mix=_mix(story.mix),
        serving=ServingTime(spread=story.behaviour.service_time_spread.value),
        visitors=_visitors(story.behaviour),
        staff=_staff(story.staff),
    )


def _day(day: told.Day) -> Day:
    passports = MoreOf(service=PASSPORT, visits=float(day.passports.value))
    others = float(day.others.value)
    return Day(date=day.date, visits=others, profile=day.profile, more=(passports,))


def _profile(code: str, profile: told.Profile) -> Profile:
    hours = tuple(
        HourOfArrival(at=f"{hour}:00", quarters=tuple(map(float, quarters)))
        for hour, quarters in profile.hours.items()
    )
    return Profile(code=code, source=_source(profile.mark, profile.note), hours=hours)


def _mix(mix: told.Mix) -> Mix:
    others = (Wanted(service=code, weight=float(share)) for code, share in mix.shares.items())
    passports = Wanted(service=PASSPORT, weight=0.0)
    return Mix(source=_source(mix.mark, mix.note), services=(passports, *others))


def _visitors(how: told.Behaviour) -> Visitors:
    back = how.comes_back.value
    reasons = how.cannot_go_online.value
    return Visitors(
        source=Source(mark="A", note="as in the story, value by value"),
        parties=tuple(
            PartyShare(people=people, weight=float(weight))
            for people, weight in how.parties.value.items()
        ),
        can_go_online=1 - sum(reasons.values()),
        cannot_because=max(reasons, key=lambda reason: reasons[reason]),
        sent_online=TurnedAway(online=1.0, phone=0.0, tomorrow=0.0, gives_up=0.0),
        turned_away=TurnedAway(online=0.0, phone=0.0, tomorrow=back, gives_up=1 - back),
        insists=how.insists.value,
        tolerates_people_ahead=_between(how.tolerates_ahead.value),
        patience_minutes=_between(how.patience_minutes.value),
        misses_group=how.misses_group.value,
        no_show=how.ignores_call.value,
        comes_late=1.0,
        comes_late_after_minutes=_between(how.returns_after_minutes.value),
        second_service=how.second_service.value,
        walks_in_seconds=_between(how.walks_in_seconds.value),
        walks_to_counter_seconds=_between(how.walks_to_counter_seconds.value),
        walks_out_seconds=_between(how.walks_out_seconds.value),
        back_after_opening_minutes=Between(least=0, most=_BACK_WITHIN_MINUTES),
        carried_over_come_back=back,
    )


def _staff(staff: told.Staff) -> Staff:
    counters = tuple(str(number) for number in range(1, staff.counters.value + 1))
    return Staff(
        source=_source(staff.counters.mark, staff.counters.note),
        shifts=(Shift(counters=counters),),
        waits_for_called_seconds=staff.waits_for_called_seconds.value,
        recalls=_RECALLS,
        tidies_seconds=sum(staff.tidies_seconds.value) // 2,
        looks_every_seconds=staff.looks_every_seconds.value,
        confirms_after_seconds=staff.confirms_after_seconds.value,
    )


def _between(bounds: tuple[int, int]) -> Between:
    return Between(least=bounds[0], most=bounds[1])


def _source(mark: Mark, note: str) -> Source:
    return Source(mark=mark, note=note)


if __name__ == "__main__":
    for story in told.known_scenarios():
        (FOLDER / f"{story}.yaml").write_text(as_file(story), encoding="utf-8")
