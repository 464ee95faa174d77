"""Commands that come twice, entries, their stored form, and copies of the state."""

from __future__ import annotations

import msgspec
import pytest

from queue_service.policy import commands as asked
from queue_service.policy import events as happened
from queue_service.policy.decide import decide, record
from queue_service.policy.evolve import fold
from queue_service.policy.model import State
from tests.policy.branch_day import Day, a_plan, clock, with_groups


def take(command: bytes, ticket: str = "a", by: str = "kiosk") -> asked.TakeTicket:
    return asked.TakeTicket(id=command, by=by, ticket=ticket, services=("passport",))


def test_a_command_seen_before_changes_nothing() -> None:
    day = Day(a_plan()).at("10:00")
    assert day.give(take(b"once"))
    assert day.give(take(b"once")) == ()
    assert day.give(take(b"once", ticket="b")) == ()
    assert list(day.state.tickets) == ["a"]


def test_a_command_that_was_refused_may_be_given_again() -> None:
    day = Day(a_plan()).late("08:00")
    assert isinstance(day.give(take(b"early")), happened.Refusal)
    assert isinstance(day.late("10:00").give(take(b"early")), tuple)


def test_a_visit_refused_as_demand_is_counted_once_however_often_it_is_sent() -> None:
    day = Day(a_plan(non_online_only=True)).at("10:00")
    command = asked.TakeTicket(id=b"x", by="kiosk", ticket="a", services=("certificate",))
    day.give(command)
    day.give(command)
    assert day.state.refused == {"online_only": 1}


def test_the_first_event_of_a_command_is_where_it_is_found() -> None:
    day = Day(a_plan()).at("10:00")
    day.give(take(b"walks in"))
    entries = day.journal[-2:]
    assert [entry.part for entry in entries] == [0, 1]
    assert [entry.command for entry in entries] == [b"walks in"] * 2
    assert [entry.by for entry in entries] == ["kiosk"] * 2
    assert day.state.seen[b"walks in"] == entries[0].seq


def test_entries_take_the_next_places_and_the_later_of_two_instants() -> None:
    state = State(seq=7, at=clock("12:00"))
    events = (happened.CounterOpened(counter="1"), happened.CounterClosed(counter="1"))
    early = record(state, take(b"x"), clock("11:00"), events)
    late = record(state, take(b"x"), clock("13:00"), events)
    assert [entry.seq for entry in early] == [8, 9]
    assert [entry.at for entry in early] == [clock("12:00")] * 2
    assert [entry.at for entry in late] == [clock("13:00")] * 2


def test_every_event_is_stored_under_its_name_and_read_back() -> None:
    event = happened.TicketCalled(ticket="a", counter="2")
    body = happened.encode(event)
    assert msgspec.json.decode(body) == {"kind": "TicketCalled", "ticket": "a", "counter": "2"}
    assert happened.decode(body) == happened.decode(body.decode()) == event


def test_what_is_no_event_is_not_read() -> None:
    with pytest.raises(msgspec.ValidationError):
        happened.decode(b'{"kind": "TicketStolen", "ticket": "a"}')


def test_a_replay_of_the_stored_journal_gives_the_same_state() -> None:
    day = Day(with_groups(message={"ru": "Добро пожаловать"})).at("10:00")
    day.open("1")
    for ticket in (day.take(), day.take("pension", party=2), day.take("identity", "passport")):
        day.at("10:00")
        assert ticket
    for ticket in day.released():
        day.enter(ticket)
    day.start(day.called("1"))
    day.at("19:00")
    assert day.replayed() == day.state
    assert fold(day.journal[:3]) != day.state


def test_a_copy_is_independent() -> None:
    day = Day(with_groups(non_online_only=True)).at("10:00")
    day.open("1")
    day.ask("certificate")
    for _ in range(3):
        day.take(carried_from=f"y{day.commands}")
    day.enter(day.released(1)[0])
    day.take()
    day.at("10:10").release(1)
    day.at("10:20")
    twin = day.state.copy()
    assert twin == day.state
    day.called("1")
    day.ask("certificate")
    day.take("pension", carried_from="y")
    day.at("10:30").release()
    assert twin != day.state
    for name in ("seen", "tickets", "carried", "refused", "street", "hall", "released"):
        assert getattr(twin, name) != getattr(day.state, name), name
    assert twin.numbers != day.state.numbers
    assert twin.counters != day.state.counters
    assert twin.rejoining != day.state.rejoining


def test_a_decision_needs_no_time_of_its_own() -> None:
    state = Day(a_plan()).state
    command = take(b"x")
    assert decide(state, command, clock("10:00")) == decide(state, command, clock("10:00"))


def test_events_without_an_end_state_keep_a_visit_open() -> None:
    day = Day(a_plan()).at("10:00")
    ticket = day.take()
    assert not day[ticket].ended
    day.cancel(ticket)
    assert day[ticket].ended
