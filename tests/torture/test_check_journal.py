"""The journal's checker finds each fault in hand-made rows, and nothing in rows without one."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis.strategies import integers, sets

from tests.torture.check_journal import journal_findings
from tests.torture.story import Story


def kinds(story: Story) -> list[str]:
    return sorted({finding.kind for finding in journal_findings(story.rows)})


def good_day() -> Story:
    """Two groups, one visitor too late, one who gives up inside, two services in one visit."""
    story = Story(limit=3)
    for name, party in (("a", 1), ("b", 2), ("c", 1)):
        story.issue(name, party)
    story.add("CounterOpened", counter="1")
    story.release("a", "b")
    story.enter("a")
    story.add("TicketsMissed", tickets=["b"])
    story.release("c")
    story.enter("c")
    story.serve("a", "1")
    story.add("TicketLeft", ticket="a")
    story.add("TicketCancelled", ticket="c", reason="left")
    story.add("TicketLeft", ticket="c", same_command=True)
    story.release("b")
    story.enter("b")
    return story


def test_a_good_day_has_no_findings() -> None:
    assert journal_findings(good_day().rows) == []


def test_a_missing_place_is_a_gap() -> None:
    story = good_day()
    del story.rows[3]
    assert "gap" in kinds(story)


def test_a_missing_end_cannot_be_seen_in_the_journal_alone() -> None:
    story = good_day()
    del story.rows[-1]
    assert kinds(story) == []


@given(sets(integers(0, len(good_day().rows) - 1)))
def test_whatever_is_missing_is_seen_and_told_in_sentences(missing: set[int]) -> None:
    story = good_day()
    story.rows = [row for place, row in enumerate(story.rows) if place not in missing]
    at_the_end = range(len(good_day().rows))[len(story.rows) :]
    assert bool(journal_findings(story.rows)) == (missing != {*at_the_end})


def test_two_events_at_one_place_are_a_gap() -> None:
    story = good_day()
    story.add("CounterOpened", counter="2")
    story.rows[-1] = story.changed(-1, seq=story.rows[-2].seq)
    assert kinds(story) == ["gap"]


def test_time_that_goes_backwards() -> None:
    story = good_day()
    story.rows[-1] = story.changed(-1, at=0)
    assert kinds(story) == ["time_reversed"]


@pytest.mark.parametrize(
    "changes", [{"command": b"3" * 16, "part": 1}, {"part": 1}], ids=["apart", "begins at 1"]
)
def test_a_command_that_is_not_whole(changes: dict[str, Any]) -> None:
    story = good_day()
    story.rows[-1] = story.changed(-1, **changes)
    story.rows[2] = story.changed(2, command=b"3" * 16)
    assert kinds(story) == ["command_torn"]


def test_one_command_in_two_streams() -> None:
    story, other = good_day(), Story(branch="elsewhere")
    other.rows[0] = other.changed(0, command=story.rows[0].command)
    story.rows += other.rows
    assert kinds(story) == ["command_torn"]


def test_one_number_for_two_tickets() -> None:
    story = good_day()
    story.issue("d", number="T-003")
    assert kinds(story) == ["duplicate_number"]


def test_a_number_left_out() -> None:
    story = good_day()
    story.issue("d", number="T-005")
    assert kinds(story) == ["number_gap"]


def test_one_ticket_issued_twice() -> None:
    story = Story()
    story.issue("a")
    story.issue("a")
    assert kinds(story) == ["issued_twice"]


def test_a_ticket_called_twice() -> None:
    story = good_day()
    story.add("TicketCalled", ticket="b", counter="1")
    story.add("TicketCalled", ticket="b", counter="2")
    assert kinds(story) == ["called_twice"]


def test_a_ticket_called_after_its_end() -> None:
    story = good_day()
    story.add("TicketCalled", ticket="a", counter="1")
    assert kinds(story) == ["called_twice"]


@pytest.mark.parametrize(
    ("end", "body"),
    [
        ("DayClosed", {"expired": ["a"]}),
        ("DayEnded", {"expired": ["a"], "finished": []}),
        ("DayEnded", {"expired": [], "finished": ["a"]}),
    ],
)
def test_a_ticket_called_after_the_day(end: str, body: dict[str, Any]) -> None:
    story = Story()
    story.issue("a")
    if end == "DayEnded":
        story.enter("a")
    story.add(end, **body)
    assert kinds(story) == []
    story.add("TicketCalled", ticket="a", counter="1")
    assert kinds(story) == ["called_twice"]


def test_two_tickets_at_one_counter() -> None:
    story = Story(limit=5)
    for name in ("a", "b"):
        story.issue(name)
        story.enter(name)
        story.add("TicketCalled", ticket=name, counter="1")
    assert kinds(story) == ["counter_busy"]


def test_a_service_finished_twice() -> None:
    story = good_day()
    story.add("ServiceFinished", ticket="a", service="test")
    assert kinds(story) == ["wrong_stage"]


def test_a_release_beyond_the_hall() -> None:
    story = Story(limit=2)
    for name in ("a", "b", "c"):
        story.issue(name)
    story.release("a", "b")
    story.enter("a")
    story.release("c")
    assert kinds(story) == ["hall_limit"]


def test_walk_ins_beyond_the_hall() -> None:
    story = Story(limit=2)
    for name in ("a", "b"):
        story.issue(name, party=2)
        story.enter(name)
    assert kinds(story) == ["hall_limit"]


def test_a_smaller_limit_alone_is_no_fault_but_a_release_under_it_is() -> None:
    story = Story(limit=2)
    for name in ("a", "b", "c"):
        story.issue(name)
    story.release("a", "b")
    story.change_limit(1)
    story.enter("a")
    story.enter("b")
    assert kinds(story) == []
    story.add("TicketLeft", ticket="a")
    story.release("c")
    assert kinds(story) == ["hall_limit"]


def test_a_recount_is_what_counts() -> None:
    story = Story(limit=2)
    story.issue("a")
    story.enter("a")
    story.add("HallRecounted", occupancy=2, before=1, reason="counted")
    assert kinds(story) == []
    story.issue("b")
    story.enter("b")
    assert kinds(story) == ["hall_limit"]


@pytest.mark.parametrize("event", ["release", "enter", "leave"])
def test_the_door_is_passed_once(event: str) -> None:
    story = Story(limit=100)
    story.issue("a")
    story.release("a")
    if event != "release":
        story.enter("a")
    if event == "leave":
        story.add("TicketLeft", ticket="a")
    story.repeat_last()
    assert "wrong_door" in kinds(story)


def recounted(found: int) -> Story:
    """A hall for four, two parties of two inside, and a recount that finds another number."""
    story = Story(limit=4)
    for name in ("a", "b"):
        story.issue(name, party=2)
        story.enter(name)
    story.add("HallRecounted", occupancy=found, before=4, reason="counted")
    return story


def enter(story: Story, ticket: str, party: int) -> Story:
    story.issue(ticket, party)
    story.enter(ticket)
    return story


def test_after_a_recount_nobody_is_counted_out_twice() -> None:
    story = enter(recounted(2), "c", party=2)
    story.add("TicketLeft", ticket="a")
    story.add("TicketLeft", ticket="b")
    assert kinds(enter(story, "d", party=2)) == []
    assert kinds(enter(story, "e", party=1)) == ["hall_limit"]


def test_a_recount_may_find_more_people_than_the_hall_may_hold_or_than_can_go() -> None:
    story = recounted(5)
    assert kinds(story) == []
    story.add("TicketLeft", ticket="a")
    story.add("TicketLeft", ticket="b")
    assert kinds(enter(story, "c", party=3)) == []
    assert kinds(enter(story, "d", party=1)) == ["hall_limit"]


def test_a_recount_leaves_no_more_room_than_it_found() -> None:
    assert kinds(enter(recounted(2), "c", party=3)) == ["hall_limit"]


def test_nobody_leaves_after_the_end_of_the_day() -> None:
    story = Story()
    enter(story, "a", party=1)
    story.add("DayEnded", expired=[], finished=[])
    story.add("TicketLeft", ticket="a")
    assert kinds(story) == ["wrong_door"]


@pytest.mark.parametrize(("exits_counted", "expected"), [(True, ["hall_limit"]), (False, [])])
def test_given_up_and_back_in_a_full_hall(exits_counted: bool, expected: list[str]) -> None:
    story = Story()
    story.change_plan(hall_limit=1, exits_counted=exits_counted)
    story.issue("a")
    story.enter("a")
    story.add("TicketCalled", ticket="a", counter="1")
    story.add("TicketNotShown", ticket="a")
    story.add("TicketLeft", ticket="a", same_command=True)
    story.issue("b")
    story.enter("b")
    story.add("TicketReturned", ticket="a")
    assert kinds(story) == expected
