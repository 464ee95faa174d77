"""The values of a day plan as one layer states them: a branch, a regime or a manager's change."""

from collections.abc import Iterator
from typing import Annotated, Literal, NamedTuple

import msgspec
from msgspec import Meta

from schemas.fields import (
    CounterId,
    Sentence,
    Texts,
    TimeOfDay,
    minute_of,
    refuse_unless_later,
)

AcceptedReason = Literal["no_device", "no_digital_signature", "disability"]
ReleaseBy = Literal["attendant", "clock"]

GroupSize = Annotated[int, Meta(ge=1, le=100, description="people, a whole number from 1 to 100")]
HallLimit = Annotated[int, Meta(ge=1, le=1000, description="people, a whole number from 1 to 1000")]
PartyLimit = Annotated[int, Meta(ge=1, le=20, description="people, a whole number from 1 to 20")]
Minutes = Annotated[int, Meta(ge=0, le=240, description="minutes, a whole number from 0 to 240")]
AtLeastOneMinute = Annotated[
    int, Meta(ge=1, le=120, description="minutes, a whole number from 1 to 120")
]
PeriodMinutes = Annotated[
    int, Meta(ge=0, le=720, description="minutes, a whole number from 0 (never) to 720")
]
CountersInUse = Annotated[
    tuple[CounterId, ...],
    Meta(min_length=1, max_length=200, description="the ids of 1 to 200 counters"),
]

MIDNIGHT = 24 * 60
"""Minutes of a day: a business date ends with it."""


class Contradiction(NamedTuple):
    """Two values that cannot both hold: the one to correct, the other, and what is wrong."""

    field: str
    other: str
    sentence: Sentence


class PlanValues(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True
):
    """Values that one layer sets; None leaves the value to the other layers.

    Times of day are "HH:MM" in the branch's time zone; durations are whole minutes; sizes and
    limits count people.
    """

    non_online_only: bool | None = None
    accepted_reasons: tuple[AcceptedReason, ...] | None = None
    """Why a visitor may have an assisted ticket although the service is online."""
    group_admission: bool | None = None
    release_by: ReleaseBy | None = None
    group_size: GroupSize | None = None
    group_interval_minutes: Minutes | None = None
    arrive_within_minutes: AtLeastOneMinute | None = None
    hall_limit: HallLimit | None = None
    """People in the hall plus people released and not yet entered."""
    party_limit: PartyLimit | None = None
    opens: TimeOfDay | None = None
    closes: TimeOfDay | None = None
    last_admission_minutes: Minutes | None = None
    """Before closing."""
    tickets_before_opening_minutes: Minutes | None = None
    overtime_minutes: Minutes | None = None
    """After closing, for those who are in the hall by then."""
    sanitation_every_minutes: PeriodMinutes | None = None
    """From the end of one pause to the start of the next; 0 means no pauses."""
    sanitation_minutes: AtLeastOneMinute | None = None
    """The least time that cleaning takes."""
    drain_minutes: Minutes | None = None
    """Before a pause: no group is released and the hall empties."""
    counters_in_use: CountersInUse | None = None
    """Counters that may be opened; of a wider regime, those that the branch has."""
    ageing_minutes: PeriodMinutes | None = None
    """Waiting time that lifts a ticket by one priority class; 0 means no ageing."""
    message: Texts | None = None

    def __post_init__(self) -> None:
        refuse_unless_later(self.opens, self.closes)

    def contradictions(self) -> Iterator[Contradiction]:
        """What these values, taken together, make impossible."""
        every, drain = self.sanitation_every_minutes or 0, self.drain_minutes or 0
        if 0 < every <= drain:
            yield Contradiction("drain_minutes", "sanitation_every_minutes", self._too_long_a_drain)
        if self.closes and minute_of(self.closes) + (self.overtime_minutes or 0) > MIDNIGHT:
            yield Contradiction("overtime_minutes", "closes", self._past_midnight)

    @property
    def _too_long_a_drain(self) -> Sentence:
        return Sentence(
            "a drain of {drain} min leaves none of the {every} min between two pauses to let"
            " people in, write fewer minutes than these",
            drain=self.drain_minutes,
            every=self.sanitation_every_minutes,
        )

    @property
    def _past_midnight(self) -> Sentence:
        return Sentence(
            "an overtime of {overtime} min after closing at {closes} goes beyond midnight, write"
            " {most} min at most or close earlier",
            overtime=self.overtime_minutes,
            closes=self.closes,
            most=MIDNIGHT - minute_of(self.closes or "00:00"),
        )
