"""`verify` decides every command a second time and finds what the rules do not lead to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from msgspec.structs import replace

from queue_service.audit.verify import findings
from queue_service.policy import commands as asked
from queue_service.policy import events as happened
from tests.policy.branch_day import COUNTERS, Day, clock, with_groups

if TYPE_CHECKING:
    from collections.abc import Callable

    from queue_service.policy.events import Entry

    Journal = list[Entry]


@pytest.fixture(scope="module")
def journal() -> Journal:
    """A day with one group of two; the plan takes a free counter out of use in the afternoon."""
    day = Day(with_groups(group_size=2, group_interval=0))
    day.at("09:00").open("1")
    day.open("2")
    for service in ("passport", "pension", "passport", "passport"):
        day.take(service)
    for ticket in (*day.released(), *day.released()):
        day.enter(ticket)
    served = day.called("1")
    day.start(served)
    day.transfer(served, service="pension")
    day.start(day.called("1"))
    day.recount(9)
    day.at("15:00").change_plan(with_groups(counters=(COUNTERS[0], COUNTERS[2])))
    day.at("19:00")
    return day.journal


def place_of(journal: Journal, kind: type[happened.Event], number: int = 0) -> int:
    """Index of the n-th entry of a kind."""
    return [index for index, entry in enumerate(journal) if isinstance(entry.event, kind)][number]


def forged(journal: Journal, index: int, by: str = "", at: int = 0, **changes: Any) -> Journal:  # noqa: ANN401
    """The journal with one entry that says something else."""
    entry = journal[index]
    entry = replace(
        entry, by=by or entry.by, at=at or entry.at, event=replace(entry.event, **changes)
    )
    return [*journal[:index], entry, *journal[index + 1 :]]


def told(journal: Journal) -> list[str]:
    return [finding.how for finding in findings(journal) if finding.law == "decision"]


def ticket(journal: Journal, number: int) -> str:
    """Id of the n-th ticket of the day."""
    event = journal[place_of(journal, happened.TicketIssued, number)].event
    assert isinstance(event, happened.TicketIssued)
    return event.ticket


FORGERIES: dict[str, tuple[Callable[[Journal], Journal], str]] = {
    "a later ticket is let in": (
        lambda day: forged(
            day, place_of(day, happened.GroupReleased), tickets=(ticket(day, 0), ticket(day, 3))
        ),
        "GroupReleased: tickets P-001 P-003, by the rules P-001 S-001",
    ),
    "a later ticket is called": (
        lambda day: forged(day, place_of(day, happened.TicketCalled), ticket=ticket(day, 2)),
        "TicketCalled: ticket P-002, by the rules P-001",
    ),
    "a counter calls for a service that it cannot give": (
        lambda day: forged(day, place_of(day, happened.TicketCalled), ticket=ticket(day, 1)),
        "TicketCalled: ticket S-001, by the rules P-001",
    ),
    "a group has another number": (
        lambda day: forged(day, place_of(day, happened.GroupReleased), group=77),
        "GroupReleased: group 77, by the rules 1",
    ),
    "a plan has another version": (
        lambda day: forged(day, place_of(day, happened.PlanChanged, 1), version=5),
        "PlanChanged: version 5, by the rules 2",
    ),
    "a ticket is for a service that the plan has not": (
        lambda day: forged(day, place_of(day, happened.TicketIssued), services=("nonsense",)),
        "TicketIssued: the rules refuse it, unknown_service",
    ),
    "a ticket has another service time": (
        lambda day: forged(day, place_of(day, happened.TicketIssued), service_times=(1,)),
        "TicketIssued: service_times 1, by the rules 600000",
    ),
    "a ticket is sent to a service that the plan has not": (
        lambda day: forged(day, place_of(day, happened.TicketTransferred), service="nonsense"),
        "TicketTransferred: the rules refuse it, unknown_service",
    ),
    "a recount tells another count before it": (
        lambda day: forged(day, place_of(day, happened.HallRecounted), before=2),
        "HallRecounted: before 2, by the rules 4",
    ),
    "a day is closed before its time": (
        lambda day: forged(day, place_of(day, happened.DayClosed), at=clock("17:58")),
        "DayClosed: by the rules nothing happens",
    ),
    "a day is ended before its time": (
        lambda day: forged(day, place_of(day, happened.DayEnded), at=clock("18:58")),
        "DayEnded: by the rules nothing happens",
    ),
    "a visit that was nearly served has expired": (
        lambda day: forged(day, place_of(day, happened.DayEnded), finished=()),
        "DayEnded: finished nobody, by the rules P-002",
    ),
    "a visitor closes the day": (
        lambda day: forged(day, place_of(day, happened.DayClosed), by="visitor:nobody"),
        "DayClosed: only the clock brings it about",
    ),
    "a part of a command is lost": (
        lambda day: day[: place_of(day, happened.CounterClosed)],
        "PlanChanged: by the rules PlanChanged, CounterClosed",
    ),
}


def test_the_day_is_sound(journal: Journal) -> None:
    assert findings(journal) == []


@pytest.mark.parametrize("forgery", FORGERIES)
def test_a_forgery_is_told_with_what_the_rules_lead_to(journal: Journal, forgery: str) -> None:
    forge, line = FORGERIES[forgery]
    assert any(line in how for how in told(forge(journal)))


def test_what_one_asks_for_and_the_rules_allow_is_no_forgery() -> None:
    day = Day(with_groups())
    day.at("09:00")
    first, second, third = day.take("passport"), day.take("passport"), day.take("pension")
    day.release(2)
    day.postpone(first)
    day.enter(second)
    day.leave(second)
    day.cancel(third, "left")
    assert findings(day.journal) == []


def test_a_redirect_with_a_change_and_one_by_the_plan_in_force_are_no_forgeries() -> None:
    online = with_groups(non_online_only=True, party_limit=3)
    for before in (with_groups(), online):
        day = Day(with_groups())
        day.at("09:00")
        first = day.take("certificate")
        day.take("passport")
        day.change_plan(before)
        day.change_plan(online, redirect_issued=True)
        assert day[first].redirected
        assert findings(day.journal) == []
        redirect = place_of(day.journal, happened.TicketsRedirected)
        assert told(forged(day.journal, redirect, tickets=()))


def test_what_the_journal_was_told_later_is_no_forgery() -> None:
    day = Day(with_groups())
    day.at("09:00")
    ticket = day.take("passport")
    day.released()
    day.at("09:12").send(asked.EnterTicket, ticket=ticket, done_at=clock("09:05"))
    assert day[ticket].state == "entered"
    assert findings(day.journal) == []


@pytest.mark.parametrize(
    ("kind", "by"),
    [
        (happened.GroupReleased, "visitor:nobody"),
        (happened.TicketCalled, "visitor:nobody"),
        (happened.TicketCalled, "attendant:door"),
        (happened.TicketEntered, "operator:1"),
        (happened.HallRecounted, "manager:1"),
        (happened.PlanChanged, "kiosk:hall"),
        (happened.TicketIssued, "somebody"),
    ],
)
def test_what_is_not_for_the_actors_role_is_told(
    journal: Journal, kind: type[happened.Event], by: str
) -> None:
    index = place_of(journal, kind)
    (found,) = findings(forged(journal, index, by=by))
    assert (found.seq, found.law) == (journal[index].seq, "actor")
    assert found.how == f"{kind.__name__} is not for {by} to bring about"


@pytest.mark.parametrize(
    ("kind", "by"),
    [
        (happened.GroupReleased, "attendant:door"),
        (happened.TicketCalled, "operator:1"),
        (happened.PlanChanged, "service"),
        (happened.PlanChanged, "manager:1"),
        (happened.TicketIssued, "kiosk:hall"),
        (happened.TicketIssued, "visitor:page"),
    ],
)
def test_what_is_for_the_actors_role_is_sound(
    journal: Journal, kind: type[happened.Event], by: str
) -> None:
    assert findings(forged(journal, place_of(journal, kind), by=by)) == []
