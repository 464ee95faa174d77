"""Routes about the devices of a branch: which are let in, and sending one away."""

from __future__ import annotations

import datetime as dt
from typing import Final

from babel.dates import format_timedelta

from queue_service.access import devices
from queue_service.http.askers import MANAGERS, READERS
from queue_service.http.call import Call, Reply, Route
from queue_service.http.sign_in import utc
from queue_service.http.ticket_routes import BRANCH
from schemas import wire_access


async def see(call: Call) -> Reply:
    """GET devices."""
    found = await devices.listed(call.parts.pool, call.at.code)
    now = dt.datetime.now(dt.UTC)
    shown = tuple(_shown(call, one, now) for one in found)
    may = call.who.role in MANAGERS
    return Reply(200, wire_access.Devices(devices=shown, actions=("pair",) if may else ()))


async def unpair(call: Call) -> Reply:
    """DELETE a device."""
    await devices.unpair(call.parts.pool, call.at.code, call.params["device"])
    return Reply(204)


def _shown(call: Call, device: devices.DeviceRecord, now: dt.datetime) -> wire_access.PairedDevice:
    seen = device.seen_at
    return wire_access.PairedDevice(
        subject=device.subject,
        role=device.role,
        name=device.subject.partition(":")[2],
        paired_at=utc(device.paired_at),
        paired=_ago(device.paired_at, now, call.language),
        seen_at=utc(seen) if seen else None,
        seen=_ago(seen, now, call.language) if seen else None,
        actions=("unpair",) if call.who.role in MANAGERS else (),
    )


def _ago(moment: dt.datetime, now: dt.datetime, language: str) -> str:
    """How long ago in words; less than a minute is a minute, for a moment is kept no finer."""
    past = max(now - moment, dt.timedelta(minutes=1))
    return format_timedelta(-past, add_direction=True, locale=language)


DEVICES: Final = (
    Route(
        method="GET",
        path=f"{BRANCH}/devices",
        handler=see,
        name="list_devices",
        summary="The devices that are let in, and when each was last heard",
        roles=READERS,
        answers={200: wire_access.Devices},
        tag="access",
    ),
    Route(
        method="DELETE",
        path=f"{BRANCH}/devices/{{device}}",
        handler=unpair,
        name="unpair_device",
        summary="Send a device away: its token opens nothing from now on",
        roles=MANAGERS,
        answers={204: None},
        problems=("unknown_device",),
        repeatable=False,
        tag="access",
    ),
)
