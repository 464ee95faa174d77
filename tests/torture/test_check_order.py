"""The checker of order finds every picture that is too old or was never true."""

from __future__ import annotations

from typing import Any

import pytest

from tests.torture.check import findings
from tests.torture.story import DAY, Story
from tests.torture.timeline import People, Timeline
from tests.torture.told_story import Run, good_run, ticket

BOARD = {
    "date": DAY,
    "seq": 6,
    "hall": {"occupancy": 1, "released": 1, "limit": 10},
    "street_people": 0,
}


def test_a_reading_older_than_an_acknowledgement() -> None:
    run = good_run()
    run.tell("read", None, (200, ticket("a", "T-001") | {"seq": 5}), target="a")
    assert run.kinds() == ["order_reversed"]


def test_a_command_before_one_that_was_acknowledged_before_it_began() -> None:
    run = Run()
    first, second = run.story.issue("a"), run.story.issue("b")
    run.tell("take", second, (201, ticket("b", "T-002")))
    run.tell("take", first, (201, ticket("a", "T-001")))
    assert run.kinds() == ["order_reversed"]


def test_a_ticket_shown_in_a_state_that_it_did_not_have_then() -> None:
    run = good_run()
    run.tell("read", None, (200, ticket("a", "T-001") | {"seq": 6, "state": "called"}), target="a")
    assert findings(run.told, run.story.rows) == []
    run.tell("read", None, (200, ticket("a", "T-001") | {"seq": 6, "state": "entered"}), target="a")
    assert run.kinds() == ["never_true"]


def test_a_board_that_counts_right() -> None:
    run = good_run()
    run.tell("read", None, (200, BOARD))
    assert findings(run.told, run.story.rows) == []


@pytest.mark.parametrize(
    "wrong", [{"street_people": 1}, {"hall": {"occupancy": 2, "released": 1, "limit": 10}}]
)
def test_a_board_that_counts_wrong(wrong: dict[str, Any]) -> None:
    run = good_run()
    run.tell("read", None, (200, BOARD | wrong))
    assert run.kinds() == ["never_true"]


def test_a_refusal_for_a_state_that_was_over_before_it_was_asked_for() -> None:
    run = good_run()
    wrong_state = {"type": "urn:kezek:problem:wrong-state", "state": "called"}
    run.tell("enter", None, (409, wrong_state), target="a")
    assert findings(run.told, run.story.rows) == []
    run.tell("enter", None, (409, wrong_state | {"state": "issued"}), target="a")
    assert run.kinds() == ["stale_refusal"]


def test_a_timeline_knows_every_state_and_the_people() -> None:
    story = Story(limit=4)
    story.issue("a", party=3)
    story.release("a")
    story.add("TicketsMissed", tickets=["a"])
    story.release("a")
    story.enter("a")
    story.serve("a", "1")
    story.add("TicketLeft", ticket="a")
    timeline = Timeline(story.rows)
    states = [timeline.state_at("a", row.seq) for row in story.rows]
    assert states == [
        *("", "issued", "released", "issued", "released"),
        *("entered", "called", "serving", "served", "served"),
    ]
    assert timeline.people_at(3) == People(inside=0, released=3, limit=4, outside=0)
    assert timeline.people_at(9) == People(inside=3, released=0, limit=4, outside=0)
    assert timeline.people_at(10) == People(inside=0, released=0, limit=4, outside=0)
    assert timeline.people_at(11) is None


def test_a_second_miss_is_the_last() -> None:
    story = Story()
    story.issue("a")
    for _ in range(2):
        story.release("a")
        story.add("TicketsMissed", tickets=["a"])
    timeline = Timeline(story.rows)
    assert [timeline.state_at("a", seq) for seq in (4, 6)] == ["issued", "missed"]
    assert timeline.people_at(6) == People(inside=0, released=0, limit=10, outside=0)
