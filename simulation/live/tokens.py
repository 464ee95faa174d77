"""The sign-ins that visitors and staff use: a bearer token for each role."""

from __future__ import annotations

from pathlib import Path

import msgspec

from simulation.live.service import ServiceError


def parse_tokens(text: str | bytes, source: str) -> dict[str, str]:
    """Tokens by role from JSON, bare or as the demo prints them; raises ServiceError for others."""
    try:
        found = msgspec.json.decode(text, type=dict[str, object])
        return msgspec.convert(found.get("tokens", found), dict[str, str])
    except (msgspec.DecodeError, msgspec.ValidationError) as problem:
        raise ServiceError(
            f'{source} has no tokens ({problem}): write JSON such as {{"kiosk": "kzk_..."}}.'
        ) from None


def read_tokens(path: Path) -> dict[str, str]:
    """Tokens by role from a file; raises ServiceError when it cannot be read."""
    try:
        return parse_tokens(path.read_bytes(), str(path))
    except OSError as problem:
        raise ServiceError(f"The file of tokens cannot be read: {problem}.") from None
