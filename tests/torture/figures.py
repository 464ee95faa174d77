"""What a run did, counted: a run that did little proves little."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from msgspec import Struct

from tests.torture.asked import asked
from tests.torture.history import by_command

if TYPE_CHECKING:
    from queue_service.settings import ClockSetting
    from tests.torture.arena import Left


class Figures(Struct, frozen=True, kw_only=True):
    """Counts of one run."""

    commands: int
    acknowledged: int
    refused: int
    undecided: int
    """Commands whose fate no client ever heard of."""
    tickets: int
    readings: int
    entries: int
    streams: int
    pauses: int
    """Cleanings that were confirmed."""
    closings: int
    recounts: int
    transfers: int
    holds: int
    visits_of_several: int
    """Tickets for more than one service."""
    kills: dict[str, int]
    conflicts: int
    """Commands that a replica had to decide anew because the other one had written."""
    retried: int
    """Acknowledged commands that needed more than one attempt."""
    done_before_retry: int
    """Those that were in the journal before the attempt that was acknowledged began."""
    repeated: int
    """Acknowledged commands that were acknowledged again later, or by both replicas at once."""


def figures_of(left: Left, clock: ClockSetting) -> Figures:
    """Counts what a run with that clock left behind."""
    journal = by_command(left.rows)
    commands = [*asked(left.told)]
    kinds = Counter(row.kind for row in left.rows)
    counts: Counter[str] = Counter()
    for each in commands:
        done = each.acknowledged
        counts["acknowledged"] += bool(done)
        counts["tickets"] += bool(done) and each.told.action == "take"
        counts["refused"] += not done and each.attempts[-1].decided
        counts["undecided"] += not any(attempt.decided for attempt in each.attempts)
        counts["repeated"] += len(done) > 1
        if done and not each.attempts[0].decided:
            counts["retried"] += 1
            began = clock.virtual_ms + (done[0].began * 1000 - clock.real_ms) * clock.speed
            written = journal.get(each.told.command)
            counts["done_before_retry"] += written is not None and written[0].at < began
    return Figures(
        commands=len(commands),
        readings=sum(each.action == "read" for each in left.told),
        entries=len(left.rows),
        streams=len({row.stream for row in left.rows}),
        pauses=kinds["CleaningConfirmed"],
        closings=kinds["DayClosed"],
        recounts=kinds["HallRecounted"],
        transfers=kinds["TicketTransferred"],
        holds=kinds["TicketHeld"],
        visits_of_several=sum(
            row.kind == "TicketIssued" and len(row.body["services"]) > 1 for row in left.rows
        ),
        kills=left.kills,
        conflicts=left.conflicts,
        **{
            name: counts[name]
            for name in (
                *("acknowledged", "refused", "undecided", "tickets"),
                *("retried", "done_before_retry", "repeated"),
            )
        },
    )
