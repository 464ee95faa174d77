"""How soon every board is right again after the gateway or the database was killed.

A board is right when the last frame that it has had is one of a gateway that can read the journal.
The gateway is started again at once, after some calls that it does not hear of; the database when
every board has been told that it is away.
"""

from __future__ import annotations

import asyncio
import os
import signal
import time
from typing import TYPE_CHECKING, Final

from benchmarks.crowd import Report as CrowdReport
from benchmarks.crowd_process import CrowdError, crowd_at
from benchmarks.gateway_report import Outage, Recovered, delays, recovered
from benchmarks.returning import Returned

if TYPE_CHECKING:
    from benchmarks.crowd_process import CrowdProcess
    from benchmarks.gateway_stage import Servers
    from queue_service.machine.postgres import EmbeddedPostgres

LOOK: Final = 0.05
PATIENCE: Final = 60.0
CALLING_SECONDS: Final = 1.0
"""For the calls of which the boards hear late, and for those that show that they hear again."""
MOST_CALLS: Final = 50


async def recoveries(
    server: EmbeddedPostgres, running: Servers, codes: tuple[str, ...], boards: int
) -> tuple[Recovered, ...]:
    """What was found after the end of each of the two."""
    before = set(running.callers.acknowledged)
    module = "benchmarks.returning"
    async with crowd_at(module, running.address, boards, codes) as crowd:
        outages = (
            await _gateway_again(running, crowd, codes),
            await _database_again(server, running, crowd, boards),
        )
        await _call(running, codes)
        await asyncio.sleep(CALLING_SECONDS)
        returned = await crowd.end(Returned)
    made = running.callers.acknowledged.items()
    since = {call: at for call, at in made if call not in before}
    heard = delays(since, CrowdReport(returned.heard, 0), boards, codes)
    return tuple(recovered(outage, returned.doubts, heard) for outage in outages)


async def _gateway_again(running: Servers, crowd: CrowdProcess, codes: tuple[str, ...]) -> Outage:
    killed = time.monotonic_ns()
    os.kill(running.gateway.pid or 0, signal.SIGKILL)
    await running.gateway.ended()
    await _call(running, codes)
    started = time.monotonic_ns()
    await running.gateway.start()
    await _until_in_doubt(crowd, 0)
    return Outage("gateway", killed, started, time.monotonic_ns())


async def _database_again(
    server: EmbeddedPostgres, running: Servers, crowd: CrowdProcess, boards: int
) -> Outage:
    killed = time.monotonic_ns()
    server.kill()
    await _until_in_doubt(crowd, boards)
    started = time.monotonic_ns()
    server.restart()
    await _until_in_doubt(crowd, 0)
    over = time.monotonic_ns()
    await running.until_served()
    return Outage("database", killed, started, over)


async def _call(running: Servers, codes: tuple[str, ...]) -> None:
    some = codes[:MOST_CALLS]
    await running.callers.call(some, len(some) / CALLING_SECONDS, CALLING_SECONDS)


async def _until_in_doubt(crowd: CrowdProcess, boards: int) -> None:
    """Returns when so many boards are in doubt; raises CrowdError when that does not come."""
    found = -1
    try:
        async with asyncio.timeout(PATIENCE):
            while found != boards:
                await asyncio.sleep(LOOK)
                found = await crowd.in_doubt()
    except TimeoutError:
        raise CrowdError(
            f"{found} boards are in doubt after {PATIENCE:g} s, not {boards}."
        ) from None
