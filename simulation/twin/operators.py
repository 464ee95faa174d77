"""The operators, as `simulation.operators` and `simulation.attendance` have them work.

An operator waits for one thing at a time, for an instant or to be told that somebody waits.
"""

from __future__ import annotations

from queue_service.policy.rules import NEVER
from simulation.twin import asking, guests, hall
from simulation.twin.compiled import part
from simulation.twin.layout import CLOSED, ENDED, NOBODY, SERVED, Day, wide
from simulation.twin.moments import (
    CALLS,
    CALLS_AGAIN,
    FINISHES,
    HOLDS,
    LOOKS_UP,
    OPENS,
    READY,
    SENDS_ON,
    SITS_DOWN,
    STARTS,
    arrange,
    rest,
    wait,
)


@part
def sits_down_next(day: Day, operator: int) -> None:
    """The next spell, if there is one."""
    who = day.operators[operator]
    if who.spell < who.spells:
        spell = day.spells[operator, who.spell]
        who.counter = spell.counter
        wait(day, spell.begins, SITS_DOWN, operator, operator)
    else:
        rest(day, operator)


# --- at the counter or away ----------------------------------------------------------------------


@part
def sits_down(day: Day, operator: int) -> None:
    who = day.operators[operator]
    spell = day.spells[operator, who.spell]
    who.spell += 1
    who.ends = spell.ends
    if spell.ends != NEVER:
        arrange(day, spell.ends, LOOKS_UP, operator)
    works(day, operator)


@part
def looks_up(day: Day, operator: int) -> None:
    """The spell is over."""
    spell = day.spells[operator, day.operators[operator].spell - 1]
    hall.looks_up(day, spell.counter)


@part
def opens(day: Day, operator: int) -> None:
    """Tries again to sit down."""
    _passes_on(day, operator)
    works(day, operator)


@part
def works(day: Day, operator: int) -> None:
    """Calls one after another until there is something to wait for."""
    who = day.operators[operator]
    waits = False
    while not waits:
        if who.serves:
            waits = _serves(day, operator)
        elif day.state.now < who.ends:
            waits = _opens(day, operator)
        else:
            sits_down_next(day, operator)
            waits = True


@part
def _opens(day: Day, operator: int) -> bool:
    who = day.operators[operator]
    if not _day_is_over(day) and asking.open_counter(day, who.counter):
        who.serves = 1
        return False
    hall.rests(day, operator, OPENS)
    return True


@part
def _serves(day: Day, operator: int) -> bool:
    who, state = day.operators[operator], day.state
    if state.now < who.ends and day.in_plan[state.plan, who.counter] and not _day_is_over(day):
        ready = hall.takes_ready(day, who.counter)
        if ready != NOBODY:
            return _goes_on_with(day, operator, ready)
        return _calls(day, operator)
    asking.close_counter(day, who.counter)
    who.serves = 0
    _passes_on(day, operator)
    return False


@part
def _day_is_over(day: Day) -> bool:
    state = day.state
    return bool(state.phase == ENDED or (state.phase == CLOSED and not state.occupancy))


@part
def _passes_on(day: Day, operator: int) -> None:
    who = day.operators[operator]
    service = who.told
    who.told = NOBODY
    if service != NOBODY and hall.is_waited_for(day, service):
        hall.somebody_waits(day, service)


@part
def _calls(day: Day, operator: int) -> bool:
    who = day.operators[operator]
    ticket = asking.call_next(day, who.counter)
    _passes_on(day, operator)
    if ticket != NOBODY:
        _begins(day, operator, ticket)
    elif day.state.other_work:
        duration = day.other_work[who.worked % day.state.other_work]
        who.worked += 1
        _waits(day, operator, CALLS, duration, operator)
    else:
        hall.rests(day, operator, CALLS)
    return True


@part
def _waits(day: Day, operator: int, kind: int, duration: int, number: int) -> None:
    wait(day, day.state.now + duration, kind, number, operator)


@part
def _tidies_up(day: Day, operator: int) -> None:
    tidies = day.habits.tidies
    if tidies:
        _waits(day, operator, CALLS, tidies, operator)
    else:
        works(day, operator)


