"""Bearer tokens: opaque random texts, of which the database keeps only the SHA-256."""

from __future__ import annotations

import asyncio
import re
import secrets
from collections import OrderedDict
from hashlib import sha256
from time import monotonic
from typing import TYPE_CHECKING, Final

import asyncpg
from msgspec import Struct

from queue_service.access.identity import ROLES, Identity
from queue_service.catalogue.content import require_branch
from queue_service.ids import AS_IT_CAME
from queue_service.sql import blocks

if TYPE_CHECKING:
    import datetime as dt

    from queue_service.store import Pool

_SQL = blocks("access")
_NAME: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_LONGEST_NAME: Final = 60
_BOUND_ROLES: Final = frozenset({"manager"})


class TokenError(Exception):
    """A token cannot be made or revoked; the message says why and what to do."""


class TokenRecord(Struct, frozen=True):
    """What is known of a token; the token itself is not."""

    subject: str
    role: str
    branch: str
    created_at: dt.datetime
    revoked_at: dt.datetime | None


async def mint(pool: Pool, role: str, branch: str = "", name: str = "") -> str:
    """A new token of a role, for one branch or (empty) for all; raises TokenError.

    Its subject is `role:name` and stands in the journal, so a name must not be a person's.
    """
    subject = f"{role}:{name or secrets.token_hex(4)}"
    _check(role, branch, subject)
    token = new_token()
    try:
        await pool.execute(_SQL["mint"], digest(token), subject, role, branch)
    except asyncpg.UniqueViolationError:
        raise TokenError(
            f"{subject} has a token already: revoke that one first or choose another name."
        ) from None
    return token


def _check(role: str, branch: str, subject: str) -> None:
    if role not in ROLES:
        raise TokenError(f"{role} is no role: choose one of {', '.join(ROLES)}.")
    name = subject.partition(":")[2]
    if not _NAME.fullmatch(name) or len(name) > _LONGEST_NAME:
        raise TokenError(
            f"{name} is no name: give at most {_LONGEST_NAME} small Latin letters, digits, hyphens."
        )
    if role in _BOUND_ROLES and not branch:
        raise TokenError(f"A {role} has one branch: give its code.")


async def mint_for_known(pool: Pool, role: str, branch: str = "", name: str = "") -> str:
    """As `mint`, and a branch must be one that is loaded; raises UnknownBranchError, TokenError."""
    if branch:
        await require_branch(pool, branch)
    return await mint(pool, role, branch, name)


async def revoke(pool: Pool, subject: str) -> None:
    """Ends the token of a subject such as kiosk:hall-1; raises TokenError when there is none."""
    if not await pool.fetchval(_SQL["revoke"], subject):
        raise TokenError(f"{subject} has no token: see kezek token list.")


async def listed(pool: Pool) -> list[TokenRecord]:
    """Every token ever made, the oldest first."""
    return [TokenRecord(*row.values()) for row in await pool.fetch(_SQL["list"])]


def new_token() -> str:
    """A token that nobody can guess: 256 random bits."""
    return f"kzk_{secrets.token_urlsafe(32)}"


def digest(token: str) -> bytes:
    """The SHA-256 of a token: all that the database knows of it."""
    return sha256(token.encode(errors=AS_IT_CAME)).digest()


class Tokens:
    """Identities behind tokens, kept in memory; a revocation is seen within `fresh_seconds`."""

    def __init__(self, pool: Pool, *, fresh_seconds: float = 2.0, kept: int = 50_000) -> None:
        self._pool = pool
        self._fresh_seconds = fresh_seconds
        self._kept = kept
        self._known: OrderedDict[str, tuple[float, Identity | None]] = OrderedDict()
        self._asked: dict[str, asyncio.Task[Identity | None]] = {}

    def fresh(self, token: str) -> Identity | None:
        """The identity if it has been looked up lately, without waiting."""
        found = self._known.get(token)
        if found is None or found[0] < monotonic():
            return None
        return found[1]

    async def identity(self, token: str) -> Identity | None:
        """Who has the token; None for an unknown or revoked one. Raises what asyncpg raises."""
        found = self._known.get(token)
        if found is not None and found[0] >= monotonic():
            return found[1]
        task = self._asked.get(token)
        if task is None:
            task = self._asked[token] = asyncio.create_task(self._look_up(token))
            task.add_done_callback(lambda _: self._asked.pop(token, None))
        return await asyncio.shield(task)

    async def _look_up(self, token: str) -> Identity | None:
        row = await self._pool.fetchrow(_SQL["find"], digest(token))
        identity = Identity(**dict(row)) if row else None
        self._known[token] = (monotonic() + self._fresh_seconds, identity)
        self._known.move_to_end(token)
        while len(self._known) > self._kept:
            self._known.popitem(last=False)
        return identity
