"""A process that loads the service: a login, then jobs on standard input; results on the output.

It keeps its connections, its place among the branches and all that it was given from job to job.
"""

from __future__ import annotations

import gc
import sys
import time
from typing import TYPE_CHECKING

import msgspec

from benchmarks.connections import Clients
from benchmarks.jobs import Job, Kind, Login, Result
from benchmarks.works import Desk, Kiosk, Requests

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from benchmarks.connections import Measured, Work


def main() -> None:
    """Works until its input ends."""
    gc.disable()
    lines = sys.stdin.buffer
    login = msgspec.json.decode(lines.readline(), type=Login)
    clients = Clients(login.host, login.ports)
    works = _works(login)
    for line in lines:
        job = msgspec.json.decode(line, type=Job)
        result = _carry_out(job, works[job.kind](job), clients)
        sys.stdout.buffer.write(msgspec.json.encode(result) + b"\n")
        sys.stdout.buffer.flush()


def _works(login: Login) -> dict[Kind, Callable[[Job], Work]]:
    kiosk = Kiosk(Requests(login, login.kiosk))
    desk = Desk(Requests(login, login.operator))
    return {"issue": kiosk.issue, "open": desk.open, "call": desk.call, "release": desk.release}


def _carry_out(job: Job, work: Work, clients: Clients) -> Result:
    before = time.process_time()
    measured = clients.drive(work, job.clients, job.seconds, job.most)
    return _result(measured, time.process_time() - before)


def _result(measured: Measured, cpu: float) -> Result:
    delays = sorted(measured.delays)
    return Result(
        done=len(delays),
        seconds=measured.seconds,
        p50=quantile(delays, 0.5),
        p99=quantile(delays, 0.99),
        longest=quantile(delays, 1.0),
        errors=measured.errors,
        cpu=cpu,
    )


def quantile(delays: Sequence[int], share: float) -> float:
    """Milliseconds that `share` of the sorted nanoseconds do not exceed; 0 for none."""
    if not delays:
        return 0.0
    return delays[min(int(share * len(delays)), len(delays) - 1)] / 1e6


if __name__ == "__main__":
    main()
