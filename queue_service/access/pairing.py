"""Pairing: a device shows a short code, a manager types it in, and the device has its token.

The device gets its token when it asks for the code; until somebody approves, it opens nothing.
So no token is typed, none is kept in readable form, and a lost answer costs nothing.
"""

from __future__ import annotations

import datetime as dt
import re
import secrets
from typing import TYPE_CHECKING, Final, Literal

import asyncpg
from msgspec import Struct

from queue_service.access import tokens
from queue_service.faults import Fault
from queue_service.sql import blocks

if TYPE_CHECKING:
    from queue_service.store import Pool

_SQL = blocks("sign_in")
ALPHABET: Final = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""Letters and digits that nobody takes for one another."""
CODE_LENGTH: Final = 6
_NEITHER: Final = re.compile(r"[^A-Z0-9]+")
"""What people put between the letters of a code: spaces, dashes of every kind."""
CODE_SECONDS: Final = 600.0
MOST_WAITING: Final = 1000
"""Codes that may wait at the same time: more would help nobody but one who guesses."""
MOST_WAITING_AT_ADDRESS: Final = 100
"""Codes that may wait at one address, so that nobody alone uses up all of them."""
AGAIN_SECONDS: Final = 60
"""When a device that got no code asks again."""


class Begun(Struct, frozen=True):
    """`pairing` asks for the outcome; `token` opens the service once `code` is approved."""

    pairing: str
    code: str
    token: str
    expires_at: dt.datetime


class Outcome(Struct, frozen=True):
    """What became of a device's question."""

    state: Literal["waiting", "approved", "expired"]
    role: str = ""
    branch: str = ""


async def begin(pool: Pool, origin: str) -> Begun:
    """A new code, good for ten minutes; raises Fault `too_many_requests`."""
    await pool.execute(_SQL["forget_expired"])
    everywhere, here = await _waiting(pool, origin)
    if everywhere >= MOST_WAITING or here >= MOST_WAITING_AT_ADDRESS:
        raise Fault("too_many_requests", retry_after=AGAIN_SECONDS)
    pairing, token = secrets.token_urlsafe(16), tokens.new_token()
    while True:
        code = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))
        values = (pairing, code, tokens.digest(token), CODE_SECONDS, origin)
        expires_at = await pool.fetchval(_SQL["begin_pairing"], *values)
        if expires_at is not None:
            return Begun(pairing, code, token, expires_at)


async def _waiting(pool: Pool, origin: str) -> tuple[int, int]:
    """Codes that wait everywhere, and at one address."""
    row = await pool.fetchrow(_SQL["count_waiting"], origin)
    return tuple(row.values()) if row else (0, 0)


async def approve(pool: Pool, code: str, role: str, branch: str, name: str) -> str:
    """Lets the device with the code in; gives its subject, such as kiosk:hall-1.

    Raises Fault `unknown_pairing` for a code that nobody shows or that is over, `name_taken`.
    """
    subject = f"{role}:{name}"
    try:
        found = await pool.fetchval(
            _SQL["approve_pairing"], _NEITHER.sub("", code.upper()), subject, role, branch
        )
    except asyncpg.UniqueViolationError:
        raise Fault("name_taken", field="name") from None
    if found is None:
        raise Fault("unknown_pairing", field="code")
    return subject


async def outcome(pool: Pool, pairing: str) -> Outcome:
    """What became of a pairing; raises Fault `unknown_pairing`."""
    row = await pool.fetchrow(_SQL["see_pairing"], pairing)
    if row is None:
        raise Fault("unknown_pairing")
    if row["subject"] is not None and row["role"] is not None:
        return Outcome("approved", row["role"], row["branch"])
    return Outcome("expired" if row["expired"] else "waiting")
