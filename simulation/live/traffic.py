"""`python -m simulation.live.traffic`: visitors and staff, day after day, on the demo's clock.

KEZEK_API is the address of the service, KEZEK_TOKENS a JSON object with a token for each role.
Every branch in which the tokens may work has its visitors.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys

import aiohttp
import msgspec
import uvloop

from schemas.wire import Board
from schemas.wire_plan import Branches
from simulation.live.branch_day import Branch, BranchDay, known_branch
from simulation.live.clock import LivePace
from simulation.live.demand import MINUTE, Calendar, Visitor, traffic_day
from simulation.live.scenario import Traffic, load_traffic
from simulation.live.service import Service, ServiceError
from simulation.live.timeline import Timeline
from simulation.live.tokens import parse_tokens

_PATIENCE_SECONDS = 600.0
_FIRST_MINUTE = 8 * 60 + 15
_LATE_VISITS = 60
_LATE_WITHIN = 10 * MINUTE


def main() -> int:
    """Runs until it is stopped; gives the exit status."""
    try:
        tokens = parse_tokens(os.environ.get("KEZEK_TOKENS", ""), "KEZEK_TOKENS")
        uvloop.run(_until_stopped(_address(), tokens))
    except ServiceError as problem:
        sys.stderr.write(f"{problem}\n")
        return 1
    return 0


def _address() -> str:
    api = os.environ.get("KEZEK_API", "")
    if not api:
        raise ServiceError("KEZEK_API is not set: give the address of the service, http://...")
    return api


async def _until_stopped(api: str, tokens: dict[str, str]) -> None:
    async with aiohttp.ClientSession() as session:
        service = Service(session, api, tokens, patience=_PATIENCE_SECONDS)
        task = asyncio.ensure_future(_everywhere(service, load_traffic()))
        for each in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(each, task.cancel)
        await asyncio.wait({task})
        if not task.cancelled():
            task.result()


async def _everywhere(service: Service, traffic: Traffic) -> None:
    pace = LivePace(service)
    await pace.start()
    branches = await _branches(service)
    await asyncio.gather(*(_live_in(branch, service, traffic, pace) for branch in branches))


async def _branches(service: Service) -> list[Branch]:
    """The branches in which the tokens may work."""
    found = []
    for branch in (await service.get("planner", "/v1/branches", Branches)).branches:
        with contextlib.suppress(ServiceError):
            await service.get("attendant", f"/v1/branches/{branch.code}/board", Board)
            found.append(await known_branch(service, branch.code))
    if not found:
        raise ServiceError("The attendant token is for no branch: look at KEZEK_TOKENS.")
    return found


async def _live_in(branch: Branch, service: Service, traffic: Traffic, pace: LivePace) -> None:
    timeline = Timeline(pace, await pace.now())
    while True:
        now = await pace.now()
        calendar = Calendar.of(now, branch.time_zone)
        today = BranchDay(branch, calendar, service, timeline, traffic)
        drawn = traffic_day(traffic, calendar, branch.code)
        hours, _ = await today.begin(_not_before(now, drawn))
        await timeline.run(hours.ends_at)
        timeline.clear()
        await pace.reach(calendar.tomorrow.at(_FIRST_MINUTE))


def _not_before(now: int, visitors: list[Visitor]) -> list[Visitor]:
    """Those still to come; the last of those who would be there already come within minutes."""
    late = [visitor for visitor in visitors if visitor.arrives_at < now][-_LATE_VISITS:]
    step = _LATE_WITHIN // _LATE_VISITS
    soon = [
        msgspec.structs.replace(visitor, arrives_at=now + place * step)
        for place, visitor in enumerate(late)
    ]
    return soon + [visitor for visitor in visitors if visitor.arrives_at >= now]


if __name__ == "__main__":
    sys.exit(main())
