"""The visitors, as `simulation.guests` has them come, wait, give up, come late and go out."""

from __future__ import annotations

from simulation.guests import TOMORROW
from simulation.twin import asking, kiosk
from simulation.twin.compiled import part
from simulation.twin.layout import EXPIRED, ISSUED, NOBODY, NONE, Day, wide
from simulation.twin.moments import (
    COMES,
    COMES_AGAIN,
    GIVES_UP,
    LATEST,
    LEAVES,
    RETURNS,
    arrange,
    moment_of,
)
from simulation.twin.telling import QUEUE_TOO_LONG


@part
def comes_next(day: Day, number: int) -> None:
    """Lets the visitor of that number come at the drawn instant, if there is one."""
    state = day.state
    state.comer, state.comes = number, LATEST
    if number < state.people:
        state.comes = moment_of(day, day.comes_at[number], COMES, number)


@part
def comes(day: Day, number: int) -> None:
    """Comes for the first time; the next one comes after that."""
    _forget_visit(day, number)
    arrives(day, number)
    comes_next(day, number + 1)


@part
def _forget_visit(day: Day, number: int) -> None:
    held = day.tickets[number]
    held.state = NONE
    held.missed = held.returned = held.inside = held.rejoins = 0
    held.attentive = held.fetched = 0


@part
def arrives(day: Day, number: int) -> None:
    """Asks for a ticket, and for the rest where a part is not to be had."""
    person = day.people[number]
    both = person.second != NOBODY and not person.sent_on
    first, second = wide(person.service), wide(person.second) if both else NOBODY
    answer, bad, worse = kiosk.take_ticket(day, number, first, second)
    while bad != NOBODY or worse != NOBODY:
        rest_first = NOBODY if first in (bad, worse) else first
        rest_second = NOBODY if second in (bad, worse) else second
        if rest_first == NOBODY and rest_second == NOBODY:
            break
        if rest_first == NOBODY:
            rest_first, rest_second = rest_second, NOBODY
        first, second = rest_first, rest_second
        answer, bad, worse = kiosk.take_ticket(day, number, first, second)
    _hears(day, number, answer)


@part
def _hears(day: Day, number: int, answer: int) -> None:
    person = day.people[number]
    if answer == kiosk.NOT_YET_OPEN:
        opens_at = day.plans[day.state.plan].tickets_from
        arrange(day, opens_at, COMES_AGAIN, number)
    elif answer == kiosk.SENT_ONLINE:
        _does_next(day, number, person.sent_online)
    elif answer == kiosk.WAITS:
        _looks_at_queue(day, number)
    elif answer != kiosk.IS_IN:
        is_turned_away(day, number)


@part
def is_turned_away(day: Day, number: int) -> None:
    """There is no service for the visitor today."""
    _does_next(day, number, day.people[number].turned_away)


@part
def _does_next(day: Day, number: int, step: int) -> None:
    day.next_steps[step] += 1
    if step == TOMORROW:
        _comes_back(day, number, 0)


@part
def _comes_back(day: Day, number: int, with_ticket: int) -> None:
    state = day.state
    if state.back == len(day.back):
        state.full = 1
        return
    day.back[state.back, 0] = number
    day.back[state.back, 1] = with_ticket
    state.back += 1


@part
def _looks_at_queue(day: Day, number: int) -> None:
    state, person = day.state, day.people[number]
    if state.street_people - person.party > person.tolerates:
        leaves_street(day, number, QUEUE_TOO_LONG)
    elif state.now + person.patience < state.street_until:
        until = state.now + person.patience
        arrange(day, until, GIVES_UP, number)


@part
def leaves_street(day: Day, number: int, reason: int) -> None:
    """Too many ahead, or patience at its end."""
    if day.tickets[number].state == ISSUED:
        kiosk.cancel_ticket(day, number, reason)
        is_turned_away(day, number)


@part
def goes_out(day: Day, number: int) -> None:
    """The visit is over: where exits are counted, the visitor walks out and is counted."""
    if day.tickets[number].inside:
        later = day.state.now + day.people[number].walks_out
        arrange(day, later, LEAVES, number)


@part
def is_given_up(day: Day, number: int) -> None:
    """Called in vain: goes out, and may turn up later and ask to be taken back."""
    person = day.people[number]
    goes_out(day, number)
    if person.comes_late:
        later = day.state.now + person.walks_out + person.comes_late_after
        arrange(day, later, RETURNS, number)


@part
def asks_to_be_taken_back(day: Day, number: int) -> None:
    """Turns up after all."""
    if asking.take_back(day, number):
        day.tickets[number].attentive = 1
    else:
        is_turned_away(day, number)


@part
def go_home_with_expired_tickets(day: Day) -> None:
    """Some bring them along on the next day."""
    for number in range(day.state.people):
        if day.tickets[number].state == EXPIRED and day.people[number].comes_back:
            _comes_back(day, number, 1)
