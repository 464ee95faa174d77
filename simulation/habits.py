"""What everybody of a simulated branch has in common."""

from __future__ import annotations

from msgspec import Struct

from schemas.scenario import Scenario
from simulation.visitors import SECOND


class Habits(Struct, frozen=True):
    """How visitors and staff go about it; durations in ms."""

    services: tuple[str, ...]
    """Codes, by the number that visitors' rows have."""
    cannot_because: str = "no_digital_signature"
    waits_for_called: int = 90 * SECOND
    recalls: int = 0
    tidies: int = 0
    looks_every: int = 30 * SECOND
    confirms_after: int = 0
    other_work: tuple[int, ...] = ()
    """Times of the work that an operator does where nobody waits, over and over; none: rests."""


def habits_of(scenario: Scenario) -> Habits:
    """What everybody of a scenario has in common."""
    staff = scenario.staff
    return Habits(
        services=tuple(one.service for one in scenario.mix.services),
        cannot_because=scenario.visitors.cannot_because,
        waits_for_called=staff.waits_for_called_seconds * SECOND,
        recalls=staff.recalls,
        tidies=staff.tidies_seconds * SECOND,
        looks_every=staff.looks_every_seconds * SECOND,
        confirms_after=staff.confirms_after_seconds * SECOND,
    )
