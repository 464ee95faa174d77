"""`./kezek` makes its environment from nothing, once, and says in a sentence what stops it."""

from __future__ import annotations

import os
import re
import shutil
import stat
import subprocess
import sys
import tempfile
import tomllib
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
FOR_HELP = {"click", "colorama", "msgspec", "typing-extensions"}
"""Packages that `kezek --help` imports, and what these need."""
WITH_UV = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))
NEEDED = ("kezek", "requirements.lock", "requirements-dev.lock", "requirements-setup.lock")
OLD_PYTHON = """
import runpy, sys
sys.version_info = (3, 9, 2, "final", 0)
sys.argv = [{kezek!r}, "--help"]
runpy.run_path({kezek!r}, run_name="__main__")
"""
FULL_DISK = """
import collections, shutil
shutil.disk_usage = lambda path: collections.namedtuple("usage", "total used free")(9, 9, 0)
"""
NO_MODULE = "raise ModuleNotFoundError({name!r})\n"
UNREACHABLE = {
    "PIP_CONFIG_FILE": "/dev/null",
    "PIP_INDEX_URL": "http://127.0.0.1:1/simple",
    "PIP_EXTRA_INDEX_URL": "",
    "PIP_FIND_LINKS": "",
    "PIP_NO_CACHE_DIR": "1",
    "UV_DEFAULT_INDEX": "http://127.0.0.1:1/simple",
    "UV_NO_CACHE": "1",
    "UV_HTTP_RETRIES": "0",
}


@pytest.fixture
def clone() -> Iterator[Path]:
    """What a clone has and nothing else, closed to everybody else; it needs few packages."""
    with closed_folder() as folder:
        copy_into(folder)
        needs_few(folder)
        yield folder


@pytest.fixture(scope="module")
def started() -> Iterator[Path]:
    """A clone that was started before and needs few packages: a set-up of seconds."""
    with closed_folder() as folder:
        copy_into(folder)
        needs_few(folder)
        assert start(folder, "--help", PATH=WITH_UV).returncode == 0
        yield folder


def needs_few(clone: Path) -> None:
    lock = clone / "requirements.lock"
    pinned = entries(lock.read_text())
    lock.write_text("".join(each for each in pinned if each.partition("==")[0] in FOR_HELP))


def entries(lock: str) -> list[str]:
    return re.split(r"^(?=[a-z0-9])", lock, flags=re.MULTILINE)


@contextmanager
def closed_folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="kezek-clone-", dir="/tmp"))
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """A clone that was never started."""
    copy_into(tmp_path)
    return tmp_path


def copy_into(folder: Path) -> None:
    for name in NEEDED:
        shutil.copy2(ROOT / name, folder / name)
    for name in ("queue_service", "schemas"):
        leave = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / name, folder / name, ignore=leave)


def start(
    folder: Path, *arguments: str, python: str = sys.executable, **environment: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [python, str(folder / "kezek"), *arguments],
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
        env=os.environ | environment,
        timeout=300,
    )


def only_sentence(done: subprocess.CompletedProcess[str]) -> str:
    """What a failed start says last; nothing but plain lines may stand before it."""
    assert done.returncode == 1, done
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    lines = done.stderr.splitlines()
    assert all(line.startswith("kezek: ") for line in lines), done.stderr
    return lines[-1]


def test_two_first_starts_at_once_both_work_and_the_set_up_is_done_once(clone: Path) -> None:
    command = [sys.executable, str(clone / "kezek"), "--help"]
    both = [
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    results = [process.communicate(timeout=300) for process in both]
    assert [process.returncode for process in both] == [0, 0], results
    assert all("demo" in said for said, _ in results)
    assert sum("first start" in told for _, told in results) == 1
    assert stat.S_IMODE(clone.stat().st_mode) == 0o700


def test_the_next_start_does_nothing_but_start(started: Path) -> None:
    before = (started / ".venv" / "setup.log").stat().st_mtime_ns
    done = start(started, "--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert "KEZEK_DATABASE_URL" in done.stdout
    assert (started / ".venv" / "setup.log").stat().st_mtime_ns == before


def test_a_set_up_that_was_interrupted_or_moved_is_begun_again(started: Path) -> None:
    stamp = started / ".venv" / "kezek-stamp.json"
    stamp.write_text(stamp.read_text().replace(str(started), "/elsewhere"))
    shutil.rmtree(next((started / ".venv" / "lib").glob("python3*/site-packages/click")))
    done = start(started, "--help", PATH=WITH_UV)
    assert done.returncode == 0, done.stderr
    assert "first start" in done.stderr
    assert "demo" in done.stdout


@pytest.mark.parametrize("uv", ["exit 1", "kill -9 $PPID"], ids=["fails", "is-interrupted"])
def test_tools_that_cannot_be_installed_leave_a_product_that_starts(
    started: Path, tmp_path: Path, uv: str
) -> None:
    installer = tmp_path / "uv"
    installer.write_text(f"#!/bin/sh\n{uv}\n")
    installer.chmod(0o755)
    path = os.pathsep.join((str(tmp_path), os.environ["PATH"]))
    assert start(started, "test", "--help", PATH=path, **UNREACHABLE).returncode != 0
    done = start(started, "--help", PATH="/nowhere", **UNREACHABLE)
    assert (done.returncode, done.stderr) == (0, "")


def test_tools_are_put_on_top_and_what_was_left_of_them_half_is_mended(clone: Path) -> None:
    development = clone / "requirements-dev.lock"
    runtime = (clone / "requirements.lock").read_text()
    tools = [one for one in entries(development.read_text()) if one.startswith("iniconfig==")]
    development.write_text("".join((*tools, runtime)))
    assert start(clone, "--help", PATH=WITH_UV).returncode == 0
    stamp = (clone / ".venv" / "kezek-stamp.json").read_text()
    assert start(clone, "test", "--help", PATH=WITH_UV).returncode == 0
    half = next(clone.glob(".venv/lib/*/site-packages/iniconfig/__init__.py"))
    half.unlink()
    (clone / ".venv" / "kezek-stamp.json").write_text(stamp)
    assert start(clone, "test", "--help", PATH=WITH_UV).returncode == 0
    assert half.exists()


def test_other_packages_on_the_path_do_not_get_in(started: Path, tmp_path: Path) -> None:
    (tmp_path / "click.py").write_text(NO_MODULE.format(name="click"))
    assert start(started, "--help", PYTHONPATH=str(tmp_path)).returncode == 0


def test_an_old_python_says_what_is_needed(bare: Path) -> None:
    code = OLD_PYTHON.format(kezek=str(bare / "kezek"))
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"PATH": "/nowhere"},
    )
    assert "Python 3.11 or newer is needed and this is 3.9: install one" in only_sentence(done)


