"""`kezek replay` with no service to drive: one of its own, on a database that is thrown away."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import click

from queue_service.demo_data import SIGN_INS, open_demo, shipped_catalogue
from queue_service.postgres import EmbeddedPostgres, PostgresError
from queue_service.processes import (
    Child,
    ProcessError,
    asked_to_stop,
    choose_port,
    http_url,
    run_unless,
    service_child,
    wait_until_ready,
)
from queue_service.settings import ClockSetting

if TYPE_CHECKING:
    from collections.abc import Sequence

HOST = "127.0.0.1"
INTERRUPTED = 130


def run_replay(arguments: Sequence[str]) -> int:
    """Runs `simulation.replay` against a service of its own; gives its exit status."""
    state_dir = Path(tempfile.mkdtemp(prefix="kezek-replay-"))
    try:
        with EmbeddedPostgres(state_dir) as server:
            return asyncio.run(_replay(server.url, state_dir, arguments))
    except (PostgresError, ProcessError) as problem:
        raise click.ClickException(str(problem)) from None
    finally:
        shutil.rmtree(state_dir, ignore_errors=True)


async def _replay(database_url: str, state_dir: Path, arguments: Sequence[str]) -> int:
    prepared = await open_demo(database_url, state_dir, shipped_catalogue())
    address = (HOST, choose_port(HOST, 0, 0))
    clock, log = ClockSetting("driven"), state_dir / "service.log"
    service = service_child(database_url, address, clock, prepared.sign_ins.secret, log)
    api = http_url(*address)
    sign_in = ("--api", api, "--tokens", str(state_dir / SIGN_INS))
    driver = Child("replay", ["-m", "simulation.replay", *arguments, *sign_in], {})
    async with asked_to_stop() as stop:
        try:
            await service.start()
            await wait_until_ready(f"{api}/readyz", service)
            await driver.start()
            status = await run_unless(stop, driver.ended())
        finally:
            await driver.stop()
            await service.stop()
    return INTERRUPTED if status is None else status
