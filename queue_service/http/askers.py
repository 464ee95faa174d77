"""Who may ask for what: sets of roles that several routes share."""

from __future__ import annotations

from typing import Final

from queue_service.access.identity import HOLDER_ROLE, ROLES

PUBLIC: Final[frozenset[str]] = frozenset()
"""Everybody, without a token."""
EVERYBODY: Final[frozenset[str]] = frozenset(ROLES)
HOLDERS: Final = EVERYBODY | {HOLDER_ROLE}
"""Also whoever knows the id of a ticket."""
ADMINS: Final = frozenset({"admin"})
DOOR: Final = ADMINS | {"attendant"}
COUNTERS: Final = ADMINS | {"operator"}
MANAGERS: Final = ADMINS | {"manager"}
AT_THE_DOOR: Final = DOOR | MANAGERS
AT_A_COUNTER: Final = COUNTERS | MANAGERS
PLANNERS: Final = ADMINS | {"planner"}
READERS: Final = MANAGERS | {"planner"}
"""Who reads reports and journals."""
STAFF: Final = READERS | {"attendant", "operator"}
TAKERS: Final = DOOR | {"kiosk", "visitor"}
"""Who takes tickets."""
