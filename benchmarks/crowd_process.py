"""Thousands of boards in a process of their own, as the benchmark sees them."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sys
from typing import TYPE_CHECKING, TypeVar

import msgspec

from queue_service.machine.parent_death import die_with_parent

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

Said = TypeVar("Said")
LONGEST_LINE = 2**30


class CrowdError(Exception):
    """The boards could not be connected; what their process said stands above."""


class CrowdProcess:
    """Boards that are connected; they answer in lines."""

    def __init__(self, input_: asyncio.StreamWriter, output: asyncio.StreamReader) -> None:
        self._input, self._output = input_, output

    async def hear(self) -> bytes:
        """The next line; raises CrowdError when there is none."""
        line = await self._output.readline()
        if not line:
            raise CrowdError("The boards could not be connected: see what is said above.")
        return line

    async def in_doubt(self) -> int:
        """How many boards that come back by themselves are in doubt now."""
        self._input.write(b"\n")
        return int(await self.hear())

    async def end(self, report: type[Said]) -> Said:
        """Hangs up; what the boards have to report."""
        self._input.close()
        return msgspec.json.decode(await self.hear(), type=report)


@contextlib.asynccontextmanager
async def crowd_at(
    module: str, address: str, count: int, codes: tuple[str, ...]
) -> AsyncIterator[CrowdProcess]:
    """A process of `module` with that many boards, all connected."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-m", module, address, str(count), ",".join(codes)),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        limit=LONGEST_LINE,
        process_group=0,
        preexec_fn=die_with_parent(signal.SIGKILL),
    )
    try:
        if process.stdin is None or process.stdout is None:
            raise CrowdError("The process of the boards has no pipes to talk through.")
        crowd = CrowdProcess(process.stdin, process.stdout)
        await crowd.hear()
        yield crowd
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()
