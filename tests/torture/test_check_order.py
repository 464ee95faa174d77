"""The checker of order finds every picture that is too old or was never true."""

from __future__ import annotations

from typing import Any

import pytest

from tests.torture.check import findings
from tests.torture.story import DAY, Story
from tests.torture.timeline import Scene, Seen, Timeline
from tests.torture.told_story import Run, good_run, ticket

BOARD = {
    "date": DAY,
    "seq": 6,
    "hall": {"occupancy": 1, "released": 1, "limit": 10},
    "street_people": 0,
    "waiting_in_hall": 0,
    "sanitation": {"phase": "none"},
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


@pytest.mark.parametrize("wrong", [{"state": "entered"}, {"service": "other"}, {"counter": "2"}])
def test_a_ticket_shown_as_it_was_not_then(wrong: dict[str, Any]) -> None:
    run = good_run()
    called = ticket("a", "T-001") | {"seq": 6, "state": "called", "counter": "1"}
    run.tell("read", None, (200, called), target="a")
    assert findings(run.told, run.story.rows) == []
    run.tell("read", None, (200, called | wrong), target="a")
    assert run.kinds() == ["never_true"]


def test_a_board_that_counts_right() -> None:
    run = good_run()
    run.tell("read", None, (200, BOARD))
    assert findings(run.told, run.story.rows) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"street_people": 1},
        {"hall": {"occupancy": 2, "released": 1, "limit": 10}},
        {"waiting_in_hall": 1},
        {"sanitation": {"phase": "draining"}},
    ],
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
    states = [timeline.ticket_at("a", row.seq).state for row in story.rows]
    assert states == [
        *("", "issued", "released", "issued", "released"),
        *("entered", "called", "serving", "served", "served"),
    ]
    assert timeline.scene_at(3) == Scene(released=3, limit=4)
    assert timeline.scene_at(6) == Scene(inside=3, limit=4, waiting=1)
    assert timeline.scene_at(9) == Scene(inside=3, limit=4)
    assert timeline.scene_at(10) == Scene(limit=4)
    assert timeline.scene_at(11) is None


@pytest.mark.parametrize(
    "first", [("TicketsMissed", {"tickets": ["a"]}), ("TicketPostponed", {"ticket": "a"})]
)
def test_a_second_miss_is_the_last(first: tuple[str, dict[str, Any]]) -> None:
    story = Story()
    story.issue("a")
    for kind, body in (first, ("TicketsMissed", {"tickets": ["a"]})):
        story.release("a")
        story.add(kind, **body)
    timeline = Timeline(story.rows)
    assert [timeline.ticket_at("a", seq).state for seq in (4, 6)] == ["issued", "missed"]
    assert timeline.scene_at(6) == Scene(limit=10)


def test_a_timeline_knows_where_a_ticket_was_sent_and_the_pause() -> None:
    story = Story()
    story.issue("a")
    story.enter("a")
    transfer = story.add("TicketTransferred", ticket="a", service="other", counter="1")
    closed = story.add("CounterClosed", counter="1")
    drain = story.add("DrainStarted", clean_from=0, empty_by=0, cleaning=0, next_pause=0)
    timeline = Timeline(story.rows)
    assert timeline.ticket_at("a", transfer.seq) == Seen("entered", "other", "1")
    assert timeline.ticket_at("a", closed.seq) == Seen("entered", "other", "")
    assert timeline.was_ever_in("none", closed.seq)
    assert not timeline.was_ever_in("none", drain.seq)


@pytest.mark.parametrize(
    ("shown", "wrong"),
    [
        ({"occupancy": 1, "released": 1, "limit": 10}, {"occupancy": 2}),
        ({"occupancy": 1, "released": 1, "limit": 10}, {"released": 0}),
        ({"phase": "none"}, {"phase": "cleaning"}),
    ],
)
def test_an_answer_about_the_hall_or_the_pause_that_was_never_true(
    shown: dict[str, Any], wrong: dict[str, Any]
) -> None:
    run = good_run()
    run.tell("recount", None, (200, shown | {"seq": 6}), target="1")
    assert "never_true" not in run.kinds()
    run.tell("recount", None, (200, shown | wrong | {"seq": 6}), target="1")
    assert "never_true" in run.kinds()


def test_an_answer_about_the_pause_older_than_an_acknowledgement() -> None:
    run = good_run()
    run.tell("read", None, (200, {"phase": "none", "seq": 5}))
    assert run.kinds() == ["order_reversed"]


def cleaned_and_refused(kind: str, phase: str, *, confirmed: bool) -> Run:
    run = Run()
    run.tell("drain", run.story.clean(), (200, {}))
    if confirmed:
        run.tell("confirm", run.story.confirm(), (200, {}))
    run.tell("read", None, (409, {"type": f"urn:kezek:problem:{kind}", "extra": {"phase": phase}}))
    return run


def test_a_refusal_for_a_pause_that_is_true() -> None:
    assert cleaned_and_refused("paused", "cleaning", confirmed=False).kinds() == []
    assert cleaned_and_refused("not-cleaning", "none", confirmed=True).kinds() == []


def test_a_refusal_for_a_pause_that_was_over_before_it_was_asked_for() -> None:
    over = cleaned_and_refused("paused", "cleaning", confirmed=True)
    assert over.kinds() == ["stale_refusal"]
    begun = cleaned_and_refused("not-cleaning", "none", confirmed=False)
    assert begun.kinds() == ["stale_refusal"]
