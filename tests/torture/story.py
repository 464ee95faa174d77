"""Hand-made journals: each call appends one event of one branch-day."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from tests.torture.history import Row

DAY = "2020-03-19"


class Story:
    """The journal of a day under a hall limit, with a new command for every event."""

    def __init__(self, limit: int = 10, branch: str = "here") -> None:
        self.rows: list[Row] = []
        self._branch = branch
        self._groups = 0
        self._issued = 0
        self.change_limit(limit)

    def add(self, kind: str, /, *, same_command: bool = False, **body: Any) -> Row:  # noqa: ANN401
        """Appends an event; with `same_command` as a further one of the last command."""
        seq = len(self.rows) + 1
        last = self.rows[-1] if same_command else None
        row = Row(
            branch=self._branch,
            date=DAY,
            seq=seq,
            at=1000 * seq,
            kind=kind,
            body={"kind": kind, **body},
            command=last.command if last else self.command(seq),
            part=last.part + 1 if last else 0,
        )
        self.rows.append(row)
        return row

    def command(self, seq: int) -> bytes:
        """The id of the command that caused entry `seq`."""
        return f"{self._branch}{seq}".encode().ljust(16, b".")

    @property
    def next_at(self) -> int:
        """Instant of the next event."""
        return 1000 * (len(self.rows) + 1)

    def change_limit(self, limit: int) -> None:
        self.change_plan(hall_limit=limit)

    def change_plan(self, **plan: Any) -> Row:  # noqa: ANN401
        """Puts a plan of these values alone in force."""
        return self.add("PlanChanged", plan=plan, version=1)

    def issue(self, ticket: str, party: int = 1, number: str = "") -> Row:
        """Issues a ticket for one service, by default with the next number of letter T."""
        self._issued += 1
        number = number or f"T-{self._issued:03d}"
        return self.add(
            "TicketIssued", ticket=ticket, number=number, party=party, services=["test"]
        )

    def release(self, *tickets: str) -> Row:
        self._groups += 1
        people = sum(
            row.body["party"]
            for row in self.rows
            if row.body.get("ticket") in tickets and row.kind == "TicketIssued"
        )
        return self.add("GroupReleased", group=self._groups, tickets=[*tickets], people=people)

    def enter(self, ticket: str) -> Row:
        return self.add("TicketEntered", ticket=ticket)

    def drain(self) -> Row:
        """From now on nobody is let in; cleaning will last an instant."""
        at = self.next_at
        return self.add("DrainStarted", clean_from=at, empty_by=at, cleaning=1000, next_pause=0)

    def clean(self, seconds: int = 1) -> Row:
        return self.add("CleaningStarted", until=self.next_at + 1000 * seconds)

    def confirm(self) -> Row:
        return self.add("CleaningConfirmed", next_pause=0)

    def serve(self, ticket: str, counter: str) -> None:
        """Called, served, done."""
        self.add("TicketCalled", ticket=ticket, counter=counter)
        self.add("ServiceStarted", ticket=ticket)
        self.add("ServiceFinished", ticket=ticket, service="test")

    def repeat_last(self) -> None:
        """The last event once more, by another command."""
        body = dict(self.rows[-1].body)
        self.add(body.pop("kind"), **body)

    def changed(self, index: int, **changes: object) -> Row:
        """A row with other values."""
        return replace(self.rows[index], **changes)
