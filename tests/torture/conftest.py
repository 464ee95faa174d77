"""Options and fixtures of the torture."""

from __future__ import annotations

import secrets
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from queue_service.machine.postgres import EmbeddedPostgres

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SECONDS = 20.0
"""How long the crowd works in an ordinary test run."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Lets a person torture longer, or again."""
    group = parser.getgroup("torture")
    group.addoption(
        "--torture-seconds", type=float, default=SECONDS, help=f"how long; default {SECONDS:g}"
    )
    group.addoption("--torture-seed", type=int, help="choices of an earlier run; else new ones")


@pytest.fixture
def seed(request: pytest.FixtureRequest) -> int:
    """What every choice of the run follows from, but for the timing of the machine."""
    given: int | None = request.config.getoption("torture_seed")
    return secrets.randbelow(1_000_000) if given is None else given


@pytest.fixture
def seconds(request: pytest.FixtureRequest) -> float:
    """How long the crowd works."""
    return float(request.config.getoption("torture_seconds"))


@pytest.fixture
def say(capsys: pytest.CaptureFixture[str]) -> Callable[[str], None]:
    """Prints a line that a person sees whether the test passes or not."""

    def print_uncaptured(line: str) -> None:
        with capsys.disabled():
            print(line, flush=True)  # noqa: T201

    return print_uncaptured


@pytest.fixture
def folder(request: pytest.FixtureRequest) -> Iterator[Path]:
    """A folder that everybody may pass through; it stays when the test fails."""
    path = Path(tempfile.mkdtemp(prefix="kezek-torture-", dir="/tmp"))
    path.chmod(0o711)
    failed_before = request.session.testsfailed
    yield path
    if request.session.testsfailed == failed_before:
        shutil.rmtree(path, ignore_errors=True)


@pytest.fixture
def own_server(folder: Path, request: pytest.FixtureRequest) -> Iterator[EmbeddedPostgres]:
    """A PostgreSQL that may be killed; it writes to the disk before it says so."""
    pg_bin: Path | None = request.config.getoption("pg_bin")
    with EmbeddedPostgres(folder, pg_bin) as running:
        yield running
