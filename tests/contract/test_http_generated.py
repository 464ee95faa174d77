"""Requests generated from the OpenAPI document, right ones and wrong ones: no answer breaks it."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import urllib.error
import urllib.request
from contextlib import suppress
from itertools import count
from typing import TYPE_CHECKING, Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.openapi import from_dict
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from queue_service import store
from queue_service.http.openapi import document
from queue_service.http.routes import ROUTES
from tests.contract.http_client import BRANCH, mint_all
from tests.contract.http_process import environment, load_catalogue
from tests.ports import free_port

if TYPE_CHECKING:
    from collections.abc import Iterator

    from queue_service.machine.postgres import EmbeddedPostgres

EXAMPLES = 8
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
SCHEMA = from_dict(document(ROUTES))
OPERATIONS = {
    operation.definition.raw["operationId"]: operation
    for operation in (found.ok() for found in SCHEMA.get_all_operations() if isinstance(found, Ok))
    if operation.path not in ("/metrics", "/openapi.json")
}
TOO_LARGE = {"save_scenario", "see_rules_of_scenario", "start_simulation"}
"""A scenario takes minutes to make up; test_http_simulations.py spoils real ones."""
WITH_CONTENT = {route.name for route in ROUTES if route.body or route.query}
"""Only where something is sent can something wrong be sent."""
CASES = [
    *((name, GenerationMode.POSITIVE) for name in sorted({*OPERATIONS} - TOO_LARGE)),
    *((name, GenerationMode.NEGATIVE) for name in sorted(WITH_CONTENT - TOO_LARGE)),
]
_turns = count()


@pytest.fixture(scope="module")
def running(server: EmbeddedPostgres, template: str) -> Iterator[tuple[str, str]]:
    """Address of a service and an admin's token; one database for all the cases."""
    url = asyncio.run(_database(server, template))
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "queue_service", "serve"],
        env=environment(url, port),
        stderr=subprocess.DEVNULL,
    )
    api = f"http://127.0.0.1:{port}"
    try:
        _wait_until_ready(api)
        yield api, asyncio.run(_admin(url))
    finally:
        process.terminate()
        process.wait()


async def _database(server: EmbeddedPostgres, template: str) -> str:
    connection = await store.connect(server.url)
    await connection.execute(f"CREATE DATABASE generated TEMPLATE {template}")
    await connection.close()
    url = server.url_of("generated")
    await load_catalogue(url)
    return url


async def _admin(url: str) -> str:
    async with await store.open_pool(url, most=2) as pool:
        return (await mint_all(pool))["admin"]


def _wait_until_ready(api: str) -> None:
    while True:
        with suppress(urllib.error.URLError), urllib.request.urlopen(f"{api}/readyz") as reply:
            if reply.status == 200:
                return


@pytest.mark.parametrize(("name", "mode"), CASES)
def test_no_answer_breaks_the_document(
    running: tuple[str, str], name: str, mode: GenerationMode
) -> None:
    api, token = running
    operation = OPERATIONS[name]

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def conforms(case: schemathesis.Case[Any]) -> None:
        if "branch" in case.path_parameters and next(_turns) % 4:
            case.path_parameters["branch"] = BRANCH
        headers = {"Authorization": f"Bearer {token}"}
        case.call_and_validate(base_url=api, headers=headers, checks=CHECKS)

    conforms()
