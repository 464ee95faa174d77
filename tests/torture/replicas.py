"""Replicas of the real service as child processes that can be killed and started again."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import urllib.request
from typing import TYPE_CHECKING

from queue_service.machine.parent_death import die_with_parent
from queue_service.machine.processes import choose_port

if TYPE_CHECKING:
    from pathlib import Path

    from queue_service.settings import ClockSetting

HOST = "127.0.0.1"
READY_SECONDS = 90.0
POLL_SECONDS = 0.05
CONFLICTS = re.compile(rb"^kezek_conflicts_total(?:\{[^}]*\})? ([0-9.e+]+)$", re.MULTILINE)


class Replica:
    """One process of `kezek serve` on a port that stays the same over all its lives."""

    def __init__(self, name: str, database_url: str, clock: ClockSetting, log: Path) -> None:
        self.name = name
        self.port = choose_port(HOST, 0, 0)
        self.conflicts = 0
        """Appends that lost against another replica, as far as they were seen."""
        self._seen_in_this_life = 0
        self._log = log
        self._environment = {
            **{key: value for key, value in os.environ.items() if not key.startswith("KEZEK_")},
            "KEZEK_DATABASE_URL": database_url,
            "KEZEK_HOST": HOST,
            "KEZEK_PORT": str(self.port),
            "KEZEK_CLOCK": str(clock),
            "KEZEK_SECRET": "torture-torture-torture",
            "KEZEK_REPLICA": name,
            "KEZEK_LOG_LEVEL": "warning",
        }
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}"

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Starts the process and does not wait; call it from the main thread only."""
        self._seen_in_this_life = 0
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "queue_service", "serve"],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=self._environment,
                preexec_fn=die_with_parent(signal.SIGKILL),  # noqa: PLW1509 - two system calls
            )

    def kill(self) -> None:
        """Ends the process without a warning."""
        if self._process:
            self._process.kill()
            self._process.wait()

    def is_ready(self) -> bool:
        """Whether it says that it can serve."""
        return self._get("/readyz") is not None

    def count_conflicts(self) -> None:
        """Looks at what the process has counted since its start."""
        found = CONFLICTS.search(self._get("/metrics") or b"")
        if found:
            count = int(float(found[1]))
            self.conflicts += count - self._seen_in_this_life
            self._seen_in_this_life = count

    def last_words(self) -> str:
        """The end of its log."""
        return self._log.read_text(errors="replace")[-2000:]

    def _get(self, path: str) -> bytes | None:
        try:
            with urllib.request.urlopen(self.url + path, timeout=1) as answer:
                return bytes(answer.read())
        except OSError:
            return None
