"""`kezek test`: every check of the repository, the quick ones first, until one fails."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

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


TESTS_FAILED = 1
"""Exit status of pytest when tests ran and some failed."""


class Check(NamedTuple):
    """A check's name and its command."""

    name: str
    command: tuple[str, ...]
    alone: tuple[str, ...] = ()
    """Runs what failed once more, without neighbours for the processor: what fails again counts."""


ALL_TESTS = (
    Check(
        "tests of the policy, which reach every branch of it",
        (*PYTEST, "tests/policy", *COVERED, "--cov-fail-under=100", "--cov-report=term"),
    ),
    Check("all other tests", (*OTHER_TESTS, *SIDE_BY_SIDE), (*OTHER_TESTS, "--last-failed")),
)


def checks(pytest_arguments: tuple[str, ...]) -> tuple[Check, ...]:
    """The checks in their order; with arguments, only the tests that these choose."""
    return (
        Check("lint", (PYTHON, "-m", "ruff", "check", ".")),
        Check("format", (PYTHON, "-m", "ruff", "format", "--check", ".")),
        Check("types", (PYTHON, "-m", "mypy")),
        Check("import contracts", (str(PROGRAMS / "lint-imports"),)),
        Check("what checks the pages", (*NPM, "ci", "--prefer-offline", "--no-audit", "--no-fund")),
        Check("types of the pages", (*NPM, "run", "types")),
        *(_chosen(pytest_arguments) if pytest_arguments else ALL_TESTS),
    )


def _chosen(pytest_arguments: tuple[str, ...]) -> tuple[Check, ...]:
    return (Check("tests", (*PYTEST, *pytest_arguments)),)


def run_checks(pytest_arguments: tuple[str, ...]) -> int:
    """Runs the checks one after another; returns the exit status of the first that fails, or 0."""
    for check in checks(pytest_arguments):
        print(f"== {check.name}", flush=True)  # noqa: T201
        status = _run(check.command)
        if status == TESTS_FAILED and check.alone:
            print(f"== {check.name}: what failed once more, by itself", flush=True)  # noqa: T201
            status = _run(check.alone)
        if status != 0:
            print(f"== {check.name}: FAILED", flush=True)  # noqa: T201
            return status
    return 0


def _run(command: tuple[str, ...]) -> int:
    return subprocess.call(command, cwd=ROOT, env=_environment())


def _environment() -> dict[str, str]:
    """The tests set what they need: a person's own settings must not leak into them.

    The environment's own programs come first: npm starts the node that was installed with it.
    """
    kept = {name: value for name, value in os.environ.items() if not name.startswith("KEZEK_")}
    needed = {name: os.environ[name] for name in FOR_TESTS if name in os.environ}
    return kept | needed | {"PATH": f"{PROGRAMS}{os.pathsep}{os.environ.get('PATH', os.defpath)}"}