def test_an_old_python_hands_over_to_a_newer_one(started: Path, tmp_path: Path) -> None:
    broken, good = tmp_path / "python3.13", tmp_path / "python3.12"
    broken.write_text("#!/bin/sh\nexit 127\n")
    good.write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n')
    broken.chmod(0o755)
    good.chmod(0o755)
    done = subprocess.run(
        [sys.executable, "-c", OLD_PYTHON.format(kezek=str(started / "kezek"))],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"PATH": str(tmp_path)},
    )
    assert done.returncode == 0, done.stderr
    assert "demo" in done.stdout


def test_no_ensurepip_and_no_pip(bare: Path, tmp_path: Path) -> None:
    shims = tmp_path / "shims"
    shims.mkdir()
    for name in ("ensurepip", "pip"):
        (shims / f"{name}.py").write_text(NO_MODULE.format(name=name))
    sentence = only_sentence(start(bare, "--help", PYTHONPATH=str(shims), PATH="/nowhere"))
    assert "neither ensurepip nor pip" in sentence
    assert "apt install python3-venv" in sentence


def test_no_network(bare: Path) -> None:
    sentence = only_sentence(start(bare, "--help", PATH="/nowhere", **UNREACHABLE))
    assert "The package index cannot be reached: check the network" in sentence


def test_a_full_disk(bare: Path, tmp_path: Path) -> None:
    shims = tmp_path / "shims"
    shims.mkdir()
    (shims / "sitecustomize.py").write_text(FULL_DISK)
    sentence = only_sentence(start(bare, "--help", PYTHONPATH=str(shims)))
    assert re.search(r"disk is full: free about \d+ MB", sentence)


def test_a_folder_that_cannot_be_written_to() -> None:
    folder = Path(tempfile.mkdtemp(prefix="kezek-clone-", dir="/tmp"))
    copy_into(folder)
    folder.chmod(0o555)
    done = subprocess.run(
        ["/usr/bin/env", "python3", str(folder / "kezek"), "--help"],
        capture_output=True,
        text=True,
        check=False,
        user="nobody" if os.geteuid() == 0 else None,
        cwd="/",
        env={"PATH": "/usr/local/bin:/usr/bin:/bin"},
    )
    folder.chmod(0o755)
    shutil.rmtree(folder)
    assert "cannot be written to: copy it to a place of your own" in only_sentence(done)


@pytest.mark.parametrize("name", NEEDED[1:])
def test_locks_have_hashes_and_no_addresses(name: str) -> None:
    text = (ROOT / name).read_text()
    assert "://" not in text
    assert not re.search(r"--(extra-)?index-url|--find-links", text)
    pinned = re.findall(r"^([a-z0-9][\w.-]*)==", text, re.MULTILINE)
    assert text.count("    --hash=sha256:") >= len(pinned) > 0


def test_the_development_lock_holds_every_line_of_the_runtime_lock() -> None:
    runtime = pins("requirements.lock")
    assert runtime <= pins("requirements-dev.lock")


@pytest.mark.parametrize(
    ("name", "groups"), [("requirements.lock", ()), ("requirements-dev.lock", ("dev",))]
)
def test_locks_hold_what_the_project_asks_for(name: str, groups: tuple[str, ...]) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    asked = [*project["dependencies"]]
    for group in groups:
        asked += project["optional-dependencies"][group]
    names = {re.split(r"[<>=!~\[ ;]", each, maxsplit=1)[0] for each in asked}
    assert names <= {pin.partition("==")[0] for pin in pins(name)}


def pins(name: str) -> set[str]:
    return set(re.findall(r"^[a-z0-9][\w.-]*==[^ ]+", (ROOT / name).read_text(), re.MULTILINE))
