"""Who comes is drawn before anything happens, and the same seed brings the same people."""

from __future__ import annotations

from collections import Counter
from datetime import date
from statistics import fmean

import msgspec
import pytest

from simulation.live.demand import MINUTE, PASSPORT, Calendar, Visitor, story_day, traffic_day
from simulation.live.scenario import Marked, Scenario, load_scenario, load_traffic
from simulation.live.streams import Streams

STORY = load_scenario("uralsk-2020-03")
MONDAY = STORY.days[0]
CALENDAR = Calendar(MONDAY.date, "Asia/Oral")


def drawn(story: Scenario = STORY, back: tuple[Visitor, ...] = ()) -> list[Visitor]:
    return story_day(story, MONDAY, CALENDAR, back)


def test_the_same_seed_brings_the_same_people_and_another_seed_others() -> None:
    assert drawn() == drawn()
    assert drawn(msgspec.structs.replace(STORY, seed=STORY.seed + 1)) != drawn()


def test_as_many_come_as_the_day_says_in_order_of_arrival() -> None:
    visitors = drawn()
    first = Counter(visitor.services[0] for visitor in visitors)
    assert len(visitors) == MONDAY.passports.value + MONDAY.others.value
    assert first[PASSPORT] == MONDAY.passports.value
    assert [each.arrives_at for each in visitors] == sorted(each.arrives_at for each in visitors)


def test_people_come_in_the_quarter_hours_that_have_a_weight() -> None:
    weights = {
        CALENDAR.at(minute): weight
        for minute, weight in STORY.profiles[MONDAY.profile].minutes.items()
    }
    quarters = {each.arrives_at - each.arrives_at % (15 * MINUTE) for each in drawn()}
    assert all(weights[quarter] > 0 for quarter in quarters)


def test_a_change_of_one_parameter_leaves_all_other_draws_as_they_were() -> None:
    always = Marked(value=1.0, mark="A", note="everybody insists")
    behaviour = msgspec.structs.replace(STORY.behaviour, insists=always)
    changed = drawn(msgspec.structs.replace(STORY, behaviour=behaviour))
    assert all(visitor.insists for visitor in changed)
    assert changed == [msgspec.structs.replace(visitor, insists=True) for visitor in drawn()]


def test_who_comes_back_is_the_same_visitor_at_another_hour() -> None:
    yesterday = msgspec.structs.replace(drawn()[0], arrives_at=0, carried_from="T")
    again = [each for each in drawn(back=(yesterday,)) if each.carried_from == "T"]
    assert len(again) == 1
    assert CALENDAR.at(8 * 60) <= again[0].arrives_at < CALENDAR.at(18 * 60)
    assert msgspec.structs.replace(again[0], arrives_at=0) == yesterday


def test_traffic_differs_from_day_to_day_and_holds_the_surges() -> None:
    traffic = load_traffic()
    monday, tuesday = (
        traffic_day(traffic, Calendar(date(2026, 3, day), "Asia/Oral"), "uralsk-2")
        for day in (16, 17)
    )
    least = traffic.visits.value + traffic.surges.per_day * traffic.surges.visits[0]
    assert min(len(monday), len(tuesday)) >= least
    assert [each.services for each in monday] != [each.services for each in tuesday]


@pytest.mark.parametrize("spread", [0.0, 0.45])
def test_factors_have_the_mean_that_was_asked_for(spread: float) -> None:
    streams = Streams("test", spread)
    factors = [streams.factor("work", 1.2, spread) for _ in range(4000)]
    assert fmean(factors) == pytest.approx(1.2, rel=0.05)


def test_a_calendar_knows_its_zone() -> None:
    ten = Calendar(date(2020, 3, 16), "Asia/Oral").time("10:00")
    assert ten == 1_584_334_800_000
    assert Calendar.of(ten, "Asia/Oral").tomorrow.date == date(2020, 3, 17)
