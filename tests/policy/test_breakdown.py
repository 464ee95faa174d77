"""Figures by service, counter and hour: folded from journals, days add up."""

from __future__ import annotations

from queue_service.policy.breakdown import Breakdown, Key, Spread, Tally, together
from tests.policy.branch_day import Day, a_plan, with_groups
from tests.policy.test_views import local

ALL: Key = ("all", "")


def tallies(day: Day) -> dict[Key, Tally]:
    fold = Breakdown(lambda at: local(at)[:2])
    for entry in day.journal:
        fold.add(entry)
    return fold.tallies()


def counts(found: dict[Key, Tally], key: Key) -> dict[str, int]:
    return {name: count for name, count in found[key].counts.items() if count}


def served_day() -> Day:
    """One is let in after 12 minutes, called after 5 more and served for 7."""
    day = Day(with_groups()).at("10:50")
    ticket = day.take(party=2)
    day.at("11:02")
    day.released()
    day.enter(ticket)
    day.open("1")
    day.at("11:07")
    day.called("1")
    day.start(ticket)
    day.at("11:14")
    day.finish(ticket)
    return day


def test_a_journal_without_visits_has_no_tallies() -> None:
    assert tallies(Day(a_plan())) == {}


def test_waits_are_counted_outside_inside_and_whole() -> None:
    found = tallies(served_day())[ALL]
    spans = {name: found.spread(name).mean for name in ("outside", "inside", "total", "service")}
    assert spans == {"outside": 12.0, "inside": 5.0, "total": 17.0, "service": 7.0}


def test_arrivals_and_waits_belong_to_the_hour_of_arrival_ends_to_their_own() -> None:
    found = tallies(served_day())
    assert counts(found, ("hour", "10")) == {"arrivals": 1, "people": 2}
    assert found[("hour", "10")].spread("total").count == 1
    assert counts(found, ("hour", "11")) == {"served": 1, "given": 1}


def test_a_counter_has_what_it_served_and_the_waits_of_whom_it_called() -> None:
    found = tallies(served_day())
    assert counts(found, ("counter", "1")) == {"served": 1, "given": 1}
    assert found[("counter", "1")].spread("total").mean == 17.0


def test_refusals_are_arrivals_by_reason() -> None:
    day = Day(a_plan(non_online_only=True)).at("10:00")
    day.ask("certificate", party=3)
    found = tallies(day)
    assert counts(found, ("service", "certificate")) == {
        "arrivals": 1,
        "people": 3,
        "refused_online": 1,
    }


def test_who_missed_a_group_once_has_not_ended() -> None:
    day = Day(with_groups()).at("10:00")
    day.take()
    day.released()
    day.at("10:15")
    assert counts(tallies(day), ALL) == {"arrivals": 1, "people": 1}


def test_who_comes_back_after_a_no_show_is_served_and_no_no_show() -> None:
    day = Day(a_plan()).at("10:00")
    ticket = day.take()
    day.open("1")
    day.called("1")
    day.no_show(ticket)
    assert counts(tallies(day), ("counter", "1")) == {"no_shows": 1}
    day.recall(ticket)
    day.start(ticket)
    day.finish(ticket)
    found = counts(tallies(day), ("counter", "1"))
    assert (found["served"], found.get("no_shows", 0)) == (1, 0)


def test_every_service_of_a_visit_is_given_and_the_visit_counts_under_the_first() -> None:
    day = Day(a_plan()).at("10:00")
    ticket = day.take("passport", "pension")
    day.open("2")
    for _ in range(2):
        day.called("2")
        day.start(ticket)
        day.finish(ticket)
    found = tallies(day)
    assert counts(found, ("service", "passport")) == {
        "arrivals": 1,
        "people": 1,
        "served": 1,
        "given": 1,
    }
    assert counts(found, ("service", "pension")) == {"given": 1}


def test_who_waits_outside_at_closing_is_carried_over_in_that_hour() -> None:
    day = Day(with_groups(closes_at=Day().now + 4 * 3_600_000)).at("10:00")
    day.take()
    day.at("12:30")
    assert counts(tallies(day), ("hour", "12")) == {"carried_over": 1}


def test_days_add_up_and_percentiles_stand_on_all_of_their_visits() -> None:
    one = tallies(served_day())
    total = together([one, one, one])
    assert total[ALL].counts["people"] == 6
    assert total[ALL].spread("total") == Spread(3, 17.0, 17.0, 17.0)


def test_p90_is_the_nearest_rank() -> None:
    tally = Tally()
    tally.spans["total"].extend(minutes * 60_000 for minutes in range(1, 11))
    assert tally.spread("total") == Spread(10, 5.5, 5.5, 9.0)
    assert tally.spread("outside") == Spread(0, None, None, None)


def test_tickets_sent_online_are_no_cancellations() -> None:
    day = Day(with_groups()).at("10:00")
    day.take("certificate")
    day.change_plan(with_groups(non_online_only=True), redirect_issued=True)
    assert counts(tallies(day), ALL) == {"arrivals": 1, "people": 1, "redirected": 1}


def test_a_service_under_way_at_the_end_of_the_day_was_given() -> None:
    day = Day(a_plan()).at("17:00")
    ticket = day.take()
    day.open("1")
    day.called("1")
    day.start(ticket)
    day.at("19:00")
    found = tallies(day)[("counter", "1")]
    assert (found.counts["served"], found.counts["given"]) == (1, 1)
    assert found.spread("service").mean == 120.0


def test_a_visitor_called_again_waited_until_the_first_call() -> None:
    day = Day(a_plan()).at("10:00")
    ticket = day.take()
    day.open("1")
    day.at("10:05").called("1")
    day.no_show(ticket)
    day.give_back(ticket)
    day.at("10:30").called("1")
    assert tallies(day)[ALL].spread("total").mean == 5.0
