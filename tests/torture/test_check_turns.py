"""The checker of turns finds whoever is overtaken in the hall or called to a wrong counter."""

from __future__ import annotations

from typing import Any

import pytest

from tests.torture.check_journal import journal_findings
from tests.torture.story import Story


def kinds(story: Story) -> list[str]:
    return sorted({finding.kind for finding in journal_findings(story.rows)})


def waiting(*names: str) -> Story:
    """Visitors in the hall; counter 1 gives everything, counter 2 only `other`."""
    story = Story(limit=9)
    skills = {"1": ["test", "other"], "2": ["other"], "3": ["test"]}
    counters = [{"code": code, "skills": given} for code, given in skills.items()]
    story.change_plan(hall_limit=9, counters=counters)
    for name in names:
        story.issue(name)
        story.enter(name)
    return story


def call(story: Story, ticket: str, counter: str = "1") -> Story:
    story.add("TicketCalled", ticket=ticket, counter=counter)
    return story


def transferred(story: Story, ticket: str, service: str, counter: str = "") -> Story:
    body: dict[str, Any] = {"counter": counter} if counter else {}
    story.add("TicketTransferred", ticket=ticket, service=service, service_time=1, **body)
    return story


def test_the_first_is_called() -> None:
    assert kinds(call(waiting("a", "b"), "a")) == []
    assert kinds(call(waiting("a", "b"), "b")) == ["overtaken"]


def test_a_counter_passes_over_whom_it_cannot_serve() -> None:
    story = waiting("a")
    story.add("TicketIssued", ticket="b", number="T-002", services=["other"])
    story.enter("b")
    assert kinds(call(story, "b", "2")) == []
    assert kinds(call(waiting("a"), "a", "2")) == ["wrong_counter"]


def test_a_transferred_ticket_keeps_its_place() -> None:
    story = transferred(call(waiting("a", "b"), "a"), "a", "other")
    assert kinds(call(story, "a")) == []
    story = transferred(call(waiting("a", "b"), "a"), "a", "other")
    assert kinds(call(story, "b")) == ["overtaken"]


def test_a_ticket_that_was_sent_to_one_counter_is_called_by_no_other() -> None:
    story = transferred(waiting("a", "b"), "a", "test", "3")
    assert kinds(call(story, "b")) == []
    story = transferred(waiting("a", "b"), "a", "test", "3")
    assert kinds(call(story, "b", "3")) == ["overtaken"]
    story = transferred(waiting("a", "b"), "a", "test", "3")
    assert kinds(call(story, "a", "1")) == ["wrong_counter"]


def test_whoever_was_sent_to_a_counter_that_closes_is_called_by_any() -> None:
    story = transferred(waiting("a", "b"), "a", "test", "3")
    story.add("CounterClosed", counter="3")
    assert kinds(call(story, "b")) == ["overtaken"]


@pytest.mark.parametrize("back", ["TicketReturned", "ServiceFinished"])
def test_whoever_comes_back_has_the_old_place(back: str) -> None:
    story = waiting()
    story.add("TicketIssued", ticket="a", number="T-001", services=["test", "other"])
    story.enter("a")
    call(story, "a")
    if back == "TicketReturned":
        story.add("TicketNotShown", ticket="a")
        story.add("TicketReturned", ticket="a")
    else:
        story.add("ServiceStarted", ticket="a")
        story.add("ServiceFinished", ticket="a", service="test")
    story.add("TicketIssued", ticket="b", number="T-002", services=["other"])
    story.enter("b")
    assert kinds(call(story, "b")) == ["overtaken"]


def test_whoever_is_on_hold_or_gone_stands_in_nobodys_way() -> None:
    story = call(waiting("a", "b", "c"), "a")
    story.add("TicketHeld", ticket="a")
    story.add("TicketCancelled", ticket="b")
    assert kinds(call(story, "c")) == []


def test_a_visit_goes_on_only_at_a_counter_that_can_serve_it() -> None:
    for counter, expected in (("3", []), ("2", ["wrong_counter"])):
        story = call(waiting("a"), "a")
        story.add("TicketHeld", ticket="a")
        story.add("TicketResumed", ticket="a", counter=counter)
        assert kinds(story) == expected


def test_the_order_of_the_classes_goes_before_the_order_of_issue() -> None:
    story = waiting()
    for number, (name, order) in enumerate((("a", 900), ("b", 100)), start=1):
        story.add(
            "TicketIssued", ticket=name, number=f"T-00{number}", services=["test"], order=order
        )
        story.enter(name)
    assert kinds(call(story, "a")) == ["overtaken"]
