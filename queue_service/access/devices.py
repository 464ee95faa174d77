"""The devices of a branch: which are let in, when each was last heard, and the end of that."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final, get_args

from msgspec import Struct

from queue_service.faults import Fault
from queue_service.sql import blocks
from schemas.wire_access import DeviceRole

if TYPE_CHECKING:
    from queue_service.store import Pool

_SQL = blocks("access")
_ROLES: Final = list(get_args(DeviceRole))


class DeviceRecord(Struct, frozen=True):
    """A device that may ask; `seen_at` is None before it has asked, else right to the minute."""

    subject: str
    role: DeviceRole
    paired_at: dt.datetime
    seen_at: dt.datetime | None


async def listed(pool: Pool, branch: str) -> list[DeviceRecord]:
    """Every device that is let into a branch, by role and name."""
    rows = await pool.fetch(_SQL["list_devices"], branch, _ROLES)
    return [DeviceRecord(*row.values()) for row in rows]


async def unpair(pool: Pool, branch: str, subject: str) -> None:
    """Ends a device's token, forgotten by every replica within seconds; raises Fault."""
    if await pool.fetchval(_SQL["unpair"], branch, _ROLES, subject) is None:
        raise Fault("unknown_device")
