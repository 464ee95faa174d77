"""Ids: tickets that nobody can guess, commands that can be repeated without harm."""

from __future__ import annotations

import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from datetime import date, timedelta
from hashlib import blake2b

_EPOCH = date(1970, 1, 1)
_DAY_BYTES = 2
_RANDOM_BYTES = 14
COMMAND_BYTES = 16
AS_IT_CAME = "surrogateescape"
"""How the bytes of a header that are no UTF-8 become bytes again."""


def new_ticket_id(day: date) -> str:
    """22 URL-safe characters: the business date, lest an index be needed, and 112 random bits."""
    number = (day - _EPOCH).days.to_bytes(_DAY_BYTES, "big")
    return urlsafe_b64encode(number + os.urandom(_RANDOM_BYTES))[:-2].decode()


def ticket_date(ticket: str) -> date | None:
    """Business date that a ticket id carries; None for a text that is no ticket id."""
    try:
        raw = urlsafe_b64decode(ticket + "==")
    except (Error, ValueError):
        return None
    if len(raw) != _DAY_BYTES + _RANDOM_BYTES:
        return None
    return _EPOCH + timedelta(days=int.from_bytes(raw[:_DAY_BYTES], "big"))


def new_command_id() -> bytes:
    """16 random bytes: a command that its asker does not repeat."""
    return os.urandom(COMMAND_BYTES)


def command_id(*parts: str) -> bytes:
    """16 bytes that depend on every part and on where it begins."""
    told_apart = "".join([f"{len(part)}:{part}" for part in parts])
    return blake2b(told_apart.encode(errors=AS_IT_CAME), digest_size=COMMAND_BYTES).digest()
