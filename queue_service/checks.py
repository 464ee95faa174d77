"""`kezek test`: every check of the repository, the quick ones first, until one fails."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import IO, NamedTuple

ROOT = Path(__file__).resolve().parent.parent
PYTHON = sys.executable


PROGRAMS = Path(PYTHON).parent
NPM = (str(PROGRAMS / "npm"), "--prefix", "displays", "--silent")
PYTEST = (PYTHON, "-m", "pytest")
OTHER_TESTS = (*PYTEST, "--ignore=tests/policy")
SIDE_BY_SIDE = ("--numprocesses=3", "--dist=worksteal")
"""These tests mostly wait for processes, databases and browsers: three at a time fill two cores."""
COVERED = ("--cov=queue_service.policy", "--cov-branch")


FOR_TESTS = ("KEZEK_BROWSER_REQUIRED",)
"""Settings of the tests themselves."""
SLOWING = ("PYTHONDONTWRITEBYTECODE",)
"""The tests start a hundred processes: compiled anew in each, the product takes longer to start."""


TESTS_FAILED = 1
"""Exit status of pytest when tests ran and some failed."""


class Check(NamedTuple):
    """A check's name and its commands, each of which follows where the one before succeeds."""

    name: str
    commands: tuple[tuple[str, ...], ...]
    alone: tuple[str, ...] = ()
    """Runs what failed once more, without neighbours for the processor: what fails again counts."""


QUICK = (
    Check("lint", ((PYTHON, "-m", "ruff", "check", "."),)),
    Check("format", ((PYTHON, "-m", "ruff", "format", "--check", "."),)),
    Check("types", ((PYTHON, "-m", "mypy"),)),
    Check("import contracts", ((str(PROGRAMS / "lint-imports"),),)),
    Check(
        "types of the pages",
        ((*NPM, "ci", "--prefer-offline", "--no-audit", "--no-fund"), (*NPM, "run", "types")),
    ),
)
POLICY_TESTS = Check(
    "tests of the policy, which reach every branch of it",
    ((*PYTEST, "tests/policy", *COVERED, "--cov-fail-under=100", "--cov-report=term"),),
)
TESTS = Check("all other tests", ((*OTHER_TESTS, *SIDE_BY_SIDE),), (*OTHER_TESTS, "--last-failed"))


def checks(pytest_arguments: tuple[str, ...]) -> tuple[tuple[Check, ...], ...]:
    """The checks in their order; those of a group run side by side, and say what they say by turns.

    With arguments, only the tests that these choose.
    """
    if pytest_arguments:
        return QUICK, (Check("tests", ((*PYTEST, *pytest_arguments),)),)
    return (*QUICK, POLICY_TESTS), (TESTS,)


def run_checks(pytest_arguments: tuple[str, ...]) -> int:
    """Runs group after group; returns the exit status of the first check that fails, or 0."""
    for group in checks(pytest_arguments):
        status = _run(group[0]) if len(group) == 1 else _run_side_by_side(group)
        if status != 0:
            return status
    return 0


def _run(check: Check) -> int:
    _say(f"== {check.name}")
    status = _first_failure(check, None)
    if status == TESTS_FAILED and check.alone:
        _say(f"== {check.name}: what failed once more, by itself")
        status = _call(check.alone, None)
    return _judged(check, status)


def _run_side_by_side(group: tuple[Check, ...]) -> int:
    with ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
        runs = [(check, pool.submit(_run_quietly, check)) for check in group]
        for check, run in runs:
            _say(f"== {check.name}")
            status, said = run.result()
            _say(said)
            if _judged(check, status) != 0:
                pool.shutdown(wait=False, cancel_futures=True)
                return status
    return 0


def _run_quietly(check: Check) -> tuple[int, str]:
    """Its exit status and what it said."""
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as words:
        status = _first_failure(check, words)
        words.seek(0)
        return status, words.read().rstrip()


def _first_failure(check: Check, words: IO[str] | None) -> int:
    return next(filter(None, (_call(command, words) for command in check.commands)), 0)


def _judged(check: Check, status: int) -> int:
    if status != 0:
        _say(f"== {check.name}: FAILED")
    return status


def _call(command: tuple[str, ...], words: IO[str] | None) -> int:
    return subprocess.call(command, cwd=ROOT, env=_environment(), stdout=words, stderr=words)


def _say(words: str) -> None:
    print(words, flush=True)  # noqa: T201


def _environment() -> dict[str, str]:
    """The tests set what they need: a person's own settings must not leak into them.

    The environment's own programs come first: npm starts the node that was installed with it.
    """
    kept = {name: value for name, value in os.environ.items() if not name.startswith("KEZEK_")}
    needed = {name: os.environ[name] for name in FOR_TESTS if name in os.environ}
    for name in SLOWING:
        kept.pop(name, None)
    return kept | needed | {"PATH": f"{PROGRAMS}{os.pathsep}{os.environ.get('PATH', os.defpath)}"}
