"""The product's command line, as a process of its own or in this one."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
Command = Callable[[Sequence[str]], int]


def kezek(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Runs the command to its end."""
    return subprocess.run(
        [sys.executable, "-m", "queue_service", *arguments],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env=os.environ | environment,
    )


def refusal(command: Command, arguments: Sequence[str], capsys: pytest.CaptureFixture[str]) -> str:
    """What a command says on standard error when it ends with a status of 1 or 2.

    It runs in this process: the many ways to be wrong need no process each.
    """
    try:
        status: object = command(arguments)
    except SystemExit as end:
        status = end.code
    assert status in (1, 2)
    return capsys.readouterr().err
