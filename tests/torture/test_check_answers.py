"""The checker of answers finds each contradiction in a hand-made run, and nothing in a good one."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from tests.torture.check import findings
from tests.torture.history import NOTHING_HEARD, Action, Attempt
from tests.torture.told_story import good_run, ticket


def test_a_good_run_has_no_findings() -> None:
    run = good_run()
    assert findings(run.told, run.story.rows) == []


def test_an_acknowledged_command_that_the_journal_lost() -> None:
    run = good_run()
    del run.story.rows[-1]
    assert run.kinds() == ["acknowledged_lost"]


def test_a_ticket_acknowledged_only_on_the_retry_and_lost() -> None:
    run = good_run()
    run.tell("take", None, (NOTHING_HEARD, {}), (201, ticket("c", "T-003")))
    assert run.kinds() == ["acknowledged_lost"]


def test_a_command_without_an_answer_may_or_may_not_be_done() -> None:
    run = good_run()
    run.tell("take", None, (NOTHING_HEARD, {}), (503, {}))
    run.tell("take", run.story.issue("c"), (NOTHING_HEARD, {}), (503, {}))
    assert run.kinds() == []


def test_an_answer_with_another_number_than_the_journal() -> None:
    run = good_run()
    run.tell("take", run.story.issue("c"), (201, ticket("c", "T-033")))
    assert run.kinds() == ["answer_differs"]


def test_a_call_of_another_ticket_than_in_the_journal() -> None:
    run = good_run()
    run.story.enter("b")
    row = run.story.add("TicketCalled", ticket="b", counter="2")
    run.tell("call", row, (200, ticket("a", "T-001")), target="2")
    assert run.kinds() == ["answer_differs"]


def test_a_group_with_other_tickets_than_in_the_journal() -> None:
    run = good_run()
    run.story.issue("c")
    group = {"group": 2, "people": 1, "tickets": [{"id": "b"}]}
    run.tell("release", run.story.release("c"), (201, group))
    assert run.kinds() == ["answer_differs"]


def test_one_number_told_to_two_visitors() -> None:
    run = good_run()
    run.tell("take", run.story.issue("c", number="T-002"), (201, ticket("c", "T-002")))
    assert run.kinds() == ["duplicate_number"]


def test_a_refusal_of_what_was_done() -> None:
    run = good_run()
    run.tell("take", run.story.issue("c"), (409, {"type": "urn:kezek:problem:day-closed"}))
    assert run.kinds() == ["refused_but_done"]


def test_a_refusal_after_silence_proves_nothing() -> None:
    run = good_run()
    run.tell("enter", run.story.enter("b"), (NOTHING_HEARD, {}), (409, {}), target="b")
    assert run.kinds() == []


def test_a_repeated_key_with_another_ticket() -> None:
    run = good_run()
    body = ticket("c", "T-003")
    run.tell("take", run.story.issue("c"), (201, body), (201, body | {"id": "x"}))
    assert run.kinds() == ["answer_differs", "duplicate_number", "other_answer"]


def test_a_repeated_key_with_another_status() -> None:
    run = good_run()
    body = ticket("c", "T-003")
    run.tell("take", run.story.issue("c"), (201, body), (200, body))
    assert run.kinds() == ["other_answer"]


def test_a_repeated_key_that_is_refused() -> None:
    run = good_run()
    enter = run.story.enter("b")
    run.tell("enter", enter, (200, ticket("b", "T-002")), (409, {}), target="b")
    assert run.kinds() == ["other_answer"]


def test_a_key_repeated_by_another_client_is_the_same_command() -> None:
    run = good_run()
    first = run.told[0]
    late = Attempt(replica=1, began=90.0, ended=91.0, status=201, body=ticket("x", "T-001"))
    run.told.append(replace(first, client=9, repeat=True, attempts=(late,)))
    assert "other_answer" in run.kinds()


def test_a_fault_of_the_service_and_a_ticket_that_it_does_not_know() -> None:
    run = good_run()
    run.tell("take", None, (500, {}), (409, {}))
    assert run.kinds() == ["unexpected_answer"]
    run = good_run()
    run.tell("read", None, (404, {"type": "urn:kezek:problem:unknown-ticket"}), target="a")
    assert run.kinds() == ["unexpected_answer"]


def test_a_recount_of_another_number_than_was_asked_for() -> None:
    run = good_run()
    hall = {"occupancy": 1, "released": 1, "limit": 10}
    right = run.story.add("HallRecounted", occupancy=1, before=1, reason="counted")
    run.tell("recount", right, (200, hall), target="1")
    assert run.kinds() == []
    wrong = run.story.add("HallRecounted", occupancy=0, before=1, reason="counted")
    run.tell("recount", wrong, (200, hall), target="1")
    assert run.kinds() == ["answer_differs"]


@pytest.mark.parametrize("action", ["drain", "confirm"])
def test_a_pause_that_was_acknowledged_and_is_not_in_the_journal(action: Action) -> None:
    run = good_run()
    run.tell("drain", run.story.drain(), (200, {"phase": "draining"}))
    assert run.kinds() == []
    run = good_run()
    run.tell(action, None, (200, {"phase": "none"}))
    assert run.kinds() == ["acknowledged_lost"]


def test_a_transfer_that_is_something_else_in_the_journal() -> None:
    run = good_run()
    held = run.story.add("TicketHeld", ticket="a")
    run.tell("transfer", held, (200, ticket("a", "T-001")), target="a")
    assert run.kinds() == ["answer_differs"]


def test_of_mistakes_in_a_command_only_the_counters_own_are_expected() -> None:
    run = good_run()
    run.tell("transfer", None, (422, {"type": "urn:kezek:problem:lacks-skill"}), target="a")
    assert run.kinds() == []
    run.tell("transfer", None, (422, {"type": "urn:kezek:problem:invalid-field"}), target="a")
    assert run.kinds() == ["unexpected_answer"]
