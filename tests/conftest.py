"""A real PostgreSQL for all tests: one server, and a fresh migrated database for each test."""

from __future__ import annotations

import asyncio
import os
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

from queue_service import migrations, store
from queue_service.machine.postgres import EmbeddedPostgres
from tests.folders import server_folder

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

TEMPLATE, FURNISHED = "kezek_template", "kezek_furnished"
_numbers = count(1)


class Furnished(NamedTuple):
    """Name of a database to be copied, and role -> token in it."""

    template: str
    tokens: dict[str, str]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Lets the tests run on another PostgreSQL."""
    parser.addoption("--pg-bin", type=Path, help="folder with another PostgreSQL's programs")
    parser.addoption(
        "--twin-scenarios", type=int, help="so many random scenarios by the compiled twin"
    )


def pytest_configure(config: pytest.Config) -> None:
    """The twin runs interpreted, in the commands too: compiling it takes longer than most tests."""
    if not config.getoption("twin_scenarios"):
        os.environ["NUMBA_DISABLE_JIT"] = "1"


@pytest.fixture(scope="session")
def server(request: pytest.FixtureRequest) -> Iterator[EmbeddedPostgres]:
    """The server of this test run; a test that harms it starts one of its own."""
    with server_folder() as folder, EmbeddedPostgres(folder, _pg_bin(request)) as running:
        yield running


@pytest.fixture
def own_server(request: pytest.FixtureRequest) -> Iterator[EmbeddedPostgres]:
    """A server without a migrated database, which this test may harm."""
    with server_folder() as folder, EmbeddedPostgres(folder, _pg_bin(request)) as running:
        yield running


@pytest.fixture(scope="session")
def template(server: EmbeddedPostgres) -> str:
    """Name of a migrated database, to be copied; nobody connects to it."""
    asyncio.run(_execute(server.url, f"CREATE DATABASE {TEMPLATE}"))
    asyncio.run(migrated(server.url_of(TEMPLATE)))
    return TEMPLATE


@pytest.fixture(scope="session")
def furnished(server: EmbeddedPostgres, template: str) -> Furnished:
    """The database of a test that asks for this has the shipped catalogue and these tokens."""
    from tests.contract.http_client import furnish  # noqa: PLC0415 - half the tests need no service

    asyncio.run(_execute(server.url, f"CREATE DATABASE {FURNISHED} TEMPLATE {template}"))
    return Furnished(FURNISHED, asyncio.run(furnish(server.url_of(FURNISHED))))


@pytest.fixture
def database_url(
    request: pytest.FixtureRequest, server: EmbeddedPostgres, template: str
) -> Iterator[str]:
    """Address of a migrated database that is this test's alone."""
    if "furnished" in request.fixturenames:
        template = request.getfixturevalue("furnished").template
    name = f"test_{next(_numbers)}"
    asyncio.run(_execute(server.url, f"CREATE DATABASE {name} TEMPLATE {template}"))
    yield server.url_of(name)
    asyncio.run(_execute(server.url, f"DROP DATABASE {name} WITH (FORCE)"))


@pytest.fixture
def empty_database_url(server: EmbeddedPostgres) -> Iterator[str]:
    """Address of a database in which no migration has run."""
    name = f"test_{next(_numbers)}"
    asyncio.run(_execute(server.url, f"CREATE DATABASE {name}"))
    yield server.url_of(name)
    asyncio.run(_execute(server.url, f"DROP DATABASE {name} WITH (FORCE)"))


@pytest.fixture
async def pool(database_url: str) -> AsyncIterator[store.Pool]:
    """Connections to this test's database."""
    opened = await store.open_pool(database_url)
    yield opened
    await opened.close()


def _pg_bin(request: pytest.FixtureRequest) -> Path | None:
    chosen: Path | None = request.config.getoption("pg_bin")
    return chosen


async def _execute(url: str, statement: str) -> None:
    connection = await store.connect(url)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


async def migrated(url: str) -> None:
    """Runs all migrations on a database."""
    connection = await store.connect(url)
    try:
        await migrations.migrate(connection)
    finally:
        await connection.close()
