"""The checker of answers finds each contradiction in a hand-made run, and nothing in a good one."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from tests.torture.check_answers import answer_findings
from tests.torture.history import NOTHING_HEARD, Action, Attempt, Row, Told
from tests.torture.story import DAY, Story


class Run:
    """A journal and what clients were told about it; each command takes a second."""

    def __init__(self) -> None:
        self.story = Story()
        self.told: list[Told] = []
        self.clock = 0.0

    def tell(
        self,
        action: Action,
        row: Row | None,
        *answers: tuple[int, dict[str, Any]],
        target: str = "",
    ) -> Told:
        """A client's command, borne by `row` if any, with the status and body of every attempt."""
        attempts = []
        for status, body in answers:
            began, self.clock = self.clock, self.clock + 1
            attempts.append(
                Attempt(replica=0, began=began, ended=self.clock - 0.5, status=status, body=body)
            )
        told = Told(
            client=0,
            action=action,
            branch="here",
            subject="kiosk:torture",
            key=f"key-{len(self.told)}",
            target=target,
            attempts=tuple(attempts),
        )
        if row:
            place = self.story.rows.index(row)
            self.story.rows[place] = replace(row, command=told.command)
        self.told.append(told)
        return told

    def kinds(self) -> list[str]:
        return sorted({finding.kind for finding in answer_findings(self.told, self.story.rows)})


def ticket(name: str, number: str) -> dict[str, Any]:
    return {"id": name, "number": number, "branch": "here", "date": DAY, "services": ["test"]}


def good_run() -> Run:
    run, story = Run(), Story()
    run.story = story
    run.tell("take", story.issue("a"), (201, ticket("a", "T-001")))
    run.tell("take", story.issue("b"), (NOTHING_HEARD, {}), (201, ticket("b", "T-002")))
    run.tell("take", None, (503, {}), (409, {"type": "urn:kezek:problem:day-closed"}))
    group = {"group": 1, "people": 2, "tickets": [{"id": "a"}, {"id": "b"}]}
    run.tell("release", story.release("a", "b"), (201, group))
    run.tell("enter", story.enter("a"), (200, ticket("a", "T-001")), target="a")
    call = story.add("TicketCalled", ticket="a", counter="1")
    run.tell("call", call, (200, ticket("a", "T-001")), target="1")
    run.tell("call", None, (204, {}), target="1")
    run.tell("read", None, (200, ticket("a", "T-001") | {"seq": 6}), target="a")
    return run


def test_a_good_run_has_no_findings() -> None:
    run = good_run()
    assert answer_findings(run.told, run.story.rows) == []


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
