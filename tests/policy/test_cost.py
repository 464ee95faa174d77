"""Deciding costs O(log n) in the tickets of the day: counted in steps, not in time."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

import pytest

from queue_service.policy import commands as asked
from queue_service.policy import deadlines
from queue_service.policy.decide import decide, record
from queue_service.policy.evolve import evolve
from queue_service.policy.model import Key
from tests.policy.branch_day import COUNTERS, Day, a_pause, clock, with_groups

FEW = 250
TIMES = 16
PER_DOUBLING = 30
"""Steps that a doubling of the queue may add: a few bisections, one comparison more in each."""


class Counted(int):
    """An order key whose comparisons are calls, so that `steps` sees them."""

    def __lt__(self, other: int) -> bool:
        return int.__lt__(self, other)

    def __eq__(self, other: object) -> bool:
        return int.__eq__(self, other)

    __hash__ = int.__hash__


def steps(work: Callable[[], object]) -> int:
    """Calls of functions, resumed generators and comparisons of places that `work` makes."""
    calls = 0

    def count(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        work()
    finally:
        sys.setprofile(before)
    return calls


def crowded(tickets: int) -> Day:
    """Half wait outside, half inside; some are on their way, called, served or not there."""
    day = Day().late("10:00")
    pauses = (a_pause("16:00"), a_pause("17:00"))
    give(day, asked.ChangePlan, plan=with_groups(hall_limit=tickets, group_size=tickets // 2))
    for number in range(tickets):
        ticket = f"t{number:05d}"
        give(day, asked.TakeTicket, ticket=ticket, services=("passport",), despite_closing=True)
    give(day, asked.ReleaseGroup)
    for _, ticket in tuple(day.state.released):
        give(day, asked.EnterTicket, ticket=ticket)
    for counter in COUNTERS:
        give(day, asked.OpenCounter, counter=counter.code)
    give(day, asked.CallNext, counter="1")
    give(day, asked.MarkNoShow, ticket=day.state.counters["1"].ticket)
    give(day, asked.CallNext, counter="1")
    give(day, asked.CallNext, counter="2")
    give(day, asked.StartService, ticket=day.state.counters["2"].ticket)
    give(day, asked.ReleaseGroup, late="10:10", size=3)
    give(day, asked.ChangePlan, late="10:12", plan=with_groups(hall_limit=tickets, pauses=pauses))
    day.late("10:20")
    for queue in (*day.state.street.values(), *day.state.hall.values()):
        queue[:] = [counted(key) for key in queue]
    return day


def counted(key: Key) -> Key:
    return (Counted(key[0]), key[1], key[2])


def give(day: Day, kind: type[asked.Command], late: str = "", **fields: Any) -> None:  # noqa: ANN401
    """`Day.send` without the proof that deciding changes nothing, which walks through the state."""
    if late:
        day.late(late)
    day.commands += 1
    carry_out(day, kind(id=day.commands.to_bytes(16, "big"), by="staff", **fields))


def carry_out(day: Day, command: asked.Command) -> None:
    decision = decide(day.state, command, day.now)
    assert isinstance(decision, tuple), decision
    assert decision
    for entry in record(day.state, command, day.now, decision):
        evolve(day.state, entry)


def in_state(day: Day, state: str) -> str:
    """The ticket in the middle of those in `state`."""
    tickets = [one.id for one in day.state.tickets.values() if one.state == state]
    return tickets[len(tickets) // 2]


BUSY_MINUTE: dict[str, tuple[type[asked.Command], dict[str, Any], str]] = {
    "take": (asked.TakeTicket, {"ticket": "new", "services": ("passport",)}, ""),
    "release": (asked.ReleaseGroup, {}, ""),
    "miss": (asked.Tick, {}, ""),
    "call": (asked.CallNext, {"counter": "3"}, ""),
    "enter": (asked.EnterTicket, {}, "released"),
    "start": (asked.StartService, {}, "called"),
    "finish": (asked.FinishService, {}, "serving"),
    "no-show": (asked.MarkNoShow, {}, "called"),
    "return": (asked.ReturnTicket, {}, "no_show"),
    "hold": (asked.HoldTicket, {}, "serving"),
    "transfer": (asked.TransferTicket, {"service": "pension"}, "entered"),
    "cancel outside": (asked.CancelTicket, {}, "issued"),
    "cancel inside": (asked.CancelTicket, {}, "entered"),
    "leave": (asked.LeaveTicket, {}, "entered"),
}
"""Name -> command, its fields, and the state of the ticket that it is about."""


@pytest.fixture(scope="module")
def quiet() -> Day:
    return crowded(FEW)


@pytest.fixture(scope="module")
def busy() -> Day:
    return crowded(FEW * TIMES)


def cost(crowd: Day, name: str) -> int:
    """Steps of deciding and of writing down, on a copy of the day."""
    kind, fields, state = BUSY_MINUTE[name]
    day = Day()
    day.state, day.now = crowd.state.copy(), crowd.now
    if state:
        fields = fields | {"ticket": in_state(day, state)}
    if name == "enter":
        day.now = clock("10:19")
    command = kind(id=b"new", by="staff", **fields)
    return steps(lambda: carry_out(day, command))


@pytest.mark.parametrize("name", BUSY_MINUTE)
def test_sixteen_times_the_tickets_cost_a_few_steps_more(name: str, quiet: Day, busy: Day) -> None:
    few, many = cost(quiet, name), cost(busy, name)
    assert few > 5
    assert many <= few + 4 * PER_DOUBLING


def test_so_does_the_next_deadline(quiet: Day, busy: Day) -> None:
    def look(day: Day) -> int:
        return steps(lambda: deadlines.next_deadline(day.state, day.now))

    assert look(busy) <= look(quiet) + 4 * PER_DOUBLING


def test_the_count_sees_a_walk_through_the_queue(busy: Day) -> None:
    """The measure is worth something: a sorted copy of the street is seen as what it costs."""
    street = next(iter(busy.state.street.values()))
    assert steps(lambda: sorted(street)) > len(street)
    assert steps(lambda: any(key[2] == "nobody" for key in street)) > len(street)
