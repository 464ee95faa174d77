"""A demo that runs: what a person, a reader of the README and its start page find."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import stat
from typing import TYPE_CHECKING

import aiohttp
import pytest
import pytest_asyncio

from tests.acceptance.demo_process import ROOT, Demo, ask, only_sentence, running
from tests.folders import server_folder

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.fixture(scope="module")
def state_dir() -> Iterator[Path]:
    with server_folder() as folder:
        yield folder


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def demo(state_dir: Path) -> AsyncIterator[Demo]:
    """One for all: none of these tests ends it or changes what another looks at."""
    async with running(state_dir, "--no-traffic") as ready:
        yield ready


async def test_the_branch_is_open_under_the_emergency(demo: Demo) -> None:
    _, plan = await ask(demo, "plan", "manager")
    values = {each["name"]: each["value"] for each in plan["values"]}
    assert (values["group_size"], values["non_online_only"]) == (10, True)
    assert plan["regimes"] == ["demo-kz-online-first", "demo-zko-groups"]
    status, problem = await ask(demo, "tickets", service="no-criminal-record")
    assert (status, problem["type"]) == (409, "urn:kezek:problem:online-only")


async def test_a_second_demo_on_the_same_data_is_refused(demo: Demo, state_dir: Path) -> None:
    said = await only_sentence("--state-dir", str(state_dir), "--port", "0")
    assert said.startswith(f"Error: Another kezek already uses {state_dir}: stop it")


async def test_sign_ins_are_for_their_owner_only(demo: Demo, state_dir: Path) -> None:
    mode = (state_dir / "sign-ins.json").stat().st_mode
    assert stat.S_IMODE(mode) == 0o600


@pytest.mark.skipif(shutil.which("curl") is None, reason="the examples use curl")
async def test_the_examples_in_the_readme_work(demo: Demo) -> None:
    examples = re.findall(r"^curl (?:.*\\\n)*.*$", (ROOT / "README.md").read_text(), re.MULTILINE)
    assert len(examples) == 2
    for example in examples:
        command = example.replace("http://127.0.0.1:8080", demo.ready["api"])
        environment = {"PATH": os.environ["PATH"], "KIOSK": demo.ready["tokens"]["kiosk"]}
        quiet = command.replace("curl", "curl --fail --silent --show-error")
        shell = await asyncio.create_subprocess_shell(quiet, env=environment)
        assert await shell.wait() == 0


async def test_the_start_page_hands_out_sign_ins_and_no_secret(demo: Demo) -> None:
    async with aiohttp.ClientSession() as session:
        async with session.get(f"{demo.ready['api']}/demo.json") as answer:
            handed = await answer.json()
        assert handed["tokens"] == demo.ready["tokens"]
        assert "secret" not in handed
        signing_in = {"login": "manager", "password": handed["password"]}
        async with session.post(f"{demo.ready['api']}/v1/sign-in", json=signing_in) as answer:
            assert (answer.status, (await answer.json())["branch"]) == (201, handed["branch"])