# --- with a visitor ------------------------------------------------------------------------------


@part
def of(day: Day, ticket: int) -> int:
    """Who has the ticket at the counter."""
    return wide(day.tickets[ticket].operator)


@part
def _takes(day: Day, operator: int, ticket: int) -> None:
    day.operators[operator].ticket = ticket
    day.tickets[ticket].operator = operator


@part
def _begins(day: Day, operator: int, ticket: int) -> None:
    who, person = day.operators[operator], day.people[ticket]
    _takes(day, operator, ticket)
    who.calls = 0
    if person.no_show and not day.tickets[ticket].attentive:
        _waits(day, operator, CALLS_AGAIN, day.habits.waits_for_called, ticket)
    else:
        _comes(day, operator)


@part
def calls_again(day: Day, operator: int) -> None:
    who, habits = day.operators[operator], day.habits
    ticket = who.ticket
    if who.calls < habits.recalls:
        who.calls += 1
        asking.recall(day, ticket, who.counter)
        if day.people[ticket].answers_recall:
            day.tickets[ticket].attentive = 1
            _comes(day, operator)
        else:
            _waits(day, operator, CALLS_AGAIN, habits.waits_for_called, ticket)
        return
    asking.give_up(day, ticket, who.counter)
    guests.is_given_up(day, ticket)
    _tidies_up(day, operator)


@part
def _comes(day: Day, operator: int) -> None:
    ticket = day.operators[operator].ticket
    _waits(day, operator, STARTS, wide(day.people[ticket].walks_to_counter), ticket)


@part
def starts(day: Day, operator: int) -> None:
    who = day.operators[operator]
    ticket, person = who.ticket, day.people[who.ticket]
    asking.start(day, ticket, who.counter)
    if person.sent_on and _service(day, ticket) == person.service:
        _waits(day, operator, SENDS_ON, person.sent_on_after, ticket)
    else:
        _attends(day, operator)


@part
def _service(day: Day, ticket: int) -> int:
    held = day.tickets[ticket]
    return wide(held.services[held.step])


@part
def _work(day: Day, ticket: int, service: int) -> int:
    person = day.people[ticket]
    return int(person.serving if service == person.service else person.second_serving)


@part
def sends_on(day: Day, operator: int) -> None:
    who = day.operators[operator]
    other = wide(day.people[who.ticket].second)
    sent = asking.transfer(day, who.ticket, other, who.counter)
    if sent:
        _tidies_up(day, operator)
    else:
        _attends(day, operator)


@part
def _attends(day: Day, operator: int) -> None:
    ticket = day.operators[operator].ticket
    work = _work(day, ticket, _service(day, ticket))
    if day.people[ticket].held and not day.tickets[ticket].fetched:
        day.tickets[ticket].fetched = 1
        _waits(day, operator, HOLDS, work // 2, ticket)
    else:
        _waits(day, operator, FINISHES, work, ticket)


@part
def holds(day: Day, operator: int) -> None:
    who = day.operators[operator]
    ticket = who.ticket
    asking.hold(day, ticket, who.counter)
    later = day.state.now + day.people[ticket].held_for
    arrange(day, later, READY, ticket)
    _tidies_up(day, operator)


@part
def _goes_on_with(day: Day, operator: int, ticket: int) -> bool:
    """Says whether the operator now waits for the end of the service."""
    who = day.operators[operator]
    _passes_on(day, operator)
    resumed = asking.resume(day, ticket, who.counter)
    if not resumed:
        return False
    _takes(day, operator, ticket)
    work = _work(day, ticket, _service(day, ticket))
    left = day.people[ticket].walks_to_counter + work - work // 2
    _waits(day, operator, FINISHES, left, ticket)
    return True


@part
def finishes(day: Day, operator: int) -> None:
    who = day.operators[operator]
    asking.finish(day, who.ticket, who.counter)
    if day.tickets[who.ticket].state >= SERVED:
        guests.goes_out(day, who.ticket)
    _tidies_up(day, operator)
