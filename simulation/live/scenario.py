"""A scenario: the readable parameters of a story, each with the mark of where it comes from.

Times of day are "HH:MM" in the branch's zone, shares are fractions of 1, bounds are inclusive and
drawn between uniformly.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from datetime import date
from importlib import resources
from typing import Annotated, Any, Generic, Literal, TypeVar

import msgspec
from msgspec import Meta

from schemas.fields import Code, CounterId, TimeOfDay
from schemas.plan_values import AcceptedReason
from schemas.service import Mark
from schemas.wire import Language
from schemas.yaml_file import read_yaml

Value = TypeVar("Value")
Share = Annotated[float, Meta(ge=0, le=1)]
Weight = Annotated[int, Meta(ge=0)]
Seconds = Annotated[int, Meta(ge=0, le=86_400)]
Bounds = tuple[Annotated[int, Meta(ge=0)], Annotated[int, Meta(ge=0)]]
Quarters = tuple[Weight, Weight, Weight, Weight]
_FOLDER = resources.files("simulation.live") / "scenarios"


class ScenarioError(ValueError):
    """A scenario is unknown or wrong; the message says what to write instead."""

    @property
    def reason(self) -> str:
        """The first of what is wrong."""
        return str(self).partition("\n")[0]


class FaultyScenarioError(ScenarioError):
    """Values of a scenario contradict one another or the catalogue.

    `faults` pairs a dotted path, such as mix.services.0, and a sentence; there is one at least.
    """

    def __init__(self, faults: Iterable[tuple[str, str]]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(": ".join(filter(None, one)) for one in self.faults))

    @property
    def reason(self) -> str:
        """Without its path."""
        return self.faults[0][1]


class _Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True): ...


class Marked(_Part, Generic[Value], frozen=True, kw_only=True):
    """A value, `R` published or `A` assumed, and the fact or the reason behind it."""

    value: Value
    mark: Mark
    note: str


class Profile(_Part, frozen=True, kw_only=True):
    """Relative weights of the quarter hours in which visitors arrive, by hour "00" to "23"."""

    mark: Mark
    note: str
    hours: dict[Annotated[str, Meta(pattern="^([01][0-9]|2[0-3])$")], Quarters]

    def __post_init__(self) -> None:
        if not any(sum(quarters) for quarters in self.hours.values()):
            raise ValueError("give at least one quarter hour a weight above 0")

    @property
    def minutes(self) -> dict[int, int]:
        """Weight of each quarter hour by the minute of the day at which it begins."""
        return {
            int(hour) * 60 + 15 * place: weight
            for hour, quarters in self.hours.items()
            for place, weight in enumerate(quarters)
        }


class Mix(_Part, frozen=True, kw_only=True):
    """Relative shares of the services in visits."""

    mark: Mark
    note: str
    shares: dict[Code, Annotated[int, Meta(gt=0)]]


class Behaviour(_Part, frozen=True, kw_only=True):
    """How visitors come, wait, walk and give up."""

    parties: Marked[dict[int, Weight]]
    languages: Marked[dict[Language, Weight]]
    second_service: Marked[Share]
    cannot_go_online: Marked[dict[AcceptedReason, Share]]
    insists: Marked[Share]
    tolerates_ahead: Marked[Bounds]
    patience_minutes: Marked[Bounds]
    comes_back: Marked[Share]
    walks_in_seconds: Marked[Bounds]
    misses_group: Marked[Share]
    walks_to_counter_seconds: Marked[Bounds]
    walks_out_seconds: Marked[Bounds]
    ignores_call: Marked[Share]
    returns_after_minutes: Marked[Bounds]
    service_time_factor: Marked[Annotated[float, Meta(gt=0)]]
    service_time_spread: Marked[Annotated[float, Meta(ge=0, le=3)]]


class Staff(_Part, frozen=True, kw_only=True):
    """How attendants and operators work."""

    counters: Marked[Annotated[int, Meta(ge=1)]]
    left_free: Marked[tuple[CounterId, ...]] | None = None
    waits_for_called_seconds: Marked[Seconds]
    tidies_seconds: Marked[Bounds]
    looks_every_seconds: Marked[Annotated[int, Meta(ge=1)]]
    confirms_after_seconds: Marked[Seconds]
    counts_hall_at: Marked[tuple[TimeOfDay, ...]]


class Day(_Part, frozen=True, kw_only=True):
    """Visits of one business date: for passports and for the rest of the mix."""

    date: date
    passports: Marked[Weight]
    others: Marked[Weight]
    profile: str


class Crowd(_Part, frozen=True, kw_only=True):
    """What visitors and staff are like, whatever the day."""

    mix: Mix
    profiles: dict[str, Profile]
    behaviour: Behaviour
    staff: Staff


class Scenario(Crowd, frozen=True, kw_only=True):
    """A published story: some days of one branch, the regimes on them and who came."""

    name: Code
    title: str
    branch: Code
    seed: int
    footnote: dict[Mark, str]
    hall_holds: Marked[int]
    regimes: tuple[Code, ...]
    """Of the catalogue, in force on their own dates."""
    days: Annotated[tuple[Day, ...], Meta(min_length=1)]

    def __post_init__(self) -> None:
        for day in self.days:
            if day.profile not in self.profiles:
                known = ", ".join(self.profiles)
                raise ValueError(f"{day.date}: no profile {day.profile!r}, write one of: {known}")


class Surges(_Part, frozen=True, kw_only=True):
    """Crowds that come at once, at random times of each day."""

    per_day: Annotated[int, Meta(ge=0)]
    visits: Bounds
    within_minutes: Annotated[int, Meta(ge=1)]
    mark: Literal["A"]
    note: str


class Traffic(Crowd, frozen=True, kw_only=True):
    """Endless days of ordinary traffic for a demonstration."""

    name: Code
    visits: Marked[Weight]
    """Visits a day, surges apart."""
    profile: str
    surges: Surges


def known_scenarios() -> tuple[str, ...]:
    """Names of the stories that are shipped, in order."""
    names = (file.name.removesuffix(".yaml") for file in _FOLDER.iterdir())
    return tuple(sorted(name for name in names if name != "traffic" and not name.startswith("_")))


def load_scenario(name: str) -> Scenario:
    """The shipped story of that name; raises ScenarioError, which lists the known ones."""
    known = known_scenarios()
    if name not in known:
        nearest = difflib.get_close_matches(name, known, 1)
        hint = f" Did you mean {nearest[0]}?" if nearest else ""
        raise ScenarioError(f"No scenario {name!r}.{hint} Known are: {', '.join(known)}.")
    return msgspec.convert(_read(name), Scenario)


def load_traffic() -> Traffic:
    """The shipped parameters of the demonstration's traffic."""
    return msgspec.convert(_read("traffic"), Traffic)


def _read(name: str) -> Any:  # noqa: ANN401
    return read_yaml(_FOLDER / f"{name}.yaml")
