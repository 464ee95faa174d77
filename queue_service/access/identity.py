"""Who asks: roles, and the identity behind a bearer token."""

from __future__ import annotations

from typing import Final, Literal, get_args

from msgspec import Struct

Role = Literal["kiosk", "board", "visitor", "attendant", "operator", "manager", "planner", "admin"]
ROLES: Final[tuple[Role, ...]] = get_args(Role)

ONLY_OWN_TICKETS: Final = frozenset({"kiosk", "board", "visitor"})
"""Roles that see and cancel only the tickets that they took."""


HOLDER_ROLE: Final = "holder"
"""Whoever knows the id of a ticket, which nobody can guess; no token has this role."""


class Identity(Struct, frozen=True):
    """Who asks. `subject` stands in the journal; `branch` is the only one allowed, or empty."""

    subject: str
    role: str
    branch: str = ""

    @property
    def only_own(self) -> bool:
        return self.role in ONLY_OWN_TICKETS


HOLDER: Final = Identity(subject=HOLDER_ROLE, role=HOLDER_ROLE)
