"""A manager's figures of a whole simulated day against a plain count over its events."""

from __future__ import annotations

from collections import Counter, defaultdict
from math import ceil
from statistics import fmean, median
from typing import TYPE_CHECKING

import pytest

from queue_service.policy.breakdown import Breakdown, Spread
from queue_service.policy.events import VisitRefused
from queue_service.timing.localtime import in_zone
from tests.simulation.test_measures import CROWDED, INVOLVED, ONLINE_FIRST, run_of
from tests.simulation.test_model import WEEK

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from queue_service.policy.breakdown import Key
    from queue_service.policy.events import Entry
    from schemas.scenario import Scenario

ENDS = {"ServiceFinished": "served", "TicketNotShown": "no_shows", "TicketCancelled": "cancelled"}
REFUSED = {"online_only": "refused_online", "cannot_be_served_today": "refused_hours"}
UNDONE = {"TicketReturned", "TicketRecalled", "TicketCalled"}
"""What happens to a visitor whose last end was none."""
Line = tuple[int, str, object]
"""When, what, and the event itself."""


def lives(journal: Iterable[Entry]) -> dict[str, list[Line]]:
    """What happened to each ticket, in order."""
    found: dict[str, list[Line]] = defaultdict(list)
    for entry in journal:
        event, kind = entry.event, type(entry.event).__name__
        if hasattr(event, "ticket"):
            found[event.ticket].append((entry.at, kind, event))
        for ticket in getattr(event, "tickets", ()):
            found[ticket].append((entry.at, kind, event))
        for ticket in getattr(event, "expired", ()):
            found[ticket].append((entry.at, "expired", event))
        for ticket in getattr(event, "finished", ()):
            found[ticket].append((entry.at, "DayEnded", event))
    return found


def first(life: list[Line], kind: str) -> Line | None:
    return next((line for line in life if line[1] == kind), None)


def end_of(life: list[Line]) -> tuple[str, int]:
    """How a visit ended, and when; nothing while it has not."""
    end, at = "", 0
    left = len(life[0][2].services)  # type: ignore[attr-defined]
    missed = 0
    for when, kind, _event in life:
        left -= kind == "ServiceFinished"
        missed += kind == "TicketsMissed"
        if kind in UNDONE:
            end = ""
        elif kind == "expired":
            end, at = "carried_over", when
        elif kind == "DayEnded" or (kind == "ServiceFinished" and left <= 0):
            end, at = "served", when
        elif kind == "TicketsMissed" and missed > 1:
            end, at = "missed", when
        elif kind in ("TicketNotShown", "TicketCancelled"):
            end, at = ENDS[kind], when
    return end, at


def last_counter(life: list[Line]) -> str:
    """The counter at which somebody was last."""
    called = [one for one in life if one[1] in ("TicketCalled", "TicketResumed")]
    return str(called[-1][2].counter) if called else ""  # type: ignore[attr-defined]


class Plain:
    """Counts and spans (ms) by axis and key, counted without a state of the day."""

    def __init__(self, journal: list[Entry], hour: Callable[[int], str]) -> None:
        self.hour = hour
        self.counts: dict[Key, Counter[str]] = defaultdict(Counter)
        self.waits: dict[Key, list[int]] = defaultdict(list)
        for entry in journal:
            if isinstance(entry.event, VisitRefused):
                for key in self.keys(entry.event.services[0], entry.at):
                    self.counts[key].update(["arrivals", REFUSED[entry.event.reason]])
        for life in lives(journal).values():
            self.count(life)

    def count(self, life: list[Line]) -> None:
        issued, _, ticket = life[0]
        service = ticket.services[0]  # type: ignore[attr-defined]
        for key in self.keys(service, issued):
            self.counts[key].update(arrivals=1)
        if called := first(life, "TicketCalled"):
            for key in self.keys(service, issued, called[2].counter):  # type: ignore[attr-defined]
                self.waits[key].append(called[0] - issued)
        end, at = end_of(life)
        if end:
            counter = last_counter(life) if end in ("served", "no_shows") else ""
            for key in self.keys(service, at, counter):
                self.counts[key].update([end])
        self.count_given(life, list(ticket.services))  # type: ignore[attr-defined]

    def count_given(self, life: list[Line], left: list[str]) -> None:
        """One under way when the day ends is given too."""
        for place, (when, kind, _) in enumerate(life):
            if kind in ("ServiceFinished", "DayEnded"):
                for key in self.keys(left.pop(0), when, last_counter(life[:place])):
                    self.counts[key].update(given=1)

    def keys(self, service: str, at: int, counter: str = "") -> list[Key]:
        keys: list[Key] = [("all", ""), ("service", service), ("hour", self.hour(at))]
        return [*keys, ("counter", counter)] if counter else keys

    def spread(self, key: Key) -> Spread:
        minutes = sorted(wait / 60_000 for wait in self.waits[key])
        if not minutes:
            return Spread(0, None, None, None)
        rank = minutes[ceil(len(minutes) * 0.9) - 1]
        figures = (round(figure, 1) for figure in (fmean(minutes), median(minutes), rank))
        return Spread(len(minutes), *figures)


@pytest.mark.parametrize(
    "scenario", [WEEK, CROWDED, ONLINE_FIRST, INVOLVED], ids=["open", "groups", "20", "involved"]
)
def test_figures_by_service_counter_and_hour_are_those_of_the_journal(scenario: Scenario) -> None:
    run = run_of(scenario)

    def hour(at: int) -> str:
        return in_zone(run.zone).clock(at)[:2]

    breakdown, plain = Breakdown(hour), Plain(run.day.journal, hour)
    for entry in run.day.journal:
        breakdown.add(entry)
    found = breakdown.tallies()
    names = {name for counts in plain.counts.values() for name in counts}
    shown = {
        key: {name: tally.counts[name] for name in names if tally.counts[name]}
        for key, tally in found.items()
    }
    assert {key: counts for key, counts in shown.items() if counts} == plain.counts
    assert {axis for axis, _ in plain.counts} == {"all", "service", "counter", "hour"}
    for key, tally in found.items():
        assert tally.spread("total") == plain.spread(key), key
