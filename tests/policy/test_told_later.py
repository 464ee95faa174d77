"""What is told to the journal later than it was done: by a tablet that had no network."""

from __future__ import annotations

import pytest

from queue_service.audit.laws import Witness
from queue_service.policy import commands as asked
from queue_service.policy import events as happened
from queue_service.policy.events import Refusal
from tests.policy.branch_day import Day, a_plan, clock, with_groups


def enter(day: Day, ticket: str, done: str = "") -> happened.Events | Refusal:
    """The visitor went in at `done`, and the journal is told now."""
    done_at = clock(done) if done else 0
    return day.send(asked.EnterTicket, ticket=ticket, done_at=done_at)


def missed_once(day: Day, party: int = 1) -> str:
    """Somebody released at 10:00 with ten minutes' time, whom the clock has given up."""
    ticket = day.at("10:00").take("passport", party=party)
    day.send(asked.ReleaseGroup)
    assert day.at("10:12").state.tickets[ticket].missed == 1
    return ticket


def findings(day: Day) -> list[tuple[str, str]]:
    """What the laws find in the journal."""
    witness = Witness()
    for entry in day.journal:
        witness.see(entry)
    return witness.findings


def test_every_event_says_when_it_was_done() -> None:
    day = Day(with_groups()).at("10:00")
    ticket = day.take("passport")
    day.send(asked.ReleaseGroup, done_at=clock("09:58"))
    day.at("10:05")
    enter(day, ticket, "10:02")
    released, entered = day.journal[-2:]
    assert (released.at, released.event.done_at) == (clock("10:00"), clock("09:58"))
    assert (entered.at, entered.event.done_at) == (clock("10:05"), clock("10:02"))


def test_a_visitor_inside_in_time_is_not_missed() -> None:
    day = Day(with_groups())
    ticket = missed_once(day)
    assert enter(day, ticket) == Refusal("wrong_state", {"ticket": "P-001", "state": "issued"})
    enter(day, ticket, "10:09")
    assert (day.state.tickets[ticket].state, day.state.occupancy) == ("entered", 1)
    assert day.state.street_people == 0
    assert findings(day) == []


def test_a_visitor_inside_in_time_is_not_missed_for_good() -> None:
    day = Day(with_groups())
    ticket = missed_once(day)
    day.send(asked.ReleaseGroup)
    assert day.at("10:23").state.tickets[ticket].state == "missed"
    enter(day, ticket, "10:21")
    assert (day.state.tickets[ticket].state, day.state.occupancy) == ("entered", 1)
    assert findings(day) == []


@pytest.mark.parametrize("done", ["10:10", "10:11"])
def test_who_came_too_late_stays_missed(done: str) -> None:
    day = Day(with_groups())
    refusal = enter(day, missed_once(day), done)
    assert refusal == Refusal("wrong_state", {"ticket": "P-001", "state": "issued"})


def test_a_released_visitor_who_came_too_late_is_refused_by_the_time_of_coming() -> None:
    day = Day(with_groups()).at("10:00")
    ticket = day.take("passport")
    day.send(asked.ReleaseGroup)
    day.late("10:12")
    assert enter(day, ticket, "10:10") == Refusal(
        "too_late_to_enter", {"arrive_by": clock("10:10")}
    )
    assert enter(day, ticket, "10:09") != ()
    assert findings(day) == []


def test_who_never_was_released_does_not_enter() -> None:
    day = Day(with_groups()).at("10:00")
    ticket = day.take("passport")
    refusal = enter(day.at("10:05"), ticket, "10:01")
    assert refusal == Refusal("wrong_state", {"ticket": "P-001", "state": "issued"})


def test_late_news_finds_no_room() -> None:
    day = Day(with_groups())
    ticket = missed_once(day, party=2)
    day.send(asked.Recount, occupancy=9, reason="counted")
    refusal = enter(day, ticket, "10:09")
    assert refusal == Refusal("hall_full", {"hall_limit": 10, "occupancy": 9, "released": 0})


def test_the_laws_find_late_news_that_was_no_entry() -> None:
    day = Day(with_groups())
    missed_once(day)
    last = day.journal[-1]
    witness = Witness()
    for entry in day.journal:
        witness.see(entry)
    event = happened.TicketEntered(ticket=day.journal[1].event.ticket, done_at=clock("10:11"))  # type: ignore[union-attr]
    witness.see(happened.Entry(last.seq + 1, last.at, b"x", 0, "door", event))
    assert witness.findings == [("states", "P-001 enters too late")]


def test_without_groups_nothing_is_told_later_by_itself() -> None:
    day = Day(a_plan()).at("10:00")
    day.take("passport")
    assert [entry.event.done_at for entry in day.journal] == [0] * len(day.journal)


def test_what_was_done_long_ago_is_counted_anew_and_not_told() -> None:
    day = Day(with_groups()).at("10:00")
    recount = asked.Recount(
        id=b"x", by="door", done_at=clock("09:30"), occupancy=3, reason="counted"
    )
    assert day.give(recount) != ()
    late = day.late("10:01").send(
        asked.Recount, done_at=clock("09:30"), occupancy=4, reason="counted"
    )
    assert late == Refusal("done_too_long_ago", {"minutes": 30})
    assert day.give(recount) == ()
    assert day.state.occupancy == 3
