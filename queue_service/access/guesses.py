"""Guessing is slow: so many wrong passwords or codes in five minutes, then a wait.

Guesses are counted in PostgreSQL before they are judged, so the limits hold for all replicas
together, through their restarts, and for guesses that come at the same time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from queue_service.faults import Fault
from queue_service.sql import blocks

if TYPE_CHECKING:
    from queue_service.store import Pool

_SQL: Final = blocks("guesses")
WINDOW_SECONDS: Final = 300
MOST_BY_ACCOUNT: Final = 10
MOST_BY_ADDRESS: Final = 100
"""A branch's staff share one address: many of them may mistype in the same morning."""
_MINUTE: Final = 60


class Guesser(Struct, frozen=True):
    """Whose guesses are counted together, and how many wrong ones there may be in the window."""

    subject: str
    most: int


def account(name: str) -> Guesser:
    """Guesses at, or by, one account such as login:aigul or pairing:manager:aigul."""
    return Guesser(name, MOST_BY_ACCOUNT)


def address(origin: str) -> Guesser:
    """Guesses that come from one address."""
    return Guesser(f"address:{origin}", MOST_BY_ADDRESS)


async def count(pool: Pool, *guessers: Guesser) -> None:
    """Counts a guess for each in turn; raises Fault `too_many_guesses` with the seconds to wait.

    Whom an earlier one stops is not counted for the later ones: name the address first, so that
    one address alone cannot keep everybody out.
    """
    for one in guessers:
        row = await pool.fetchrow(_SQL["count_guess"], one.subject, WINDOW_SECONDS)
        if row is not None and row["guesses"] > one.most:
            seconds = max(1, row["seconds"])
            minutes = -(-seconds // _MINUTE)
            raise Fault("too_many_guesses", retry_after=seconds, minutes=minutes)


async def take_back(pool: Pool, *guessers: Guesser) -> None:
    """What was counted was no wrong guess."""
    for one in guessers:
        await pool.execute(_SQL["take_back"], one.subject)


async def forget(pool: Pool) -> None:
    """Erases what no longer counts."""
    await pool.execute(_SQL["forget_guesses"])
