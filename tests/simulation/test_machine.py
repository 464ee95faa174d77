"""What numba has compiled once is loaded without it, and does what the function does."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

KERNEL = """
import sys
from typing import NamedTuple

import numpy as np

from simulation.twin.compiled import compiled, part


class Pair(NamedTuple):
    row: np.ndarray
    grid: np.ndarray


@part
def bounded(value, most):
    if value > most:
        raise ValueError("There is no room for more.")
    return value


@compiled
def add(record, pair, more):
    for place in range(len(pair.row)):
        pair.grid[place, 1] += bounded(pair.row[place] + more, record.most)


record = np.zeros(1, [("table", np.int64, (2,)), ("most", np.int64)]).view(np.recarray)[0]
record["most"] = 12
pair = Pair(np.arange(3), np.ones((3, 2), np.int64))
add(record, pair, 10)
try:
    add(record, pair, 11)
except ValueError as problem:
    print(problem)
try:
    add(record, pair._replace(row=np.arange(3, dtype=np.int16)), 10)
except TypeError as problem:
    print(problem)
print(pair.grid.tolist(), "numba" in sys.modules)
"""


def told(kernel: Path) -> list[str]:
    environment = os.environ | {
        "NUMBA_CACHE_DIR": str(kernel.parent / "kept"),
        "NUMBA_DISABLE_JIT": "0",
        "PYTHONPATH": str(Path.cwd()),
    }
    command = [sys.executable, str(kernel)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return done.stdout.splitlines()


@pytest.fixture
def kernel(tmp_path: Path) -> Path:
    file = tmp_path / "kernel.py"
    file.write_text(KERNEL)
    return file


def test_machine_code_is_kept_and_loaded_without_the_compiler(kernel: Path) -> None:
    for compiles in (True, False):
        problem, other, found = told(kernel)
        assert problem == "There is no room for more."
        assert other.startswith("machine code takes arrays of int64")
        assert found == f"[[1, 22], [1, 24], [1, 13]] {compiles}"


def test_a_few_versions_are_kept(kernel: Path) -> None:
    folder = kernel.parent / "kept"
    for number in range(8):
        (folder / f"{number:024x}").mkdir(parents=True)
        os.utime(folder / f"{number:024x}", (number, number))
    told(kernel)
    left = sorted(int(one.name, 16) for one in folder.iterdir())
    assert left[:4] == [4, 5, 6, 7]
    assert len(left) == 5
