"""What clients were told, held against the journal and against what others were told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.torture.asked import Asked, asked
from tests.torture.history import NOTHING_HEARD, Action, Attempt, Finding, Row, Told, by_command

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    Check = Callable[[Told, dict[str, Any], dict[str, Any]], bool]


def answer_findings(told: Iterable[Told], rows: Iterable[Row]) -> list[Finding]:
    """Every answer that the journal does not bear out, or that contradicts another answer."""
    told = list(told)
    journal = by_command(rows)
    commands = list(asked(told))
    found = [*_unexpected(told)]
    for each in commands:
        written = journal.get(each.told.command, [])
        found += _borne_out(each, written)
        found += _same_answer(each)
        found += _refused(each, written)
    return [*found, *_numbers(commands)]


EXPECTED = frozenset({NOTHING_HEARD, 200, 201, 204, 409, 412, 503})
"""Done, nobody waits, refused by a rule, the plan was changed meanwhile, the database is away."""
LACKS_SKILL = "urn:kezek:problem:lacks-skill"
"""A visitor is sent, now and then, to a counter that does not give the service."""


def _unexpected(told: Iterable[Told]) -> Iterator[Finding]:
    """Whatever is killed, nobody hears of a fault of the service, or that a ticket is unknown."""
    for each in told:
        for attempt in each.attempts:
            if attempt.status not in EXPECTED and attempt.body.get("type") != LACKS_SKILL:
                sentence = f"{each.action} {each.target} by client {each.client}, {each.key}"
                answer = f"{attempt.status} {attempt.body}"
                yield Finding("unexpected_answer", f"{sentence}: {answer}")


# --- what the journal must have ------------------------------------------------------------------


def _is_about_the_target(told: Told, _answer: dict[str, Any], event: dict[str, Any]) -> bool:
    return bool(event["ticket"] == told.target)


def _is_the_ticket(_told: Told, answer: dict[str, Any], event: dict[str, Any]) -> bool:
    return bool((answer["id"], answer["number"]) == (event["ticket"], event["number"]))


def _is_the_call(told: Told, answer: dict[str, Any], event: dict[str, Any]) -> bool:
    return bool((answer["id"], told.target) == (event["ticket"], event["counter"]))


def _is_the_group(_told: Told, answer: dict[str, Any], event: dict[str, Any]) -> bool:
    tickets = tuple(ticket["id"] for ticket in answer["tickets"])
    given = (answer["group"], answer["people"], tickets)
    return given == (event["group"], event["people"], tuple(event["tickets"]))


def _is_the_counter(told: Told, _answer: dict[str, Any], event: dict[str, Any]) -> bool:
    return bool(event["counter"] == told.target)


def _is_the_count(told: Told, _answer: dict[str, Any], event: dict[str, Any]) -> bool:
    return bool(event["occupancy"] == int(told.target))


def _happened(_told: Told, _answer: dict[str, Any], _event: dict[str, Any]) -> bool:
    return True


CAUSES: dict[Action, tuple[str, Check]] = {
    "take": ("TicketIssued", _is_the_ticket),
    "release": ("GroupReleased", _is_the_group),
    "enter": ("TicketEntered", _is_about_the_target),
    "leave": ("TicketLeft", _is_about_the_target),
    "cancel": ("TicketCancelled", _is_about_the_target),
    "call": ("TicketCalled", _is_the_call),
    "start": ("ServiceStarted", _is_about_the_target),
    "finish": ("ServiceFinished", _is_about_the_target),
    "no-show": ("TicketNotShown", _is_about_the_target),
    "recall": ("TicketRecalled", _is_about_the_target),
    "return": ("TicketReturned", _is_about_the_target),
    "hold": ("TicketHeld", _is_about_the_target),
    "resume": ("TicketResumed", _is_about_the_target),
    "transfer": ("TicketTransferred", _is_about_the_target),
    "open": ("CounterOpened", _is_the_counter),
    "close": ("CounterClosed", _is_the_counter),
    "drain": ("DrainStarted CleaningStarted", _happened),
    "confirm": ("CleaningConfirmed", _happened),
    "recount": ("HallRecounted", _is_the_count),
}
"""Action -> the event that it causes, one of them, and whether that is what the answer says.

A change of plan is not here: the plan that it asks for may be in force already.
"""


def _borne_out(each: Asked, written: Sequence[Row]) -> Iterator[Finding]:
    if each.told.action not in CAUSES:
        return
    kinds, agrees = CAUSES[each.told.action]
    for attempt in each.acknowledged:
        if not written:
            yield Finding("acknowledged_lost", f"{each}: acknowledged, not in the journal")
            return
        events = [row.body for row in written if row.kind in kinds.split()]
        if not any(agrees(each.told, attempt.body, event) for event in events):
            there = ", ".join(f"{row.kind} {row.body}" for row in written)
            yield Finding("answer_differs", f"{each}: told {attempt.body}, journal: {there}")
            return


def _refused(each: Asked, written: Sequence[Row]) -> Iterator[Finding]:
    """After a refusal nothing may have happened, unless an earlier attempt went unanswered."""
    decided = all(attempt.decided for attempt in each.attempts)
    if written and decided and not each.acknowledged:
        yield Finding("refused_but_done", f"{each}: told {each.attempts[-1].body.get('type')}")


# --- what answers must agree on ------------------------------------------------------------------

OF_TICKET = ("id", "number", "branch", "date", "issued_at", "party_size", "priority")
LASTING: dict[Action, tuple[str, ...]] = {
    "release": ("group", "tickets", "people", "released_at", "arrive_by"),
    "open": ("counter",),
    "close": ("counter",),
    "drain": (),
    "confirm": (),
    "recount": (),
    "plan": (),
}
"""What the answer to a command says that does not change as the day goes on."""


def _same_answer(each: Asked) -> Iterator[Finding]:
    """Once acknowledged, a command is answered alike for ever, whichever replica is asked."""
    if not each.acknowledged:
        return
    first = min(each.acknowledged, key=lambda attempt: attempt.ended)
    for attempt in each.attempts:
        later = attempt.began > first.ended and attempt.decided
        if later and not attempt.acknowledged:
            sentence = f"{each}: acknowledged, then answered {attempt.status} {attempt.body}"
            yield Finding("other_answer", sentence)
        elif attempt.acknowledged and _lasting(each, attempt) != _lasting(each, first):
            yield Finding("other_answer", f"{each}: told {first.body}, then {attempt.body}")


def _lasting(each: Asked, attempt: Attempt) -> dict[str, Any]:
    names = LASTING.get(each.told.action, OF_TICKET)
    lasting = {name: attempt.body.get(name) for name in names}
    return {**lasting, "status": attempt.status}


def _numbers(commands: Iterable[Asked]) -> Iterator[Finding]:
    """No two visitors were told the same number."""
    holders: dict[tuple[str, str, str], str] = {}
    for each in commands:
        for attempt in each.acknowledged if each.told.action == "take" else ():
            body = attempt.body
            number = (body["branch"], body["date"], body["number"])
            if holders.setdefault(number, body["id"]) != body["id"]:
                yield Finding("duplicate_number", f"{each}: told {body['number']}, as another was")
