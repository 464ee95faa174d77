"""`kezek replay` without --api: a service of its own on a database that is thrown away."""

from __future__ import annotations

import asyncio
import secrets
import signal
import subprocess
import sys
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import asyncpg
import click
import msgspec

from queue_service.access import tokens
from queue_service.catalogue import content
from queue_service.machine.parent_death import die_with_parent
from queue_service.machine.postgres import EmbeddedPostgres, PostgresError
from queue_service.machine.processes import (
    ProcessError,
    asked_to_stop,
    choose_port,
    http_url,
    service_child,
    wait_until_ready,
)
from queue_service.machine.state_folder import temporary_state_folder
from queue_service.migrations import migrate
from queue_service.store import open_pool
from schemas.catalogue import SHIPPED

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

HOST = "127.0.0.1"
ROLES = ("kiosk", "attendant", "operator", "planner", "admin")
MODULE = "simulation.live.replay"


def run_replay(arguments: Sequence[str]) -> int:
    """Runs the story that `arguments` name; gives the exit status."""
    checked = subprocess.run(_command([*arguments, "--check"]), check=False)
    if checked.returncode:
        return checked.returncode
    try:
        with (
            temporary_state_folder("kezek-replay-") as folder,
            EmbeddedPostgres(folder) as server,
        ):
            return asyncio.run(_replay(server.url, folder, arguments))
    except (ProcessError, PostgresError) as problem:
        raise click.ClickException(str(problem)) from None


async def _replay(database_url: str, folder: Path, arguments: Sequence[str]) -> int:
    async with asked_to_stop() as stop, own_service(database_url, folder) as (api, sign_ins):
        return await _drive(stop, [*arguments, "--api", api, "--tokens", str(sign_ins)])


@asynccontextmanager
async def own_service(
    database_url: str, folder: Path, clock: str = "driven"
) -> AsyncIterator[tuple[str, Path]]:
    """A service on an empty database with the shipped catalogue; its `clock` as in KEZEK_CLOCK.

    Gives its address and the file with a token for each role; what it writes is in `folder`.
    """
    sign_ins = folder / "tokens.json"
    sign_ins.touch(mode=0o600)
    sign_ins.write_bytes(msgspec.json.encode(await _prepare(database_url)))
    address = (HOST, choose_port(HOST, 0, 0))
    secret, log = secrets.token_urlsafe(32), folder / "service.log"
    service = service_child(database_url, address, clock, secret, log)
    await service.start()
    try:
        api = http_url(*address)
        await wait_until_ready(f"{api}/readyz", service)
        yield api, sign_ins
    finally:
        await service.stop()


async def _prepare(database_url: str) -> dict[str, str]:
    """Fills the database with the shipped catalogue; gives a token for each role."""
    await forgo_durability(database_url)
    pool = await open_pool(database_url, most=1, name="kezek replay")
    try:
        async with pool.acquire() as connection:
            await migrate(connection)
        await content.load(pool, SHIPPED)
        return {role: await tokens.mint(pool, role, name="replay") for role in ROLES}
    finally:
        await pool.close()


async def forgo_durability(database_url: str) -> None:
    """For data that are thrown away: nothing needs to reach the disk."""
    connection = await asyncpg.connect(database_url)
    try:
        await connection.execute("ALTER SYSTEM SET fsync = off")
        await connection.execute("SELECT pg_reload_conf()")
    finally:
        await connection.close()


async def _drive(stop: asyncio.Event, arguments: Sequence[str]) -> int:
    """Runs the story; when asked to stop, lets it show the days that are over."""
    story = await asyncio.create_subprocess_exec(
        *_command(arguments), process_group=0, preexec_fn=die_with_parent(signal.SIGTERM)
    )
    asked = asyncio.ensure_future(stop.wait())
    ended = asyncio.ensure_future(story.wait())
    await asyncio.wait({asked, ended}, return_when=asyncio.FIRST_COMPLETED)
    if not ended.done():
        story.terminate()
    asked.cancel()
    return await ended


def _command(arguments: Sequence[str]) -> list[str]:
    return [sys.executable, "-P", "-m", MODULE, *arguments]
