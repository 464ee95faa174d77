"""What planners ask of many policies of one scenario: which is the best, and what matters most.

Measures are named as the simulation names them; times of day are "HH:MM", durations minutes.
"""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal, TypeAlias

import msgspec
from msgspec import Meta

from schemas.fields import FieldsError, Sentence, TimeOfDay
from schemas.plan_values import AtLeastOneMinute, GroupSize, HallLimit, Minutes, PeriodMinutes

Measure = Literal[
    "wait_street_mean",
    "wait_street_median",
    "wait_street_p90",
    "wait_street_p95",
    "wait_hall_mean",
    "wait_hall_median",
    "wait_hall_p90",
    "wait_hall_p95",
    "wait_total_mean",
    "wait_total_median",
    "wait_total_p90",
    "wait_total_p95",
    "came",
    "tickets",
    "served",
    "refused_online",
    "refused_too_late",
    "no_shows",
    "missed",
    "gone",
    "unserved",
    "not_admitted_at_closing",
    "groups",
    "online_share",
    "went_online",
    "peak_street",
    "peak_hall",
    "queue_metres",
    "crowded_minutes",
    "last_out_minute",
    "counter_use",
    "staff_hours",
    "pauses",
    "pauses_late",
    "pause_delay",
]
SHARES: Final = ("online_share", "counter_use")
"""Measures that are fractions of 1."""
MORE_IS_BETTER: Final = frozenset({"tickets", "served", "went_online", "pauses"})
"""Measures of which a Pareto front takes more for better; of all others less."""
MOST_VALUES: Final = 20
Counters = Annotated[
    str,
    Meta(
        pattern=r"^([0-9]{1,3}|([01][0-9]|2[0-3]):[0-5][0-9]/[0-9]{1,3}"
        r"(\+([01][0-9]|2[0-3]):[0-5][0-9]/[0-9]{1,3})*)$",
        max_length=200,
        description="counters, such as 12, or by the hour 09:00/8+11:00/16",
    ),
]
Bound = Annotated[
    str,
    Meta(
        pattern=r"^([0-9]{1,7}([.][0-9]{1,6})?|([01][0-9]|2[0-3]):[0-5][0-9])$",
        description="a number such as 40, or a time of day such as 17:00",
    ),
]
_FEWEST_SELECTED, _FEWEST_VARIED = 10, 4
"""Replications of a finalist, and of a scenario whose inputs are varied."""
_FEWEST_SCENARIOS = 3
"""As it is, with less and with more of one input."""
_Several = Meta(max_length=MOST_VALUES)


class _Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True): ...


class Pauses(_Part, frozen=True, kw_only=True):
    """Sanitation pauses to be tried."""

    every_minutes: PeriodMinutes
    """0: none."""
    minutes: AtLeastOneMinute = 15


class Vary(_Part, frozen=True, kw_only=True):
    """Values to be tried of each rule, in place of what regimes say; none: it stays as it is."""

    group_size: Annotated[tuple[GroupSize, ...], _Several] = ()
    group_interval_minutes: Annotated[tuple[Minutes, ...], _Several] = ()
    hall_limit: Annotated[tuple[HallLimit, ...], _Several] = ()
    pauses: Annotated[tuple[Pauses, ...], _Several] = ()
    counters: Annotated[tuple[Counters, ...], _Several] = ()
    closes: Annotated[tuple[TimeOfDay, ...], _Several] = ()

    def __post_init__(self) -> None:
        tried = {name: values for name in self.__struct_fields__ if (values := getattr(self, name))}
        if not tried:
            sentence = Sentence("nothing is varied, write values of one rule or more")
            raise FieldsError([("", sentence)])
        for name, values in tried.items():
            self._refuse_twice(name, values)

    @staticmethod
    def _refuse_twice(name: str, values: tuple[Any, ...]) -> None:
        for place, value in enumerate(values):
            if value in values[:place]:
                sentence = Sentence("is written twice, keep one of the two")
                raise FieldsError([(f"{name}.{place}", sentence)])

    @property
    def candidates(self) -> int:
        """Policies that there are."""
        count = 1
        for name in self.__struct_fields__:
            count *= max(1, len(getattr(self, name)))
        return count


