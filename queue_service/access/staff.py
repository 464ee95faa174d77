"""Members of staff: who they are, and their signing in and out."""

from __future__ import annotations

import asyncio
import datetime as dt
import re
import secrets
from typing import TYPE_CHECKING, Final

import asyncpg
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from msgspec import Struct

from queue_service.access import tokens
from queue_service.catalogue.content import require_branch
from queue_service.sql import blocks

if TYPE_CHECKING:
    from queue_service.store import Pool

_SQL = blocks("sign_in")
_LOGIN: Final = re.compile(r"[a-z0-9]+(?:[.-][a-z0-9]+)*")
LONGEST_LOGIN: Final = 60
SHORTEST_PASSWORD: Final = 8
LONGEST_PASSWORD: Final = 200
ROLES: Final = ("attendant", "operator", "manager", "planner", "admin")
_COUNTRY_ROLES: Final = frozenset({"planner", "admin"})
_hasher = PasswordHasher()
_NOBODY: Final = _hasher.hash(secrets.token_urlsafe())
"""Verified for an unknown login, which must not be answered sooner than a known one."""


class StaffError(Exception):
    """A member of staff cannot be added or removed; the message says why and what to do."""


class StaffRecord(Struct, frozen=True):
    """What is known of a member of staff; `removed_at` is None while they may sign in."""

    login: str
    role: str
    branch: str
    name: str
    created_at: dt.datetime
    removed_at: dt.datetime | None


class SignedIn(Struct, frozen=True):
    """A session: its token, whose it is, and when it ends by itself."""

    token: str
    subject: str
    role: str
    branch: str
    name: str
    expires_at: dt.datetime


async def add(pool: Pool, login: str, password: str, role: str, branch: str, name: str) -> None:
    """Lets a person sign in; raises StaffError, UnknownBranchError.

    `branch` is empty for planners and administrators, who have the whole country.
    """
    _check(login, password, role, branch)
    if branch:
        await require_branch(pool, branch)
    hashed = await asyncio.to_thread(_hasher.hash, password)
    try:
        await pool.execute(_SQL["add_staff"], login, hashed, role, branch, name or login)
    except asyncpg.UniqueViolationError:
        raise StaffError(f"{login} is taken: choose another login.") from None


def _check(login: str, password: str, role: str, branch: str) -> None:
    if not _LOGIN.fullmatch(login) or len(login) > LONGEST_LOGIN:
        raise StaffError(
            f"{login} is no login: give at most {LONGEST_LOGIN} small Latin letters, digits, "
            "hyphens, dots."
        )
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise StaffError(f"A password has {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters.")
    if role not in ROLES:
        raise StaffError(f"{role} does not sign in: choose one of {', '.join(ROLES)}.")
    if (role in _COUNTRY_ROLES) == bool(branch):
        needs = "has no branch: leave it out" if branch else "has one branch: give its code"
        raise StaffError(f"A member of staff who is {role} {needs}.")


async def listed(pool: Pool) -> list[StaffRecord]:
    """Everybody who may or might sign in, by login."""
    return [StaffRecord(*row.values()) for row in await pool.fetch(_SQL["list_staff"])]


async def remove(pool: Pool, login: str) -> None:
    """Ends a person's sessions and their signing in; raises StaffError for an unknown one."""
    if not await pool.fetchval(_SQL["remove_staff"], login):
        raise StaffError(f"{login} is nobody who may sign in: see kezek staff list.")


async def sign_in(pool: Pool, login: str, password: str, hours: int) -> SignedIn | None:
    """A session of `hours`; None where login and password do not belong together."""
    row = await pool.fetchrow(_SQL["find_staff"], login)
    hashed = row["password"] if row else _NOBODY
    if not await asyncio.to_thread(_fits, hashed, password) or row is None:
        return None
    token = tokens.new_token()
    role, branch = row["role"], row["branch"]
    subject = f"{role}:{login}"
    values = (tokens.digest(token), subject, role, branch, login, hours)
    expires_at = await pool.fetchval(_SQL["sign_in"], *values)
    return SignedIn(token, subject, role, branch, row["name"], expires_at)


async def sign_out(pool: Pool, token: str) -> None:
    """Ends a token; it is forgotten by every replica within seconds."""
    await pool.execute(_SQL["sign_out"], tokens.digest(token))


def _fits(hashed: str, password: str) -> bool:
    try:
        return _hasher.verify(hashed, password)
    except (VerificationError, InvalidHashError):
        return False
