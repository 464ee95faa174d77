"""Sanitation on the attendant's word: the hall drains, is cleaned, and somebody confirms it."""

from __future__ import annotations

from queue_service.policy import commands as asked
from queue_service.policy import events as happened
from queue_service.policy import rules
from queue_service.policy.events import Refusal
from queue_service.policy.model import DayPlan, State, pauses_begun

Decision = happened.Events | Refusal


def start(state: State, plan: DayPlan, _command: asked.StartSanitation, now: int) -> Decision:
    """Cleaning begins in an empty hall; before that the hall drains."""
    people = state.occupancy + state.released_people
    if state.sanitation.phase == "cleaning":
        return Refusal("sanitation_under_way", {"until": state.sanitation.clean_until})
    if state.sanitation.phase == "draining":
        if people:
            return Refusal("hall_not_empty", {"people": people})
        return (happened.CleaningStarted(until=now + state.sanitation.cleaning),)
    if people:
        return (_drain(state, plan, now),)
    return (happened.CleaningStarted(until=now + plan.cleaning),)


def confirm(state: State, plan: DayPlan, _command: asked.ConfirmSanitation, now: int) -> Decision:
    """The hall is clean: people may be let in again."""
    if state.sanitation.phase == "draining":
        return Refusal("not_cleaning", {"phase": "draining", "next_at": told_until(state, now)})
    if state.sanitation.phase != "cleaning":
        return Refusal("not_cleaning", {"phase": state.sanitation.phase})
    if now < state.sanitation.clean_until:
        return Refusal("cleaning_too_short", {"next_at": state.sanitation.clean_until})
    next_pause = max(state.next_pause, pauses_begun(plan, now))
    return (happened.CleaningConfirmed(next_pause=next_pause),)


def over_at(state: State, now: int) -> int:
    """Earliest end of the sanitation under way at `now`; `now` when there is none."""
    phase = state.sanitation
    if phase.phase == "draining":
        return max(now, phase.clean_from) + phase.cleaning
    return max(now, phase.clean_until)


def ends_around(state: State, now: int) -> int:
    """Likely end of the sanitation under way: people leave by the time that is set for it."""
    people = state.occupancy + state.released_people
    if state.sanitation.phase == "draining" and people:
        return max(now, state.sanitation.empty_by) + state.sanitation.cleaning
    return over_at(state, now)


def told_until(state: State, now: int) -> int:
    """The end of the sanitation under way as visitors are told it: a whole minute.

    That of a cleaning stays, though it is not confirmed in time.
    """
    cleaning = state.sanitation.phase == "cleaning"
    at = state.sanitation.clean_until if cleaning else ends_around(state, now)
    return -(-at // rules.MINUTE) * rules.MINUTE


def _drain(state: State, plan: DayPlan, now: int) -> happened.DrainStarted:
    """Cleaning begins as soon as the hall is empty; the alarm comes after the usual drain."""
    return happened.DrainStarted(
        clean_from=now,
        empty_by=now + plan.drain,
        cleaning=plan.cleaning,
        next_pause=state.next_pause,
    )
