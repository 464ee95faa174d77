"""The attendant: lets groups in, and has the hall cleaned."""

from __future__ import annotations

from collections.abc import Generator

from simpy import Event

from queue_service.policy.commands import ConfirmSanitation, ReleaseGroup
from simulation.floor import Floor
from simulation.moments import Moment, Rank

ATTENDANT = "attendant:door"
Process = Generator[Event, None, None]


def lets_groups_in(floor: Floor, every: int) -> Process:
    """The attendant looks every so many ms until closing, and lets a group in where it is due."""
    yield Moment(floor.env, floor.plan.opens_at, Rank.DOOR)
    while floor.now < floor.plan.closes_at:
        if floor.plan.group_admission and not floor.plan.release_by_clock:
            floor.ask(ReleaseGroup, ATTENDANT)
        yield Moment(floor.env, floor.now + every, Rank.DOOR)


def cleans(floor: Floor, confirms_after: int) -> Process:
    """The hall is empty and cleaned for its time; then the attendant confirms it."""
    clean_until = floor.state.sanitation.clean_until
    yield Moment(floor.env, clean_until + confirms_after, Rank.CLEANS)
    floor.ask(ConfirmSanitation, ATTENDANT)
