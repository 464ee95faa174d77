"""The embedded PostgreSQL: starts, stops, survives kill -9, refuses what it cannot do."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import stat
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import asyncpg
import pytest

from queue_service.machine.postgres import EmbeddedPostgres, PostgresError
from tests.acceptance.waiting import wait_until
from tests.folders import server_folder

if TYPE_CHECKING:
    from collections.abc import Iterator

HOLD = """
import sys, time
from pathlib import Path
from queue_service.machine.postgres import EmbeddedPostgres
with EmbeddedPostgres(Path(sys.argv[1])) as server:
    print(server.pid, flush=True)
    time.sleep(600)
"""


@pytest.fixture(scope="module")
def prepared() -> Iterator[Path]:
    """One state directory with a database in it, made once: its start is quick afterwards."""
    with server_folder() as folder:
        with EmbeddedPostgres(folder):
            pass
        yield folder


async def ask(url: str, question: str) -> object:
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval(question)
    finally:
        await connection.close()


async def test_durable_settings_and_the_builtin_locale(prepared: Path) -> None:
    with EmbeddedPostgres(prepared) as server:
        for name in ("fsync", "synchronous_commit", "full_page_writes"):
            assert await ask(server.url, f"SHOW {name}") == "on"
        assert await ask(server.url, "SHOW recovery_init_sync_method") == "syncfs"
        assert await ask(server.url, "SELECT upper('қала')") == "ҚАЛА"
        assert await ask(server.url, "SHOW listen_addresses") == ""


async def test_data_survive_a_stop_and_a_kill(prepared: Path) -> None:
    with EmbeddedPostgres(prepared) as server:
        await ask(server.url, "CREATE TABLE kept (n int)")
        await ask(server.url, "INSERT INTO kept VALUES (1)")
        server.kill()
        assert server.pid is None
        server.restart()
        await ask(server.url, "INSERT INTO kept VALUES (2)")
    with EmbeddedPostgres(prepared) as server:
        assert await ask(server.url, "SELECT sum(n) FROM kept") == 3


async def test_a_second_instance_on_the_same_data_is_refused(prepared: Path) -> None:
    with (
        EmbeddedPostgres(prepared),
        pytest.raises(PostgresError, match=r"Another kezek already uses .* --state-dir"),
    ):
        EmbeddedPostgres(prepared).start()


async def test_the_server_ends_when_its_starter_is_killed_and_starts_again(prepared: Path) -> None:
    starter = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", HOLD, str(prepared)), stdout=asyncio.subprocess.PIPE
    )
    assert starter.stdout is not None
    server = int(await starter.stdout.readline())
    starter.kill()
    await starter.wait()
    with EmbeddedPostgres(prepared) as again:
        assert await ask(again.url, "SELECT 1") == 1
    await wait_until(lambda: not is_alive(server), "the first server's end")


def is_alive(pid: int) -> bool:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, 0)
        return True
    return False


def test_an_interrupted_first_start_is_begun_again() -> None:
    with server_folder() as folder:
        unfinished = folder / "postgres" / "data.new"
        unfinished.mkdir(parents=True)
        (unfinished / "PG_VERSION").write_text("18\n")
        with EmbeddedPostgres(folder) as server:
            assert server.pid is not None


def test_too_long_a_path_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(PostgresError, match=r"too long .* --state-dir"):
        EmbeddedPostgres(tmp_path / ("x" * 100)).start()


def test_a_file_in_the_way_is_said_so() -> None:
    # Not in pytest's own folder: its path may be too long for a socket already.
    with (
        tempfile.NamedTemporaryFile(prefix="kezek-", dir="/tmp") as taken,
        pytest.raises(PostgresError, match=r"Not a directory.* --state-dir"),
    ):
        EmbeddedPostgres(Path(taken.name) / "state").start()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root starts the server as another user")
def test_root_is_told_which_folder_is_closed_to_the_server() -> None:
    folder = Path(tempfile.mkdtemp(prefix="kezek-", dir="/tmp"))
    with pytest.raises(PostgresError, match=f"nobody.* may not enter {folder}"):
        EmbeddedPostgres(folder / "state").start()
    shutil.rmtree(folder)


def test_the_mode_of_a_folder_that_is_there_stays_and_a_new_one_is_closed() -> None:
    with server_folder() as folder:
        folder.chmod(0o755)
        for each in (folder, folder / "new"):
            with EmbeddedPostgres(each):
                pass
        assert stat.S_IMODE(folder.stat().st_mode) == 0o755
        assert not stat.S_IMODE((folder / "new").stat().st_mode) & 0o066


@pytest.mark.parametrize("mode", [0o1777, 0o775])
def test_a_folder_that_others_may_write_to_is_refused_and_left_alone(mode: int) -> None:
    with server_folder() as folder:
        folder.chmod(mode)
        with pytest.raises(PostgresError, match=rf"Others may write to {folder}.* --state-dir"):
            EmbeddedPostgres(folder).start()
        assert stat.S_IMODE(folder.stat().st_mode) == mode
        assert not list(folder.iterdir())


def test_wrong_programs_are_named(prepared: Path, tmp_path: Path) -> None:
    with pytest.raises(PostgresError, match=r"no program postgres .* --pg-bin"):
        EmbeddedPostgres(prepared, pg_bin=tmp_path).start()


def test_another_postgresql_of_a_wrong_version_is_refused() -> None:
    folder = Path(tempfile.mkdtemp(prefix="kezek-", dir="/tmp"))
    folder.chmod(0o755)
    postgres = folder / "postgres"
    postgres.write_text("#!/bin/sh\necho 'postgres (PostgreSQL) 14.2'\n")
    postgres.chmod(0o755)
    with pytest.raises(PostgresError, match=r"14\.2.* needs PostgreSQL 15-18"):
        EmbeddedPostgres(folder / "state", pg_bin=folder).start()
    shutil.rmtree(folder)