class Limit(_Part, frozen=True, kw_only=True):
    """A bound that a policy must keep: the mean over replications, or a share of them."""

    measure: Measure
    way: Literal["at_most", "at_least"] = "at_most"
    bound: Bound
    """In the unit of the measure."""
    of_hundred: (
        Annotated[int, Meta(ge=1, le=99, description="a whole number from 1 to 99")] | None
    ) = None
    """In so many of a hundred replications; left out: on the mean."""

    def __post_init__(self) -> None:
        if (":" in self.bound) != (self.measure == "last_out_minute"):
            raise FieldsError([("bound", self._other)])
        if self.measure in SHARES and float(self.bound) > 1:
            raise FieldsError([("bound", Sentence("write a number from {least} to {most}",
                                                  least="0", most="1"))])  # fmt: skip

    @property
    def _other(self) -> Sentence:
        if self.measure == "last_out_minute":
            return Sentence("write a time of day such as {example}", example="17:00")
        return Sentence("write a number such as {example}", example="40")


class Search(_Part, frozen=True, kw_only=True, tag_field="kind", tag="search"):
    """Which of many policies is the best under limits."""

    vary: Vary
    limits: Annotated[tuple[Limit, ...], Meta(max_length=10)] = ()
    way: Literal["least", "most"] = "least"
    aim: Measure = "wait_total_p90"
    against: Measure = "staff_hours"
    """Second measure of the Pareto front."""
    candidates: Annotated[int, Meta(ge=1, le=200, description="a whole number from 1 to 200")] = 40
    """Looked at, at most."""
    screen: Annotated[int, Meta(ge=2, le=20, description="a whole number from 2 to 20")] = 3
    """Replications of each of them."""
    finalists: Annotated[int, Meta(ge=1, le=10, description="a whole number from 1 to 10")] = 5
    replications: Annotated[
        int, Meta(ge=_FEWEST_SELECTED, le=500, description="a whole number from 10 to 500")
    ] = 200
    """Of a finalist at most."""
    sure: Annotated[int, Meta(ge=51, le=99, description="a whole number from 51 to 99")] = 95
    """Per cent."""

    @property
    def runs(self) -> int:
        """Replications in all, at most."""
        return self._looked_at * self.screen + self._selected * self.replications

    @property
    def _looked_at(self) -> int:
        return min(self.candidates, self.vary.candidates)

    @property
    def _selected(self) -> int:
        return min(self.finalists, self._looked_at)

    def field_within(self, runs: int) -> tuple[str, int, int]:
        """The field to lower where there shall be no more runs than so many; its least and most."""
        most = (runs - self._looked_at * self.screen) // self._selected
        if most >= _FEWEST_SELECTED:
            return "replications", _FEWEST_SELECTED, most
        return "candidates", 1, (runs - self.finalists * _FEWEST_SELECTED) // self.screen


class Sensitivity(_Part, frozen=True, kw_only=True, tag_field="kind", tag="sensitivity"):
    """Which input matters most: each a little less and a little more, before the same people."""

    measure: Measure = "wait_total_mean"
    by: Annotated[int, Meta(ge=1, le=50, description="a whole number from 1 to 50")] = 10
    """Per cent."""
    replications: Annotated[
        int, Meta(ge=_FEWEST_VARIED, le=500, description="a whole number from 4 to 500")
    ] = 10
    """Of the scenario, and of each with less or more of an input."""

    @property
    def runs(self) -> int:
        """Replications in all, of the fewest inputs that a scenario has."""
        return self.replications * _FEWEST_SCENARIOS

    def field_within(self, runs: int) -> tuple[str, int, int]:
        """The field to lower where there shall be no more runs than so many; its least and most."""
        return "replications", _FEWEST_VARIED, runs // _FEWEST_SCENARIOS


Question: TypeAlias = Search | Sensitivity
