"""Hand-made runs: a journal, and what clients were told about it."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from tests.torture.check import findings
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
        return sorted({finding.kind for finding in findings(self.told, self.story.rows)})


def ticket(name: str, number: str) -> dict[str, Any]:
    body = {"id": name, "number": number, "branch": "here", "date": DAY}
    return {**body, "services": ["test"], "service": "test"}


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
