"""The attendant: lets groups in, and has the hall cleaned."""

from __future__ import annotations

from queue_service.policy.commands import ConfirmSanitation, ReleaseGroup
from simulation.floor import Floor
from simulation.moments import Process, Rank, after, until

ATTENDANT = "attendant:door"


def lets_groups_in(floor: Floor, every: int) -> Process:
    """The attendant looks every so many ms until closing, and lets a group in where it is due."""
    yield until(floor.env, floor.plan.opens_at, Rank.DOOR)
    while floor.now < floor.plan.closes_at:
        if floor.plan.group_admission and not floor.plan.release_by_clock:
            floor.ask(ReleaseGroup, ATTENDANT)
        yield after(floor.env, every, Rank.DOOR, 0)


def cleans(floor: Floor, confirms_after: int) -> Process:
    """The hall is empty and cleaned for its time; then the attendant confirms it."""
    clean_until = floor.state.sanitation.clean_until
    yield until(floor.env, clean_until + confirms_after, Rank.CLEANS)
    floor.ask(ConfirmSanitation, ATTENDANT)
