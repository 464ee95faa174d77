"""The checker of pauses finds whoever is let in at the wrong time, and every broken pause."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.torture.check_journal import journal_findings
from tests.torture.story import Story

if TYPE_CHECKING:
    from collections.abc import Callable

LIMIT = 5


def kinds(story: Story) -> list[str]:
    return sorted({finding.kind for finding in journal_findings(story.rows)})


def draining() -> Story:
    """A visitor inside, one on the way, one outside, and the hall drains."""
    story = Story(limit=LIMIT)
    for name in ("a", "b", "c"):
        story.issue(name)
    story.release("a")
    story.enter("a")
    story.release("b")
    story.drain()
    return story


def emptied() -> Story:
    """Nobody inside any more, one outside."""
    story = draining()
    story.add("TicketsMissed", tickets=["b"])
    story.add("AlarmRaised", alarm="hall_not_empty", people=1)
    story.serve("a", "1")
    story.add("TicketLeft", ticket="a")
    return story


def cleaning() -> Story:
    story = emptied()
    story.clean()
    return story


def test_a_good_pause_has_no_findings() -> None:
    story = cleaning()
    story.add("AlarmRaised", alarm="confirmation_overdue")
    story.confirm()
    story.release("c")
    story.enter("c")
    assert journal_findings(story.rows) == []


def test_during_a_drain_whoever_was_released_still_comes_in() -> None:
    story = draining()
    story.enter("b")
    assert kinds(story) == []


@pytest.mark.parametrize("phase", [draining, emptied, cleaning])
@pytest.mark.parametrize("let_in", [Story.release, Story.enter])
def test_nobody_is_let_in_during_a_pause(
    phase: Callable[[], Story], let_in: Callable[[Story, str], object]
) -> None:
    story = phase()
    let_in(story, "c")
    assert kinds(story) == ["shut_door"]


def test_nobody_passes_the_door_or_is_called_while_the_hall_is_cleaned() -> None:
    story = cleaning()
    story.add("TicketRecalled", ticket="a", counter="1")
    assert kinds(story) == ["shut_door"]
    story = Story(limit=LIMIT)
    story.issue("a")
    story.enter("a")
    story.add("HallRecounted", occupancy=0, before=1, reason="counted")
    story.clean()
    story.add("TicketCalled", ticket="a", counter="1")
    assert kinds(story) == ["shut_door"]


def test_nobody_is_let_in_once_a_planned_drain_is_due() -> None:
    story = Story(limit=LIMIT)
    planned = story.next_at + 2000
    pause = {"drain_at": planned, "starts_at": planned + 1000, "cleaning": 1000}
    story.change_plan(hall_limit=LIMIT, pauses=[pause])
    story.issue("a")
    story.release("a")
    assert kinds(story) == ["shut_door"]


def test_a_pause_that_was_had_is_not_due_again() -> None:
    story = Story(limit=LIMIT)
    planned = story.next_at + 1000
    pause = {"drain_at": planned, "starts_at": planned, "cleaning": 1000}
    story.change_plan(hall_limit=LIMIT, pauses=[pause])
    story.drain()
    story.clean()
    story.confirm()
    story.issue("a")
    story.release("a")
    assert kinds(story) == []


def test_nobody_is_let_in_after_closing_or_out_of_hours() -> None:
    story = Story(limit=LIMIT)
    story.issue("a")
    story.add("DayClosed", expired=[])
    story.release("a")
    assert kinds(story) == ["shut_door"]
    for hours in ({"opens_at": 10_000}, {"last_admission_at": 3000}):
        story = Story(limit=LIMIT)
        story.change_plan(hall_limit=LIMIT, **hours)
        story.issue("a")
        story.enter("a")
        assert kinds(story) == ["shut_door"]


def test_a_plan_opens_a_closed_day_again() -> None:
    story = Story(limit=LIMIT)
    story.issue("a")
    story.add("DayClosed", expired=[])
    story.change_limit(LIMIT)
    story.release("a")
    assert kinds(story) == []


def occupied_cleaning() -> Story:
    story = draining()
    story.clean()
    return story


def short_cleaning() -> Story:
    story = emptied()
    story.clean(seconds=0)
    return story


def early_confirmation() -> Story:
    story = emptied()
    story.clean(seconds=2)
    story.confirm()
    return story


def second_drain() -> Story:
    story = draining()
    story.drain()
    return story


def confirmation_of_nothing() -> Story:
    story = emptied()
    story.confirm()
    return story


def second_cleaning() -> Story:
    story = cleaning()
    story.clean()
    return story


def cleaning_before_its_time(actor: str = "clock") -> Story:
    story = Story(limit=LIMIT)
    later = story.next_at + 5000
    story.add("DrainStarted", clean_from=later, empty_by=later, cleaning=1000, next_pause=0)
    story.clean()
    story.rows[-1] = story.changed(-1, actor=actor)
    return story


def test_an_attendant_may_have_an_empty_hall_cleaned_early() -> None:
    assert kinds(cleaning_before_its_time("attendant:torture")) == []


def alarm_without_people() -> Story:
    story = emptied()
    story.add("AlarmRaised", alarm="hall_not_empty", people=1)
    return story


def alarm_before_the_end() -> Story:
    story = emptied()
    story.clean(seconds=9)
    story.add("AlarmRaised", alarm="confirmation_overdue")
    return story


@pytest.mark.parametrize(
    "broken",
    [
        occupied_cleaning,
        short_cleaning,
        early_confirmation,
        second_drain,
        confirmation_of_nothing,
        second_cleaning,
        cleaning_before_its_time,
        alarm_without_people,
        alarm_before_the_end,
    ],
)
def test_a_pause_goes_its_way(broken: Callable[[], Story]) -> None:
    assert kinds(broken()) == ["pause_broken"]
